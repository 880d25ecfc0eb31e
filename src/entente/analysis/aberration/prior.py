"""What is known of a share before a series has a history: a beta prior pooled over series, and how much shares vary.

Both are estimated from the past of many substances and places, so that a new name in a new place has an expectation.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FEWEST_PAIRS, FEWEST_COUNTED = 4, 50
"""Of a subject with fewer neighbouring periods, or fewer counted in them, how much it varies cannot be told."""
USUAL_VARIATION = 0.1
"""The squared coefficient of variation of the odds from one period to the next, where no subject tells it."""
_USUAL_SUBJECTS = 3
_SMALLEST, _LARGEST = 1e-6, 1e6
_SHAPES = (-4.0, 4.0)  # logs


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """The share of a series not yet seen is beta(`found`, `missed`): as if so many had been found and not found."""

    found: float
    missed: float

    @property
    def mean(self) -> float:
        return self.found / (self.found + self.missed)


JEFFREYS = BetaPrior(0.5, 0.5)
"""What is left when there is nothing to pool."""


def pooled_prior(positive: NDArray[Any], tested: NDArray[Any]) -> BetaPrior:
    """The beta distribution whose beta-binomial is likeliest for the totals of all series ([series, period] counts).

    Series without tests are left out. With fewer than three series, or nothing found in any, there is nothing to
    pool: JEFFREYS, or in the second case half a find in all that was tested. Empirical Bayes (Efron and Morris 1973).
    """
    from scipy import optimize, special

    found, of = np.sum(positive, axis=-1, dtype=float).ravel(), np.sum(tested, axis=-1, dtype=float).ravel()
    found, of = found[of > 0], of[of > 0]
    if found.size < 3:
        return JEFFREYS
    if found.sum() == 0:
        return BetaPrior(0.5, float(of.sum()) + 0.5)
    missed = of - found

    def unlikely(logs: Floats) -> float:
        a, b = np.exp(logs)
        return -float((special.betaln(a + found, b + missed) - special.betaln(a, b)).sum())

    share = found.sum() / of.sum()
    bounds = [(np.log(_SMALLEST), np.log(_LARGEST))] * 2
    best = optimize.minimize(unlikely, np.log([0.5, 0.5 * (1 - share) / share + _SMALLEST]), bounds=bounds)
    a, b = np.exp(best.x)
    return BetaPrior(float(a), float(b))


def place_priors(positive: NDArray[Any], tested: NDArray[Any]) -> list[BetaPrior]:
    """For each substance of [substance, place, period] counts the prior of its share in a place.

    Its mean is the substance's share in all places, drawn towards what is usual of substances; its shape, how unlike
    one another places are, is common to all substances and the likeliest for all places' totals. So a place that joins
    expects of a common substance what others have of it. With a single place it is what is usual of substances.
    """
    from scipy import optimize, special

    found, of = np.sum(positive, axis=-1, dtype=float), np.sum(tested, axis=-1, dtype=float)
    usual = pooled_prior(found, of)
    if found.shape[1] == 1:
        return [usual] * len(found)
    finds, tests = found.sum(axis=1, keepdims=True), of.sum(axis=1, keepdims=True)
    odds = (usual.found + finds) / (usual.missed + tests - finds)

    def unlikely(log_shape: float) -> float:
        a = float(np.exp(log_shape))
        b = a / odds
        return -float((special.betaln(a + found, b + of - found) - special.betaln(a, b)).sum())

    best = optimize.minimize_scalar(unlikely, bounds=_SHAPES, method="bounded") if found.any() else None
    shape = float(np.exp(best.x)) if best is not None else JEFFREYS.found
    return [BetaPrior(shape, shape / one) for one in odds[:, 0].tolist()]


def variation(
    positive: NDArray[Any], tested: NDArray[Any], usual: float = USUAL_VARIATION, quantile: float = 0.5
) -> float:
    """The squared coefficient of variation of the odds between periods, over what chance makes; the median by default.

    Counts are [subject, place, period], or [subject, period]; periods without tests are passed over. If odds vary by a
    factor of variance c, the count of a period, set against its neighbour's, deviates from an even split with the
    expectation v + 2 c v^2, v what chance makes of it; a subject's c is told by sums over its places and periods, so
    rare counts cannot upset it. What is `usual` counts as three subjects more, so that a short past is not overtrusted.
    """
    told = [one for row, of in zip(positive, tested, strict=True) if (one := _variation(row, of)) is not None]
    return max(0.0, float(np.quantile([*told, *[usual] * _USUAL_SUBJECTS], quantile)))


def _variation(positive: NDArray[Any], tested: NDArray[Any]) -> float | None:
    pairs = [_pairs(*row) for row in zip(np.atleast_2d(positive), np.atleast_2d(tested), strict=True)]
    late, total, split, of = np.concatenate(pairs, axis=1)
    if len(total) < FEWEST_PAIRS or total.sum() < FEWEST_COUNTED:
        return None
    spread = split * (1 - split) * (1 - total / of)
    squared = total * (total - 1) * spread**2  # unbiased for v^2
    excess = float(((late - total * split) ** 2 - total * spread).sum())
    return excess / (2 * float(squared.sum())) if squared.sum() > 0 else None


def _pairs(positive: NDArray[Any], tested: NDArray[Any]) -> Floats:
    """Of neighbouring tested periods with any find: the later count, both counts, the later's part of the tests, all
    tests."""
    is_tested = tested > 0
    found, of = positive[is_tested].astype(float), tested[is_tested].astype(float)
    total, tests = found[:-1] + found[1:], of[:-1] + of[1:]
    return np.array([found[1:], total, of[1:] / tests, tests])[:, total > 0]
