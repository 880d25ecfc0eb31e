"""What is begun at one browser and answered there: a passkey that is asked for, or a visit at another service.

A step waits ten minutes for one answer, under the digest of a secret that only this browser holds.
"""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from entente.errors import InputFault, Unavailable
from entente.node.work import Node, Work
from entente.signing import Json, canonical, parse
from entente.store import StepRow

LONGEST = timedelta(minutes=10)
MOST = 5_000
"""Strangers can begin steps; so many at once, and no more room is taken."""
SECRET_BYTES = 32


class StepOver(InputFault):
    """This was answered too late, twice, or at another browser than the one where it was begun. Begin again."""


class TooManySteps(Unavailable):
    """Too many people are signing in at this moment. Try again in a few minutes."""


def kept(token: str) -> str:
    """What the node keeps of a secret that a browser holds."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def begin(work: Work, place: str, kind: str, account: str, held: Mapping[str, Json]) -> None:
    """`place` is what is kept of the browser's secret; an earlier step of this kind there is forgotten. Raises
    TooManySteps."""
    work.tx.drop_steps(work.now - LONGEST)
    if work.tx.step_count() >= MOST:
        raise TooManySteps
    row = StepRow(token=place, kind=kind, account=account, held=canonical(dict(held)), started_at=work.now)
    work.tx.put_step(row)


def take(node: Node, place: str, kind: str) -> tuple[str, Mapping[str, Any]]:
    """For which account the step was begun, and what its answer must fit. Raises StepOver.

    INVARIANT: it is forgotten before the answer is looked at, so that a wrong answer ends it too.
    """
    with node.writing() as work:
        row = work.tx.take_step(place, kind)
    if row is None or work.now - row.started_at >= LONGEST:
        raise StepOver
    return row.account, parse(row.held)
