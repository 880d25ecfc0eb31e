"""Periods: what is written is what is meant, neighbours are neighbours, and what is no period says why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.analysis.series import NoPeriod, Period
from entente.analysis.series.periods import Step

STEPS: tuple[Step, ...] = ("day", "week", "month", "quarter", "half-year")
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-W01", date(2024, 1, 1), date(2024, 1, 7)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2021-W01", date(2021, 1, 4), date(2021, 1, 10)),
        ("2024W5", date(2024, 1, 29), date(2024, 2, 4)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-h2", date(2024, 7, 1), date(2024, 12, 31)),
    ],
)
def test_the_days_of_a_period(text: str, first: date, last: date) -> None:
    assert (Period.read(text).first_day, Period.read(text).last_day) == (first, last)


def test_week_53_stands_between_week_52_and_week_1() -> None:
    numbers = [Period.read(text).number for text in ("2020-W52", "2020-W53", "2021-W01", "2021-W02")]
    assert [number - numbers[0] for number in numbers] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2023-W53", "no-such-week"),
        ("2023-W54", "not-a-period"),
        ("2023-W00", "not-a-period"),
        ("2023-02-29", "not-a-date"),
        ("202403", "week-or-month"),
        ("2024-13", "not-a-period"),
        ("2024-Q5", "not-a-period"),
        ("9999-12-31", "not-a-period"),
        ("03/01/2024", "not-a-period"),
        ("-3", "not-a-period"),
        ("", "not-a-period"),
    ],
)
def test_what_is_no_period_says_why(text: str, code: str) -> None:
    with pytest.raises(NoPeriod) as refused:
        Period.read(text)
    assert refused.value.code == code


@given(DAYS, st.sampled_from(STEPS))
def test_a_period_is_read_as_it_is_written_and_holds_its_days(day: date, step: Step) -> None:
    period = Period.holding(step, day)
    assert Period.read(str(period)) == period
    assert period.first_day is not None
    assert period.last_day is not None
    assert period.first_day <= day <= period.last_day


@given(DAYS, st.sampled_from(STEPS))
def test_periods_follow_each_other_without_gap(day: date, step: Step) -> None:
    period = Period.holding(step, day)
    following = Period(step, period.number + 1)
    assert period.last_day is not None
    assert following.first_day == period.last_day + timedelta(days=1)


@given(st.integers(1900, 2200), st.integers(1, 53))
def test_weeks_are_those_of_the_iso_calendar(year: int, week: int) -> None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        with pytest.raises(NoPeriod):
            Period.read(f"{year}-W{week:02}")
        return
    assert Period.read(f"{year}-W{week:02}").first_day == monday
