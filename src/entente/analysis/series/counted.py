"""Counts as arrays, a row for each series and a column for each period; what nobody counted is masked, never zero."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entente.analysis.series.periods import PER_YEAR, Period, Step
from entente.errors import InputFault

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MAX_CELLS = 50_000_000
WEEK = 7


class TooManyPeriods(InputFault):
    """{series} series over the periods {first} to {last} are more than can be judged at once. Look for a period that is
    mistyped, or give fewer series or periods."""


class OtherPeriods(InputFault):
    """`{given}` is not written as the periods of the table, such as {example}. Write it in the same way."""


@dataclass(frozen=True, slots=True)
class Axis:
    """`size` periods of one step from `first` on; `every` is 7 where a week is named by one of its days."""

    first: Period
    size: int
    every: int = 1

    @property
    def step(self) -> Step:
        return "week" if self.every == WEEK else self.first.step

    @property
    def per_year(self) -> int:
        return PER_YEAR[self.step]

    def period(self, place: int) -> Period:
        return Period(self.first.step, self.first.number + place * self.every)

    def text(self, place: int) -> str:
        return str(self.period(place))

    def place(self, text: str) -> int:
        """The place of the first period that begins with the one in `text` or later; `size` if none does.

        Raises OtherPeriods, NoPeriod.
        """
        period = Period.read(text)
        if period.step != self.first.step:
            raise OtherPeriods(given=text, example=str(self.first))
        return min(self.size, max(0, -((self.first.number - period.number) // self.every)))

    def days(self, place: int) -> tuple[date, date] | None:
        """First and last day; None where periods are running numbers."""
        first = self.period(place).first_day
        last = Period(self.first.step, self.first.number + (place + 1) * self.every - 1).last_day
        return (first, last) if first and last else None


# No slots: what is derived is cached on the instance.
@dataclass(frozen=True)
class Counted:
    """Arrays [series, period]. `is_gone`: not counted, or nobody tested; the other arrays hold 0 there.

    `tested` None: the table does not tell what was tested. `has_reports`: it tells when counts were reported.
    """

    names: tuple[str, ...]
    axis: Axis
    counts: Ints
    is_gone: Bools
    tested: Ints | None = None
    has_reports: bool = False

    @cached_property
    def last_counted(self) -> int:
        """The place of the newest period that any series counts; -1 if none does."""
        known = np.flatnonzero(~self.is_gone.all(axis=0))
        return int(known[-1]) if known.size else -1

    def in_weeks(self) -> "Counted":
        """Days added up to ISO weeks, whole ones only; other periods stay as they are."""
        if self.axis.step != "day":
            return self
        week = (np.arange(self.axis.size) + self.axis.first.number - 1) // WEEK
        begins = np.flatnonzero(np.diff(week, prepend=week[0] - 1))
        lengths = np.diff(begins, append=week.size)
        is_gone = np.asarray(np.logical_and.reduceat(self.is_gone, begins, axis=1))
        is_gone[:, lengths < WEEK] = True
        cut = begins.size if lengths[-1] == WEEK else max(1, begins.size - 1)  # the newest has not ended

        def added(days: Ints) -> Ints:
            return np.where(is_gone, 0, np.add.reduceat(days, begins, axis=1))[:, :cut]

        return replace(
            self,
            axis=Axis(Period("week", int(week[0])), cut),
            counts=added(self.counts),
            is_gone=is_gone[:, :cut],
            tested=None if self.tested is None else added(self.tested),
        )


def counted(rows: pa.Table, *, as_of: str = "", absent_is_zero: bool = False) -> Counted | None:
    """The series of `rows`, which have the columns of a plain table (COUNT), in order of name; None without rows.

    Of several reports of one count the newest counts, of those not later than `as_of`. `absent_is_zero`: a period
    without a row counts 0 from the first period of the table to the last. Raises OtherPeriods, TooManyPeriods.
    """
    kept = _newest(rows, as_of)
    if kept.num_rows == 0:
        return None
    names, series = _coded(kept["series"])
    texts, which = _coded(kept["period"])
    periods = [Period.read(text) for text in texts]
    axis, places = _axis(periods, len(names))
    columns = places[which]
    shape = (len(names), axis.size)
    counts, is_known = _placed(kept["count"], series, columns, shape)
    tested, is_told = _placed(kept["tested"], series, columns, shape)
    is_gone = ~is_known
    if absent_is_zero:
        has_row = np.zeros(shape, dtype=bool)
        has_row[series, columns] = True
        is_gone &= has_row
    if is_told.any():
        is_gone |= tested == 0  # nobody tested, or nobody told: no looking
    counts[is_gone] = 0
    has_reports = bool(pc.any(pc.not_equal(kept["reported"], kept["period"])).as_py())
    return Counted(tuple(names), axis, counts, is_gone, tested if is_told.any() else None, has_reports)


def _newest(rows: pa.Table, as_of: str) -> pa.Table:
    """For each series and period the row that was reported last."""
    if rows.num_rows == 0:
        return rows
    texts, which = _coded(rows["reported"])
    reports = [Period.read(text) for text in texts]
    numbers = np.array([report.number for report in reports])[which]
    if as_of:
        numbers = _until(numbers, reports[0], as_of)
    _, series = _coded(rows["series"])
    _, period = _coded(rows["period"])
    order = np.lexsort((numbers, period, series))
    order = order[numbers[order] >= 0]
    is_last = np.ones(order.size, dtype=bool)
    is_last[:-1] = (series[order][1:] != series[order][:-1]) | (period[order][1:] != period[order][:-1])
    return rows.take(np.sort(order[is_last]))


def _until(numbers: Ints, example: Period, as_of: str) -> Ints:
    """-1 for what was reported later than `as_of`."""
    limit = Period.read(as_of)
    if limit.step != example.step:
        raise OtherPeriods(given=as_of, example=str(example))
    return np.where(numbers <= limit.number, numbers, -1)


def _coded(column: Any) -> tuple[list[str], Ints]:
    """The different texts in order, and for each row the place of its text among them."""
    texts = sorted(pc.unique(column).to_pylist())
    return texts, np.asarray(pc.index_in(column, pa.array(texts, pa.string())), dtype=np.int64)


def _axis(periods: Sequence[Period], series: int) -> tuple[Axis, Ints]:
    """The axis, and the place of each of `periods` on it."""
    numbers = np.array([period.number for period in periods], dtype=np.int64)
    first, last = int(numbers.min()), int(numbers.max())
    every = WEEK if periods[0].step == "day" and _is_weekly(numbers) else 1
    size = (last - first) // every + 1
    ends = (Period(periods[0].step, first), Period(periods[0].step, last))
    if size * series > MAX_CELLS:
        raise TooManyPeriods(series=series, first=str(ends[0]), last=str(ends[1]))
    return Axis(ends[0], size, every), (numbers - first) // every


def _is_weekly(days: Ints) -> bool:
    """Whether these are weeks named by a day: at least three, all on one day of the week."""
    return days.size >= 3 and bool(((days - days[0]) % WEEK == 0).all())


def _placed(values: Any, series: Ints, columns: Ints, shape: tuple[int, int]) -> tuple[Ints, Bools]:
    """The values that are told at their places, and where that is."""
    is_told = np.asarray(values.is_valid(), dtype=bool)
    whole = np.asarray(pc.fill_null(values, 0), dtype=np.int64)
    table, known = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    table[series[is_told], columns[is_told]] = whole[is_told]
    known[series[is_told], columns[is_told]] = True
    return table, known
