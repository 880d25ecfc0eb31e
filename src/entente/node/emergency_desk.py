"""What the screens of emergencies show and do: with whom something is possible, what went and whether it arrived, who
may give and who may review."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from entente.agreements import RESCUE
from entente.node.courier import UNANSWERED, Courier
from entente.node.desk import officer_of
from entente.node.emergency import (
    TO_REVIEW,
    Given,
    Judgement,
    Offer,
    emergency_row,
    give_within,
    given_in,
    review_within,
    weigh,
)
from entente.node.listing import readable
from entente.node.looking import Look, NoSuchRecord, check_purpose, log_look, may_be_used, record_of
from entente.node.people import Person
from entente.node.releases import NotForThatPurpose
from entente.node.work import Node, Work
from entente.records import Record
from entente.store import RecordRow, Transaction

SAME = timedelta(minutes=1)
"""The same again within so long is a button that was pressed twice."""
AT_ONCE_SECONDS = 3.0
"""So long a person waits to read that it has arrived; the delivery goes on without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What each partner could be given of `record` in an emergency, and the partners for whom there is nothing, whose
    decision says why."""

    record: Record
    possible: Sequence[Offer]
    impossible: Sequence[Offer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`state` of the message (list `message-state`) and the partner's `reason`; `officers` are those of the partner,
    with their titles, who can be told by telephone."""

    given: Given
    state: str
    reason: str
    officers: Sequence[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        """Whether it may still arrive."""
        return self.state in UNANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One emergency release, read. `record` is the version that was given from, None once it is erased; `explanation`
    the decision as it is kept (canonical JSON), empty where it is not."""

    given: Given
    kind: str
    is_simulated: bool
    record: Record | None
    explanation: bytes
    delivery: Delivery


def offers(node: Node, look: Look, record_id: str, *, own: bool | None = None) -> Offers:
    """For every partner; the look is logged. `own` as in `look_at_one`. Raises NoReason, UnknownWord, NoSuchRecord."""
    check_purpose(node, look)
    with node.writing() as work:
        row = _seen(node, work, look, record_id, own=own)
        log_look(work, look, row.kind, [row.id])
        found = [weigh(node, work, row, partner.party) for partner in work.tx.partners()]
    return Offers(
        record=record_of(node, row),
        possible=[one for one in found if one.fields],
        impossible=[one for one in found if not one.fields],
    )


def give_as(
    node: Node,
    person: Person,
    look: Look,
    record_id: str,
    partner: str,
    *,
    why: str,
    fields: Collection[str],
    own: bool | None = None,
) -> Given:
    """`person` gives it as the officer of the account that is signed in. Raises Forbidden, NoOfficerOfYours and what
    `offers` and `give_in_emergency` raise."""
    check_purpose(node, look)
    with node.writing() as work:
        _seen(node, work, look, record_id, own=own)
        node.catalogue.vocabulary.list("party").term(partner)
        officer = officer_of(work, person, "give-in-emergency")
        again = _same(work, (record_id, partner, officer, why.strip(), set(fields)))
        return again or give_within(
            node, work, record_id, partner, officer=officer, why=why, fields=fields, account=person.name
        )


def review_as(node: Node, person: Person, number: str, judgement: Judgement, note: str) -> Given:
    """`person` says whether it was right. Raises NoSuchEmergency, Forbidden, NoOfficerOfYours and what
    `review_emergency` raises."""
    with node.writing() as work:
        emergency_row(work.tx, number)
        officer = officer_of(work, person, "review-emergency")
        return review_within(node, work, number, officer=officer, judgement=judgement, note=note, account=person.name)


def sheet(node: Node, look: Look, number: str) -> Sheet:
    """What was given, with its values; the look is logged.

    INVARIANT: nobody reads here what may not serve the purpose they stated.

    Raises NoReason, UnknownWord, NoSuchEmergency, NotForThatPurpose.
    """
    check_purpose(node, look)
    with node.writing() as work:
        given = given_in(emergency_row(work.tx, number))
        row = work.tx.record(given.record_id, given.version)
        if row is None or not may_be_used(node, row, look.purpose):
            raise NotForThatPurpose(release=number)
        log_look(work, look, row.kind, [row.id])
        return Sheet(
            given=given,
            kind=row.kind,
            is_simulated=row.is_simulated,
            record=readable(node, row),
            explanation=_explanation(work.tx, given),
            delivery=_delivery(work.tx, given, work.now.date()),
        )


def delivery(node: Node, number: str) -> Delivery:
    """Whether it has arrived; no value of the record. Raises NoSuchEmergency."""
    with node.store.reading() as tx:
        return _delivery(tx, given_in(emergency_row(tx, number)), node.clock().date())


def deliver_now(node: Node, partner: str) -> None:
    """Delivers to `partner` beside the courier, which may be waiting for another; returns when it is done, or after
    AT_ONCE_SECONDS. What cannot be delivered is tried again by the courier."""
    attempt = threading.Thread(target=_deliver, args=(node, partner), name="emergency", daemon=True)
    attempt.start()
    attempt.join(AT_ONCE_SECONDS)


def _deliver(node: Node, partner: str) -> None:
    courier = Courier(node)
    try:
        with node.store.reading() as tx:
            known = [row for row in tx.partners() if row.party == partner]
        for row in known:
            courier.deliver(row)
    finally:
        courier.close()


def _seen(node: Node, work: Work, look: Look, record_id: str, *, own: bool | None) -> RecordRow:
    row = work.tx.record(record_id)
    if row is None or not row.body or not may_be_used(node, row, look.purpose) or own not in (None, row.via is None):
        raise NoSuchRecord(record=record_id)
    return row


def _same(work: Work, wanted: tuple[str, str, str, str, Collection[str]]) -> Given | None:
    """What was given a moment ago, if it is the same: record, partner, officer, reason, fields."""
    for row in work.tx.releases(TO_REVIEW):
        given = given_in(row)
        told = (given.record_id, given.partner, given.officer, given.why, set(given.fields))
        if told == wanted and work.now - given.at < SAME:
            return given
    return None


def _explanation(tx: Transaction, given: Given) -> bytes:
    for row in tx.decisions(given.record_id):
        is_it = (row.record_version, row.partner, row.purpose) == (given.version, given.partner, RESCUE)
        if is_it and (kept := tx.explanation(row.mask)) is not None:
            return kept.body
    return b""


def _delivery(tx: Transaction, given: Given, today: date) -> Delivery:
    message = next(iter(tx.outbox(given.partner, start=given.seq, stop=given.seq + 1)), None)
    return Delivery(
        given=given,
        state=message.state if message else "",
        reason=message.reason if message else "",
        officers=[
            (row.officer, row.title)
            for row in tx.officers()
            if row.party == given.partner
            and row.valid_from <= today
            and (row.valid_until is None or today <= row.valid_until)
        ],
    )
