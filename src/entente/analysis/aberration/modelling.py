"""The count to expect: fit, less weight for past outbreaks, fit again, and no trend where none can be told."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from entente.analysis.aberration.baselines import Baselines
from entente.analysis.aberration.fitting import Fit, fit
from entente.analysis.aberration.layout import Bools, Floats, Ints, Layout, layout
from entente.analysis.aberration.settings import Settings

LEAST_TREND_YEARS = 3


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
        return np.exp(self.log_expected)


def model(piece: Baselines, years: Ints, settings: Settings, *, r_compat: bool) -> Model:
    """With a trend where it can be told: three years of history, a p below `trend_alpha`, and no week expected higher
    than the highest of its baseline."""
    may_have = (years >= LEAST_TREND_YEARS) & settings.trend
    found = _weighted(piece, may_have, settings, r_compat=r_compat)
    with np.errstate(invalid="ignore"):
        is_beyond = found.expected > piece.counts.max(1)
        drop = may_have & ((found.trend_p >= settings.trend_alpha) | is_beyond | ~found.has_ended)
    if drop.any():
        rest = Baselines(piece.place[drop], piece.counts[drop], piece.used[drop])
        flat = _weighted(rest, np.zeros(int(drop.sum()), dtype=bool), settings, r_compat=r_compat)
        for name in Model.__slots__:
            getattr(found, name)[drop] = getattr(flat, name)
    return found


def _weighted(piece: Baselines, has_trend: Bools, settings: Settings, *, r_compat: bool) -> Model:
    plan = layout(settings)
    prior, n_down = piece.used, np.zeros(len(piece.place), dtype=np.int64)
    first = fit(piece.counts, prior, plan, has_trend)
    df = _df(piece, plan, has_trend)
    dispersion = _dispersion(first, piece, prior, df, r_compat=r_compat)
    if settings.reweight:
        prior, n_down = _less_weight(first, piece, dispersion, plan, settings)
        last = fit(piece.counts, prior, plan, has_trend)
        dispersion = _dispersion(last, piece, prior, df, r_compat=r_compat)
    else:
        last = first
    spread = _of_errors(last, piece, prior, df) if r_compat and settings.reweight else dispersion
    log_expected, variance = last.expected(plan.now)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = last.slope / np.sqrt(spread / last.spread)
        trend_p = np.where(has_trend, 2 * special.stdtr(df, -np.abs(t)), np.nan)
    return Model(
        log_expected=log_expected,
        log_error=np.sqrt(variance * spread),
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
    """Pearson's, over the degrees of freedom, at least 1. R's mixes the last means with the weights of those before."""
    away = piece.counts - found.means
    with np.errstate(divide="ignore", invalid="ignore"):
        chi = found.weights * (away / found.means) ** 2 if r_compat else prior * away**2 / found.means
        dispersion: Floats = np.maximum(chi.sum(1) / df, 1.0)
        return dispersion


def _of_errors(found: Fit, piece: Baselines, prior: Floats, df: Floats) -> Floats:
    """What R takes for the dispersion in standard errors and the test of the trend after reweighting."""
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion: Floats = (prior * ((piece.counts - found.means) / found.means) ** 2).sum(1) / df
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
