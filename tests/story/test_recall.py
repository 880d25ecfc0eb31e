"""A record is called back: from the partner who got it, from the one to whom that partner handed it on, and from all
that rests on it. It does not come back by another way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agreements.parts import source
from entente.cli.staging import build
from entente.node.erasing import erase
from entente.node.keeping import keep
from entente.node.recall_taking import GIVEN, TAKEN
from entente.node.recalling import CallBack, NobodyHoldsIt, RecalledAlready, UnknownRecallReason, give, recalls
from entente.node.verifying import verify_store
from entente.signing import parse
from story.notices_given import Hands
from story.test_on_behalf import ABROAD, BUREAU, GIVES, HOME, ONWARD, PARTIES, PASSES_ON, PROVINCE, plain_sample
from story.world import World, tell_address, world_of

HOMES = [party.split(".")[1] for party in PARTIES]
CANARY = "E-17-canary"
WRONG = CallBack(reason="wrong", who="releasing")


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nodes; the province's sample has gone to the bureau, and from there abroad."""
    folder = tmp_path_factory.mktemp("recall")
    build(folder / "stage", PARTIES, ())
    with world_of(folder / "stage", folder / "staged", HOMES) as made:
        made.agree(source(HOME, GIVES), PROVINCE, BUREAU)
        made.agree(source(ONWARD, PASSES_ON), PROVINCE, BUREAU, ABROAD)
        with made.nodes[PROVINCE].writing() as work:
            keep(made.nodes[PROVINCE], work, [plain_sample(made, PROVINCE, number=CANARY)])
        made.settle()
        assert CANARY.encode() in made.database(ABROAD)
    return folder / "staged"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(staged: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", HOMES, clock) as found:
        yield found


def the_record(world: World) -> str:
    return plain_sample(world, PROVINCE).id


def called_back(world: World, party: str, direction: str) -> list[dict[str, Any]]:
    return [one.to_json() for one in recalls(world.nodes[party], direction)]


def test_a_recall_reaches_everybody_and_nothing_of_it_is_left(world: World) -> None:
    give(world.nodes[PROVINCE], the_record(world), WRONG)
    world.settle()
    (told,) = called_back(world, PROVINCE, GIVEN)
    assert (told["partner"], told["state"], told["is_overdue"]) == (BUREAU, "done", False)
    assert [(one["party"], one["state"]) for one in told["receipt"]["onward"]] == [(ABROAD, "done")]
    assert told["receipt"]["deed"] == "erased"
    assert told["receipt"]["remains"] == ["ledger-leaves", "backups"]
    for party in (BUREAU, ABROAD):
        assert CANARY.encode() not in world.database(party), party
        assert world.run(party, "records", "list", "--why", "look", "--json").json == []
        assert verify_store(world.nodes[party]).is_intact
    assert CANARY.encode() in world.database(PROVINCE)  # its own record is its own


def test_what_was_called_back_is_refused_when_it_comes_again(world: World) -> None:
    node = world.nodes[PROVINCE]
    give(node, the_record(world), replace(WRONG, partner=BUREAU))
    world.settle()
    with node.writing() as work:  # as an older program would: it forgets what it called back
        (row,) = work.tx.recalls(GIVEN)
        work.tx.put_recall(replace(row, state="refused"))
        keep(node, work, [plain_sample(world, PROVINCE, number="E-18")])
    world.settle()
    with world.nodes[BUREAU].store.reading() as tx:
        assert [(row.state, row.reason) for row in tx.inbox(PROVINCE)][-1] == ("refused", "recalled")
        assert tx.current_records(own=False) == []


def test_a_newer_version_goes_no_more_by_itself_to_whom_it_was_called_back_from(world: World) -> None:
    node = world.nodes[PROVINCE]
    give(node, the_record(world), WRONG)
    world.settle()
    with node.store.reading() as tx:
        before = tx.position(BUREAU).sent_seq
    with node.writing() as work:
        keep(node, work, [plain_sample(world, PROVINCE, number="E-18")])
    world.settle()
    with node.store.reading() as tx:
        assert tx.position(BUREAU).sent_seq == before


def test_who_does_not_answer_is_overdue_and_whoever_stands_behind_too(world: World, clock: Hands) -> None:
    tell_address(world.nodes[BUREAU], ABROAD, "http://127.0.0.1:9")
    give(world.nodes[PROVINCE], the_record(world), WRONG)
    for _ in range(2):
        world.deliver(PROVINCE)
        world.deliver(BUREAU)
    (told,) = called_back(world, PROVINCE, GIVEN)
    assert (told["state"], told["is_overdue"]) == ("partly", False)
    clock.now = datetime.now(UTC) + timedelta(days=10)
    (told,) = called_back(world, PROVINCE, GIVEN)
    assert (told["is_overdue"], told["overdue_holders"]) == (True, [ABROAD])
    assert recalls(world.nodes[PROVINCE], is_overdue=True)
    tell_address(world.nodes[BUREAU], ABROAD, world.nodes[ABROAD].config.url)
    world.settle()
    (told,) = called_back(world, PROVINCE, GIVEN)
    assert (told["state"], told["overdue_holders"]) == ("done", [])


def test_to_mark_is_to_keep_it_and_use_it_for_nothing(world: World) -> None:
    give(world.nodes[PROVINCE], the_record(world), replace(WRONG, wanted="mark"))
    world.settle()
    for party in (BUREAU, ABROAD):
        with world.nodes[party].store.reading() as tx:
            (row,) = tx.current_records(own=False)
            assert row.handling is not None
            assert parse(row.handling)["purposes"] == []
        assert called_back(world, party, TAKEN)[0]["receipt"]["deed"] == "marked"


def test_nobody_calls_back_what_somebody_else_gave(world: World) -> None:
    """The bureau's recall takes back what it gave abroad, and nothing at the province, which gave it."""
    give(world.nodes[BUREAU], the_record(world), WRONG)
    world.settle()
    assert CANARY.encode() not in world.database(ABROAD)
    assert CANARY.encode() in world.database(PROVINCE)
    assert CANARY.encode() in world.database(BUREAU)


def test_what_waits_here_never_leaves(world: World) -> None:
    node = world.nodes[PROVINCE]
    second = replace(plain_sample(world, PROVINCE, number="E-19-second"), id="7" * 32)
    with node.writing() as work:
        keep(node, work, [second])
    assert give(node, second.id, WRONG) == []
    world.settle()
    assert b"E-19-second" not in world.database(BUREAU)


def test_what_cannot_be_called_back_is_said(world: World) -> None:
    node = world.nodes[PROVINCE]
    with pytest.raises(UnknownRecallReason, match="Use one of: wrong"):
        give(node, the_record(world), replace(WRONG, reason="because"))
    with pytest.raises(NobodyHoldsIt):
        give(node, the_record(world), replace(WRONG, partner=ABROAD))
    give(node, the_record(world), WRONG)
    with pytest.raises(RecalledAlready):
        give(node, the_record(world), WRONG)


def test_a_record_is_erased_once_with_all_that_carried_it(world: World) -> None:
    node, name = world.nodes[BUREAU], the_record(world)
    with node.writing() as work:
        done = erase(node, work, name, why="its time is over")
    assert (done.versions, done.messages) == (1, 2)  # it came in one and went on in one
    with node.writing() as work:
        assert erase(node, work, name, why="again").versions == 0
    assert CANARY.encode() not in world.database(BUREAU)
    with node.store.reading() as tx:
        assert len([one for one in tx.entries_about(name) if one.type == "erased"]) == 1
        assert tx.recalled() == []


def test_a_file_that_says_what_was_called_back_waits_and_nothing_of_the_row_is_kept(world: World) -> None:
    give(world.nodes[PROVINCE], the_record(world), WRONG)
    world.settle()
    head = "number,seized_on,received_on,substance_suspected\n"
    rows = f"{head}{CANARY},2026-03-10,2026-03-12,fentanyl\nE-20,2026-03-10,2026-03-12,fentanyl\n"
    done = world.import_file(BUREAU, "samples.csv", rows.encode())
    node = world.nodes[BUREAU]
    with node.store.reading() as tx:
        (bad,) = tx.quarantined()
        assert (bad.code, bad.row, bad.value) == ("recalled", "", "")
        assert [parse(row.body)["values"]["number"] for row in tx.current_records(own=True)] == ["E-20"], done
    assert CANARY.encode() not in world.database(BUREAU)


def test_what_we_said_before_is_still_imported_when_a_partner_calls_back_the_same(world: World) -> None:
    """Two agencies hold the same sample; one of them calls back what it told the other."""
    head = "number,seized_on,received_on,substance_suspected,colour\n"
    first = f"{head}{CANARY},2026-03-10,2026-03-12,fentanyl,white\n"
    world.import_file(BUREAU, "first.csv", first.encode())
    give(world.nodes[PROVINCE], the_record(world), WRONG)
    world.settle()
    world.import_file(BUREAU, "second.csv", first.replace("white", "grey").encode())
    with world.nodes[BUREAU].store.reading() as tx:
        assert tx.quarantined() == []
        assert [parse(row.body)["values"]["colour"] for row in tx.current_records(own=True)] == ["grey"]
