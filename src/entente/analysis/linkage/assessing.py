"""How good scores and likelihood ratios are: AUC with pair counts, Cllr, and intervals resampled by seizure.

Cllr: Brümmer and du Preez, Computer Speech and Language 20, 2006. Pairs share specimens and specimens share seizures,
so an interval that takes pairs for independent is far too narrow; here whole seizures are drawn.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.linkage.calibrating import isotonic
from entente.analysis.linkage.pairs import Pairs
from entente.analysis.linkage.profiles import Booleans, Floats, Integers

RUNS = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the middle 95 % of what resampling gives."""

    value: float
    low: float
    high: float


def auc(scores: Floats, is_linked: Booleans, weights: Floats | None = None) -> float:
    """The chance that a linked pair scores above an unlinked one, ties half (Mann and Whitney); NaN without both."""
    levels, places = np.unique(scores, return_inverse=True)
    return _area(places, len(levels), is_linked, np.ones(len(scores)) if weights is None else weights)


def _area(places: Integers, count: int, is_linked: Booleans, weights: Floats) -> float:
    """The AUC of scores given by their place among `count` different ones."""
    linked = np.bincount(places, weights * is_linked, count)
    others = np.bincount(places, weights * ~is_linked, count)
    if not linked.sum() or not others.sum():
        return float("nan")
    below = np.cumsum(others) - others / 2
    return float((linked * below).sum() / (linked.sum() * others.sum()))


def found_at(scores: Floats, is_linked: Booleans, false_rate: float) -> float:
    """The share of linked pairs above the score that at most `false_rate` of the unlinked pairs exceed."""
    others = np.sort(scores[~is_linked])[::-1]
    if not len(others) or not is_linked.any():
        return float("nan")
    cut = others[min(int(false_rate * len(others)), len(others) - 1)]
    return float((scores[is_linked] > cut).mean())


def cllr(log10_lr: Floats, is_linked: Booleans, weights: Floats | None = None) -> float:
    """The cost of likelihood ratios in bits: 0 is perfect, 1 is that of knowing nothing, more misleads."""
    given = np.ones(len(log10_lr)) if weights is None else weights
    nats = log10_lr * np.log(10)
    if not given[is_linked].sum() or not given[~is_linked].sum():
        return float("nan")
    linked = np.average(np.logaddexp(0, -nats[is_linked]), weights=given[is_linked])
    others = np.average(np.logaddexp(0, nats[~is_linked]), weights=given[~is_linked])
    return float((linked + others) / 2 / np.log(2))


def cllr_min(scores: Floats, is_linked: Booleans, weights: Floats | None = None) -> float:
    """The Cllr that the best monotone calibration of these scores would have had: what is left is discrimination."""
    given = np.ones(len(scores)) if weights is None else weights
    return cllr(isotonic(scores, is_linked, given, bounded=False)(scores), is_linked, given)


def auc_by_seizure(scores: Floats, pairs: Pairs, seizures: Integers, *, runs: int = RUNS, seed: int = 1) -> Estimate:
    """The AUC with its interval over `runs` draws of whole seizures, with replacement; the same for the same `seed`.

    A seizure drawn twice weighs twice, and its pairs with another one as often as both were drawn.
    """
    names, own = np.unique(seizures, return_inverse=True)
    levels, places = np.unique(scores, return_inverse=True)
    draws = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=runs)
    found = [_area(places, len(levels), pairs.is_linked, _times(draw, own, pairs)) for draw in draws]
    told = [one for one in found if np.isfinite(one)]
    low, high = np.quantile(told, (0.025, 0.975)) if told else (float("nan"), float("nan"))
    return Estimate(_area(places, len(levels), pairs.is_linked, np.ones(len(scores))), float(low), float(high))


def _times(draw: Integers, own: Integers, pairs: Pairs) -> Floats:
    one, other = draw[own[pairs.left]], draw[own[pairs.right]]
    return np.asarray(np.where(pairs.is_linked, one, one * other), dtype=np.float64)
