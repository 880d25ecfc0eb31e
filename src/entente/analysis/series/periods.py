"""Periods as people write them, each with a number: neighbours have neighbouring numbers.

    2024-W03 an ISO 8601 week    2024-01-15 a day      2024-03 a month
    2024-Q1  a quarter           2024-H1  a half-year  17 a running number

A year has 52 or 53 ISO weeks; a 53rd is a week like any other between two years, and refused where a year has none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Step = Literal["day", "week", "month", "quarter", "half-year", "number"]

PER_YEAR: Mapping[Step, int] = MappingProxyType(
    {"day": 365, "week": 52, "month": 12, "quarter": 4, "half-year": 2, "number": 52}
)
"""How many periods make a year; a running number is taken for a week."""

_MONTHS: Mapping[Step, int] = MappingProxyType({"month": 1, "quarter": 3, "half-year": 6})
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PART = re.compile(r"([0-9]{4})-?([WQHwqh])([0-9]{1,2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_LAST_YEAR = re.compile(r"9999[^0-9]")
_YEAR_AND_PART = re.compile(r"(19|20)[0-9]{2}(0[1-9]|[1-4][0-9]|5[0-3])")


class NoPeriod(Exception):
    """A text is no period: {code} (a key of entente.records FAULTS)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The period `number` of its `step`: days and weeks since 1 January of the year 1, months since the year 0, or the
    number that was written."""

    step: Step
    number: int

    @classmethod
    def read(cls, text: str) -> "Period":
        """The period that `text` says. Raises NoPeriod."""
        given = text.strip()
        if _LAST_YEAR.match(given):  # the period after it could not be written
            raise NoPeriod("not-a-period")
        if found := _DAY.fullmatch(given):
            return cls("day", _day(*map(int, found.groups())).toordinal())
        if found := _PART.fullmatch(given):
            return _part(int(found[1]), found[2].upper(), int(found[3]))
        if found := _MONTH.fullmatch(given):
            return _of_months("month", int(found[1]), int(found[2]))
        if _YEAR_AND_PART.fullmatch(given):
            raise NoPeriod("week-or-month")
        if _NUMBER.fullmatch(given):
            return cls("number", int(given))
        raise NoPeriod("not-a-period")

    @classmethod
    def holding(cls, step: Step, day: date) -> "Period":
        """The period of `step` in which `day` lies."""
        if step == "day":
            return cls(step, day.toordinal())
        if step == "week":
            return cls(step, (day.toordinal() - 1) // 7)
        return cls(step, (day.year * 12 + day.month - 1) // _MONTHS[step])

    @property
    def first_day(self) -> date | None:
        """None for a running number, which says no day."""
        if self.step == "number":
            return None
        if self.step == "day":
            return date.fromordinal(self.number)
        if self.step == "week":
            return date.fromordinal(self.number * 7 + 1)
        year, month = divmod(self.number * _MONTHS[self.step], 12)
        return date(year, month + 1, 1)

    @property
    def last_day(self) -> date | None:
        following = Period(self.step, self.number + 1).first_day
        return None if following is None else date.fromordinal(following.toordinal() - 1)

    def __str__(self) -> str:
        """As people write it."""
        first = self.first_day
        if first is None:
            return str(self.number)
        if self.step == "day":
            return first.isoformat()
        if self.step == "week":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        if self.step == "month":
            return f"{first:%Y-%m}"
        letter = "Q" if self.step == "quarter" else "H"
        return f"{first.year:04}-{letter}{(first.month - 1) // _MONTHS[self.step] + 1}"


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoPeriod("not-a-date") from None


def _part(year: int, letter: str, part: int) -> Period:
    if letter == "W":
        return _week(year, part)
    return _of_months("quarter" if letter == "Q" else "half-year", year, part)


def _week(year: int, week: int) -> Period:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise NoPeriod("no-such-week" if week == 53 else "not-a-period") from None
    return Period.holding("week", monday)


def _of_months(step: Step, year: int, part: int) -> Period:
    in_year = 12 // _MONTHS[step]
    if not (1 <= part <= in_year and year):
        raise NoPeriod("not-a-period")
    return Period(step, year * in_year + part - 1)
