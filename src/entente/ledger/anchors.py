"""Checkpoints as anchors of a check: read with known keys, so that a forged one is a problem and never an anchor."""

from collections.abc import Iterable, Sequence

from entente.ledger.checkpoints import (
    Checkpoint,
    ForgedSignature,
    UnknownSigner,
    UnreadableCheckpoint,
    parse_checkpoint,
    read_checkpoint,
)
from entente.ledger.notes import VerifierKey
from entente.ledger.problems import Problem


def read_anchor(note: bytes, known: Sequence[VerifierKey]) -> tuple[Checkpoint | None, Problem | None]:
    """The checkpoint in `note`, even when its signature is bad (then with the problem); None when it cannot be read."""
    try:
        return read_checkpoint(note, known), None
    except UnreadableCheckpoint as error:
        return None, Problem(code="unreadable-checkpoint", values=error.values)
    except UnknownSigner as error:
        return parse_checkpoint(note), Problem(code="unknown-signer", values=error.values)
    except ForgedSignature as error:
        return parse_checkpoint(note), Problem(code="forged-signature", values=error.values)


def read_anchors(notes: Iterable[bytes], known: Sequence[VerifierKey]) -> tuple[list[Checkpoint], list[Problem]]:
    """The checkpoints that a known log has signed, by size, and a problem for each that it has not."""
    anchors: list[Checkpoint] = []
    problems: list[Problem] = []
    for note in notes:
        anchor, problem = read_anchor(note, known)
        if problem:
            problems.append(problem)
        elif anchor:
            anchors.append(anchor)
    return sorted(anchors, key=lambda anchor: anchor.size), problems
