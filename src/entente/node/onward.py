"""On behalf of others: what a party said goes on to a partner where that party signed a text that says so.

Whatever it is held under here still binds: its purposes, its caveats, and the days it may still be kept.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from entente.agreements import Agreement, Limits
from entente.node.limits import limits_of
from entente.signing import parse
from entente.store import RecordRow

NEVER = Limits(purposes=())


class Bound(NamedTuple):
    """What binds a record when it is given: `limits` beside the agreements, and the `chain` through which it came."""

    limits: Limits
    chain: tuple[str, ...]


def bound(row: RecordRow, today: date) -> Bound:
    """What binds the record in `row` on its local day `today` (entente.node.keeping_days): of a received one what it is
    held under.

    INVARIANT: what may not be kept any longer is given to nobody, and nor is what came without its handling.
    """
    if row.via is None:
        return Bound(limits_of(row), ())
    if row.handling is None:
        return Bound(NEVER, ())
    handling = parse(row.handling)
    days = (row.retain_until - today).days if row.retain_until else None
    chain = (*handling.get("chain", (row.said_by,)), *(() if row.via == row.said_by else (row.via,)))
    if days is not None and days < 1:
        return Bound(NEVER, chain)
    limits = Limits(purposes=tuple(handling["purposes"]), caveats=tuple(handling["caveats"]), retain_days=days)
    return Bound(limits, chain)


def spoken_for(agreements: Iterable[Agreement], giver: str, receiver: str) -> frozenset[str]:
    """Whose records `giver` may give to `receiver` as soon as it holds them."""
    return frozenset(
        party
        for agreement in agreements
        for found in agreement.provisions
        if found.effect == "permit" and found.occasion == "standing" and found.is_between(giver, receiver)
        for party in found.on_behalf_of or ()
    )


def of_those(
    rows: Sequence[RecordRow], parties: frozenset[str], receiver: str, unheard: frozenset[str] = frozenset()
) -> list[RecordRow]:
    """Those of `rows` that one of `parties` said, that did not come from `receiver`, nor from one of `unheard`
    (entente.node.heard)."""
    return [
        row
        for row in rows
        if row.said_by in parties
        and receiver not in (row.said_by, row.via)
        and unheard.isdisjoint((row.said_by, row.via))
    ]
