"""The chance of a statistic, told by replicates drawn as if nothing were going on.

With B replicates, g of which reach the observed statistic, p is (g + 1) / (B + 1), exact for permutations (Barnard, J R
Stat Soc B 25, 1963). Drawing may stop early, at the replicate that is the h-th to reach it: p is then h / drawn (Besag
and Clifford, Biometrika 78, 1991), as exact, and dull data cost next to nothing. Far in the tail, where no number of
replicates reaches, the largest values of scans nearly follow Gumbel's distribution (Abrams, Kulldorff and Kleinman, Int
J Health Geogr 9:61, 2010).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from entente.analysis.aberration.positions import Floats
from entente.analysis.growth import SMALLEST_P
from entente.errors import InputFault

EULER = float(np.euler_gamma)
FEWEST_FOR_TAIL = 30
"""Replicates below which no tail is fitted."""
_LARGE_BATCH, _SMALL_BATCH = 64, 16
ROUNDING = 1e-9
"""Statistics this close, relatively or below 1 absolutely, are equal: their sums only ran in another order."""


class NoReplicates(InputFault):
    """A chance cannot be told from {replicates} replicates, stopping after {stop_after}. Draw 1 or more, and stop after
    1 or more or not at all."""


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """How many replicates to draw at most, and when to stop before: at the `stop_after`-th that reaches what was seen.

    The same `seed` gives the same answer. Raises NoReplicates.
    """

    replicates: int = 999
    stop_after: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        if self.replicates < 1 or (self.stop_after is not None and self.stop_after < 1):
            raise NoReplicates(replicates=self.replicates, stop_after=self.stop_after)

    @property
    def batch(self) -> int:
        """How many to draw at once: few where drawing may stop soon."""
        return _LARGE_BATCH if self.stop_after is None else _SMALL_BATCH

    def generator(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


class Tally:
    """How often replicates reach each of some observed statistics, in the order in which they are drawn."""

    def __init__(self, observed: ArrayLike, plan: MonteCarlo) -> None:
        seen = np.atleast_1d(np.asarray(observed, dtype=np.float64))
        self._reaches = seen - ROUNDING * np.maximum(np.abs(seen), 1.0)
        self._plan = plan
        self.drawn = 0
        self.reached = np.zeros(seen.shape, dtype=np.int64)
        self._stopped_at = np.zeros(seen.shape, dtype=np.int64)

    @property
    def left(self) -> int:
        """How many replicates are still to be drawn; 0 once each statistic has its chance."""
        return 0 if self._stopped_at.all() else self._plan.replicates - self.drawn

    def add(self, statistics: Floats) -> None:
        """Replicates in rows, each with all statistics, or with one that all are compared with."""
        rows = statistics.reshape(len(statistics), -1) >= self._reaches
        counts = self.reached + rows.cumsum(axis=0)
        if self._plan.stop_after is not None:
            full = counts >= self._plan.stop_after
            now = full.any(axis=0) & (self._stopped_at == 0)
            self._stopped_at[now] = self.drawn + full[:, now].argmax(axis=0) + 1
        self.reached = counts[-1]
        self.drawn += len(rows)

    def p(self) -> Floats:
        """Of each statistic, the chance of one as large."""
        counted = (self.reached + 1) / (self.drawn + 1)
        if self._plan.stop_after is None:
            return np.asarray(counted)
        stopped = self._plan.stop_after / np.maximum(self._stopped_at, 1)
        return np.where(self._stopped_at > 0, stopped, counted)


def gumbel_tail(observed: ArrayLike, replicates: Floats) -> Floats | None:
    """The chance that the largest of a scan is as large as `observed`, by a Gumbel distribution with the mean and the
    deviation of `replicates`; None from fewer than `FEWEST_FOR_TAIL`, or if they are all alike."""
    if len(replicates) < FEWEST_FOR_TAIL or np.ptp(replicates) <= ROUNDING:
        return None
    scale = replicates.std(ddof=1) * np.sqrt(6) / np.pi
    mode = replicates.mean() - EULER * scale
    seen = np.asarray(observed, dtype=np.float64)
    return np.asarray(np.maximum(-np.expm1(-np.exp(-(seen - mode) / scale)), SMALLEST_P))
