"""Which substances were found for the first time where they had been looked for before."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import exp, lgamma
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from entente.analysis import (
    EVIDENCE,
    FINDING_COLUMNS,
    Answer,
    Arguments,
    Column,
    Engine,
    Parameter,
    Question,
    Table,
    Windows,
    answer_rows,
    provenance,
    q_values,
)
from entente.workstreams.health.questions import counts as checked

FIRST_DETECTION = "first-detection"
_SMALLEST = 1e-12  # as in entente.analysis.growth: no model of counts is right to more places
_COLUMNS = (*FINDING_COLUMNS, Column("first_day", "date"), Column("tested_before", "integer"))


def _first_seen(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[checked.KIND]
    used = checked.counts(given, arguments, engine)
    looked = checked.looked(used, arguments, engine)
    found = engine.ask(checked.sql("first_seen"), {"counts": used.rows, "looked": looked}).to_pylist()
    rows, floor = checked.above_floor(_table(_judged(found, arguments, pc.max(used.rows["last_day"]).as_py())))
    return Answer(
        question=FIRST_SEEN.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=rows,
        denominators=(*checked.denominators(given, used), floor),
        cautions=(*checked.cautions(used), "small-windows-left-out"),
        provenance=provenance([used]),
    )


def _judged(found: list[dict[str, Any]], arguments: Arguments, last_day: date | None) -> list[dict[str, Any]]:
    until = arguments["until"] if isinstance(arguments["until"], date) else last_day
    since = Windows.before(until, _whole(arguments["months"]), 0).late_start if until else date.max
    chances = [_chance(row) for row in found]
    return [
        row
        | {
            "measure": FIRST_DETECTION,
            "expected": None,
            "denominator": "tested",
            "value": Decimal(row["tested_before"]),
            "low": None,
            "high": None,
            "p": _short(p),
            "q": _short(q),
            "alarm": row["first_day"] >= since and row["tested_before"] >= _whole(arguments["tested_before"]),
            EVIDENCE: sorted(row["evidence"] or ()),
        }
        for row, p, q in zip(found, chances, q_values(chances), strict=True)
    ]


def _chance(row: dict[str, Any]) -> float:
    """The chance that every sample with the substance came after those tested before it, if its share never changed:
    the choices of `found_since` samples among those since, over the choices among all."""
    since, found = row["tested_since"], row["found_since"]
    every = row["tested_before"] + since
    if found > since:
        return 1.0
    chances = lgamma(since + 1) - lgamma(since - found + 1) - lgamma(every + 1) + lgamma(every - found + 1)
    return max(_SMALLEST, min(1.0, exp(chances)))


def _short(number: float) -> Decimal:
    return Decimal(f"{number:.6g}")


def _whole(argument: object) -> int:
    return argument if isinstance(argument, int) else 0


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    table = answer_rows(_COLUMNS, rows)
    return table.append_column(EVIDENCE, pa.array([row[EVIDENCE] for row in rows], pa.list_(pa.string())))


FIRST_SEEN = Question(
    name="health.first-seen",
    needs=(checked.KIND,),
    parameters=(
        Parameter(name="subject", type="text"),
        checked.PLACE,
        checked.UNTIL,
        Parameter(name="months", type="integer", default=6),
        Parameter(name="tested_before", type="integer", default=100),
    ),
    answer=_first_seen,
    finds=True,
)
