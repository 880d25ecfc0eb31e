"""A witness cosigns a log that only grows, and keeps the evidence of one that does not."""

import pytest

from entente.ledger import (
    Accept,
    Checkpoint,
    Conflict,
    VerifierKey,
    consistency_proof,
    hashes_of,
    read_checkpoint,
    root_of,
    verify_consistency,
    witness,
)
from entente.signing import PublicKey
from ledger import published
from ledger.made import KNOWN, OTHER_KEY, checkpoint, leaves, signed

HASHES = hashes_of(lambda start, stop: leaves(1000)[start:stop])


def proof(old: int, size: int) -> tuple[bytes, ...]:
    return consistency_proof(old, size, HASHES)


def test_a_log_seen_for_the_first_time_is_accepted_without_a_proof() -> None:
    assert witness(None, checkpoint(5), ()) == Accept(checkpoint=checkpoint(5), is_newer=True)
    assert witness(None, checkpoint(0), ()) == Accept(checkpoint=checkpoint(0), is_newer=True)


def test_a_log_that_grew_is_accepted() -> None:
    assert witness(checkpoint(5), checkpoint(300), proof(5, 300)) == Accept(checkpoint=checkpoint(300), is_newer=True)


def test_a_log_that_stands_still_is_accepted_again() -> None:
    assert witness(checkpoint(5), checkpoint(5), ()) == Accept(checkpoint=checkpoint(5), is_newer=False)


def test_the_published_log_of_the_witness_that_this_is_modelled_on() -> None:
    key = VerifierKey(name=published.SIGSUM_ORIGIN, key=PublicKey(published.SIGSUM_KEY))
    seen = {size: read_checkpoint(note, [key]) for size, note in published.SIGSUM_NOTES.items()}
    for (old, size), path in published.SIGSUM_PROOFS.items():
        assert verify_consistency(old, size, path, seen[old].root, seen[size].root)
        assert isinstance(witness(seen[old], seen[size], path), Accept)
    assert isinstance(witness(seen[3], seen[5], published.SIGSUM_PROOFS[1, 5]), Conflict)


def conflict(last: Checkpoint | None, new: Checkpoint, path: tuple[bytes, ...]) -> Conflict:
    found = witness(last, new, path)
    assert isinstance(found, Conflict)
    return found


def test_two_heads_of_one_size_are_proof_to_anybody() -> None:
    other = checkpoint(5, root_of(leaves(4)))
    found = conflict(checkpoint(5), other, ())
    assert (found.problem.code, found.is_proof) == ("two-heads", True)
    convinced = [read_checkpoint(note, KNOWN) for note in (found.last_note, found.new_note)]
    assert convinced[0].size == convinced[1].size
    assert convinced[0].root != convinced[1].root


def test_a_log_may_not_shrink_even_with_a_proof_the_other_way_round() -> None:
    found = conflict(checkpoint(300), checkpoint(5), proof(5, 300))
    assert (found.problem.code, found.is_proof) == ("smaller", False)
    assert (found.last_note, found.new_note) == (checkpoint(300).note, checkpoint(5).note)
    assert found.problem.said() == "The log entente/ca.cbsa shows 5 entries after it had shown 300."


@pytest.mark.parametrize("path", [(), proof(5, 299), proof(4, 300), proof(5, 300)[:-1], (*proof(5, 300), bytes(32))])
def test_growth_without_the_right_proof_is_refused(path: tuple[bytes, ...]) -> None:
    found = conflict(checkpoint(5), checkpoint(300), path)
    assert (found.problem.code, found.is_proof) == ("not-consistent", False)


def test_a_history_that_was_rewritten_has_no_proof() -> None:
    rewritten = (leaves(1)[0], *leaves(300)[2:], bytes(32))
    fork = checkpoint(300, root_of(rewritten))
    reader = hashes_of(lambda start, stop: rewritten[start:stop])
    assert conflict(checkpoint(5), fork, consistency_proof(5, 300, reader)).problem.code == "not-consistent"
    assert conflict(checkpoint(5), fork, proof(5, 300)).problem.code == "not-consistent"


def test_a_first_checkpoint_comes_with_an_empty_proof() -> None:
    found = conflict(None, checkpoint(5), (bytes(32),))
    assert (found.problem.code, found.last_note) == ("not-consistent", b"")


def test_checkpoints_of_two_logs_are_not_compared() -> None:
    key = VerifierKey(name="entente/us.cbp", key=OTHER_KEY.public)
    other = read_checkpoint(signed(5, root_of(leaves(5)), origin="entente/us.cbp", key=OTHER_KEY), [key])
    assert conflict(checkpoint(5), other, ()).problem.code == "other-log"


def test_every_conflict_says_what_and_what_to_do() -> None:
    for found in (
        conflict(checkpoint(5), checkpoint(5, root_of(leaves(4))), ()),
        conflict(checkpoint(6), checkpoint(5), ()),
        conflict(checkpoint(5), checkpoint(6), ()),
        conflict(None, checkpoint(5), (bytes(32),)),
    ):
        assert found.problem.said().endswith(".")
        assert found.problem.cure().endswith(".")
