"""How two nodes ask each other about a range of a stream: one hash first, items only where the hashes differ.

Either end may ask: the origin learns what is held, the recipient learns what was written. Both forms travel inside the
signed HTTP request and answer and need no signature of their own. A long stream is asked about in ranges.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from entente.errors import InputFault, PartnerFault
from entente.exchange.documents import VERSION, is_version, read_object
from entente.exchange.members import (
    Check,
    is_count,
    is_digest_text,
    is_hash_hex,
    is_party,
    is_seq,
    list_of,
    one_of,
)
from entente.exchange.reconcile import RangeRoot, StreamItem, UnsortedItems, summary
from entente.exchange.states import MACHINES
from entente.signing import Json, canonical

MAX_RANGE = 10_000
"""The most numbers that one question may span; the items of the answer then stay under 2 MiB."""

_ALL_STATES = tuple({state: None for machine in MACHINES for state in machine.states})


class UnreadableReconciliation(PartnerFault):
    """A question or answer about a stream cannot be read: {why}. Ask the partner's operator to update its node."""


class RangeTooWide(InputFault):
    """The range {first} to {last} is not between 1 and {limit} numbers. Ask about a stream in smaller ranges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeView:
    """One side's view of numbers `first_seq` to `last_seq` of a stream; as an answer it has items if the roots
    differ."""

    origin: str
    recipient: str
    first_seq: int
    last_seq: int
    count: int
    root: str
    items: tuple[StreamItem, ...] = ()

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Which range of which stream it is about."""
        return self.origin, self.recipient, self.first_seq, self.last_seq

    def agrees_with(self, other: "RangeView") -> bool:
        """Both sides see the same messages in the same states."""
        return (self.place, self.count, self.root) == (other.place, other.count, other.root)

    def to_wire(self) -> bytes:
        items: list[Json] = [list(item) for item in self.items]
        return canonical(
            {
                "v": VERSION,
                "origin": self.origin,
                "recipient": self.recipient,
                "first_seq": self.first_seq,
                "last_seq": self.last_seq,
                "count": self.count,
                "root": self.root,
                "items": items,
            }
        )


def _is_item(value: object) -> bool:
    is_state = one_of(_ALL_STATES)
    return (
        isinstance(value, list)
        and len(value) == len(StreamItem._fields)
        and is_seq(value[0])
        and is_digest_text(value[1])
        and is_state(value[2])
    )


RANGE_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "origin": is_party,
        "recipient": is_party,
        "first_seq": is_seq,
        "last_seq": is_seq,
        "count": is_count,
        "root": is_hash_hex,
        "items": list_of(_is_item, MAX_RANGE),
    }
)


def ask_about(items: Iterable[StreamItem], *, origin: str, recipient: str, first_seq: int, last_seq: int) -> RangeView:
    """The question about a range, with one hash over `items`, this side's view of it. Raises RangeTooWide,
    UnsortedItems."""
    if not 0 <= last_seq - first_seq < MAX_RANGE:
        raise RangeTooWide(first=first_seq, last=last_seq, limit=MAX_RANGE)
    return _view(summary(items), (), origin=origin, recipient=recipient, first_seq=first_seq, last_seq=last_seq)


def answer_to(asked: RangeView, items: Iterable[StreamItem]) -> RangeView:
    """This side's view of the range that was asked about; with its items where the hashes differ. Raises
    UnsortedItems."""
    mine = tuple(items)
    found = summary(mine)
    is_equal = (found.root, found.count) == (asked.root, asked.count)
    place = {"origin": asked.origin, "recipient": asked.recipient}
    return _view(found, () if is_equal else mine, **place, first_seq=asked.first_seq, last_seq=asked.last_seq)


def read_answer(wire: bytes, asked: RangeView) -> RangeView:
    """The answer to `asked`: it agrees, or brings every item of its view. Raises UnreadableReconciliation,
    UnknownVersion."""
    answer = read_view(wire)
    if answer.place != asked.place:
        raise UnreadableReconciliation(why="it is about another range")
    if not answer.agrees_with(asked) and len(answer.items) != answer.count:
        raise UnreadableReconciliation(why=f"it brings {len(answer.items)} items of {answer.count}")
    return answer


def read_view(wire: bytes) -> RangeView:
    """A question or an answer. Raises UnreadableReconciliation, UnknownVersion.

    Items lie inside the range, in order, and hash to the root, so that a careless answer is not taken for a difference.
    """
    members = read_object(wire, RANGE_SHAPE, lambda why: UnreadableReconciliation(why=why))
    items = tuple(StreamItem(*item) for item in members["items"])
    view = RangeView(items=items, **{name: members[name] for name in _PLAIN})
    if not 0 <= view.last_seq - view.first_seq < MAX_RANGE:
        raise UnreadableReconciliation(why=f"it spans {view.first_seq} to {view.last_seq}")
    if items and _range_of(items, view) != (view.count, view.root):
        raise UnreadableReconciliation(why="its items are not those of its root")
    return view


_PLAIN = ("origin", "recipient", "first_seq", "last_seq", "count", "root")


def _range_of(items: tuple[StreamItem, ...], view: RangeView) -> tuple[int, str]:
    try:
        found = summary(items)
    except UnsortedItems as error:
        raise UnreadableReconciliation(why=str(error)) from error
    if found.first_seq < view.first_seq or found.last_seq > view.last_seq:
        raise UnreadableReconciliation(why="its items lie outside its range")
    return found.count, found.root


def _view(found: RangeRoot, items: tuple[StreamItem, ...], **place: Any) -> RangeView:
    return RangeView(count=found.count, root=found.root, items=items, **place)
