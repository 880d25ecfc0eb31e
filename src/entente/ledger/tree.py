"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1.1), SHA-256: hashing, and a tree that only grows.

Hashes are 32 bytes. A *subtree* (level, index) is the complete one over the leaves index * 2**level up to, but without,
(index + 1) * 2**level. Whoever can read subtree hashes is a `HashAt`; where they come from, this room does not know.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from entente.errors import InputFault, OurFault

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
MAX_SIZE = 2**63 - 1  # C2SP implementations read sizes as 63-bit numbers

HashAt = Callable[[int, int], bytes]


class BrokenFrontier(InputFault):
    """The frontier kept for a ledger of {size} entries has {length} bytes instead of {expected}. Rebuild it from the
    entries with `entente ledger verify`, and find out who wrote to the store."""


class NotAHash(OurFault):
    """A hash of {length} bytes was given to the ledger's tree. Give the 32 bytes of SHA-256."""


class MissingHashes(InputFault):
    """The ledger was asked for the hashes of entries {start} to {last}, but only {found} are there. Check that the
    store holds all entries."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: `nodes` are the roots of its complete subtrees, largest first.

    INVARIANT: one node for every 1 in the binary form of `size`; nothing else of the tree is needed to append or for
    the root.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """This tree with one more leaf hash. Raises NotAHash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """This tree with more leaf hashes, in order. Raises NotAHash."""
        nodes, size = list(self.nodes), self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                raise NotAHash(length=len(leaf))
            node, carry = leaf, size
            while carry & 1:
                node = sha256(b"\x01" + nodes.pop() + node).digest()
                carry >>= 1
            nodes.append(node)
            size += 1
        return Frontier(size, tuple(nodes))

    def root(self) -> bytes:
        """The Merkle tree hash; of the empty tree SHA-256 of nothing."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """The nodes one after another; empty for the empty tree. Keep `size` beside it."""
        return b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, data: bytes, size: int) -> "Frontier":
        """The frontier of a tree of `size` leaves. Raises BrokenFrontier."""
        expected = HASH_BYTES * size.bit_count() if 0 <= size <= MAX_SIZE else -1
        if len(data) != expected:
            raise BrokenFrontier(size=size, length=len(data), expected=expected)
        return cls(size, tuple(data[at : at + HASH_BYTES] for at in range(0, expected, HASH_BYTES)))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over `leaves` (leaf hashes)."""
    return Frontier().extend(leaves).root()


def tree_root(size: int, hash_at: HashAt) -> bytes:
    """The root of the tree of the first `size` leaves, from subtree hashes."""
    return range_root(0, size, hash_at) if size else EMPTY_ROOT


def range_root(start: int, stop: int, hash_at: HashAt) -> bytes:
    """MTH(D[start:stop]) of RFC 9162 for a non-empty range that begins at a multiple of its largest power of two."""
    nodes = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        nodes.append(hash_at(level, start >> level))
        start += 1 << level
    root = nodes.pop()
    while nodes:
        root = node_hash(nodes.pop(), root)
    return root


def hashes_of(read: Callable[[int, int], Iterable[bytes]], *, remember: int = 4096) -> HashAt:
    """Subtree hashes computed from leaf hashes; `read(start, stop)` gives those with start <= index < stop.

    The last `remember` subtrees are kept. For proofs in large ledgers use tiles (`tiles.tile_reader`). Raises
    MissingHashes.
    """

    @lru_cache(maxsize=remember)
    def hash_at(level: int, index: int) -> bytes:
        start, stop = index << level, (index + 1) << level
        frontier = Frontier().extend(read(start, stop))
        if frontier.size != stop - start:
            raise MissingHashes(start=start, last=stop - 1, found=frontier.size)
        return frontier.root()

    return hash_at
