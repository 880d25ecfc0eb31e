"""The rule for emerging substances over the series of records: substances with their places, as one panel."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from entente.analysis.aberration.emerging import Emerging, Settings, emerging
from entente.analysis.growth import SMALLEST_P
from entente.analysis.reasons import reasons_text
from entente.analysis.series.counted import Counted, Ints

ALL_PLACES = "all"


@dataclass(frozen=True, slots=True)
class Emergence:
    """What is said of one substance in one period. `place` is the narrowest that holds it, ALL_PLACES if several do;
    `series` are the names of the series behind it; counts are those of the place."""

    subject: str
    place: str
    series: tuple[str, ...]
    between: str
    is_judged: bool
    alarm: bool
    count: int
    tested: int
    expected: float
    p: float
    q: float

    def cell(self) -> dict[str, Any]:
        """As a cell of a Judgement."""
        facts = {"count": self.count, "tested": self.tested, "expected": self.expected, "p": self.p}
        return {
            "series": f"{self.subject}{self.between}{self.place}",
            "count": self.count,
            "tested": self.tested,
            "expected": Decimal(f"{self.expected:.6g}"),
            "bound": None,
            "p": Decimal(f"{max(self.p, SMALLEST_P):.6g}"),
            "q": Decimal(f"{max(self.q, SMALLEST_P):.6g}"),
            "alarm": self.alarm,
            "because": reasons_text([("emerges" if self.alarm else "does-not-emerge", facts)]),
        }


def emergences(series: Counted, end: int, between: str, q: float | None) -> Iterator[Emergence]:
    """Each substance of `series` (named substance, `between`, place), as if the period at `end` were the newest.

    All places are one region.
    """
    subjects = sorted({name.partition(between)[0] for name in series.names})
    places = sorted({name.partition(between)[2] for name in series.names})
    found, tested = _panel(series, subjects, places, end, between)
    rule = Settings() if q is None else Settings(q=q)
    told = emerging(found, tested, np.zeros(len(places), dtype=np.int64), yearly=series.axis.per_year, settings=rule)
    names = set(series.names)
    for row, subject in enumerate(subjects):
        narrow = 0 if len(places) == 1 else int(told.place[row]) if told.alert[row] else -1
        chosen = slice(None) if narrow < 0 else slice(narrow, narrow + 1)
        yield Emergence(
            subject=subject,
            place=ALL_PLACES if narrow < 0 else places[narrow],
            series=tuple(name for place in places[chosen] if (name := f"{subject}{between}{place}") in names),
            between=between,
            **_figures(told, row, chosen),
        )


def _panel(series: Counted, subjects: list[str], places: list[str], end: int, between: str) -> tuple[Ints, Ints]:
    """Counts and tested, [substance, place, period]."""
    shape = (len(subjects), len(places), end + 1)
    found, tested = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, name in enumerate(series.names):
        subject, _, place = name.partition(between)
        spot = (subjects.index(subject), places.index(place))
        found[spot] = series.counts[row, : end + 1]
        if series.tested is not None:
            tested[spot] = np.where(series.is_gone, 0, series.tested)[row, : end + 1]
    return found, tested


def _figures(told: Emerging, row: int, chosen: slice) -> dict[str, Any]:
    return {
        "is_judged": bool(told.is_judged[row]),
        "alarm": bool(told.alert[row]),
        "count": int(told.observed[row, chosen].sum()),
        "tested": int(told.tested[row, chosen].sum()),
        "expected": float(told.expected[row, chosen].sum()),
        "p": float(told.trend_p[row]),
        "q": float(told.q[row]),
    }
