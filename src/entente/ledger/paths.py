"""Inclusion and consistency proofs, made and checked: RFC 9162 sections 2.1.3 and 2.1.4 (the same proofs as RFC
6962).

A proof is a tuple of hashes from the leaves towards the root. Checking needs no tree and never raises: a bad proof is
False.
"""

from collections.abc import Sequence

from entente.errors import InputFault
from entente.ledger.tree import EMPTY_ROOT, HASH_BYTES, HashAt, node_hash, range_root

Proof = tuple[bytes, ...]


class NoSuchEntry(InputFault):
    """The ledger has {size} entries, so it cannot prove anything about number {index}. Ask for an entry from 0 to
    {last}."""


class NoSuchSize(InputFault):
    """The ledger has {size} entries, so it was never {old} entries long. Ask for a size up to {size}."""


def inclusion_proof(index: int, size: int, hash_at: HashAt) -> Proof:
    """PATH(index, D[0:size]): that leaf `index` is in the tree of `size` leaves. Raises NoSuchEntry and what
    `hash_at` raises."""
    if not 0 <= index < size:
        raise NoSuchEntry(index=index, size=size, last=size - 1)
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(range_root(middle, stop, hash_at))
            stop = middle
        else:
            path.append(range_root(start, middle, hash_at))
            start = middle
    return tuple(reversed(path))


def consistency_proof(old: int, size: int, hash_at: HashAt) -> Proof:
    """PROOF(old, D[0:size]): that the tree of `old` leaves is the beginning of that of `size`. Raises NoSuchSize.

    Empty when old is 0 (C2SP tlog-witness) or `size`.
    """
    if not 0 <= old <= size:
        raise NoSuchSize(old=old, size=size)
    if old in {0, size}:
        return ()
    path: list[bytes] = []
    start, stop = 0, size
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range_root(middle, stop, hash_at))
            stop = middle
        else:
            path.append(range_root(start, middle, hash_at))
            start = middle
    if start:  # the old tree's root is known to whoever checks, unless the last step went right
        path.append(range_root(start, stop, hash_at))
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2: True when leaf hash `leaf` is number `index` in the tree (`size`, `root`)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            place, last = _climbed(place, last)
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """RFC 9162 section 2.1.4.2: True when the tree (`old`, `old_root`) is the beginning of the tree (`size`,
    `root`)."""
    if not 0 <= old <= size or not _are_hashes((old_root, root, *proof)):
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return roots_of_consistency(old, size, path) == (old_root, root)


def roots_of_consistency(old: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the first `old` and of all `size` leaves that the hashes in `path` lead to; both empty when it has
    not the form of a proof.

    `path` is a consistency proof for 0 < old < size that begins with the subtree they share also where that is the
    whole older tree. INVARIANT: hashes that lead to the root of `size` are those of its tree (collision resistance),
    so what they give for `old` is what that tree begins with.
    """
    if not 0 < old < size or not path or not _are_hashes(path):
        return b"", b""
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_node = node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return b"", b""
        if place & 1 or place == last:
            old_node, node = node_hash(sibling, old_node), node_hash(sibling, node)
            place, last = _climbed(place, last)
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return (old_node, node) if last == 0 else (b"", b"")


def _climbed(place: int, last: int) -> tuple[int, int]:
    """Both shifted past the levels on which the node at `place` has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
