"""Units with exact factors. A conversion is exact or it is refused; rounding is for screens."""

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from types import MappingProxyType

from entente.errors import InputFault

_EXACT = Context(prec=80, traps=[Inexact])


class UnknownUnit(InputFault):
    """`{unit}` is not a unit of {dimension} here. Use one of: {known}."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` base units make one of this: grams for mass, pieces for count, litres for volume."""

    code: str
    dimension: str
    factor: Decimal
    source: str


_SI = "BIPM, SI Brochure, 9th edition, 2019"
_POUND = "National Bureau of Standards, 24 FR 5348 (1 July 1959): 1 lb = 0.45359237 kg exactly"

UNITS = MappingProxyType(
    {
        unit.code: unit
        for unit in (
            Unit("g", "mass", Decimal(1), _SI),
            Unit("mg", "mass", Decimal("0.001"), _SI),
            Unit("kg", "mass", Decimal(1000), _SI),
            Unit("t", "mass", Decimal(1_000_000), _SI),
            Unit("lb", "mass", Decimal("453.59237"), _POUND),
            Unit("oz", "mass", Decimal("28.349523125"), _POUND + "; 1 oz = 1/16 lb"),
            Unit("piece", "count", Decimal(1), "counting"),
            Unit("dozen", "count", Decimal(12), "counting"),
            Unit("l", "volume", Decimal(1), _SI),
            Unit("ml", "volume", Decimal("0.001"), _SI),
        )
    }
)


def to_base(amount: Decimal, unit: str, dimension: str) -> Decimal:
    """`amount` of `unit` in the base unit of `dimension` (g, piece, l), exactly. Raises UnknownUnit."""
    return _EXACT.multiply(amount, _unit(unit, dimension).factor)


def convert(amount: Decimal, source: str, target: str, dimension: str, digits: int = 28) -> Decimal:
    """`amount` of `source` in `target`, to `digits` significant digits (half even). Raises UnknownUnit."""
    context = Context(prec=digits)
    return context.divide(to_base(amount, source, dimension), _unit(target, dimension).factor)


def _unit(code: str, dimension: str) -> Unit:
    found = UNITS.get(code)
    if found is None or found.dimension != dimension:
        known = ", ".join(unit.code for unit in UNITS.values() if unit.dimension == dimension)
        raise UnknownUnit(unit=code, dimension=dimension, known=known)
    return found
