"""What was decided years ago is derived again, bit for bit, and whoever changed a part of it since is found."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entente.cli import house
from entente.node.agreeing import keep_agreement, sign
from entente.node.judging_again import JudgedEntry, judge_entry, judge_record
from entente.node.work import Node, open_node
from entente.records import Catalogue
from entente.signing import canonical, digest, parse
from story.notices_given import EVENING, HOMES, Hands, stage_notices
from story.test_suspending import NEXT, V1, V2, tell
from story.world import CBP, CBSA, World, world_of


class Ticking(Hands):
    """A clock that goes on by itself, as clocks do."""

    def __call__(self) -> datetime:
        assert self.now is not None
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CBSA has told the others of two findings, one evening."""
    folder = tmp_path_factory.mktemp("agreed")
    stage_notices(folder)
    with world_of(folder / "signed", folder / "told", HOMES, Ticking(EVENING)) as world:
        tell(world, CBSA, "1")
        world.settle()
    return folder / "told"


@pytest.fixture
def clock() -> Hands:
    return Ticking(EVENING + timedelta(minutes=1))


@pytest.fixture
def world(told: Path, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world_of(told, tmp_path / "world", HOMES, clock) as world:
        monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
        yield world


def outcomes(node: Node, record: str = "1" * 32) -> list[tuple[str, list[str]]]:
    return [(one.again.outcome, [why.code for why in one.again.why]) for one in judge_record(node, record)]


def entries(node: Node, type_: str) -> list[JudgedEntry]:
    """All entries of one type, judged."""
    with node.store.reading() as tx:
        rows = [row.index for row in tx.entries(0, 10_000) if row.type == type_]
    return [judge_entry(node, index) for index in rows]


def sql(world: World, command: str, *values: object) -> None:
    """What somebody does who can write to CBSA's database file."""
    with closing(sqlite3.connect(world.home(CBSA) / "node.sqlite")) as connection, connection:
        assert connection.execute(command, values).rowcount


SAME: Any = ("same", [])


def test_years_and_a_new_version_later_it_is_the_same_to_the_last_byte(world: World, clock: Hands) -> None:
    node = world.nodes[CBSA]
    with node.store.reading() as tx:
        masks = {row.mask for row in tx.decisions("1" * 32)}
    for one in world.nodes.values():
        with one.writing() as work:
            keep_agreement(work, one.agreement(V2, NEXT))
    for officer in (f"{party}/liaison-{number}" for party in (CBP, CBSA) for number in (1, 2)):
        sign(world.nodes[officer.partition("/")[0]], V2, officer, world.key_of(officer))
    clock.now = EVENING + timedelta(days=900)
    tell(world, CBSA, "2")
    world.settle()
    clock.now = EVENING + timedelta(days=9000)
    assert outcomes(node) == [SAME, SAME]
    assert {one.mask for one in judge_record(node, "1" * 32)} == masks
    assert outcomes(node, "2" * 32) == [SAME, SAME]
    under = {parse(_explanation(node, one.mask))["agreement"] for one in judge_record(node, "2" * 32)}
    assert under == {V1, V2}
    for type_ in ("decided", "disclosed"):
        judged = entries(node, type_)
        assert {one.again.outcome for found_ in judged for one in found_.decisions} == {"same"}
        assert len(judged) >= 6


def _explanation(node: Node, mask: str) -> bytes:
    with node.store.reading() as tx:
        row = tx.explanation(mask)
    assert row is not None
    return row.body


def test_a_longer_word_list_is_named_and_a_list_that_was_not_read_changes_nothing(world: World) -> None:
    node = world.nodes[CBSA]
    words = node.catalogue.vocabulary
    name, listed = next(iter(words.dated.items()))
    longer = replace(words, dated={**words.dated, name: replace(listed, digest=digest(b"longer"))})
    assert outcomes(replace(node, catalogue=Catalogue(node.catalogue.kinds, longer))) == [SAME, SAME]


def test_who_changes_what_is_kept_is_found(world: World) -> None:
    node = world.nodes[CBSA]
    (before, _) = judge_record(node, "1" * 32)
    body = parse(_explanation(node, before.mask))
    body["fields"] = body["fields"][1:]
    sql(world, "UPDATE explanation SET body = ? WHERE mask = ?", canonical(body), before.mask)
    assert outcomes(node)[0] == ("differs", ["explanation-changed"])
    shown = world.run(CBSA, "ledger", "again", "--record", "1" * 32)
    assert (shown.code, "is not the one that the ledger names" in shown.out) == (1, True)
    assert [one.is_different for one in entries(node, "decided")].count(True) == 2  # the two findings share it


def test_an_explanation_put_in_the_place_of_another_is_found(world: World) -> None:
    """Both are honest bytes with their own digest; the ledger names only one of them for this decision."""
    node = world.nodes[CBSA]
    (first, second) = judge_record(node, "1" * 32)
    forged = canonical({**parse(_explanation(node, first.mask)), "outcome": "wait"})
    sql(world, "INSERT INTO explanation (mask, body) VALUES (?, ?)", digest(forged), forged)
    sql(world, "UPDATE decision SET mask = ? WHERE partner = ?", digest(forged), first.partner)
    assert outcomes(node)[0] == ("differs", ["explanation-changed"])
    sql(world, "UPDATE decision SET mask = ? WHERE partner = ?", second.mask, first.partner)
    assert outcomes(node)[0] == ("differs", ["records-changed"])


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (
            "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 'subject 1', 'subject 9') AS BLOB)",
            "record-changed",
        ),
        ("UPDATE agreement SET source = CAST(source || ' ' AS BLOB)", "text-changed"),
    ],
)
def test_a_changed_record_or_text_is_found(world: World, command: str, code: str) -> None:
    sql(world, command)
    assert outcomes(world.nodes[CBSA]) == [("differs", [code])] * 2


def test_a_record_whose_digest_was_changed_with_it_is_found_by_the_ledger(world: World) -> None:
    node = world.nodes[CBSA]
    with node.store.reading() as tx:
        row = tx.record("1" * 32)
    assert row is not None
    body = row.body.replace(b"subject 1", b"subject 9")
    sql(world, "UPDATE record SET body = ?, digest = ? WHERE id = ?", body, digest(body), row.id)
    assert outcomes(node) == [("differs", ["record-changed"])] * 2


def test_facts_that_were_changed_beside_an_entry_are_found(world: World) -> None:
    node = world.nodes[CBSA]
    sql(world, "UPDATE entry SET subject = ? WHERE type = 'decided'", "sha256:other")
    for judged in entries(node, "decided"):
        assert (judged.entry.outcome, [why.code for why in judged.entry.why]) == ("differs", ["entry-changed"])
        assert judged.is_different


def test_what_was_erased_is_said_and_still_verifies(world: World) -> None:
    node = world.nodes[CBSA]
    with node.writing() as work:
        work.tx.erase_record("1" * 32)
    assert outcomes(node) == [("cannot", ["record-gone"])] * 2
    shown = world.run(CBSA, "ledger", "again", "--record", "1" * 32)
    assert shown.code == 0
    assert "What was decided still verifies against the ledger." in shown.out
    assert "was erased here" in shown.out


def test_the_command_takes_an_entry_or_a_record_and_says_what_it_found(world: World) -> None:
    node = world.nodes[CBSA]
    index = entries(node, "decided")[-1].index
    shown = world.run(CBSA, "ledger", "again", index)
    assert (shown.code, shown.err) == (0, "")
    assert "Derived again: the same, to the last byte." in shown.out
    (one,) = world.run(CBSA, "ledger", "again", index, "--json").json
    assert (one["again"], one["why"], one["outcome"]) == ("same", [], "release")
    assert world.run(CBSA, "ledger", "again", 0).code == 3
    assert world.run(CBSA, "ledger", "again", 999_999).code == 3
    assert world.run(CBSA, "ledger", "again", "--record", "nothing").code == 3
    assert world.run(CBSA, "ledger", "again").code == 2


def test_an_entry_about_one_record_is_about_no_other(world: World) -> None:
    node = world.nodes[CBSA]
    assert not any(one.is_different for one in entries(node, "decided"))
    sql(world, "DELETE FROM decision WHERE record_id = ?", "1" * 32)
    assert not any(one.is_different for one in entries(node, "decided")), "decided anew, for all we know"
    sql(world, "UPDATE decision SET record_id = ?", "1" * 32)
    judged = [one.entry for one in entries(node, "decided") if one.is_different]
    assert [[why.code for why in one.why] for one in judged] == [["records-changed"]] * 2
