"""The improved Farrington test of weekly counts, and the original one, for all series and weeks at once.

A log-linear trend with season, overdispersion and less weight for past outbreaks gives the count to expect; an alarm is
a count above the bound of chance `alpha`. Noufaily and others, Statistics in Medicine 32 (2013) 1206; Farrington and
others, Journal of the Royal Statistical Society A 159 (1996) 547.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from entente.analysis.aberration.baselines import Baselines, Reason, checked, pieces
from entente.analysis.aberration.fast import is_worth_it
from entente.analysis.aberration.judged import Judged, unjudged
from entente.analysis.aberration.layout import Bools, Floats, layout
from entente.analysis.aberration.modelling import LEAST_TREND_YEARS, Model, model
from entente.analysis.aberration.settings import PAPER, POWERS, Settings
from entente.analysis.aberration.tails import above, quantile

_LEAST_WINDOWS = 2
"""Years whose windows must have been counted."""


def farrington_flexible(
    counts: NDArray[np.integer],
    *,
    at: NDArray[np.integer],
    settings: Settings = PAPER,
    mask: Bools | None = None,
    left_out: Bools | None = None,
    r_compat: bool = False,
    is_compiled: bool | None = None,
) -> Judged:
    """Judges the weeks `at` of `counts` [series, week]. Raises BadCounts, BadWeeks, BadMask.

    `mask` marks weeks without a count, `left_out` weeks that shall be in no baseline (a pandemic); both [series, week]
    or [week]. A week is judged with the years there are, at least 3 or `years_back` if less; with `r_compat` only
    with all of them, and every answer is the one that `surveillance` 1.20.3 of R gives, its defects included.
    `is_compiled` says whether numba is used; unless said, where it is installed and there is enough to do.
    """
    table = checked(counts, at, mask, left_out)
    least = settings.years_back if r_compat else min(LEAST_TREND_YEARS, settings.years_back)
    reason = table.reasons(least * settings.freq + settings.half_window)
    is_few = table.recent_cases(settings.least_weeks) < settings.least_cases
    reason[is_few & (reason == Reason.JUDGED)] = Reason.FEW_CASES
    found = unjudged("farrington", table, reason)
    years = np.minimum((table.history - settings.half_window) // settings.freq, settings.years_back).ravel()
    where = reason == Reason.JUDGED
    how = {"r_compat": r_compat, "is_compiled": is_worth_it(int(where.sum())) if is_compiled is None else is_compiled}
    for piece in pieces(table, where, layout(settings).offsets):
        _write(piece, model(piece, years[piece.place], settings, **how), found, settings, r_compat=r_compat)
    return found


def _write(piece: Baselines, fitted: Model, found: Judged, settings: Settings, *, r_compat: bool) -> None:
    """Writes the answers of `piece` into `found`."""
    observed = found.observed.ravel()[piece.place].astype(float)
    bound, p = _tested(observed, fitted, settings)
    centre = np.log(fitted.expected) if r_compat and settings.threshold != "delta" else fitted.expected
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (observed - centre) / (bound - centre)
    reason = np.where(fitted.has_ended, Reason.JUDGED, Reason.NO_FIT)
    if not r_compat:
        reason = np.where(piece.counts.any(1), reason, Reason.NO_CASES)
    windows = piece.used[:, layout(settings).levels == layout(settings).n_levels - 1].sum(1)
    needed = min(_LEAST_WINDOWS, settings.years_back) * (2 * settings.half_window + 1)
    reason = np.where((windows < needed) | (fitted.df < 1), Reason.TOO_FEW_BASELINE_WEEKS, reason)
    found.write(
        piece.place,
        reason=reason,
        expected=fitted.expected,
        bound=bound,
        p=p,
        score=score,
        alarm=(observed > bound) & (observed > 0),
        dispersion=fitted.dispersion,
        has_trend=fitted.has_trend,
        n_baseline=piece.used.sum(1),
        n_down_weighted=fitted.n_down_weighted,
    )


def _tested(observed: Floats, fitted: Model, settings: Settings) -> tuple[Floats, Floats]:
    """The bound, and the chance of so many cases or more."""
    mean, tail = fitted.expected, settings.tail
    if settings.threshold == "delta":
        return _delta(observed, fitted, settings)
    if settings.threshold == "muan":
        mean = np.exp(fitted.log_expected - special.ndtri(tail) * fitted.log_error)
    return quantile(tail, mean, fitted.dispersion), above(observed - 1, mean, fitted.dispersion)


def _delta(observed: Floats, fitted: Model, settings: Settings) -> tuple[Floats, Floats]:
    """Normal on the scale of a power, with the variance of a new count and of the expected one."""
    power, mean = POWERS[settings.power], fitted.expected
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        variance = mean * fitted.dispersion + (mean * fitted.log_error) ** 2
        deviation = power * mean ** (power - 1) * np.sqrt(variance)
        raised = mean**power - special.ndtri(settings.tail) * deviation
        p = special.ndtr((mean**power - observed**power) / deviation)
        return raised ** (1 / power), p
