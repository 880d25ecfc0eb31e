"""What periods records are about: ISO weeks, weeks from another day on, months, quarters or half-years."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from entente.analysis.series.periods import Period, Step

Form = Step | int
"""A step, or the day of the week (Monday is 0) on which weeks begin that are no ISO weeks."""

_STEPS: tuple[Step, ...] = ("week", "month", "quarter", "half-year")
_WEEK_DAYS = 7


def usual_form(spans: Iterable[tuple[date, date]]) -> Form | None:
    """The form of most of the `spans` (first and last day); None if none has one.

    Days are counted in weeks: nobody judges records by the day.
    """
    votes = Counter(form for first, last in spans if (form := _form(first, last)) is not None)
    return max(votes.items(), key=lambda vote: (vote[1], str(vote[0])))[0] if votes else None


def period_in(form: Form, first: date, last: date, newest: date) -> Period | None:
    """The period of `form` that holds both days and has ended on the day `newest`; None if there is none."""
    if isinstance(form, int):
        return Period("day", first.toordinal()) if _form(first, last) == form else None
    period = Period.holding(form, first)
    end = period.last_day
    return period if end is not None and last <= end <= newest else None


def _form(first: date, last: date) -> Form | None:
    """The shortest step of which one period holds both days."""
    if (last - first).days == _WEEK_DAYS - 1 and first.weekday():
        return first.weekday()
    return next((step for step in _STEPS if Period.holding(step, first) == Period.holding(step, last)), None)
