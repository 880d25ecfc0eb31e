"""Every lie about a published log is found, and where the signed root allows it, named by the index of the entry."""

import base64

import pytest

from entente.ledger import (
    Checkpoint,
    Problem,
    Verdict,
    VerifierKey,
    decode_bundle,
    encode_bundle,
    leaf_hash,
    log_files,
    node_hash,
    root_of,
    verify_log,
)
from ledger.made import (
    KNOWN,
    ORIGIN,
    OTHER_KEY,
    Files,
    checkpoint,
    entry,
    flipped,
    leaves,
    log,
    log_of,
    signed,
    with_entry,
    with_hash,
)

BUNDLE_0, BUNDLE_1, BUNDLE_2 = "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"
TILE_0, TILE_1, TILE_2, TILE_UP = "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"
FORGED = b"something else"


def check(files: Files, *, witnessed: tuple[Checkpoint, ...] = ()) -> Verdict:
    return verify_log(files.get, KNOWN, witnessed=[other.note for other in witnessed])


def found(files: Files, *, witnessed: tuple[Checkpoint, ...] = ()) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.index) for problem in check(files, witnessed=witnessed).problems]


def gave(verdict: Verdict, code: str) -> Problem:
    (problem,) = (problem for problem in verdict.problems if problem.code == code)
    return problem


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 600, 65_535, 65_536, 65_537])
def test_a_log_that_nobody_touched_is_intact(size: int) -> None:
    verdict = check(log_of(size))
    assert verdict.is_intact
    assert (verdict.origin, verdict.size, verdict.read, verdict.root) == (ORIGIN, size, size, root_of(leaves(size)))


def test_a_log_that_grew_while_it_was_copied_is_checked_as_far_as_its_checkpoint() -> None:
    assert check({**log_of(700), **log_of(600)}).is_intact
    # a log may drop partial tiles and bundles once the full ones are there
    replaced = without(log_of(600), TILE_2, BUNDLE_2)
    assert check({**log_of(800), **replaced}).is_intact


# --- changed entries --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place", "index"),
    [(BUNDLE_0, 0, 0), (BUNDLE_0, 255, 255), (BUNDLE_1, 0, 256), (BUNDLE_1, 44, 300), (BUNDLE_2, 87, 599)],
)
def test_a_changed_entry_is_named(path: str, place: int, index: int) -> None:
    files = with_entry(log_of(600), path, place, FORGED)
    assert found(files) == [("entry-changed", index)]
    problem = gave(check(files), "entry-changed")
    assert problem.said() == f"Entry {index} was changed after it was logged."
    assert problem.cure()


def test_every_changed_entry_is_named() -> None:
    files = with_entry(log_of(600), BUNDLE_0, 3, FORGED)
    files = with_entry(files, BUNDLE_0, 9, FORGED)
    files = with_entry(files, BUNDLE_2, 0, b"")
    assert found(files) == [("entry-changed", 3), ("entry-changed", 9), ("entry-changed", 512)]


def test_two_entries_that_changed_places_are_named() -> None:
    entries, _ = decode_bundle(log_of(600)[BUNDLE_1])
    entries[4], entries[7] = entries[7], entries[4]
    assert found({**log_of(600), BUNDLE_1: encode_bundle(entries)}) == [("entry-changed", 260), ("entry-changed", 263)]


def test_a_changed_tile_hash_is_named_and_the_entry_is_cleared() -> None:
    assert found(with_hash(log_of(600), TILE_1, 5, bytes(32))) == [("hash-changed", 261)]
    assert found(with_hash(log_of(600), TILE_2, 5, bytes(32))) == [("hash-changed", 517)]


def test_a_change_of_the_entry_and_of_its_hash_is_narrowed_to_its_tile() -> None:
    files = with_entry(log_of(600), BUNDLE_1, 44, FORGED)
    files = with_hash(files, TILE_1, 44, leaf_hash(FORGED))
    verdict = check(files)
    assert found(files) == [("range-changed", 256), ("root-differs", None)]
    assert gave(verdict, "range-changed").values["last"] == 511


def test_beside_a_covered_change_the_entries_that_contradict_their_hash_are_still_named() -> None:
    files = with_entry(with_entry(log_of(600), BUNDLE_0, 3, FORGED), BUNDLE_1, 44, FORGED)
    files = with_hash(files, TILE_1, 44, leaf_hash(FORGED))
    assert found(files) == [("entry-disagrees", 3), ("range-changed", 256), ("root-differs", None)]


def test_entries_changed_in_one_tile_and_hashes_in_another_are_told_apart() -> None:
    files = with_entry(log_of(600), BUNDLE_0, 3, FORGED)
    files = with_hash(files, TILE_1, 5, bytes(32))
    assert found(files) == [("entry-changed", 3), ("hash-changed", 261)]


def test_a_change_that_is_covered_up_to_the_top_is_still_named() -> None:
    """The entry, its hash's parent, but not the hash: the tree of the tiles is the one that was signed."""
    files = with_entry(log_of(600), BUNDLE_1, 44, FORGED)
    tile = [*leaves(512)[256:300], leaf_hash(FORGED), *leaves(512)[301:]]
    files = with_hash(files, TILE_UP, 1, root_of(tile))
    assert found(files) == [("entry-changed", 300), ("tile-changed", 256)]


def test_a_hash_changed_with_all_hashes_above_it_clears_the_entry() -> None:
    tile = [*leaves(512)[256:261], bytes(32), *leaves(512)[262:]]
    files = with_hash(with_hash(log_of(600), TILE_1, 5, bytes(32)), TILE_UP, 1, root_of(tile))
    assert found(files) == [("hash-changed", 261), ("tile-changed", 256)]


def test_a_whole_tree_rewritten_under_an_old_checkpoint_is_found() -> None:
    entries = [entry(number) for number in range(600)]
    entries[300] = FORGED
    files = {**dict(log_files(entries)), "checkpoint": log_of(600)["checkpoint"]}
    assert found(files) == [("root-differs", None)]


def test_checkpoints_that_others_hold_narrow_it_down() -> None:
    entries = [entry(number) for number in range(600)]
    entries[300] = FORGED
    files = {**dict(log_files(entries)), "checkpoint": log_of(600)["checkpoint"]}
    verdict = check(files, witnessed=(checkpoint(420), checkpoint(100), checkpoint(280), checkpoint(599)))
    assert gave(verdict, "range-changed").index == 280
    assert gave(verdict, "range-changed").values["last"] == 419
    assert gave(verdict, "not-consistent").values["old"] == 420


def test_the_last_stretch_is_named_when_all_older_checkpoints_fit() -> None:
    entries = [entry(number) for number in range(600)]
    entries[590] = FORGED
    files = {**dict(log_files(entries)), "checkpoint": log_of(600)["checkpoint"]}
    verdict = check(files, witnessed=(checkpoint(100), checkpoint(588)))
    assert (gave(verdict, "range-changed").index, gave(verdict, "range-changed").values["last"]) == (588, 599)


def test_a_rewritten_history_that_is_signed_anew_is_found_by_whoever_kept_a_checkpoint() -> None:
    entries = [entry(number) for number in range(600)]
    entries[300] = FORGED
    files = log(entries)
    assert check(files).is_intact
    assert found(files, witnessed=(checkpoint(100),)) == []
    assert found(files, witnessed=(checkpoint(100), checkpoint(400))) == [
        ("not-consistent", None),
        ("range-changed", 100),
    ]
    assert found(files, witnessed=(checkpoint(600),)) == [("two-heads", None)]


def test_yesterdays_backup_is_found_by_whoever_kept_todays_checkpoint() -> None:
    assert found(log_of(300), witnessed=(checkpoint(600),)) == [("smaller", None)]


def test_checkpoints_of_other_logs_do_not_matter() -> None:
    other = VerifierKey(name="entente/us.cbp", key=OTHER_KEY.public)
    note = signed(100, bytes(32), origin=other.name, key=OTHER_KEY)
    assert verify_log(log_of(300).get, [*KNOWN, other], witnessed=[note]).is_intact


def test_a_witnessed_checkpoint_is_believed_only_with_its_signature() -> None:
    forged = signed(100, bytes(32), key=OTHER_KEY)
    codes = [problem.code for problem in verify_log(log_of(300).get, KNOWN, witnessed=[forged]).problems]
    assert codes == ["unknown-signer"]


# --- missing things ---------------------------------------------------------------------------------------------------


def without(files: Files, *paths: str) -> Files:
    return {path: data for path, data in files.items() if path not in paths}


def test_a_truncated_tail_is_named_by_where_the_log_ends() -> None:
    files = {**log_of(550), "checkpoint": log_of(600)["checkpoint"]}
    verdict = check(files)
    assert found(files)[0] == ("truncated", 550)
    assert gave(verdict, "truncated").said() == "The ledger ends after 550 entries, but its tree has 600."


def test_a_log_cut_at_a_full_bundle_is_named() -> None:
    assert found({**log_of(512), "checkpoint": log_of(600)["checkpoint"]})[0] == ("truncated", 512)


def test_a_log_without_files_is_truncated_from_the_start() -> None:
    verdict = check({"checkpoint": log_of(600)["checkpoint"]})
    assert [(problem.code, problem.index) for problem in verdict.problems] == [("truncated", 0)]


def test_a_checkpoint_of_an_absurd_size_does_not_keep_the_verifier_busy() -> None:
    files = {**log_of(600), "checkpoint": signed(2**60, bytes(32))}
    assert ("truncated", 600) in found(files)


def test_a_missing_bundle_is_named_and_the_tree_still_proven() -> None:
    files = without(log_of(600), BUNDLE_1)
    verdict = check(files)
    assert found(files) == [("entries-missing", 256)]
    assert gave(verdict, "entries-missing").values["last"] == 511
    assert verdict.read == 600 - 256


def test_missing_tiles_are_named_and_the_entries_still_proven() -> None:
    for path in (TILE_0, TILE_2, TILE_UP):
        problems = check(without(log_of(600), path)).problems
        assert [(problem.code, problem.values["path"]) for problem in problems] == [("file-missing", path)]


def test_behind_a_block_of_which_only_the_parent_is_left_the_rest_is_still_checked() -> None:
    files = with_entry(without(log_of(600), BUNDLE_0, TILE_0), BUNDLE_2, 3, FORGED)
    assert found(files) == [("entries-missing", 0), ("entry-changed", 515)]


def test_without_bundle_tile_and_parent_nothing_can_be_proven_and_no_entry_is_accused() -> None:
    files = with_entry(without(log_of(600), BUNDLE_0, TILE_0, TILE_UP), BUNDLE_2, 3, FORGED)
    assert found(files) == [("entries-missing", 0), ("entry-disagrees", 515)]
    assert found(files, witnessed=(checkpoint(400),)) == found(files)


# --- damaged files ----------------------------------------------------------------------------------------------------


def test_a_flipped_length_prefix_is_named_by_the_first_entry_behind_it() -> None:
    size = 2 + len(entry(0))
    files = log_of(600)
    for bit in (0, 3, 15):
        damaged = {**files, BUNDLE_0: flipped(files[BUNDLE_0], 8 * size * 7 + bit)}
        verdict = check(damaged)
        assert {problem.index for problem in verdict.problems} == {7}
        assert {problem.code for problem in verdict.problems} <= {"file-broken", "entry-changed"}


def test_a_bundle_with_something_behind_it_is_damaged() -> None:
    files = log_of(600)
    assert found({**files, BUNDLE_2: files[BUNDLE_2] + b"\x00\x01x"}) == [("file-broken", 600)]
    assert found({**files, BUNDLE_2: files[BUNDLE_2] + b"\x00"}) == [("file-broken", 600)]


def test_a_cut_bundle_is_damaged_from_where_it_was_cut() -> None:
    files = log_of(600)
    assert found({**files, BUNDLE_0: files[BUNDLE_0][:-1]}) == [("file-broken", 255)]


def test_a_cut_tile_is_damaged() -> None:
    files = log_of(600)
    assert found({**files, TILE_0: files[TILE_0][:-1]}) == [("file-broken", 0), ("file-missing", None)]
    assert found({**files, TILE_UP: files[TILE_UP] + b"\x00"}) == [("file-broken", 0)]


def test_a_changed_upper_tile_is_named_with_what_it_covers() -> None:
    files = with_hash(log_of(65_537), "tile/1/000", 3, bytes(32))
    assert found(files) == [("tile-changed", 768)]
    assert found(with_hash(log_of(65_537), "tile/2/000.p/1", 0, bytes(32))) == [("tile-changed", 0)]


# --- the checkpoint ---------------------------------------------------------------------------------------------------


def test_without_a_checkpoint_nothing_is_proven() -> None:
    assert found(without(log_of(600), "checkpoint")) == [("no-checkpoint", None)]
    assert found({**log_of(600), "checkpoint": b"not a note"}) == [("unreadable-checkpoint", None)]


def test_a_forged_checkpoint_is_found_and_what_it_claims_is_checked_all_the_same() -> None:
    note = log_of(600)["checkpoint"]
    root = base64.b64encode(root_of(leaves(600))).decode()
    other = base64.b64encode(bytes(32)).decode()
    forged = {**log_of(600), "checkpoint": note.replace(root.encode(), other.encode())}
    assert found(forged) == [("forged-signature", None), ("root-differs", None)]
    assert found(with_entry({**log_of(600), "checkpoint": flipped(note, 8 * (len(note) - 10))}, BUNDLE_0, 1, b"x")) == [
        ("forged-signature", None),
        ("entry-changed", 1),
    ]


@pytest.mark.parametrize(
    ("origin", "size"),
    [(ORIGIN, 600), ("entente/us.cbp", 600)],
    ids=["the same name, another key", "another name, another key"],
)
def test_a_checkpoint_of_another_key_is_not_the_logs(origin: str, size: int) -> None:
    files = {**log_of(size), "checkpoint": signed(size, root_of(leaves(size)), origin=origin, key=OTHER_KEY)}
    assert found(files) == [("unknown-signer", None)]


def test_a_log_whose_key_is_not_known_is_not_believed() -> None:
    assert [problem.code for problem in verify_log(log_of(5).get, ()).problems] == ["unknown-signer"]


def test_a_tree_hashed_without_domain_separation_is_another_tree() -> None:
    """A node passed off as an entry (second preimage): the entry 0x01-prefixed hash is not a leaf hash."""
    left, right = leaves(2)
    entries = [left + right]
    files = {**dict(log_files(entries)), "checkpoint": signed(1, node_hash(left, right))}
    assert found(files) == [("root-differs", None)]
