"""Two countries, two fiscal years, from the same dated records."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.vocabulary import fiscal_year_ca, fiscal_year_us

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


@pytest.mark.parametrize(
    ("day", "us", "ca"),
    [
        (date(2018, 9, 30), 2018, "2018-19"),
        (date(2018, 10, 1), 2019, "2018-19"),
        (date(2019, 3, 31), 2019, "2018-19"),
        (date(2019, 4, 1), 2019, "2019-20"),
        (date(2019, 12, 31), 2020, "2019-20"),
        (date(1999, 4, 1), 1999, "1999-00"),
        (date(2000, 3, 31), 2000, "1999-00"),
    ],
)
def test_known_days(day: date, us: int, ca: str) -> None:
    assert (fiscal_year_us(day), fiscal_year_ca(day)) == (us, ca)


@UNHURRIED
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_is_within_its_fiscal_years(day: date) -> None:
    us = fiscal_year_us(day)
    assert date(us - 1, 10, 1) <= day <= date(us, 9, 30)
    ca = int(fiscal_year_ca(day)[:4])
    assert date(ca, 4, 1) <= day <= date(ca + 1, 3, 31)
