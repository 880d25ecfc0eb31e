"""Amounts on the way out: exact where a result ends, to as many places as 38 digits hold where it does not."""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from typing import Any

import pyarrow as pa

from entente.analysis.answer import Column
from entente.analysis.tables import DIGITS, MIN_SCALE, Array
from entente.vocabulary import UNITS

QUOTIENT_PLACES = 24
_WIDE = Context(prec=2 * DIGITS)


def in_unit(mass_g: Decimal | None, unit: str) -> Decimal | None:
    """`mass_g` grams in `unit`; None stays None."""
    return None if mass_g is None else quotient(mass_g, UNITS[unit].factor)


def quotient(amount: Decimal, divisor: Decimal) -> Decimal:
    """`amount` / `divisor` (not zero): exact if it ends within 38 digits, else to QUOTIENT_PLACES places, half even."""
    context = Context(prec=DIGITS)
    result = context.divide(amount, divisor)
    if context.flags[Inexact]:
        result = result.quantize(Decimal(1).scaleb(-QUOTIENT_PLACES), context=_WIDE)
    return result


def ratio(amount: Decimal | int | None, base: Decimal | int | None) -> Decimal | None:
    """`amount` / `base`; None where either is not known or `base` is zero."""
    if amount is None or base is None or base == 0:
        return None
    return quotient(Decimal(amount), Decimal(base))


def answer_rows(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> pa.Table:
    """The rows of an answer with the types of `columns`; decimals keep every digit that fits."""
    return pa.table({column.name: _array(column, [row[column.name] for row in rows]) for column in columns})


def _array(column: Column, values: list[Any]) -> Array:
    if column.type == "decimal":
        return _decimals(values)
    return pa.array(values, _ARROW[column.type])


def _decimals(values: list[Decimal | None]) -> Array:
    numbers = [number.normalize(_WIDE) for number in values if number]
    whole = max((number.adjusted() + 1 for number in numbers), default=0)
    places = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
    scale = max(MIN_SCALE, min(places, DIGITS - max(whole, 0)))
    step = Decimal(1).scaleb(-scale)
    kept = [None if number is None else number.quantize(step, context=_WIDE) for number in values]
    return pa.array(kept, pa.decimal128(DIGITS, scale))


_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "reasons": pa.string(),
}
