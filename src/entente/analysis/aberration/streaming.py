"""A new week, or a corrected count: only what saw it is judged again, and all is as if everything had been."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.baselines import BadMask
from entente.analysis.aberration.judged import Judged
from entente.analysis.aberration.layout import Bools, Ints

REACH = 5 * 52 + 3
"""Weeks back that a judged week looks, in `PAPER` and `entente`; pass another one for other settings."""


def renewed(
    before: Judged,
    counts: NDArray[np.integer],
    judge: Callable[..., Judged],
    *,
    mask: Bools | None = None,
    revised: Bools | None = None,
    reach: int = REACH,
) -> Judged:
    """`before` with the weeks judged that `counts` has since, and those judged again that saw a `revised` count.

    `judge` is what made `before`, with its settings; `counts`, `mask` and `revised` are [series, week], and
    old weeks of `counts` are as they were unless revised. Raises BadMask, and what `judge` raises.
    """
    gone = np.zeros(np.shape(counts), dtype=bool) if mask is None else np.broadcast_to(mask, np.shape(counts))
    found, old = before, before.at
    fresh = np.arange(int(old.max(initial=-1)) + 1, counts.shape[1])
    if len(fresh):
        found = before.with_columns(judge(counts, at=fresh, mask=gone))
    for week, rows in _saw(revised, counts.shape, old, reach):
        found = found.with_rows(rows, judge(counts[rows], at=np.array([week]), mask=gone[rows]))
    return found


def _saw(revised: Bools | None, shape: tuple[int, ...], old: Ints, reach: int) -> list[tuple[int, Ints]]:
    """Of the weeks judged before, those that saw a revised count, each with the series that did."""
    if revised is None:
        return []
    if np.shape(revised) != shape:
        raise BadMask(found=np.shape(revised), wanted=shape)
    running = np.cumsum(np.pad(revised, ((0, 0), (1, 0))), axis=1)
    seen = running[:, old + 1] > running[:, np.maximum(old - reach, 0)]
    return [(int(week), np.flatnonzero(seen[:, column])) for column, week in enumerate(old) if seen[:, column].any()]
