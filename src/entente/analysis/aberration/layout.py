"""Which earlier weeks are the baseline of a week, and at which level of the season each of them stands.

The same for every week and every series, so it is made once for a setting.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.settings import Settings

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIME_UNIT = 100.0
"""Weeks to one unit of the trend's time: keeps sums of squares near one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Baseline weeks, oldest first. The last level holds the weeks of the season around the judged one."""

    offsets: Ints
    """Weeks after the judged one, all negative."""
    levels: Ints
    """From 0."""
    n_levels: int
    time: Floats
    """Of each week, centred, in units of `TIME_UNIT` weeks."""
    now: float
    """The same of the judged week."""
    sums: Floats
    """[week, 2 levels + 1]: a row of weights times it gives, for each level, the sum and the sum times time; then the
    sum times time squared."""


@lru_cache(maxsize=32)
def layout(settings: Settings) -> Layout:
    """Windows of 2w + 1 weeks around the same week of earlier years; between them blocks as equal as can be."""
    year, half, parts = settings.freq, settings.half_window, settings.periods - 1
    oldest = -(settings.years_back * year + half)
    offsets = np.arange(oldest, -settings.weeks_not_included)
    in_year = (offsets + half) % year  # 0 is the first week of a window
    gap = year - 2 * half - 1
    level = np.where(in_year <= 2 * half, parts, _block(in_year - 2 * half - 1, gap, parts))
    is_used = (level >= 0) & (offsets < -half)
    offsets, level = offsets[is_used], level[is_used]
    centre = float(offsets.mean())
    time = (offsets.astype(np.float64) - centre) / TIME_UNIT
    indicator = (level[:, None] == np.arange(parts + 1)).astype(float)
    sums: Floats = np.concatenate([indicator, indicator * time[:, None], time[:, None] ** 2], axis=1)
    return Layout(offsets, level, parts + 1, time, -centre / TIME_UNIT, sums)


def _block(place: Ints, gap: int, parts: int) -> Ints:
    """The block of the `place`-th week between two windows; the first blocks take the remainder. -1 without blocks."""
    if parts == 0:
        return np.full(place.shape, -1)
    size, longer = divmod(gap, parts)
    return np.where(
        place < longer * (size + 1), place // (size + 1), longer + (place - longer * (size + 1)) // max(size, 1)
    )
