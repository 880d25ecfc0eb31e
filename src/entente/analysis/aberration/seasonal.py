"""The count to expect of a week by a smooth season: a log-linear trend and two waves, past outbreaks put aside.

Penalised quasi-Poisson regression on the weeks of up to five years. Its prior keeps a series with few cases near no
trend and no season, and half a case is added to it, so that a series of zeros has an answer too. Weeks improbable
under the first fit weigh less in the second, as in Noufaily and others (2013), but are told by their negative binomial
chance, which a skew distribution does not mislead.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from entente.analysis.aberration.baselines import Baselines
from entente.analysis.aberration.layout import TIME_UNIT, Bools, Floats, Ints
from entente.analysis.aberration.tails import mid_p

YEAR = 52
YEARS = 5
WEEKS_NOT_INCLUDED = 26
"""Just before the judged week: an outbreak that has begun must not hide itself."""
_WAVE_SDS = (1.0, 0.7)
"""Prior standard deviations of the waves of a year and of half a year, on the log scale."""
_SLOPE_SD = 0.5
"""The same of the trend, for `TIME_UNIT` weeks."""
_NO_SLOPE = 1e12
_HALF_CASE = 0.5
_STEPS = 25
_TOLERANCE = 1e-7
_LARGEST_STEP = 2.0
_OUTBREAK_SCORE = 2.58
_LOOKED_AT = 1.8
"""Only weeks so many deviations above their mean can have `_OUTBREAK_SCORE`."""


@dataclass(frozen=True, slots=True)
class Season:
    """Columns of the regression: one, time, and a cosine and a sine for each wave."""

    offsets: Ints
    """Baseline weeks after the judged one, all negative, oldest first."""
    columns: Floats
    """[week, column]"""
    products: Floats
    """Of each week every column times every column, [week, column x column]."""
    now: Floats
    """Columns of the judged week and of the one before, [2, column]."""
    penalty: Floats
    """Inverse prior variance of each coefficient."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of each baseline (rows), for the judged week and the one before (two columns)."""

    log_mean: Floats
    log_variance: Floats
    """How uncertain `log_mean` is."""
    dispersion: Floats
    """At least 1, [row]."""
    dispersion_variance: Floats
    """Of its log, [row]."""
    n_down_weighted: Ints
    has_ended: Bools


@lru_cache(maxsize=1)
def season() -> Season:
    """The same for every series and week: time counts from the judged week."""
    offsets = np.arange(-YEARS * YEAR - 3, -WEEKS_NOT_INCLUDED)
    columns = _columns(offsets.astype(float), float(offsets.mean()))
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(offsets), -1)
    sds = np.array([_SLOPE_SD, *(sd for sd in _WAVE_SDS for _ in range(2))])
    now = _columns(np.array([0.0, -1.0]), float(offsets.mean()))
    return Season(offsets, columns, products, now, np.concatenate([[0.0], sds**-2.0]))


def _columns(week: Floats, centre: float) -> Floats:
    parts = [np.ones_like(week), (week - centre) / TIME_UNIT]
    for wave in range(1, len(_WAVE_SDS) + 1):
        angle = 2 * np.pi * wave * week / YEAR
        parts += [np.cos(angle), np.sin(angle)]
    return np.stack(parts, axis=-1)


def forecast(piece: Baselines, has_trend: Bools) -> Forecast:
    """Fit, put past outbreaks aside, fit again. Each row needs a week that is used."""
    plan, counts = season(), piece.counts
    penalty = np.tile(plan.penalty, (len(counts), 1))
    penalty[~has_trend, 1] = _NO_SLOPE
    first = _fit(counts, piece.used, plan, penalty)
    dispersion = _dispersion(counts, piece.used, first.means)
    weights, n_down = _without_outbreaks(piece, first.means, dispersion)
    last = _fit(counts, weights, plan, penalty * dispersion[:, None], first.coefficients)
    dispersion = _dispersion(counts, weights, last.means)
    inverse = np.linalg.inv(last.information)
    return Forecast(
        log_mean=last.coefficients @ plan.now.T,
        log_variance=np.einsum("kq,nqr,kr->nk", plan.now, inverse, plan.now) * dispersion[:, None],
        dispersion=dispersion,
        dispersion_variance=_log_variance(piece.used, last.means, dispersion),
        n_down_weighted=n_down,
        has_ended=first.has_ended & last.has_ended,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    coefficients: Floats
    means: Floats
    information: Floats
    """[row, column, column], for a dispersion of 1."""
    has_ended: Bools


def _fit(counts: Floats, prior: Floats, plan: Season, penalty: Floats, start: Floats | None = None) -> _Fit:
    """Newton's steps from `start`, none of them longer than `_LARGEST_STEP`; `penalty` [row, column]."""
    size = plan.columns.shape[1]
    totals = (prior * counts) @ plan.columns
    totals[:, 0] += _HALF_CASE
    found = np.zeros((len(counts), size)) if start is None else start
    if start is None:
        found[:, 0] = np.log(totals[:, 0] / np.maximum(prior.sum(1), 1.0))
    means = _means(found, plan)
    for _ in range(_STEPS):
        weights = prior * means
        information = (weights @ plan.products).reshape(-1, size, size)
        information[:, range(size), range(size)] += penalty
        wanted = totals - weights @ plan.columns - penalty * found
        step = np.linalg.solve(information, wanted[..., None])[..., 0]
        length = np.abs(step).max(1)
        found = found + step / np.maximum(1, length / _LARGEST_STEP)[:, None]
        means = _means(found, plan)
        if (length < _TOLERANCE).all():
            break
    return _Fit(found, means, information, length < _TOLERANCE)


def _means(coefficients: Floats, plan: Season) -> Floats:
    logs = coefficients @ plan.columns.T
    with np.errstate(over="ignore"):
        return np.exp(logs, out=logs)


def _dispersion(counts: Floats, prior: Floats, means: Floats) -> Floats:
    """Pearson's, at least 1."""
    df = np.maximum(prior.sum(1) - len(_WAVE_SDS) * 2 - 2, 1)
    found: Floats = np.maximum((prior * (counts - means) ** 2 / means).sum(1) / df, 1.0)
    return found


def _log_variance(used: Floats, means: Floats, dispersion: Floats) -> Floats:
    """Of the log of Pearson's dispersion: squared residuals have heavy tails where means are small."""
    weeks = used.sum(1)
    mean = (used * means).sum(1) / weeks
    excess = (6 * (dispersion - 1) + 1 / dispersion) / mean
    found: Floats = (2 + excess) / weeks
    return found


def _without_outbreaks(piece: Baselines, means: Floats, dispersion: Floats) -> tuple[Floats, Ints]:
    """Weights for the second fit, their sum the number of weeks; and how many weeks weigh less."""
    high = piece.counts > means + _LOOKED_AT * np.sqrt(dispersion[:, None] * means)
    row, week = np.nonzero(high & (piece.used > 0))
    chance = mid_p(piece.counts[row, week], means[row, week], dispersion[row])
    score = -special.ndtri(np.maximum(chance, 1e-300))
    is_outbreak = score > _OUTBREAK_SCORE
    weights = piece.used.copy()
    weights[row[is_outbreak], week[is_outbreak]] = score[is_outbreak] ** -2.0
    weights *= (piece.used.sum(1) / weights.sum(1))[:, None]
    return weights, np.bincount(row[is_outbreak], minlength=len(weights))
