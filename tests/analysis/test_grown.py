"""Which of many subjects grew: windows, what counts as looked at, dispersion from the past, and false discoveries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from entente.analysis import (
    COUNTS,
    EVIDENCE,
    GROWTH_COLUMNS,
    Argument,
    Engine,
    Stratum,
    Windows,
    grown,
    growth,
    months_back,
)

DEFAULTS: dict[str, Argument] = {
    "subject": None,
    "place": None,
    "until": None,
    "months": 6,
    "base_months": 12,
    "alpha": Decimal("0.01"),
    "at_least": 5,
}


def ask(*rows: tuple[Any, ...], **settings: Argument) -> list[dict[str, Any]]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COUNTS)
    counts = pa.table({field.name: pa.array(values, field.type) for values, field in zip(columns, COUNTS, strict=True)})
    answer = grown(counts, DEFAULTS | settings, Engine(), "tested").rows
    assert answer.column_names == [*(column.name for column in GROWTH_COLUMNS), EVIDENCE]
    found: list[dict[str, Any]] = answer.to_pylist()
    return found


def month(
    number: int, count: int, of: int, subject: str = "A", stratum: str = "lab", record: str = ""
) -> tuple[Any, ...]:
    """The month `number` months after January 2020."""
    start = date(2020 + number // 12, number % 12 + 1, 1)
    end = date(2020 + (number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)
    return (subject, stratum, start, end, count, of, [record or f"{subject}{number}/1"])


def test_the_windows_end_on_the_last_day_and_are_whole_months() -> None:
    (row,) = ask(*(month(n, 2 if n < 12 else 6, 100) for n in range(18)))
    assert (row["period_start"], row["period_end"]) == (date(2021, 1, 1), date(2021, 6, 30))
    assert (row["observed"], row["of"], row["base_observed"], row["base_of"]) == (36, 600, 24, 1200)
    assert (row["value"], row["expected"], row["share"]) == (Decimal(3), Decimal(12), Decimal("0.06"))
    assert row["alarm"]
    assert len(row[EVIDENCE]) == 18


@pytest.mark.parametrize(
    ("until", "late", "base"),
    [
        (date(2020, 6, 30), date(2020, 1, 1), date(2019, 1, 1)),
        (date(2020, 12, 31), date(2020, 7, 1), date(2019, 7, 1)),
        (date(2021, 2, 28), date(2020, 9, 1), date(2019, 9, 1)),
        (date(2020, 8, 30), date(2020, 2, 29), date(2019, 2, 28)),
    ],
)
def test_windows_before_a_day(until: date, late: date, base: date) -> None:
    assert Windows.before(until, 6, 12) == Windows(base, late, until)


def test_there_is_no_day_before_the_first() -> None:
    assert months_back(date(2020, 1, 1), 10**9) == date.min
    assert ask(month(0, 1, 1), until=date.max) == []


def test_what_is_later_than_until_or_crosses_a_border_is_not_counted() -> None:
    rows = [month(n, 2, 100) for n in range(24)]
    crossing = ("A", "lab", date(2020, 12, 1), date(2021, 1, 31), 1000, 1000, ["x/1"])
    (row,) = ask(*rows, crossing, until=date(2021, 6, 30))
    assert (row["observed"], row["base_observed"]) == (12, 24)
    assert "x/1" not in row[EVIDENCE]


def test_a_place_that_was_not_looked_at_before_does_not_count_as_growth() -> None:
    old = [month(n, 2, 100) for n in range(18)]
    new = [month(n, 50, 100, stratum="new lab") for n in range(12, 18)]
    (row,) = ask(*old, *new)
    assert (row["observed"], row["strata"], row["alarm"]) == (12, 1, False)


def test_a_subject_first_looked_for_now_is_not_compared() -> None:
    assert ask(*(month(n, 9, 100) for n in range(12, 18))) == []


def test_nothing_found_in_either_window_is_no_row() -> None:
    assert ask(*(month(n, 0, 100) for n in range(18))) == []
    assert ask() == []


def test_fewer_than_at_least_do_not_alarm_however_unlikely() -> None:
    rows = [month(n, 0, 10_000) for n in range(12)] + [month(n, 4 if n == 12 else 0, 100) for n in range(12, 18)]
    (row,) = ask(*rows)
    assert row["p"] < Decimal("0.0001")
    assert not row["alarm"]
    (row,) = ask(*rows, at_least=4)
    assert row["alarm"]
    assert (row["value"], row["high"]) == (None, None)


def test_the_dispersion_of_the_past_is_stated_and_keeps_noise_quiet() -> None:
    noisy = [10, 50, 15, 60, 12, 55, 9, 70, 20, 44, 11, 63] * 2
    before = [month(n, count, 1000) for n, count in enumerate(noisy)]
    now = [month(n, count, 1000) for n, count in zip(range(24, 30), (50, 40, 62, 45, 58, 41), strict=True)]
    (row,) = ask(*before, *now)
    assert row["phi"] > 10
    assert not row["alarm"]
    strata = [Stratum(sum(noisy[12:]), 12_000, 296, 6000)]
    assert growth(strata).p < 1e-4


def test_days_are_compared_as_months() -> None:
    """One found on every 30th day is as regular as can be; taken day by day it would look the same, not noisier."""
    start = date(2020, 1, 1)
    days = [start + timedelta(days=n) for n in range(546)]
    rows = [("A", "lab", day, day, int(day.day == 5), 10, None) for day in days]
    (row,) = ask(*rows, until=date(2021, 6, 29))
    assert row["phi"] == 1


def test_where_the_dispersion_cannot_be_told_it_is_null() -> None:
    (row,) = ask(
        ("A", "lab", date(2020, 1, 1), date(2020, 12, 31), 5, 100, None), month(17, 5, 100), until=date(2021, 6, 30)
    )
    assert row["phi"] is None


def test_many_subjects_at_once_are_controlled_for_false_discovery() -> None:
    rng = np.random.default_rng(20)
    rows = [month(n, int(rng.poisson(20)), 1000, subject=f"S{number:03}") for number in range(100) for n in range(24)]
    rows += [month(n, 20 if n < 18 else 60, 1000, subject="GROWS") for n in range(24)]
    found = ask(*rows)
    assert [row["subject"] for row in found if row["alarm"]] == ["GROWS"]
    assert sum(row["p"] < Decimal("0.2") for row in found) > 5
    assert all(row["q"] >= row["p"] for row in found)


def test_huge_counts_in_many_places_are_no_burden_and_no_alarm() -> None:
    rows = [month(n, 10**6 + n, 10**9, stratum=f"P{place}") for place in range(500) for n in range(24)]
    (row,) = ask(*rows)
    assert (row["strata"], row["alarm"], row["value"]) == (500, False, Decimal("1.00001"))
