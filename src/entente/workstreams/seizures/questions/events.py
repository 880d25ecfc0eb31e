"""How many seizures there were and what was seized in them, each event once whoever reported it."""

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
from entente.workstreams.seizures.questions import counted
from entente.workstreams.seizures.questions.cells import DRUG, listing, names, sql

_BY = Parameter(
    name="by",
    type="codes",
    allowed=(*counted.YEARS, *counted.MODES, *counted.GOODS, counted.CREDITED),
    default=("calendar_year", "category"),
)
_CATEGORY = Parameter(name="category", type="codes", vocabulary="seized-category")
_REGION = Parameter(name="region", type="codes", vocabulary="region")
_FIGURES = (
    Column("events", "integer"),
    Column("joint_events", "integer"),
    Column("items", "integer"),
    Column("mass_lb", "decimal", "lb"),
    Column("mass_kg", "decimal", "kg"),
    Column("pieces", "integer"),
    Column("money", "decimal"),
    Column("one_currency", "text"),
    Column("items_without_amount", "integer"),
    Column("items_without_mass", "integer"),
)
# INVARIANT: the group by credit repeats an event for each agency credited, so that its sums must not be added.
_CREDITS = "(SELECT *, unnest(credited) AS credited_to FROM counted)"


def _events(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    reports = counted.reports(given, arguments, engine)
    doubt = counted.doubts(reports.rows, engine)
    limits = {name: list(names(arguments[name])) or None for name in ("category", "drug", "region")}
    used = engine.ask(sql("chosen"), {"reports": reports.rows}, limits)
    by = tuple(name for name in _BY.allowed if name in names(arguments["by"]))
    query = sql("events").format(
        groups="".join(f"{name}, " for name in map(_quoted, by)),
        rows=_CREDITS if counted.CREDITED in by else "counted",
    )
    columns = (*(_column(name) for name in by), *_FIGURES)
    cautions = counted.cautions(used, doubt)
    return Answer(
        question=EVENTS.name,
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, [_measured(row) for row in engine.ask(query, {"counted": used}).to_pylist()]),
        denominators=counted.denominators(given, used, doubt),
        cautions=(*cautions, "credits-overlap") if counted.CREDITED in by and doubt["joint"] else cautions,
        provenance=provenance([reports]),
    )


def _quoted(name: str) -> str:
    return listing((name,))


def _column(name: str) -> Column:
    is_year = name in ("fiscal_year_us", "calendar_year")
    return Column(name, "integer" if is_year else "text", vocabulary=counted.LISTS.get(name))


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "mass_lb": in_unit(row["mass_g"], "lb"), "mass_kg": in_unit(row["mass_g"], "kg")}


EVENTS = Question(
    name="seizures.events",
    needs=(counted.KIND,),
    parameters=(
        _BY,
        _CATEGORY,
        DRUG,
        _REGION,
        counted.AGENCY,
        *counted.PERIOD,
        counted.JOINT_RULE,
    ),
    answer=_events,
)
