"""The methods by name, all in one shape; and what holds their alarms back: few cases, and many series at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration import (
    JEFFREYS,
    ORIGINAL,
    PAPER,
    R_DEFAULT,
    Judged,
    Reason,
    Settings,
    ears,
    entente,
    farrington_flexible,
    pooled_prior,
    share_cusum,
    variation,
)
from entente.analysis.aberration.emerging import RARE, Emerging, emerging
from entente.analysis.aberration.emerging import Settings as Rule
from entente.analysis.growth import q_values
from entente.analysis.series.counted import Bools, Counted, Ints
from entente.analysis.series.periods import PER_YEAR
from entente.analysis.series.verdicts import (
    EMERGING,
    ENTENTE,
    SHARES,
    Choice,
    Floats,
    Held,
    Rare,
    SharesNeedTested,
    Verdicts,
)

_LEAD = 16  # more than EARS looks back


def judged(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    """The periods at the places `at` of all series, by the method of `choice`. Raises SharesNeedTested, BadSettings."""
    found = _METHODS[choice.method](counted, at, choice)
    found = replace(found, bound=np.where(found.bound < 0, np.nan, found.bound))  # every count would alarm
    return found if choice.method == EMERGING else _held_back(found, counted, choice)


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
    """The table is led by periods without a count, so that a short one is judged as a long one that begins late."""
    lead = ((0, 0), (_LEAD, 0))
    found = ears(
        np.pad(counted.counts, lead),
        at=at + _LEAD,
        method=cast("Any", choice.method.removeprefix("ears-")),
        alpha=choice.alpha,
        mask=np.pad(counted.is_gone, lead, constant_values=True),
        r_compat=choice.is_r_compatible,
    )
    return replace(_of_counts(found, knows_trend=False), at=at)


def _entente(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    """Of periods that are no weeks the improved Farrington test, scaled to them, says what there is to say."""
    if counted.axis.per_year != PER_YEAR["week"]:
        return _farrington(counted, at, choice)
    told: dict[str, Any] = {} if choice.alpha is None else {"alpha": choice.alpha}
    return _of_counts(entente(counted.counts, at=at, mask=counted.is_gone, **told))


def _shares(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    """The prior and the usual variation are learned from the periods before the judged ones."""
    tested = _tested(counted, choice)
    past = slice(0, int(at[0]))
    has_past = bool(tested[:, past].any())
    prior = pooled_prior(counted.counts[:, past], tested[:, past]) if has_past else JEFFREYS
    spread = {"variation": variation(counted.counts[:, past], tested[:, past])} if has_past else {}
    alpha = {} if choice.alpha is None else {"alpha": choice.alpha}
    found = share_cusum(counted.counts, tested, prior, **spread, **alpha)
    n_before: Ints = np.cumsum(found.is_tested, axis=1)[:, at] - found.is_tested[:, at]
    is_told = found.is_tested[:, at] & (has_past | (n_before > 0))  # of the very first counts nothing can be said
    reason = np.where(found.is_tested[:, at], int(Rare.NOT_LOOKED), int(Reason.NO_COUNT))
    p = np.where(is_told, found.p[:, at], np.nan)
    return Verdicts(
        at=at,
        expected=np.where(is_told, found.expected[:, at], np.nan),
        bound=np.where(is_told, found.bound[:, at] - 1, np.nan),
        p=p,
        q=p,
        is_above=found.alarm[:, at] & is_told,
        alarm=found.alarm[:, at] & is_told,
        held=np.zeros(p.shape, dtype=np.int64),
        reason=np.where(is_told, int(Reason.JUDGED), reason),
        has_trend=None,
        n_baseline=n_before,
        n_down_weighted=np.zeros(p.shape, dtype=np.int64),
    )


def _tested(counted: Counted, choice: Choice) -> Ints:
    if counted.tested is None:
        raise SharesNeedTested(method=choice.method)
    return np.where(counted.is_gone, 0, counted.tested)


def _emerging(counted: Counted, at: Ints, choice: Choice) -> Verdicts:
    """The rule of entente.analysis.aberration.emerging, as if each judged period were the newest."""
    tested = _tested(counted, choice)[:, None, :]
    found, one_place = counted.counts[:, None, :], np.zeros(1, dtype=np.int64)
    rule = Rule() if choice.fdr is None else Rule(q=choice.fdr)
    told = [
        emerging(found[..., : end + 1], tested[..., : end + 1], one_place, yearly=counted.axis.per_year, settings=rule)
        for end in at.tolist()
    ]
    reason = _stacked([_why(one, tested[..., : end + 1]) for one, end in zip(told, at.tolist(), strict=True)], int)
    is_judged = reason == Reason.JUDGED
    is_tested = tested[:, 0, at] > 0

    def numbers(rows: list[Any]) -> Floats:
        return np.where(is_judged, _stacked(rows, float), np.nan)

    return Verdicts(
        at=at,
        expected=numbers([one.expected[:, 0] for one in told]),
        bound=numbers([one.bound[:, 0] - 1 for one in told]),
        p=numbers([one.trend_p for one in told]),
        q=numbers([one.q for one in told]),
        is_above=_stacked([one.alert for one in told], bool),
        alarm=_stacked([one.alert for one in told], bool),
        held=np.zeros(reason.shape, dtype=np.int64),
        reason=np.where(is_tested, reason, int(Reason.NO_COUNT)),
        has_trend=None,
        n_baseline=np.cumsum(tested[:, 0] > 0, axis=1)[:, at] - is_tested,
        n_down_weighted=np.zeros(reason.shape, dtype=np.int64),
    )


def _stacked(rows: list[Any], kind: Any) -> NDArray[Any]:
    """[series, judged period] of a list of [series]."""
    return np.array(rows, dtype=kind).reshape(len(rows), -1).T


def _why(one: Emerging, tested: Ints) -> Ints:
    """Codes of Reason and Rare, [series]."""
    common = np.where(one.share_before > RARE, int(Rare.COMMON), int(Rare.FEW_FINDS))
    has_past = tested[..., :-1].sum(axis=(1, 2)) > 0
    return np.where(one.is_judged, int(Reason.JUDGED), np.where(has_past, common, int(Rare.NOT_LOOKED)))


_METHODS: Mapping[str, Callable[[Counted, Ints, Choice], Verdicts]] = MappingProxyType(
    {
        ENTENTE: _entente,
        "farrington-flexible": _farrington,
        "farrington": _farrington,
        "ears-c1": _ears,
        "ears-c2": _ears,
        "ears-c3": _ears,
        SHARES: _shares,
        EMERGING: _emerging,
    }
)
