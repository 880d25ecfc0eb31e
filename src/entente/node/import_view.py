"""What a person sees around an import: the formats this node takes, and what has left of it; numbers, never values."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.node.courier import UNANSWERED
from entente.node.in_force import roles_of
from entente.node.work import Node
from entente.records import Reader
from entente.store import IntakeRow, Transaction

_WITH_RECORDS = ("disclosure", "notification", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """To one partner: messages with records, by state, and records that wait for a releasing officer."""

    partner: str
    states: Mapping[str, int]
    for_people: int

    @property
    def unsettled(self) -> int:
        """Messages without an answer from the partner."""
        return sum(self.states.get(state, 0) for state in UNANSWERED)

    @property
    def not_taken_in(self) -> int:
        """Messages that the partner put aside or refused, or that were taken back before they left."""
        return sum(self.states.values()) - self.unsettled - self.states.get("accepted", 0)


def usable_readers(node: Node, readers: Sequence[Reader]) -> Sequence[Reader]:
    """Those whose records this party may hold."""
    held = roles_of(node.catalogue.vocabulary, node.party)
    return [reader for reader in readers if node.catalogue.kind(reader.kind).holder_role in (None, *held)]


def leaving(node: Node, row: IntakeRow) -> Sequence[Leaving]:
    """What was written for partners from the arrival of the file to the end of its import, in order of partner.

    What goes by standing provisions is written in the transaction that keeps the records, so that nothing of the import
    is missing; what others did meanwhile is counted too. Partners for whom there is nothing are left out.
    """
    until = row.finished_at or node.clock()
    with node.store.reading() as tx:
        waiting = Counter(
            release.partner for release in tx.releases("waiting") if row.started_at <= release.created_at <= until
        )
        found = [
            Leaving(
                partner=partner.party,
                states=_states(tx, partner.party, row.started_at, until),
                for_people=waiting[partner.party],
            )
            for partner in tx.partners()
        ]
    return [one for one in found if one.states or one.for_people]


def _states(tx: Transaction, partner: str, since: datetime, until: datetime) -> Mapping[str, int]:
    """The moments of a stream rise with its numbers, so that a few looks find where the time begins and ends."""

    def written(seq: int) -> datetime:
        return next(iter(tx.outbox(partner, start=seq, stop=seq + 1))).created_at

    seqs = range(1, tx.position(partner).sent_seq + 1)
    start = bisect_left(seqs, since, key=written)
    stop = bisect_right(seqs, until, lo=start, key=written)
    found: Counter[str] = Counter()
    for type_, state, number in tx.outbox_states(partner, start + 1, stop + 1):
        if type_ in _WITH_RECORDS:
            found[state] += number
    return found
