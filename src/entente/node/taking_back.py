"""What may no longer leave: a message whose agreement ended while it waited travels without its body.

It was decided upon when it was queued; between that moment and the wire an agreement can end, be suspended or lose a
provision. So the same question is asked again at the last moment, in the transaction that hands messages to the wire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.agreements import Agreement
from entente.exchange import MESSAGE_TYPES, Message, Sealed, open_sealed, read_envelope
from entente.node.in_force import agreements_between
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
            parcels.append(Parcel(row, _as_it_may_go(work, row, in_force)))
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


def _as_it_may_go(work: Work, row: OutboxRow, in_force: Mapping[str, Agreement]) -> Sealed:
    """INVARIANT: no body leaves under an agreement that is not in force, or a provision that is not valid, now."""
    sealed = open_sealed(row.sealed)
    if sealed.body is None or not _needs_force(row.type):
        return sealed
    message = read_envelope(sealed.envelope)
    if _is_permitted(message, in_force.get(message.agreement or ""), work.now):
        return sealed
    emptied = sealed.emptied()
    work.tx.replace_sealed(row.partner, row.seq, emptied.to_wire())
    _write(work, row, "not-in-force")
    return emptied


def _is_permitted(message: Message, agreement: Agreement | None, moment: datetime) -> bool:
    if agreement is None or not {message.origin, message.recipient} <= set(agreement.parties):
        return False
    day = agreement.local_day(moment)
    return set(message.provisions) <= {provision.id for provision in agreement.provisions if provision.is_valid_on(day)}


def _write(work: Work, row: OutboxRow, why: str) -> None:
    work.write("taken-back", row.id, {"partner": row.partner, "seq": row.seq, "type": row.type, "why": why})
