"""What count is foreseen of a period: beta-binomial with the prior, all counts before, and the variation of shares."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from entente.analysis.aberration.prior import BetaPrior, Floats

_SMALLEST_SIZE = 1e-6
_DEVIATIONS, _ROOM = 12, 60  # counts further from the mean are told as the outermost ones


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
    from scipy import special

    a, b = predictive.shape
    counts = _counted(tests, a, b)
    logs = _log_choose(tests, counts) + special.betaln(a + counts, b + tests - counts) - special.betaln(a, b)
    chances = np.exp(logs)
    chances /= chances.sum()
    raised = b / odds_ratio
    scores = special.gammaln(raised + tests - counts) - special.gammaln(b + tests - counts)
    scores += special.gammaln(a + b + tests) - special.gammaln(a + raised + tests)
    scores += special.betaln(a, b) - special.betaln(a, raised)
    return CountLaw(int(counts[0]), chances, scores)


def _counted(tests: int, a: float, b: float) -> Floats:
    share = a / (a + b)
    spread = sqrt(tests * share * (1 - share) * (1 + (tests - 1) / (a + b + 1)))
    reach = _DEVIATIONS * spread + _ROOM
    return np.arange(max(0, int(tests * share - reach)), min(tests, int(tests * share + reach) + 1) + 1, dtype=float)


def _log_choose(tests: int, counts: Floats) -> Floats:
    from scipy import special

    return np.asarray(special.gammaln(tests + 1) - special.gammaln(counts + 1) - special.gammaln(tests - counts + 1))
