"""Cells that publications of harms have in common: periods, places, counts that are suppressed or not told."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

from entente.records import CellFault, Value, decimal_plain, text

ALL = "all"
"""In `breakdown`, `group`, `subgroup` and `area`: not broken down."""
_YEAR = re.compile(r"(?P<year>[12][0-9]{3})")
_QUARTER = re.compile(r"(?P<year>[12][0-9]{3}) Q(?P<quarter>[1-4])")
_MONTHS = re.compile(r"(?P<year>[12][0-9]{3}) \((?P<first>[A-Z][a-z]{2}) to (?P<last>[A-Z][a-z]{2})\)")
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")

Period = dict[str, date]


def period(field: str, cell: str) -> Period:
    """First and last day of `2021`, `2021 Q3` or `2022 (Jan to Jun)`. Raises CellFault."""
    value = text(field, cell)
    if found := _YEAR.fullmatch(value):
        return months(int(found["year"]), 1, 12)
    if found := _QUARTER.fullmatch(value):
        last = 3 * int(found["quarter"])
        return months(int(found["year"]), last - 2, last)
    found = _MONTHS.fullmatch(value)
    if found and found["first"] in _SHORT and found["last"] in _SHORT:
        first, last = _SHORT.index(found["first"]) + 1, _SHORT.index(found["last"]) + 1
        if first <= last:
            return months(int(found["year"]), first, last)
    raise CellFault(field, "not-a-published-period", value)


def months(year: int, first: int, last: int) -> Period:
    """From the first day of a month to the last day of another of the same year."""
    return {"period_start": date(year, first, 1), "period_end": date(year, last, monthrange(year, last)[1])}


def year_ending(year_cell: str, month_cell: str) -> Period:
    """The twelve months that end with the month (`2018`, `January`). Raises CellFault."""
    year, month = text("year", year_cell), text("month", month_cell)
    if not _YEAR.fullmatch(year):
        raise CellFault("year", "not-a-published-period", year)
    if month not in _LONG:
        raise CellFault("month", "not-a-published-period", month)
    number, of_year = _LONG.index(month) + 1, int(year)
    start = date(of_year, 1, 1) if number == 12 else date(of_year - 1, number + 1, 1)
    return {"period_start": start, "period_end": date(of_year, number, monthrange(of_year, number)[1])}


def grouped(field: str, cell: str, unit: str = "") -> Decimal:
    """A number whose thousands the publisher groups by commas, as CDC writes them. Raises CellFault."""
    value = text(field, cell)
    return decimal_plain(field, value.replace(",", "") if _GROUPED.fullmatch(value) else value, unit)


def percent(field: str, cell: str) -> Decimal:
    """At most 100; `99.5+` is at least 99.5 and kept so. Raises CellFault."""
    value = text(field, cell)
    number = decimal_plain(field, value.removesuffix("+"), "%")
    if number > 100:
        raise CellFault(field, "above-hundred", value)
    return number


def cell_told(field: str, cell: str, told: str, unit: str = "") -> dict[str, Value]:
    """`told` and, only where it is told, `value`. Raises CellFault."""
    return {"told": told, "value": grouped(field, cell, unit)} if told == "told" else {"told": told}
