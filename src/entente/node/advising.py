"""Advisories: what goes to a party without a node. An officer makes one, people hand it over, and what the receiver
says comes back through an officer.

An advisory is a disclosure like any other, sealed and numbered in a stream of its own. Only the last step differs: no
courier takes it, and no receipt comes; that it was handed over is what a person says, and is written down as that.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from entente.errors import InputFault
from entente.exchange import Feedback, Message, Sealed, next_state, open_sealed, read_envelope
from entente.exchange.feedback import ACKNOWLEDGED, ANSWERED, MAX_NOTE_CHARACTERS, is_note
from entente.exchange.states import ADVISORY as STATES
from entente.exchange.states import RECALL
from entente.ledger import UnreadableOpening, read_opening
from entente.node.desk import officer_of
from entente.node.duties import UnfitNote, UnknownOutcome
from entente.node.looking import NoSuchRecord
from entente.node.offering import release_number
from entente.node.outside import outside_of
from entente.node.owing import OPEN, TO_US, follow_delivery, moved
from entente.node.people import Person
from entente.node.recall_taking import FINAL, follow_recalls
from entente.node.releases import approve_within, named_officer
from entente.node.taking_back import pack
from entente.node.work import Node, Work
from entente.signing import Json, canonical
from entente.store import DutyRow, OutboxRow, OutsideRow, RecallRow, ReleaseRow, Transaction

WAYS = ("telephone", "e-mail", "letter", "in-person")
WRITTEN, HANDED_OVER = "sent", "handed-over"
PERMISSION = "give-advisory"
_TOLD = ("advisory-written", "handed-over", "answer-heard")


class NoSuchAdvisory(InputFault):
    """There is no advisory `{number}`. `entente advisory list` shows their numbers."""


class AdvisoryTakenBack(InputFault):
    """The advisory {number} was taken back before anybody took it along: its agreement ended, or its record was called
    back. Nothing was written; destroy whatever was printed of it."""


class NotWrittenYet(InputFault):
    """No file of the advisory {number} was written yet, so nobody can have it. Write it first: `entente advisory
    write {number}`."""


class HandedOverAlready(InputFault):
    """That the advisory {number} was handed over is recorded already. Nothing was changed."""


class SaidAlready(InputFault):
    """What was to be recorded about the advisory {number} is recorded already, or nothing is waited for. Nothing was
    changed; `entente advisory list` shows how it stands."""


class UnknownWay(InputFault):
    """`{how}` is not a way in which something is handed over or said. Use one of: {known}."""


class NoName(InputFault):
    """Nothing was recorded, because it was not said who. Name the person at the other party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One message to a party without a node: an advisory, or the recall of one. `replaces` is the number of the one
    that it takes the place of or calls back; `duty` the answer that is owed about it."""

    number: str
    row: OutboxRow
    party: OutsideRow
    message: Message | None
    duty: DutyRow | None
    recall: RecallRow | None
    replaces: str
    is_overdue: bool

    @property
    def is_recall(self) -> bool:
        return self.row.type == "recall"

    @property
    def due(self) -> datetime | None:
        found = self.duty or self.recall
        return found.due if found else None

    @property
    def said(self) -> str:
        """How the answer stands: a state of the list `duty-state`; empty where none is owed."""
        if self.recall is not None:
            return "answered" if self.recall.state in FINAL else "owed"
        return self.duty.state if self.duty else ""

    def to_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "number": self.number,
            "party": row.partner,
            "type": row.type,
            "message": row.id,
            "record": row.record_id or (self.recall.record_id if self.recall else None),
            "version": row.record_version,
            "purpose": self.message.purpose if self.message else None,
            "state": row.state,
            "answer": self.said or None,
            "outcome": self.duty.outcome or None if self.duty else None,
            "note": self.duty.note if self.duty else "",
            "replaces": self.replaces or None,
            "due": self.due,
            "is_overdue": self.is_overdue,
            "is_simulated": self.message.is_simulated if self.message else None,
            "created_at": row.created_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that was recorded about an advisory, from its ledger entry number `index`."""

    index: int
    type: str
    at: datetime
    facts: Mapping[str, Any]


def advisories(node: Node, *, is_overdue: bool = False) -> Sequence[Advisory]:
    """The newest first; only those whose answer is overdue, or all."""
    with node.store.reading() as tx:
        found = [
            _advisory(tx, party, row, node.clock()) for party in tx.outside_parties() for row in tx.outbox(party.party)
        ]
    chosen = (one for one in found if one.is_overdue or not is_overdue)
    return sorted(chosen, key=lambda one: (one.row.created_at, one.number), reverse=True)


def advisory(node: Node, number: str) -> Advisory:
    """Raises NoSuchAdvisory."""
    with node.store.reading() as tx:
        return _found(tx, number, node.clock())


def history(node: Node, one: Advisory) -> Sequence[Told]:
    """What was recorded about it, oldest first; what was erased is left out."""
    with node.store.reading() as tx:
        rows = [row for row in tx.entries_about(one.row.id) if row.type in _TOLD]
    return list(_openings(rows))


def make(
    node: Node, record_id: str, party: str, purpose: str, *, officer: str, fields: Collection[str] | None = None
) -> ReleaseRow:
    """`officer` gives `party` what provisions in force let go of the record for `purpose`, or of that only `fields`.
    Where a second officer is needed it waits on the desk for that one. Raises NotOutside, UnknownWord, NoSuchRecord,
    NothingChosen and what `approve` raises."""
    with node.writing() as work:
        return _make(node, work, (record_id, party, purpose), officer=officer, fields=fields)


def make_as(
    node: Node, person: Person, record_id: str, party: str, purpose: str, *, fields: Collection[str] | None = None
) -> ReleaseRow:
    """As the officer of the account that is signed in. Raises Forbidden, NoOfficerOfYours and what `make` raises."""
    with node.writing() as work:
        officer = officer_of(work, person, PERMISSION)
        return _make(node, work, (record_id, party, purpose), officer=officer, account=person.name, fields=fields)


def _make(
    node: Node,
    work: Work,
    what: tuple[str, str, str],
    *,
    officer: str,
    account: str = "",
    fields: Collection[str] | None,
) -> ReleaseRow:
    record_id, party, purpose = what
    outside_of(work.tx, party)
    node.catalogue.vocabulary.list("purpose").term(purpose)
    record = work.tx.record(record_id)
    if record is None or not record.body:
        raise NoSuchRecord(record=record_id)
    number = release_number(record.id, record.version, party, purpose)
    known = work.tx.release(number)
    if known is None or known.state == "refused":
        fresh = ReleaseRow(
            id=number,
            record_id=record.id,
            record_version=record.version,
            partner=party,
            purpose=purpose,
            state="waiting",
            needs=1,
            approvals=canonical([]),
            created_at=work.now,
        )
        work.tx.put_release(fresh)
    return approve_within(node, work, number, officer, account=account, only=fields)


def write_out(node: Node, number: str, who: str) -> tuple[Advisory, Sealed]:
    """The advisory as it may go now, for files. From then on somebody may have it. Raises NoSuchAdvisory,
    AdvisoryTakenBack.

    INVARIANT: the question whether it may leave is asked again in this very transaction, as for what a courier takes.
    """
    with node.writing() as work:
        one = _found(work.tx, number, work.now)
        row, sealed = one.row, _as_it_may_go(node, work, one.row)
        if sealed is not None and row.state == STATES.start:
            row = _settle(work, row, "written")
        if sealed is not None:
            work.write("advisory-written", row.id, {"partner": row.partner, "who": who})
    if sealed is None:
        raise AdvisoryTakenBack(number=number)
    return replace(one, row=row), sealed


def _as_it_may_go(node: Node, work: Work, row: OutboxRow) -> Sealed | None:
    """None, and settled as taken back, where it may not leave any more. What was handed over is there to be shown."""
    if row.state == HANDED_OVER:
        sealed = open_sealed(row.sealed) if row.sealed else None
        return sealed if sealed is not None and sealed.body is not None else None
    if row.state not in STATES.states or STATES.states[row.state].is_final:
        return None
    parcels = pack(node, work, [row])
    if parcels and parcels[0].sealed.body is not None:
        return parcels[0].sealed
    if parcels:
        work.tx.settle(row.partner, row.seq, next_state(STATES, row.state, "emptied"), "taken-back", None)
        follow_delivery(work, row, "expired")
    return None


def hand_over(node: Node, number: str, *, how: str, to: str, who: str) -> Advisory:
    """`who` says that `to` has it now. Raises NoSuchAdvisory, NotWrittenYet, HandedOverAlready, AdvisoryTakenBack,
    UnknownWay, NoName, UnfitNote."""
    with node.writing() as work:
        one = _found(work.tx, number, work.now)
        if one.row.state == HANDED_OVER:
            raise HandedOverAlready(number=number)
        _hand_over(node, work, one, {"how": how, "to": to, "who": who})
    return advisory(node, number)


def acknowledge(node: Node, number: str, *, by: str, how: str, who: str) -> Advisory:
    """`by`, a person of the receiver, says that it has arrived; that it was handed over follows from that. Raises
    SaidAlready and what `hand_over` raises."""
    with node.writing() as work:
        one = _found(work.tx, number, work.now)
        _hand_over(node, work, one, {"how": how, "to": by, "who": who})
        said = Feedback(stage=ACKNOWLEDGED, outcome=None, note="", said_at=work.now)
        _hear(work, one, said, {"by": by, "how": how, "who": who})
    return advisory(node, number)


def answer(node: Node, number: str, *, outcome: str, note: str, who: str) -> Advisory:
    """What the receiver says the advisory led to; of a recall, that it was done. Raises UnknownOutcome, UnfitNote,
    NoSuchAdvisory, NotWrittenYet, SaidAlready."""
    known = node.catalogue.vocabulary.list("outcome").terms
    if outcome not in known:
        raise UnknownOutcome(outcome=outcome, known=", ".join(known))
    if not is_note(note):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)
    with node.writing() as work:
        one = _found(work.tx, number, work.now)
        _check_written(one)
        said = Feedback(stage=ANSWERED, outcome=outcome, note=note, said_at=work.now)
        _hear(work, one, said, {"who": who})
    return advisory(node, number)


def acting_as(node: Node, person: Person) -> str:
    """The officer whom the account acts as. Raises Forbidden, NoOfficerOfYours."""
    with node.writing() as work:
        return named_officer(node, work, officer_of(work, person, PERMISSION))


def _hand_over(node: Node, work: Work, one: Advisory, said: Mapping[str, str]) -> None:
    if said["how"] not in WAYS:
        raise UnknownWay(how=said["how"], known=", ".join(WAYS))
    if not said["to"].strip():
        raise NoName
    if not is_note(said["to"]):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)
    _check_written(one)
    if one.row.state == HANDED_OVER:
        return
    _settle(work, one.row, "handed-over")
    work.write("handed-over", one.row.id, {"partner": one.row.partner, **said})
    follow_recalls(node, work, [(one.row, "accepted")])


def _check_written(one: Advisory) -> None:
    if one.row.state == "expired":
        raise AdvisoryTakenBack(number=one.number)
    if one.row.state == STATES.start:
        raise NotWrittenYet(number=one.number)


def _settle(work: Work, row: OutboxRow, event: str) -> OutboxRow:
    state = next_state(STATES, row.state, event)
    work.tx.settle(row.partner, row.seq, state, "", None)
    return replace(row, state=state)


def _hear(work: Work, one: Advisory, said: Feedback, more: Mapping[str, str]) -> None:
    recall = work.tx.recall(one.row.id) if one.is_recall else None
    if recall is not None and said.stage == ANSWERED and (recall.state, "done") in RECALL.steps:
        work.tx.put_recall(replace(recall, state=next_state(RECALL, recall.state, "done"), settled_at=work.now))
    elif one.duty is not None and one.duty.state in OPEN and (one.duty.state, said.stage) != (ACKNOWLEDGED,) * 2:
        work.tx.put_duty(moved(one.duty, said, work.now))
    elif recall is None or said.stage == ANSWERED:
        raise SaidAlready(number=one.number)
    facts: dict[str, Json] = {"partner": one.row.partner, "stage": said.stage, "outcome": said.outcome, **more}
    work.write("answer-heard", one.row.id, facts)


def _found(tx: Transaction, number: str, now: datetime) -> Advisory:
    code, _, seq = number.rpartition("-")
    party = tx.outside_party(code)
    place = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 10 else 0
    rows = list(tx.outbox(code, start=place, stop=place + 1)) if party and place else []
    if party is None or not rows:
        raise NoSuchAdvisory(number=number)
    return _advisory(tx, party, rows[0], now)


def _advisory(tx: Transaction, party: OutsideRow, row: OutboxRow, now: datetime) -> Advisory:
    message = read_envelope(open_sealed(row.sealed).envelope) if row.sealed else None
    duty, recall = tx.duty(TO_US, row.partner, row.id), tx.recall(row.id)
    before = tx.sent_message(row.partner, message.about) if message and message.about else None
    is_open = (duty is not None and duty.state in OPEN) or (recall is not None and recall.state not in FINAL)
    due = (duty or recall).due if duty or recall else None  # type: ignore[union-attr]
    return Advisory(
        number=number_of(row),
        row=row,
        party=party,
        message=message,
        duty=duty,
        recall=recall,
        replaces=number_of(before) if before else "",
        is_overdue=is_open and due is not None and due < now,
    )


def number_of(row: OutboxRow) -> str:
    """What people call it, on the telephone too."""
    return f"{row.partner}-{row.seq}"


def _openings(rows: Sequence[Any]) -> Iterator[Told]:
    for row in rows:
        try:
            facts = read_opening(row.opening or b"").facts
        except UnreadableOpening:
            continue
        yield Told(index=row.index, type=row.type, at=row.at, facts=facts)
