"""A CUSUM for shares with changing test volume and no history: found of tested, in steps of any size, from the first.

Before each period the share is beta with the counts so far and the prior; the period's count is beta-binomial. The
score is the log likelihood ratio of odds `odds_ratio` times as large, and the sum of scores starts again at zero
(Page, Biometrika 41, 1954). Its chance is not read from a table: the law of the sum, under the volumes that were
really tested, is carried forward on a lattice, so every period has a chance and a limit of its own (dynamic
probability control limits: Shen, Zou, Jiang and Tsung 2013; Zhang and Woodall, Statistics in Medicine 34, 2015).

What is expected learns from all periods before, so that nothing but earlier counts is needed; a share that doubles
again and again stays above what it teaches. Nothing tested is not zero found: the sum waits, p is 1, no alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.predictive import Predictive, count_law
from entente.analysis.aberration.prior import BetaPrior, Counts, Floats
from entente.errors import InputFault

STEP, LEVELS = 0.05, 241
"""The lattice of the sum: 0 to 12 in twentieths. The observed sum is rounded alike, so its chance is exact."""


class ImpossibleShare(InputFault):
    """More were found than tested, or a count is below zero. Correct the counts of found and tested."""


class WrongShape(InputFault):
    """Tables of counts have the shapes {first} and {second}. Give tables of the same shape."""


@dataclass(frozen=True, slots=True)
class ShareCusum:
    """All arrays [series, period]. An alarm is `p` at most the chosen false-alarm rate per series and period.

    `statistic` the sum; `p` the chance of such a sum when nothing changed; `limit` the smallest sum that alarms;
    `expected` the count foreseen from prior and past; `bound` the smallest count that would have alarmed (more than
    were tested: none would); `since` the period in which the present rise began, or -1; `is_tested` whether anybody
    looked.
    """

    statistic: Floats
    p: Floats
    limit: Floats
    expected: Floats
    bound: Counts
    since: Counts
    is_tested: NDArray[np.bool_]
    alarm: NDArray[np.bool_]


def share_cusum(
    positive: NDArray[Any],
    tested: NDArray[Any],
    prior: BetaPrior | Sequence[BetaPrior],
    *,
    odds_ratio: float = 2.0,
    variation: float = 0.0,
    alpha: float = 0.005,
) -> ShareCusum:
    """The chart of each series in `positive` and `tested` ([series, period] counts; tested 0: nobody looked).

    `prior` is that of all series, or one for each. `variation` is the squared coefficient of variation of the odds
    between periods when nothing happens. `alpha` is the share of quiet series-periods that alarm, at most. Raises
    ImpossibleShare, WrongShape.
    """
    found, of = checked(positive, tested)
    priors = [prior] * len(found) if isinstance(prior, BetaPrior) else prior
    charts = [_Chart(Predictive.of(one, variation), odds_ratio, alpha) for one in priors]
    rows = [chart.drawn(*row) for chart, *row in zip(charts, found, of, strict=True)]
    told = np.array(rows, dtype=float).reshape(*found.shape, 6)
    statistic, p, limit, expected, bound, since = np.moveaxis(told, -1, 0)
    is_tested = of > 0
    return ShareCusum(
        statistic=statistic * STEP,
        p=p,
        limit=limit * STEP,
        expected=expected,
        bound=bound.astype(np.int64),
        since=since.astype(np.int64),
        is_tested=is_tested,
        alarm=(p <= alpha) & is_tested,
    )


def checked(positive: NDArray[Any], tested: NDArray[Any]) -> tuple[Counts, Counts]:
    """Both as whole counts. Raises ImpossibleShare, WrongShape."""
    found, of = np.asarray(positive, dtype=np.int64), np.asarray(tested, dtype=np.int64)
    if found.shape != of.shape:
        raise WrongShape(first=found.shape, second=of.shape)
    if (found < 0).any() or (found > of).any():
        raise ImpossibleShare
    return found, of


@dataclass(frozen=True, slots=True)
class _Chart:
    start: Predictive
    odds_ratio: float
    alpha: float

    def drawn(self, found: Counts, of: Counts) -> list[tuple[float, ...]]:
        """For each period: level, p, limit (in steps), expected, bound, since."""
        predictive, law, level, since = self.start, _at_rest(), 0, -1
        told: list[tuple[float, ...]] = []
        for period, (count, tests) in enumerate(zip(found.tolist(), of.tolist(), strict=True)):
            if tests == 0:
                told.append((level, 1.0, _limit(law, self.alpha), 0.0, 1, since))
                continue
            counts = count_law(predictive, tests, self.odds_ratio)
            steps = np.rint(counts.scores / STEP).astype(np.int64)
            law = _carried(law, steps, counts.chances)
            limit = _limit(law, self.alpha)
            bound = counts.first + int(np.searchsorted(steps, limit - level))
            before, level = level, _kept(level + int(steps[counts.place(count)]))
            since = -1 if level == 0 else period if before == 0 else since
            p = min(1.0, float(law[level:].sum()))
            told.append((level, p, limit, predictive.mean * tests, bound if bound <= counts.last else tests + 1, since))
            predictive = predictive.after(count, tests)
        return told


def _at_rest() -> Floats:
    law = np.zeros(LEVELS)
    law[0] = 1.0
    return law


def _carried(law: Floats, steps: Counts, chances: Floats) -> Floats:
    """The law of the sum after one more score, kept between zero and the top of the lattice."""
    lowest = max(int(steps[0]), -LEVELS)
    steps = np.clip(steps, lowest, LEVELS)
    score = np.bincount(steps - lowest, weights=chances)
    sums = np.convolve(law, score)
    levels = np.clip(np.arange(len(sums)) + lowest, 0, LEVELS - 1)
    return np.asarray(np.bincount(levels, weights=sums, minlength=LEVELS), dtype=float)


def _kept(level: int) -> int:
    return min(max(level, 0), LEVELS - 1)


def _limit(law: Floats, alpha: float) -> int:
    """The smallest level above zero that is reached with a chance of at most `alpha`; above the lattice if none is."""
    at_least = np.cumsum(law[::-1])[::-1]
    reached = np.nonzero(at_least[1:] <= alpha)[0]
    return int(reached[0]) + 1 if reached.size else LEVELS
