"""Verdicts on series of counts on the screen: the alarms with their reasons, and the newest count of every series."""

import shutil
import textwrap
from decimal import Decimal
from typing import Any

from entente.analysis import SMALLEST_SHOWN, Answer, Column
from entente.analysis.reasons import reasons_said
from entente.cli.answer_screen import print_grounds, shown
from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, counted, out, say, table

BECAUSE = "because"
SHOWN_ALARMS, SHOWN_SERIES = 20, 40
_INDENT = "    "
_FIGURES = ("count", "tested", "expected", "bound", "p", "q")
_MARK = "!"

Row = dict[str, Any]


def is_about_series(answer: Answer) -> bool:
    """Whether the answer is one about a plain table of counts."""
    return {"series", "period", BECAUSE} <= {column.name for column in answer.columns}


def print_alarms(answer: Answer) -> None:
    """Alarms first, the newest and then the least likely first; then the newest period; then what it rests on."""
    rows: list[Row] = answer.rows.to_pylist()
    if not rows:
        out(say("No count could be read from the table. It needs the columns series, period and count."))
    else:
        order = {period: place for place, period in enumerate(dict.fromkeys(row["period"] for row in rows))}
        alarms = sorted((row for row in rows if row["alarm"]), key=lambda row: (-order[row["period"]], row["p"] or 0))
        _print_alarms(answer, alarms, len(rows))
        out()
        _print_newest(answer, [row for row in rows if row["period"] == max(order, key=lambda one: order[one])])
    out()
    print_grounds(answer)


def _print_alarms(answer: Answer, alarms: list[Row], counts: int) -> None:
    periods = dict.fromkeys(answer.rows["period"].to_pylist())
    first, *_, last = (*periods, *periods)
    series = len(set(answer.rows["series"].to_pylist()))
    out(
        counted(
            len(alarms),
            say(
                "1 alarm among {counts} counts: {series} series, {first} to {last}.",
                counts=counts,
                series=series,
                first=first,
                last=last,
            ),
            say(
                "{alarms} alarms among {counts} counts: {series} series, {first} to {last}.",
                alarms=len(alarms),
                counts=counts,
                series=series,
                first=first,
                last=last,
            ),
        )
    )
    for row in alarms[:SHOWN_ALARMS]:
        out()
        out(f"{_MARK} {row['series']}  {row['period']}")
        _print_reasons(row)
    if len(alarms) > SHOWN_ALARMS:
        out()
        out(say("{number} more alarms: --out FILE.csv has all rows.", number=len(alarms) - SHOWN_ALARMS))


def _print_reasons(row: Row) -> None:
    said = reasons_said(row[BECAUSE], catalogue().vocabulary, PHRASES.language)
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    for line in textwrap.wrap(said, width, initial_indent=_INDENT, subsequent_indent=_INDENT):
        out(line)


def _print_newest(answer: Answer, rows: list[Row]) -> None:
    out(say("The newest period, {period}:", period=rows[0]["period"]))
    columns = [column for column in answer.columns if column.name in _FIGURES]
    names = ("", "series", *(column.name for column in columns))
    likeliest = sorted(rows, key=lambda row: (row["alarm"] is None, row["p"] if row["p"] is not None else Decimal(1)))
    cells = [
        (_sign(row), row["series"], *(_figure(column, row[column.name]) for column in columns))
        for row in likeliest[:SHOWN_SERIES]
    ]
    table(names, cells, empty="")
    for row in likeliest[:SHOWN_SERIES]:
        if row["alarm"] is None:
            out(f"{row['series']}:")
            _print_reasons(row)
    if len(rows) > SHOWN_SERIES:
        out(say("{number} more series: --out FILE.csv has all rows.", number=len(rows) - SHOWN_SERIES))


def _figure(column: Column, value: Any) -> str:
    if column.name in ("p", "q") and value is not None and value < SMALLEST_SHOWN:
        return f"< {SMALLEST_SHOWN}"
    return shown(column, value)


def _sign(row: Row) -> str:
    """An alarm, no alarm, or not judged."""
    if row["alarm"] is None:
        return "?"
    return _MARK if row["alarm"] else ""
