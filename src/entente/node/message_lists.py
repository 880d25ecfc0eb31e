"""Messages to and from one partner as a list, the newest first, page by page; never what is inside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.exchange import read_receipt
from entente.exchange.batches import MAX_BATCH_MESSAGES
from entente.node.calling import plain
from entente.node.work import Node
from entente.store import OutboxRow, Transaction

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message for a partner. `receipt_at`: when the partner signed for it, by its own clock. `record_id` is empty
    where it carries none. `next_try_at`: not tried again before then."""

    seq: int
    id: str
    type: str
    state: str
    reason: str
    record_id: str
    created_at: datetime
    attempts: int
    next_try_at: datetime | None
    receipt_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """A message from a partner, with what we made of it and its entry in our ledger."""

    seq: int
    id: str
    type: str
    state: str
    reason: str
    received_at: datetime
    ledger_index: int


def sent_messages(node: Node, party: str, *, before: int | None = None, limit: int = PAGE) -> Sequence[SentMessage]:
    """The last `limit` messages for `party` with a number below `before`, the newest first."""
    with node.store.reading() as tx:
        stop = _stop(tx.position(party).sent_seq, before)
        rows = list(tx.outbox(party, start=max(1, stop - limit), stop=stop))
        signed = _signed_at(tx, party, rows, stop)
    return [
        SentMessage(
            seq=row.seq,
            id=row.id,
            type=row.type,
            state=row.state,
            reason=plain(row.reason),
            record_id=row.record_id or "",
            created_at=row.created_at,
            attempts=row.attempts,
            next_try_at=row.next_try_at,
            receipt_at=signed.get(row.seq),
        )
        for row in reversed(rows)
    ]


def received_messages(
    node: Node, party: str, *, before: int | None = None, limit: int = PAGE
) -> Sequence[ReceivedMessage]:
    """The last `limit` messages from `party` with a number below `before`, the newest first."""
    with node.store.reading() as tx:
        stop = _stop(tx.position(party).received_seq, before)
        rows = list(tx.inbox(party, start=max(1, stop - limit), stop=stop))
    return [
        ReceivedMessage(
            seq=row.seq,
            id=row.id,
            type=plain(row.type),
            state=row.state,
            reason=plain(row.reason),
            received_at=row.received_at,
            ledger_index=row.ledger_index,
        )
        for row in reversed(rows)
    ]


def _stop(last: int, before: int | None) -> int:
    return last + 1 if before is None else max(1, min(before, last + 1))


def _signed_at(tx: Transaction, party: str, rows: Sequence[OutboxRow], stop: int) -> dict[int, datetime]:
    """When the partner signed for which number: a receipt stands with the last message of its batch, which may follow
    on a later page."""
    found: dict[int, datetime] = {}
    for data in _receipts(tx, party, rows, stop):
        receipt = read_receipt(data).receipt
        found.update({item.seq: receipt.issued_at for item in receipt.items})
    return found


def _receipts(tx: Transaction, party: str, rows: Sequence[OutboxRow], stop: int) -> Iterator[bytes]:
    yield from (row.receipt for row in rows if row.receipt is not None)
    following = tx.outbox(party, start=stop, stop=stop + MAX_BATCH_MESSAGES)
    after = next((row.receipt for row in following if row.receipt is not None), None)
    if rows and after is not None:
        yield after
