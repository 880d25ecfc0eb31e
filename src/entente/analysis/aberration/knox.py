"""Do events that are near each other also come soon after each other: the Knox test, and tables of near repeats.

Counted are pairs of events close in both space and time (Knox, Applied Statistics 13, 1964). If times had nothing to do
with places, every assignment of the times to the places would be as likely (Mantel, Cancer Research 27, 1967): the
expected count is then exactly (pairs close in space) (pairs close in time) / (all pairs), and p is the share of random
assignments with as many pairs. Only close pairs are ever looked at, found by k-d trees.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from entente.analysis.aberration.monte_carlo import MonteCarlo, Tally
from entente.analysis.aberration.positions import Floats, Ints, Pairs, Positions, limits, positions
from entente.errors import InputFault

MOST_IN_GRID = 4000
"""Events up to which the bands of all pairs are kept in one table, a byte for each."""

Bands = Callable[[Ints, Ints], Ints]
"""The band of each pair given by its two events; one past the last for pairs that are not close."""


class NotOneTimeEach(InputFault):
    """There are {places} places and {times} times, and {wanted} or more of each are needed. Give every event both."""


@dataclass(frozen=True, slots=True)
class KnoxCell:
    """Pairs with a distance in (`nearer`, `farther`] and so long between them: (`sooner`, `later`].

    The lower ends None: from nothing, so that cells contain each other. `p_poisson` takes the count as Poisson with the
    expected mean: quick, and only roughly right, because pairs share events.
    """

    nearer: float | None
    farther: float
    sooner: float | None
    later: float
    observed: int
    expected: float
    p: float
    p_poisson: float

    @property
    def ratio(self) -> float | None:
        """How many times as many pairs as expected; None if none are."""
        return self.observed / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Knox:
    """The cells, by distance and within it by time, and how many assignments of times were `drawn`."""

    events: int
    drawn: int
    cells: tuple[KnoxCell, ...]


def knox(
    coordinates: ArrayLike,
    times: ArrayLike,
    distances: ArrayLike,
    lapses: ArrayLike,
    *,
    on_earth: bool = True,
    monte_carlo: MonteCarlo | None = None,
) -> Knox:
    """The Knox test for each pair of a largest distance and a largest lapse of time; both ends are included.

    `coordinates` [event, 2] are degrees of latitude and longitude, and `distances` km; not `on_earth`: any plain
    coordinates in the unit of `distances`. `times` [event] and `lapses` share one unit. Drawing stops early only if
    `monte_carlo` says so. Raises NotCoordinates, NotLimits, NotOneTimeEach.
    """
    edges = (limits(distances), limits(lapses))
    return _tested(coordinates, times, edges, monte_carlo, on_earth=on_earth, is_banded=False)


def near_repeats(
    coordinates: ArrayLike,
    times: ArrayLike,
    distances: ArrayLike,
    lapses: ArrayLike,
    *,
    on_earth: bool = True,
    monte_carlo: MonteCarlo | None = None,
) -> Knox:
    """As `knox`, in bands that share no pair: up to the first limit, above it and up to the second, and so on.

    A first distance of 0 is the same place (Johnson and others, Journal of Quantitative Criminology 23, 2007).
    """
    edges = (limits(distances), limits(lapses))
    return _tested(coordinates, times, edges, monte_carlo, on_earth=on_earth, is_banded=True)


def _tested(
    coordinates: ArrayLike,
    times: ArrayLike,
    edges: tuple[Floats, Floats],
    monte_carlo: MonteCarlo | None,
    *,
    on_earth: bool,
    is_banded: bool,
) -> Knox:
    sides = (positions(coordinates, on_earth=on_earth), positions(times, on_earth=False))
    if len(sides[0]) != len(sides[1]) or len(sides[0]) < 2 or sides[1].points.shape[1] != 1:
        raise NotOneTimeEach(places=len(sides[0]), times=len(sides[1]), wanted=2)
    plan = monte_carlo or MonteCarlo()
    counting = _Counting(sides, edges, is_banded=is_banded)
    observed, expected = counting.seen(), counting.expected()
    tally = Tally(observed.ravel(), plan)
    chance = plan.generator()
    while tally.left:
        rows = [counting.permuted(chance) for _ in range(min(plan.batch, tally.left))]
        tally.add(np.array(rows, dtype=np.float64))
    return Knox(len(sides[0]), tally.drawn, _cells(edges, observed, expected, tally.p(), is_banded=is_banded))


class _Counting:
    """Counts pairs by band of distance and band of time. The side with fewer close pairs is gone through; the other is
    asked for the band of each pair. To permute either side is to permute the other."""

    def __init__(self, sides: tuple[Positions, Positions], edges: tuple[Floats, Floats], *, is_banded: bool) -> None:
        close = [side.close_pairs(edge) for side, edge in zip(sides, edges, strict=True)]
        through = int(len(close[1]) < len(close[0]))
        self._pairs, other = close[through], 1 - through
        self._band = _asked(sides[other], close[other], edges[other])
        self._events, self._is_turned, self._is_banded = len(sides[0]), through == 1, is_banded
        self._shape = (len(edges[through]), len(edges[other]) + 1)
        self._row = self._pairs.band * self._shape[1]
        self._close = [np.bincount(pairs.band, minlength=len(edge)) for pairs, edge in zip(close, edges, strict=True)]

    def seen(self) -> Ints:
        return self._table(self._band(self._pairs.first, self._pairs.second))

    def permuted(self, chance: np.random.Generator) -> Ints:
        """The counts of one random assignment, flat."""
        order = chance.permutation(self._events)
        return self._table(self._band(order[self._pairs.first], order[self._pairs.second])).ravel()

    def expected(self) -> Floats:
        near, soon = (side if self._is_banded else side.cumsum() for side in self._close)
        return np.outer(near, soon) / (self._events * (self._events - 1) / 2)

    def _table(self, bands: Ints) -> Ints:
        counts = np.bincount(self._row + bands, minlength=self._shape[0] * self._shape[1]).reshape(self._shape)[:, :-1]
        counts = counts.T if self._is_turned else counts
        return counts if self._is_banded else counts.cumsum(0).cumsum(1)


def _asked(side: Positions, close: Pairs, edges: Floats) -> Bands:
    """How the bands of pairs are found: in a table of all pairs while that is small, else by measuring each."""
    many = len(side)
    if many > MOST_IN_GRID or len(edges) > np.iinfo(np.uint8).max:
        return lambda first, second: np.searchsorted(edges, side.distances(first, second)).astype(np.int64)
    grid = np.full((many, many), len(edges), dtype=np.uint8)
    grid[close.first, close.second] = grid[close.second, close.first] = close.band
    flat = grid.ravel()
    return lambda first, second: flat[first * many + second].astype(np.int64)


def _cells(
    edges: tuple[Floats, Floats], observed: Ints, expected: Floats, p: Floats, *, is_banded: bool
) -> tuple[KnoxCell, ...]:
    below = [[None, *edge[:-1].tolist()] if is_banded else [None] * len(edge) for edge in edges]
    p_poisson = np.where(observed > 0, special.gammainc(np.maximum(observed, 1), expected), 1.0)
    shaped = p.reshape(observed.shape)
    return tuple(
        KnoxCell(
            nearer=below[0][row],
            farther=float(edges[0][row]),
            sooner=below[1][column],
            later=float(edges[1][column]),
            observed=int(observed[row, column]),
            expected=float(expected[row, column]),
            p=float(shaped[row, column]),
            p_poisson=float(p_poisson[row, column]),
        )
        for row, column in np.ndindex(observed.shape)
    )
