"""Charts: a picture of numbers that never says more than they do, whatever the labels are."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from entente.web.chart import ChartPoint, bar_chart, line_chart

SVG = "{http://www.w3.org/2000/svg}"
CHARTS: list[Callable[..., Markup]] = [line_chart, bar_chart]
EITHER = pytest.mark.parametrize("draw", CHARTS, ids=["lines", "bars"])


def shown(value: float) -> str:
    return f"{value:,.10g}"


def series(*values: float | None) -> list[ChartPoint]:
    return [ChartPoint(period=f"2026-{month:02d}", value=value) for month, value in enumerate(values, start=1)]


def drawn(draw: Callable[..., Markup], points: list[ChartPoint], **words: str) -> ET.Element:
    """The picture as a tree: what is not well formed fails here."""
    text = draw(points, title=words.pop("title", "Tablets"), about="By month.", number=shown, **words)
    return ET.fromstring(str(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(picture: ET.Element, kind: str | None = None) -> list[str]:
    return [found.text or "" for found in picture.iter(f"{SVG}text") if kind is None or found.get("class") == kind]


def of_class(picture: ET.Element, kind: str) -> list[ET.Element]:
    return [found for found in picture.iter() if kind in (found.get("class") or "").split()]


@EITHER
def test_nothing_is_drawn_where_nobody_looked(draw: Callable[..., Markup]) -> None:
    assert draw([], title="a", about="b", number=shown) == ""
    assert draw(series(None, None), title="a", about="b", number=shown) == ""


@EITHER
def test_one_value_is_seen(draw: Callable[..., Markup]) -> None:
    picture = drawn(draw, series(3))
    assert len(of_class(picture, "chart-dot") + of_class(picture, "chart-bar")) == 1
    assert "2026-01" in texts(picture)


@EITHER
def test_all_zeros_have_an_axis_and_are_not_the_same_as_not_looked(draw: Callable[..., Markup]) -> None:
    picture = drawn(draw, series(0, 0, None))
    assert texts(picture, "chart-gap") == ["\N{EN DASH}"]
    assert len(of_class(picture, "chart-dot") + of_class(picture, "chart-bar")) == 2
    assert len(of_class(picture, "chart-axis")) == 1
    assert all(float(bar.get("height", "1")) >= 1 for bar in of_class(picture, "chart-bar"))


def test_a_line_is_not_drawn_across_a_gap() -> None:
    picture = drawn(line_chart, series(1, 2, None, 3, 4))
    assert len(of_class(picture, "chart-line")) == 2


def test_a_value_between_two_gaps_keeps_its_dot_however_long_the_series() -> None:
    picture = drawn(line_chart, series(*[1.0] * 80, None, 5, None))
    assert [dot.findtext(f"{SVG}title") for dot in of_class(picture, "chart-dot")] == ["2026-82: 5"]


@EITHER
def test_words_are_escaped_wherever_they_stand(draw: Callable[..., Markup]) -> None:
    bad = "</title><script>alert(1)</script>\"'&"
    points = [ChartPoint(period=bad, value=1, bound=2, is_alarm=True)]
    text = draw(points, title=bad, about=bad, number=lambda _: bad, bound=bad)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"\son\w+=|style=|javascript:", text)


@EITHER
def test_labels_longer_than_their_room_are_cut_and_told_in_full_with_the_value(draw: Callable[..., Markup]) -> None:
    long = "A very long name of a reporting period of a laboratory " * 3
    points = [ChartPoint(period=f"{number} {long}", value=number) for number in range(40)]
    picture = drawn(draw, points)
    labels = [text for text in texts(picture) if text.endswith("…")]
    assert labels
    assert max(len(label) for label in labels) < 40
    assert f"7 {long}: 7" in [title.text for title in picture.iter(f"{SVG}title")]


@EITHER
def test_everything_stands_inside_the_picture(draw: Callable[..., Markup]) -> None:
    points = [
        ChartPoint(period=f"{day}", value=value, bound=1e9, expected=-3)
        for day, value in enumerate([-5, 0, 1e9, 2.5e9, 1e-9, float("nan"), float("inf")])
    ]
    picture = drawn(draw, points, bound="bound")
    places = re.findall(r'\b(?:cx|cy|x|y|x1|x2|y1|y2)="(-?[\d.]+)"', ET.tostring(picture, "unicode"))
    assert all(0 <= float(place) <= 720 for place in places)
    assert texts(picture, "chart-gap") == ["\N{EN DASH}", "\N{EN DASH}"]


@EITHER
def test_an_alarm_is_told_by_more_than_colour(draw: Callable[..., Markup]) -> None:
    picture = drawn(draw, [ChartPoint(period="2026-01", value=9, is_alarm=True), *series(1)])
    assert texts(picture, "chart-alarm") == ["!"]
    assert len(of_class(picture, "is-alarm")) == 1


def test_expected_and_bound_are_drawn_when_they_have_a_name() -> None:
    points = [ChartPoint(period=f"{day}", value=day, expected=2, bound=4) for day in range(5)]
    assert of_class(drawn(line_chart, points), "chart-bound") == []
    picture = drawn(line_chart, points, expected="expected", bound="alarm above")
    assert {"expected", "alarm above"} <= set(texts(picture))
    assert (
        len(of_class(picture, "chart-expected")) == len(of_class(picture, "chart-bound")) == 2
    )  # the line and its key


def test_the_picture_has_a_name_and_a_description() -> None:
    picture = drawn(line_chart, series(1, 2), title="Tablets by month", name="tablets")
    assert picture.get("role") == "img"
    named = {found.get("id"): found.text for found in picture if found.get("id")}
    assert [named[id_] for id_ in str(picture.get("aria-labelledby")).split()] == ["Tablets by month", "By month."]


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (1, ["0", "0.5", "1"]),
        (15, ["0", "5", "10", "15"]),
        (0.03, ["0", "0.01", "0.02", "0.03"]),
        (7, ["0", "2", "4", "6", "8"]),
    ],
)
def test_the_axis_counts_in_round_numbers(highest: float, ticks: list[str]) -> None:
    picture = drawn(line_chart, series(highest))
    assert [text for text in texts(picture) if text[0].isdigit() and "-" not in text] == ticks
