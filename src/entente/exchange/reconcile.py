"""Did everything that one side wrote arrive at the other, and do both say the same of it?

Two streams of (number, id, state), sorted by number, are walked side by side; what is in memory does not grow with
them. Where the roots of a range are equal nothing else needs to travel. The answer is a list of differences with what
to do about each: send again what heals itself, and call a person for what contradicts itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from entente.errors import InputFault
from entente.exchange.roots import merkle_root
from entente.exchange.states import OUTBOUND, RECEIPT_STATES

MAX_KEPT = 1000


class UnsortedItems(InputFault):
    """The items of a stream are not in order: {seq} comes after {before}. Give them sorted by number, each once."""


class StreamItem(NamedTuple):
    """One message as one side sees it: number, id, state (of OUTBOUND at its origin, of INBOUND at its recipient)."""

    seq: int
    id: str
    state: str


class DifferenceKind(StrEnum):
    """How two sides can differ about one number."""

    MISSING_THERE = "missing-there"
    MISSING_HERE = "missing-here"
    OTHER_ID = "other-id"
    OTHER_STATE = "other-state"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRoot:
    """A range of a stream in one hash: the Merkle root over `seq id state` lines (first and last are 0 when empty)."""

    first_seq: int
    last_seq: int
    count: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`sent` is the origin's view, `held` the recipient's; None where that side has nothing under this number."""

    seq: int
    kind: DifferenceKind
    sent: StreamItem | None
    held: StreamItem | None

    @property
    def heals_itself(self) -> bool:
        """Sending again mends it: the message never arrived, or only its receipt was lost on the way.

        INVARIANT: what the partner has confirmed with its signature never leaves again because it now says that it does
        not hold it; that is for a person to believe.
        """
        if self.kind is DifferenceKind.MISSING_THERE:
            return not self.was_confirmed
        is_open = self.sent is not None and not OUTBOUND.states[self.sent.state].is_final
        return self.kind is DifferenceKind.OTHER_STATE and is_open

    @property
    def was_confirmed(self) -> bool:
        """The partner has signed a receipt for it, whatever it says now."""
        return self.sent is not None and self.sent.state in RECEIPT_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What a comparison found. `waiting` were written but never handed to the wire, so nobody expects them there yet.

    `counts` counts every difference; `differences` keeps the first ones, and `plan` covers those. After carrying out
    the plan, compare again while `is_cut`.
    """

    compared: int
    waiting: int
    counts: Mapping[DifferenceKind, int]
    differences: tuple[Difference, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_clean(self) -> bool:
        return self.total == 0

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.differences)

    @property
    def plan(self) -> "Plan":
        return Plan(
            send_again=_ranges(item.seq for item in self.differences if item.heals_itself),
            ask_a_person=_ranges(item.seq for item in self.differences if not item.heals_itself),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Ranges of numbers, both ends included."""

    send_again: tuple[tuple[int, int], ...]
    ask_a_person: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Tally:
    compared: int = 0
    waiting: int = 0
    counts: Counter[DifferenceKind] = field(default_factory=Counter)
    kept: list[Difference] = field(default_factory=list)


def summary(items: Iterable[StreamItem]) -> RangeRoot:
    """One hash over the stream, read once. Raises UnsortedItems."""
    ends: list[int] = [0, 0, 0]  # first, last, count

    def lines() -> Iterator[bytes]:
        for item in _in_order(items):
            ends[:] = [ends[0] or item.seq, item.seq, ends[2] + 1]
            yield f"{item.seq} {item.id} {item.state}".encode()

    root = merkle_root(lines())
    return RangeRoot(first_seq=ends[0], last_seq=ends[1], count=ends[2], root=root)


def compare(sent: Iterable[StreamItem], held: Iterable[StreamItem], keep: int = MAX_KEPT) -> Reconciliation:
    """Compares what the origin wrote with what the recipient holds, the first `keep` differences in full.

    Raises UnsortedItems.
    """
    tally = _Tally()
    for one, other in _side_by_side(_in_order(sent), _in_order(held)):
        tally.compared += 1
        if one is not None and other is None and one.state == OUTBOUND.start:
            tally.waiting += 1
            continue
        kind = _kind(one, other)
        if kind is None:
            continue
        tally.counts[kind] += 1
        if len(tally.kept) < keep:
            seq = one.seq if one is not None else other.seq if other is not None else 0
            tally.kept.append(Difference(seq=seq, kind=kind, sent=one, held=other))
    return Reconciliation(
        compared=tally.compared,
        waiting=tally.waiting,
        counts=MappingProxyType(dict(tally.counts)),
        differences=tuple(tally.kept),
    )


def _kind(sent: StreamItem | None, held: StreamItem | None) -> DifferenceKind | None:
    if held is None:
        return DifferenceKind.MISSING_THERE
    if sent is None:
        return DifferenceKind.MISSING_HERE
    if sent.id != held.id:
        return DifferenceKind.OTHER_ID
    return None if sent.state == held.state else DifferenceKind.OTHER_STATE


def _side_by_side(
    sent: Iterator[StreamItem], held: Iterator[StreamItem]
) -> Iterator[tuple[StreamItem | None, StreamItem | None]]:
    one, other = next(sent, None), next(held, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.seq < other.seq):
            yield one, None
            one = next(sent, None)
        elif one is None or other.seq < one.seq:
            yield None, other
            other = next(held, None)
        else:
            yield one, other
            one, other = next(sent, None), next(held, None)


def _in_order(items: Iterable[StreamItem]) -> Iterator[StreamItem]:
    before = 0
    for item in items:
        if item.seq <= before:
            raise UnsortedItems(seq=item.seq, before=before)
        before = item.seq
        yield item


def _ranges(seqs: Iterable[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for seq in seqs:
        if found and found[-1][1] == seq - 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return tuple(found)
