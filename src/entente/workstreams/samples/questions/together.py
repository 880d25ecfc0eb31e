"""What is found together with what, period by period, out of the samples that were tested for it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import erfc, sqrt
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
    q_values,
    ratio,
)
from entente.workstreams.samples.questions.given import EVERY, FROM, UNTIL, least, period, rows, told, whole, within

FOUND, TESTED = ("found", "below-quantification"), ("found", "below-quantification", "not-found")
_COLUMNS = (
    Column("first_substance", "text"),
    Column("with_substance", "text"),
    Column("period", "text"),
    Column("both_found", "integer"),
    Column("tested_for", "integer"),
    Column("share", "decimal"),
    Column("low", "decimal"),
    Column("high", "decimal"),
    Column("trend", "decimal"),
    Column("p", "decimal"),
    Column("q", "decimal"),
)
Row = dict[str, Any]
Series = dict[str, Counter[str]]
"""By period: how many samples were `tested` for the other substance, and in how many both were `found`."""


def _together(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables["lab-test"]
    used = within(given, arguments, engine, "reported_on")
    found = rows(used, ("_said_by", "sample_number", "substance", "outcome", "reported_on"))
    samples: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        if row["sample_number"] is not None:
            samples[row["_said_by"], row["sample_number"]].append(row)
    counted = _counted(samples, arguments)
    few = whole(arguments["least"])
    enough = {pair: series for pair, series in counted.items() if _total(series, "tested") >= few}
    return Answer(
        question=TOGETHER.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, _shown(enough)),
        denominators=(
            Denominator("tests-used", used.rows.num_rows, given.rows.num_rows),
            Denominator("tests-made", sum(row["outcome"] in TESTED for row in found), used.rows.num_rows),
            Denominator("pairs-of-substances", len(enough), len(counted)),
        ),
        cautions=("submitted-samples", "by-day-of-report", "not-tested-left-out"),
        provenance=provenance([used]),
    )


def _counted(samples: Mapping[tuple[str, str], list[Row]], arguments: Arguments) -> dict[tuple[str, str], Series]:
    """Every pair of which both were found in one sample at least once."""
    counted: dict[tuple[str, str], Series] = defaultdict(lambda: defaultdict(Counter))
    for tests in samples.values():
        for one, other in _pairs(tests, arguments):
            part = counted[_name(one), _name(other)][period(one["reported_on"], arguments["every"])]
            part["tested"] += 1
            part["found"] += other["outcome"] in FOUND
    return {pair: series for pair, series in sorted(counted.items()) if _total(series, "found")}


def _pairs(tests: list[Row], arguments: Arguments) -> Iterator[tuple[Row, Row]]:
    """A substance found in the sample, with each other one that the sample was tested for."""
    only, beside = (_folded(arguments[name]) for name in ("substance", "beside"))
    for one in tests:
        if one["outcome"] in FOUND and only in (None, _name(one)):
            for other in tests:
                if other is not one and other["outcome"] in TESTED and beside in (None, _name(other)):
                    yield one, other


def _name(row: Row) -> str:
    """Laboratories write names with and without capitals."""
    return str(row["substance"]).casefold()


def _folded(argument: object) -> str | None:
    return None if argument is None else str(argument).casefold()


def _total(series: Series, name: str) -> int:
    return sum(part[name] for part in series.values())


def _shown(counted: Mapping[tuple[str, str], Series]) -> list[Row]:
    trends = {pair: _trend(series) for pair, series in counted.items()}
    tested = [pair for pair, trend in trends.items() if trend is not None]
    p = {pair: erfc(abs(trends[pair] or 0.0) / sqrt(2)) for pair in tested}
    q = dict(zip(tested, q_values([p[pair] for pair in tested]), strict=True))
    return [
        {
            **_cell(pair, name, part),
            "trend": told(trends[pair]),
            "p": told(p.get(pair)),
            "q": told(q.get(pair)),
        }
        for pair, series in counted.items()
        for name, part in sorted(series.items())
    ]


def _cell(pair: tuple[str, str], name: str, part: Counter[str]) -> Row:
    low, high = _interval(part["found"], part["tested"])
    return {
        "first_substance": pair[0],
        "with_substance": pair[1],
        "period": name,
        "both_found": part["found"],
        "tested_for": part["tested"],
        "share": ratio(part["found"], part["tested"]),
        "low": told(low),
        "high": told(high),
    }


def _interval(count: int, of: int) -> tuple[float, float]:
    """Of 95 %, exact (Clopper and Pearson, 1934)."""
    from scipy.special import betaincinv

    low = float(betaincinv(count, of - count + 1, 0.025)) if count else 0.0
    return low, float(betaincinv(count + 1, of - count, 0.975)) if count < of else 1.0


def _trend(series: Series) -> float | None:
    """z of a straight trend of the share (Cochran, 1954; Armitage, 1955), periods one apart in their order.

    None where there is one period, or the share is 0 or 1 throughout.
    """
    parts = [part for _, part in sorted(series.items())]
    of, found = _total(series, "tested"), _total(series, "found")
    mean = sum(place * part["tested"] for place, part in enumerate(parts)) / of
    spread = sum(part["tested"] * (place - mean) ** 2 for place, part in enumerate(parts))
    share = found / of
    if not spread or share in (0.0, 1.0):
        return None
    moved = sum((place - mean) * (part["found"] - part["tested"] * share) for place, part in enumerate(parts))
    return float(moved / sqrt(share * (1 - share) * spread))


TOGETHER = Question(
    name="samples.together",
    needs=("lab-test",),
    parameters=(
        Parameter(name="substance", type="text"),
        Parameter(name="beside", type="text"),
        EVERY,
        FROM,
        UNTIL,
        least(5),
    ),
    answer=_together,
)
