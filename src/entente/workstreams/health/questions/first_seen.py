"""Which substances were found for the first time where they had been looked for before."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import exp, lgamma
from typing import Any

import pyarrow as pa

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
    months_of,
    provenance,
    q_values,
    usual_end,
)
from entente.workstreams.health.questions import counts as checked

FIRST_DETECTION = "first-detection"
_SMALLEST = 1e-12  # as in entente.analysis.growth: no model of counts is right to more places
_BASE_MONTHS = 12  # a period preceded by none within them stands alone and tells not to which day most report
_COLUMNS = (*FINDING_COLUMNS, Column("first_day", "date"), Column("tested_before", "integer"))


def _first_seen(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[checked.KIND]
    used = checked.counts(given, arguments, engine)
    looked = checked.looked(used, engine)
    found = engine.ask(checked.sql("first_seen"), {"counts": used.rows, "looked": looked}).to_pylist()
    judged = _judged(found, arguments, _recent(used, arguments, engine))
    asked = checked.folded(arguments["subject"])
    rows, floor = checked.above_floor(_table([row for row in judged if asked in (None, row["subject"])]))
    return Answer(
        question=FIRST_SEEN.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=rows,
        denominators=(*checked.denominators(given, used), floor),
        cautions=(*checked.cautions(used), "small-windows-left-out"),
        provenance=provenance([used]),
    )


def _recent(used: Table, arguments: Arguments, engine: Engine) -> date:
    """From which day on a first count is new: `months` before `until`, or else before the day to which most report."""
    months = months_of(arguments, "months")
    until = arguments["until"] if isinstance(arguments["until"], date) else _usual_end(used, months, engine)
    return Windows.before(until, months, 0).late_start if until else date.max


def _usual_end(used: Table, months: int, engine: Engine) -> date | None:
    return usual_end(engine.ask(_PERIODS, {"counts": used.rows}), months, _BASE_MONTHS)


_PERIODS = """
SELECT DISTINCT publication || ' ' || region AS stratum, period_start, last_day AS period_end FROM counts
"""


def _judged(found: list[dict[str, Any]], arguments: Arguments, since: date) -> list[dict[str, Any]]:
    """INVARIANT: q is that of all substances, so asking for one alone makes it no smaller."""
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
            EVIDENCE: sorted(set(row["evidence"] or ())),
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
    series=(checked.SERIES,),
)
