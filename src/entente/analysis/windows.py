"""The windows that are compared: whole months that end on a day, and the day that is meant where none is set."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa

from entente.analysis.question import Arguments
from entente.errors import InputFault

Span = tuple[date, date]
"""The last day and the first day of a period."""


class EmptyWindow(InputFault):
    """A window of no months holds nothing to compare. Set `{name}` to 1 or more."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The late window `late_start` to `until` and the base before it from `base_start`; both days included."""

    base_start: date
    late_start: date
    until: date

    @classmethod
    def before(cls, until: date, months: int, base_months: int) -> "Windows":
        """The windows of so many whole months that end on `until`."""
        end = following(until)
        return cls(months_back(end, months + base_months), months_back(end, months), until)


def following(day: date) -> date:
    """The day after; the last day there is has none."""
    return day if day == date.max else day + timedelta(days=1)


def months_back(day: date, months: int) -> date:
    """The day `months` earlier, or the last of that month where it has no such day; never before the year 1."""
    ordinal = day.year * 12 + day.month - 1 - months
    if ordinal < 12:
        return date.min
    year, month = ordinal // 12, ordinal % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_of(arguments: Arguments, name: str) -> int:
    """The length of a window that the argument `name` sets. Raises EmptyWindow."""
    months = arguments[name]
    if not isinstance(months, int) or months < 1:
        raise EmptyWindow(name=name)
    return months


def usual_end(counts: pa.Table, months: int, base_months: int) -> date | None:
    """The day on which windows end where nobody sets it; None if there is nothing to count.

    `counts` has the columns stratum, period_start and period_end. It is the newest day with which more than half of the
    strata that still report can be compared. INVARIANT: one record cannot move it: a period that is longer than the
    late window, or that no other of its stratum precedes within the windows, has no voice, unless none has one.
    """
    spans = _spans(counts)
    voices = {stratum: _preceded(own, months, base_months) for stratum, own in spans.items()}
    given = [own for own in voices.values() if own] or list(spans.values())
    if not given:
        return None
    newest = max(own[-1][0] for own in given)
    since = Windows.before(newest, months, 0).late_start
    reporting = [own for own in given if own[-1][0] >= since]
    days = sorted({end for own in reporting for end, _ in own if end >= since}, reverse=True)
    compared = {day: _compared(reporting, Windows.before(day, months, 0)) for day in days}
    enough = min(len(reporting) // 2 + 1, max(compared.values()))
    return next(day for day in days if compared[day] >= enough)


def _spans(counts: pa.Table) -> dict[str, list[Span]]:
    names = ["stratum", "period_end", "period_start"]
    found: dict[str, list[Span]] = {}
    for row in (
        counts.select(names).group_by(names).aggregate([]).sort_by([(name, "ascending") for name in names]).to_pylist()
    ):
        found.setdefault(row["stratum"], []).append((row["period_end"], row["period_start"]))
    return found


def _preceded(spans: Sequence[Span], months: int, base_months: int) -> list[Span]:
    """The periods that fit into a late window ending with them, with another period before them in the windows."""
    kept = []
    for (before, _), (end, start) in pairwise(spans):
        windows = Windows.before(end, months, base_months)
        if windows.late_start <= start and windows.base_start <= before < start:
            kept.append((end, start))
    return kept


def _compared(strata: Iterable[Sequence[Span]], windows: Windows) -> int:
    """How many strata have a period in the late window."""
    return sum(
        any(windows.late_start <= start and end <= windows.until for end, start in reversed(own)) for own in strata
    )
