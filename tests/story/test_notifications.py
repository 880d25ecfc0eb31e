"""Every notice comes back with its outcome: acknowledged, overdue on both sides, answered once, by nobody else."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entente.agreements.giving import holding
from entente.cli import house
from entente.exchange import Feedback, feedback_bytes, open_sealed, read_envelope
from entente.node import taking
from entente.node.duties import acknowledge, answer, duties
from entente.node.owing import BY_US, TO_US, follow_delivery
from entente.node.status import status
from entente.node.work import open_node
from entente.records.kinds import STEERING
from entente.signing import canonical, digest
from story import notices_given
from story.forging import next_message, post, request_with
from story.notices_given import (
    AFTER_THE_END,
    DEA,
    DUE,
    EVENING,
    HOMES,
    TEXT,
    Hands,
    found,
    notice_body,
    owed,
    sent,
    stage_notices,
)
from story.world import CBP, CBSA, World, world_of

OFFICER = f"{CBP}/liaison-1"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notices")
    stage_notices(folder)
    return folder / "signed"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Three nodes and their verbs by one clock, set to an evening in March."""
    with world_of(signed, tmp_path / "world", HOMES, clock) as world:
        clock.now = EVENING
        monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
        yield world


@pytest.fixture
def told(world: World) -> World:
    """CBSA has told both others of a finding."""
    found(world)
    world.settle()
    return world


def notice(world: World, partner: str = CBP) -> str:
    """The id of the notice from CBSA."""
    (row,) = sent(world, CBSA, partner, "notification")
    return row.id


def listed(world: World, party: str, *options: str) -> Any:
    return world.run(party, "duties", "list", "--json", *options).json


class TestANoticeAndItsAnswer:
    def test_both_sides_know_what_is_owed_and_until_when(self, told: World) -> None:
        envelope = read_envelope(open_sealed(sent(told, CBSA, CBP, "notification")[0].sealed).envelope)
        assert (envelope.due, envelope.urgency, envelope.is_simulated) == (DUE, "normal", True)
        (ours,), (theirs,) = owed(told, CBP, BY_US, CBSA), owed(told, CBSA, TO_US, CBP)
        for row in (ours, theirs):
            assert (row.about, row.state, row.due) == (notice(told), "owed", DUE)
            assert (row.record_id, row.record_version, row.agreement) == ("f" * 32, 1, digest(TEXT))
            assert row.is_simulated
        (shown,) = listed(told, CBP)
        assert (shown["due_on"], shown["days_left"], shown["is_overdue"]) == ("2027-03-31", 30, False)
        assert b"STAYS AT HOME" not in told.wire
        (disclosed,) = [facts for facts in told.entries(CBSA, "disclosed") if facts["partner"] == CBP]
        (received,) = [facts for facts in told.entries(CBP, "received") if "record" in facts]
        assert disclosed["due"] == received["due"] == DUE.isoformat()

    def test_the_sender_learns_that_it_was_seen_and_then_what_it_led_to(self, told: World) -> None:
        about = notice(told)
        seen = told.run(CBP, "duties", "acknowledge", about[7:15], "--who", OFFICER)
        assert (seen.code, CBSA in seen.out) == (0, True)
        told.settle()
        assert [row.state for row in owed(told, CBSA, TO_US, CBP)] == ["acknowledged"]
        done = told.run(
            CBP, "duties", "answer", about, "--outcome", "warning-issued", "--note", "Bulletin 7", "--who", OFFICER
        )
        assert (done.code, "A warning was issued" in done.out) == (0, True)
        told.settle()
        (ours,), (theirs,) = owed(told, CBP, BY_US, CBSA), owed(told, CBSA, TO_US, CBP)
        for row in (ours, theirs):
            assert (row.state, row.outcome, row.note) == ("answered", "warning-issued", "Bulletin 7")
            assert row.acknowledged_at == row.answered_at == EVENING
        assert "A warning was issued (Bulletin 7) SIMULATED" in told.run(CBSA, "duties", "list").out
        assert [row.state for row in owed(told, CBSA, TO_US, DEA)] == ["owed"]
        assert b"Bulletin 7" not in told.database(DEA)

    def test_who_answered_is_in_the_ledger_and_not_on_the_wire(self, told: World) -> None:
        acknowledge(told.nodes[CBP], notice(told), OFFICER)
        told.wire.clear()
        told.settle()
        (entry,) = told.entries(CBP, "notice-answered")
        assert (entry["subject"], entry["who"], entry["stage"]) == (notice(told), OFFICER, "acknowledged")
        assert entry["message"] == sent(told, CBP, CBSA, "feedback")[0].id
        assert OFFICER.encode() not in told.wire
        (heard,) = [facts for facts in told.entries(CBSA, "received") if facts.get("stage")]
        assert (heard["about"], heard["stage"]) == (notice(told), "acknowledged")

    def test_an_answer_needs_no_acknowledgement_and_is_given_once(self, told: World) -> None:
        node, about = told.nodes[CBP], notice(told)
        answer(node, about, "used", "", OFFICER)
        for verb in (("answer", about, "--outcome", "confirmed"), ("acknowledge", about)):
            again = told.run(CBP, "duties", *verb)
            assert again.code == 3
            assert "was answered on 2027-03-02 with the outcome `used`" in again.err
        told.settle()
        assert [row.outcome for row in owed(told, CBSA, TO_US, CBP)] == ["used"]
        assert len(sent(told, CBP, CBSA, "feedback")) == 1

    def test_what_is_simulated_is_answered_as_simulated(self, told: World) -> None:
        acknowledge(told.nodes[CBP], notice(told), OFFICER)
        (row,) = sent(told, CBP, CBSA, "feedback")
        envelope = read_envelope(open_sealed(row.sealed).envelope)
        assert (envelope.is_simulated, envelope.about, envelope.agreement) == (True, notice(told), digest(TEXT))

    def test_an_answer_may_come_after_the_agreement_has_ended(self, told: World, clock: Hands) -> None:
        clock.now = AFTER_THE_END
        answer(told.nodes[CBP], notice(told), "not-useful", "", OFFICER)
        told.settle()
        assert [row.outcome for row in owed(told, CBSA, TO_US, CBP)] == ["not-useful"]

    def test_a_corrected_finding_asks_for_no_second_answer(self, told: World) -> None:
        found(told, observed=33)
        told.settle()
        assert len(sent(told, CBSA, CBP, "notification")) == len(sent(told, CBSA, CBP, "correction")) == 1
        assert [row.record_version for row in owed(told, CBP, BY_US, CBSA)] == [1]


class TestOverdue:
    def test_it_shows_on_both_sides_when_the_day_is_over_and_not_before(self, told: World, clock: Hands) -> None:
        clock.now = DUE
        assert [duty.is_overdue for party in (CBP, CBSA) for duty in duties(told.nodes[party])] == [False] * 3
        assert "today" in told.run(CBP, "duties", "list").out
        clock.now = DUE + timedelta(microseconds=1)
        assert status(told.nodes[CBP]).duties == {(BY_US, CBSA): (1, 1)}
        assert status(told.nodes[CBSA]).duties == {(TO_US, CBP): (1, 1), (TO_US, DEA): (1, 1)}
        assert "OVERDUE by 1 day" in told.run(CBP, "duties", "list", "--overdue").out
        clock.now = DUE + timedelta(days=4, microseconds=1)
        assert "OVERDUE by 5 days" in told.run(CBSA, "duties", "list", "--owed", "to-us").out
        assert "2 answers are OVERDUE" in told.run(CBSA, "status").out
        assert "1 answer is OVERDUE" in told.run(CBP, "status").out

    def test_an_acknowledgement_does_not_stop_the_clock_and_a_late_answer_does(self, told: World, clock: Hands) -> None:
        acknowledge(told.nodes[CBP], notice(told), OFFICER)
        told.settle()
        clock.now = DUE + timedelta(days=1)
        assert [row["is_overdue"] for row in listed(told, CBSA, "--overdue")] == [True, True]
        answer(told.nodes[CBP], notice(told), "confirmed", "", OFFICER)
        told.settle()
        assert [row["partner"] for row in listed(told, CBSA, "--overdue")] == [DEA]
        assert listed(told, CBP, "--overdue") == []
        assert told.run(CBP, "duties", "list", "--overdue").out == "Nothing is overdue.\n"

    def test_a_notice_that_waited_keeps_its_day(self, world: World, clock: Hands) -> None:
        found(world)
        clock.now = EVENING + timedelta(days=10)
        world.settle()
        assert [row.due for row in owed(world, CBP, BY_US, CBSA)] == [DUE]


class TestANoticeThatDoesNotArrive:
    def test_nothing_is_owed_about_what_was_taken_back(self, world: World, clock: Hands) -> None:
        found(world)
        clock.now = AFTER_THE_END
        world.settle()
        (row,) = owed(world, CBSA, TO_US, CBP)
        assert row.state == "void"
        assert owed(world, CBP, BY_US, CBSA) == []
        assert {facts["because"] for facts in world.entries(CBSA, "notice-void")} == {"expired"}
        assert status(world.nodes[CBSA]).duties == {}

        clock.now = EVENING + timedelta(days=1)
        world.settle()  # in force again: it goes as a notice of its own
        assert [row.state for row in owed(world, CBP, BY_US, CBSA)] == ["owed"]
        assert sorted(row.state for row in owed(world, CBSA, TO_US, CBP)) == ["owed", "void"]

    def test_a_notice_that_is_refused_and_then_taken_in_after_all_is_owed_again(self, told: World) -> None:
        """The partner's node was restored: it asks for the message again and says something else of it."""
        (row,) = sent(told, CBSA, CBP, "notification")
        with told.nodes[CBSA].writing() as work:
            follow_delivery(work, row, "refused")
        assert [duty.state for duty in owed(told, CBSA, TO_US, CBP)] == ["void"]
        with told.nodes[CBSA].writing() as work:
            follow_delivery(work, row, "accepted")
        assert [duty.state for duty in owed(told, CBSA, TO_US, CBP)] == ["owed"]

    def test_what_the_partner_put_aside_is_not_overdue_and_a_newer_version_asks_anew(
        self, world: World, clock: Hands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found(world)
        with monkeypatch.context() as broken:
            broken.setattr(taking, "duty_about", lambda *_: 1 / 0)  # a defect of the partner's node
            world.settle()
        (row,) = sent(world, CBSA, CBP, "notification")
        assert (row.state, row.reason) == ("quarantined", "internal")
        clock.now = DUE + timedelta(days=9)
        (shown,) = [duty for duty in listed(world, CBSA) if duty["partner"] == CBP]
        assert (shown["state"], shown["is_overdue"]) == ("aside", False)
        assert (TO_US, CBP) not in status(world.nodes[CBSA]).duties
        assert "Put aside by the other side" in world.run(CBSA, "duties", "list").out
        assert CBP not in world.run(CBSA, "duties", "list", "--overdue").out

        found(world, observed=33)
        world.settle()
        assert [duty.record_version for duty in owed(world, CBP, BY_US, CBSA)] == [2]
        assert sorted(duty.state for duty in owed(world, CBSA, TO_US, CBP)) == ["aside", "owed"]

    @pytest.mark.parametrize("step", ["duty_about", "owe"])
    def test_a_notice_that_could_not_be_taken_in_leaves_nothing_half_done(
        self, world: World, step: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record = found(world)
        monkeypatch.setattr(taking, step, lambda *_: 1 / 0)
        world.settle()
        with world.nodes[CBP].store.reading() as tx:
            assert tx.record(record) is None
        assert owed(world, CBP, BY_US, CBSA) == []

    def test_a_partner_that_takes_in_what_it_had_put_aside_owes_the_answer(self, told: World) -> None:
        (row,) = sent(told, CBSA, CBP, "notification")
        for state, expected in (("quarantined", "aside"), ("accepted", "owed"), ("quarantined", "aside")):
            with told.nodes[CBSA].writing() as work:
                follow_delivery(work, row, state)
            assert [duty.state for duty in owed(told, CBSA, TO_US, CBP)] == [expected]
        answer(told.nodes[CBP], notice(told), "used", "", OFFICER)
        told.settle()
        assert [duty.state for duty in owed(told, CBSA, TO_US, CBP)] == ["answered"]


def said(stage: str = "answered", outcome: str | None = "used", note: str = "", **more: Any) -> bytes:
    body = json.loads(feedback_bytes(Feedback(stage="acknowledged", outcome=None, note="", said_at=EVENING)))
    return canonical(body | {"stage": stage, "outcome": outcome, "note": note} | more)


def forged(world: World, body: bytes, about: str, *, nonce: int = 0, **changes: Any) -> tuple[str, str]:
    """What CBSA's receipt says of a feedback that CBP's node was changed to send."""
    members = {"type": "feedback", "about": about, "provisions": (), "purpose": None, "caveats": ()} | changes
    message = next_message(world.nodes[CBP], body, **members)
    answered = post(request_with(world, message, nonce=f"a-nonce-of-22-letters{nonce}"))
    (item,) = json.loads(json.loads(answered.content)["receipt"])["items"]
    return item["state"], item["reason"]


class TestForgedFeedback:
    @pytest.mark.parametrize(
        ("changes", "body", "outcome"),
        [
            ({"agreement": "sha256:" + "0" * 64}, said(), ("refused", "other-agreement")),
            ({"is_simulated": False}, said(), ("refused", "simulated-flag")),
            ({}, said(outcome="prosecuted"), ("quarantined", "unknown-outcome")),
            ({}, said(outcome=None), ("quarantined", "unreadable-feedback")),
            ({}, said(stage="void", outcome=None), ("quarantined", "unreadable-feedback")),
            ({}, said(note="\x1b[2J"), ("quarantined", "unreadable-feedback")),
            ({}, said(more=1), ("quarantined", "unreadable-feedback")),
            ({}, b"not JSON", ("quarantined", "unreadable-feedback")),
        ],
    )
    def test_it_changes_nothing(
        self, told: World, changes: dict[str, Any], body: bytes, outcome: tuple[str, str]
    ) -> None:
        before = [*owed(told, CBSA, TO_US, CBP), *owed(told, CBSA, TO_US, DEA)]
        assert forged(told, body, notice(told), **changes) == outcome
        assert [*owed(told, CBSA, TO_US, CBP), *owed(told, CBSA, TO_US, DEA)] == before

    def test_a_notice_to_another_is_not_told_from_one_that_never_was(self, told: World) -> None:
        before = owed(told, CBSA, TO_US, DEA)
        to_another = forged(told, said(), notice(told, DEA))
        assert to_another == ("refused", "nothing-owed")
        assert owed(told, CBSA, TO_US, DEA) == before

    def test_nor_is_anything_owed_about_what_never_was(self, told: World) -> None:
        assert forged(told, said(), "sha256:" + "1" * 64) == ("refused", "nothing-owed")

    def test_we_owe_nothing_about_a_message_of_our_own(self, told: World) -> None:
        """CBP speaks about its own feedback as if CBSA had sent it."""
        acknowledge(told.nodes[CBP], notice(told), OFFICER)
        told.settle()
        assert forged(told, said(), sent(told, CBP, CBSA, "feedback")[0].id) == ("refused", "nothing-owed")

    @pytest.mark.parametrize(
        ("body", "outcome"),
        [
            (said(outcome="used"), ("accepted", "")),  # the same again
            (said(stage="acknowledged", outcome=None), ("accepted", "")),  # too late to matter
            (said(outcome="confirmed"), ("refused", "already-answered")),
            (said(outcome="used", note="more"), ("refused", "already-answered")),
        ],
    )
    def test_what_was_answered_stays_so(self, told: World, body: bytes, outcome: tuple[str, str]) -> None:
        answer(told.nodes[CBP], notice(told), "used", "", OFFICER)
        told.settle()
        before = owed(told, CBSA, TO_US, CBP)
        assert forged(told, body, notice(told)) == outcome
        assert owed(told, CBSA, TO_US, CBP) == before


class TestForgedNotices:
    MEMBERS: dict[str, Any] = {  # noqa: RUF012  # read only
        "type": "notification",
        "agreement": digest(TEXT),
        "provisions": ("1",),
        "purpose": "early-warning",
        "caveats": ("no-onward",),
    }

    def receipt(self, world: World, body: bytes, **changes: Any) -> tuple[str, str]:
        message = next_message(world.nodes[CBP], body, **(self.MEMBERS | changes))
        answered = post(request_with(world, message))
        (item,) = json.loads(json.loads(answered.content)["receipt"])["items"]
        return item["state"], item["reason"]

    @pytest.mark.parametrize("due", [None, DUE + timedelta(days=300)])
    def test_our_own_reading_of_the_provisions_sets_the_day(self, world: World, due: Any) -> None:
        assert self.receipt(world, notice_body(), due=due) == ("accepted", "")
        assert [row.due for row in owed(world, CBSA, BY_US, CBP)] == [DUE]

    def test_a_sender_may_ask_for_an_earlier_answer(self, world: World) -> None:
        soon = EVENING + timedelta(hours=8)
        self.receipt(world, notice_body(), due=soon, urgency="urgent")
        assert [row.due for row in owed(world, CBSA, BY_US, CBP)] == [soon]

    def test_nothing_is_owed_about_what_was_refused(self, world: World) -> None:
        values = {"subject": "xylazine", "review": "accepted", "review_note": "not given"}
        assert self.receipt(world, notice_body(values=values)) == ("refused", "not-covered")
        assert owed(world, CBSA, BY_US, CBP) == []

    def test_a_record_of_a_kind_that_asks_for_no_answer_is_no_notice(self, world: World) -> None:
        values = {"publication": "simulated"}
        version = world.nodes[CBSA].catalogue.kind("test-count").version
        body = notice_body("2", kind="test-count", kind_version=version, values=values)
        assert self.receipt(world, body, provisions=("2",)) == ("refused", "not-a-notice")
        assert owed(world, CBSA, BY_US, CBP) == []
        shown = world.run(CBSA, "exchange", "status").out
        assert "us.cbp to ca.cbsa, not taken in: 1 (Records of this kind ask for no answer)" in shown

    def test_a_version_is_asked_about_once_however_often_its_notice_comes(self, world: World) -> None:
        node, body = world.nodes[CBP], notice_body()
        messages = [next_message(node, body, **self.MEMBERS)]
        for number in range(1, 4):
            after = (read_envelope(messages[0].envelope).seq + number - 1, messages[-1].id)
            messages.append(next_message(node, body, after=after, **self.MEMBERS))
        answered = post(request_with(world, *messages))
        items = json.loads(json.loads(answered.content)["receipt"])["items"]
        assert [(item["state"], item["reason"]) for item in items] == [
            ("accepted", ""),
            *[("refused", "asked-before")] * 3,
        ]
        assert [row.about for row in owed(world, CBSA, BY_US, CBP)] == [messages[0].id]

    @pytest.mark.parametrize(
        "values", [{"subject": "x\x1b[2J"}, {"subject": "x\nffff  [Accepted]"}, {"settings": "x" * 10_001}]
    )
    def test_a_text_that_steers_a_screen_or_has_no_end_is_not_taken_in(
        self, world: World, values: dict[str, str]
    ) -> None:
        body = notice_body(values={"question": "substances.growth", "subject": "x", "review": "accepted", **values})
        assert self.receipt(world, body) == ("refused", "not-a-record")

    def test_what_an_older_node_took_in_steers_no_screen(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """A record from before such texts were refused: no false line, no command, and JSON that says it all."""
        subject = "xyl\x1b[2J\x1b]0;owned\x07\nffffffffffff  [Accepted, ca.cbsa]  false\u202e line\x9b0m"
        with monkeypatch.context() as older:
            older.setattr(holding, "problems", lambda *_: [])
            values = {"question": "substances.growth", "subject": subject, "review": "accepted"}
            assert self.receipt(world, notice_body(values=values)) == ("accepted", "")
        for verb in (
            ("findings", "list"),
            ("findings", "show", "d" * 32),
            ("records", "list"),
            ("records", "show", "d" * 32),
        ):
            shown = world.run(CBSA, *verb, "--why", "x").out
            assert "false" in shown
            assert STEERING.search(shown.replace("\n", "")) is None
            assert not any(line.startswith("ffff") for line in shown.splitlines())
        told = world.run(CBSA, "records", "list", "--why", "x", "--json")
        assert STEERING.search(told.out.replace("\n", "")) is None
        assert told.json[0]["values"]["subject"] == subject


class TestTheEndOfTime:
    """A partner names the last day there is, in a zone that is ahead of UTC."""

    EAST = TEXT.replace(b"America/Toronto", b"Europe/Amsterdam").replace(b", feedback_days = 30", b"")

    def test_a_notice_due_on_the_last_day_there_is_can_be_listed_and_answered(
        self, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices_given, "TEXT", self.EAST)
        stage_notices(tmp_path)
        with world_of(tmp_path / "signed", tmp_path / "world", HOMES, clock) as world:
            clock.now = EVENING
            monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
            body = notice_body().replace(b'"feedback_days":30,', b"")
            last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
            receipt = TestForgedNotices().receipt(world, body, agreement=digest(self.EAST), due=last)
            assert receipt == ("accepted", "")
            for verb in (("duties", "list"), ("findings", "list", "--why", "x"), ("status",)):
                assert world.run(CBSA, *verb).code == 0
            (row,) = owed(world, CBSA, BY_US, CBP)
            for due in (last, datetime(1, 1, 1, tzinfo=UTC)):  # as an older version kept it
                with world.nodes[CBSA].store.writing() as tx:
                    tx.put_duty(replace(row, due=due))
                assert len(listed(world, CBSA)) == 1
            answer(world.nodes[CBSA], row.about, "used", "", f"{CBSA}/liaison-1")


class TestVerbs:
    def test_an_empty_list_teaches(self, world: World) -> None:
        shown = world.run(CBP, "duties", "list")
        assert (shown.code, "No answer is owed." in shown.out, listed(world, CBP)) == (0, True, [])

    @pytest.mark.parametrize(
        ("party", "verb", "why"),
        [
            (CBSA, ("acknowledge", "NOTICE"), "owed by us.cbp to this node"),
            (CBP, ("acknowledge", "sha256:"), "owes no answer about a notice"),
            (CBP, ("acknowledge", "0" * 64), "owes no answer about a notice"),
            (CBP, ("answer", "NOTICE", "--outcome", "prosecuted"), "is not an outcome. Use one of: warning-issued"),
            (CBP, ("answer", "NOTICE", "--outcome", "used", "--note", "x" * 2001), "longer than 2000 characters"),
        ],
    )
    def test_a_mistake_is_explained_and_sends_nothing(
        self, told: World, party: str, verb: tuple[str, ...], why: str
    ) -> None:
        arguments = [notice(told) if part == "NOTICE" else part for part in verb]
        refused = told.run(party, "duties", *arguments)
        assert (refused.code, why in refused.err) == (3, True), refused.err
        assert sent(told, party, CBSA if party == CBP else CBP, "feedback") == []

    def test_a_second_acknowledgement_asks_for_the_outcome(self, told: World) -> None:
        acknowledge(told.nodes[CBP], notice(told), OFFICER)
        again = told.run(CBP, "duties", "acknowledge", notice(told))
        assert (again.code, "waits for its outcome" in again.err) == (3, True)

    def test_a_beginning_that_fits_several_notices_is_not_enough(self, told: World) -> None:
        (row,) = owed(told, CBP, BY_US, CBSA)
        with told.nodes[CBP].store.writing() as tx:
            tx.put_duty(replace(row, partner=DEA, about=row.about[:20] + "f" * 51))
        refused = told.run(CBP, "duties", "acknowledge", row.about[7:15])
        assert (refused.code, "2 notices begin with" in refused.err) == (3, True)
        assert told.run(CBP, "duties", "acknowledge", row.about).code == 0

    def test_the_status_names_things_in_words_and_its_json_in_codes(self, told: World) -> None:
        shown = told.run(CBP, "status")
        assert all(words in shown.out for words in ("Finding", "Notification", "Accepted", "owes answers"))
        assert "1 notice from a partner wants an answer" in shown.out
        body = told.run(CBP, "status", "--json").json
        assert body["duties"] == [{"owed": "by-us", "partner": CBSA, "open": 1, "overdue": 0}]
        assert {"partner": CBSA, "type": "notification", "state": "accepted", "number": 1} in body["received"]

    def test_the_list_shows_who_owes_whom(self, told: World) -> None:
        line = told.run(CBP, "duties", "list").out.splitlines()[1]
        assert line.split()[:3] == [notice(told)[7:19], CBP, CBSA]
        assert "No answer yet SIMULATED" in line
        assert "2027-03-31 (in 30 days)" in line
        assert listed(told, CBP, "--owed", "to-us") == []
