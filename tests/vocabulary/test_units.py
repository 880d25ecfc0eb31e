"""Units: known answers, exactly; a conversion is exact or refused."""

from decimal import Context, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.vocabulary import UNITS, UnknownUnit, convert, to_base

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


MASSES = sorted(unit.code for unit in UNITS.values() if unit.dimension == "mass")


@pytest.mark.parametrize(
    ("amount", "unit", "dimension", "base"),
    [
        ("1", "lb", "mass", "453.59237"),
        ("16", "oz", "mass", "453.59237"),
        ("1", "oz", "mass", "28.349523125"),
        ("1", "kg", "mass", "1000"),
        ("1", "t", "mass", "1000000"),
        ("250", "mg", "mass", "0.25"),
        ("2.5", "dozen", "count", "30"),
        ("3", "ml", "volume", "0.003"),
    ],
)
def test_known_answers(amount: str, unit: str, dimension: str, base: str) -> None:
    assert to_base(Decimal(amount), unit, dimension) == Decimal(base)


def test_pounds_and_kilograms() -> None:
    assert convert(Decimal(1), "lb", "kg", "mass") == Decimal("0.45359237")
    assert convert(Decimal(1), "kg", "lb", "mass").quantize(Decimal("1e-9")) == Decimal("2.204622622")


def test_a_published_pound_figure_keeps_all_its_places_in_grams() -> None:
    assert to_base(Decimal("0.8514252558440001"), "lb", "mass") == Decimal(8514252558440001 * 45359237).scaleb(-21)


@UNHURRIED
@given(st.decimals(0, 10**9, places=12), st.sampled_from(MASSES), st.sampled_from(MASSES))
def test_there_and_back_is_the_same_amount(amount: Decimal, one: str, other: str) -> None:
    there = convert(amount, one, other, "mass", digits=60)
    assert convert(there, other, one, "mass", digits=40) == amount


@UNHURRIED
@given(st.decimals(0, 10**9, places=12), st.decimals(0, 10**9, places=12), st.sampled_from(MASSES))
def test_the_sum_of_conversions_is_the_conversion_of_the_sum(one: Decimal, other: Decimal, unit: str) -> None:
    exact = Context(prec=60)
    apart = exact.add(to_base(one, unit, "mass"), to_base(other, unit, "mass"))
    assert apart == to_base(exact.add(one, other), unit, "mass")


@pytest.mark.parametrize(("unit", "dimension"), [("stone", "mass"), ("lb", "count"), ("piece", "mass"), ("LB", "mass")])
def test_a_unit_of_another_dimension_is_refused_with_the_ones_that_fit(unit: str, dimension: str) -> None:
    with pytest.raises(UnknownUnit) as caught:
        to_base(Decimal(1), unit, dimension)
    assert ("kg" in str(caught.value)) is (dimension == "mass")


def test_every_unit_names_the_source_of_its_factor() -> None:
    assert all(unit.source and unit.factor > 0 for unit in UNITS.values())
