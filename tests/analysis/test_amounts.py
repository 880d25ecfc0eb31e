"""Amounts leave exact where they end, and with 24 places where they do not."""

from decimal import Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.analysis import Column, answer_rows, in_unit, quotient, ratio

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


@UNHURRIED
@given(st.decimals(0, Decimal("1e7"), places=16))
def test_published_pounds_come_back_from_grams_exactly(pounds: Decimal) -> None:
    assert in_unit(Context(prec=60).multiply(pounds, Decimal("453.59237")), "lb") == pounds


def test_what_does_not_end_has_24_places() -> None:
    assert str(quotient(Decimal(1), Decimal(3))) == "0." + "3" * 24
    assert str(quotient(Decimal(2), Decimal(3))) == "0." + "6" * 23 + "7"


@UNHURRIED
@given(st.decimals(0, Decimal("1e9"), places=10), st.decimals(Decimal("0.001"), Decimal("1e9"), places=10))
def test_a_quotient_is_right_to_24_places(amount: Decimal, divisor: Decimal) -> None:
    assert abs(Fraction(quotient(amount, divisor)) - Fraction(amount) / Fraction(divisor)) <= Fraction(1, 2 * 10**24)


@pytest.mark.parametrize(("amount", "base"), [(None, 1), (1, None), (1, 0), (0, 0), (1, Decimal(0))])
def test_a_ratio_to_nothing_is_not_known(amount: Decimal | None, base: Decimal | None) -> None:
    assert ratio(amount, base) is None


def test_an_unknown_mass_stays_unknown() -> None:
    assert in_unit(None, "kg") is None
    assert in_unit(Decimal(0), "kg") == 0


def test_rows_have_the_types_of_their_columns_even_when_all_is_unknown() -> None:
    columns = (
        Column("a", "text"),
        Column("b", "integer"),
        Column("c", "decimal"),
        Column("d", "date"),
        Column("e", "boolean"),
    )
    for rows in ([], [dict.fromkeys("abcde")]):
        types = [str(field.type) for field in answer_rows(columns, rows).schema]
        assert types == ["string", "int64", "decimal128(38, 18)", "date32[day]", "bool"]


def test_a_column_of_very_different_amounts_keeps_as_many_places_as_fit() -> None:
    column = Column("m", "decimal")
    values = [Decimal("123456789012345678.5"), Decimal("1e-24"), None, Decimal("-0.5")]
    table = answer_rows([column], [{"m": value} for value in values])
    assert table["m"].to_pylist() == [Decimal("123456789012345678.5"), Decimal(0), None, Decimal("-0.5")]
