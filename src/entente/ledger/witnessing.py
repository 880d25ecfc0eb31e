"""Witness rules (C2SP tlog-witness): a log may only grow, and must prove that it only grew. Pure: the caller keeps
the last.

INVARIANT for callers: comparing with the last checkpoint and keeping the new one happens in one transaction, or two
histories can be cosigned in a race.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.ledger.checkpoints import Checkpoint
from entente.ledger.paths import verify_consistency
from entente.ledger.problems import Problem
from entente.ledger.tree import EMPTY_ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """Keep `checkpoint`, then cosign it; `is_newer` is False when it is the one already known."""

    checkpoint: Checkpoint
    is_newer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Do not cosign. Both signed notes are the evidence; `is_proof`: they alone convince anybody who knows the log's
    key."""

    problem: Problem
    last_note: bytes
    new_note: bytes
    is_proof: bool


def witness(last: Checkpoint | None, new: Checkpoint, proof: Sequence[bytes]) -> Accept | Conflict:
    """Whether `new` continues `last` (None: never seen), by the consistency `proof` from last.size to new.size.

    Both come from read_checkpoint, which has verified their signatures.
    """
    if last is None:
        is_right = verify_consistency(0, new.size, proof, EMPTY_ROOT, new.root)
        return Accept(checkpoint=new, is_newer=True) if is_right else _conflict(None, new, "not-consistent", old=0)
    if new.origin != last.origin:
        return _conflict(last, new, "other-log", expected=last.origin)
    if new.size < last.size:
        return _conflict(last, new, "smaller", old=last.size)
    if new.size == last.size and new.root != last.root:
        return _conflict(last, new, "two-heads")
    if not verify_consistency(last.size, new.size, proof, last.root, new.root):
        return _conflict(last, new, "not-consistent", old=last.size)
    return Accept(checkpoint=new, is_newer=new.size > last.size)


def _conflict(last: Checkpoint | None, new: Checkpoint, code: str, **values: object) -> Conflict:
    problem = Problem(code=code, values={"origin": new.origin, "size": new.size, **values})
    return Conflict(
        problem=problem,
        last_note=last.note if last else b"",
        new_note=new.note,
        is_proof=code == "two-heads",
    )
