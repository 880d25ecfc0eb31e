"""Log-linear quasi-Poisson fits of many baselines at once: one level for each part of the season, one common trend.

With level dummies and one slope the normal equations are an arrowhead (a diagonal block bordered by one row), so each
step needs sums by level and two scalars, no matrix algebra. All sums of a step are one product with `Layout.sums`.
Iteratively reweighted least squares as in McCullagh and Nelder, Generalized Linear Models (1989), 2.5.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.aberration import fast
from entente.analysis.aberration.layout import Bools, Floats, Layout

TOLERANCE = 1e-8
MOST_STEPS = 25
_ROUNDING = 1e-13
_START = 0.1  # added to counts for the first means


@dataclass(frozen=True, slots=True)
class Fit:
    """Of each baseline (rows). `weights` are the working weights of the last step: those of the means before it, as the
    iteration of R leaves them; `means` are the last means."""

    levels: Floats
    slope: Floats
    means: Floats
    weights: Floats
    per_level: Floats
    """Sums of `weights` by level, [baseline, level]."""
    centres: Floats
    """Weighted mean time of each level."""
    spread: Floats
    """Weighted sum of squares of time within levels: the slope's information."""
    has_ended: Bools

    def expected(self, now: float) -> tuple[Floats, Floats]:
        """The log of the mean at time `now` in the last level, and its variance for a dispersion of 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            away = now - self.centres[:, -1]
            from_slope = np.where(np.isfinite(self.spread), away**2 / self.spread, 0.0)
            return self.levels[:, -1] + self.slope * now, 1 / self.per_level[:, -1] + from_slope

    def leverages(self, layout: Layout) -> Floats:
        """How far each week pulls its own mean, between 0 and 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = np.where(self.per_level > 0, 1 / self.per_level, 0.0)
            away = layout.time - self.centres[:, layout.levels]
            from_slope = np.where(np.isfinite(self.spread)[:, None], away**2 / self.spread[:, None], 0.0)
        pulls: Floats = self.weights * (inverse[:, layout.levels] + from_slope)
        return pulls


def fit(counts: Floats, prior: Floats, layout: Layout, has_trend: Bools, *, is_compiled: bool = False) -> Fit:
    """Fits each row of `counts` with the prior weights `prior` (0: the week is not there).

    A step is taken until the deviance changes by less than `TOLERANCE` of itself, at most `MOST_STEPS` times. Rows that
    have ended are taken out, so that one slow row costs one row.
    """
    if is_compiled:
        found = _empty(counts, layout.n_levels)
        rule = (TOLERANCE, MOST_STEPS, _ROUNDING, _START)
        fast.compiled()(
            counts,
            prior,
            layout.levels,
            layout.time,
            has_trend,
            rule,
            tuple(getattr(found, name) for name in Fit.__slots__),
        )
        return found
    state = _State(counts, prior, layout, has_trend)
    for left in reversed(range(MOST_STEPS)):
        state.step(is_last=left == 0)
        if not len(state.rows):
            break
    return state.found


def _empty(counts: Floats, n_levels: int) -> Fit:
    size = len(counts)
    return Fit(
        levels=np.zeros((size, n_levels)),
        slope=np.zeros(size),
        means=np.zeros_like(counts),
        weights=np.zeros_like(counts),
        per_level=np.zeros((size, n_levels)),
        centres=np.zeros((size, n_levels)),
        spread=np.zeros(size),
        has_ended=np.zeros(size, dtype=bool),
    )


class _State:
    """The rows still moving, and where the others ended."""

    def __init__(self, counts: Floats, prior: Floats, layout: Layout, has_trend: Bools) -> None:
        size, n_levels = len(counts), layout.n_levels
        self._layout, self._n = layout, n_levels
        self.rows = np.arange(size)
        self._prior, self._has_trend = prior, has_trend
        weighted = prior * counts
        self._totals = weighted @ layout.sums[:, :-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            self._saturated = np.where(counts > 0, weighted * np.log(counts), 0.0).sum(1) - weighted.sum(1)
        start = counts + _START
        self._weights = prior * start
        self._sums = self._weights @ layout.sums
        self._rights = (self._weights * (np.log(start) - _START / start)) @ layout.sums[:, :-1]
        self._coefficients = np.zeros((size, n_levels + 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(counts > 0, counts * np.log(counts / start), 0.0)
        self._deviance = 2 * (prior * (ratios + _START)).sum(1)
        self.found = _empty(counts, n_levels)

    def step(self, *, is_last: bool) -> None:
        """One step of every row still moving: solve, new means, deviance; puts away rows that have ended."""
        n = self._n
        s0, s1, s2 = self._sums[:, :n], self._sums[:, n : 2 * n], self._sums[:, -1]
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = np.where(s0 > 0, 1 / s0, 0.0)
        centres = s1 * inverse
        spread = s2 - (s1 * centres).sum(1)
        spread = np.where(self._has_trend & (spread > _ROUNDING * s2), spread, np.inf)
        slope = (self._rights[:, n:].sum(1) - (centres * self._rights[:, :n]).sum(1)) / spread
        levels = inverse * self._rights[:, :n] - slope[:, None] * centres
        self._coefficients = self._coefficients + np.concatenate([levels, slope[:, None]], axis=1)
        levels, slope = self._coefficients[:, :n], self._coefficients[:, n]
        means = levels[:, self._layout.levels]
        means += slope[:, None] * self._layout.time
        np.exp(means, out=means)
        weights = self._prior * means
        sums = weights @ self._layout.sums
        fitted = (levels * self._totals[:, :n]).sum(1) + slope * self._totals[:, n:].sum(1)
        deviance = 2 * (self._saturated - fitted + sums[:, :n].sum(1))
        floor = _ROUNDING * (np.abs(self._saturated) + np.abs(fitted))
        change = np.abs(deviance - self._deviance)
        ended = (change < TOLERANCE * (np.abs(deviance) + _START)) | (change <= floor)
        self.found.has_ended[self.rows] = ended
        self._put_away(ended | is_last, means, s0, centres, spread)
        self._keep(~(ended | is_last), weights, sums, deviance)

    def _put_away(self, done: Bools, means: Floats, s0: Floats, centres: Floats, spread: Floats) -> None:
        rows, out = self.rows[done], self.found
        out.means[rows], out.weights[rows] = means[done], self._weights[done]
        coefficients = self._coefficients[done]
        out.levels[rows], out.slope[rows] = coefficients[:, : self._n], coefficients[:, self._n]
        out.per_level[rows], out.centres[rows], out.spread[rows] = s0[done], centres[done], spread[done]

    def _keep(self, moving: Bools, weights: Floats, sums: Floats, deviance: Floats) -> None:
        self.rows, self._prior, self._has_trend = self.rows[moving], self._prior[moving], self._has_trend[moving]
        self._totals, self._saturated = self._totals[moving], self._saturated[moving]
        self._coefficients, self._deviance = self._coefficients[moving], deviance[moving]
        self._weights, self._sums = weights[moving], sums[moving]
        self._rights = self._totals - self._sums[:, :-1]
