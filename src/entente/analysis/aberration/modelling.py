"""The count to expect: fit, less weight for past outbreaks, fit again, and no trend where none can be told."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from entente.analysis.aberration.baselines import Baselines
from entente.analysis.aberration.fitting import Fit, fit
from entente.analysis.aberration.layout import Bools, Floats, Ints, Layout, layout
from entente.analysis.aberration.settings import Settings

LEAST_TREND_YEARS = 3
_LEAST_LOG_MEAN = float(np.log(np.finfo(float).eps))
"""Nothing smaller is told from zero, here and in R."""


@dataclass(frozen=True, slots=True)
class Model:
    """Of each baseline (rows): what it says of the judged week."""

    log_expected: Floats
    log_error: Floats
    """Standard error of `log_expected`."""
    dispersion: Floats
    """At least 1."""
    df: Floats
    has_trend: Bools
    n_down_weighted: Ints
    trend_p: Floats
    has_ended: Bools

    @property
    def expected(self) -> Floats:
        with np.errstate(over="ignore"):
            return np.exp(self.log_expected)


def model(
    piece: Baselines, years: Ints, settings: Settings, *, r_compat: bool = False, is_compiled: bool = False
) -> Model:
    """With a trend where it can be told: three years of history, a p below `trend_alpha`, and no week expected higher
    than the highest of its baseline."""
    may_have = (years >= LEAST_TREND_YEARS) & settings.trend
    how = {"r_compat": r_compat, "is_compiled": is_compiled}
    found = _weighted(piece, may_have, settings, **how)
    with np.errstate(invalid="ignore"):
        is_beyond = found.expected > piece.counts.max(1)
        drop = may_have & ((found.trend_p >= settings.trend_alpha) | is_beyond | ~found.has_ended)
    if drop.any():
        rest = Baselines(piece.place[drop], piece.counts[drop], piece.used[drop])
        flat = _weighted(rest, np.zeros(int(drop.sum()), dtype=bool), settings, **how)
        for name in Model.__slots__:
            getattr(found, name)[drop] = getattr(flat, name)
    return found


def _weighted(piece: Baselines, has_trend: Bools, settings: Settings, *, r_compat: bool, is_compiled: bool) -> Model:
    plan = layout(settings)
    prior, n_down = piece.used, np.zeros(len(piece.place), dtype=np.int64)
    first = fit(piece.counts, prior, plan, has_trend, is_compiled=is_compiled)
    df = _df(piece, plan, has_trend)
    dispersion = _dispersion(first, piece, prior, df, r_compat=r_compat)
    if settings.reweight:
        prior, n_down = _less_weight(first, piece, dispersion, plan, settings)
        last = fit(piece.counts, prior, plan, has_trend, is_compiled=is_compiled)
        dispersion = _dispersion(last, piece, prior, df, r_compat=r_compat)
    else:
        last = first
    of_errors = of_trend = dispersion
    if r_compat and settings.reweight and not settings.is_two_sided:
        of_errors = of_trend = _pearson(last, piece, prior, df)
    elif r_compat:
        of_trend = _pearson(last, piece, last.weights, df)
    log_expected, variance = last.expected(plan.now)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = last.slope / np.sqrt(of_trend / last.spread)
        trend_p = np.where(has_trend, 2 * special.stdtr(df, -np.abs(t)), np.nan)
    return Model(
        log_expected=np.maximum(log_expected, _LEAST_LOG_MEAN),
        log_error=np.sqrt(variance * of_errors),
        dispersion=np.maximum(dispersion, 1.0),
        df=df,
        has_trend=has_trend.copy(),
        n_down_weighted=n_down,
        trend_p=trend_p,
        has_ended=first.has_ended & last.has_ended,
    )


def _df(piece: Baselines, plan: Layout, has_trend: Bools) -> Floats:
    levels = (piece.used @ plan.sums[:, : plan.n_levels] > 0).sum(1)
    df: Floats = piece.used.sum(1) - levels - has_trend
    return df


def _dispersion(found: Fit, piece: Baselines, prior: Floats, df: Floats, *, r_compat: bool) -> Floats:
    """Pearson's, at least 1. R's mixes the last means with the weights of those before."""
    return np.maximum(_pearson(found, piece, found.weights if r_compat else prior * found.means, df), 1.0)


def _pearson(found: Fit, piece: Baselines, weights: Floats, df: Floats) -> Floats:
    """Weighted squares of relative residuals over the degrees of freedom.

    In standard errors and in the test of the trend R's improved test has the prior weights alone for `weights` after
    reweighting, its original test the working weights and, for the trend, no least dispersion of 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = (piece.counts - found.means) / found.means
        dispersion: Floats = (weights * relative**2).sum(1) / df
        return dispersion


def _less_weight(
    found: Fit, piece: Baselines, dispersion: Floats, plan: Layout, settings: Settings
) -> tuple[Floats, Ints]:
    """Weights for the second fit, their sum the number of weeks; and how many weeks count less."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(dispersion[:, None] * (1 - found.leverages(plan)))
        residual = 1.5 * (np.cbrt(piece.counts**2) * found.means ** (-1 / 6) - np.sqrt(found.means)) / scale
        is_large = (residual > settings.weights_threshold) & (piece.used > 0)
        weights = piece.used * np.where(is_large, residual**-2.0, 1.0)
        weights *= (piece.used.sum(1) / weights.sum(1))[:, None]
    return weights, is_large.sum(1)
