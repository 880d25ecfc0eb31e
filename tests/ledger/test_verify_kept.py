"""One byte changed in an old row of the database is named, and so is every other thing its administrator can do."""

import pytest

from entente.ledger import Checkpoint, Frontier, Verdict, leaf_hash, root_of, verify_entries
from entente.signing import canonical, commit
from ledger.made import (
    KEY,
    KNOWN,
    MOMENT,
    OTHER_KEY,
    Row,
    anchor,
    changed,
    checkpoint,
    flipped,
    leaf,
    row,
    rows,
    signed,
)

SIZE = 600
ANCHORS = (anchor(100), anchor(300), anchor(600))


def check(kept: list[Row], anchors: tuple[Checkpoint, ...] = ANCHORS, head: Frontier | None = None) -> Verdict:
    return verify_entries(kept, [anchor.note for anchor in anchors], KNOWN, head=head)


def found(
    kept: list[Row], anchors: tuple[Checkpoint, ...] = ANCHORS, head: Frontier | None = None
) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.index) for problem in check(kept, anchors, head).problems]


def head_of(kept: list[Row]) -> Frontier:
    return Frontier().extend(each.leaf_hash for each in kept)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 600, 5000])
def test_rows_that_nobody_touched_are_intact(size: int) -> None:
    verdict = check(rows(size), (anchor(size),) if size else (), head_of(rows(size)))
    assert verdict.is_intact
    assert verdict.read == size


def test_the_verdict_names_the_newest_checkpoint() -> None:
    verdict = check(rows(SIZE))
    assert (verdict.origin, verdict.size, verdict.root) == ("entente/ca.cbsa", 600, anchor(600).root)


@pytest.mark.parametrize("index", [0, 99, 100, 299, 300, 599])
def test_one_byte_changed_in_one_old_entry_is_named(index: int) -> None:
    kept = rows(SIZE)
    kept[index] = changed(kept[index], data=flipped(kept[index].data, 77))
    assert found(kept) == [("entry-changed", index)]
    assert check(kept).problems[0].said() == f"Entry {index} was changed after it was logged."


def test_every_changed_entry_is_named() -> None:
    kept = rows(SIZE)
    for index in (3, 4, 350):
        kept[index] = changed(kept[index], data=b"forged", opening=None, salt=None)
    assert found(kept) == [("entry-changed", 3), ("entry-changed", 4), ("entry-changed", 350)]


def test_a_changed_leaf_hash_is_told_from_a_changed_entry() -> None:
    kept = rows(SIZE)
    kept[3] = changed(kept[3], leaf_hash=bytes(32))
    kept[350] = changed(kept[350], data=b"forged", opening=None, salt=None)
    kept[400] = changed(kept[400], leaf_hash=b"not even a hash")
    assert found(kept)[0] == ("hash-changed", 3)
    # behind checkpoint 300 both kinds are mixed: no side gives the signed root
    assert found(kept)[1:] == [("entry-disagrees", 350), ("entry-disagrees", 400), ("range-changed", 300)]


def test_a_changed_hash_before_a_checkpoint_does_not_hide_a_changed_entry_behind_it() -> None:
    kept = rows(SIZE)
    kept[3] = changed(kept[3], leaf_hash=bytes(32))
    kept[350] = changed(kept[350], data=b"forged", opening=None, salt=None)
    assert found(kept) == [("hash-changed", 3), ("entry-changed", 350)]


def test_a_change_of_data_and_leaf_hash_together_lies_between_two_checkpoints() -> None:
    kept = rows(SIZE)
    kept[250] = row(250, leaf(250, note="rewritten"))
    verdict = check(kept)
    assert [(problem.code, problem.index) for problem in verdict.problems] == [("range-changed", 100)]
    assert verdict.problems[0].values["last"] == 299


def test_a_checkpoint_that_a_partner_holds_narrows_it_down() -> None:
    kept = rows(SIZE)
    kept[250] = row(250, leaf(250, note="rewritten"))
    verdict = check(kept, (*ANCHORS, anchor(240), anchor(260)))
    assert (verdict.problems[0].index, verdict.problems[0].values["last"]) == (240, 259)


def test_two_rows_that_changed_places_lie_between_two_checkpoints() -> None:
    kept = rows(SIZE)
    kept[110], kept[120] = changed(kept[120], index=110), changed(kept[110], index=120)
    assert found(kept) == [("range-changed", 100)]


def test_a_truncated_tail_is_named() -> None:
    assert found(rows(SIZE)[:590]) == [("truncated", 590)]
    assert found([]) == [("truncated", 0)]


def test_a_tail_that_only_a_partner_remembers_is_named() -> None:
    """Yesterday's backup, with all of its own checkpoints: whole, but smaller than what a partner has seen."""
    backup = rows(300)
    assert found(backup, (anchor(100), anchor(300)), head_of(backup)) == []
    assert found(backup, (anchor(100), anchor(300), anchor(600)), head_of(backup)) == [("truncated", 300)]


def test_missing_rows_are_named_and_those_behind_them_are_not_accused() -> None:
    kept = [*rows(SIZE)[:200], *rows(SIZE)[210:]]
    verdict = check(kept)
    assert [(problem.code, problem.index) for problem in verdict.problems] == [("entries-missing", 200)]
    assert verdict.problems[0].values["last"] == 209


def test_behind_a_gap_a_row_that_contradicts_itself_is_still_named() -> None:
    kept = [*rows(SIZE)[:200], *rows(SIZE)[210:]]
    kept[-1] = changed(kept[-1], data=b"forged", opening=None, salt=None)
    assert found(kept) == [("entries-missing", 200), ("entry-disagrees", 599)]


def test_a_row_twice_is_named() -> None:
    kept = [*rows(SIZE)[:200], rows(SIZE)[150], *rows(SIZE)[200:]]
    assert found(kept) == [("out-of-order", 150)]


def test_two_signed_heads_of_one_size_are_named() -> None:
    fork = checkpoint(300, bytes(32))
    assert found(rows(SIZE), (*ANCHORS, fork)) == [("two-heads", None)]


# --- the head that the store keeps ------------------------------------------------------------------------------------


def test_behind_the_last_checkpoint_the_kept_head_tells_which_side_was_changed() -> None:
    kept = rows(SIZE)
    head = head_of(kept)
    kept[450] = changed(kept[450], data=b"forged", opening=None, salt=None)
    kept[550] = changed(kept[550], leaf_hash=bytes(32))
    early = (anchor(300), anchor(500))
    assert found(kept[:500], early, head_of(rows(500))) == [("entry-changed", 450)]
    assert found(kept, early, head) == [("entry-changed", 450), ("hash-changed", 550)]
    assert found(kept, early) == [("entry-changed", 450), ("entry-disagrees", 550)]


def test_a_row_added_behind_the_head_is_named() -> None:
    assert found(rows(601), ANCHORS, head_of(rows(600))) == [("beyond-head", 600)]


def test_a_row_missing_before_the_head_is_named() -> None:
    assert found(rows(600), ANCHORS, head_of(rows(601))) == [("truncated", 600)]


def test_a_head_that_does_not_fit_is_named() -> None:
    other = [*rows(649), row(649, leaf(649, note="rewritten"))]
    assert found(rows(650), ANCHORS, head_of(other)) == [("range-changed", 600)]


# --- openings ---------------------------------------------------------------------------------------------------------


def test_after_erasure_the_leaf_stands_and_nothing_is_wrong() -> None:
    kept = rows(SIZE)
    kept[7] = changed(kept[7], opening=None, salt=None)
    assert found(kept) == []


def test_changed_facts_are_named() -> None:
    kept = rows(SIZE)
    opening = kept[7].opening
    assert opening is not None
    kept[7] = changed(kept[7], opening=opening.replace(b"record-7", b"record-8"))
    kept[8] = changed(kept[8], salt=bytes(32))
    kept[9] = changed(kept[9], salt=None)
    kept[10] = changed(kept[10], opening=None)
    assert found(kept) == [("wrong-opening", index) for index in (7, 8, 9, 10)]


@pytest.mark.parametrize(
    ("column", "value"), [("type", "disclosed"), ("at", MOMENT.replace(year=2020)), ("subject", "record-1")]
)
def test_a_column_that_says_otherwise_than_the_facts_is_named(column: str, value: object) -> None:
    kept = rows(SIZE)
    kept[7] = changed(kept[7], **{column: value})
    verdict = check(kept)
    assert [(problem.code, problem.index) for problem in verdict.problems] == [("wrong-label", 7)]
    assert verdict.problems[0].said() == f"The {column} shown for entry 7 is not the one that was logged."


def test_facts_of_another_form_under_a_right_commitment_are_named() -> None:
    opening, salt = canonical({"facts": {}}), bytes(32)
    data = canonical({"v": 1, "c": commit(salt, opening)})
    odd = changed(row(0), data=data, leaf_hash=leaf_hash(data), opening=opening, salt=salt)
    assert found([odd], ()) == [("wrong-opening", 0)]


def test_without_any_checkpoint_rows_are_at_least_compared_with_themselves() -> None:
    kept = rows(20)
    kept[3] = changed(kept[3], data=b"forged", opening=None, salt=None)
    assert found(kept, ()) == [("entry-disagrees", 3)]


def test_a_checkpoint_in_the_middle_of_a_batch_is_used() -> None:
    """Rows are hashed in batches of 4096; an anchor must not wait for the end of one."""
    kept = rows(5000)
    kept[4500] = changed(kept[4500], data=b"forged", opening=None, salt=None)
    assert found(kept, (anchor(4400), anchor(4600), anchor(5000))) == [("entry-changed", 4500)]
    kept[10] = row(10, leaf(10, note="rewritten"))
    assert found(kept, (anchor(4400), anchor(5000)))[0] == ("range-changed", 0)


def test_a_checkpoint_signed_over_the_changed_rows_would_have_to_be_forged() -> None:
    kept = rows(SIZE)
    kept[250] = row(250, leaf(250, note="rewritten"))
    own = checkpoint(600, root_of(each.leaf_hash for each in kept))
    assert own.note == signed(600, own.root, key=KEY)
    assert found(kept, (anchor(100), own)) == []  # with the log's own key the operator can lie to himself...
    assert found(kept, (anchor(100), own, anchor(600))) == [("two-heads", None)]  # ...but not to a witness


# --- checkpoints in the same database ---------------------------------------------------------------------------------


def test_a_checkpoint_that_the_log_did_not_sign_is_no_anchor() -> None:
    """Whoever rewrites a row can write a checkpoint beside it, but cannot sign it."""
    kept = rows(SIZE)
    kept[250] = row(250, leaf(250, note="rewritten"))
    root = root_of(each.leaf_hash for each in kept)
    genuine = [each.note for each in ANCHORS]
    by_other = signed(600, root, key=OTHER_KEY)
    spoiled = anchor(300).note.replace(b"\n300\n", b"\n299\n")
    codes = [problem.code for problem in verify_entries(kept, [genuine[0], by_other], KNOWN).problems]
    assert codes == ["unknown-signer"]
    codes = [problem.code for problem in verify_entries(kept, [*genuine, by_other, spoiled, b"x"], KNOWN).problems]
    assert codes == ["unknown-signer", "forged-signature", "unreadable-checkpoint", "range-changed"]


def test_a_verdict_goes_out_as_json() -> None:
    kept = rows(SIZE)
    kept[7] = changed(kept[7], data=b"forged", opening=None, salt=None)
    assert check(kept).to_json() == {
        "origin": "entente/ca.cbsa",
        "size": 600,
        "root": anchor(600).root.hex(),
        "read": 600,
        "problems": [{"code": "entry-changed", "index": 7, "values": {}}],
    }
