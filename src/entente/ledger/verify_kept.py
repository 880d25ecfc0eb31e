"""Are the entries in a database the ones that were signed? One pass over the rows, every known checkpoint as an
anchor.

Data and leaf hash of a row say the same thing twice; the next checkpoint tells which of the two was changed. Where
both were changed together, the change lies between the last checkpoint that fits and the first that does not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from entente.ledger.anchors import read_anchors
from entente.ledger.checkpoints import Checkpoint
from entente.ledger.entries import UnreadableOpening, opens, read_opening
from entente.ledger.notes import VerifierKey
from entente.ledger.problems import Problem, Verdict
from entente.ledger.tree import EMPTY_ROOT, HASH_BYTES, Frontier, leaf_hash

_BATCH = 4096


class KeptEntry(Protocol):
    """A row of the store: entente.store.EntryRow is one. After erasure `opening` and `salt` are None."""

    @property
    def index(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def subject(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def leaf_hash(self) -> bytes: ...
    @property
    def opening(self) -> bytes | None: ...
    @property
    def salt(self) -> bytes | None: ...


@dataclass(slots=True, kw_only=True)
class _Walk:
    """Where the pass stands: both trees so far, what waits for an anchor, and how far the last anchor reached."""

    anchors: dict[int, set[bytes]]
    by_data: Frontier = field(default_factory=Frontier)
    by_hash: Frontier = field(default_factory=Frontier)
    waiting: list[tuple[bytes, bytes]] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)
    expected: int = 0
    proven: int = 0
    is_lost: bool = False

    def take(self, row: KeptEntry) -> Iterator[Problem]:
        if row.index < self.expected:
            yield Problem(code="out-of-order", index=row.index, values={"expected": self.expected})
            return
        if row.index > self.expected:
            yield Problem(code="entries-missing", index=self.expected, values={"last": row.index - 1})
            self.is_lost, self.expected = True, row.index
        computed = leaf_hash(row.data)
        if computed == row.leaf_hash:
            yield from _opening_problems(row)
        else:
            self.differing.append(row.index)
        self.waiting.append((computed, row.leaf_hash))
        self.expected += 1
        if self.expected in self.anchors:
            yield from self._judge(self.anchors[self.expected])
        elif len(self.waiting) >= _BATCH:
            self._grow()

    def finish(self) -> Iterator[Problem]:
        newest = max(self.anchors, default=0)
        yield from self._name("entry-disagrees")
        if self.expected < newest:
            yield Problem(code="truncated", index=self.expected, values={"size": newest})

    def _grow(self) -> None:
        if not self.is_lost:  # behind a gap no tree can be continued
            self.by_data = self.by_data.extend(pair[0] for pair in self.waiting)
            self.by_hash = self.by_hash.extend(_as_hash(pair[1]) for pair in self.waiting)
        self.waiting.clear()

    def _judge(self, roots: set[bytes]) -> Iterator[Problem]:
        self._grow()
        if self.is_lost:
            return
        if self.by_hash.root() in roots:
            yield from self._name("entry-changed")
            self.by_data = self.by_hash
        elif self.by_data.root() in roots:
            yield from self._name("hash-changed")
            self.by_hash = self.by_data
        else:
            yield from self._name("entry-disagrees")
            yield Problem(code="range-changed", index=self.proven, values={"last": self.expected - 1})
            self.is_lost = True
        self.proven = self.expected

    def _name(self, code: str) -> Iterator[Problem]:
        yield from (Problem(code=code, index=index) for index in self.differing)
        self.differing.clear()


def verify_entries(
    rows: Iterable[KeptEntry],
    notes: Iterable[bytes],
    known: Sequence[VerifierKey],
    *,
    head: Frontier | None = None,
) -> Verdict:
    """Checks `rows` (in order of index, from 0) against all signed checkpoints (`notes`) of this log that anybody
    holds.

    `head` is the frontier the store keeps: unsigned, it only covers entries that no checkpoint covers yet. Openings
    that are still there must open their leaf and agree with the columns beside them. Memory: a batch of rows.
    """
    checkpoints, problems = read_anchors(notes, known)
    anchors: dict[int, set[bytes]] = {}
    for checkpoint in checkpoints:
        anchors.setdefault(checkpoint.size, set()).add(checkpoint.root)
    newest = checkpoints[-1] if checkpoints else Checkpoint(origin="", size=0, root=EMPTY_ROOT)
    problems += [
        Problem(code="two-heads", values={"origin": newest.origin, "size": size})
        for size, roots in anchors.items()
        if len(roots) > 1
    ]
    if head is not None and head.size > max(anchors, default=-1):
        anchors[head.size] = {head.root()}
    walk = _Walk(anchors=anchors)
    for row in rows:
        problems += walk.take(row)
    problems += walk.finish()
    if head is not None and head.size < walk.expected:
        problems.append(Problem(code="beyond-head", index=head.size))
    return Verdict(
        origin=newest.origin, size=newest.size, root=newest.root, read=walk.expected, problems=tuple(problems)
    )


def _opening_problems(row: KeptEntry) -> Iterator[Problem]:
    if row.opening is None and row.salt is None:
        return
    if row.opening is None or row.salt is None or not opens(row.data, row.opening, row.salt):
        yield Problem(code="wrong-opening", index=row.index)
        return
    try:
        logged = read_opening(row.opening)
    except UnreadableOpening:
        yield Problem(code="wrong-opening", index=row.index)
        return
    for column in ("type", "at", "subject"):
        if getattr(row, column) != getattr(logged, column):
            yield Problem(code="wrong-label", index=row.index, values={"column": column})


def _as_hash(stored: bytes) -> bytes:
    """A leaf hash of the wrong length fits nothing."""
    return stored if len(stored) == HASH_BYTES else bytes(HASH_BYTES)
