"""The spike rule that overdose maps use: so many events in one area within 24 hours tell it and its neighbours.

ODMAP tells an agency when the overdoses of an area pass a number within 24 hours, for its own county and for those
nearby; the number is the agency's own or one that the system recommends (odmap.org/Resources/SpikeAlerts). Every area
is counted for itself. How ODMAP derives its recommendation is not published: `recommended_threshold` has a common
formula, given with every spike and not verified as theirs. A rule knows neither season nor size of the area, so the
chance that a detector gives to the same count stands beside it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

import numpy as np
from numpy.typing import ArrayLike

from entente.analysis.aberration.positions import Floats, Ints
from entente.errors import InputFault

Chance = Callable[[int, float, int], float]
"""What a detector says: the chance that this area has, in the window up to this hour, so many events or more."""


class NotSpikeEvents(InputFault):
    """The spike rule cannot use {hours} hours of events, {areas} areas of events, {thresholds} thresholds, {neighbours}
    lists of neighbours and a window of {window} hours. Give every event a finite hour and the number of its area, from
    0; every area a threshold and its neighbours; and a window above 0."""


class NotAThreshold(InputFault):
    """{number} events cannot be a threshold. Give a whole number of 1 or more."""


class NotRecommendable(InputFault):
    """No threshold can be recommended from {days} daily counts and {deviations} standard deviations, at least {least}.
    Give two or more finite counts, 0 deviations or more, and a least number of 1 or more."""


class Passing(StrEnum):
    """When a count passes its number."""

    REACHES = "reaches"
    """At so many: "n in 24 hours"."""
    EXCEEDS = "exceeds"
    """Above so many: the words of ODMAP's page."""


@dataclass(frozen=True, slots=True)
class Formula:
    """The smallest whole number above `mean` + `deviations` x `deviation` of so many `days`, and `least` or more.

    `is_verified`: whether it is known to be what ODMAP recommends. It is not.
    """

    deviations: float
    least: int
    days: int
    mean: float
    deviation: float
    is_verified: bool = False

    @property
    def number(self) -> int:
        return max(self.least, floor(self.mean + self.deviations * self.deviation) + 1)


@dataclass(frozen=True, slots=True)
class Threshold:
    """The number for one area; `formula` None: the agency's own number."""

    number: int
    passing: Passing = Passing.REACHES
    formula: Formula | None = None

    @property
    def least(self) -> int:
        """The smallest count that passes."""
        return self.number + (self.passing is Passing.EXCEEDS)


@dataclass(frozen=True, slots=True)
class Spike:
    """From the hour `began` the count of `area` passes its threshold; at `ends` it no longer does, if no more happen.

    `told`: the area and its neighbours. `count` is that at `began`, `highest` that of the whole spike; `p` the chance
    of `count` by the detector, None without one.
    """

    area: int
    told: tuple[int, ...]
    began: float
    ends: float
    count: int
    highest: int
    threshold: Threshold
    p: float | None


def own_threshold(number: int, passing: Passing = Passing.REACHES) -> Threshold:
    """The agency's own number; it is the agency that answers for it. Raises NotAThreshold."""
    if number < 1:
        raise NotAThreshold(number=number)
    return Threshold(number, passing)


def recommended_threshold(daily_counts: ArrayLike, deviations: float = 2.0, least: int = 2) -> Threshold:
    """A number from past daily counts, to be reached; see `Formula`. NOT VERIFIED as that of ODMAP.

    Raises NotRecommendable.
    """
    counts = np.asarray(daily_counts, dtype=np.float64).ravel()
    if len(counts) < 2 or not np.isfinite(counts).all() or not deviations >= 0 or least < 1:
        raise NotRecommendable(days=len(counts), deviations=deviations, least=least)
    formula = Formula(deviations, least, len(counts), float(counts.mean()), float(counts.std(ddof=1)))
    return Threshold(formula.number, formula=formula)


def spikes(
    hours: ArrayLike,
    areas: ArrayLike,
    thresholds: Sequence[Threshold],
    neighbours: Sequence[Collection[int]],
    *,
    window: float = 24.0,
    chance: Chance | None = None,
) -> tuple[Spike, ...]:
    """All spikes, by the hour they began and by area.

    `hours` [event] count from any moment, `areas` [event] from 0. An event counts until less than `window` hours have
    passed, so that of days given as multiples of 24 each stands for itself. Raises NotSpikeEvents.
    """
    when, where = _events(hours, areas, thresholds, neighbours, window)
    found = [
        Spike(
            area=area,
            told=tuple(sorted({area, *neighbours[area]})),
            began=began,
            ends=ends,
            count=count,
            highest=highest,
            threshold=threshold,
            p=None if chance is None else chance(area, began, count),
        )
        for area, threshold in enumerate(thresholds)
        for began, ends, count, highest in _runs(np.sort(when[where == area]), threshold.least, window)
    ]
    return tuple(sorted(found, key=lambda spike: (spike.began, spike.area)))


def _runs(when: Floats, least: int, window: float) -> list[tuple[float, float, int, int]]:
    """Of each time that `least` or more were in the window: hour it began and ends, count then and highest count."""
    moments = np.unique(when)
    until = np.searchsorted(when, moments, side="right")
    now = until - np.searchsorted(when, moments - window, side="right")
    just_before = np.searchsorted(when, moments, side="left") - np.searchsorted(when, moments - window, side="left")
    starts = np.flatnonzero((just_before < least) & (now >= least))
    runs = []
    for start, stop in zip(starts, np.append(starts, len(moments))[1:], strict=True):
        passing = start + np.flatnonzero(now[start:stop] >= least)
        ends = when[until[passing[-1]] - least] + window
        runs.append((float(moments[start]), float(ends), int(now[start]), int(now[passing].max())))
    return runs


def _events(
    hours: ArrayLike,
    areas: ArrayLike,
    thresholds: Sequence[Threshold],
    neighbours: Sequence[Collection[int]],
    window: float,
) -> tuple[Floats, Ints]:
    when, where = np.asarray(hours, dtype=np.float64).ravel(), np.asarray(areas).ravel()
    is_event = len(when) == len(where) and bool(np.isfinite(when).all())
    is_numbered = not len(where) or (where.dtype.kind in "iu" and 0 <= where.min() <= where.max() < len(thresholds))
    if not (is_event and is_numbered and len(neighbours) == len(thresholds) and window > 0):
        raise NotSpikeEvents(
            hours=len(when),
            areas=len(where),
            thresholds=len(thresholds),
            neighbours=len(neighbours),
            window=window,
        )
    return when, where.astype(np.int64)
