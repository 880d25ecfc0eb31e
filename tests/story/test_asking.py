"""Partners ask each other: does somebody hold it, and may we have it; answered on the tick, under the provisions."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entente.cli import house
from entente.exchange import open_sealed, read_envelope
from entente.node.looking_up import look_up, send_answers
from entente.node.questioning import BY_US, OF_US
from entente.node.recalling import CallBack, give
from entente.node.work import open_node
from entente.signing import digest, parse
from entente.store import AskingRow, OutboxRow
from story.asking_given import (
    BUDGET,
    DISCREETLY,
    HOMES,
    MORNING,
    OPENLY,
    answer_all,
    ask,
    asked,
    kept,
    sample,
    stage_asking,
)
from story.notices_given import Hands
from story.world import CBP, CBSA, World, world_of

OFFICER, OTHER = f"{CBSA}/liaison-1", f"{CBSA}/liaison-2"


@pytest.fixture(scope="module")
def openly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("openly")
    stage_asking(folder, OPENLY)
    return folder / "signed"


@pytest.fixture(scope="module")
def discreetly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discreetly")
    stage_asking(folder, DISCREETLY)
    return folder / "signed"


@pytest.fixture
def clock() -> Hands:
    return Hands()


def opened(template: Path, folder: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world_of(template, folder, HOMES, clock) as world:
        clock.now = MORNING
        monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
        yield world


@pytest.fixture
def world(openly: Path, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Both nodes and their verbs by one clock; the text says what is held."""
    yield from opened(openly, tmp_path / "world", clock, monkeypatch)


@pytest.fixture
def discreet(discreetly: Path, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same under a text that neither confirms nor denies."""
    yield from opened(discreetly, tmp_path / "world", clock, monkeypatch)


def row(world: World, party: str, about: str) -> AskingRow:
    """The question as `party` keeps it."""
    direction, partner = (BY_US, CBSA) if party == CBP else (OF_US, CBP)
    with world.nodes[party].store.reading() as tx:
        found = tx.asking(direction, partner, about)
    assert found is not None
    return found


def sent(world: World, party: str = CBSA, partner: str = CBP) -> list[OutboxRow]:
    """What went after the agreement."""
    with world.nodes[party].store.reading() as tx:
        return [row for row in tx.outbox(partner) if not row.type.startswith("agreement-")]


def held(world: World, record: str) -> Any:
    """The values of the record as CBP holds it; None where it does not."""
    with world.nodes[CBP].store.reading() as tx:
        found = tx.record(record)
    return None if found is None else parse(found.body)["values"]


class TestAQuery:
    def test_a_hit_tells_the_permitted_fields_and_nothing_else(self, world: World, clock: Hands) -> None:
        record = sample(world.nodes[CBSA], "S-1", exhibit_notes="NOTES THAT STAY AT HOME")
        about = asked(world, "query", " s-1 ")
        answer_all(world, clock)
        ours, theirs = row(world, CBP, about), row(world, CBSA, about)
        assert (ours.state, ours.outcome) == (theirs.state, theirs.outcome) == ("answered", "hit")
        assert parse(ours.found) == parse(theirs.found) == [[record, 1]]
        assert held(world, record) == {"seized_on": "2026-09-01", "substance_suspected": "fentanyl"}
        assert b"STAY AT HOME" not in world.wire
        assert b"COLOUR" not in world.wire

    @pytest.mark.parametrize("has_looked", [False, True])
    def test_what_was_called_back_from_a_partner_is_not_told_to_it_again(
        self, world: World, clock: Hands, *, has_looked: bool
    ) -> None:
        record = sample(world.nodes[CBSA], "S-1")
        asked(world)
        answer_all(world, clock)
        assert held(world, record)
        about = asked(world)
        world.settle()
        if has_looked:
            look_up(world.nodes[CBSA])
        give(world.nodes[CBSA], record, CallBack(reason="wrong", who="releasing"))
        before = len(sent(world))
        answer_all(world, clock)
        assert [one.type for one in sent(world)[before:]] == ["answer"]
        assert row(world, CBP, about).outcome == "no-hit"

    @pytest.mark.parametrize(
        ("number", "drug", "at_home"), [("S-2", "fentanyl", "no-hit"), ("S-1", "cocaine", "withheld")]
    )
    def test_what_may_not_be_told_is_to_the_partner_as_if_it_were_not_there(
        self, world: World, clock: Hands, number: str, drug: str, at_home: str
    ) -> None:
        record = sample(world.nodes[CBSA], "S-1", drug)
        about = asked(world, "query", number)
        answer_all(world, clock)
        assert (row(world, CBP, about).outcome, row(world, CBSA, about).outcome) == ("no-hit", at_home)
        assert held(world, record) is None
        assert [one.type for one in sent(world)] == ["answer"]
        assert [one["outcome"] for one in world.entries(CBSA, "query-looked")] == [at_home]
        assert all(at_home != entry.get("outcome") or at_home == "no-hit" for entry in world.entries(CBP, "received"))

    def test_a_correction_of_what_was_told_waits_on_the_desk(self, world: World, clock: Hands) -> None:
        record = sample(world.nodes[CBSA], "S-1")
        asked(world, "query", "S-1")
        answer_all(world, clock)
        sample(world.nodes[CBSA], "S-1", "heroin")
        with world.nodes[CBSA].store.reading() as tx:
            (waiting,) = tx.releases("recall-needed")
        assert (waiting.record_id, waiting.record_version, waiting.partner) == (record, 2, CBP)

    def test_what_concerns_a_person_waits_for_one(self, world: World, clock: Hands) -> None:
        kept(
            world.nodes[CBSA],
            "occurrence",
            "O-1",
            person_name="Role Player",
            date_of_birth=date(1990, 1, 2),
            occurred_on=date(2026, 9, 1),
        )
        told = ("--purpose", "investigation", "--legal-basis", "ca.customs-act-107", "--why", "file 12", "--json")
        names = ("--where", "person_name=ROLE  player", "--where", "date_of_birth=1990-01-02")
        ran = world.run(CBP, "ask", "query", CBSA, "occurrence", *names, *told)
        answer_all(world, clock)
        about = ran.json["about"]
        assert (row(world, CBP, about).outcome, row(world, CBSA, about).outcome) == ("no-hit", "waits")
        assert row(world, CBSA, about).state == "desk"

    @pytest.mark.parametrize(
        "where", [("person_name=Role Player",), ("place=ca-bc", "number=1"), ("notes=x",), ("risk_to_life=yes",)]
    )
    def test_only_what_identifies_one_thing_can_be_asked_by(self, world: World, where: tuple[str, ...]) -> None:
        options = [part for one in where for part in ("--where", one)]
        told = ("--purpose", "investigation", "--legal-basis", "ca.customs-act-107", "--why", "x", "--json")
        ran = world.run(CBP, "ask", "query", CBSA, "occurrence", *options, *told)
        assert (ran.code, "do not identify" in ran.err, len(sent(world, CBP, CBSA))) == (3, True, 0)

    def test_nothing_is_asked_that_no_provision_answers(self, world: World) -> None:
        ran = ask(world, "query", "S-1", "--purpose", "statistics")
        assert (ran.code, "Nothing was asked" in ran.err) == (3, True)

    def test_a_question_is_in_both_ledgers_and_its_values_are_in_neither(self, world: World, clock: Hands) -> None:
        about = asked(world, "query", "S-777")
        answer_all(world, clock)
        (ours,) = world.entries(CBP, "asked")
        (looked,) = world.entries(CBSA, "query-looked")
        assert ours["subject"] == looked["subject"] == about
        assert (ours["why"], ours["purpose"], looked["partner"]) == ("file 12", "investigation", CBP)
        for party in (CBP, CBSA):
            assert "S-777" not in world.run(party, "ledger", "show", "--limit", "1000", "--json").out


class TestNeitherConfirmedNorDenied:
    def answers(self, world: World, clock: Hands) -> dict[str, str]:
        """Three queries whose outcomes differ at home, asked in one second."""
        sample(world.nodes[CBSA], "S-1")
        sample(world.nodes[CBSA], "S-2", "cocaine")
        found = {number: asked(world, "query", number) for number in ("S-1", "S-2", "S-3")}
        answer_all(world, clock)
        return found

    def test_hit_withheld_and_no_hit_look_alike(self, discreet: World, clock: Hands) -> None:
        found = self.answers(discreet, clock)
        at_home = [row(discreet, CBSA, about).outcome for about in found.values()]
        assert at_home == ["hit", "withheld", "no-hit"]
        assert {row(discreet, CBP, about).outcome for about in found.values()} == {"not-told"}
        answers = [open_sealed(one.sealed) for one in sent(discreet)]
        assert len(answers) == 3
        assert len({one.body for one in answers}) == 1
        assert len({len(one.to_wire()) for one in answers}) == 1
        envelopes = [read_envelope(one.envelope) for one in answers]
        assert len({(one.type, one.provisions, one.purpose, one.caveats, one.urgency) for one in envelopes}) == 1
        assert {one.created_at for one in envelopes} == {clock()}

    def test_the_ledger_grows_by_the_same_whatever_was_found(self, discreet: World, clock: Hands) -> None:
        sample(discreet.nodes[CBSA], "S-1")
        sample(discreet.nodes[CBSA], "S-2", "cocaine")
        sizes = []
        for number in ("S-1", "S-2", "S-3"):
            before = discreet.run(CBSA, "status", "--json").json["ledger_size"]
            asked(discreet, "query", number)
            answer_all(discreet, clock)
            sizes.append(discreet.run(CBSA, "status", "--json").json["ledger_size"] - before)
        assert len(set(sizes)) == 1

    def test_a_person_gives_later_what_was_found(self, discreet: World, clock: Hands) -> None:
        found = self.answers(discreet, clock)
        assert [row(discreet, CBSA, about).state for about in found.values()] == ["desk", "desk", "answered"]
        done = discreet.run(CBSA, "ask", "grant", found["S-2"], "--who", OFFICER, "--json")
        assert (done.code, done.json["records"]) == (0, 1), done.err
        before = len(discreet.wire)
        assert (
            discreet.run(
                CBSA, "ask", "refuse", found["S-1"], "--reason", "ongoing-investigation", "--who", OFFICER
            ).code
            == 0
        )
        discreet.settle()
        assert b"ongoing-investigation" not in discreet.wire[before:]
        assert [one.type for one in sent(discreet)][3:] == ["notification"]
        assert {row(discreet, CBSA, about).state for about in found.values()} == {"answered"}
        assert held(discreet, digest(b"sample S-2")[7:39])["colour"] == "COLOUR THAT IS ASKED FOR"

    def test_every_refusal_reads_the_same(self, discreet: World, clock: Hands) -> None:
        sample(discreet.nodes[CBSA], "S-1")
        abouts = [asked(discreet, "request", number) for number in ("S-1", "S-9")]
        discreet.settle()
        for about, reason in zip(abouts, ("ongoing-investigation", "not-available"), strict=True):
            refused = ("--reason", reason, "--note", "A NOTE THAT STAYS", "--who", OFFICER)
            assert discreet.run(CBSA, "ask", "refuse", about, *refused).code == 0
        discreet.settle()
        assert len({open_sealed(one.sealed).body for one in sent(discreet)}) == 1
        assert {(row(discreet, CBP, about).state, row(discreet, CBP, about).reason) for about in abouts} == {
            ("refused", "not-told")
        }
        assert b"A NOTE THAT STAYS" not in discreet.wire
        assert [one["reason"] for one in discreet.entries(CBSA, "request-refused")] == [
            "ongoing-investigation",
            "not-available",
        ]


class TestTheTick:
    def test_an_answer_leaves_on_the_tick_and_not_before(self, world: World, clock: Hands) -> None:
        sample(world.nodes[CBSA], "S-1")
        sample(world.nodes[CBSA], "S-2", "cocaine")
        abouts = [asked(world, "query", number) for number in ("S-1", "S-2", "S-3")]
        world.settle()
        node, tick = world.nodes[CBSA], datetime(2027, 3, 1, 14, 0, 10, tzinfo=UTC)
        assert look_up(node) == 3
        assert {row(world, CBSA, about).leaves_at for about in abouts} == {tick}
        clock.now = tick - timedelta(microseconds=1)
        assert (send_answers(node), sent(world)) == (0, [])
        clock.now = tick
        assert send_answers(node) == 3
        assert [one.type for one in sent(world)].count("answer") == 3

    def test_what_comes_late_in_a_tick_leaves_on_the_one_after_the_next(self, world: World, clock: Hands) -> None:
        clock.now = datetime(2027, 3, 1, 14, 0, 6, tzinfo=UTC)
        about = asked(world)
        world.settle()
        assert row(world, CBSA, about).leaves_at == datetime(2027, 3, 1, 14, 0, 20, tzinfo=UTC)


class TestTheBudget:
    def test_queries_beyond_it_are_refused_before_anything_is_looked_up(self, world: World, clock: Hands) -> None:
        sample(world.nodes[CBSA], "S-99")
        abouts = [asked(world, "query", f"X-{number * 97}") for number in range(BUDGET)]
        last = asked(world, "query", "S-99")
        answer_all(world, clock)
        assert {row(world, CBP, about).outcome for about in abouts} == {"no-hit"}
        refused = row(world, CBP, last)
        assert (refused.state, refused.reason) == ("refused", "over-budget")
        assert len(world.entries(CBSA, "query-looked")) + len(world.entries(CBSA, "probing-suspected")) == BUDGET + 1
        signs = [one["watch"] for one in world.entries(CBSA, "probing-suspected")]
        assert sorted(signs) == ["misses-in-a-row", "over-budget"]
        assert "seemed to try out values" in world.run(CBSA, "ask", "list").out
        assert world.run(CBSA, "status", "--json").json["probing"][0]["name"] == "asking"

    @pytest.mark.slow
    def test_the_next_local_day_has_a_budget_of_its_own(self, world: World, clock: Hands) -> None:
        for number in range(BUDGET):
            asked(world, "query", f"X-{number * 97}")
        answer_all(world, clock)
        clock.now = datetime(2027, 3, 2, 5, 0, tzinfo=UTC)  # midnight in Toronto
        sample(world.nodes[CBSA], "S-99")
        about = asked(world, "query", "S-99")
        answer_all(world, clock)
        assert row(world, CBP, about).outcome == "hit"


class TestARequest:
    def test_an_officer_gives_what_may_go(self, world: World, clock: Hands) -> None:
        record = sample(world.nodes[CBSA], "S-1")
        about = asked(world, "request", "S-1", "--urgency", "urgent")
        world.settle()
        (listed,) = world.run(CBSA, "ask", "list", "--json").json
        assert (listed["asked"], listed["is_waiting"]) == ("of-us", True)
        assert listed["due"] == "2027-03-01T18:00:01+00:00"  # four hours, as the agreement says
        shown = world.run(CBSA, "ask", "show", about, "--why", "my desk", "--json").json
        assert shown["question"]["selector"] == [{"field": "number", "value": "S-1"}]
        assert shown["would_go"][0]["record"] == record
        assert world.run(CBSA, "ask", "grant", about[7:15], "--who", OFFICER).code == 0
        world.settle()
        assert (row(world, CBP, about).state, row(world, CBSA, about).state) == ("granted", "granted")
        assert held(world, record)["colour"] == "COLOUR THAT IS ASKED FOR"
        with world.nodes[CBP].store.reading() as tx:
            assert [duty.record_id for duty in tx.duties("owed-by-us")] == [record]

    def test_more_fields_of_what_came_stand_beside_it(self, world: World, clock: Hands) -> None:
        record = sample(world.nodes[CBSA], "S-1")
        asked(world, "query", "S-1")
        answer_all(world, clock)
        about = asked(world, "request", "", "--record", record, "--field", "colour")
        world.settle()
        assert world.run(CBSA, "ask", "grant", about, "--who", OFFICER).code == 0
        world.settle()
        ((beside, version),) = parse(row(world, CBP, about).found)
        assert beside != record
        assert (held(world, beside), version) == ({"colour": "COLOUR THAT IS ASKED FOR"}, 1)
        assert "colour" not in held(world, record)

    def test_it_is_refused_with_a_reason(self, world: World) -> None:
        about = asked(world, "request", "S-1")
        world.settle()
        done = world.run(
            CBSA, "ask", "refuse", about, "--reason", "not-available", "--note", "Ask the lab.", "--who", OFFICER
        )
        assert done.code == 0
        world.settle()
        ours = row(world, CBP, about)
        assert (ours.state, ours.reason, ours.note) == ("refused", "not-available", "Ask the lab.")
        assert world.run(CBSA, "ask", "refuse", about, "--reason", "not-available", "--who", OFFICER).code == 3

    def test_what_is_not_held_or_may_not_go_is_not_granted(self, world: World) -> None:
        about = asked(world, "request", "S-1")
        world.settle()
        assert "Refuse it" in world.run(CBSA, "ask", "grant", about, "--who", OFFICER).err
        assert world.run(CBSA, "ask", "grant", about, "--who", f"{CBP}/liaison-1").code == 3
        assert world.run(CBSA, "ask", "refuse", about, "--reason", "because", "--who", OFFICER).code == 3
        assert row(world, CBSA, about).state == "asked"

    def test_where_two_officers_decide_one_is_not_enough(self, world: World) -> None:
        kept(world.nodes[CBSA], "occurrence", "O-1", occurred_on=date(2026, 9, 1))
        told = ("--purpose", "investigation", "--legal-basis", "ca.customs-act-107", "--why", "x", "--json")
        about = world.run(CBP, "ask", "request", CBSA, "occurrence", "--where", "number=O-1", *told).json["about"]
        world.settle()
        first = world.run(CBSA, "ask", "grant", about, "--who", OFFICER, "--json").json
        assert (first["records"], first["officers_still_needed"]) == (0, 1)
        assert world.run(CBSA, "ask", "grant", about, "--who", OFFICER).code == 3
        second = world.run(CBSA, "ask", "grant", about, "--who", OTHER, "--json").json
        assert (second["records"], second["officers_still_needed"]) == (1, 0)

    def test_what_is_late_is_overdue_at_both_ends(self, world: World, clock: Hands) -> None:
        asked(world, "request", "S-1", "--urgency", "urgent")
        world.settle()
        clock.now = MORNING + timedelta(hours=4, seconds=1)
        for party in (CBP, CBSA):
            assert [one["overdue"] for one in world.run(party, "status", "--json").json["questions"]] == [1]
            assert "OVERDUE" in world.run(party, "status").out
            assert "OVERDUE" in world.run(party, "ask", "list").out

    def test_under_a_suspended_text_nothing_is_answered(self, world: World, clock: Hands) -> None:
        sample(world.nodes[CBSA], "S-1")
        about = asked(world, "query", "S-1")
        world.settle()
        look_up(world.nodes[CBSA])
        keys = world.folder / "key"
        keys.write_text(world.key_of(OFFICER).to_text(), "ascii")
        keys.chmod(0o600)
        clock.now = MORNING + timedelta(seconds=30)
        suspended = world.run(
            CBSA, "agreements", "suspend", "asking", "--officer", OFFICER, "--key", keys, "--why", "a test"
        )
        assert suspended.code == 0, suspended.err
        send_answers(world.nodes[CBSA])
        world.settle()
        assert (row(world, CBP, about).state, row(world, CBP, about).reason) == ("refused", "not-permitted")
        assert "disclosure" not in json.dumps([one.type for one in sent(world)])
