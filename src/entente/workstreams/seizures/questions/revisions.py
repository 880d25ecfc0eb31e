"""What changed between two publications of the same table."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

import pyarrow as pa

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    in_unit,
    provenance,
)
from entente.errors import InputFault
from entente.workstreams.seizures.questions import cells as published


class OnePublicationOnly(InputFault):
    """Revisions are found between two publications of one table, and there is only {source}. Give both files, each with
    its own --table."""


_AT_LEAST = Parameter(name="at_least_g", type="decimal", default=Decimal(0))
_COLUMNS = (
    *(published.text_column(name) for name in ("source_old", "source_new", "change", "publication", "component")),
    *(published.text_column(name) for name in ("counting", "region", "land_filter", "area", "drug")),
    Column("period_start", "date"),
    published.text_column("status_old"),
    published.text_column("status_new"),
    Column("events_old", "integer"),
    Column("events_new", "integer"),
    Column("events_difference", "integer"),
    Column("mass_lb_old", "decimal", "lb"),
    Column("mass_lb_new", "decimal", "lb"),
    Column("mass_lb_difference", "decimal", "lb"),
    Column("mass_kg_old", "decimal", "kg"),
    Column("mass_kg_new", "decimal", "kg"),
    Column("mass_kg_difference", "decimal", "kg"),
)

Row = dict[str, Any]


def _revisions(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[published.KIND]
    used = published.cells(given, arguments, engine)
    vintages = _vintages(given)
    found = engine.ask(published.sql("revisions"), {"cells": used.rows, "vintages": vintages}).to_pylist()
    smallest = arguments["at_least_g"]
    revised = [_measured(row) for row in found if _is_revised(row, smallest if isinstance(smallest, Decimal) else None)]
    return Answer(
        question=REVISIONS.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, revised),
        denominators=(
            *published.denominators(given, used),
            Denominator("cells-revised", len(revised), len(found)),
        ),
        cautions=published.cautions(used),
        provenance=provenance([used]),
    )


def _vintages(table: Table) -> pa.Table:
    """The files of each publication, numbered from the oldest: one that ends earlier is older, then one given first.

    Raises OnePublicationOnly.
    """
    rows = table.rows.select(["publication", "_source_digest", "_source", "period_start"])
    by_file = rows.group_by(["publication", "_source_digest"], use_threads=False)
    files: list[Row] = by_file.aggregate([("_source", "min"), ("period_start", "max")]).to_pylist()
    files.sort(key=lambda file: (file["publication"] or "", file["period_start_max"]))  # stable: keeps the order given
    numbered = [
        (n, file) for _, group in groupby(files, lambda file: file["publication"]) for n, file in enumerate(group)
    ]
    if not any(number for number, _ in numbered):
        raise OnePublicationOnly(source=", ".join(str(file["_source_min"]) for file in files))
    return pa.table(
        {
            "publication": [file["publication"] for _, file in numbered],
            "number": pa.array([number for number, _ in numbered], pa.int64()),
            "digest": [file["_source_digest"] for _, file in numbered],
            "source": [file["_source_min"] for _, file in numbered],
        }
    )


def _is_revised(row: Row, smallest_g: Decimal | None) -> bool:
    """True unless nothing changed, or only a mass by less than `smallest_g`."""
    if row["change"] != "changed":
        return bool(row["change"] != "unchanged")
    old, new = row["mass_g_old"], row["mass_g_new"]
    if row["events_old"] != row["events_new"] or old is None or new is None or smallest_g is None:
        return True
    return bool(abs(new - old) >= smallest_g)


def _measured(row: Row) -> Row:
    old, new = row["mass_g_old"], row["mass_g_new"]
    masses = {"old": old, "new": new, "difference": _difference(old, new)}
    return {
        **row,
        "events_difference": _difference(row["events_old"], row["events_new"]),
        **{f"mass_{unit}_{side}": in_unit(mass, unit) for unit in ("lb", "kg") for side, mass in masses.items()},
    }


def _difference(old: Any, new: Any) -> Any:
    """New less old; a cell that was not published before or after has no difference, because it was not zero."""
    return None if old is None or new is None else new - old


REVISIONS = Question(
    name="seizures.revisions",
    needs=(published.KIND,),
    parameters=(
        published.DRUG,
        published.REGION,
        published.COMPONENT,
        published.FROM,
        published.UNTIL,
        _AT_LEAST,
    ),
    answer=_revisions,
    takes_versions=True,
)
