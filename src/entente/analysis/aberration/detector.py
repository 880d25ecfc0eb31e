"""Our detector: how improbable are this week and the week before, together, in one chance that is compared once.

Each of the two weeks has a normal score, from its negative binomial mid-p averaged over what is not known of the
expected count and of the dispersion. The statistic is the larger of this week's score and of a weighted sum of both; a
week that was an alarm by itself adds nothing to the next one, for it has been told. Under chance alone the scores are
independent and normal, which gives the statistic's own chance in closed form up to one integral.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from entente.analysis.aberration.baselines import Baselines, Reason, Table, checked, pieces
from entente.analysis.aberration.judged import Judged, unjudged
from entente.analysis.aberration.layout import Bools, Floats
from entente.analysis.aberration.predicted import Predicted
from entente.analysis.aberration.seasonal import WEEKS_NOT_INCLUDED, YEAR, forecast, season
from entente.analysis.aberration.settings import within

ALPHA = 0.006
LAST_WEEK = 0.8
"""The weight of the week before."""
HANDICAP = 0.2
"""By so much the weighted sum must exceed this week's score: found in its first week is worth more than found later."""
TOLD = 2.65
"""The score from which a week has been told by itself."""
LEAST_BASELINE = YEAR
"""Weeks of the baseline that must have a count."""
LEAST_TREND_YEARS = 3


def entente(
    counts: NDArray[np.integer],
    *,
    at: NDArray[np.integer],
    alpha: float = ALPHA,
    mask: Bools | None = None,
    left_out: Bools | None = None,
) -> Judged:
    """Judges the weeks `at` of `counts` [series, week]; of quiet weeks at most about the share `alpha` are alarms.

    `mask` marks weeks without a count, `left_out` weeks that shall be in no baseline (a pandemic); both [series, week]
    or [week]. Needs a year and a half of history; with less than three years no trend is fitted. Raises BadCounts,
    BadWeeks, BadMask, BadSettings.
    """
    within("alpha", alpha, 1e-12, 0.5)
    table = checked(counts, at, mask, left_out)
    reason = table.reasons(YEAR + WEEKS_NOT_INCLUDED)
    found = unjudged("entente", table, reason)
    years = table.history.ravel() // YEAR
    for piece in pieces(table, reason == Reason.JUDGED, season().offsets):
        is_enough = piece.used.sum(1) >= LEAST_BASELINE
        found.reason.reshape(-1)[piece.place[~is_enough]] = Reason.TOO_FEW_BASELINE_WEEKS
        if is_enough.any():
            known = Baselines(piece.place[is_enough], piece.counts[is_enough], piece.used[is_enough])
            _judge(known, years[known.place] >= LEAST_TREND_YEARS, table, found, alpha)
    return found


def _judge(piece: Baselines, has_trend: Bools, table: Table, found: Judged, alpha: float) -> None:
    """Writes the answers of `piece` into `found`."""
    expected = forecast(piece, has_trend)
    observed = found.observed.ravel()[piece.place].astype(float)
    now, before = Predicted.of(expected, 0), Predicted.of(expected, 1)
    last = _last_week(piece, table, before)
    score = now.score(observed)
    p = chance(score, last)
    bound = now.bound(needed(alpha, last))
    alarm = observed > bound
    found.write(
        piece.place,
        reason=np.where(expected.has_ended, Reason.JUDGED, Reason.NO_FIT),
        expected=now.mean,
        bound=bound,
        p=p,
        score=(observed - now.mean) / np.maximum(bound - now.mean, 1.0),
        alarm=alarm,
        dispersion=expected.dispersion,
        has_trend=has_trend,
        n_baseline=piece.used.sum(1),
        n_down_weighted=expected.n_down_weighted,
        has_last_week=alarm & (score < threshold(alpha)),
    )


def _last_week(piece: Baselines, table: Table, before: Predicted) -> Floats:
    """The score that the week before brings along: 0 if it was low or told by itself, NaN if it has no count."""
    series, column = np.divmod(piece.place, len(table.at))
    week = table.at[column] - 1
    gone = table.gone[series, week]
    score = before.score(np.where(gone, 0.0, table.counts[series, week]))
    return np.where(gone, np.nan, brought(score))


def brought(score: Floats) -> Floats:
    """What a week with `score` brings along to the next: nothing if it was low or told by itself."""
    return np.where(score > TOLD, 0.0, np.maximum(score, 0.0))


def chance(score: Floats, last: Floats) -> Floats:
    """The chance of a statistic as large as that of this week's `score` with `last` brought along, or larger."""
    together = np.maximum(score, (score + LAST_WEEK * last) / np.hypot(1, LAST_WEEK) - HANDICAP)
    return np.where(np.isnan(last), special.ndtr(-score), _tail(np.nan_to_num(together)))


def needed(alpha: float, last: Floats) -> Floats:
    """The score of this week from which `chance` is `alpha` or less."""
    least = threshold(alpha)
    together = np.minimum(least, np.hypot(1, LAST_WEEK) * (least + HANDICAP) - LAST_WEEK * last)
    scores: Floats = np.where(np.isnan(last), -special.ndtri(alpha), together)
    return scores


@lru_cache(maxsize=64)
def threshold(alpha: float) -> float:
    """The statistic whose chance is `alpha`."""
    return float(optimize.brentq(lambda least: float(_tail(np.array([least]))[0]) - alpha, -1.0, 40.0, xtol=1e-12))


def _tail(least: Floats) -> Floats:
    """The chance of a statistic of `least` or more: over what the week before brings, of this week's normal score."""
    node, weight = _nodes()
    alone = (least + HANDICAP) * np.hypot(1, LAST_WEEK)
    limits = np.minimum(least[..., None], alone[..., None] - LAST_WEEK * node)
    chances: Floats = (special.ndtr(-limits) * weight).sum(-1)
    return chances


@lru_cache(maxsize=1)
def _nodes() -> tuple[Floats, Floats]:
    """Nodes and weights of what the week before brings: nothing, or a positive score below `TOLD`."""
    node, weight = np.polynomial.legendre.leggauss(64)
    score = (node + 1) * TOLD / 2
    density = weight * TOLD / 2 * np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi)
    return np.append(score, 0.0), np.append(density, 0.5 + special.ndtr(-TOLD))
