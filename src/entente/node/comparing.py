"""Once a day a served node compares both streams with each partner: what heals itself is sent again, and what does not
is kept with the reason, for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from entente.errors import EntenteError
from entente.node.calling import Caller, make_plain
from entente.node.reconciling import reconcile
from entente.node.taking_over import TooManyForgotten
from entente.node.work import Node
from entente.signing import parse
from entente.store import ComparisonRow, PartnerRow, Transaction

EVERY = timedelta(days=1)
AGAIN = timedelta(hours=1)
"""After a comparison that could not be done."""
WHY = ("heals", "partner-heals", "denied", "lost-here", "erased", "contradicts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A message on which both sides differ. `way` is sent or received, `kind` one of entente.exchange.DifferenceKind,
    `why` one of WHY: it was sent again, the partner sends it again, or why neither helps."""

    seq: int
    way: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The last comparison with a partner; `fault` names the error that ended it, empty when it was done."""

    party: str
    at: datetime | None
    fault: str = ""
    sent: int = 0
    received: int = 0
    sent_again: int = 0
    gaps: tuple[Gap, ...] = ()

    @property
    def for_people(self) -> int:
        """Differences that no machine mends."""
        return sum(gap.why not in {"heals", "partner-heals"} for gap in self.gaps)


def compare_when_due(node: Node) -> Sequence[str]:
    """Compares with every partner whose last comparison is a day old; the parties. A new partner comes first after a
    day."""
    now = node.clock()
    with node.store.reading() as tx:
        last = {row.party: row for row in tx.comparisons()}
        due = [partner for partner in tx.partners() if now >= _due(partner, last.get(partner.party))]
    if not due:
        return ()
    caller = Caller(node)
    try:
        for partner in due:
            _compare(node, caller, partner)
    finally:
        caller.close()
    return [partner.party for partner in due]


def compared(node: Node) -> Sequence[Compared]:
    """The last comparison with every partner, in order of its code."""
    with node.store.reading() as tx:
        return [_read(tx, partner.party) for partner in tx.partners()]


def _compare(node: Node, caller: Caller, partner: PartnerRow) -> None:
    try:
        reconcile(node, caller, partner, may_heal=True)
    except EntenteError as error:
        make_plain(error)
        row = ComparisonRow(party=partner.party, at=node.clock(), fault=type(error).__name__, body=b"")
        with node.store.writing() as tx:
            tx.put_comparison(row)


def _due(partner: PartnerRow, last: ComparisonRow | None) -> datetime:
    if last is None:
        return partner.added_at + EVERY
    if last.fault == TooManyForgotten.__name__:
        return datetime.max.replace(tzinfo=UTC)  # a person goes on, or nobody
    return last.at + (AGAIN if last.fault else EVERY)


def _read(tx: Transaction, party: str) -> Compared:
    row = next((row for row in tx.comparisons() if row.party == party), None)
    if row is None or row.fault:
        return Compared(party=party, at=row.at if row else None, fault=row.fault if row else "")
    body: dict[str, Any] = parse(row.body)
    erased = set(body["erased"])
    gaps = [Gap(seq=one["seq"], way=one["way"], kind=one["kind"], why=_why(one, erased)) for one in body["differences"]]
    return Compared(
        party=party,
        at=row.at,
        sent=body["sent"],
        received=body["received"],
        sent_again=body["sent_again"],
        gaps=tuple(gaps),
    )


def _why(one: Mapping[str, Any], erased: set[int]) -> str:
    if one["way"] == "sent" and one["seq"] in erased:
        return "erased"
    if one["kind"] == "missing-there" and one["was_confirmed"]:
        return "denied" if one["way"] == "sent" else "lost-here"
    if one["heals_itself"]:
        return "heals" if one["way"] == "sent" else "partner-heals"
    return "contradicts"
