"""What may no longer leave: a message whose agreement ended while it waited travels without its body.

It was decided upon when it was queued; between that moment and the wire an agreement can end, be suspended or lose a
provision. So the same question is asked again at the last moment, in the transaction that hands messages to the wire.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.agreements import RESCUE, Agreement, came_through
from entente.exchange import MESSAGE_TYPES, Message, Sealed, open_sealed, read_envelope
from entente.node.heard import stale
from entente.node.in_force import agreements_between
from entente.node.keeping_days import today_for
from entente.node.onward import NEVER, bound
from entente.node.owing import follow_delivery
from entente.node.work import Node, Work
from entente.store import OutboxRow

ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row of the outbox, opened, as it may travel now."""

    row: OutboxRow
    sealed: Sealed


def pack(node: Node, work: Work, rows: Sequence[OutboxRow]) -> Sequence[Parcel]:
    """The first of the claimed `rows` that can travel, following on each other; those that may not go are emptied.

    A row whose message was erased cannot travel (its signed envelope is gone): it is settled as `expired` with the
    reason `erased`, so that it never holds back those behind it. If the partner has lost it too, its next receipt says
    so. Raises UnreadableMessage.
    """
    parcels: list[Parcel] = []
    in_force = _in_force(node, work, rows)
    for row in rows:
        if row.sealed:
            parcels.append(Parcel(row, _as_it_may_go(node, work, row, in_force)))
        elif parcels:
            break
        else:
            work.tx.settle(row.partner, row.seq, "expired", ERASED, row.receipt)
            _write(work, row, ERASED)
            follow_delivery(work, row, "expired")
    return parcels


def _in_force(node: Node, work: Work, rows: Sequence[OutboxRow]) -> Mapping[str, Agreement]:
    """By digest; not even looked for where no message needs one."""
    if not any(_needs_force(row.type) for row in rows):
        return {}
    found = agreements_between(node, work.tx, rows[0].partner, work.now)
    return {agreement.digest: agreement for agreement in found}


def _needs_force(type_: str) -> bool:
    return type_ in MESSAGE_TYPES and MESSAGE_TYPES[type_].needs_force


def _as_it_may_go(node: Node, work: Work, row: OutboxRow, in_force: Mapping[str, Agreement]) -> Sealed:
    """INVARIANT: no body leaves under an agreement that is not in force, or a provision that is not valid, now; and
    what others said leaves only while we know what they have signed (entente.node.heard)."""
    sealed = open_sealed(row.sealed)
    if sealed.body is None or not _needs_force(row.type):
        return sealed
    message = read_envelope(sealed.envelope)
    agreement, chain = in_force.get(message.agreement or ""), came_through(sealed.body)
    is_permitted = _is_permitted(message, agreement, work.now, chain) and not (chain and _is_over(node, work, row))
    is_heard = message.purpose == RESCUE or stale(work.tx, work.now).isdisjoint(chain or ())
    if is_permitted and is_heard:
        return sealed
    emptied = sealed.emptied()
    work.tx.replace_sealed(row.partner, row.seq, emptied.to_wire())
    _write(work, row, "not-heard-from" if is_permitted else "not-in-force")
    return emptied


def _is_permitted(
    message: Message, agreement: Agreement | None, moment: datetime, chain: Collection[str] | None
) -> bool:
    """INVARIANT: on behalf of somebody whom the text binds no more, nothing leaves either."""
    if agreement is None or not {message.origin, message.recipient} <= set(agreement.parties):
        return False
    day = agreement.local_day(moment)
    valid = (found for found in agreement.provisions if found.is_valid_on(day))
    return set(message.provisions) <= {found.id for found in valid if chain is None or found.speaks_for(chain)}


def _is_over(node: Node, work: Work, row: OutboxRow) -> bool:
    """INVARIANT: what others said, and we may keep no longer, leaves no more, however long it waited."""
    held = work.tx.record(row.record_id or "", row.record_version)
    return held is None or bound(held, today_for(node, work.tx, held, work.now)).limits == NEVER


def _write(work: Work, row: OutboxRow, why: str) -> None:
    work.write("taken-back", row.id, {"partner": row.partner, "seq": row.seq, "type": row.type, "why": why})
