"""Answers that are owed: by us, about what partners sent; and to us, about what we sent.

A person acknowledges or answers; the feedback message and what it changes here are one transaction. An answer may go
after the agreement has ended: what it is about was shared under it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from entente.errors import InputFault
from entente.exchange import Feedback, feedback_bytes
from entente.exchange.feedback import ACKNOWLEDGED, ANSWERED, MAX_NOTE_CHARACTERS, is_note
from entente.node.looking import purposes_of
from entente.node.outgoing import Outgoing
from entente.node.owing import AFTER_ALL, BY_US, OPEN, moved, text_of
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import DutyRow, Transaction

_PREFIX = "sha256:"
_MOST_NAMED = 100


class NoSuchDuty(InputFault):
    """This node owes no answer about a notice `{about}`. `entente duties list` shows what it owes."""


class SeveralDuties(InputFault):
    """{number} notices begin with `{about}`. Give more of the id; `entente duties list --json` shows it whole."""


class OwedToUs(InputFault):
    """The answer about `{about}` is owed by {partner} to this node. Ask its liaison officer for it."""


class AnsweredAlready(InputFault):
    """The notice `{about}` was answered on {day} with the outcome `{outcome}`, and nothing was sent now. Tell {partner}
    on another way if that has changed."""


class AcknowledgedAlready(InputFault):
    """The notice `{about}` was acknowledged on {day}, and nothing was sent now. {partner} waits for its outcome: tell
    it with `entente duties answer`."""


class UnknownOutcome(InputFault):
    """`{outcome}` is not an outcome. Use one of: {known}; `entente words outcome` explains them."""


class UnfitNote(InputFault):
    """The note is longer than {limit} characters or holds characters that steer a screen. Shorten it, or type it
    anew."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as of now. `due_on` is the local day of its agreement, `days_left` the days until then (negative when it
    is over); both None where nothing sets a day."""

    row: DutyRow
    due_on: date | None
    days_left: int | None
    is_overdue: bool

    @property
    def about(self) -> str:
        """The id of the notice."""
        return self.row.about

    def to_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "owed": row.direction.removeprefix("owed-"),
            "partner": row.partner,
            "about": row.about,
            "record": row.record_id,
            "version": row.record_version,
            "agreement": row.agreement,
            "state": row.state,
            "outcome": row.outcome or None,
            "note": row.note,
            "due": row.due,
            "due_on": self.due_on,
            "days_left": self.days_left,
            "is_overdue": self.is_overdue,
            "is_simulated": row.is_simulated,
            "created_at": row.created_at,
            "acknowledged_at": row.acknowledged_at,
            "answered_at": row.answered_at,
        }


def duties(
    node: Node,
    direction: str | None = None,
    *,
    is_open: bool | None = None,
    is_overdue: bool = False,
    record_id: str | None = None,
) -> Sequence[Duty]:
    """What is owed by us, to us (entente.node.owing.BY_US, TO_US) or both: open ones first, the soonest due at the
    top. With `record_id` only what is owed about that record."""
    now = node.clock()
    with node.store.reading() as tx:
        found = as_of(node, tx, list(tx.duties(direction, is_open=is_open, record_id=record_id)), now)
    return sorted((duty for duty in found if duty.is_overdue or not is_overdue), key=_order)


def soonest(node: Node, direction: str, limit: int, *, is_overdue: bool = False) -> Sequence[Duty]:
    """The first `limit` open ones that have a day, the soonest due first; only what is overdue, or all."""
    now = node.clock()
    with node.store.reading() as tx:
        rows = tx.duties_due(now if is_overdue else AFTER_ALL, direction=direction, limit=limit)
        return as_of(node, tx, rows, now)


def duty_of(node: Node, about: str) -> Duty:
    """The duty about this very message. Raises NoSuchDuty."""
    with node.store.reading() as tx:
        rows = [row for row in tx.duties_beginning(about, 2) if row.about == about]
        found = as_of(node, tx, rows[:1], node.clock())
    if not found:
        raise NoSuchDuty(about=about)
    return found[0]


def as_of(node: Node, tx: Transaction, rows: Sequence[DutyRow], now: datetime) -> Sequence[Duty]:
    """The duties in `rows` at the moment `now`."""
    zones = _zones(node, tx, {row.agreement for row in rows})
    return [_as_of(now, row, zones) for row in rows]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is about, without a value: the kind of its record, and for what that may be read (None: for
    anything)."""

    kind: str
    purposes: tuple[str, ...] | None


def subjects(node: Node, found: Sequence[Duty]) -> Mapping[str, Subject]:
    """By id of the record, for those that this node holds."""
    with node.store.reading() as tx:
        rows = [tx.record(record) for record in {duty.row.record_id for duty in found}]
    return {row.id: Subject(row.kind, purposes_of(node, row)) for row in rows if row is not None}


def acknowledge(node: Node, about: str, who: str, note: str = "") -> DutyRow:
    """`who` has seen the notice whose id begins with `about`; its sender is told.

    Raises NoSuchDuty, SeveralDuties, OwedToUs, AnsweredAlready, AcknowledgedAlready, UnfitNote.
    """
    return _tell(node, about, who, ACKNOWLEDGED, note)


def answer(node: Node, about: str, outcome: str, note: str, who: str) -> DutyRow:
    """`who` says what the notice led to; its sender is told. Raises UnknownOutcome and what `acknowledge` raises."""
    known = node.catalogue.vocabulary.list("outcome").terms
    if outcome not in known:
        raise UnknownOutcome(outcome=outcome, known=", ".join(known))
    return _tell(node, about, who, ANSWERED, note, outcome=outcome)


def _tell(node: Node, about: str, who: str, stage: str, note: str, *, outcome: str | None = None) -> DutyRow:
    if not is_note(note):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)
    with node.writing() as work:
        row = _owed_by_us(work, about)
        _refuse_twice(row, stage)
        said = Feedback(stage=stage, outcome=outcome, note=note, said_at=work.now)
        outgoing = Outgoing(node, work, row.partner)
        message = outgoing.send(
            "feedback", feedback_bytes(said), about=row.about, agreement=row.agreement, is_simulated=row.is_simulated
        )
        outgoing.close()
        row = moved(row, said, work.now)
        work.tx.put_duty(row)
        facts: dict[str, Json] = {
            "partner": row.partner,
            "stage": stage,
            "outcome": outcome,
            "who": who,
            "message": message,
        }
        work.write("notice-answered", row.about, facts)
    return row


def _owed_by_us(work: Work, name: str) -> DutyRow:
    """The one duty of ours whose message begins with `name`, with or without the name of the digest."""
    begins = _PREFIX + name.removeprefix(_PREFIX)
    found = work.tx.duties_beginning(begins, _MOST_NAMED) if begins != _PREFIX else ()
    ours = [row for row in found if row.direction == BY_US]
    if len(ours) == 1:
        return ours[0]
    if ours:
        raise SeveralDuties(about=name, number=len(ours))
    if found:
        raise OwedToUs(about=name, partner=found[0].partner)
    raise NoSuchDuty(about=name)


def _refuse_twice(row: DutyRow, stage: str) -> None:
    if row.answered_at is not None:
        raise AnsweredAlready(about=row.about, day=row.answered_at.date(), outcome=row.outcome, partner=row.partner)
    if row.acknowledged_at is not None and stage == ACKNOWLEDGED:
        raise AcknowledgedAlready(about=row.about, day=row.acknowledged_at.date(), partner=row.partner)


def _zones(node: Node, tx: Transaction, digests: set[str]) -> Mapping[str, str]:
    texts = [text_of(node, tx, digest) for digest in digests]
    return {text.digest: text.zone for text in texts if text is not None}


def _as_of(now: datetime, row: DutyRow, zones: Mapping[str, str]) -> Duty:
    if row.due is None:
        return Duty(row, None, None, is_overdue=False)
    zone = ZoneInfo(zones.get(row.agreement, "UTC"))
    due_on = _local_day(row.due, zone)
    is_overdue = row.state in OPEN and row.due < now
    return Duty(row, due_on, (due_on - _local_day(now, zone)).days, is_overdue=is_overdue)


def _local_day(moment: datetime, zone: ZoneInfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first or the last day there is
        return moment.date()


def _order(duty: Duty) -> tuple[bool, date, str, str]:
    return (duty.row.state not in OPEN, duty.due_on or date.max, duty.row.partner, duty.about)
