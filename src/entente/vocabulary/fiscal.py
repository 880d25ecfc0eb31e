"""Fiscal years are derived from dates, never stored: the two countries count differently."""

from datetime import date


def fiscal_year_us(day: date) -> int:
    """The U.S. federal fiscal year that `day` falls in, October to September, named by its end (31 U.S.C. 1102)."""
    return day.year + (day.month >= 10)


def fiscal_year_ca(day: date) -> str:
    """The Canadian federal fiscal year that `day` falls in, April to March, e.g. `2024-25`
    (Financial Administration Act, R.S.C. 1985, c. F-11, s. 2)."""
    start = day.year - (day.month < 4)
    return f"{start}-{(start + 1) % 100:02d}"
