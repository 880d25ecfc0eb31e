"""The Merkle tree of RFC 6962: published answers, then the ends of its range."""

import pytest

from entente.ledger import (
    EMPTY_ROOT,
    BrokenFrontier,
    Frontier,
    MissingHashes,
    NotAHash,
    hashes_of,
    leaf_hash,
    node_hash,
    root_of,
    tree_root,
)
from ledger import published
from ledger.made import leaves


def test_a_leaf_and_a_node_hash_to_the_published_values() -> None:
    data, expected = published.LEAF
    left, right, node = published.NODE
    assert leaf_hash(data) == expected
    assert node_hash(left, right) == node


def test_the_empty_tree_has_the_published_root() -> None:
    assert EMPTY_ROOT == Frontier().root() == tree_root(0, _no_hash) == published.EMPTY_ROOT


def _no_hash(level: int, index: int) -> bytes:
    raise AssertionError((level, index))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_eight_published_trees(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in published.EIGHT_LEAVES[:size]]
    assert root_of(hashes) == published.EIGHT_ROOTS[size - 1]
    assert tree_root(size, hashes_of(lambda start, stop: hashes[start:stop])) == published.EIGHT_ROOTS[size - 1]


def test_the_fifteen_entries_of_the_published_tessera_log() -> None:
    hashes = [leaf_hash(entry) for entry in published.TESSERA_ENTRIES]
    roots = {size: note.split("\n")[2] for size, note in published.TESSERA_CHECKPOINTS.items()}
    assert {size: published.hashes(root)[0] for size, root in roots.items()} == {
        size: root_of(hashes[:size]) for size in roots
    }


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 1000])
def test_a_frontier_survives_being_kept(size: int) -> None:
    frontier = Frontier().extend(leaves(size))
    again = Frontier.from_bytes(frontier.to_bytes(), size)
    assert again == frontier
    assert again.append(leaves(size + 1)[-1]).root() == root_of(leaves(size + 1))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"", 1),
        (bytes(32), 0),
        (bytes(31), 1),
        (bytes(33), 1),
        (bytes(32), 3),
        (bytes(64), 2),
        (b"", -1),
        (bytes(32), 2**63),
    ],
)
def test_a_frontier_of_the_wrong_length_is_refused(data: bytes, size: int) -> None:
    with pytest.raises(BrokenFrontier):
        Frontier.from_bytes(data, size)


def test_only_hashes_go_into_the_tree() -> None:
    with pytest.raises(NotAHash):
        Frontier().append(b"an entry, not its hash")


def test_subtree_hashes_are_not_computed_from_too_few_leaves() -> None:
    with pytest.raises(MissingHashes):
        hashes_of(lambda start, stop: leaves(5)[start:stop])(3, 0)
