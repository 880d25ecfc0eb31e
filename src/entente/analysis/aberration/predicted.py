"""The law of a count to come: negative binomial, averaged over what is not known of its mean and its dispersion.

The logs of both are taken as normal, and averages over them as weighted sums over a few nodes (Gauss and Hermite).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from entente.analysis.aberration.layout import Floats
from entente.analysis.aberration.seasonal import Forecast
from entente.analysis.aberration.tails import guess, mid_p, smallest

_MEAN_NODES, _DISPERSION_NODES = 3, 2
"""More change no alarm of a thousand."""
_SMALLEST_CHANCE = 1e-300


@dataclass(frozen=True, slots=True)
class Predicted:
    """Of each row the law of one week's count."""

    mean: Floats
    means: Floats
    """[node, row]"""
    dispersions: Floats
    """[node, row]"""
    weights: Floats
    """[node, 1], their sum 1."""

    @classmethod
    def of(cls, expected: Forecast, column: int) -> "Predicted":
        """The law of the judged week (`column` 0) or the week before (1)."""
        x, weight = _nodes(_MEAN_NODES)
        y, other = _nodes(_DISPERSION_NODES)
        log_mean, deviation = expected.log_mean[:, column], np.sqrt(expected.log_variance[:, column])
        means = np.exp(log_mean + np.repeat(x, len(y))[:, None] * deviation)
        factors = np.exp(np.tile(y, len(x))[:, None] * np.sqrt(expected.dispersion_variance))
        dispersions = np.maximum(expected.dispersion * factors, 1.0)
        return cls(np.exp(log_mean), means, dispersions, (weight[:, None] * other).reshape(-1, 1))

    def score(self, counts: Floats) -> Floats:
        """The normal score of the mid-p of `counts`."""
        scores: Floats = -special.ndtri(np.maximum(self._chance(counts), _SMALLEST_CHANCE))
        return scores

    def bound(self, needed: Floats) -> Floats:
        """The largest count whose score is below `needed`."""
        limit = special.ndtr(-needed)
        mean = (self.weights * self.means).sum(0)
        within = (self.weights * self.dispersions * self.means).sum(0)
        variance = within + (self.weights * (self.means - mean) ** 2).sum(0)
        found = smallest(lambda counts: self._chance(counts) <= limit, guess(limit, mean, variance))
        return found - 1

    def _chance(self, counts: Floats) -> Floats:
        averaged: Floats = (self.weights * mid_p(counts, self.means, self.dispersions)).sum(0)
        return averaged


def _nodes(number: int) -> tuple[Floats, Floats]:
    """Of the standard normal distribution."""
    node, weight = np.polynomial.hermite_e.hermegauss(number)
    return node, weight / weight.sum()
