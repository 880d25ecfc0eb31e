"""Likelihood ratios of pairs that the model never saw: cross-validated by seizure.

A pair belongs to two seizures. Its ratio comes from models and calibrations that were fitted without the seizures of
both folds, so no seizure ever judges itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from entente.analysis.linkage import two_level
from entente.analysis.linkage.calibrating import Isotonic, Logistic, Mixed, borne, bounds, isotonic, logistic, mixed
from entente.analysis.linkage.metrics import distances
from entente.analysis.linkage.pairs import Pairs, all_pairs, weights
from entente.analysis.linkage.profiles import PRETREATMENTS, Booleans, Floats, Integers, Profiles

FOLDS = 5
CALIBRATIONS: Mapping[str, Callable[[Floats, Booleans, Floats], Isotonic | Logistic | Mixed]] = MappingProxyType(
    {
        "isotonic": isotonic,
        "logistic": logistic,
        "mixed": mixed,
        "mixed-ratios": partial(mixed, are_ratios=True),
    }
)
_MOST_KNOWN = 20_000
"""So many unlinked pairs are enough to calibrate with; more are thinned out evenly."""
Scorer = Callable[[Profiles, Booleans, Pairs], Floats]
"""(all profiles, which of them may be learned from, pairs) -> scores or features (pairs x features)."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way from two profiles to a ratio: what is scored, and how the score is calibrated (a name of CALIBRATIONS)."""

    score: Scorer
    calibration: str = "mixed"


@dataclass(frozen=True, slots=True)
class Ratios:
    """log10 likelihood ratios of pairs: of one seizure, whose truth is known, and of one batch, which is asked."""

    seizure: Floats
    batch: Floats


def by_distance(pretreatment: str, metric: str) -> Scorer:
    """The distance with its sign turned: the larger, the more alike. It learns nothing."""

    def score(profiles: Profiles, learned: Booleans, pairs: Pairs) -> Floats:  # noqa: ARG001  # one shape for all
        treated = PRETREATMENTS[pretreatment](profiles)
        return -distances(treated, pairs.left, pairs.right, metric)

    return score


def by_amounts(profiles: Profiles, learned: Booleans, pairs: Pairs) -> Floats:
    """The two-level model's log ratio."""
    return two_level.fit(profiles.only(learned)).log_lr(profiles, pairs)


AMOUNTS = Method(by_amounts, "mixed-ratios")
"""The two-level model, calibrated: what questions use."""


def folds(seizures: Integers, count: int = FOLDS) -> Integers:
    """For each specimen its fold. Whole seizures, the large ones dealt out first; the same every time."""
    names, places, counts = np.unique(seizures, return_inverse=True, return_counts=True)
    order = np.lexsort((names, -counts))
    fold = np.empty(len(names), dtype=np.int64)
    fold[order] = np.arange(len(names)) % count
    return np.asarray(fold[places], dtype=np.int64)


def cross_validated(profiles: Profiles, method: Method, *, prior: float = 0.0, count: int = FOLDS) -> Ratios:
    """log10 likelihood ratios of all pairs (in the order of all_pairs), each from models that saw neither seizure.

    INVARIANT: two folds are left out for a pair within one fold as well: otherwise pairs of one seizure would be told
    from others by how much their model had learned. NaN where what is left to learn from holds no linked pair. `prior`:
    the share of pairs of two seizures that is taken to be linked (see borne).
    """
    pairs, fold = all_pairs(profiles.seizures), folds(profiles.seizures, count)
    one, other = fold[pairs.left], fold[pairs.right]
    other = np.where(one == other, (one + 1) % count, other)
    low, high = np.minimum(one, other), np.maximum(one, other)
    found = Ratios(np.full(len(pairs), np.nan), np.full(len(pairs), np.nan))
    for a in range(count):
        for b in range(a + 1, count):
            asked = (low == a) & (high == b)
            if asked.any():
                learned = (fold != a) & (fold != b)
                told = _learned(profiles, method, pairs, (learned, asked), prior)
                found.seizure[asked], found.batch[asked] = told.seizure, told.batch
    return found


def _learned(
    profiles: Profiles, method: Method, pairs: Pairs, split: tuple[Booleans, Booleans], prior: float
) -> Ratios:
    """Ratios after `split`: the specimens whose pairs are learned from, and the pairs that are asked about."""
    learned, asked = split
    known = _thinned(learned[pairs.left] & learned[pairs.right], pairs)
    linked = pairs.is_linked[known]
    if not linked.any() or linked.all():
        nothing = np.full(int(asked.sum()), np.nan)
        return Ratios(nothing, nothing)
    scores = method.score(profiles, learned, pairs.only(known | asked))
    here, there = known[known | asked], asked[known | asked]
    given = weights(pairs, profiles.seizures)[known]
    fitted = CALIBRATIONS[method.calibration](scores[here], linked, given)
    low, high = bounds(fitted(scores[here]), linked, given)
    seizure = np.clip(fitted(scores[there]), low, high)
    if not isinstance(fitted, Mixed):
        return Ratios(seizure, seizure)
    batch = fitted.of_one_batch(scores)
    most = borne(batch[here], linked, given, prior, float(fitted.parts[1]))
    return Ratios(seizure, np.minimum(batch[there], most(batch[there])))


def _thinned(known: Booleans, pairs: Pairs) -> Booleans:
    """`known` with all its linked pairs and about _MOST_KNOWN of the others."""
    others = np.flatnonzero(known & ~pairs.is_linked)
    kept = known & pairs.is_linked
    kept[others[:: max(1, len(others) // _MOST_KNOWN)]] = True
    return kept
