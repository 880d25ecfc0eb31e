"""Which published cells a question is about, and what every answer about them must say."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow.compute as pc

from entente.analysis import Arguments, Column, Denominator, Engine, Parameter, Table

KIND = "seizure-total"

DRUG = Parameter(name="drug", type="codes", vocabulary="drug")
REGION = Parameter(name="region", type="codes", vocabulary="region")
COMPONENT = Parameter(name="component", type="codes", vocabulary="component")
FROM = Parameter(name="from", type="date")
UNTIL = Parameter(name="until", type="date")

YEARS = ("fiscal_year_us", "fiscal_year_ca", "calendar_year")
PLACES = ("region", "component", "area", "land_filter", "drug", "reported_by")
_LISTS = {
    "region": "region",
    "component": "component",
    "land_filter": "land-filter",
    "drug": "drug",
    "reported_by": "party",
    "counting": "counting",
    "status": "figure-status",
    "status_old": "figure-status",
    "status_new": "figure-status",
    "change": "change",
}
_INTEGERS = ("fiscal_year_us", "calendar_year")

Rows = list[dict[str, Any]]


@cache
def sql(name: str) -> str:
    """The text of `name`.sql in this folder."""
    return files("entente.workstreams.seizures.questions").joinpath(f"{name}.sql").read_text("utf-8")


def cells(table: Table, arguments: Arguments, engine: Engine) -> Table:
    """The cells of `table` that fit the arguments drug, region, component, from, until, with their years and months."""
    limits = {name: _listed(arguments.get(name)) for name in ("drug", "region", "component", "from", "until")}
    return Table(KIND, engine.ask(sql("cells"), {KIND: table.rows}, limits))


def group_columns(groups: Sequence[str]) -> tuple[Column, ...]:
    return tuple(text_column(name) for name in (*groups, "counting"))


def text_column(name: str) -> Column:
    """A column of codes, texts or years, with the list of its codes."""
    return Column(name, "integer" if name in _INTEGERS else "text", vocabulary=_LISTS.get(name))


def names(argument: object) -> tuple[str, ...]:
    """The values of an argument of the type `codes`."""
    return argument if isinstance(argument, tuple) else ()


def listing(groups: Sequence[str]) -> str:
    """Group columns as SQL. INVARIANT: `groups` are allowed values of a parameter, never a user's text."""
    return ", ".join(f'"{name}"' for name in groups)


def denominators(given: Table, used: Table) -> tuple[Denominator, ...]:
    """How many cells were used of those given, and how many of these tell mass and events."""
    rows = used.rows.num_rows
    return (
        Denominator("cells-used", rows, given.rows.num_rows),
        Denominator("cells-with-mass", rows - used.rows["mass_g"].null_count, rows),
        Denominator("cells-with-events", rows - used.rows["events"].null_count, rows),
    )


def cautions(used: Table) -> tuple[str, ...]:
    """What a reader of figures from these cells must be told."""
    rows = used.rows
    found = {
        "overlapping-counts": _has(rows["counting"], "amo"),
        "provisional-figures": _has(rows["status"], "provisional"),
        "several-publishers": len(pc.unique(rows["reported_by"])) > 1,
        "catch-all-drug": _has(rows["drug"], "other"),
        "mass-not-told": rows["mass_g"].null_count > 0,
        "events-not-told": rows["events"].null_count > 0,
    }
    return ("not-a-flow", *(code for code, is_so in found.items() if is_so))


def _has(column: Any, value: str) -> bool:
    return value in pc.unique(column).to_pylist()


def _listed(argument: object) -> object:
    return list(argument) if isinstance(argument, tuple) else argument
