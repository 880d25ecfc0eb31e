"""How much was seized, how often, where and when."""

from collections.abc import Mapping
from typing import Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    in_unit,
    provenance,
)
from entente.workstreams.seizures.questions import cells as published

_BY = Parameter(
    name="by",
    type="codes",
    allowed=(*published.YEARS, "month", *published.PLACES),
    default=("fiscal_year_us",),
)
_FIGURES = (
    Column("mass_lb", "decimal", "lb"),
    Column("mass_kg", "decimal", "kg"),
    Column("events", "integer"),
    Column("months", "integer"),
    published.text_column("status"),
    Column("rows", "integer"),
    Column("rows_without_mass", "integer"),
    Column("rows_without_events", "integer"),
)


def _totals(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[published.KIND]
    used = published.cells(given, arguments, engine)
    by = tuple(name for name in _BY.allowed if name in published.names(arguments["by"]))
    sums = engine.ask(published.sql("totals").format(groups=published.listing(by)), {"cells": used.rows})
    columns = (*published.group_columns(by), *_FIGURES)
    return Answer(
        question=TOTALS.name,
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, [_with_units(row) for row in sums.to_pylist()]),
        denominators=published.denominators(given, used),
        cautions=published.cautions(used),
        provenance=provenance([used]),
    )


def _with_units(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "mass_lb": in_unit(row["mass_g"], "lb"), "mass_kg": in_unit(row["mass_g"], "kg")}


TOTALS = Question(
    name="seizures.totals",
    needs=(published.KIND,),
    parameters=(published.DRUG, _BY, published.REGION, published.COMPONENT, published.FROM, published.UNTIL),
    answer=_totals,
)
