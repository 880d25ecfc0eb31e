"""What is owed about a message that carries a record: written down together with the message, and moved by what comes
back about it.

A notice always asks for an answer; anything else that carries a record does where its provisions set `feedback_days`,
and the day stands in its envelope.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from entente.agreements import Agreement, Disclosure, Holding
from entente.exchange import FEEDBACK, Feedback, Message, next_state
from entente.exchange.feedback import ACKNOWLEDGED, ANSWERED
from entente.exchange.states import LOST
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json
from entente.store import DutyRow, OutboxRow, Transaction

BY_US, TO_US = "owed-by-us", "owed-to-us"
NOTICE = "notification"
_CARRIERS = frozenset((NOTICE, "disclosure", "correction", "answer"))
"""Types of messages that an answer may be owed about."""
OPEN = ("owed", "acknowledged")
"""States of FEEDBACK in which an answer is waited for; as in the queries of the store."""
LATEST = datetime(9999, 12, 30, 12, tzinfo=UTC)
"""The latest day on which anything is due: one that every zone can still tell."""
AFTER_ALL = LATEST + timedelta(days=1)
_AFTER_DELIVERY: Mapping[str, str] = {
    "refused": "undelivered",
    "expired": "undelivered",
    "quarantined": "put-aside",
    "accepted": LOST,
}
Said = tuple[str, str]
"""An event of the table INBOUND, with its reason code."""


class Asking:
    """What `partner` is asked about in one transaction, and by when: each version of a record once, and a record that
    went as a notice once for all its versions.

    `ids` are the records that may go; what was asked about them before is read at once, when it is first needed.
    """

    def __init__(self, node: Node, work: Work, partner: str, ids: Iterable[str] = ()) -> None:
        self._node, self._work, self._partner = node, work, partner
        self._ids = tuple(ids)
        self._known: dict[str, set[int]] = {}
        self._duties: list[DutyRow] = []
        self._dues: dict[tuple[str, int], datetime | None] = {}

    def is_asked(self, record_id: str, version: int | None = None) -> bool:
        """True when the partner owes an answer about this version (None: any), or has given it; one that it put aside
        does not count."""
        if record_id not in self._known:
            wanted = self._ids if record_id in self._ids else (record_id,)
            self._known |= {one: set() for one in wanted}
            for one, number in self._work.tx.asked_versions(self._partner, wanted):
                self._known[one].add(number)
        versions = self._known[record_id]
        return bool(versions) if version is None else version in versions

    def due(self, disclosure: Disclosure) -> datetime | None:
        """When the answer about `disclosure`, sent now, is due; None where no provision sets days."""
        days = disclosure.feedback_days
        if days is None:
            return None
        key = (disclosure.agreement, days)
        if key not in self._dues:
            self._dues[key] = self._due(*key)
        return self._dues[key]

    def _due(self, digest: str, days: int) -> datetime | None:
        agreement = text_of(self._node, self._work.tx, digest)
        if agreement is None:
            return None
        today = agreement.local_day(self._work.now)
        return end_of_day(date.max if days > (date.max - today).days else today + timedelta(days=days), agreement.zone)

    def owe(self, disclosure: Disclosure, message: str, due: datetime | None) -> None:
        """From now on the receiver of `disclosure` owes an answer about `message`."""
        row = DutyRow(
            direction=TO_US,
            partner=disclosure.receiver,
            about=message,
            record_id=disclosure.record_id,
            record_version=disclosure.record_version,
            agreement=disclosure.agreement,
            due=due,
            state=FEEDBACK.start,
            outcome="",
            note="",
            is_simulated=disclosure.is_simulated,
            created_at=self._work.now,
        )
        self._duties.append(row)
        self._known.setdefault(disclosure.record_id, set()).add(disclosure.record_version)

    def close(self) -> None:
        """Hands what is owed to the store."""
        self._work.tx.put_duties(self._duties)


@lru_cache(maxsize=256)
def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of the local `day`, in UTC, at most LATEST. Days are inclusive: whoever answers on it is in
    time."""
    if day >= LATEST.date():
        return LATEST
    return datetime.combine(day, time.max, ZoneInfo(zone)).astimezone(UTC)


def text_of(node: Node, tx: Transaction, agreement: str) -> Agreement | None:
    """The agreement with the digest `agreement`, in force or not."""
    if (known := node.text_read(agreement)) is not None:
        return known
    row = next((row for row in tx.agreements() if row.digest == agreement), None)
    return None if row is None else node.agreement(row.digest, row.source)


def asks(message: Message, holding: Holding) -> bool:
    """Whether we owe an answer about `message` once it is taken in.

    INVARIANT: what is no notice asks only where our own reading of the provisions sets days.
    """
    return message.type == NOTICE or (message.due is not None and holding.feedback_due is not None)


def asked_before(work: Work, speaker: str, record: Record) -> bool:
    """True when `speaker` has asked about this very version already, in another message."""
    asked = work.tx.duties(BY_US, record_id=record.id)
    return any((duty.partner, duty.record_version) == (speaker, record.version) for duty in asked)


def duty_about(node: Node, work: Work, speaker: str, message: Message, holding: Holding) -> DutyRow:
    """The answer that we owe `speaker` about its message, once it is taken in; nothing is written here.

    Of the day that its envelope names and the days that our own reading of the provisions gives, the earlier holds.
    """
    agreement = text_of(node, work.tx, holding.agreement)
    ends = []
    if message.due is not None:
        ends.append(min(message.due, LATEST))
    if holding.feedback_due is not None and agreement is not None:
        ends.append(end_of_day(holding.feedback_due, agreement.zone))
    return DutyRow(
        direction=BY_US,
        partner=speaker,
        about=work.message_id,
        record_id=holding.record.id,
        record_version=holding.record.version,
        agreement=holding.agreement,
        due=min(ends, default=None),
        state=FEEDBACK.start,
        outcome="",
        note="",
        is_simulated=message.is_simulated,
        created_at=work.now,
    )


def owe(work: Work, duty: DutyRow) -> dict[str, Json]:
    """From now on we owe `duty`; what the ledger says of it."""
    work.tx.put_duty(duty)
    return {"due": duty.due.isoformat() if duty.due else None}


def hear(work: Work, speaker: str, message: Message, said: Feedback) -> Said:
    """`speaker` says what became of a message of ours. Only what it owes moves, only forward, and once.

    INVARIANT: a message to somebody else is not told from one that does not exist.
    """
    duty = work.tx.duty(TO_US, speaker, message.about or "")
    if duty is None or duty.state == "void":
        return "refused", "nothing-owed"
    if duty.agreement != message.agreement:
        return "refused", "other-agreement"
    if duty.is_simulated is not message.is_simulated:
        return "refused", "simulated-flag"
    if duty.state == ANSWERED and said.stage == ANSWERED:
        is_same = (duty.outcome, duty.note) == (said.outcome, said.note)
        return ("accepted", "") if is_same else ("refused", "already-answered")
    if (duty.state, said.stage) in FEEDBACK.steps:
        work.tx.put_duty(moved(duty, said, work.now))
        facts: dict[str, Json] = {"partner": speaker, "stage": said.stage, "outcome": said.outcome}
        work.write("answer-heard", duty.about, facts)
    return "accepted", ""


def moved(duty: DutyRow, said: Feedback, now: datetime) -> DutyRow:
    """The duty after `said`. Raises ImpossibleStep."""
    state = next_state(FEEDBACK, duty.state, said.stage)
    if said.stage == ACKNOWLEDGED:
        return replace(duty, state=state, note=said.note, acknowledged_at=now)
    return replace(duty, state=state, outcome=said.outcome or "", note=said.note, answered_at=now)


def follow_delivery(work: Work, row: OutboxRow, state: str) -> None:
    """The partner, or its receipt, settled `row` as `state`: about what did not arrive, or what it holds aside, nothing
    is owed."""
    follow_deliveries(work, row.partner, [(row, state)])


def follow_deliveries(work: Work, partner: str, settled: Sequence[tuple[OutboxRow, str]]) -> None:
    """As `follow_delivery`, for many messages to one partner."""
    events = {row.id: state for row, state in settled if row.type in _CARRIERS}
    arrived = [about for about, state in events.items() if state == "accepted"]
    others = [about for about in events if events[about] != "accepted"]
    found = dict(work.tx.duties_about(TO_US, partner, arrived, is_open=False)) if arrived else {}
    found |= work.tx.duties_about(TO_US, partner, others) if others else {}
    for about, duty in found.items():
        because = events[about]
        event = _AFTER_DELIVERY.get(because, "")
        if (duty.state, event) in FEEDBACK.steps:
            now_owed = replace(duty, state=next_state(FEEDBACK, duty.state, event))
            work.tx.put_duty(now_owed)
            work.write("notice-void", about, {"partner": partner, "state": now_owed.state, "because": because})
