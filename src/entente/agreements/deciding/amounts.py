"""Amounts beside a threshold in a stated unit or currency. Converted exactly or not at all: without a dated rate, ten
thousand dollars of one country say nothing about those of another."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from entente.agreements.deciding.conditions import Condition, Setting, Test, Truth, Values, field_of
from entente.agreements.deciding.readings import typed
from entente.records import Field
from entente.vocabulary import UNITS, UnknownUnit, to_base


def amount_judge(condition: Condition, field: Field, setting: Setting, compare: Callable[[Any, Any], bool]) -> Test:
    """The test of `field` against the condition's value, each in its own unit; unknown where they cannot be
    compared."""
    read, read_unit = typed(field), _unit_reader(condition, field, setting)
    value, unit = condition.value, condition.unit or ""

    def judge(values: Values) -> Truth:
        found, found_unit = read(values), read_unit(values)
        if found is None or found_unit is None:
            return None
        try:
            pair = alike(Decimal(found), found_unit, Decimal(value), unit)  # type: ignore[arg-type]  # a number by its test
        except ArithmeticError:  # more digits than can be converted exactly
            return None
        return None if pair is None else compare(*pair)

    return judge


def alike(one: Decimal, one_unit: str, other: Decimal, other_unit: str) -> tuple[Decimal, Decimal] | None:
    """Both amounts in one unit; None where no exact factor leads from one to the other."""
    if one_unit == other_unit:
        return one, other
    if not is_convertible(one_unit, other_unit):
        return None
    try:
        dimension = UNITS[one_unit].dimension
        return to_base(one, one_unit, dimension), to_base(other, other_unit, dimension)
    except UnknownUnit:
        return None


def is_convertible(one: str, other: str) -> bool:
    """True for equal units, and for two of one dimension."""
    units = UNITS.get(one), UNITS.get(other)
    return one == other or (None not in units and units[0].dimension == units[1].dimension)  # type: ignore[union-attr]


def _unit_reader(condition: Condition, field: Field, setting: Setting) -> Callable[[Values], str | None]:
    if condition.unit_in is None:
        return lambda _values: field.unit
    companion = field_of(setting.kind, condition.unit_in)
    return typed(companion) if companion is not None and companion.type in ("code", "text") else lambda _values: None
