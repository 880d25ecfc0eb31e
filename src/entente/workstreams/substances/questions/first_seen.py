"""Which substances turned up for the first time at a place from which counts came before."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
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
    usual_end,
)
from entente.workstreams.substances.questions import cells as counted

FIRST_DETECTION = "first-detection"
_LEVELS = {"place": "place", "country": "country"}
_COLUMNS = (
    *FINDING_COLUMNS,
    Column("looked_since", "date"),
    Column("listed_since", "date"),
    counted.text_column("publication"),
)


def _first_seen(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    used = counted.cells(given, arguments, engine)
    query = counted.sql("first_seen").format(level=_LEVELS[str(arguments["level"])])
    found = engine.ask(query, {"cells": used.rows}, counted.subject(arguments)).to_pylist()
    recent = _recent(used, arguments, engine)
    rows = [_judged(row, arguments, recent) for row in found]
    table = answer_rows(_COLUMNS, rows)
    return Answer(
        question=FIRST_SEEN.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=table.append_column(EVIDENCE, pa.array([row[EVIDENCE] for row in rows], pa.list_(pa.string()))),
        denominators=counted.denominators(given, used),
        cautions=(*counted.cautions(used), "first-in-these-counts"),
        provenance=provenance([used]),
    )


def _recent(used: Table, arguments: Arguments, engine: Engine) -> date | None:
    """From which day on a first report is new: `months` before `until`, or else before the day to which most report."""
    months = months_of(arguments, "months")
    until = arguments["until"] if isinstance(arguments["until"], date) else _usual_end(used, months, arguments, engine)
    return None if until is None else Windows.before(until, months, 0).late_start


def _usual_end(used: Table, months: int, arguments: Arguments, engine: Engine) -> date | None:
    return usual_end(engine.ask(_PERIODS, {"cells": used.rows}), months, _whole(arguments["looked_months"]))


_PERIODS = """
SELECT DISTINCT publication || ' ' || lower(place) AS stratum, period_start, last_day AS period_end FROM cells
"""


def _judged(row: dict[str, Any], arguments: Arguments, recent: date | None) -> dict[str, Any]:
    is_new = recent is not None and row["period_start"] >= recent
    had_looked = row["months_before"] >= _whole(arguments["looked_months"])
    unknown = dict.fromkeys(("low", "high", "p", "q"))
    return {
        **row,
        **unknown,
        "measure": FIRST_DETECTION,
        "expected": Decimal(0) if row["months_before"] else None,  # nothing was reported in all months before
        "denominator": "listed-reports",
        "value": Decimal(row["months_before"]),
        "alarm": is_new and had_looked,
        EVIDENCE: sorted(set(row[EVIDENCE])),
    }


def _whole(argument: object) -> int:
    return argument if isinstance(argument, int) else 0


FIRST_SEEN = Question(
    name="substances.first-seen",
    needs=(counted.KIND,),
    parameters=(
        counted.SUBJECT,
        counted.PLACE,
        Parameter(name="level", type="code", allowed=tuple(_LEVELS), default="place"),
        counted.UNTIL,
        Parameter(name="months", type="integer", default=6),
        Parameter(name="looked_months", type="integer", default=12),
        counted.PUBLICATION,
    ),
    answer=_first_seen,
    finds=True,
    series=(counted.SERIES,),
)
