"""From a score to a likelihood ratio: isotonic (pool adjacent violators), logistic, or mixed, and how large one may be.

All are fitted to scores of pairs whose answer is known, each class weighing one half, so that the fitted odds are a
likelihood ratio (Morrison, Australian Journal of Forensic Sciences 45, 2013). The limits are the empirical lower and
upper bound of Vergeer and others (Science & Justice 56, 2016): no larger ratio than the known pairs can bear.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.linkage.profiles import Booleans, Floats

_RIDGE = 1e-3
_STEPS = 60
_PULL = 2.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """log10 of the ratio is `start` + `slopes` x features."""

    start: float
    slopes: Floats

    def __call__(self, features: Floats) -> Floats:
        return np.asarray((self.start + _table(features) @ self.slopes) / np.log(10))


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A step function: log10 of the ratio at the scores `knots`, straight between them, level beyond them."""

    knots: Floats
    log10_lr: Floats

    def __call__(self, scores: Floats) -> Floats:
        return np.asarray(np.interp(scores, self.knots, self.log10_lr))


@dataclass(frozen=True, slots=True)
class Mixed:
    """The ratio of two specimens of one seizure that need not be of one batch: 1 for the part of them that is
    unrelated, and for every feature its part times exp(start + slope x feature).

    The first feature speaks of one batch.
    """

    parts: Floats
    starts: Floats
    slopes: Floats

    def __call__(self, features: Floats) -> Floats:
        return np.asarray(np.log10(_ratio(self, _table(features))[0]))

    def of_one_batch(self, features: Floats) -> Floats:
        """log10 of the ratio of one batch against two."""
        return np.asarray((self.starts[0] + self.slopes[0] * _table(features)[:, 0]) / np.log(10))


def mixed(features: Floats, is_linked: Booleans, weights: Floats, *, are_ratios: bool = False) -> Mixed:
    """Fitted by maximum likelihood, with the pull of _PULL pairs towards equal parts and usual slopes: one deviation of
    the unlinked pairs; with `are_ratios`, where the features are log ratios already, 1 and a start of 0.

    Specimens of one seizure differ as often as not: a calibration that takes them all for alike (logistic) flattens
    the ratio of those that are.
    """
    from scipy.optimize import minimize

    table, given = _table(features), _balanced(is_linked, weights)
    spread = table[~is_linked].std(axis=0)
    spread = np.where((spread > 0) & (not are_ratios), spread, 1.0)
    centre = np.zeros(table.shape[1]) if are_ratios else table[~is_linked].mean(axis=0)
    count = table.shape[1]
    pull = _PULL / max(1.0, float(weights[is_linked].sum()))
    usual = np.full(count, 0.0 if are_ratios else -0.5)
    fit = minimize(
        _mixed_cost,
        np.concatenate([np.zeros(count), usual, np.ones(count)]),
        args=((table - centre) / spread, is_linked, given, (pull, usual)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-6, 6)] * count + [(-60, 20)] * count + [(0.01, 60)] * count,
    )
    parts, starts, slopes = _unpacked(fit.x, count)
    return Mixed(parts, starts - slopes * centre / spread, slopes / spread)


def _mixed_cost(
    packed: Floats, table: Floats, is_linked: Booleans, given: Floats, prior: tuple[float, Floats]
) -> tuple[float, Floats]:
    """Balanced log loss and its gradient; `prior` is its weight and the usual starts."""
    count, (pull, usual) = table.shape[1], prior
    parts, starts, slopes = _unpacked(packed, count)
    ratio, terms = _ratio(Mixed(parts, starts, slopes), table)
    cost = float(given @ np.where(is_linked, np.log1p(1 / ratio), np.log1p(ratio)))
    slope = given * np.where(is_linked, -1 / ratio, 1.0) / (1 + ratio)
    by_start = slope @ terms
    by_slope = slope @ (terms * table)
    by_part = by_start - parts[1:] * float(slope @ ratio)
    heights, shift, steepness = packed[:count], starts - usual, np.log(slopes)
    cost += pull * float((heights**2 + shift**2 + 4 * steepness**2).sum()) / 8
    pulled = (heights / 4, shift / 4, steepness / slopes)
    return cost, np.concatenate([by_part, by_start, by_slope]) + pull * np.concatenate(pulled)


def _unpacked(packed: Floats, count: int) -> tuple[Floats, Floats, Floats]:
    heights = np.exp(np.concatenate([[0.0], packed[:count]]))
    return heights / heights.sum(), packed[count : 2 * count], packed[2 * count :]


def _ratio(fitted: Mixed, table: Floats) -> tuple[Floats, Floats]:
    """(ratio, the terms of the features that it is the sum of, beside the unrelated part)."""
    terms = fitted.parts[1:] * np.exp(np.minimum(fitted.starts + fitted.slopes * table, 600.0))
    return fitted.parts[0] + terms.sum(axis=1), terms


def logistic(features: Floats, is_linked: Booleans, weights: Floats) -> Logistic:
    """Logistic regression on `features` (pairs, or pairs x features) by Newton's method.

    A slight ridge on the slopes of standardised features keeps classes that do not overlap finite.
    """
    table = _table(features)
    given = _balanced(is_linked, weights)
    mean = np.average(table, axis=0, weights=given)
    spread = np.sqrt(np.average((table - mean) ** 2, axis=0, weights=given))
    spread = np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(len(table)), (table - mean) / spread])
    ridge = _RIDGE * np.diag([0.0, *np.ones(table.shape[1])])
    fitted = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ fitted, -500, 500)))
        slope = design.T @ (given * (is_linked - chance)) - ridge @ fitted
        curve = (design * (given * chance * (1 - chance))[:, None]).T @ design + ridge + 1e-12 * np.eye(len(fitted))
        step = np.linalg.solve(curve, slope)
        fitted = fitted + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    slopes = fitted[1:] / spread
    return Logistic(float(fitted[0] - slopes @ mean), slopes)


def isotonic(scores: Floats, is_linked: Booleans, weights: Floats, *, bounded: bool = True) -> Isotonic:
    """The best non-decreasing ratio (pool adjacent violators).

    `bounded`: one more pair of each class that contradicts everything keeps it from being zero or without limit.
    """
    given = _balanced(is_linked, weights)
    levels, places = np.unique(scores, return_inverse=True)
    linked: Floats = np.bincount(places, given * is_linked, len(levels)).astype(np.float64)
    others: Floats = np.bincount(places, given * ~is_linked, len(levels)).astype(np.float64)
    if bounded:
        linked[0] += _one(is_linked, given)
        others[-1] += _one(~is_linked, given)
    sums = _pooled(linked, linked + others)
    with np.errstate(divide="ignore"):
        told = np.log10(sums) - np.log10(1 - sums)
    return Isotonic(levels, np.clip(told, -300, 300))


def bounds(log10_lr: Floats, is_linked: Booleans, weights: Floats) -> tuple[float, float]:
    """(smallest, largest) log10 ratio that may be told: acting on it costs less than taking no notice, with one more
    pair of each class that misleads."""
    given = _balanced(is_linked, weights)
    levels, high = _borne(log10_lr, is_linked, given)
    depths, low = _borne(-log10_lr, ~is_linked, given)
    # Between two scores the error rates stay: the largest ratio borne there bounds, as far as the upper score reaches.
    least, most = np.minimum(depths, low).max(initial=0.0), np.minimum(levels, high).max(initial=0.0)
    return -float(least), float(most)


def borne(log10_lr: Floats, is_linked: Booleans, weights: Floats, prior: float, part: float) -> Isotonic:
    """For each log10 ratio of one batch the largest that pairs at or above it bear out, with one more that misleads.

    `part` of the linked pairs are of one batch. `prior`: the share of the pairs called unlinked that is taken to be of
    one batch all the same; so many of them are not held against a ratio, or none could find a link between seizures.
    """
    levels, found = _borne(log10_lr, is_linked, _balanced(is_linked, weights), prior, part)
    return Isotonic(levels[::-1], np.maximum.accumulate(found[::-1]))


def _borne(
    scores: Floats, is_right: Booleans, given: Floats, prior: float = 0.0, part: float = 1.0
) -> tuple[Floats, Floats]:
    """(different scores, falling; log10 of the rate of the right ones at or above them over that of the wrong ones)."""
    right, wrong, one = given * is_right, given * ~is_right, _one(~is_right, given)
    order = np.argsort(-scores)
    told = scores[order]
    last = np.append(told[1:] != told[:-1], True)
    reached = np.cumsum(right[order])[last] / right.sum() / part
    missed = np.cumsum(wrong[order])[last] / wrong.sum() - prior * np.minimum(reached, 1.0)
    misled = one / wrong.sum()
    rate = (np.maximum(missed, 0.0) + misled) / (1 + misled)
    return told[last], np.log10(np.maximum(reached, 1e-300)) - np.log10(rate)


def _balanced(is_linked: Booleans, weights: Floats) -> Floats:
    """`weights` with one half for each class."""
    linked, others = weights[is_linked].sum(), weights[~is_linked].sum()
    return np.asarray(weights * np.where(is_linked, 0.5 / max(linked, 1e-300), 0.5 / max(others, 1e-300)))


def _one(chosen: Booleans, given: Floats) -> float:
    """What one independent pair of a class weighs: by Kish's effective number of them."""
    squares = float((given[chosen] ** 2).sum())
    return squares / float(given[chosen].sum()) if squares else 0.5


def _pooled(hits: Floats, totals: Floats) -> Floats:
    """Pool adjacent violators: the non-decreasing means nearest to hits / totals."""
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(hits / totals, weights=totals).x)


def _table(features: Floats) -> Floats:
    return features[:, None] if features.ndim == 1 else features
