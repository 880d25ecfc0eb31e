"""What carries a record is answered, reminded of and erased at its day, on both sides of a border."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entente.cli import house
from entente.exchange import open_sealed, read_envelope
from entente.node.duties import answer, duties
from entente.node.keeping import keep
from entente.node.offering import PAGE
from entente.node.owing import BY_US, TO_US, asks
from entente.node.reminding import remind
from entente.node.retention import ON, SWITCH, end_hold, preview, put_hold, run, run_by_itself, switch
from entente.node.retention_rules import RULES, UnusableRules, rules_of
from entente.node.work import open_node
from entente.records import Provenance, Record
from entente.signing import digest
from entente.store import RecordRow
from story.forging import next_message, post, request_with
from story.notices_given import DEA, DUE, EVENING, HOMES, TEXT, Hands, notice_body, owed, sent, stage_notices
from story.world import CBP, CBSA, World, world_of

OFFICER = f"{CBP}/liaison-1"
LAST_MOMENT = datetime(2032, 2, 29, 4, 59, 59, 999999, tzinfo=UTC)
"""The end of 28 February in Toronto, 1825 days after the first of March."""
A_TICK = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retention")
    stage_notices(folder)
    return folder / "signed"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world_of(signed, tmp_path / "world", HOMES, clock) as world:
        clock.now = EVENING
        monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
        yield world


def count(world: World, number: int = 1, **parts: Any) -> Record:
    node = world.nodes[CBSA]
    values = {"publication": "simulated", "jurisdiction": "ca-on", "substance_native": "x", **parts.pop("values", {})}
    usual = {"version": 1, "kind": "test-count", "kind_version": node.catalogue.kind("test-count").version}
    origin = Provenance(source="counts", source_digest="sha256:0", line=1, reader="test", mapping_version="1")
    said = {"said_by": CBSA, "recorded_at": node.clock(), "sure": "reported", "provenance": origin}
    return Record(**{"id": f"{number:032x}", **usual, **said, "is_simulated": True, "values": values, **parts})


def tell(world: World, *records: Record) -> None:
    with world.nodes[CBSA].writing() as work:
        keep(world.nodes[CBSA], work, records)
    world.settle()


@pytest.fixture
def told(world: World) -> World:
    """CBSA has told both others of two counts."""
    tell(world, count(world, 1), count(world, 2))
    return world


def held(world: World, party: str, number: int = 1) -> RecordRow:
    with world.nodes[party].store.reading() as tx:
        row = tx.record(f"{number:032x}")
    assert row is not None
    return row


def message(world: World, number: int = 0, type_: str = "disclosure") -> str:
    return sent(world, CBSA, CBP, type_)[number].id


class TestAnAnswerAboutADisclosure:
    def test_both_sides_owe_it_and_its_day_stands_in_the_envelope(self, told: World) -> None:
        (first, second) = sent(told, CBSA, CBP, "disclosure")
        assert [read_envelope(open_sealed(row.sealed).envelope).due for row in (first, second)] == [DUE, DUE]
        for row in (*owed(told, CBP, BY_US, CBSA), *owed(told, CBSA, TO_US, CBP)):
            assert (row.about in {first.id, second.id}, row.state, row.due) == (True, "owed", DUE)
        assert len(owed(told, CBSA, TO_US, CBP)) == len(owed(told, CBP, BY_US, CBSA)) == 2
        (disclosed, _) = [facts for facts in told.entries(CBSA, "disclosed") if facts["partner"] == CBP]
        assert disclosed["due"] == DUE.isoformat()

    def test_it_is_answered_as_a_notice_is_and_both_ledgers_tell(self, told: World) -> None:
        answer(told.nodes[CBP], message(told), "used", "", OFFICER)
        told.settle()
        states = {row.about: row.outcome for row in owed(told, CBSA, TO_US, CBP)}
        assert states == {message(told): "used", message(told, 1): ""}
        (heard,) = told.entries(CBSA, "answer-heard")
        assert (heard["subject"], heard["outcome"], heard["partner"]) == (message(told), "used", CBP)

    def test_a_correction_asks_for_an_answer_of_its_own_once(self, told: World) -> None:
        tell(told, count(told, values={"publication": "corrected"}))
        abouts = {row.about: row.record_version for row in owed(told, CBP, BY_US, CBSA)}
        assert abouts[message(told, type_="correction")] == 2
        assert sorted(abouts.values()) == [1, 1, 2]

    def test_nothing_is_owed_about_what_did_not_arrive(self, world: World, clock: Hands) -> None:
        with world.nodes[CBSA].writing() as work:
            keep(world.nodes[CBSA], work, [count(world)])
        clock.now = datetime(2031, 6, 1, tzinfo=UTC)  # the agreement is over
        world.settle()
        assert [row.state for row in owed(world, CBSA, TO_US, CBP)] == ["void"]
        assert owed(world, CBP, BY_US, CBSA) == []

    def test_a_page_is_asked_about_with_one_look_and_one_write(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with world.nodes[CBSA].store.writing() as tx:
            calls = {"asked_versions": 0, "put_duties": 0, "put_duty": 0}
            for name in calls:
                original = getattr(type(tx), name)

                def counted(self: Any, *given: Any, name: str = name, original: Any = original) -> Any:
                    calls[name] += 1
                    return original(self, *given)

                monkeypatch.setattr(type(tx), name, counted)
        with world.nodes[CBSA].writing() as work:
            keep(world.nodes[CBSA], work, [count(world, number) for number in range(1, 51)])
        assert len(owed(world, CBSA, TO_US, CBP)) == 50 < PAGE
        assert calls == {"asked_versions": 2, "put_duties": 2, "put_duty": 0}  # two partners


class TestReminders:
    def test_each_stage_is_written_down_once_on_both_sides(self, told: World, clock: Hands) -> None:
        moments = {
            EVENING: 0,
            DUE - timedelta(days=4): 0,
            DUE - timedelta(days=4) + A_TICK: 2,
            DUE - timedelta(days=1): 0,
            DUE - timedelta(days=1) + A_TICK: 2,
            DUE: 0,
            DUE + A_TICK: 2,
            DUE + timedelta(days=9): 0,
        }
        for clock.now, number in moments.items():
            assert remind(told.nodes[CBP]) == number, clock.now
            assert remind(told.nodes[CBP]) == 0
        stages = [facts["stage"] for facts in told.entries(CBP, "answer-reminder")]
        assert stages == ["due-soon", "due-soon", "due-today", "due-today", "overdue", "overdue"]
        assert remind(told.nodes[CBSA]) == 4  # only the last stage: it was not looked at before
        (one, *_) = told.entries(CBSA, "answer-reminder")
        assert (one["owed"], one["stage"], one["due"]) == ("to-us", "overdue", DUE.isoformat())

    def test_what_is_answered_is_not_reminded_of(self, told: World, clock: Hands) -> None:
        answer(told.nodes[CBP], message(told), "used", "", OFFICER)
        clock.now = DUE + A_TICK
        remind(told.nodes[CBP])
        assert [facts["subject"] for facts in told.entries(CBP, "answer-reminder")] == [message(told, 1)]


class TestTheLastDay:
    def test_a_record_is_held_to_the_end_of_its_day_in_the_zone_of_the_agreement(
        self, told: World, clock: Hands
    ) -> None:
        node = told.nodes[CBP]
        assert held(told, CBP).retain_until == date(2032, 2, 28)
        clock.now = LAST_MOMENT  # already the 29th in UTC
        assert (run(node, OFFICER), preview(node).number) == (0, 0)
        clock.now = LAST_MOMENT + A_TICK
        found = preview(node)
        assert (found.number, found.held, sorted(found.sample)) == (2, 0, [f"{number:032x}" for number in (1, 2)])
        (group,) = found.groups
        assert (group.kind, group.partner, group.number, group.is_simulated) == ("test-count", CBSA, 2, True)
        assert run(node, OFFICER) == 2
        assert (held(told, CBP).body, held(told, CBP, 2).digest) == (b"", "")
        assert [facts["why"] for facts in told.entries(CBP, "erased")] == ["retention"] * 2
        assert run(node, OFFICER) == 0
        assert held(told, CBSA).body  # our own records have no end
        assert held(told, DEA).body  # it has yet to look

    def test_a_served_node_does_it_by_itself_once_it_is_on(self, told: World, clock: Hands) -> None:
        node, clock.now = told.nodes[CBP], LAST_MOMENT + A_TICK
        with node.store.writing() as tx:
            assert tx.setting(SWITCH) == ON  # a new node
            tx.put_setting(SWITCH, "")  # one that was upgraded
        assert run_by_itself(node) == 0
        assert held(told, CBP).body
        assert told.run(CBP, "retention", "on", "--yes").code == 0
        assert run_by_itself(node) == 2
        (switched,) = told.entries(CBP, "retention-switched")
        assert switched["to"] == "on"

    def test_a_hold_keeps_a_record_until_it_ends(self, told: World, clock: Hands) -> None:
        node, clock.now = told.nodes[CBP], LAST_MOMENT + A_TICK
        put_hold(node, f"{1:032x}", who=OFFICER, why="a court asked for it")
        assert (preview(node).number, preview(node).held) == (1, 1)
        assert run(node, OFFICER) == 1
        assert held(told, CBP).body
        end_hold(node, f"{1:032x}", who=OFFICER, why="the case is closed")
        whys = [told.entries(CBP, kind)[0]["why"] for kind in ("record-held", "hold-ended")]
        assert whys == ["a court asked for it", "the case is closed"]
        assert run(node, OFFICER) == 1
        assert not held(told, CBP).body

    def test_a_longer_day_of_a_correction_holds_for_all_versions(self, told: World, clock: Hands) -> None:
        clock.now = EVENING + timedelta(days=9)
        tell(told, count(told, values={"publication": "corrected"}))
        clock.now = LAST_MOMENT + A_TICK
        assert preview(told.nodes[CBP]).sample == (f"{2:032x}",)

    def test_an_answer_may_still_be_given_about_what_was_erased(self, told: World, clock: Hands) -> None:
        clock.now = LAST_MOMENT + A_TICK
        run(told.nodes[CBP], OFFICER)
        answer(told.nodes[CBP], message(told), "used", "", OFFICER)
        assert [duty.row.state for duty in duties(told.nodes[CBP], BY_US, is_open=False)] == ["answered"]


class TestRulesOfTheAgency:
    def rule(self, world: World, text: str) -> None:
        (world.home(CBSA) / RULES).write_text(text)

    def test_our_own_go_by_the_rule_and_others_stay(self, told: World, clock: Hands) -> None:
        self.rule(told, 'zone = "America/Toronto"\n[days]\ntest-count = 10\n')
        node = told.nodes[CBSA]
        clock.now = datetime(2027, 3, 12, 4, 59, 59, 999999, tzinfo=UTC)  # the end of the eleventh in Toronto
        assert preview(node).number == 0
        clock.now += A_TICK
        found = preview(node)
        assert [(group.partner, group.agreement, group.number) for group in found.groups] == [("", "", 2)]
        assert preview(node, date(2027, 3, 11)).number == 0
        assert run(node, OFFICER) == 2
        assert not held(told, CBSA).body
        assert held(told, CBP).body  # what partners hold is held under the agreement

    def test_by_itself_a_node_erases_its_own_only_by_a_rule_that_somebody_has_confirmed(
        self, told: World, clock: Hands
    ) -> None:
        """Whoever types 10 and means 3650 loses nothing before somebody has looked."""
        node, clock.now = told.nodes[CBSA], EVENING + timedelta(days=20)
        self.rule(told, "[days]\ntest-count = 3650\n")
        switch(node, ON, OFFICER)
        self.rule(told, "[days]\ntest-count = 10\n")
        assert run_by_itself(node) == 0
        assert (preview(node).number, preview(node).is_confirmed) == (2, False)
        assert "nobody has confirmed it" in told.run(CBSA, "retention", "preview").out
        assert told.run(CBSA, "retention", "on").code != 0  # it would erase two
        assert run_by_itself(node) == 0
        assert told.run(CBSA, "retention", "on", "--yes").code == 0
        assert run_by_itself(node) == 2
        assert [facts["rules"] for facts in told.entries(CBSA, "retention-switched")][1:] == [rules_of(node).digest]

    @pytest.mark.parametrize(
        "text",
        ["days = 3", "[days]\nnothing-known = 3", "[days]\ntest-count = 0", 'zone = "Toronto"', "[day]", "not toml"],
    )
    def test_a_rule_that_is_not_understood_erases_nothing(self, told: World, clock: Hands, text: str) -> None:
        self.rule(told, text)
        clock.now = LAST_MOMENT + timedelta(days=999)
        with pytest.raises(UnusableRules):
            run(told.nodes[CBSA], OFFICER)
        assert held(told, CBSA).body


class TestForgedDisclosures:
    def owed_about(self, world: World, **changes: Any) -> list[datetime | None]:
        """When CBSA owes an answer about a disclosure that CBP's node was changed to send."""
        version = world.nodes[CBSA].catalogue.kind("test-count").version
        body = notice_body("2", kind="test-count", kind_version=version, values={"publication": "simulated"})
        members: dict[str, Any] = {
            "type": "disclosure",
            "agreement": digest(TEXT),
            "provisions": ("2",),
            "purpose": "early-warning",
            "caveats": ("no-onward",),
        }
        answered = post(request_with(world, next_message(world.nodes[CBP], body, **(members | changes))))
        (item,) = json.loads(json.loads(answered.content)["receipt"])["items"]
        assert (item["state"], item["reason"]) == ("accepted", "")
        return [row.due for row in owed(world, CBSA, BY_US, CBP)]

    def test_a_sender_that_names_no_day_asks_for_nothing(self, world: World) -> None:
        assert self.owed_about(world) == []

    @pytest.mark.parametrize(("asked", "holds"), [(timedelta(hours=8), timedelta(hours=8)), (timedelta(days=99), None)])
    def test_of_two_days_the_earlier_holds(self, world: World, asked: timedelta, holds: timedelta | None) -> None:
        expected = DUE if holds is None else EVENING + holds
        assert self.owed_about(world, due=EVENING + asked) == [expected]

    def test_where_our_provisions_set_no_days_a_sender_cannot(self) -> None:
        message: Any = SimpleNamespace(type="disclosure", due=DUE)
        assert not asks(message, SimpleNamespace(feedback_due=None))  # type: ignore[arg-type]
        assert asks(message, SimpleNamespace(feedback_due=DUE.date()))  # type: ignore[arg-type]
