"""Why a count is an alarm, why it is none, or why it is not judged: the reasons of one cell of Verdicts."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from entente.analysis.aberration import Reason as NotJudged
from entente.analysis.reasons import Reason
from entente.analysis.series.counted import Counted
from entente.analysis.series.verdicts import EMERGING, OF_SHARES, Choice, Held, Rare, Verdicts

_NOT_JUDGED: Mapping[int, str] = MappingProxyType(
    {
        NotJudged.SHORT_HISTORY: "short-history",
        NotJudged.TOO_FEW_BASELINE_WEEKS: "few-before",
        NotJudged.FEW_CASES: "few-cases-before",
        NotJudged.NO_FIT: "no-fit",
        Rare.COMMON: "not-rare",
        Rare.FEW_FINDS: "few-finds",
        Rare.NOT_LOOKED: "not-looked-before",
    }
)


def reasons(counted: Counted, found: Verdicts, choice: Choice, row: int, column: int) -> Iterator[Reason]:
    """The reasons for the series `row` in the judged period `column`."""
    if choice.more_than is not None:
        yield "rule-met" if found.alarm[row, column] else "rule-not-met", {"most": choice.more_than}
    why = int(found.reason[row, column])
    if why != NotJudged.JUDGED:
        yield _not_judged(counted, row, int(found.at[column]), why), {}
        return
    place = int(found.at[column])
    count = int(counted.counts[row, place])
    facts: dict[str, str | int | float] = {
        "count": count,
        "expected": float(found.expected[row, column]),
        "bound": float(found.bound[row, column]),
        "p": float(found.p[row, column]),
    }
    if choice.method in OF_SHARES and counted.tested is not None:
        facts["tested"] = int(counted.tested[row, place])
    yield _headline(found, choice, row, column), facts
    yield from _held_back(found, choice, row, column)
    yield from _beside(found, row, column)


def _not_judged(counted: Counted, row: int, place: int, why: int) -> str:
    if why in _NOT_JUDGED:
        return _NOT_JUDGED[why]
    is_untested = counted.tested is not None and counted.tested[row, place] == 0
    return "not-tested" if is_untested else "not-counted"


def _headline(found: Verdicts, choice: Choice, row: int, column: int) -> str:
    is_above = bool(found.is_above[row, column])
    if choice.method == EMERGING:
        return "emerges" if is_above else "does-not-emerge"
    if np.isnan(found.bound[row, column]):
        return "share-rises-on"
    if choice.method in OF_SHARES:
        return "share-rises" if is_above else "share-within"
    return "above" if is_above else "within"


def _held_back(found: Verdicts, choice: Choice, row: int, column: int) -> Iterator[Reason]:
    q = float(found.q[row, column])
    together = int(found.is_judged[:, column].sum())
    if found.held[row, column] == Held.FEW_CASES:
        yield "held-few-cases", {"cases": choice.least_cases, "periods": choice.least_periods}
    elif found.held[row, column] == Held.MANY_SERIES:
        yield "held-many-series", {"series": together, "q": q, "fdr": choice.largest_fdr}
    elif together > 1 and bool(found.is_above[row, column]):
        yield "many-series", {"series": together, "q": q}


def _beside(found: Verdicts, row: int, column: int) -> Iterator[Reason]:
    before, less = int(found.n_baseline[row, column]), int(found.n_down_weighted[row, column])
    if before:
        yield "baseline", {"periods": before}
    if less:
        yield "weigh-less", {"periods": less}
    if found.has_trend is not None and before:
        yield "trend" if found.has_trend[row, column] else "no-trend", {}
