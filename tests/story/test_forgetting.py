"""A question between partners is erased at both ends when its days are over, also from messages and old archives; and
a restored node does not believe without end how much it has forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from entente.cli import house
from entente.exchange import Refusal, StreamItem, answer_to, read_view, refusal_bytes
from entente.node import taking_over
from entente.node.calling import Caller
from entente.node.comparing import _due
from entente.node.forgetting import forget, forget_by_itself, past_questions
from entente.node.outgoing import Outgoing
from entente.node.restored import made_at_of, mark_restored
from entente.node.retention import OFF, ON, end_hold, put_hold, switch
from entente.node.taking_over import TooManyForgotten, take_over
from entente.node.work import open_node
from entente.store import ComparisonRow
from story.asking_given import HOMES, MORNING, OPENLY, answer_all, asked, sample, stage_asking
from story.notices_given import Hands
from story.test_backup import backup, restore
from story.world import CBP, CBSA, World, entente, world_of

OFFICER = f"{CBSA}/liaison-1"
VALUE, WHY, NOTE, OPEN_WHY = "S-CANARY-VALUE", "CANARY WHY", "CANARY NOTE", "CANARY OPEN"
NINETY = timedelta(days=90)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forgetting")
    stage_asking(folder, OPENLY)
    return folder / "signed"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world_of(signed, tmp_path / "world", HOMES, clock) as world:
        clock.now = MORNING
        monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
        yield world


def pass_days(clock: Hands, time: timedelta) -> None:
    assert clock.now is not None
    clock.now += time


def asked_and_refused(world: World, clock: Hands) -> str:
    """A query that found nothing and a request that was refused with a note are settled; another request is open. The
    id of the query."""
    about = asked(world, "query", VALUE, "--why", WHY)
    refused = asked(world, "request", VALUE, "--why", WHY)
    asked(world, "request", "S-2", "--why", OPEN_WHY)
    answer_all(world, clock)
    said = ("--reason", "not-available", "--note", NOTE, "--who", OFFICER)
    assert world.run(CBSA, "ask", "refuse", refused, *said).code == 0
    world.settle()
    return about


def canaries(world: World, party: str) -> list[str]:
    """Which of them stand in the files of the node's database."""
    data = world.database(party)
    return [one for one in (VALUE, WHY, NOTE, OPEN_WHY) if one.encode() in data]


def test_what_was_asked_is_gone_from_both_ends_after_its_days_and_what_is_open_stays(
    world: World, clock: Hands
) -> None:
    about = asked_and_refused(world, clock)
    archive = backup(world, CBSA)
    pass_days(clock, NINETY - timedelta(hours=1))
    for party in (CBP, CBSA):
        switch(world.nodes[party], ON, OFFICER)
        assert forget_by_itself(world.nodes[party]) == 0
        assert canaries(world, party) == [VALUE, WHY, NOTE, OPEN_WHY]
    pass_days(clock, timedelta(hours=2))
    switch(world.nodes[CBP], OFF, OFFICER)
    assert (forget_by_itself(world.nodes[CBP]), past_questions(world.nodes[CBP])) == (0, 2)
    switch(world.nodes[CBP], ON, OFFICER)
    for party in (CBP, CBSA):
        assert (forget_by_itself(world.nodes[party]), forget_by_itself(world.nodes[party])) == (2, 0)
        assert canaries(world, party) == [OPEN_WHY]
        (entry,) = world.entries(party, "questions-erased")
        assert (entry["questions"], entry["messages"]) == (2, 4)
        shown = world.run(party, "ask", "show", about, "--why", "my desk", "--json").json
        assert (shown["is_erased"], shown["question"], shown["state"]) == (True, None, "answered")
        assert "erased" in world.run(party, "ask", "show", about, "--why", "my desk").out
    assert all(found.differences == () for found in world.reconcile(CBP))
    home = restore(world, CBSA, archive)
    assert VALUE.encode() not in b"".join(file.read_bytes() for file in home.glob("node.sqlite*"))
    assert "erased" in entente("ask", "show", about, "--why", "my desk", "--node", home).out


def test_a_hold_on_a_record_keeps_the_questions_about_it(world: World, clock: Hands) -> None:
    record = sample(world.nodes[CBSA], VALUE)
    asked(world, "query", VALUE)
    answer_all(world, clock)
    put_hold(world.nodes[CBSA], record, who=OFFICER, why="court")
    pass_days(clock, NINETY + timedelta(hours=1))
    assert forget(world.nodes[CBSA], OFFICER) == 0
    end_hold(world.nodes[CBSA], record, who=OFFICER, why="closed")
    assert forget(world.nodes[CBSA], OFFICER) == 1


def test_a_refusal_of_what_is_no_question_takes_nothing_else_along(world: World, clock: Hands) -> None:
    node, partner = world.nodes[CBSA], world.nodes[CBP]
    with node.store.reading() as tx:
        (text,) = {row.digest for row in tx.agreements()}
        kept = [entry.opening for entry in tx.entries_about(text)]
    with partner.writing() as work:
        outgoing = Outgoing(partner, work, CBSA)
        outgoing.send("refusal", refusal_bytes(Refusal(reason="not-available")), about=text, agreement=text)
        outgoing.close()
    world.settle()
    pass_days(clock, NINETY + timedelta(hours=1))
    forget(node, OFFICER)
    with node.store.reading() as tx:
        assert [one.type for one in tx.received_about_questions()] == []
        assert [entry.opening for entry in tx.entries_about(text)] == kept != []


class Liar:
    """A partner that claims every number it is asked about."""

    def call(self, _partner: object, _path: str, body: bytes) -> bytes:
        view = read_view(body)
        numbers = range(view.first_seq, view.last_seq + 1)
        items = [StreamItem(seq, f"sha256:{seq:064x}", "accepted") for seq in numbers]
        return answer_to(view, items).to_wire()


def test_a_partner_that_claims_messages_without_end_is_named_and_not_believed_by_itself(
    world: World, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = world.nodes[CBP]
    monkeypatch.setattr(taking_over, "MAX_RANGE", 5)
    monkeypatch.setattr(taking_over, "MOST_AT_ONCE", 10)
    mark_restored(node, MORNING, 0)
    with node.store.reading() as tx:
        (partner,) = tx.partners()
        before = tx.position(CBSA).sent_seq
    for runs in (1, 2):
        with pytest.raises(TooManyForgotten, match=CBSA):
            take_over(node, cast("Caller", Liar()), partner)
        with node.store.reading() as tx:
            assert tx.position(CBSA).sent_seq == before + runs * 10
            assert made_at_of(tx, CBSA)
    stopped: Any = ComparisonRow(party=CBSA, at=MORNING, fault="TooManyForgotten", body=b"")
    assert clock() + timedelta(days=10_000) < _due(partner, stopped)
