"""What holds for every ledger, not only for the ones in the examples."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from entente.errors import EntenteError
from entente.ledger import (
    EMPTY_ROOT,
    Accept,
    Conflict,
    Frontier,
    LedgerProof,
    Tile,
    VerifierKey,
    bundle_start,
    consistency_proof,
    decode_bundle,
    decode_vkey,
    encode_bundle,
    encode_vkey,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    log_files,
    make_leaf,
    node_hash,
    opens,
    parse_path,
    prove,
    read_checkpoint,
    root_of,
    tile_reader,
    tiles,
    tiles_of,
    tree_root,
    verify_consistency,
    verify_entries,
    verify_inclusion,
    verify_log,
    verify_proof,
    witness,
)
from entente.ledger.tree import HashAt
from entente.signing import PrivateKey
from ledger.made import KNOWN, MOMENT, anchor, changed, checkpoint, entry, flipped, leaves, log_of, rows, signed

SIZES = st.integers(1, 700) | st.sampled_from([255, 256, 257, 511, 512, 513])
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def hash_at(size: int) -> HashAt:
    return hashes_of(lambda start, stop: leaves(size)[start:stop])


@st.composite
def two_sizes(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(SIZES)
    return draw(st.integers(0, size)), size


@st.composite
def index_and_size(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(SIZES)
    return draw(st.integers(0, size - 1)), size


def merkle(data: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, as it is written."""
    if len(data) < 2:
        return sha256(b"\x00" + data[0]).digest() if data else sha256(b"").digest()
    k = 1 << (len(data) - 1).bit_length() - 1
    return node_hash(merkle(data[:k]), merkle(data[k:]))


# --- the tree ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=40), max_size=80))
def test_the_frontier_gives_the_root_of_the_definition(data: list[bytes]) -> None:
    frontier = Frontier().extend(map(leaf_hash, data))
    assert frontier.root() == merkle(data)
    assert Frontier.from_bytes(frontier.to_bytes(), len(data)) == frontier


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=60), st.integers(0, 60))
def test_it_does_not_matter_in_which_steps_a_tree_grew(hashes: list[bytes], cut: int) -> None:
    together = Frontier().extend(hashes)
    assert Frontier().extend(hashes[:cut]).extend(hashes[cut:]) == together
    one_by_one = Frontier()
    for each in hashes:
        one_by_one = one_by_one.append(each)
    assert one_by_one == together
    assert tree_root(len(hashes), hashes_of(lambda start, stop: hashes[start:stop])) == together.root()


@given(two_sizes())
def test_any_prefix_proves_consistent(sizes: tuple[int, int]) -> None:
    old, size = sizes
    path = consistency_proof(old, size, hash_at(size))
    assert verify_consistency(old, size, path, root_of(leaves(old)), root_of(leaves(size)))


@given(index_and_size())
def test_any_entry_proves_included(place: tuple[int, int]) -> None:
    index, size = place
    path = inclusion_proof(index, size, hash_at(size))
    assert verify_inclusion(leaves(size)[index], index, size, path, root_of(leaves(size)))


@given(two_sizes(), st.data())
def test_a_consistency_proof_with_any_bit_flipped_proves_nothing(sizes: tuple[int, int], data: st.DataObject) -> None:
    old, size = sizes
    parts = [root_of(leaves(old)), root_of(leaves(size)), *consistency_proof(old, size, hash_at(size))]
    part = data.draw(st.integers(0 if old else 1, len(parts) - 1))
    parts[part] = flipped(parts[part], data.draw(st.integers(0, 255)))
    if old == 0 and part == 1:
        return  # nothing is the beginning of every tree, whatever its root
    assert not verify_consistency(old, size, parts[2:], parts[0], parts[1])


@given(index_and_size(), st.data())
def test_an_inclusion_proof_with_any_bit_flipped_proves_nothing(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    parts = [leaves(size)[index], root_of(leaves(size)), *inclusion_proof(index, size, hash_at(size))]
    part = data.draw(st.integers(0, len(parts) - 1))
    parts[part] = flipped(parts[part], data.draw(st.integers(0, 255)))
    assert not verify_inclusion(parts[0], index, size, parts[2:], parts[1])


@given(index_and_size(), st.integers(-2, 1500), st.integers(-2, 1500))
def test_an_inclusion_proof_is_about_one_place(place: tuple[int, int], other: int, other_size: int) -> None:
    index, size = place
    path, root = inclusion_proof(index, size, hash_at(size)), root_of(leaves(size))
    if other != index:
        assert not verify_inclusion(leaves(size)[index], other, size, path, root)
    if verify_inclusion(leaves(size)[index], index, other_size, path, root):
        # RFC 9162 proofs do not fix the size by themselves; the signed checkpoint does
        assert len(inclusion_proof(index, other_size, hash_at(other_size))) == len(path)


@given(two_sizes(), st.lists(st.binary(min_size=32, max_size=32), max_size=12))
def test_no_proof_joins_two_histories(sizes: tuple[int, int], path: list[bytes]) -> None:
    old, size = sizes
    forged = root_of((*leaves(size)[1:], bytes(32)))
    if old:
        assert not verify_consistency(old, size, path, root_of(leaves(old)), forged)
        genuine = consistency_proof(old, size, hash_at(size))
        assert not verify_consistency(old, size, genuine, root_of(leaves(old)), forged)


# --- tiles ------------------------------------------------------------------------------------------------------------


@given(
    st.none() | st.integers(0, 63), st.integers(0, 10**12) | st.sampled_from([999, 1000, 10**6]), st.integers(1, 256)
)
@example(None, 0, 256)
def test_a_path_names_one_tile(level: int | None, index: int, width: int) -> None:
    tile = Tile(level=level, index=index, width=width)
    assert parse_path(tile.path) == tile


@given(st.text(alphabet="tile/0123456789x.pentris\n", max_size=40))
def test_a_path_that_is_read_is_written_the_same(path: str) -> None:
    tile = parse_path(path)
    assert tile is None or tile.path == path


@SLOW
@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
@example([255, 1, 1, 255, 1])
def test_tiles_written_step_by_step_are_those_written_at_once(steps: list[int]) -> None:
    files: dict[str, bytes] = {}
    size = 0
    for step in steps:
        new = dict(tiles(size, leaves(size + step)[size:], tile_reader(files.get, size)))
        assert not new.keys() & files.keys()
        files.update(new)
        size += step
    at_once = dict(tiles(0, leaves(size), hash_at(size)))
    assert {path: files[path] for path in at_once} == at_once
    assert sorted(at_once) == sorted(tile.path for tile in tiles_of(size))
    assert tree_root(size, tile_reader(files.get, size)) == root_of(leaves(size))


@SLOW
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=600), st.integers(0, 600))
def test_a_log_written_in_two_steps_is_the_one_written_at_once(entries: list[bytes], cut: int) -> None:
    files = dict(log_files(entries[:cut]))
    held = len(entries[:cut])
    first = bundle_start(held)
    files.update(log_files(entries[first:], first=first, hash_at=tile_reader(files.get, held) if first else None))
    at_once = dict(log_files(entries))
    assert {path: files[path] for path in at_once} == at_once


@given(st.lists(st.binary(max_size=300), max_size=300))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == (entries, b"")


# --- signatures -------------------------------------------------------------------------------------------------------


def refused(what: Callable[[], object]) -> bool:
    try:
        what()
    except EntenteError:
        return True
    return False


@given(st.integers(0, 8 * len(signed(300, root_of(leaves(300)))) - 1))
def test_a_checkpoint_with_any_bit_flipped_is_refused(bit: int) -> None:
    note = flipped(signed(300, root_of(leaves(300))), bit)
    assert refused(lambda: read_checkpoint(note, KNOWN))


@given(st.data())
def test_a_proof_with_any_bit_flipped_is_refused(data: st.DataObject) -> None:
    text = prove(77, checkpoint(300), hash_at(300)).to_bytes()
    spoiled = flipped(text, data.draw(st.integers(0, 8 * len(text) - 1)))
    assert verify_proof(LedgerProof.from_bytes(text), entry(77), KNOWN)
    assert refused(lambda: verify_proof(LedgerProof.from_bytes(spoiled), entry(77), KNOWN))


@given(st.binary(max_size=400))
def test_whatever_is_read_as_a_proof_or_checkpoint_fails_politely(data: bytes) -> None:
    assert refused(lambda: LedgerProof.from_bytes(data))
    assert refused(lambda: read_checkpoint(data, KNOWN))


@given(
    st.text(min_size=1, max_size=20).filter(lambda name: "+" not in name and not any(map(str.isspace, name))),
    st.binary(min_size=32, max_size=32),
)
def test_a_verifier_key_is_read_as_it_was_written(name: str, seed: bytes) -> None:
    if not name.isprintable():
        return
    key = PrivateKey(seed).public
    assert decode_vkey(encode_vkey(name, key)) == VerifierKey(name=name, key=key)


# --- leaves -----------------------------------------------------------------------------------------------------------

FACTS = st.dictionaries(
    st.text(alphabet="abc_", min_size=1, max_size=4), st.none() | st.integers(-9, 9) | st.text(max_size=9)
)


@given(FACTS, st.binary(min_size=32, max_size=32), st.data())
def test_a_leaf_opens_with_its_own_opening_and_nothing_else(
    facts: dict[str, int | str | None], salt: bytes, data: st.DataObject
) -> None:
    made = make_leaf("kept", MOMENT, "record-1", facts, salt)
    assert opens(made.data, made.opening, made.salt)
    parts = [made.data, made.opening, made.salt]
    part = data.draw(st.integers(0, 2))
    parts[part] = flipped(parts[part], data.draw(st.integers(0, 8 * len(parts[part]) - 1)))
    assert not opens(*parts)


# --- verification -----------------------------------------------------------------------------------------------------


@SLOW
@given(st.sampled_from([1, 40, 256, 300, 520]), st.data())
def test_a_flipped_bit_anywhere_in_a_log_is_found_and_named(size: int, data: st.DataObject) -> None:
    log = log_of(size)
    path = data.draw(st.sampled_from(sorted(log)))
    log[path] = flipped(log[path], data.draw(st.integers(0, 8 * len(log[path]) - 1)))
    verdict = verify_log(log.get, KNOWN)
    assert not verdict.is_intact
    tile = parse_path(path)
    if tile is None:
        return
    if tile.level == 0:
        (problem,) = verdict.problems
        assert problem.code == "hash-changed"
    elif tile.level is None:
        (problem,) = verdict.problems
        assert problem.code in {"entry-changed", "file-broken"}
        assert problem.index is not None
        assert tile.index * 256 <= problem.index < tile.index * 256 + tile.width
    else:
        assert [problem.code for problem in verdict.problems] == ["tile-changed"]


@SLOW
@given(st.sets(st.integers(0, 299), max_size=12), st.sets(st.integers(1, 299), max_size=4))
def test_exactly_the_changed_rows_are_named(indexes: set[int], sizes: set[int]) -> None:
    kept = rows(300)
    for index in indexes:
        kept[index] = changed(kept[index], data=kept[index].data + b" ", opening=None, salt=None)
    verdict = verify_entries(kept, [anchor(size).note for size in (*sizes, 300)], KNOWN)
    assert {problem.code for problem in verdict.problems} <= {"entry-changed"}
    assert set(verdict.indexes()) == indexes


@SLOW
@given(st.integers(0, 299), st.sets(st.integers(1, 299), max_size=5))
def test_a_row_rewritten_with_its_hash_lies_between_the_two_checkpoints_around_it(index: int, sizes: set[int]) -> None:
    kept = rows(300)
    data = kept[index].data + b" "
    kept[index] = changed(kept[index], data=data, leaf_hash=leaf_hash(data), opening=None, salt=None)
    (problem,) = verify_entries(kept, [anchor(size).note for size in (*sizes, 300)], KNOWN).problems
    borders = sorted({0, *sizes, 300})
    assert problem.code == "range-changed"
    assert problem.index == max(border for border in borders if border <= index)
    assert problem.values["last"] == min(border for border in borders if border > index) - 1


@given(st.lists(st.integers(0, 120), max_size=6))
def test_a_witness_accepts_every_step_of_a_log_that_only_grows(steps: list[int]) -> None:
    last = None
    size = 0
    for step in steps:
        new = checkpoint(size + step)
        path = consistency_proof(size, size + step, hash_at(size + step)) if size + step else ()
        outcome = witness(last, new, path)
        assert isinstance(outcome, Accept)
        last, size = outcome.checkpoint, size + step


@given(st.integers(1, 300), st.integers(1, 300), st.lists(st.binary(min_size=32, max_size=32), max_size=10))
def test_a_witness_never_accepts_a_fork(old: int, size: int, path: list[bytes]) -> None:
    fork = checkpoint(size, root_of((bytes(32), *leaves(size)[1:])))
    assert isinstance(witness(checkpoint(old), fork, path), Conflict)
    if old <= size:
        genuine = consistency_proof(old, size, hash_at(size))
        assert isinstance(witness(checkpoint(old), fork, genuine), Conflict)


def test_the_empty_root_is_nobodys_leaf() -> None:
    with pytest.raises(EntenteError):
        Frontier.from_bytes(EMPTY_ROOT, 0)
