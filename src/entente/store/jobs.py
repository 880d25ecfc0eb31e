"""The part of every store (entente.store.protocol) that knows whose turn regular work is, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One sort of regular work: how its last run went, and when the next is due. `fault` names the error, empty after a
    good run; `failures` counts those in a row."""

    name: str
    started_at: datetime
    ended_at: datetime
    due_at: datetime | None
    fault: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRow:
    """Who does the work called `name` until when."""

    name: str
    worker: str
    until: datetime


class Jobs(Protocol):
    """Regular work of the processes that serve one node."""

    def take_turn(self, row: TurnRow, now: datetime, *, by_force: bool = False) -> bool:
        """True when nobody else has the turn at `now`, or `by_force`; the worker then has it until `row.until`."""

    def put_job(self, row: JobRow) -> None:
        """Adds or replaces how a job went."""

    def jobs(self) -> Sequence[JobRow]:
        """In order of name."""
