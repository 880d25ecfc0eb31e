"""Where things happened: points whose distances are lengths, on the Earth or on a plane, and which pairs are close."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from entente.errors import InputFault

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the ellipsoid GRS 80 (International Union of Geodesy and Geophysics)."""
_SLACK = 1 + 1e-9  # the tree looks a little further, so that rounding on its side loses no pair


class NotCoordinates(InputFault):
    """Coordinates of shape {shape} cannot be used. Give one row of finite numbers for each place; on the Earth a
    latitude from -90 to 90 and a longitude from -360 to 360, in degrees."""


class NotLimits(InputFault):
    """The limits {limits} do not rise from 0 or above. Give one or more finite numbers, each larger than the last."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of positions no farther apart than the last of some limits; `first` < `second`.

    `band` 0: the distance is at most the first limit; 1: above it and at most the second; and so on.
    """

    first: Ints
    second: Ints
    band: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Positions:
    """`points` [position, dimension]: on the Earth, points of a sphere in three dimensions, in km from its centre."""

    points: Floats
    is_on_earth: bool = False

    def __len__(self) -> int:
        return len(self.points)

    def distances(self, first: Ints, second: Ints) -> Floats:
        """From each of `first` to the one of `second` beside it: great-circle km, or straight."""
        return self._lengths(self.points[first] - self.points[second])

    def distances_to(self, other: "Positions", which: int) -> Floats:
        """From each of these to position `which` of `other`, which lie in the same space."""
        return self._lengths(self.points - other.points[which])

    def close_pairs(self, limits: Floats) -> Pairs:
        """All pairs up to the last limit apart, by a k-d tree; a distance equal to a limit is within it."""
        tree = cKDTree(self.points)
        pairs = tree.query_pairs(self._chord(float(limits[-1])) * _SLACK, output_type="ndarray").astype(np.int64)
        first, second = pairs[:, 0], pairs[:, 1]
        band = np.searchsorted(limits, self.distances(first, second), side="left").astype(np.int64)
        near = band < len(limits)
        return Pairs(first[near], second[near], band[near])

    def _lengths(self, away: Floats) -> Floats:
        straight = np.sqrt((away * away).sum(axis=-1))
        if not self.is_on_earth:
            return np.asarray(straight, dtype=np.float64)
        return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(straight / (2 * EARTH_RADIUS_KM), 1.0)))

    def _chord(self, distance: float) -> float:
        """The straight length between two points `distance` apart."""
        if not self.is_on_earth:
            return distance
        return float(2 * EARTH_RADIUS_KM * np.sin(min(distance / (2 * EARTH_RADIUS_KM), np.pi / 2)))


def positions(coordinates: ArrayLike, *, on_earth: bool) -> Positions:
    """Positions from rows of coordinates: latitude and longitude in degrees on the Earth, else plain numbers.

    Raises NotCoordinates.
    """
    rows = np.asarray(coordinates, dtype=np.float64)
    if rows.ndim == 1 and not on_earth:
        rows = rows[:, None]
    if rows.ndim != 2 or not np.isfinite(rows).all() or (on_earth and not _is_in_degrees(rows)):
        raise NotCoordinates(shape=rows.shape)
    return Positions(_on_sphere(rows), is_on_earth=True) if on_earth else Positions(rows)


def limits(values: ArrayLike) -> Floats:
    """Upper limits of bands of distance or time. Raises NotLimits."""
    given = np.atleast_1d(np.asarray(values, dtype=np.float64))
    is_rising = all(low < high for low, high in pairwise(given))
    if given.ndim != 1 or not len(given) or not np.isfinite(given).all() or given[0] < 0 or not is_rising:
        raise NotLimits(limits=", ".join(str(value) for value in given.ravel()))
    return given


def _is_in_degrees(rows: Floats) -> bool:
    return rows.shape[1] == 2 and bool((np.abs(rows) <= (90, 360)).all())


def _on_sphere(degrees: Floats) -> Floats:
    latitude, longitude = np.radians(degrees).T
    across = np.cos(latitude)
    return EARTH_RADIUS_KM * np.column_stack((across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)))
