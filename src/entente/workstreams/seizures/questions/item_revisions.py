"""What changed between two files of one agency's seizures: items added, removed, weighed again, classed otherwise."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pyarrow as pa

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Question,
    Table,
    answer_rows,
    in_unit,
    provenance,
)
from entente.errors import InputFault
from entente.workstreams.seizures.questions import counted
from entente.workstreams.seizures.questions.cells import sql


class OneFileOnly(InputFault):
    """Revisions are found between two files of one agency, and there is only {source}. Give an earlier and a later file
    of the same agency, each with its own --table."""


_SIDES = ("old", "new")
_COLUMNS = (
    Column("source_old", "text"),
    Column("source_new", "text"),
    Column("change", "text", vocabulary="change"),
    Column("agency", "text", vocabulary="party"),
    Column("number", "text"),
    Column("item", "text"),
    Column("seized_on", "date"),
    *(Column(f"category_{side}", "text", vocabulary="seized-category") for side in _SIDES),
    *(Column(f"drug_{side}", "text", vocabulary="drug") for side in _SIDES),
    *(Column(f"mass_kg_{side}", "decimal", "kg") for side in _SIDES),
    *(Column(f"pieces_{side}", "integer") for side in _SIDES),
    *(Column(f"money_{side}", "decimal") for side in _SIDES),
    *(Column(f"status_{side}", "text", vocabulary="figure-status") for side in _SIDES),
)


def _revisions(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    tables_in = {"items": given.rows, "vintages": _vintages(given)}
    found = engine.ask(sql("item_revisions"), tables_in).to_pylist()
    rows = [_measured(row) for row in found if row["change"] != "unchanged"]
    return Answer(
        question=ITEM_REVISIONS.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(Denominator("items-revised", len(rows), len(found)),),
        cautions=("not-a-flow",),
        provenance=provenance([given]),
    )


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{f"mass_kg_{side}": in_unit(row[f"mass_g_{side}"], "kg") for side in _SIDES}}


def _vintages(table: Table) -> pa.Table:
    """The files of each agency, numbered from the oldest: one that ends earlier is older, then one given first.

    Raises OneFileOnly.
    """
    files: dict[tuple[str, str], dict[str, Any]] = {}
    names = ["reported_by", "_said_by", "_source_digest", "_source", "seized_on"]
    for row in table.rows.select(names).to_pylist():
        agency = row["reported_by"] or row["_said_by"]
        file = files.setdefault((agency, row["_source_digest"]), {**row, "agency": agency})
        file["seized_on"] = max(file["seized_on"], row["seized_on"])
    ordered = sorted(files.values(), key=lambda file: (file["agency"], file["seized_on"]))
    numbered = [(n, file) for _, group in groupby(ordered, lambda file: file["agency"]) for n, file in enumerate(group)]
    if not any(number for number, _ in numbered):
        raise OneFileOnly(source=", ".join(sorted({str(file["_source"]) for file in ordered})))
    return pa.table(
        {
            "agency": [file["agency"] for _, file in numbered],
            "number": pa.array([number for number, _ in numbered], pa.int64()),
            "digest": [file["_source_digest"] for _, file in numbered],
            "source": [file["_source"] for _, file in numbered],
        }
    )


ITEM_REVISIONS = Question(
    name="seizures.item-revisions",
    needs=(counted.KIND,),
    parameters=(),
    answer=_revisions,
    takes_versions=True,
)
