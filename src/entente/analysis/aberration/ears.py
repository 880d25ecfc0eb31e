"""EARS C1, C2 and C3: a week beside the mean and spread of the few weeks before it; for series with little history.

Hutwagner and others, Journal of Urban Health 80 (2003) i89. C1 looks at the weeks just before, C2 leaves a gap of two
weeks, C3 adds up what C2 exceeded one by in three weeks.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from entente.analysis.aberration.baselines import Reason, Table, checked
from entente.analysis.aberration.judged import Judged, unjudged
from entente.analysis.aberration.layout import Bools, Floats, Ints
from entente.analysis.aberration.settings import BadSettings

Method = Literal["c1", "c2", "c3"]
ALPHA = {"c1": 0.001, "c2": 0.001, "c3": 0.025}
"""R's."""
GAP = 2
"""Weeks between the baseline of C2 and C3 and the judged week."""


def ears(
    counts: NDArray[np.integer],
    *,
    at: NDArray[np.integer],
    method: Method = "c1",
    baseline: int = 7,
    alpha: float | None = None,
    least_sd: float = 0.0,
    mask: Bools | None = None,
    r_compat: bool = False,
) -> Judged:
    """Judges the weeks `at` of `counts` [series, week]; `alpha` is R's unless given, `least_sd` the smallest spread.

    With `r_compat` C3 is R's, which adds today's own count to the bound where the baseline's mean belongs, so that only
    the two weeks before can raise an alarm. A week of C3 needs three weeks of C2. Raises BadSettings, BadCounts,
    BadWeeks, BadMask.
    """
    if method not in ALPHA:
        raise BadSettings(name="method", value=method, wanted=" | ".join(ALPHA))
    if not 2 <= baseline <= 52:
        raise BadSettings(name="baseline", value=baseline, wanted="[2, 52]")
    table = checked(counts, at, mask)
    gap = 0 if method == "c1" else GAP
    z = -float(special.ndtri(ALPHA[method] if alpha is None else alpha))
    sums = _Sums.of(table, int(table.at.min(initial=0)) - baseline - 2 * GAP)
    now = _Spread.of(sums, table.at, gap, baseline, least_sd)
    lagged = np.zeros(table.shape)
    is_known = now.is_known
    if method == "c3":
        before = [_Spread.of(sums, table.at - lag, gap, baseline, least_sd) for lag in (1, 2)]
        lagged = sum((np.maximum(0.0, (one.raw if r_compat else one.excess) - 1) for one in before), lagged)
        is_known = is_known & before[0].is_known & before[1].is_known
    centre = now.observed if r_compat and method == "c3" else now.mean
    with np.errstate(invalid="ignore"):
        bound = np.maximum(0.0, centre + now.sd * (z - lagged))
    if not r_compat:
        bound = np.where(np.isinf(lagged), 0.0, bound)
    return _answer(table, f"ears-{method}", now, bound, is_known)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums from week `first` on, in whole numbers and so exact: of counts, of their squares, of known weeks."""

    first: int
    table: Table
    counts: Ints
    squares: Ints
    known: Ints

    @classmethod
    def of(cls, table: Table, first: int) -> "_Sums":
        first = max(0, first)
        known = ~table.gone[:, first:]
        counts = np.where(known, table.counts[:, first:], 0)
        return cls(first, table, *(_running(part) for part in (counts, counts * counts, known)))

    def window(self, running: Ints, start: Ints, length: int) -> Ints:
        """The sum of `length` weeks from `start` on, [series, judged week]."""
        place, last = np.maximum(start - self.first, 0), running.shape[1] - 1
        total: Ints = running[:, np.minimum(place + length, last)] - running[:, place]
        return total


def _running(part: Ints | Bools) -> Ints:
    found = np.zeros((part.shape[0], part.shape[1] + 1), dtype=np.int64)
    np.cumsum(part, axis=1, out=found[:, 1:])
    return found


@dataclass(frozen=True, slots=True)
class _Spread:
    """Mean and standard deviation of the baseline of each week asked for, and its count."""

    observed: Floats
    mean: Floats
    sd: Floats
    is_known: Bools

    @classmethod
    def of(cls, sums: _Sums, weeks: Ints, gap: int, baseline: int, least_sd: float) -> "_Spread":
        start, week = weeks - gap - baseline, np.maximum(weeks, 0)
        total, squares = (sums.window(part, start, baseline) for part in (sums.counts, sums.squares))
        sd = np.sqrt((baseline * squares - total * total) / (baseline * (baseline - 1)))
        is_whole = (sums.window(sums.known, start, baseline) == baseline) & (start >= 0)
        gone = sums.table.gone[:, week]
        observed = np.where(gone, 0.0, sums.table.counts[:, week])
        return cls(observed, total / baseline, np.maximum(sd, least_sd), is_whole & ~gone)

    @property
    def excess(self) -> Floats:
        """Standard deviations above the mean; without spread 0 or infinite."""
        return np.where((self.sd == 0) & (self.observed == self.mean), 0.0, self.raw)

    @property
    def raw(self) -> Floats:
        """The same, not a number where there is neither spread nor difference: R goes on with that."""
        with np.errstate(divide="ignore", invalid="ignore"):
            raw: Floats = (self.observed - self.mean) / self.sd
            return raw


def _answer(table: Table, method: str, now: _Spread, bound: Floats, is_known: Bools) -> Judged:
    reason = np.where(is_known, Reason.JUDGED, Reason.TOO_FEW_BASELINE_WEEKS)
    reason[table.gone[:, table.at]] = Reason.NO_COUNT
    found = unjudged(method, table, reason)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (now.observed - now.mean) / (bound - now.mean)
    found.write(
        np.arange(reason.size),
        reason=reason.ravel(),
        expected=now.mean.ravel(),
        bound=bound.ravel(),
        p=special.ndtr(-now.excess).ravel(),
        score=score.ravel(),
        alarm=(now.observed > bound).ravel(),
    )
    return found
