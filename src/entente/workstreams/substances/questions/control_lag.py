"""How long from the first detection of a substance to the entry that names it, per country."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

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
from entente.workstreams.substances.questions import cells as counted
from entente.workstreams.substances.questions import entries as listed
from entente.workstreams.substances.questions.names import folded

_COLUMNS = (
    Column("subject", "text"),
    Column("country", "text", vocabulary="law-of"),
    Column("instrument", "text"),
    Column("first_place", "text"),
    Column("period_start", "date"),
    Column("period_end", "date"),
    Column("counts_since", "date"),
    Column("control_status", "text", vocabulary="control-status"),
    Column("schedule", "text"),
    Column("item", "text"),
    Column("since", "date"),
    Column("lag_days", "integer"),
    Column("lag_days_most", "integer"),
)

Row = dict[str, Any]


def _control_lag(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    used = counted.cells(tables[counted.KIND], arguments, engine)
    first = engine.ask(counted.sql("first_anywhere"), {"cells": used.rows}, counted.subject(arguments)).to_pylist()
    entries = listed.entries(tables[listed.KIND])
    chosen = [entry for entry in entries if arguments["country"] in (None, entry["country"])]
    rows = [row for detection in first for row in _lags(detection, chosen)]
    return Answer(
        question=CONTROL_LAG.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(
            *counted.denominators(tables[counted.KIND], used),
            Denominator("entries-used", len(chosen), len(entries)),
            Denominator("lags-told", sum(row["lag_days"] is not None for row in rows), len(rows)),
        ),
        cautions=("first-in-these-counts", "text-in-force-since", "only-names-compared"),
        provenance=provenance([used, tables[listed.KIND]]),
    )


def _lags(detection: Row, entries: list[listed.Entry]) -> Iterator[Row]:
    """For each instrument the earliest entry that names the substance and is no exception."""
    named = [
        entry for entry in listed.by_name(entries).get(folded(detection["subject"]), ()) if entry["role"] == "included"
    ]
    for place in dict.fromkeys((entry["country"], entry["instrument"]) for entry in entries):
        there = [entry for entry in named if (entry["country"], entry["instrument"]) == place]
        entry = min(there, key=lambda one: one["since"], default=None)
        # Met in the first period counted, it may have been there for years before: no lag can be told.
        begun = entry if detection["period_start"] > detection["counts_since"] else None
        yield {
            **detection,
            "country": place[0],
            "instrument": place[1],
            "control_status": _told(entries, place) if entry is None else "controlled",
            **{name: entry and entry[name] for name in ("schedule", "item", "since")},
            "lag_days": begun and _days(detection["period_end"], begun["since"]),
            "lag_days_most": begun and _days(detection["period_start"], listed.last_possible(begun)),
        }


def _told(entries: list[listed.Entry], place: tuple[str, str]) -> str:
    text = [entry for entry in entries if (entry["country"], entry["instrument"]) == place]
    return listed.silent(text, max(entry["since"] for entry in text))


def _days(start: date, end: date) -> int:
    return (end - start).days


CONTROL_LAG = Question(
    name="substances.control-lag",
    needs=(counted.KIND, listed.KIND),
    parameters=(
        counted.SUBJECT,
        counted.PLACE,
        Parameter(name="country", type="code", vocabulary="law-of"),
        counted.PUBLICATION,
    ),
    answer=_control_lag,
)
