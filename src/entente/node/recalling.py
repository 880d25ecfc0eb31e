"""We call back what we gave: an officer says why, every partner that holds the record is told, and what each has done
is kept until all is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from entente.errors import InputFault
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.exchange.recalls import ERASE, ErasureReceipt, read_erasure_receipt
from entente.exchange.states import RECALL
from entente.node.desk import officer_of
from entente.node.erasing import take_back, withdraw_releases
from entente.node.offering import RECALL_NEEDED
from entente.node.owing import end_of_day, text_of
from entente.node.people import Person
from entente.node.recall_taking import FINAL, GIVEN, agreement_of, reached, send_recall
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import OutboxRow, RecalledRow, RecallRow, ReleaseRow

DEFAULT_DAYS = 7
"""Days that a partner has where nobody names another day."""


class UnknownRecallReason(InputFault):
    """`{reason}` is not a reason for a recall. Use one of: {known}; `entente words recall-reason` explains them."""


class UnfitRecallNote(InputFault):
    """The note is longer than {limit} characters or holds characters that steer a screen. Shorten it, or type it
    anew."""


class NobodyHoldsIt(InputFault):
    """Nothing of the record `{record}` was sent to {partner}, so there is nothing to call back. `entente records show`
    says to whom it went."""


class RecalledAlready(InputFault):
    """The record `{record}` was called back from {partner} before, and nothing was sent now. `entente recall list`
    shows what became of it."""


class PastDay(InputFault):
    """{day} is over. Name a day that is still to come."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A recall as of now; `receipt` is the partner's latest word."""

    row: RecallRow
    receipt: ErasureReceipt | None
    days_left: int | None
    is_overdue: bool

    @property
    def overdue_holders(self) -> tuple[str, ...]:
        """Those to whom the partner handed it on, and who are late themselves."""
        onward = self.receipt.onward if self.receipt is not None and self.is_overdue else ()
        return tuple(one.party for one in onward if one.state not in FINAL)

    def to_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "direction": row.direction,
            "partner": row.partner,
            "record": row.record_id,
            "about": row.about,
            "recall": row.id,
            "reason": row.reason,
            "note": row.note,
            "wanted": row.wanted,
            "state": row.state,
            "due": row.due,
            "days_left": self.days_left,
            "is_overdue": self.is_overdue,
            "overdue_holders": list(self.overdue_holders),
            "cause": row.cause or None,
            "who": row.who,
            "is_simulated": row.is_simulated,
            "created_at": row.created_at,
            "settled_at": row.settled_at,
            "receipt": None if self.receipt is None else self.receipt.to_json(),
        }


def recalls(
    node: Node, direction: str | None = None, *, is_overdue: bool = False, record_id: str | None = None
) -> Sequence[Recalled]:
    """What was called back by us (entente.node.recall_taking.GIVEN), from us (TAKEN) or both: open ones first, the
    soonest due at the top."""
    now = node.clock()
    with node.store.reading() as tx:
        rows = tx.recalls(direction, record_id=record_id)
    found = [_as_of(now, row) for row in rows]
    return sorted((one for one in found if one.is_overdue or not is_overdue), key=_order)


def proposals(node: Node) -> Sequence[ReleaseRow]:
    """Records whose newer version may not go to a partner who holds an earlier one: an officer decides whether to call
    it back."""
    with node.store.reading() as tx:
        return tx.releases(RECALL_NEEDED)


def barred(node: Node) -> Sequence[RecalledRow]:
    """What was called back from us and may not come back, the last first."""
    with node.store.reading() as tx:
        return tx.recalled()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """What an officer wants: from `partner` (empty: from everybody it went to), why, by the end of which day."""

    reason: str
    who: str
    partner: str = ""
    note: str = ""
    wanted: str = ERASE
    until: date | None = None


def give(node: Node, record_id: str, wish: CallBack) -> Sequence[RecallRow]:
    """Calls the record back. Raises UnknownRecallReason, UnfitRecallNote, PastDay, NobodyHoldsIt, RecalledAlready."""
    with node.writing() as work:
        return give_within(node, work, record_id, wish)


def give_as(node: Node, person: Person, record_id: str, wish: CallBack) -> Sequence[RecallRow]:
    """As the officer of the account that is signed in. Raises Forbidden, NoOfficerOfYours and what `give` raises."""
    with node.writing() as work:
        return give_within(node, work, record_id, replace(wish, who=officer_of(work, person, "recall")))


def holders(node: Node, record_id: str) -> Sequence[str]:
    """Partners from whom the record may be called back, in order."""
    with node.store.reading() as tx:
        called = {row.partner for row in tx.recalls(GIVEN, record_id=record_id) if row.state != "refused"}
        return sorted({row.partner for row in reached(tx, record_id)} - called)


def give_within(node: Node, work: Work, record_id: str, wish: CallBack) -> Sequence[RecallRow]:
    """`give` as a part of a larger transaction."""
    _check(node, work, wish)
    there = [row for row in reached(work.tx, record_id) if wish.partner in ("", row.partner)]
    taken_back = take_back(work, record_id, "recalled", wish.partner)
    if not there and not taken_back:
        raise NobodyHoldsIt(record=record_id, partner=wish.partner or "any partner")
    before = {(row.partner, row.about): row for row in work.tx.recalls(GIVEN, record_id=record_id)}
    fresh = [row for row in there if _is_news(before.get((row.partner, row.id)), wish.wanted)]
    if there and not fresh:
        raise RecalledAlready(record=record_id, partner=", ".join(sorted({row.partner for row in there})))
    sent = [send_recall(node, work, _row(node, work, row, wish)) for row in fresh]
    for row in taken_back:
        # What never left is written down, so that it is not offered again.
        if row.state == "queued" and not row.attempts:
            told_nothing = replace(_row(node, work, row, wish), state="done", settled_at=work.now)
            work.tx.put_recall(told_nothing)
    told = sorted({row.partner for row in (*fresh, *taken_back)})
    facts: dict[str, Json] = {"who": wish.who, "why": wish.reason, "note": wish.note, "wanted": wish.wanted}
    work.write("recalled", record_id, {**facts, "partners": list(told)})
    for party in told:
        withdraw_releases(work, record_id, party)
    _settle_proposals(work, record_id, told)
    return sent


def _check(node: Node, work: Work, wish: CallBack) -> None:
    known = node.catalogue.vocabulary.list("recall-reason").terms
    if wish.reason not in known:
        raise UnknownRecallReason(reason=wish.reason, known=", ".join(known))
    if not is_note(wish.note):
        raise UnfitRecallNote(limit=MAX_NOTE_CHARACTERS)
    if wish.until is not None and wish.until < work.now.date():
        raise PastDay(day=wish.until)


def _is_news(before: RecallRow | None, wanted: str) -> bool:
    return before is None or before.state == "refused" or (before.wanted != wanted and wanted == ERASE)


def _row(node: Node, work: Work, sent: OutboxRow, wish: CallBack) -> RecallRow:
    agreement = agreement_of(work.tx, sent)
    text = text_of(node, work.tx, agreement)
    day = wish.until or work.now.date() + timedelta(days=DEFAULT_DAYS)
    return RecallRow(
        direction=GIVEN,
        partner=sent.partner,
        about=sent.id,
        id="",
        record_id=sent.record_id or "",
        agreement=agreement,
        reason=wish.reason,
        note=wish.note,
        wanted=wish.wanted,
        due=max(end_of_day(day, text.zone if text else "UTC"), work.now),
        state=RECALL.start,
        cause="",
        who=wish.who,
        is_simulated=_is_simulated(work, sent),
        created_at=work.now,
    )


def _is_simulated(work: Work, sent: OutboxRow) -> bool:
    held = work.tx.record(sent.record_id or "", sent.record_version)
    return held is not None and held.is_simulated


def _settle_proposals(work: Work, record_id: str, told: Sequence[str]) -> None:
    for row in work.tx.releases(RECALL_NEEDED):
        if row.record_id == record_id and row.partner in told:
            work.tx.put_release(replace(row, state="refused"))


def _as_of(now: datetime, row: RecallRow) -> Recalled:
    receipt = read_erasure_receipt(row.receipt) if row.receipt else None
    is_open = row.state not in FINAL
    days = None if row.due is None else (row.due.date() - now.date()).days
    return Recalled(row, receipt, days, is_overdue=is_open and row.due is not None and row.due < now)


def _order(one: Recalled) -> tuple[bool, str, str, str]:
    due = one.row.due.isoformat() if one.row.due else "9999"
    return (one.row.state in FINAL, due, one.row.partner, one.row.about)
