"""What has left under one agreement: what its partners hold when it is suspended. It is listed; getting it back is
another matter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from entente.exchange import open_sealed, read_envelope
from entente.node.work import Node
from entente.store import OutboxRow, Transaction

PAGE = 50
_PAGE_READ = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Version `version` of a record went to `partner` in the message with number `seq`, queued at `at`; `state` is that
    of the message."""

    partner: str
    seq: int
    message: str
    state: str
    record_id: str
    version: int
    at: datetime
    provisions: tuple[str, ...]
    purpose: str
    is_simulated: bool


def sent_under(
    node: Node, agreement: str, partner: str, *, before: int | None = None, limit: int | None = PAGE
) -> Sequence[Sent]:
    """What went to `partner` under the agreement with this digest in messages with a number below `before`, the newest
    first; all of it where `limit` is None.

    INVARIANT: a message that was handed to the wire once counts as gone, whether or not a receipt came back; one that
    was taken back does not, nor one whose record was erased here, of which nothing is kept that could be listed.
    """
    with node.store.reading() as tx:
        last = tx.position(partner).sent_seq + 1
        found = _back(tx, agreement, partner, last if before is None else min(before, last))
        return list(islice(found, limit))


def partners_told(node: Node) -> Sequence[str]:
    """Everybody to whom messages may have gone."""
    with node.store.reading() as tx:
        return [row.party for row in tx.partners()]


def _back(tx: Transaction, agreement: str, partner: str, stop: int) -> Iterator[Sent]:
    while stop > 1:
        start = max(1, stop - _PAGE_READ)
        rows = list(tx.outbox(partner, start=start, stop=stop))
        yield from (sent for row in reversed(rows) if (sent := _sent(row, agreement)) is not None)
        stop = start


def _sent(row: OutboxRow, agreement: str) -> Sent | None:
    has_left = row.attempts > 0 and row.record_id is not None
    if not has_left or agreement.encode() not in row.sealed:  # quick; the envelope is asked next
        return None
    sealed = open_sealed(row.sealed)
    message = read_envelope(sealed.envelope)
    if sealed.body is None or message.agreement != agreement:
        return None
    return Sent(
        partner=row.partner,
        seq=row.seq,
        message=row.id,
        state=row.state,
        record_id=row.record_id or "",
        version=row.record_version or 0,
        at=row.created_at,
        provisions=message.provisions,
        purpose=message.purpose or "",
        is_simulated=message.is_simulated,
    )
