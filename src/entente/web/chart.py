"""Charts as inline SVG: lines and bars over periods, with an expected value, a bound and alarms.

Pure: numbers and words in, markup out; every word is escaped, every look is a class of entente.css. Where nobody
looked, the value is None: a gap with a dash in it, never a zero. A chart is a picture of a table that stands beside it;
the caller writes that table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from markupsafe import Markup

Shown = Callable[[float], str]

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 34, 34
LETTER = 7
"""Width of a letter, in the units of the picture; about right for digits, generous for words."""
MAX_DOTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """One period. `value` None: nobody looked. `expected` and `bound` are of this period; None where there is none."""

    period: str
    value: float | None
    expected: float | None = None
    bound: float | None = None
    is_alarm: bool = False


def line_chart(
    points: Sequence[ChartPoint],
    *,
    title: str,
    about: str,
    number: Shown,
    expected: str = "",
    bound: str = "",
    name: str = "chart",
) -> Markup:
    """The series as a line; nothing where no point has a value.

    `title` and `about` are read out; `number` writes a value in the reader's language; `expected` and `bound` are the
    words of the two other lines, which are drawn where a word is given. `name` is unique in the page.
    """
    frame = _frame(points)
    if frame is None:
        return Markup("")
    parts = [*_grid(frame, number), *_periods(frame, points), *_legend((expected, bound))]
    if expected:
        parts += _lines(frame, [point.expected for point in points], "chart-expected")
    if bound:
        parts += _lines(frame, [point.bound for point in points], "chart-bound")
    parts += _areas(frame, [point.value for point in points])
    parts += _lines(frame, [point.value for point in points], "chart-line")
    parts += _dots(frame, points, number)
    return _picture(parts, title, about, name)


def bar_chart(
    points: Sequence[ChartPoint], *, title: str, about: str, number: Shown, bound: str = "", name: str = "chart"
) -> Markup:
    """The series as bars; otherwise as `line_chart`."""
    frame = _frame(points)
    if frame is None:
        return Markup("")
    parts = [*_grid(frame, number), *_periods(frame, points), *_legend(("", bound)), *_bars(frame, points, number)]
    if bound:
        parts += _lines(frame, [point.bound for point in points], "chart-bound")
    return _picture(parts, title, about, name)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand in the picture: values from `ticks[0]` to `ticks[-1]`, `count` periods."""

    ticks: tuple[float, ...]
    count: int

    @property
    def slot(self) -> float:
        """Width of one period."""
        return (WIDTH - LEFT - RIGHT) / self.count

    def x(self, index: int) -> float:
        return LEFT + self.slot * (index + 0.5)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)


def _frame(points: Sequence[ChartPoint]) -> _Frame | None:
    if not _there(point.value for point in points):
        return None
    drawn = _there(value for point in points for value in (point.value, point.expected, point.bound))
    return _Frame(_ticks(min(0.0, *drawn), max(0.0, *drawn)), len(points))


def _there(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and isfinite(value)]


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Round values from below `low` to above `high`, four to seven of them."""
    if low == high:
        return (0.0, 1.0)
    rough = (high - low) / 4
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return tuple(round(step * count, 12) for count in range(floor(low / step), ceil(high / step) + 1))


def _grid(frame: _Frame, number: Shown) -> Iterator[Markup]:
    for tick in frame.ticks:
        kind = "chart-axis" if tick == 0 else "chart-grid"
        y = frame.y(tick)
        yield Markup('<line class="{}" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            kind, LEFT, WIDTH - RIGHT, y, y
        )
        yield Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(LEFT - 8, y + 4, number(tick))


def _periods(frame: _Frame, points: Sequence[ChartPoint]) -> Iterator[Markup]:
    """As many labels as have room, cut where they are longer than it; a dash where nobody looked."""
    longest = max(len(point.period) for point in points)
    room = max(frame.slot, min((longest + 2) * LETTER, (WIDTH - LEFT - RIGHT) / 3))
    every = ceil(room / frame.slot)
    letters = int(frame.slot * every / LETTER) - 1
    for index, point in enumerate(points):
        x = frame.x(index)
        if not _there([point.value]):
            yield Markup(
                '<text class="chart-gap" x="{:.1f}" y="{:.1f}" text-anchor="middle">\N{EN DASH}</text>'
            ).format(x, frame.y(0) - 5)
        if index % every == 0:
            shown = _cut(point.period, letters)
            anchor = "start" if len(shown) * LETTER / 2 > x else "middle"  # the picture ends left of it
            start = x - frame.slot / 2 if anchor == "start" else x
            yield Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
                start, HEIGHT - BOTTOM + 20, anchor, shown
            )


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: max(1, letters - 1)] + "…"


def _legend(words: tuple[str, str]) -> Iterator[Markup]:
    x = float(LEFT)
    for kind, word in zip(("chart-expected", "chart-bound"), words, strict=True):
        if not word:
            continue
        shown = _cut(word, 40)
        yield Markup('<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="14" y2="14"/>').format(kind, x, x + 28)
        yield Markup('<text x="{:.1f}" y="18">{}</text>').format(x + 34, shown)
        x += 34 + (len(shown) + 4) * LETTER


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Stretches of neighbours that are all there."""
    run: list[tuple[int, float]] = []
    for index, value in enumerate([*values, None]):
        if value is not None and isfinite(value):
            run.append((index, value))
        elif run:
            yield run
            run = []


def _path(frame: _Frame, run: Sequence[tuple[int, float]]) -> str:
    return "M" + "L".join(f"{frame.x(index):.1f} {frame.y(value):.1f}" for index, value in run)


def _lines(frame: _Frame, values: Sequence[float | None], kind: str) -> list[Markup]:
    """A run of one period is a stroke as wide as half of it, so that it is not lost."""
    drawn = []
    for run in _runs(values):
        if len(run) > 1:
            path = _path(frame, run)
        else:
            x, y = frame.x(run[0][0]), frame.y(run[0][1])
            path = f"M{x - frame.slot / 4:.1f} {y:.1f}H{x + frame.slot / 4:.1f}" if kind != "chart-line" else ""
        drawn.append(Markup('<path class="{}" d="{}"/>').format(kind, path) if path else Markup(""))
    return drawn


def _areas(frame: _Frame, values: Sequence[float | None]) -> list[Markup]:
    return [
        Markup('<path class="chart-area" d="{}L{:.1f} {:.1f}H{:.1f}Z"/>').format(
            _path(frame, run), frame.x(run[-1][0]), frame.y(0), frame.x(run[0][0])
        )
        for run in _runs(values)
        if len(run) > 1
    ]


def _dots(frame: _Frame, points: Sequence[ChartPoint], number: Shown) -> Iterator[Markup]:
    """A dot per value where they are few, and one for every alarm and every value without neighbours."""
    alone = {run[0][0] for run in _runs([point.value for point in points]) if len(run) == 1}
    for index, point in enumerate(points):
        if point.value is None or not isfinite(point.value):
            continue
        x, y = frame.x(index), frame.y(point.value)
        if point.is_alarm or index in alone or len(points) <= MAX_DOTS:
            yield Markup(
                '<circle class="chart-dot{}" cx="{:.1f}" cy="{:.1f}" r="{}"><title>{}</title></circle>'
            ).format(" is-alarm" if point.is_alarm else "", x, y, 6 if point.is_alarm else 4, _told(point, number))
        if point.is_alarm:
            yield _exclamation(x, y - 12)


def _bars(frame: _Frame, points: Sequence[ChartPoint], number: Shown) -> Iterator[Markup]:
    """A zero that was looked for is a bar of one unit: seen, unlike what nobody looked for."""
    width = max(1.0, min(frame.slot * 0.68, 64.0))
    for index, point in enumerate(points):
        if point.value is None or not isfinite(point.value):
            continue
        top, foot = sorted((frame.y(point.value), frame.y(0)))
        height = max(1.0, foot - top)
        yield Markup(
            '<rect class="chart-bar{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
        ).format(
            " is-alarm" if point.is_alarm else "",
            frame.x(index) - width / 2,
            foot - height,
            width,
            height,
            _told(point, number),
        )
        if point.is_alarm:
            yield _exclamation(frame.x(index), foot - height - 6)


def _exclamation(x: float, y: float) -> Markup:
    """An alarm is not told by colour alone."""
    return Markup('<text class="chart-alarm" x="{:.1f}" y="{:.1f}" text-anchor="middle">!</text>').format(x, y)


def _told(point: ChartPoint, number: Shown) -> str:
    return f"{point.period}: {number(point.value)}" if point.value is not None else point.period


def _picture(parts: Sequence[Markup], title: str, about: str, name: str) -> Markup:
    return Markup(
        '<svg class="chart-image" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-about">'
        '<title id="{}-title">{}</title><desc id="{}-about">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, name, name, name, title, name, about, Markup("").join(parts))
