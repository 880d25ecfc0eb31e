"""Life is at risk: one named officer gives a partner the fewest fields that are needed, at once; another person reviews
it within a day.

It goes under a provision for emergencies, of an agreement that is in force (entente.agreements). Nothing here waits for
a second officer, for training, or for a forbid that does not name rescue. What is too slow is left out; what is needed
to judge it afterwards is written down in the same transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from entente.agreements import EMERGENCY, RESCUE, Approval, Ask, Decision, decide, disclose, shown
from entente.errors import InputFault
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.node.apart import check_apart
from entente.node.courier import UNANSWERED
from entente.node.duties import UnfitNote
from entente.node.in_force import agreements_now, roles_of
from entente.node.keeping_days import today_for
from entente.node.looking import Look, NoSuchRecord, check_purpose, log_look, may_be_used, record_of
from entente.node.offering import RECALL_NEEDED, write_decisions
from entente.node.onward import bound
from entente.node.outgoing import Outgoing
from entente.node.releases import AlreadySettled, NoSuchRelease, named_officer
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import RecordRow, ReleaseRow, Transaction

TO_REVIEW, REVIEWED = "emergency", "emergency-reviewed"
"""States of an emergency release: it has gone and nobody else has looked at it; somebody has."""
REVIEW_WITHIN = timedelta(hours=24)
_PAGE = 500
Judgement = Literal["right", "wrong"]


class NotInAnEmergency(InputFault):
    """Nothing of this record may go to {partner} in an emergency: {why}. Call your liaison office; what may be told
    stands in the agreements."""


class NoEmergencyReason(InputFault):
    """Nothing was given, because no reason was. Write in a few words why a life is at risk; whoever reviews it reads
    it."""


class OwnReview(InputFault):
    """{officer} gave this in an emergency and cannot review it. Ask another officer."""


class NoJudgement(InputFault):
    """Nothing was reviewed, because nothing was said about it. Write what you found."""


class NoSuchEmergency(NoSuchRelease):
    """Nothing with the number `{release}` was given in an emergency. `entente emergency list` shows what was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What `partner` could be given now: `decision` as if one officer had approved; `fields` of those the record
    holds."""

    record: Record
    partner: str
    decision: Decision
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One emergency release: who gave which `fields` of what to whom, when and why, with which `account`, if one was
    signed in; `seq` is the number of its message to the partner. `reviewer`, `judgement` and `note` once somebody else
    has looked at it."""

    number: str
    record_id: str
    version: int
    partner: str
    officer: str
    fields: tuple[str, ...]
    why: str
    at: datetime
    account: str = ""
    seq: int = 0
    reviewer: str | None = None
    judgement: Judgement | None = None
    note: str = ""

    @property
    def review_due(self) -> datetime:
        return self.at + REVIEW_WITHIN

    def is_overdue(self, now: datetime) -> bool:
        return self.judgement is None and now > self.review_due

    def is_of(self, officer: str, account: str) -> bool:
        """Whether this person gave it."""
        return officer == self.officer or bool(account and account == self.account)

    @property
    def recall(self) -> str:
        """The number under which the release desk has it, once it was found wrong."""
        return digest(self.number.encode())[7:23]


def offer_in_emergency(node: Node, look: Look, record_id: str, partner: str) -> Offer:
    """What could go; the look is logged. Raises NoReason, UnknownWord, NoSuchRecord, NotInAnEmergency."""
    node.catalogue.vocabulary.list("party").term(partner)
    check_purpose(node, look)
    with node.writing() as work:
        row = work.tx.record(record_id)
        if row is None or not may_be_used(node, row, look.purpose):
            raise NoSuchRecord(record=record_id)
        log_look(work, look, row.kind, [row.id])
        return _offer(node, work, record_id, partner, "+")


def give_in_emergency(
    node: Node, record_id: str, partner: str, *, officer: str, why: str, fields: Collection[str]
) -> Given:
    """`officer` gives `partner` the chosen `fields`, which leave with the next delivery. Raises NotAReleasingOfficer,
    NoEmergencyReason, UnfitNote, NoSuchRecord, NotInAnEmergency, NothingChosen, MessageTooLarge."""
    with node.writing() as work:
        return give_within(node, work, record_id, partner, officer=officer, why=why, fields=fields)


def give_within(
    node: Node,
    work: Work,
    record_id: str,
    partner: str,
    *,
    officer: str,
    why: str,
    fields: Collection[str],
    account: str = "",
) -> Given:
    """`give_in_emergency` as a part of a larger transaction, by the `account` that is signed in, if one is."""
    check_said(why, NoEmergencyReason)
    officer = named_officer(node, work, officer)
    found = _offer(node, work, record_id, partner, officer)
    record, decision = found.record, found.decision
    _hurry(work, partner)
    disclosure = disclose(record, node.catalogue.kind(record.kind), decision, only=fields)
    outgoing = Outgoing(node, work, partner)
    outgoing.disclose(disclosure, decision.mask, urgency="urgent")
    outgoing.close()
    write_decisions(work, partner, RESCUE, [record], [decision])
    chosen = [name for name in found.fields if name in fields]
    facts: dict[str, Json] = {"partner": partner, "officer": officer, "fields": [*chosen], "why": why.strip()}
    work.write("emergency-given", record.id, {**facts, **({"by": account} if account else {})})
    row = _row(work, record, partner, {**facts, "account": account, "seq": work.tx.position(partner).sent_seq})
    work.tx.put_release(row)
    return given_in(row)


def emergencies(node: Node, *, is_open: bool | None = None) -> Sequence[Given]:
    """Oldest first; only those that wait for review, or only the others, or all (None)."""
    states = {None: (TO_REVIEW, REVIEWED), True: (TO_REVIEW,), False: (REVIEWED,)}[is_open]
    with node.store.reading() as tx:
        rows = [row for state in states for row in tx.releases(state)]
    return sorted(map(given_in, rows), key=lambda found: found.at)


def review_emergency(node: Node, number: str, *, officer: str, judgement: Judgement, note: str) -> Given:
    """Another officer says whether it was right. What was wrong goes to the desk: the partner holds what it should not.
    Raises NoSuchEmergency, AlreadySettled, NotAReleasingOfficer, OwnReview, NoJudgement, UnfitNote."""
    with node.writing() as work:
        return review_within(node, work, number, officer=officer, judgement=judgement, note=note)


def review_within(
    node: Node, work: Work, number: str, *, officer: str, judgement: Judgement, note: str, account: str = ""
) -> Given:
    """`review_emergency` as a part of a larger transaction, by the `account` that is signed in, if one is.

    INVARIANT: nobody reviews what they gave, neither as the same officer nor with the same account.
    """
    row = emergency_row(work.tx, number)
    if row.state == REVIEWED:
        raise AlreadySettled(release=number, state=row.state)
    officer, given = named_officer(node, work, officer), given_in(row)
    if given.is_of(officer, account):
        raise OwnReview(officer=officer)
    if account and given.account:
        check_apart(node, work, account, given.account, given.at)
    check_said(note, NoJudgement)
    review: dict[str, Json] = {"reviewer": officer, "judgement": judgement, "note": note.strip()}
    (said,) = parse(row.approvals)
    row = replace(row, state=REVIEWED, approvals=canonical([{**said, **review}]))
    work.tx.put_release(row)
    if judgement == "wrong":
        work.tx.put_release(replace(row, id=given.recall, state=RECALL_NEEDED, approvals=canonical([])))
    facts: dict[str, Json] = {"release": number, "partner": row.partner, **review}
    work.write("emergency-reviewed", row.record_id, {**facts, **({"by": account} if account else {})})
    return given_in(row)


def emergency_row(tx: Transaction, number: str) -> ReleaseRow:
    """Raises NoSuchEmergency."""
    row = tx.release(number)
    if row is None or row.state not in (TO_REVIEW, REVIEWED):
        raise NoSuchEmergency(release=number)
    return row


def check_said(text: str, missing: type[InputFault]) -> None:
    """Raises `missing`, UnfitNote."""
    if not text.strip():
        raise missing
    if not is_note(text.strip()):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)


def _offer(node: Node, work: Work, record_id: str, partner: str, officer: str) -> Offer:
    row = work.tx.record(record_id)
    if row is None or not row.body:
        raise NoSuchRecord(record=record_id)
    found = weigh(node, work, row, partner, officer)
    if found.decision.outcome != "release":
        raise NotInAnEmergency(partner=partner, why=", ".join(found.decision.because))
    return found


def weigh(node: Node, work: Work, row: RecordRow, partner: str, officer: str = "+") -> Offer:
    """What `partner` could be given of the record in `row`, if `officer` gave it; its decision says where nothing."""
    record, binds = record_of(node, row), bound(row, today_for(node, work.tx, row, work.now))
    ask = Ask(
        record=record,
        kind=node.catalogue.kind(record.kind),
        giver=node.party,
        receiver=partner,
        receiver_roles=roles_of(node.catalogue.vocabulary, partner),
        purpose=RESCUE,
        occasion=EMERGENCY,
        moment=work.now,
        approvals=(Approval(officer=officer, at=work.now),),
        limits=binds.limits,
        chain=binds.chain,
    )
    decision = decide(ask, agreements_now(node, work, partner), node.catalogue.vocabulary)
    fields = tuple(shown(record, decision)) if decision.outcome == "release" else ()
    return Offer(record=record, partner=partner, decision=decision, fields=fields)


def _hurry(work: Work, partner: str) -> None:
    """What was put off for this partner is tried again now: messages go in order, so it would hold up what follows."""
    stop = work.tx.position(partner).sent_seq + 1
    while stop > 1:
        start = max(1, stop - _PAGE)
        rows = list(work.tx.outbox(partner, start=start, stop=stop))
        work.tx.requeue(partner, [row.seq for row in rows if row.next_try_at is not None])
        if any(row.state not in UNANSWERED for row in rows):
            return
        stop = start


def _row(work: Work, record: Record, partner: str, facts: dict[str, Json]) -> ReleaseRow:
    at = work.now.isoformat()
    return ReleaseRow(
        id=digest(canonical([record.id, record.version, partner, RESCUE, at]))[7:23],
        record_id=record.id,
        record_version=record.version,
        partner=partner,
        purpose=RESCUE,
        state=TO_REVIEW,
        needs=0,
        approvals=canonical([{**facts, "at": at}]),
        created_at=work.now,
    )


def given_in(row: ReleaseRow) -> Given:
    (said,) = parse(row.approvals)
    return Given(
        number=row.id,
        record_id=row.record_id,
        version=row.record_version,
        partner=row.partner,
        officer=said["officer"],
        fields=tuple(said["fields"]),
        why=said["why"],
        at=datetime.fromisoformat(said["at"]),
        account=said.get("account", ""),
        seq=said.get("seq", 0),
        reviewer=said.get("reviewer"),
        judgement=said.get("judgement"),
        note=said.get("note", ""),
    )
