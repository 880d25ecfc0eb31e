"""The part of every store (entente.store.protocol) that knows how long records may be held, and what is held longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from entente.store.rows import RecordRow

HeldPlace = tuple[date, str]
"""Where a page of received records begins, behind it: (retain_until, id) of the last one seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A record that is not erased at its day: who said so, why and when."""

    record_id: str
    who: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedCount:
    """How many received records of one group may be held until the end of `retain_until`, a day in the zone of their
    `agreement`; `is_held`: with a hold."""

    kind: str
    via: str
    agreement: str
    retain_until: date
    is_simulated: bool
    is_held: bool
    number: int


class Retention(Protocol):
    """Received records by the last day on which they may be held, our own by age, and holds. Only current versions that
    are not erased."""

    def put_hold(self, row: HoldRow) -> None:
        """Adds or replaces a hold."""

    def drop_hold(self, record_id: str) -> None:
        """Nothing happens where there is none."""

    def hold(self, record_id: str) -> HoldRow | None:
        """Of one record."""

    def holds(self, record_ids: Sequence[str] | None = None) -> Sequence[HoldRow]:
        """In order of record; of these records only, or all."""

    def retained(
        self, until: date, *, after: HeldPlace | None = None, via: str = "", limit: int
    ) -> Sequence[RecordRow]:
        """Received records with retain_until <= until, in order of day and id, behind the place `after`."""

    def retained_counts(self, until: date) -> Sequence[RetainedCount]:
        """Received records with retain_until <= until, counted by group, in order."""

    def own_before(self, kind: str, moment: datetime, *, after: str = "", limit: int) -> Sequence[RecordRow]:
        """Our own of one kind whose current version was recorded before `moment`, in order of id, after id `after`."""

    def own_counts_before(self, kind: str, moment: datetime) -> Sequence[tuple[bool, bool, int]]:
        """(is_simulated, is_held, number) of those, in order."""
