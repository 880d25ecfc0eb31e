"""What a method says of counts, the same arrays whatever the method, with all series of a period taken into account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration import (
    ORIGINAL,
    PAPER,
    R_DEFAULT,
    Judged,
    Reason,
    Settings,
    ears,
    entente,
    farrington_flexible,
)
from entente.analysis.growth import q_values
from entente.analysis.series.counted import Bools, Counted, Ints
from entente.errors import InputFault

Floats = NDArray[np.float64]

ENTENTE, SHARES = "entente", "cusum-share"
METHODS = (ENTENTE, "farrington-flexible", "farrington", "ears-c1", "ears-c2", "ears-c3", SHARES)
OF_DAYS = ("ears-c1", "ears-c2", "ears-c3", SHARES)
"""Methods that judge days as they are; the others judge weeks."""
USUAL_FDR = 0.1


class SharesNeedTested(InputFault):
    """The method cusum-share judges found of tested, and no row tells how many were tested. Add the column tested, or
    choose a method for counts, for example method=entente."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How counts are to be judged. None: what the method does if it is told nothing.

    An alarm is held back where the last `least_periods` periods have fewer than `least_cases` (R: limit54), and where
    the false-discovery rate of all series of its period is larger than `fdr`. With `more_than` the alarm is a rule that
    people have set, a count above it, and what the method says only stands beside it.
    """

    method: str = ENTENTE
    settings: str = "paper"
    alpha: float | None = None
    least_cases: int = 5
    least_periods: int = 4
    fdr: float | None = None
    is_r_compatible: bool = False
    more_than: int | None = None

    @property
    def largest_fdr(self) -> float:
        """Only our own detector holds alarms back unless told to; the published methods alarm as published."""
        if self.fdr is not None:
            return self.fdr
        return USUAL_FDR if self.method == ENTENTE else 1.0


class Held(IntEnum):
    """Why there is no alarm although the count is above its bound."""

    NOT = 0
    FEW_CASES = 1
    MANY_SERIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Arrays [series, judged period], NaN in numbers where nothing is judged; `reason` says why (codes of Reason).

    `held`: codes of Held. `has_trend` None: the method knows no trend. `n_baseline` 0: it is the same for all periods.
    """

    at: Ints
    expected: Floats
    bound: Floats
    p: Floats
    q: Floats
    is_above: Bools
    """Whether the method by itself calls it unusual."""
    alarm: Bools
    held: Ints
    reason: Ints
    has_trend: Bools | None
    n_baseline: Ints
    n_down_weighted: Ints

    @property
    def is_judged(self) -> Bools:
        return np.asarray(self.reason == Reason.JUDGED)


def judged(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    """The periods at the places `at` of all series, by the method of `choice`. Raises SharesNeedTested, BadSettings."""
    return _held_back(_METHODS[choice.method](counted, at, choice), counted, choice)


def _held_back(found: Verdicts, counted: Counted, choice: Choice) -> Verdicts:
    q = np.full(found.p.shape, np.nan)
    for column in range(found.at.size):
        known = ~np.isnan(found.p[:, column])
        q[known, column] = q_values(found.p[known, column].tolist())
    held = np.where(found.alarm & (q > choice.largest_fdr), int(Held.MANY_SERIES), int(Held.NOT))
    held[found.alarm & (_recent(counted, found.at, choice.least_periods) < choice.least_cases)] = Held.FEW_CASES
    alarm = found.alarm & (held == Held.NOT)
    by_rule = None if choice.more_than is None else _by_rule(counted, found.at, choice.more_than)
    return replace(found, q=q, held=held, alarm=alarm if by_rule is None else by_rule)


def _by_rule(counted: Counted, at: Ints, more_than: int) -> Bools:
    return np.asarray((counted.counts[:, at] > more_than) & ~counted.is_gone[:, at])


def _recent(counted: Counted, at: Ints, periods: int) -> Ints:
    """The cases of each judged period and those before it, `periods` in all."""
    running = np.cumsum(np.pad(counted.counts, ((0, 0), (1, 0))), axis=1)
    return cast("Ints", running[:, at + 1] - running[:, np.maximum(at + 1 - periods, 0)])


def _of_counts(found: Judged, *, knows_trend: bool = True) -> Verdicts:
    return Verdicts(
        at=found.at,
        expected=found.expected,
        bound=found.bound,
        p=found.p,
        q=found.p,
        is_above=found.alarm,
        alarm=found.alarm,
        held=np.zeros_like(found.reason),
        reason=found.reason,
        has_trend=found.has_trend if knows_trend else None,
        n_baseline=found.n_baseline,
        n_down_weighted=found.n_down_weighted,
    )


def _scaled(settings: Settings, counted: Counted, choice: Choice) -> Settings:
    """`settings` for periods of which another number than 52 makes a year, with what `choice` sets.

    The rule of 5 cases in 4 weeks is applied to all methods alike, and so not here.
    """
    year, share = counted.axis.per_year, counted.axis.per_year / settings.freq
    half = round(settings.half_window * share)
    return replace(
        settings,
        freq=year,
        half_window=half,
        periods=max(1, min(round(settings.periods * share) if share < 1 else settings.periods, year - 2 * half)),
        weeks_not_included=max(1, round(settings.weeks_not_included * share)),
        alpha=settings.alpha if choice.alpha is None else choice.alpha,
        least_cases=0,
        least_weeks=1,
    )


def _farrington(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    paper = R_DEFAULT if choice.settings == "r-default" else PAPER
    settings = _scaled(ORIGINAL if choice.method == "farrington" else paper, counted, choice)
    return _of_counts(
        farrington_flexible(
            counted.counts, at=at, settings=settings, mask=counted.is_gone, r_compat=choice.is_r_compatible
        )
    )


def _ears(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    kind = cast("Any", choice.method.removeprefix("ears-"))
    found = ears(
        counted.counts,
        at=at,
        method=kind,
        alpha=choice.alpha,
        mask=counted.is_gone,
        r_compat=choice.is_r_compatible,
    )
    return _of_counts(found, knows_trend=False)


def _entente(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    told: dict[str, Any] = {} if choice.alpha is None else {"alpha": choice.alpha}
    return _of_counts(entente(counted.counts, at=at, mask=counted.is_gone, **told))


def _shares(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    """The prior and the usual variation are learned from the periods before the judged ones."""
    from entente.analysis.aberration.prior import JEFFREYS, pooled_prior, variation
    from entente.analysis.aberration.shares import share_cusum

    if counted.tested is None:
        raise SharesNeedTested
    tested = np.where(counted.is_gone, 0, counted.tested)
    past = slice(0, int(at[0]))
    has_past = bool(tested[:, past].any())
    prior = pooled_prior(counted.counts[:, past], tested[:, past]) if has_past else JEFFREYS
    spread = {"variation": variation(counted.counts[:, past], tested[:, past])} if has_past else {}
    alpha = {} if choice.alpha is None else {"alpha": choice.alpha}
    found = share_cusum(counted.counts, tested, prior, **spread, **alpha)
    is_tested = found.is_tested[:, at]
    p = np.where(is_tested, found.p[:, at], np.nan)
    return Verdicts(
        at=at,
        expected=np.where(is_tested, found.expected[:, at], np.nan),
        bound=np.where(is_tested, found.bound[:, at] - 1, np.nan),
        p=p,
        q=p,
        is_above=found.alarm[:, at],
        alarm=found.alarm[:, at],
        held=np.zeros(p.shape, dtype=np.int64),
        reason=np.where(is_tested, int(Reason.JUDGED), int(Reason.NO_COUNT)),
        has_trend=None,
        n_baseline=np.cumsum(found.is_tested, axis=1)[:, at] - is_tested,
        n_down_weighted=np.zeros(p.shape, dtype=np.int64),
    )


_METHODS: Mapping[str, Callable[[Counted, Ints, Choice], Verdicts]] = MappingProxyType(
    {
        ENTENTE: _entente,
        "farrington-flexible": _farrington,
        "farrington": _farrington,
        "ears-c1": _ears,
        "ears-c2": _ears,
        "ears-c3": _ears,
        SHARES: _shares,
    }
)
