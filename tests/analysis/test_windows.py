"""Where the windows end when nobody says so: with those who still report, and not where one odd record lies."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from entente.analysis import EmptyWindow, months_back, months_of, usual_end

Period = tuple[str, date, date]


def monthly(stratum: str, first: int, last: int, length: int = 1) -> list[Period]:
    """Periods of `length` months from the `first` to before the `last` month after January 2020."""
    start = date(2020, 1, 1)
    return [
        (stratum, months_back(start, -number), months_back(start, -number - length) - timedelta(days=1))
        for number in range(first, last, length)
    ]


def end(*periods: Period, months: int = 6) -> date | None:
    columns = list(zip(*periods, strict=True)) or [(), (), ()]
    types = {"stratum": pa.string(), "period_start": pa.date32(), "period_end": pa.date32()}
    arrays = {name: pa.array(one, kind) for (name, kind), one in zip(types.items(), columns, strict=True)}
    return usual_end(pa.table(arrays), months, 12)


def test_the_last_day_of_all_that_report_alike() -> None:
    assert end(*monthly("a", 0, 18), *monthly("b", 0, 18)) == date(2021, 6, 30)
    assert end() is None


def test_a_reporter_ahead_of_the_others_leads_while_they_can_still_be_compared() -> None:
    others = [*monthly("a", 0, 16), *monthly("b", 0, 16)]
    assert end(*others, *monthly("c", 0, 18)) == date(2021, 6, 30)


def test_half_years_that_most_report_are_not_cut_by_one_that_reports_monthly() -> None:
    half_years = [period for name in "abc" for period in monthly(name, 0, 18, 6)]
    assert end(*half_years, *monthly("d", 0, 21)) == date(2021, 6, 30)


def test_those_who_ceased_to_report_hold_nobody_back() -> None:
    ceased = [period for name in "abcdef" for period in monthly(name, 0, 6)]
    assert end(*ceased, *monthly("now", 0, 24)) == date(2021, 12, 31)


@pytest.mark.parametrize("stratum", ["a", "new"])
def test_a_day_far_away_or_a_long_period_has_no_voice(stratum: str) -> None:
    for odd in (
        (stratum, date(2099, 1, 1), date(2099, 1, 31)),
        (stratum, date(2020, 1, 1), date(2099, 12, 31)),
        (stratum, date(2021, 1, 1), date(2021, 12, 31)),
        (stratum, date.max, date.max),
    ):
        assert end(*monthly("a", 0, 18), odd) == date(2021, 6, 30)


def test_where_every_period_stands_alone_most_decide() -> None:
    alone = [("a", date(2021, 1, 1), date(2021, 1, 31)), ("b", date(2021, 2, 1), date(2021, 2, 28))]
    assert end(*alone) == date(2021, 2, 28)
    assert end(*monthly("a", 0, 24, 12)) == date(2021, 12, 31)


def test_months_are_at_least_one() -> None:
    assert months_of({"months": 1}, "months") == 1
    with pytest.raises(EmptyWindow, match="`months`"):
        months_of({"months": 0}, "months")
