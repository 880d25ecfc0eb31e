"""What changed between two editions of one table of harms: figures, and which cells are told at all."""

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
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
)
from entente.errors import InputFault
from entente.workstreams.health.questions import counts as checked

KIND = "harm-count"


class OneEditionOnly(InputFault):
    """Revisions are found between two editions of one table, and there is only {source}. Give both files, each with its
    own --table."""


_COLUMNS = (
    Column("publication", "text"),
    Column("substances", "text", vocabulary="harm-substances"),
    Column("event", "text", vocabulary="harm-event"),
    Column("place", "text", vocabulary="place"),
    Column("area_within", "text"),
    Column("period_start", "date"),
    Column("period_end", "date"),
    Column("unit", "text", vocabulary="harm-unit"),
    Column("told_before", "text", vocabulary="cell-told"),
    Column("told_after", "text", vocabulary="cell-told"),
    Column("reported_before", "decimal"),
    Column("reported_after", "decimal"),
    Column("difference", "decimal"),
)
_USED = """
SELECT * FROM given
WHERE ($place::VARCHAR IS NULL OR region = lower(trim($place::VARCHAR)))
    AND ($event::VARCHAR IS NULL OR event = $event::VARCHAR)
    AND ($from::DATE IS NULL OR period_start >= $from::DATE)
    AND ($until::DATE IS NULL OR period_end <= $until::DATE)
"""


def _revisions(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[KIND]
    limits = {name: arguments[name] for name in ("place", "event", "from", "until")}
    used = Table(KIND, engine.ask(_USED, {"given": given.rows}, limits))
    editions = _editions(given.rows)
    both = engine.ask(checked.sql("revisions"), {"cells": used.rows, "editions": editions}).to_pylist()
    changed = [_shown(row) for row in both if row["kind_of_change"] != "none"]
    shown_again = sum(row["told_before"] == "suppressed" and row["told_after"] == "told" for row in changed)
    return Answer(
        question=REVISIONS.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, changed),
        denominators=(
            Denominator("cells-used", used.rows.num_rows, given.rows.num_rows),
            Denominator("cells-revised", len(changed), len(both)),
            Denominator("cells-told-again", shown_again, len(changed)),
        ),
        cautions=("suppressed-is-no-zero", "same-cells-only"),
        provenance=provenance([used]),
    )


def _editions(rows: pa.Table) -> pa.Table:
    """The files of each publication, numbered from the oldest: one that ends earlier is older, then one given first.

    Raises OneEditionOnly.
    """
    by_file = rows.group_by(["publication", "_source_digest"], use_threads=False)
    files: list[dict[str, Any]] = by_file.aggregate([("_source", "min"), ("period_end", "max")]).to_pylist()
    files.sort(key=lambda file: (file["publication"], file["period_end_max"]))  # stable: keeps the order given
    numbered = [
        (number, file)
        for _, group in groupby(files, lambda file: file["publication"])
        for number, file in enumerate(group)
    ]
    if not any(number for number, _ in numbered):
        raise OneEditionOnly(source=", ".join(str(file["_source_min"]) for file in files))
    return pa.table(
        {
            "publication": [file["publication"] for _, file in numbered],
            "number": pa.array([number for number, _ in numbered], pa.int64()),
            "digest": [file["_source_digest"] for _, file in numbered],
        }
    )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A cell that is suppressed or not available has no difference, because it was not zero."""
    before, after = row["reported_before"], row["reported_after"]
    difference = None if before is None or after is None else after - before
    return {**row, "place": row["region"], "area_within": row["area"], "difference": difference}


REVISIONS = Question(
    name="health.revisions",
    needs=(KIND,),
    parameters=(
        checked.PLACE,
        Parameter(name="event", type="code", vocabulary="harm-event"),
        checked.FROM,
        checked.UNTIL,
    ),
    answer=_revisions,
    takes_versions=True,
)
