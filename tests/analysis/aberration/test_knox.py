"""Knox and near repeats: every pair and every permutation gone through one by one, and what must always hold."""

from importlib import import_module
from itertools import combinations, permutations
from math import asin, cos, hypot, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import pdist

from entente.analysis.aberration.knox import NotOneTimeEach, knox, near_repeats
from entente.analysis.aberration.monte_carlo import MonteCarlo, NoReplicates
from entente.analysis.aberration.positions import EARTH_RADIUS_KM, NotCoordinates, NotLimits, positions

UNHURRIED = settings(deadline=None, max_examples=60)  # a busy machine is no defect
ONE = MonteCarlo(replicates=1)
EVENTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 9)), min_size=2, max_size=25)
LIMITS = st.lists(st.integers(0, 8), min_size=1, max_size=4, unique=True).map(sorted)


def by_hand(events: list[tuple[int, int, int]], far: float, late: float) -> int:
    return sum(hypot(x - u, y - v) <= far and abs(t - w) <= late for (x, y, t), (u, v, w) in combinations(events, 2))


def columns(events: list[tuple[int, int, int]]) -> tuple[list[tuple[int, int]], list[int]]:
    return [(x, y) for x, y, _ in events], [t for _, _, t in events]


@UNHURRIED
@given(EVENTS, LIMITS, LIMITS)
def test_counts_are_those_of_every_pair(events: list[tuple[int, int, int]], far: list[int], late: list[int]) -> None:
    found = knox(*columns(events), far, late, on_earth=False, monte_carlo=ONE)
    assert [(cell.farther, cell.later) for cell in found.cells] == [(d, t) for d in far for t in late]
    assert [cell.observed for cell in found.cells] == [by_hand(events, d, t) for d in far for t in late]


@UNHURRIED
@given(EVENTS, LIMITS, LIMITS)
def test_bands_share_no_pair_and_add_up(events: list[tuple[int, int, int]], far: list[int], late: list[int]) -> None:
    whole = knox(*columns(events), far, late, on_earth=False, monte_carlo=ONE).cells[-1]
    bands = near_repeats(*columns(events), far, late, on_earth=False, monte_carlo=ONE).cells
    assert sum(cell.observed for cell in bands) == whole.observed
    assert sum(cell.expected for cell in bands) == pytest.approx(whole.expected)
    assert [cell.nearer for cell in bands[:: len(late)]] == [None, *far[:-1]]


@UNHURRIED
@given(EVENTS, st.integers(2, 6))
def test_a_measured_band_is_that_of_the_table(events: list[tuple[int, int, int]], far: int) -> None:
    """Beyond so many events pairs are measured and not looked up; the answers are the same."""
    looked_up = knox(*columns(events), [1, far], [1, 4], on_earth=False, monte_carlo=MonteCarlo(20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("entente.analysis.aberration.knox"), "MOST_IN_GRID", 0)
        measured = knox(*columns(events), [1, far], [1, 4], on_earth=False, monte_carlo=MonteCarlo(20))
    assert looked_up == measured


def test_expected_and_p_are_those_of_all_permutations() -> None:
    events = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (5, 5, 8), (5, 6, 9), (9, 0, 4), (9, 2, 5)]
    places, times = columns(events)
    counts = [
        by_hand([(*place, time) for place, time in zip(places, order, strict=True)], 2, 1)
        for order in permutations(times)
    ]
    (cell,) = knox(places, times, [2], [1], on_earth=False, monte_carlo=MonteCarlo(20_000)).cells
    exact = float(np.mean(np.array(counts) >= cell.observed))
    assert cell.expected == pytest.approx(np.mean(counts), rel=1e-12)
    assert cell.p == pytest.approx(exact, abs=4 * sqrt(exact * (1 - exact) / 20_000) + 1e-4)


def test_the_poisson_chance_is_of_as_many_or_more() -> None:
    events = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (5, 5, 8), (5, 6, 9), (9, 0, 4), (9, 2, 5)]
    (cell,) = knox(*columns(events), [2], [1], on_earth=False, monte_carlo=ONE).cells
    assert cell.p_poisson == pytest.approx(stats.poisson.sf(cell.observed - 1, cell.expected))


def test_no_close_pair_is_no_finding() -> None:
    (cell,) = knox([(0, 0), (50, 50), (0, 50)], [0, 500, 900], [1], [1], on_earth=False).cells
    assert (cell.observed, cell.expected, cell.ratio, cell.p, cell.p_poisson) == (0, 0.0, None, 1.0, 1.0)


def test_contagion_is_found_and_told_where() -> None:
    """Simulated: a third of the events are followed by another within 300 m and 5 days."""
    chance = np.random.default_rng(11)
    first = np.column_stack((chance.uniform(48.0, 48.6, 200), chance.uniform(-123.0, -122.2, 200)))
    when = chance.uniform(0, 300, 200)
    again = first[:70] + chance.uniform(-0.002, 0.002, (70, 2))
    found = near_repeats(
        np.vstack((first, again)), np.append(when, when[:70] + chance.uniform(0, 5, 70)), [0.5, 5, 20], [5, 30]
    )
    near = next(cell for cell in found.cells if (cell.farther, cell.later) == (0.5, 5))
    far = next(cell for cell in found.cells if (cell.farther, cell.later) == (20, 30))
    assert near.p == 0.001
    assert near.ratio is not None
    assert near.ratio > 5
    assert far.p > 0.01


@pytest.mark.slow
def test_events_that_bunch_in_space_and_in_time_are_no_near_repeats() -> None:
    """Simulated: half the events in one town, half in one month, each for itself. To shuffle pairs instead of times, as
    if pairs were independent (what R's `knox` does), finds something in a quarter of such files."""
    by_times, by_pairs, files = 0, 0, 200
    for seed in range(files):
        chance = np.random.default_rng(seed)
        is_town, is_month = chance.random((60, 1)) < 0.5, chance.random(60) < 0.5
        places = np.where(is_town, chance.normal(0, 1, (60, 2)), chance.uniform(-20, 20, (60, 2)))
        times = np.where(is_month, chance.normal(0, 3, 60), chance.uniform(-100, 100, 60))
        (cell,) = knox(places, times, [2], [5], on_earth=False, monte_carlo=MonteCarlo(99, seed=seed)).cells
        near, soon = pdist(places) <= 2, pdist(times[:, None]) <= 5
        by_times += cell.p <= 0.05
        by_pairs += stats.hypergeom(len(near), near.sum(), soon.sum()).sf(cell.observed - 1) <= 0.05
    assert by_times / files < 0.05 + 3 * sqrt(0.05 * 0.95 / files)
    assert by_pairs / files > 0.15


def test_early_stopping_costs_little_where_there_is_nothing() -> None:
    chance = np.random.default_rng(2)
    places, times = chance.uniform(0, 10, (100, 2)), chance.uniform(0, 100, 100)
    plan = MonteCarlo(replicates=9999, stop_after=10)
    found = knox(places, times, [2], [10], on_earth=False, monte_carlo=plan)
    assert found.drawn < 500
    assert found.cells[0].p > 0.02


def test_the_same_seed_gives_the_same_answer() -> None:
    chance = np.random.default_rng(3)
    places, times = chance.uniform(0, 10, (60, 2)), chance.uniform(0, 100, 60)
    first, again, other = (
        knox(places, times, [2], [10], on_earth=False, monte_carlo=MonteCarlo(seed=seed)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first.cells[0].observed == other.cells[0].observed


# Distances


def haversine(one: tuple[float, float], other: tuple[float, float]) -> float:
    (a, b), (c, d) = ([radians(x) for x in point] for point in (one, other))
    return 2 * EARTH_RADIUS_KM * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


POINTS = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


@UNHURRIED
@given(POINTS, POINTS)
def test_distances_on_the_earth_are_great_circles(one: tuple[float, float], other: tuple[float, float]) -> None:
    found = positions([one, other], on_earth=True).distances(np.array([0]), np.array([1]))[0]
    assert found == pytest.approx(haversine(one, other), rel=1e-7, abs=1e-6)


def test_the_date_line_and_the_poles_are_no_borders() -> None:
    where = positions([(0, 179.9), (0, -179.9), (90, 0), (90, 120), (-90, 0)], on_earth=True)
    found = where.distances(np.array([0, 2, 2]), np.array([1, 3, 4]))
    assert found == pytest.approx([haversine((0, 0), (0, 0.2)), 0, np.pi * EARTH_RADIUS_KM])


def test_the_whole_earth_is_within_reach() -> None:
    where = positions([(0, 0), (0, 180), (90, 0)], on_earth=True)
    assert len(where.close_pairs(np.array([30_000.0]))) == 3


@pytest.mark.parametrize("rows", [[(91, 0)], [(0, 361)], [(0, float("nan"))], [(1, 2, 3)], [1, 2]])
def test_what_is_not_on_the_earth_is_refused(rows: object) -> None:
    with pytest.raises(NotCoordinates):
        positions(rows, on_earth=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [[], [-1], [2, 1], [1, 1], [float("inf")], [float("nan")]])
def test_limits_rise(values: list[float]) -> None:
    with pytest.raises(NotLimits):
        knox([(0, 0), (1, 1)], [0, 1], values, [1], on_earth=False)


@pytest.mark.parametrize(("places", "times"), [([(0, 0)], [0]), ([(0, 0), (1, 1)], [0]), ([(0, 0)] * 3, [0, 1])])
def test_every_event_has_a_place_and_a_time(places: list[tuple[int, int]], times: list[int]) -> None:
    with pytest.raises(NotOneTimeEach):
        knox(places, times, [1], [1])


@pytest.mark.parametrize(("replicates", "stop_after"), [(0, None), (99, 0)])
def test_a_chance_needs_replicates(replicates: int, stop_after: int | None) -> None:
    with pytest.raises(NoReplicates):
        MonteCarlo(replicates, stop_after)
