"""A picture of series of counts, as SVG or as an HTML page with a table of the same figures below each chart.

Nothing is loaded from elsewhere and nothing runs; alarms have a mark, not only a colour; title and description are read
out. Charts are those of the screens (entente.web.chart).
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from entente.analysis import Answer
from entente.analysis.reasons import reasons_said
from entente.cli.answer_screen import shown
from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, say
from entente.errors import InputFault
from entente.web.chart import HEIGHT, WIDTH, ChartPoint, line_chart

MAX_CHARTS = 24
_HEAD, _GAP = 46, 18
Row = dict[str, Any]


class NothingToPlot(InputFault):
    """The answer of {question} has no series of counts over time, so there is nothing to draw. Ask for a table with
    --out, or ask a question about series, such as substances.aberration."""


class UnknownPictureEnding(InputFault):
    """Pictures cannot be written as `{ending}` files. Let the name of the file end in one of: {known}."""


def plotted(answer: Answer, ending: str) -> bytes:
    """The bytes of a file whose name ends in `ending`: `.svg` or `.html`.

    Raises UnknownPictureEnding, NothingToPlot.
    """
    write = _WRITERS.get(ending.lower())
    if write is None:
        raise UnknownPictureEnding(ending=ending, known=", ".join(_WRITERS))
    names = {column.name for column in answer.columns}
    if "bound" not in names or not {"series", "subject"} & names or not answer.rows.num_rows:
        raise NothingToPlot(question=answer.question)
    return write(answer, _series(answer)).encode("utf-8")


def _series(answer: Answer) -> list[tuple[str, list[Row]]]:
    """(name, rows in order of time) of each series: those with alarms first, then by name."""
    found: dict[str, list[Row]] = {}
    for row in answer.rows.to_pylist():
        if "series" not in row:
            row |= {"series": f"{row['subject']} ({row['place']})", "period": str(row["period_start"])}
            row["count"] = row["observed"]
        found.setdefault(row["series"], []).append(row)
    if "period_start" in answer.rows.column_names:
        for rows in found.values():
            rows.sort(key=lambda row: row["period_start"])
    return sorted(found.items(), key=lambda item: (-_alarms(item[1]), item[0]))


def _alarms(rows: Sequence[Row]) -> int:
    return sum(row["alarm"] is True for row in rows)


def _chart(name: str, rows: Sequence[Row], number: int) -> Markup:
    points = [
        ChartPoint(
            period=row["period"],
            value=_float(row["count"]),
            expected=_float(row["expected"]),
            bound=_float(row["bound"]),
            is_alarm=row["alarm"] is True,
        )
        for row in rows
    ]
    return line_chart(
        points,
        title=f"{name}: {_told_alarms(rows)}",
        about=_about(rows),
        number=lambda value: f"{value:g}",
        expected=say("usual"),
        bound=say("bound; a count above it is an alarm"),
        name=f"series-{number}",
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _told_alarms(rows: Sequence[Row]) -> str:
    alarms = [row["period"] for row in rows if row["alarm"]]
    return say("alarm in {periods}", periods=", ".join(alarms)) if alarms else say("no alarm")


def _about(rows: Sequence[Row]) -> str:
    """What is read out instead of the picture."""
    said = [say("Counts from {first} to {last}.", first=rows[0]["period"], last=rows[-1]["period"])]
    said += [f"{row['period']}: {_because(row)}" for row in rows if row["alarm"]]
    return " ".join(said)


def _because(row: Row) -> str:
    return reasons_said(row["because"], catalogue().vocabulary, PHRASES.language)


def _title(answer: Answer) -> str:
    title = catalogue().vocabulary.label("question", answer.question, PHRASES.language)
    return f"{say('SIMULATED: none of this is real.')} {title}" if answer.provenance.is_simulated else title


def _legend() -> str:
    return say("A filled dot with ! is an alarm; a dash on the axis is a period without a count.")


def _left_out(series: Sequence[object]) -> str:
    return say("{number} more series are not drawn.", number=len(series) - MAX_CHARTS)


def _svg(answer: Answer, series: Sequence[tuple[str, list[Row]]]) -> str:
    drawn = series[:MAX_CHARTS]
    lines = [_title(answer), _legend(), *([_left_out(series)] if len(series) > MAX_CHARTS else [])]
    top = 16 + 20 * len(lines)
    height = top + len(drawn) * (HEIGHT + _HEAD + _GAP)
    parts = [
        Markup('<text class="{}" x="16" y="{}">{}</text>').format("head" if place == 0 else "", 26 + 20 * place, line)
        for place, line in enumerate(lines)
    ]
    for number, (name, rows) in enumerate(drawn):
        y = top + number * (HEIGHT + _HEAD + _GAP)
        parts.append(Markup('<text class="head" x="16" y="{}">{}</text>').format(y + 24, name))
        parts.append(_at(_chart(name, rows, number), y + _HEAD - 10))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" lang="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-labelledby="title about"><title id="title">{}</title><desc id="about">{}</desc><style>{}</style>'
        '<rect width="100%" height="100%" fill="#fff"/>{}</svg>\n'
    ).format(
        PHRASES.language,
        WIDTH,
        height,
        WIDTH,
        height,
        lines[0],
        " ".join([_legend(), *(f"{name}: {_told_alarms(rows)}." for name, rows in drawn)]),
        _LOOKS,
        Markup("").join(parts),
    )


def _at(picture: Markup, y: int) -> Markup:
    """The chart as a part of a larger picture."""
    place = f'<svg x="0" y="{y}" width="{WIDTH}" height="{HEIGHT}" '
    return Markup(str(picture).replace("<svg ", place, 1))  # noqa: S704  # a picture whose words are escaped already


def _html(answer: Answer, series: Sequence[tuple[str, list[Row]]]) -> str:
    figures = Markup("").join(_figure(answer, number, *one) for number, one in enumerate(series[:MAX_CHARTS]))
    more = Markup("<p>{}</p>").format(_left_out(series)) if len(series) > MAX_CHARTS else ""
    return Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width"><style>{}{}</style></head>'
        "<body><h1>{}</h1><p>{}</p>{}{}</body></html>\n"
    ).format(PHRASES.language, _title(answer), _LOOKS, _PAGE, _title(answer), _legend(), more, figures)


def _figure(answer: Answer, number: int, name: str, rows: Sequence[Row]) -> Markup:
    columns = [column for column in answer.columns if column.name not in ("series", "subject", "place")]
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(catalogue().vocabulary.label("column", column.name, PHRASES.language))
        for column in columns
    )
    body = Markup("").join(_table_row([shown(column, row[column.name]) for column in columns], row) for row in rows)
    return Markup(
        "<section><h2>{}</h2>{}<details{}><summary>{}</summary><table><caption>{}</caption>"
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></details></section>"
    ).format(
        name,
        _chart(name, rows, number),
        Markup(" open") if _alarms(rows) else "",
        say("The same as a table"),
        f"{name}: {_told_alarms(rows)}",
        head,
        body,
    )


def _table_row(cells: Sequence[str], row: Row) -> Markup:
    first, *rest = cells
    others = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in rest)
    return Markup('<tr{}><th scope="row">{}{}</th>{}</tr>').format(
        Markup(' class="alarm"') if row["alarm"] else "", "! " if row["alarm"] else "", first, others
    )


_LOOKS = Markup(
    "text,svg{font:400 13px/1 system-ui,sans-serif}text{fill:#3d4551}.head{font-weight:700;font-size:15px;fill:#1b1b1b}"
    ".chart-grid{stroke:#e4eae9}.chart-axis{stroke:#71767a}.chart-line{fill:none;stroke:#00687d;stroke-width:2}"
    ".chart-area{fill:#00687d;opacity:.08}.chart-dot{fill:#fff;stroke:#00687d;stroke-width:1.5}"
    ".chart-expected{fill:none;stroke:#3d4551;stroke-width:1.5;stroke-dasharray:2 4}"
    ".chart-bound{fill:none;stroke:#a1461f;stroke-width:1.5;stroke-dasharray:7 4}"
    ".chart-dot.is-alarm{fill:#b50909;stroke:#fff}.chart-alarm{fill:#b50909;font-weight:700;font-size:16px}"
)
_PAGE = Markup(
    "body{font:400 16px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:60rem;margin:1.5rem auto;padding:0 1rem}"
    "svg{display:block;width:100%;height:auto}table{border-collapse:collapse;font-size:14px}"
    "th,td{border-bottom:1px solid #c9cccf;padding:.25rem .6rem;text-align:left;vertical-align:top}"
    "caption{text-align:left;font-weight:700;padding:.5rem 0}.alarm{background:#fdf0ed}"
)

_WRITERS: Mapping[str, Callable[[Answer, Sequence[tuple[str, list[Row]]]], str]] = MappingProxyType(
    {".svg": _svg, ".html": _html}
)
