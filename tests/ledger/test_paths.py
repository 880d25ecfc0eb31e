"""Inclusion and consistency proofs: published ones hold, changed ones do not, and another implementation agrees."""

from hashlib import sha256

import pytest
from pymerkle import InmemoryTree

from entente.ledger import (
    EMPTY_ROOT,
    NoSuchEntry,
    NoSuchSize,
    consistency_proof,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from entente.ledger.tree import HashAt
from ledger import published
from ledger.made import entry, flipped, leaves

INCLUDED = [*published.EIGHT_INCLUDED, published.ARGON_INCLUDED, published.TESSEROAK_INCLUDED]
CONTINUED = [*published.EIGHT_CONTINUED, published.ARGON_CONTINUED]


def hash_at(size: int) -> HashAt:
    return hashes_of(lambda start, stop: leaves(size)[start:stop])


@pytest.mark.parametrize("case", INCLUDED, ids=lambda case: f"{case.index} of {case.size}")
def test_a_published_inclusion_proof_holds(case: published.Included) -> None:
    assert verify_inclusion(case.leaf, case.index, case.size, case.proof, case.root)


@pytest.mark.parametrize("case", CONTINUED, ids=lambda case: f"{case.old} to {case.size}")
def test_a_published_consistency_proof_holds(case: published.Continued) -> None:
    assert verify_consistency(case.old, case.size, case.proof, case.old_root, case.root)


def test_we_make_the_published_proofs() -> None:
    hashes = [leaf_hash(leaf) for leaf in published.EIGHT_LEAVES]
    reader = hashes_of(lambda start, stop: hashes[start:stop])
    for included in published.EIGHT_INCLUDED:
        assert inclusion_proof(included.index, included.size, reader) == included.proof
    for continued in published.EIGHT_CONTINUED:
        assert consistency_proof(continued.old, continued.size, reader) == continued.proof


@pytest.mark.parametrize("case", INCLUDED, ids=lambda case: f"{case.index} of {case.size}")
def test_a_changed_inclusion_proof_does_not_hold(case: published.Included) -> None:
    def holds(
        *,
        leaf: bytes = case.leaf,
        index: int = case.index,
        size: int = case.size,
        proof: tuple[bytes, ...] = case.proof,
        root: bytes = case.root,
    ) -> bool:
        return verify_inclusion(leaf, index, size, proof, root)

    assert holds()
    assert not holds(leaf=bytes(32))
    assert not holds(root=EMPTY_ROOT)
    assert not holds(index=case.index + 1)
    assert not holds(index=case.index ^ 2)
    assert not holds(index=-1)
    assert not holds(index=case.size)
    assert not holds(size=case.size * 2)
    assert not holds(size=0)
    assert not holds(proof=(*case.proof, bytes(32)))
    assert not holds(proof=(*case.proof, case.root))
    assert not holds(proof=(bytes(32), *case.proof))
    assert not holds(proof=case.proof[:-1])
    assert not holds(proof=case.proof[1:])
    assert not holds(proof=tuple(flipped(node, 4) for node in case.proof))
    assert not holds(proof=(case.proof[0][:31], *case.proof[1:]))


@pytest.mark.parametrize("case", [case for case in CONTINUED if case.proof], ids=lambda case: f"{case.old}-{case.size}")
def test_a_changed_consistency_proof_does_not_hold(case: published.Continued) -> None:
    def holds(
        *,
        old: int = case.old,
        size: int = case.size,
        proof: tuple[bytes, ...] = case.proof,
        old_root: bytes = case.old_root,
        root: bytes = case.root,
    ) -> bool:
        return verify_consistency(old, size, proof, old_root, root)

    assert holds()
    assert not holds(old_root=case.root, root=case.old_root)
    assert not holds(old_root=bytes(32))
    assert not holds(root=bytes(32))
    assert not holds(old=case.old + 1)
    assert not holds(old=case.old - 1)
    assert not holds(old=case.size)
    assert not holds(old=-1)
    assert not holds(size=case.size * 2)
    assert not holds(size=case.old)
    assert not holds(proof=())
    assert not holds(proof=(*case.proof, bytes(32)))
    assert not holds(proof=(case.old_root, *case.proof))
    assert not holds(proof=case.proof[:-1])
    assert not holds(proof=tuple(flipped(node, 4) for node in case.proof))
    assert not holds(proof=(*case.proof[:-1], case.proof[-1] + b"\x00"))


def test_hashes_of_the_wrong_length_are_refused_even_if_their_bytes_add_up() -> None:
    """One byte moved from one hash to its neighbour: what is hashed stays the same, what was proven does not."""
    left, right = leaves(2)
    root = root_of((left, right))
    assert verify_inclusion(left, 0, 2, (right,), root)
    assert not verify_inclusion(left[:31], 0, 2, (left[31:] + right,), root)
    assert verify_consistency(1, 2, (right,), left, root)
    assert not verify_consistency(1, 2, (left[31:] + right,), left[:31], root)


def test_nothing_is_the_beginning_of_everything_and_only_of_that() -> None:
    root = root_of(leaves(5))
    assert verify_consistency(0, 5, (), EMPTY_ROOT, root)
    assert consistency_proof(0, 5, hash_at(5)) == ()
    assert not verify_consistency(0, 5, (), root, root)
    assert not verify_consistency(0, 5, (bytes(32),), EMPTY_ROOT, root)


def test_a_tree_continues_itself_without_a_proof() -> None:
    root = root_of(leaves(5))
    assert consistency_proof(5, 5, hash_at(5)) == ()
    assert verify_consistency(5, 5, (), root, root)
    assert not verify_consistency(5, 5, (root,), root, root)
    assert not verify_consistency(5, 5, (), root, EMPTY_ROOT)


@pytest.mark.parametrize("index", [-1, 5, 6])
def test_there_is_no_proof_for_an_entry_that_is_not_there(index: int) -> None:
    with pytest.raises(NoSuchEntry):
        inclusion_proof(index, 5, hash_at(5))


@pytest.mark.parametrize("old", [-1, 6])
def test_there_is_no_proof_for_a_size_that_was_not_there(old: int) -> None:
    with pytest.raises(NoSuchSize):
        consistency_proof(old, 5, hash_at(5))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 64, 100])
def test_pymerkle_gives_the_same_roots_and_proofs(size: int) -> None:
    oracle = InmemoryTree(algorithm="sha256")
    for number in range(size):
        oracle.append_entry(entry(number))
    assert oracle.get_root(size) == root_of(leaves(size))
    for index in range(size):
        # pymerkle counts from one and puts the leaf itself in front of the path
        path = oracle.prove_inclusion(index + 1, size).path
        assert tuple(path) == (leaves(size)[index], *inclusion_proof(index, size, hash_at(size)))
    for old in range(1, size + 1):
        # its consistency proofs are cut otherwise than RFC 9162 cuts them; they must still join our roots
        oracle.prove_consistency(old, size).verify(root_of(leaves(old)), root_of(leaves(size)))


@pytest.mark.parametrize("size", range(1, 34))
def test_the_definitions_of_rfc_9162_read_aloud_give_the_same(size: int) -> None:
    data = [entry(number) for number in range(size)]
    assert mth(data) == root_of(leaves(size))
    for index in range(size):
        assert tuple(path(index, data)) == inclusion_proof(index, size, hash_at(size))
    for old in range(1, size + 1):
        assert tuple(subproof(old, data, whole=True)) == consistency_proof(old, size, hash_at(size))


# RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word.


def k_of(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    if len(d) < 2:
        return sha256(b"\x00" + d[0]).digest() if d else sha256(b"").digest()
    k = k_of(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = k_of(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], *, whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [mth(d)]
    k = k_of(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole=whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], whole=False), mth(d[:k])]
