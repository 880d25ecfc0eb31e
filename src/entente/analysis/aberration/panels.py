"""Simulated panels of laboratory counts, with the truth: quiet ones and ones in which substances emerge.

Volumes differ a hundredfold between places, change from period to period, and are nothing before a place takes part;
shares of a substance differ between places and vary between periods, in each place by itself and in all together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.prior import Counts, Floats

JOINS_LATE, MISSES = 0.3, 0.03
"""The part of places that take part only later, and of periods in which a place reports nothing."""


@dataclass(frozen=True, slots=True)
class Panel:
    """SIMULATED. `positive`, `tested` [substance, place, period]; `regions` [place]; `is_rising` [substance, place,
    period]: the share is more than twice what it was before the rise, by design."""

    positive: Counts
    tested: Counts
    regions: Counts
    is_rising: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Design:
    """How a panel is simulated. `variation` and `shared` are squared coefficients of variation of the odds. `rising`
    substances emerge: from a random period on their share multiplies by `growth` a period, in one place, in one region
    or everywhere, up to two in a hundred."""

    substances: int = 40
    places: int = 50
    regions: int = 4
    periods: int = 24
    volume: float = 1500.0
    variation: float = 0.1
    shared: float = 0.0
    rising: int = 0
    growth: float = 2.0


def simulated_panel(rng: np.random.Generator, design: Design) -> Panel:
    shape = (design.substances, design.places, design.periods)
    tested = np.broadcast_to(_volumes(rng, design), shape).astype(np.int64)
    mean = 10 ** rng.uniform(-6, -1.5, (design.substances, 1))
    shares = (mean * rng.gamma(0.7, 1 / 0.7, shape[:2]))[..., None] * np.ones(design.periods)
    regions = np.sort(rng.integers(design.regions, size=design.places))
    is_rising = np.zeros(shape, dtype=bool)
    for substance in range(design.rising):
        risen, where = _rise(rng, design, regions)
        shares[substance] = np.maximum(shares[substance] / 30, where[:, None] * risen)
        is_rising[substance] = where[:, None] & (risen > 0)
    factor = _factor(rng, design.variation, shape) * _factor(rng, design.shared, (design.substances, 1, design.periods))
    odds = shares / (1 - np.minimum(shares, 0.5)) * factor
    return Panel(rng.binomial(tested, odds / (1 + odds)), tested, regions, is_rising)


def _volumes(rng: np.random.Generator, design: Design) -> Counts:
    sizes = design.volume * np.exp(rng.normal(0, 1.2, (design.places, 1)))
    tested = rng.poisson(sizes * np.exp(rng.normal(0, 0.3, (design.places, design.periods))))
    joined = np.where(rng.random(design.places) < JOINS_LATE, rng.integers(design.periods, size=design.places), 0)
    takes_part = np.arange(design.periods) >= joined[:, None]
    return np.asarray(tested * (takes_part & (rng.random(tested.shape) >= MISSES)))


def _rise(rng: np.random.Generator, design: Design, regions: Counts) -> tuple[Floats, NDArray[np.bool_]]:
    """The share that is added in each period, and the places in which it is."""
    onset = int(rng.integers(design.periods // 4, design.periods - 2))
    since = np.arange(design.periods) - onset
    risen = np.where(since >= 0, np.minimum(0.02, 1e-4 * design.growth ** np.maximum(since, 0)), 0.0)
    place = int(rng.integers(design.places))
    reach = (np.arange(design.places) == place, regions == regions[place], np.ones(design.places, dtype=bool))
    return risen, reach[int(rng.integers(3))]


def _factor(rng: np.random.Generator, variation: float, shape: tuple[int, ...]) -> Floats:
    return rng.gamma(1 / variation, variation, shape) if variation > 0 else np.ones(shape)
