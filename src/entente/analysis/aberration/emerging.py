"""EMERGING: which substances are on the rise from nothing or next to nothing, in the newest period, and where.

The rule names no substance and was fixed on simulated quiet panels (docs/emerging.md). For each substance that was rare
until twelve months ago and has FEWEST finds since:

1. in each place the chance of its CUSUM of shares (`share_cusum`), with a prior pooled over substances and places;
2. in each region and over all places the chance of its growth in three years (`trend_p`);
3. substances, their regions and these regions' places are found at a false discovery rate of `q` (`tree_discoveries`).

Where the newest count is not above what was expected the chance is 1: a rise that has stopped alerts no more.

How much shares vary when nothing happens, in a place and in all places at once, is told by the panel's own past; so is
the prior. Nothing of the newest period enters what it is judged by. A list with one place, such as a national one, has
the two chances of its substances and no places below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.first_seen import first_seen
from entente.analysis.aberration.prior import BetaPrior, Counts, Floats, place_priors, pooled_prior, variation
from entente.analysis.aberration.shares import ShareCusum, checked, share_cusum
from entente.analysis.aberration.tree import Discoveries, tree_discoveries
from entente.analysis.aberration.trend import trend_p

RARE = 0.01
"""At most this share of all tested before the last twelve months: what was common before does not emerge."""
FEWEST = 3
"""Finds in the last twelve months; one or two may be a slip of the pen."""
TREND_YEARS = 3
ODDS_RATIO = 2.0
Q = 0.10
ALONE = 0.005
"""The chance at which a place's count would alarm by itself: where its `bound` stands."""
USUAL_SHARED = 0.05
"""How much the odds vary in all places at once, where too few substances tell it."""
_WIDE, _WIDER = 0.75, 1.5
"""Shares are taken to vary 1.5 times as much as the upper quartile of substances does: some vary more than others, and
far out in its tail the chance of a CUSUM is too small by the error of what it has learnt (simulated)."""
_CHARTED = ("p", "expected", "bound", "since")


@dataclass(frozen=True, slots=True)
class Settings:
    """`q` the false discovery rate; `rare`, `fewest`, `trend_years`, `odds_ratio` as the constants of this module."""

    q: float = Q
    rare: float = RARE
    fewest: int = FEWEST
    trend_years: int = TREND_YEARS
    odds_ratio: float = ODDS_RATIO


@dataclass(frozen=True, slots=True)
class Emerging:
    """The newest period of a panel.

    [substance]: `alert`; `q` the smallest false discovery rate at which it alerts; `trend_p` the chance of its growth
    over all places; `finds` of the last twelve months; `share_before` of all tested before these; `is_judged` whether
    it was rare and had finds enough; `region` and `place` the narrowest that hold all that was found, -1 for more than
    one.

    [substance, place]: `place_alert`; `place_p` of the CUSUM; `observed` of `tested`; `expected`; `bound` the smallest
    count that would have made this place alarm by itself (ALONE); `since` the period in which the rise began,
    -1 for none; `sights` codes of Sight.
    """

    alert: NDArray[np.bool_]
    q: Floats
    trend_p: Floats
    finds: Counts
    share_before: Floats
    is_judged: NDArray[np.bool_]
    region: Counts
    place: Counts
    place_alert: NDArray[np.bool_]
    place_p: Floats
    observed: Counts
    tested: Counts
    expected: Floats
    bound: Counts
    since: Counts
    sights: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Usual:
    """What the past of a panel tells: the prior of a share in any place, that of each substance's, and how much shares
    vary between periods in a place and everywhere."""

    prior: BetaPrior
    priors: Sequence[BetaPrior]
    variation: float
    shared: float


def emerging(
    positive: NDArray[Any],
    tested: NDArray[Any],
    regions: NDArray[Any],
    *,
    yearly: int,
    settings: Settings | None = None,
) -> Emerging:
    """Judges the last period of [substance, place, period] counts.

    `tested` alike, 0 where a substance was not tested for; `regions` [place] are numbers from 0; `yearly` is how many
    periods make a year. Raises ImpossibleShare, WrongShape.
    """
    rule = settings or Settings()
    found, of = checked(positive, tested)
    usual = usual_of(found[..., :-1], of[..., :-1])
    finds = found[..., -yearly:].sum(axis=(1, 2))
    before, of_before = found[..., :-yearly].sum(axis=(1, 2)), of[..., :-yearly].sum(axis=(1, 2))
    share_before = before / np.maximum(of_before, 1)
    judged = (finds >= rule.fewest) & (share_before <= rule.rare) & (of_before > 0)
    chart = _charts(found, of, usual, rule, judged)
    window = slice(-(rule.trend_years * yearly), None)
    tree = _Tree(regions, usual, found[..., window], of[..., window])
    for substance in np.nonzero(judged)[0].tolist():
        tree.grow(substance, chart["p"][substance])
    told = tree.told(rule.q, len(found))
    return Emerging(
        **told,
        finds=finds,
        share_before=share_before,
        is_judged=judged,
        place_p=chart["p"],
        observed=found[..., -1],
        tested=of[..., -1],
        expected=chart["expected"],
        bound=chart["bound"].astype(np.int64),
        since=chart["since"].astype(np.int64),
        sights=first_seen(found, of, usual.prior, window=yearly).sights[..., -1],
    )


def usual_of(found: Counts, of: Counts) -> Usual:
    """From all periods of a past. Substances that were not found in it tell nothing of shares; they get a prior."""
    known = found.any(axis=(1, 2))
    return Usual(
        prior=pooled_prior(found[known], of[known]),
        priors=place_priors(found, of),
        variation=_WIDER * variation(found[known], of[known], quantile=_WIDE),
        shared=_WIDER * variation(found[known].sum(axis=1), of[known].sum(axis=1), USUAL_SHARED, _WIDE),
    )


def _charts(
    found: Counts, of: Counts, usual: Usual, rule: Settings, judged: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    """The newest period of each place's chart; where nothing was ever found there is nothing to draw."""
    drawn = judged[:, None] & found.any(axis=-1)
    rows: ShareCusum = share_cusum(
        found[drawn],
        of[drawn],
        [usual.priors[substance] for substance in np.nonzero(drawn)[0].tolist()],
        odds_ratio=rule.odds_ratio,
        variation=usual.variation,
        alpha=ALONE,
    )
    told = {"p": np.ones(drawn.shape), "since": np.full(drawn.shape, -1.0)}
    told |= {"expected": _foreseen(found, of, usual.priors), "bound": np.zeros(drawn.shape)}
    for name in _CHARTED:
        told[name][drawn] = getattr(rows, name)[:, -1]
    told["p"][found[..., -1] <= told["expected"]] = 1.0
    return told


def _foreseen(found: Counts, of: Counts, priors: Sequence[BetaPrior]) -> Floats:
    mine = np.array([[prior.found, prior.found + prior.missed] for prior in priors])
    finds, tests = found[..., :-1].sum(axis=-1) + mine[:, :1], of[..., :-1].sum(axis=-1) + mine[:, 1:]
    return np.asarray(of[..., -1] * finds / tests)


class _Tree:
    """Substances with their regions with their places; with a single place, substances alone."""

    def __init__(self, regions: NDArray[Any], usual: Usual, found: Counts, of: Counts) -> None:
        self._regions, self._usual = np.asarray(regions, dtype=np.int64), usual
        self._found, self._of = found, of
        self._p: list[float] = []
        self._parent: list[int] = []
        self._nodes: list[tuple[int, int, int]] = []

    def grow(self, substance: int, place_p: Floats) -> None:
        """Adds a substance with the chances of its places."""
        everywhere = np.ones(len(self._regions), dtype=bool)
        if len(self._regions) == 1:
            both = (self._trend(substance, everywhere), float(place_p[0]))
            self._add(min(1.0, 2 * min(both)), -1, (substance, -1, -1))
            return
        root = self._add(self._trend(substance, everywhere), -1, (substance, -1, -1))
        for region in np.unique(self._regions).tolist():
            inside = self._regions == region
            node = self._add(self._trend(substance, inside), root, (substance, region, -1))
            for place in np.nonzero(inside & (self._of[substance, :, -1] > 0))[0].tolist():
                self._add(float(place_p[place]), node, (substance, region, place))

    def told(self, q: float, substances: int) -> dict[str, Any]:
        """What was found, by substance and place."""
        found: Discoveries = tree_discoveries(np.array(self._p), np.array(self._parent, dtype=np.int64), q)
        told = {
            "alert": np.zeros(substances, dtype=bool),
            "q": np.ones(substances),
            "trend_p": np.ones(substances),
            "region": np.full(substances, -1, dtype=np.int64),
            "place": np.full(substances, -1, dtype=np.int64),
            "place_alert": np.zeros((substances, len(self._regions)), dtype=bool),
        }
        for node, (substance, _, place) in enumerate(self._nodes):
            if self._parent[node] == -1:
                told["alert"][substance], told["q"][substance] = found.is_found[node], found.q[node]
                told["trend_p"][substance] = self._p[node]
            elif place >= 0:
                told["place_alert"][substance, place] = found.is_found[node]
        if len(self._regions) == 1:
            told["place_alert"][:, 0] = told["alert"]
        for node in found.alerts.tolist():
            substance, told_region, told_place = self._nodes[node]
            told["region"][substance], told["place"][substance] = told_region, told_place
        return told

    def _add(self, p: float, parent: int, node: tuple[int, int, int]) -> int:
        self._p.append(p)
        self._parent.append(parent)
        self._nodes.append(node)
        return len(self._p) - 1

    def _trend(self, substance: int, inside: NDArray[np.bool_]) -> float:
        finds, tests = self._found[substance, inside], self._of[substance, inside]
        flat = tests[:, -1] * finds.sum(axis=1) / np.maximum(tests.sum(axis=1), 1)
        if finds[:, -1].sum() <= flat.sum():
            return 1.0
        return trend_p(finds, tests, variation=self._usual.variation, shared=self._usual.shared)
