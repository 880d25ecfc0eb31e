"""What is known of each series: counts, gaps, weeks that are no baseline; and the baselines to fit, as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.layout import Bools, Floats, Ints
from entente.errors import InputFault

PIECE = 128
"""Baselines fitted at a time: few enough to stay in the processor's cache."""


class BadCounts(InputFault):
    """Counts must be whole numbers of 0 or more in rows of weeks, one row for each series; found: {found}. Correct the
    table."""


class BadWeeks(InputFault):
    """The weeks to judge are {weeks}, but the series have {length} weeks. Name weeks by their place, from 0."""


class BadMask(InputFault):
    """The mask has the shape {found}, the counts have {wanted}. Give one mark for each week of each series."""


class Reason(IntEnum):
    """Why a week is not judged; `JUDGED` if it is."""

    JUDGED = 0
    NO_COUNT = 1
    """The week itself has no count."""
    SHORT_HISTORY = 2
    """The series does not reach back far enough."""
    TOO_FEW_BASELINE_WEEKS = 3
    """Too many weeks of the baseline are missing or left out."""
    FEW_CASES = 4
    """Fewer cases in the last weeks than the rule asks for (`least_cases`)."""
    NO_FIT = 5
    """The iterations did not end."""
    NO_CASES = 6
    """Not one case in the whole baseline: there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts [series, week]; `gone` where there is none; `left_out` where there is one that is no baseline."""

    counts: Ints
    gone: Bools
    left_out: Bools
    at: Ints
    """Places of the weeks to judge."""

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.counts), len(self.at)

    @property
    def observed(self) -> Ints:
        """Counts of the weeks to judge, [series, judged week]; 0 where there is none."""
        return np.where(self.gone[:, self.at], 0, self.counts[:, self.at])

    @property
    def history(self) -> Ints:
        """Weeks from the first count of the series to the judged week, [series, judged week]."""
        length = self.gone.shape[1]
        first = np.where(self.gone.all(1), length, (~self.gone).argmax(1))
        weeks: Ints = self.at[None, :] - first[:, None]
        return weeks

    def reasons(self, least_history: int) -> Ints:
        """Codes of `Reason`, as far as they are known before the baseline is looked at, [series, judged week]."""
        found = np.zeros(self.shape, dtype=np.int64)
        found[self.history < least_history] = Reason.SHORT_HISTORY
        found[self.gone[:, self.at]] = Reason.NO_COUNT
        return found

    def recent_cases(self, weeks: int) -> Ints:
        """Cases of the last `weeks` weeks, the judged one among them, [series, judged week]."""
        known = np.where(self.gone, 0, self.counts)
        running = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
        cases: Ints = running[:, self.at + 1] - running[:, np.maximum(self.at + 1 - weeks, 0)]
        return cases


@dataclass(frozen=True, slots=True)
class Baselines:
    """Rows, one for each (series, judged week); `counts` [row, baseline week] are 0 where not `used`."""

    place: Ints
    """In the flattened answer."""
    counts: Floats
    used: Floats
    """1 or 0."""


def pieces(table: Table, where: Bools, offsets: Ints) -> Iterator[Baselines]:
    """The baselines (weeks `offsets` after the judged one) of the weeks marked in `where` [series, judged week]."""
    usable = ~(table.gone | table.left_out)
    places = np.flatnonzero(where)
    for start in range(0, len(places), PIECE):
        place = places[start : start + PIECE]
        series, column = np.divmod(place, len(table.at))
        weeks = table.at[column, None] + offsets
        used = (weeks >= 0) & usable[series[:, None], weeks]
        yield Baselines(place, np.where(used, table.counts[series[:, None], weeks], 0.0), used.astype(float))


def checked(
    counts: NDArray[np.integer], at: NDArray[np.integer], mask: Bools | None, left_out: Bools | None = None
) -> Table:
    """What was handed in, in arrays of their kinds. Raises BadCounts, BadWeeks, BadMask."""
    table = np.asarray(counts)
    if table.ndim != 2 or not np.issubdtype(table.dtype, np.integer):
        raise BadCounts(found=f"{table.dtype} {table.shape}")
    gone, excluded = (_marks(marks, table.shape) for marks in (mask, left_out))
    if (negative := (table < 0) & ~gone).any():
        raise BadCounts(found=int(table[negative].min()))
    weeks = np.atleast_1d(np.asarray(at, dtype=np.int64))
    if weeks.ndim != 1 or ((weeks < 0) | (weeks >= table.shape[1])).any():
        raise BadWeeks(weeks=weeks.tolist(), length=table.shape[1])
    return Table(table.astype(np.int64, copy=False), gone, excluded, weeks)


def _marks(marks: Bools | None, shape: tuple[int, ...]) -> Bools:
    if marks is None:
        return np.broadcast_to(np.False_, shape)
    given = np.asarray(marks, dtype=bool)
    if given.shape not in (shape, shape[1:]):
        raise BadMask(found=given.shape, wanted=shape)
    return np.broadcast_to(given, shape)
