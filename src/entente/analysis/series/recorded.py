"""Series made of records: each substance in each stratum, judged in its newest period, as an answer that finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from entente.analysis.amounts import answer_rows
from entente.analysis.answer import Column, Denominator
from entente.analysis.finding import EVIDENCE, FINDING_COLUMNS
from entente.analysis.question import Arguments
from entente.analysis.series.answering import cautions, denominators, judgement
from entente.analysis.series.asked import NOT_TOLD, choice_of, places
from entente.analysis.series.counted import Axis, Counted, counted
from entente.analysis.series.emergence import emergences
from entente.analysis.series.forms import period_in, usual_form
from entente.analysis.series.periods import Period
from entente.analysis.series.verdicts import EMERGING, SharesNeedTested
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


Cells = Mapping[tuple[str, Period], Row]
"""What each series has in each period: count, tested, evidence."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Rows with RECORDED_COLUMNS and `_evidence` of all that could be judged, and what an answer says beside them."""

    rows: pa.Table
    denominators: tuple[Denominator, ...]
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
        return Recorded(_table([]), denominators(None), cautions(None))
    is_emerging = arguments["method"] == EMERGING
    rows, beside, said = (_emerged if is_emerging else _judged)(cells, series, arguments, denominator)
    wanted = _wanted(arguments)
    kept = [row for row in rows if wanted is None or row["subject"].casefold() in wanted]
    left_out = ("periods-left-out",) if is_any_left_out else ()
    return Recorded(_table(sorted(kept, key=_order)), beside, (*left_out, *said))


Found = tuple[list[Row], tuple[Denominator, ...], tuple[str, ...]]


def _judged(cells: Cells, series: Counted, arguments: Arguments, denominator: str) -> Found:
    """A row for each series that could be judged."""
    found = judgement(series, arguments, 1)
    axis = found.series.axis
    rows = [
        _row(axis, int(found.found.at[column]), cell, denominator=denominator, cells=cells, series=[cell["series"]])
        for _, column, cell in found.cells(range(len(series.names)))
        if cell["alarm"] is not None
    ]
    return rows, denominators(found), cautions(found)


def _emerged(cells: Cells, series: Counted, arguments: Arguments, denominator: str) -> Found:
    """A row for each substance to which the rule for emerging ones applies, with the narrowest place that holds it."""
    if series.tested is None:
        raise SharesNeedTested(method=EMERGING)
    at = places(series, arguments, 1).tolist()
    q = choice_of(arguments, series.axis.step).fdr
    judged = [(place, one) for place in at for one in emergences(series, place, _BETWEEN, q)]
    rows = [
        _row(series.axis, place, one.cell(), denominator=denominator, cells=cells, series=one.series)
        for place, one in judged
        if one.is_judged
    ]
    beside = Denominator("substances-rare", len(rows), len(judged))
    return rows, (beside,), ("alarm-is-a-question",) if rows else ("nothing-judged",)


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


def _row(axis: Axis, place: int, cell: Row, *, denominator: str, cells: Cells, series: Iterable[str]) -> Row:
    """`series`: those whose records stand behind the row."""
    subject, _, stratum = cell["series"].partition(_BETWEEN)
    first, last = axis.days(place) or (None, None)
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
        EVIDENCE: sorted({name for one in series for name in _evidence(cells, axis, one, place)}),
    }


def _evidence(cells: Cells, axis: Axis, series: str, place: int) -> list[str]:
    behind = range(max(0, place - _YEARS_BEHIND * axis.per_year), place + 1)
    found = (cells.get((series, axis.period(one))) for one in behind)
    return [name for cell in found if cell is not None for name in cell["evidence"]]


def _order(row: Row) -> tuple[Any, ...]:
    """The newest first, and the least likely first among them."""
    return (-row["period_end"].toordinal(), row["p"] if row["p"] is not None else 1, row["subject"], row["place"])


def _table(rows: list[Row]) -> pa.Table:
    table = answer_rows(RECORDED_COLUMNS, rows)
    return table.append_column(EVIDENCE, pa.array([row[EVIDENCE] for row in rows], pa.list_(pa.string())))
