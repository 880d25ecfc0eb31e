"""Step 6: a batch arrives from a partner. Judged, decided upon, kept and answered in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from entente.exchange import (
    INBOUND,
    Arrival,
    Batch,
    Directory,
    Fork,
    ForkedStream,
    Position,
    Receipt,
    ReceiptItem,
    Sifted,
    SignedReceipt,
    SpeaksForAnother,
    UnknownKey,
    arrivals,
    next_state,
    open_message,
    open_sealed,
    sift,
    sign_receipt,
    verify_batch,
)
from entente.node.accusing import accuse
from entente.node.keyring import key_towards
from entente.node.publishing import checkpoint_now
from entente.node.taken import Taken
from entente.node.taking import take
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import InboxRow, Transaction

_ISSUED = "receipt-issued"
"""The setting with the moment of our last receipt."""


@dataclass(frozen=True, slots=True)
class _Result:
    rows: list[InboxRow]
    items: list[ReceiptItem]


def take_in(node: Node, speaker: str, known: Directory, batch: Batch) -> SignedReceipt:
    """Takes in the batch that `speaker` sent, exactly once, and answers with the signed receipt.

    Raises UnknownKey, BadSignature, BatchForAnother, SpeaksForAnother; ForkedStream once the evidence is in the ledger.
    """
    key_id = batch.signature.key_id
    key = known.pinned_for(speaker, key_id) if known.key_of(key_id, node.clock()) else None
    if key is None:
        raise UnknownKey(key_id=ascii(key_id))
    manifest = verify_batch(batch, key.key, node.party)
    if manifest.origin != speaker:
        raise SpeaksForAnother(speaker=speaker, origin=manifest.origin)
    with node.writing() as work:
        sifted = _sift(node, work, speaker, known, batch)
        if not isinstance(sifted.halt, Fork):
            return _answer(node, work, batch, _take_all(node, work, speaker, sifted))
        _write_fork(work, speaker, sifted.halt)
    raise ForkedStream(origin=speaker, seq=sifted.halt.seq, why=sifted.halt.why)


def _sift(node: Node, work: Work, speaker: str, known: Directory, batch: Batch) -> Sifted:
    held = {row.seq: row.id for row in _held(work.tx, speaker, batch)}
    position = work.tx.position(speaker)
    opened = arrivals(batch, lambda sealed: open_message(sealed, known, speaker=speaker, recipient=node.party))
    return sift(Position(seq=position.received_seq, id=position.received_id), opened, held.get)


def _held(tx: Transaction, speaker: str, batch: Batch) -> list[InboxRow]:
    return list(tx.inbox(speaker, start=batch.manifest.first_seq, stop=batch.manifest.last_seq + 1))


def _take_all(node: Node, work: Work, speaker: str, sifted: Sifted) -> _Result:
    """Receipts for what was held already, then everything new."""
    result, written = _Result([], []), 0
    if sifted.again:
        again = work.tx.inbox(speaker, start=sifted.again[0].seq, stop=sifted.again[-1].seq + 1)
        result.items.extend(_item(row, _leaf_hash(work.tx, row.ledger_index)) for row in again)
    for arrival in sifted.fresh:
        if arrival.message is not None and arrival.message.type == "recall":  # it finds what came before it
            work.tx.add_inbox(result.rows[written:])
            written = len(result.rows)
        taken = take(node, work, speaker, arrival)
        row, leaf_hash = _inbox_row(work, speaker, arrival, taken)
        result.rows.append(row)
        result.items.append(_item(row, leaf_hash))
    work.tx.add_inbox(result.rows[written:])
    return result


def _inbox_row(work: Work, speaker: str, arrival: Arrival, taken: Taken) -> tuple[InboxRow, str]:
    state = next_state(INBOUND, "arrived", taken.event)
    facts: dict[str, Json] = {
        "partner": speaker,
        "seq": arrival.seq,
        "state": state,
        "reason": taken.reason,
        **taken.facts,
    }
    index, leaf_hash = work.write("received", arrival.sealed.id, facts)
    kept = arrival.sealed.emptied() if state == "refused" else arrival.sealed  # what may not be held is not held
    row = InboxRow(
        partner=speaker,
        seq=arrival.seq,
        id=arrival.sealed.id,
        type=arrival.message.type if arrival.message else "unreadable",
        state=state,
        reason=taken.reason,
        sealed=kept.to_wire(),
        received_at=work.now,
        ledger_index=index,
        record_id=record if isinstance(record := taken.facts.get("record"), str) else None,
    )
    return row, leaf_hash


def _item(row: InboxRow, leaf_hash: str) -> ReceiptItem:
    return ReceiptItem(
        seq=row.seq, id=row.id, state=row.state, ledger_index=row.ledger_index, leaf_hash=leaf_hash, reason=row.reason
    )


def _leaf_hash(tx: Transaction, index: int) -> str:
    return next(iter(tx.entries(index, index + 1))).leaf_hash.hex()


def _answer(node: Node, work: Work, batch: Batch, result: _Result) -> SignedReceipt:
    receipt = Receipt(
        origin=batch.manifest.origin,
        recipient=node.party,
        root=batch.manifest.root,
        expected_seq=work.tx.position(batch.manifest.origin).received_seq + 1,
        items=tuple(result.items),
        checkpoint=checkpoint_now(node, work).decode("utf-8"),
        issued_at=_issued_at(work),
    )
    return sign_receipt(receipt, key_towards(node, work.tx, batch.manifest.origin))


def _issued_at(work: Work) -> datetime:
    """INVARIANT: later than every receipt before it, though a clock was set back or several machines serve the node:
    two receipts in the wrong order would prove of an honest ledger that it went back."""
    last = work.tx.setting(_ISSUED)
    at = max(work.now, datetime.fromisoformat(last) + timedelta(microseconds=1)) if last else work.now
    work.tx.put_setting(_ISSUED, at.isoformat())
    return at


def _write_fork(work: Work, speaker: str, fork: Fork) -> None:
    """Once per message: its sender tries again and again. The signed envelope, without body, is the evidence."""
    if work.tx.entries_about(fork.offered.id):
        return
    facts: dict[str, Json] = {
        "partner": speaker,
        "seq": fork.seq,
        "held": fork.held_id,
        "offered": fork.offered.id,
        "why": fork.why,
        "evidence": fork.offered.emptied().to_wire().decode("utf-8"),
    }
    work.write("refused-message", fork.offered.id, facts)
    near = work.tx.inbox(speaker, start=max(fork.seq - 1, 1), stop=fork.seq + 1)
    held = next((row for row in near if row.id == fork.held_id), None)
    if held is not None:
        pair = (open_sealed(held.sealed), fork.offered)
        first, second = (sealed.emptied().to_wire().decode("utf-8") for sealed in pair)
        accuse(work, speaker, "stream-forked", {"first": first, "second": second})
