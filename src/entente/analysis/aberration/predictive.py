"""What count is foreseen of a period: beta-binomial with the prior, all counts before, and the variation of shares."""

from dataclasses import dataclass
from math import lgamma, sqrt

import numpy as np

from entente.analysis.aberration.prior import BetaPrior, Floats

_SMALLEST_SIZE = 1e-6
_DEVIATIONS, _ROOM = 12, 30  # counts further from the mean are told as the outermost ones
_SMALLEST_TAIL = 1e-13


@dataclass(frozen=True, slots=True)
class Predictive:
    """The share to come is beta: `found` and `missed` counted so far, prior included; `variation` widens it.

    `variation` is the squared coefficient of variation of the odds between periods.
    """

    found: float
    missed: float
    variation: float

    @classmethod
    def of(cls, prior: BetaPrior, variation: float) -> "Predictive":
        return cls(prior.found, prior.missed, variation)

    @property
    def mean(self) -> float:
        return self.found / (self.found + self.missed)

    @property
    def shape(self) -> tuple[float, float]:
        """The beta distribution of the next period's share: variances of what is not known and of what varies add."""
        mean = self.mean
        unknown, varies = mean * (1 - mean) / (self.found + self.missed + 1), self.variation * (mean * (1 - mean)) ** 2
        size = max(mean * (1 - mean) / (unknown + varies) - 1, _SMALLEST_SIZE)
        return size * mean, size * (1 - mean)

    def after(self, count: int, tests: int) -> "Predictive":
        """What is known after `count` of `tests`; a period tells less, the more shares vary between periods."""
        weight = 1 / (1 + self.variation * self.mean * (1 - self.mean) * tests)
        return Predictive(self.found + weight * count, self.missed + weight * (tests - count), self.variation)


@dataclass(frozen=True, slots=True)
class CountLaw:
    """The chances of the counts `first`, `first` + 1, ... and the score of each: they rise with the count."""

    first: int
    chances: Floats
    scores: Floats

    @property
    def last(self) -> int:
        return self.first + len(self.chances) - 1

    def place(self, count: int) -> int:
        """Where `count` is told."""
        return min(max(count, self.first), self.last) - self.first


def count_law(predictive: Predictive, tests: int, odds_ratio: float) -> CountLaw:
    """The law of the count of `tests`, scored by the log likelihood ratio of odds `odds_ratio` times as large.

    Odds r times as large are beta(found, missed / r): the shape stays, so every further count speaks for the rise.
    Counts below the first are told as the first, counts above the last as the last.
    """
    a, b = predictive.shape
    raised = b / odds_ratio
    first, last = _counted(tests, a, b)
    below = np.arange(first, last, dtype=float)
    logs = np.log((tests - below) * (a + below)) - np.log((below + 1) * (b + tests - 1 - below))
    logs = _summed(0.0, logs)
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    scores = _summed(_score(a, b, raised, tests, first), np.log((b + tests - 1 - below) / (raised + tests - 1 - below)))
    beyond = np.cumsum(chances[::-1])[::-1]
    kept = max(int(np.searchsorted(-beyond, -_SMALLEST_TAIL)), 1)
    chances[kept - 1] = beyond[kept - 1]
    return CountLaw(first, chances[:kept], scores[:kept])


def _counted(tests: int, a: float, b: float) -> tuple[int, int]:
    share = a / (a + b)
    spread = sqrt(tests * share * (1 - share) * (1 + (tests - 1) / (a + b + 1)))
    reach = _DEVIATIONS * spread + _ROOM
    return max(0, int(tests * share - reach)), min(tests, int(tests * share + reach) + 1)


def _summed(first: float, steps: Floats) -> Floats:
    sums = np.empty(len(steps) + 1)
    sums[0] = first
    np.cumsum(steps, out=sums[1:])
    sums[1:] += first
    return sums


def _score(a: float, b: float, raised: float, tests: int, count: int) -> float:
    """The log of the ratio of the two beta-binomial chances of `count`."""
    missed = tests - count
    late = lgamma(raised + missed) - lgamma(b + missed) + lgamma(a + b + tests) - lgamma(a + raised + tests)
    return late + lgamma(b) - lgamma(a + b) + lgamma(a + raised) - lgamma(raised)
