"""What the questions about samples share: their limits, their periods, and figures rounded to what they bear."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from entente.analysis import Argument, Arguments, Engine, Parameter, Table

EVERY = Parameter(name="every", type="code", allowed=("month", "quarter", "year"), default="quarter")
FROM = Parameter(name="from", type="date")
UNTIL = Parameter(name="until", type="date")
_DIGITS = 4


def least(default: int) -> Parameter:
    return Parameter(name="least", type="integer", default=default)


def whole(argument: Argument) -> int:
    """An argument of the type integer."""
    return argument if isinstance(argument, int) else 0


def within(table: Table, arguments: Arguments, engine: Engine, day: str) -> Table:
    """The rows whose `day` (a field) is told and lies from `from` until `until`, both included."""
    sql = f"""
    SELECT * FROM given
    WHERE "{day}" IS NOT NULL AND ($from IS NULL OR "{day}" >= $from) AND ($until IS NULL OR "{day}" <= $until)
    """
    limits = {name: arguments[name] for name in ("from", "until")}
    return Table(table.kind, engine.ask(sql, {"given": table.rows}, limits))


def rows(table: Table, names: Iterable[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.rows.select(list(names)).to_pylist()
    return found


def period(day: date, every: Argument) -> str:
    """`2024`, `2024-Q3` or `2024-07`; their order is that of time."""
    if every == "year":
        return f"{day.year:04d}"
    return f"{day.year:04d}-Q{(day.month + 2) // 3}" if every == "quarter" else f"{day.year:04d}-{day.month:02d}"


def told(value: float | None) -> Decimal | None:
    """A computed figure with the digits that it bears; None stays None."""
    return None if value is None else Decimal(f"{value:.{_DIGITS}g}")
