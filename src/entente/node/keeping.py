"""Step 2 of a record's life: one transaction = rows in the store + ledger entries + what standing provisions send."""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.node.listing import listing_row
from entente.node.offering import offer, receivers
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json
from entente.store import RecordRow


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a set of records."""

    kept: int
    unchanged: int


def keep(node: Node, work: Work, records: Sequence[Record], limits: bytes | None = None) -> Kept:
    """Keeps our own `records` (one per id): new ones, new versions; what says nothing new changes nothing.

    `limits` (entente.node.limits) bind records that rest on others."""
    heads = work.tx.heads([record.id for record in records])
    fresh = []
    for record in records:
        head = heads.get(record.id)
        if head is None:
            fresh.append(record)
        elif head.content_digest != record.content_digest or _has_other_limits(work, record, limits):
            fresh.append(record.succeeding(head.version, head.digest))
    rows = [own_row(record, limits) for record in fresh]
    work.tx.add_records(rows)
    work.tx.put_listing([listing_row(node, row, record) for row, record in zip(rows, fresh, strict=True)])
    for record in fresh:
        facts: dict[str, Json] = {"version": record.version, "record": record.digest, "kind": record.kind}
        work.write("kept" if record.version == 1 else "corrected", record.id, facts)
    for partner in receivers(work.tx):
        offer(node, work, partner, fresh)
    return Kept(len(fresh), len(records) - len(fresh))


def _has_other_limits(work: Work, record: Record, limits: bytes | None) -> bool:
    """INVARIANT: what rests on records is never told under the limits of an earlier look at them."""
    if limits is None:
        return False
    held = work.tx.record(record.id)
    return held is not None and held.handling != limits


def own_row(record: Record, limits: bytes | None = None) -> RecordRow:
    return RecordRow(
        id=record.id,
        version=record.version,
        kind=record.kind,
        said_by=record.said_by,
        digest=record.digest,
        content_digest=record.content_digest,
        body=record.body,
        recorded_at=record.recorded_at,
        is_simulated=record.is_simulated,
        handling=limits,
    )
