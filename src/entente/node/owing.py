"""What is owed about a notice: written down together with the message, and moved by what comes back about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from entente.agreements import Agreement, Disclosure, Holding
from entente.exchange import FEEDBACK, Feedback, Message, envelope_bytes, next_state
from entente.exchange.feedback import ACKNOWLEDGED, ANSWERED
from entente.exchange.states import LOST
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, digest, parse
from entente.store import DutyRow, OutboxRow, Transaction

BY_US, TO_US = "owed-by-us", "owed-to-us"
NOTICE = "notification"
OPEN = ("owed", "acknowledged")
"""States of FEEDBACK in which an answer is waited for; as in the queries of the store."""
LATEST = datetime(9999, 12, 30, 12, tzinfo=UTC)
"""The latest day on which anything is due: one that every zone can still tell."""
_AFTER_DELIVERY: Mapping[str, str] = {
    "refused": "undelivered",
    "expired": "undelivered",
    "quarantined": "put-aside",
    "accepted": LOST,
}
Said = tuple[str, str]
"""An event of the table INBOUND, with its reason code."""


def is_asked_about(tx: Transaction, partner: str, record_id: str) -> bool:
    """True when `partner` owes an answer about some version of this record, or has given it; one that it put aside
    does not count."""
    duties = tx.duties(TO_US, record_id=record_id)
    return any(duty.partner == partner and duty.state not in ("void", "aside") for duty in duties)


def answer_due(node: Node, work: Work, disclosure: Disclosure) -> datetime | None:
    """When the answer about `disclosure`, sent now, is due; None where no provision sets days."""
    days = parse(disclosure.body)["handling"]["duties"].get("feedback_days")
    agreement = text_of(node, work.tx, disclosure.agreement)
    if days is None or agreement is None:
        return None
    today = agreement.local_day(work.now)
    return end_of_day(date.max if days > (date.max - today).days else today + timedelta(days=days), agreement.zone)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of the local `day`, in UTC, at most LATEST. Days are inclusive: whoever answers on it is in
    time."""
    if day >= LATEST.date():
        return LATEST
    return datetime.combine(day, time.max, ZoneInfo(zone)).astimezone(UTC)


def text_of(node: Node, tx: Transaction, agreement: str) -> Agreement | None:
    """The agreement with the digest `agreement`, in force or not."""
    row = next((row for row in tx.agreements() if row.digest == agreement), None)
    return None if row is None else node.agreement(row.digest, row.source)


def owe_to_us(work: Work, disclosure: Disclosure, message: str, due: datetime | None) -> None:
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
        created_at=work.now,
    )
    work.tx.put_duty(row)


def asked_before(work: Work, speaker: str, record: Record) -> bool:
    """True when `speaker` has asked about this very version already, in another notice."""
    asked = work.tx.duties(BY_US, record_id=record.id)
    return any((duty.partner, duty.record_version) == (speaker, record.version) for duty in asked)


def duty_about(node: Node, work: Work, speaker: str, message: Message, holding: Holding) -> DutyRow:
    """The answer that we owe `speaker` about its notice, once it is taken in; nothing is written here.

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
        about=digest(envelope_bytes(message)),
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
    """`speaker` says what became of a notice of ours. Only what it owes moves, only forward, and once.

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
    return "accepted", ""


def moved(duty: DutyRow, said: Feedback, now: datetime) -> DutyRow:
    """The duty after `said`. Raises ImpossibleStep."""
    state = next_state(FEEDBACK, duty.state, said.stage)
    if said.stage == ACKNOWLEDGED:
        return replace(duty, state=state, note=said.note, acknowledged_at=now)
    return replace(duty, state=state, outcome=said.outcome or "", note=said.note, answered_at=now)


def follow_delivery(work: Work, row: OutboxRow, state: str) -> None:
    """The partner, or its receipt, settled `row` as `state`: about a notice that did not arrive, or that it holds
    aside, nothing is owed."""
    if row.type != NOTICE:
        return
    duty, event = work.tx.duty(TO_US, row.partner, row.id), _AFTER_DELIVERY.get(state, "")
    if duty is None or (duty.state, event) not in FEEDBACK.steps:
        return
    now_owed = replace(duty, state=next_state(FEEDBACK, duty.state, event))
    work.tx.put_duty(now_owed)
    work.write("notice-void", row.id, {"partner": row.partner, "state": now_owed.state, "because": state})
