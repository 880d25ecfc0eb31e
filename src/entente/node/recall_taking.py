"""A partner calls back what it gave us: it is erased or used no more, those to whom we handed it on are told, and a
receipt says what was done. No person is waited for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from entente.agreements import RESCUE, came_through
from entente.exchange import Message, envelope_bytes, next_state, open_sealed, read_envelope
from entente.exchange.recalls import (
    DONE,
    ERASE,
    MARK,
    MAX_HOLDERS,
    PARTLY,
    ErasureReceipt,
    Holder,
    Recall,
    erasure_receipt_bytes,
    read_erasure_receipt,
    read_recall,
    recall_bytes,
)
from entente.exchange.states import RECALL
from entente.node.erasing import Erased, erase, flag_findings, take_back
from entente.node.listing import listing_row
from entente.node.looking import record_of
from entente.node.outgoing import ADVISORY, Outgoing
from entente.node.recalled import copies_of, mark_of
from entente.node.taken import Taken
from entente.node.work import Node, Work
from entente.signing import canonical, digest, parse
from entente.store import InboxRow, OutboxRow, RecalledRow, RecallRow, RecordRow, Transaction

GIVEN, TAKEN = "given", "taken"
CARRIES = ("disclosure", "notification", "correction", "answer")
"""Types of messages that bring a record."""
NOT_THERE = ("refused", "expired")
"""States of messages whose record did not reach the partner."""
LEGAL_HOLD = "legal-hold"
FINAL = tuple(name for name, state in RECALL.states.items() if state.is_final)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """A record held here that is called back, and where it went on to: (message, agreement)."""

    row: RecordRow
    onward: tuple[tuple[OutboxRow, str], ...]


def take_recall(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """INVARIANT: only whoever gave it calls it back, by the message of its own stream that brought it; the originator
    calls back every copy."""
    recall = read_recall(body)
    brought = work.tx.received_message(speaker, message.about or "")
    if brought is None or brought.type not in CARRIES:
        return Taken("refused", "nothing-given")
    told_id, said_by = _told(work, brought)
    held = copies_of(work.tx, speaker, told_id, brought.record_id, said_by)
    copies = [_Copy(row=one, onward=_onward(work.tx, one.id)) for one in held]
    row = _taken_row(message, brought, recall, speaker, work.now)
    if said_by and (copies or brought.record_id or said_by == speaker):  # else it only says that it was somebody's
        _bar_return(node, work, row, copies, (told_id, said_by))
    done = [_undo(node, work, copy.row, recall, speaker) for copy in copies]
    work.tx.erase_received(speaker, brought.id)
    _pass_on(node, work, row, recall, copies)
    answer_recall(node, work, row, _receipt(work, row, copies, done))
    return Taken("accepted", "", {"about": message.about, "wanted": recall.wanted, "reason": recall.reason})


def take_erasure_receipt(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """A partner says what became of our recall; whoever called it back from us is told, where it was passed on."""
    receipt = read_erasure_receipt(body)
    row = work.tx.recall(message.about or "")
    if row is None or (row.direction, row.partner) != (GIVEN, speaker):
        return Taken("refused", "nothing-owed")
    facts = {"about": message.about, "stage": receipt.stage, "deed": receipt.deed}
    if row.state not in FINAL:
        settled = work.now if receipt.stage == DONE else None
        state = next_state(RECALL, row.state, receipt.stage)
        work.tx.put_recall(replace(row, state=state, receipt=body, settled_at=settled))
        _tell_upward(node, work, row.cause)
    return Taken("accepted", "", facts)


def follow_recalls(node: Node, work: Work, settled: Iterable[tuple[OutboxRow, str]]) -> None:
    """The partner's receipt settled these messages, each as this state."""
    for row, state in settled:
        found = work.tx.recall(row.id) if row.type == "recall" else None
        if found is None or found.direction != GIVEN or (found.state, state) not in RECALL.steps:
            continue
        moved = next_state(RECALL, found.state, state)
        work.tx.put_recall(replace(found, state=moved, settled_at=work.now if moved in FINAL else None))
        _tell_upward(node, work, found.cause)


def finish_recalls(node: Node) -> int:
    """Erases what was called back and had to stay because of a hold that has ended; how many recalls were ended."""
    with node.store.reading() as tx:
        waiting = [row for row in tx.recalls(TAKEN) if row.state == PARTLY and row.wanted == ERASE and _held(row)]
    ended = 0
    for one in waiting:
        with node.writing() as work:
            row = work.tx.recall(one.id)  # another process may have been quicker, or a newer recall came
            if row is not None and row.direction == TAKEN and row.state == PARTLY and _held(row):
                ended += _finish(node, work, row)
    return ended


def _finish(node: Node, work: Work, row: RecallRow) -> bool:
    """Erases the copies that no hold keeps any more, and says so; whether none is left.

    INVARIANT: no receipt says that all is erased while a hold keeps a copy, by whatever way that came.
    """
    brought = work.tx.received_message(row.partner, row.about)
    told_id, said_by = _told(work, brought) if brought else (row.record_id, "")
    copies = copies_of(work.tx, row.partner, told_id, row.record_id, said_by)
    kept = [copy for copy in copies if work.tx.hold(copy.id) is not None]
    free = [copy for copy in copies if copy.body and copy not in kept]
    done = [erase(node, work, copy.id, why=f"recall:{row.reason}") for copy in free]
    if kept and not done:
        return False
    told = read_erasure_receipt(row.receipt or b"")
    told = replace(
        told,
        deed=told.deed if kept else "erased",
        versions=told.versions + sum(one.versions for one in done),
        messages=told.messages + sum(one.messages for one in done),
        openings=told.openings + sum(one.openings for one in done),
        remains=tuple(code for code in told.remains if kept or code != LEGAL_HOLD),
    )
    answer_recall(node, work, row, told)
    return not kept


def answer_recall(node: Node, work: Work, row: RecallRow, told: ErasureReceipt) -> None:
    """Sends the receipt as of now, unless it says what was said before; keeps it."""
    onward = holders_below(work, row.id)
    is_open = any(one.state not in FINAL for one in onward) or LEGAL_HOLD in told.remains
    told = replace(told, onward=onward, stage=PARTLY if is_open else DONE, done_at=work.now)
    before = read_erasure_receipt(row.receipt) if row.receipt else None
    if before is not None and replace(before, done_at=work.now) == told:
        return
    body = erasure_receipt_bytes(told)
    outgoing = Outgoing(node, work, row.partner)
    outgoing.send("erasure-receipt", body, about=row.id, agreement=row.agreement, is_simulated=row.is_simulated)
    outgoing.close()
    state = row.state if row.state in FINAL else next_state(RECALL, row.state, told.stage)
    work.tx.put_recall(replace(row, state=state, receipt=body, settled_at=None if is_open else work.now))


def send_recall(node: Node, work: Work, row: RecallRow) -> RecallRow:
    """Queues the recall in `row`, which has no message yet, and keeps it."""
    outgoing = Outgoing(node, work, row.partner)
    message = outgoing.send(
        "recall",
        recall_bytes(Recall(reason=row.reason, note=row.note, wanted=row.wanted)),
        about=row.about,
        agreement=row.agreement,
        due=row.due,
        is_simulated=row.is_simulated,
    )
    outgoing.close()
    row = replace(row, id=message)
    work.tx.put_recall(row)
    return row


def _told(work: Work, brought: InboxRow) -> tuple[str, str]:
    """The id that the originator gave the record, and the originator; empty where nothing of it is kept."""
    body = open_sealed(brought.sealed).body if brought.sealed else None
    if body is not None and came_through(body) is not None:
        said = parse(body)["record"]
        return said["id"], said["said_by"]
    held = work.tx.record(brought.record_id or "")
    known = work.tx.recalled_as(brought.record_id or "")
    if known:
        return known[0].record_id, known[0].said_by
    return (held.id, held.said_by) if held else (brought.record_id or "", "")


def _onward(tx: Transaction, held_id: str) -> tuple[tuple[OutboxRow, str], ...]:
    """Read before anything is erased: afterwards the envelopes of what went on are gone."""
    return tuple((sent, agreement_of(tx, sent)) for sent in reached(tx, held_id))


def reached(tx: Transaction, record_id: str) -> Sequence[OutboxRow]:
    """Of the messages that carried the record to each partner the last one that may be there, which takes back all its
    versions, and each that stands by itself there: what went for a rescue, or because it was asked for."""
    last: dict[tuple[str, str], OutboxRow] = {}
    for row in tx.sent_of(record_id):
        if row.state not in NOT_THERE and (row.attempts or _is_written_out(row)):
            last[row.partner, row.id if _stands_alone(row) else ""] = row
    return list(last.values())


def agreement_of(tx: Transaction, row: OutboxRow) -> str:
    """Under which agreement a record went; where its message was erased, as it was decided."""
    if row.sealed:
        return read_envelope(open_sealed(row.sealed).envelope).agreement or ""
    for decision in tx.decisions(row.record_id or ""):
        if (decision.partner, decision.record_version, decision.outcome) == (
            row.partner,
            row.record_version,
            "release",
        ):
            found = tx.explanation(decision.mask)
            return str(parse(found.body)["agreement"]) if found else ""
    return ""


def _is_written_out(row: OutboxRow) -> bool:
    """An advisory of which files were written may be with its receiver."""
    return row.type == ADVISORY and row.state != "queued"


def _stands_alone(row: OutboxRow) -> bool:
    message = read_envelope(open_sealed(row.sealed).envelope) if row.sealed else None
    return message is None or message.purpose == RESCUE or message.about is not None


def _taken_row(message: Message, brought: InboxRow, recall: Recall, speaker: str, now: datetime) -> RecallRow:
    return RecallRow(
        direction=TAKEN,
        partner=speaker,
        about=brought.id,
        id=digest(envelope_bytes(message)),
        record_id=brought.record_id or "",
        agreement=message.agreement or "",
        reason=recall.reason,
        note=recall.note,
        wanted=recall.wanted,
        due=message.due,
        state=RECALL.start,
        cause="",
        who=speaker,
        is_simulated=message.is_simulated,
        created_at=now,
    )


def _bar_return(node: Node, work: Work, recall: RecallRow, copies: Sequence[_Copy], told: tuple[str, str]) -> None:
    told_id, said_by = told
    for copy in copies or (None,):
        kind = node.catalogue.kinds.get(copy.row.kind) if copy else None
        values = record_of(node, copy.row).values if copy and kind and copy.row.body else {}
        row = RecalledRow(
            said_by=said_by,
            record_id=told_id,
            held_id=copy.row.id if copy else recall.record_id or told_id,
            via=recall.partner,
            kind=copy.row.kind if copy else "",
            wanted=recall.wanted,
            reason=recall.reason,
            recall=recall.id,
            mark=mark_of(node, kind, values) if kind else "",
            at=work.now,
        )
        known = [one for one in work.tx.recalled_as(told_id) if (one.said_by, one.held_id) == (said_by, row.held_id)]
        for before in known:  # what the originator has called back stays called back by it
            row = replace(row, mark=row.mark or before.mark, via=said_by if before.via == said_by else row.via)
        work.tx.put_recalled(row)


def _undo(node: Node, work: Work, row: RecordRow, recall: Recall, speaker: str) -> Erased:
    if recall.wanted == ERASE and work.tx.hold(row.id) is None:
        return erase(node, work, row.id, why=f"recall:{recall.reason}")
    if not row.body:
        return Erased(record_id=row.id)
    take_back(work, row.id, "recalled")
    findings = flag_findings(node, work, row.id)
    marked = replace(row, handling=canonical({**parse(row.handling or b"{}"), "purposes": []}))
    work.tx.put_handling(row.id, marked.handling or b"")
    work.tx.put_listing([listing_row(node, marked, record_of(node, row))])
    work.write("recalled", row.id, {"by": speaker, "wanted": MARK, "why": recall.reason})
    return Erased(record_id=row.id, findings=tuple(findings))


def _pass_on(node: Node, work: Work, cause: RecallRow, recall: Recall, copies: Sequence[_Copy]) -> None:
    """INVARIANT: everybody to whom we handed it on is told, but never back the way it came."""
    for copy in copies:
        for sent, agreement in copy.onward:
            if sent.partner in (cause.partner, copy.row.said_by):
                continue
            row = replace(
                cause,
                direction=GIVEN,
                partner=sent.partner,
                about=sent.id,
                id="",
                record_id=copy.row.id,
                agreement=agreement or cause.agreement,
                reason=recall.reason,
                state=RECALL.start,
                cause=cause.id,
                due=max(cause.due, work.now) if cause.due else None,
            )
            send_recall(node, work, row)


def _receipt(work: Work, row: RecallRow, copies: Sequence[_Copy], done: Sequence[Erased]) -> ErasureReceipt:
    held = any(work.tx.hold(copy.row.id) is not None for copy in copies) and row.wanted == ERASE
    deed = "nothing-held" if not any(copy.row.body for copy in copies) else "erased"
    if copies and (row.wanted == MARK or held):
        deed = "marked"
    return ErasureReceipt(
        stage=DONE,
        deed=deed,
        versions=sum(one.versions for one in done),
        messages=sum(one.messages for one in done),
        openings=sum(one.openings for one in done),
        findings=len({name for one in done for name in one.findings}),
        onward=(),
        remains=("ledger-leaves", "backups", *((LEGAL_HOLD,) if held else ())),
        done_at=row.created_at,
    )


def holders_below(work: Work, recall_id: str) -> tuple[Holder, ...]:
    """Those we told, and those they told: whoever is not done first, and never left out because others are many."""
    found: list[Holder] = []
    for row in work.tx.passed_on(recall_id):
        found.append(Holder(party=row.partner, state=row.state, due=row.due))
        if row.receipt:
            found.extend(read_erasure_receipt(row.receipt).onward)
    return tuple(sorted(found, key=lambda one: one.state in FINAL)[:MAX_HOLDERS])


def _tell_upward(node: Node, work: Work, cause: str) -> None:
    """A newer receipt to whoever called it back from us."""
    parent = work.tx.recall(cause) if cause else None
    if parent is not None and parent.direction == TAKEN and parent.receipt:
        answer_recall(node, work, parent, read_erasure_receipt(parent.receipt))


def _held(row: RecallRow) -> bool:
    return row.receipt is not None and LEGAL_HOLD in read_erasure_receipt(row.receipt).remains
