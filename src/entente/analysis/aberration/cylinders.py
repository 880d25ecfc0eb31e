"""The cylinders that a space-time scan looks at: circles around centres, times runs of periods."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from entente.analysis.aberration.positions import Floats, Ints, Positions
from entente.errors import InputFault

_ROUNDING = 1e-9  # distances that differ by less, relatively, are equal


class NotAReach(InputFault):
    """Cylinders of {periods} periods, a radius of {radius} and a share of {share} cannot be looked for. Give 1 or more
    periods, a radius of 0 or more, and a share above 0 and at most 0.5."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How large a cylinder may be: `periods` long, `radius` wide, and with at most `share` of all cases in its places.

    Raises NotAReach.
    """

    periods: int
    radius: float = inf
    share: float = 0.5

    def __post_init__(self) -> None:
        if self.periods < 1 or not self.radius >= 0 or not 0 < self.share <= 0.5:
            raise NotAReach(periods=self.periods, radius=self.radius, share=self.share)


@dataclass(frozen=True, slots=True)
class Circles:
    """The circles around one centre: the first `sizes` of `members`, which stand nearest first."""

    centre: int
    members: Ints
    sizes: Ints
    radii: Floats

    def __len__(self) -> int:
        return len(self.sizes)

    def places(self, which: int) -> tuple[int, ...]:
        return tuple(sorted(int(place) for place in self.members[: self.sizes[which]]))

    def touching(self, places: frozenset[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether each circle holds any of `places`."""
        return np.logical_or.accumulate(np.isin(self.members, list(places)))[self.sizes - 1]


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of periods: from `starts` up to but without `stops`."""

    starts: Ints
    stops: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def parts(self, most: int) -> Iterator["Runs"]:
        for at in range(0, len(self), most):
            yield Runs(self.starts[at : at + most], self.stops[at : at + most])


def circles(places: Positions, centres: Positions, weights: Floats, reach: Reach) -> tuple[Circles, ...]:
    """Around each centre every circle that has a place on its edge and stays within `reach`; places equally far come
    in together. `weights` [place] are the cases (or those expected), of which a circle holds at most the share.

    The same set of places around two centres is kept once, with the first.
    """
    found, known = [], set[bytes]()
    for centre in range(len(centres)):
        away = places.distances_to(centres, centre)
        order = np.argsort(away, kind="stable").astype(np.int64)
        sizes = _sizes(away[order], weights[order].cumsum(), reach)
        new = [size for size in sizes if not _is_known(order[:size], len(places), known)]
        if new:
            kept = np.array(new, dtype=np.int64)
            found.append(Circles(centre, order[: kept[-1]], kept, away[order][kept - 1]))
    return tuple(found)


def _sizes(away: Floats, held: Floats, reach: Reach) -> list[int]:
    is_last_so_far = np.append(np.diff(away) > _ROUNDING * away[1:], True)
    allowed = is_last_so_far & (away <= reach.radius) & (held <= reach.share * held[-1]) & (held > 0)
    return [int(at) + 1 for at in np.flatnonzero(allowed)]


def _is_known(members: Ints, places: int, known: set[bytes]) -> bool:
    """Whether this set of places was there before; it is from now on."""
    mask = np.zeros(places, dtype=np.bool_)
    mask[members] = True
    key = np.packbits(mask).tobytes()
    if key in known:
        return True
    known.add(key)
    return False


def last_runs(periods: int, most: int) -> Runs:
    """Runs of 1 to `most` periods that end with the last: what is going on now."""
    lengths = np.arange(1, min(most, periods) + 1, dtype=np.int64)
    return Runs(periods - lengths, np.full(len(lengths), periods, dtype=np.int64))


def all_runs(periods: int, most: int) -> Runs:
    """All runs of 1 to `most` periods: what went on at any time."""
    each = [(np.arange(periods - length + 1, dtype=np.int64), length) for length in range(1, min(most, periods) + 1)]
    starts = np.concatenate([start for start, _ in each])
    return Runs(starts, starts + np.repeat([length for _, length in each], [len(start) for start, _ in each]))
