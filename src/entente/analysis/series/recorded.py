"""Series made of records: each substance in each stratum, judged in its newest period, as an answer that finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from entente.analysis.amounts import answer_rows
from entente.analysis.answer import Column
from entente.analysis.finding import EVIDENCE, FINDING_COLUMNS
from entente.analysis.question import Arguments
from entente.analysis.series.answering import Judgement, cautions, judgement
from entente.analysis.series.asked import NOT_TOLD
from entente.analysis.series.counted import counted
from entente.analysis.series.forms import period_in, usual_form
from entente.analysis.series.periods import Period
from entente.errors import InputFault

ABOVE_EXPECTED, MANY = "above-expected", "count-above-expected"
"""Measures of a finding: of so many tested, and where nobody knows of how many."""
RECORDED_COLUMNS = (*FINDING_COLUMNS, Column("bound", "decimal"), Column("because", "reasons"))
_BETWEEN = "\x1f"  # no text of a record holds it
_YEARS_BEHIND = 6
"""So many years of a series are what a verdict can rest on: the longest baseline, and half a year beside it."""

Row = dict[str, Any]


class OnlyForPlainTables(InputFault):
    """`{name}` is for a plain table of counts; records have versions, and say themselves what was not counted. Leave it
    out."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Rows with RECORDED_COLUMNS and `_evidence` of all that could be judged; `judgement` None: there was nothing."""

    rows: pa.Table
    judgement: Judgement | None
    cautions: tuple[str, ...]


def recorded(looked: pa.Table, arguments: Arguments, denominator: str) -> Recorded:
    """What is said of the counts in `looked` (of the schema COUNTS), in their newest period unless `from` is set.

    INVARIANT: q is that of all series, so asking for one alone makes it no smaller. Raises OnlyForPlainTables and what
    `judgement` raises.
    """
    _refuse_plain(arguments)
    cells, is_any_left_out = _cells(looked.to_pylist())
    series = counted(_plain(cells.values()))
    if series is None:
        return Recorded(_table([]), None, ("nothing-judged",))
    found = judgement(series, arguments, 1)
    wanted = _wanted(arguments)
    rows = [
        _row(cells, found, place, cell, denominator)
        for row, column, cell in found.cells(range(len(series.names)))
        if cell["alarm"] is not None and (wanted is None or _subject(cell["series"]).casefold() in wanted)
        for place in (int(found.found.at[column]),)
    ]
    said = ("periods-left-out",) if is_any_left_out else ()
    return Recorded(_table(sorted(rows, key=_order)), found, (*said, *cautions(found)))


def _refuse_plain(arguments: Arguments) -> None:
    for name, usual in (("as_of", None), ("absent", NOT_TOLD)):
        if arguments[name] != usual:
            raise OnlyForPlainTables(name=name)


def _wanted(arguments: Arguments) -> set[str] | None:
    given = arguments["series"]
    return {part.strip().casefold() for part in given.split(",")} if isinstance(given, str) else None


def _cells(rows: list[Row]) -> tuple[dict[tuple[str, Period], Row], bool]:
    """What each series has in each period: count, tested, evidence; and whether records had to be left out.

    The newest period counts only if some record reaches its last day.
    """
    found: dict[tuple[str, Period], Row] = {}
    usual = usual_form((row["period_start"], row["period_end"]) for row in rows)
    newest = max((row["period_end"] for row in rows), default=date.min)
    left_out = 0
    for row in rows:
        period = None if usual is None else period_in(usual, row["period_start"], row["period_end"], newest)
        if period is None:
            left_out += 1
            continue
        key = (f"{row['subject']}{_BETWEEN}{row['stratum']}", period)
        cell = found.setdefault(key, {"series": key[0], "period": period, "count": 0, "tested": None, "evidence": []})
        cell["count"] += row["count"]
        if row["of"] is not None:
            cell["tested"] = (cell["tested"] or 0) + row["of"]
        cell["evidence"] += row["evidence"] or []
    return found, left_out > 0


def _plain(cells: Iterable[Row]) -> pa.Table:
    kept = list(cells)
    texts = [str(cell["period"]) for cell in kept]
    return pa.table(
        {
            "series": pa.array([cell["series"] for cell in kept], pa.string()),
            "period": pa.array(texts, pa.string()),
            "count": pa.array([cell["count"] for cell in kept], pa.int64()),
            "tested": pa.array([cell["tested"] for cell in kept], pa.int64()),
            "reported": pa.array(texts, pa.string()),
        }
    )


def _subject(series: str) -> str:
    return series.partition(_BETWEEN)[0]


def _row(cells: Mapping[tuple[str, Period], Row], found: Judgement, place: int, cell: Row, denominator: str) -> Row:
    subject, _, stratum = cell["series"].partition(_BETWEEN)
    first, last = found.series.axis.days(place) or (None, None)
    expected = cell["expected"]
    return {
        "subject": subject,
        "place": stratum,
        "period_start": first,
        "period_end": last,
        "measure": MANY if cell["tested"] is None else ABOVE_EXPECTED,
        "observed": cell["count"],
        "expected": expected,
        "denominator": denominator,
        "of": cell["tested"],
        "value": Decimal(f"{Decimal(cell['count']) / expected:.6g}") if expected else None,
        "low": None,
        "high": None,
        **{name: cell[name] for name in ("p", "q", "alarm", "bound", "because")},
        EVIDENCE: _evidence(cells, found, cell["series"], place),
    }


def _evidence(cells: Mapping[tuple[str, Period], Row], found: Judgement, series: str, place: int) -> list[str]:
    axis = found.series.axis
    places = range(max(0, place - _YEARS_BEHIND * axis.per_year), place + 1)
    behind = (cells.get((series, axis.period(one))) for one in places)
    return sorted({name for cell in behind if cell is not None for name in cell["evidence"]})


def _order(row: Row) -> tuple[Any, ...]:
    """The newest first, and the least likely first among them."""
    return (-row["period_end"].toordinal(), row["p"] if row["p"] is not None else 1, row["subject"], row["place"])


def _table(rows: list[Row]) -> pa.Table:
    table = answer_rows(RECORDED_COLUMNS, rows)
    return table.append_column(EVIDENCE, pa.array([row[EVIDENCE] for row in rows], pa.list_(pa.string())))
