"""The scans beside one that goes through every cylinder with loops and the formulas as printed; planted clusters."""

from collections.abc import Callable, Iterator
from math import hypot, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from entente.analysis.aberration import scanning
from entente.analysis.aberration.cylinders import NotAReach, Reach
from entente.analysis.aberration.expectation_scan import NotExpectations, expectation_scan
from entente.analysis.aberration.monte_carlo import MonteCarlo
from entente.analysis.aberration.permutation_scan import NotCountsOfPlaces, permutation_scan
from entente.analysis.aberration.scanning import Scan

UNHURRIED = settings(deadline=None, max_examples=40)  # a busy machine is no defect
ONE = MonteCarlo(replicates=1)
Cylinder = tuple[frozenset[int], int, int]
"""Places, first and last period."""
Formula = Callable[[Cylinder], float]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[int, int]], Any]:
    """Places on a small grid, some in the same spot, and their counts."""
    places = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=7))
    periods = draw(st.integers(1, 6))
    rows = st.lists(st.integers(0, 4), min_size=periods, max_size=periods)
    return places, np.array(draw(st.lists(rows, min_size=len(places), max_size=len(places))))


REACHES = st.builds(Reach, st.integers(1, 7), st.sampled_from([0.0, 1.0, 2.5, 99.0]), st.sampled_from([0.2, 0.5]))


def cylinders(places: list[tuple[int, int]], weights: Any, periods: int, reach: Reach) -> Iterator[Cylinder]:
    """Every cylinder around every place, told in the plainest way; also those of any time."""
    for centre in places:
        for edge in places:
            radius = hypot(centre[0] - edge[0], centre[1] - edge[1])
            inside = frozenset(at for at, (x, y) in enumerate(places) if hypot(centre[0] - x, centre[1] - y) <= radius)
            held = sum(weights[at] for at in inside)
            if radius <= reach.radius and 0 < held <= reach.share * sum(weights):
                for first in range(periods):
                    for last in range(first, min(periods, first + reach.periods)):
                        yield inside, first, last


def greedy(found: list[tuple[Cylinder, float]], most: int) -> list[float]:
    """The scores of the highest cylinder, the highest that shares no cell with it, and so on.

    Cylinders of one score may hide different others; where that can be, only the scores above the tie are told.
    """
    told: list[float] = []
    left = found
    while left and len(told) < most:
        top = max(score for _, score in left)
        tied = {cylinder for cylinder, score in left if score > top - 1e-9}
        if top <= 1e-9:
            break
        told.append(top)
        if len(tied) > 1:
            break
        best = tied.pop()
        left = [(cylinder, score) for cylinder, score in left if not shares(best, cylinder)]
    return told


def shares(one: Cylinder, other: Cylinder) -> bool:
    return bool(one[0] & other[0]) and one[1] <= other[2] and other[1] <= one[2]


def permuted(counts: Any) -> Formula:
    def score(cylinder: Cylinder) -> float:
        places, first, last = cylinder
        total = int(counts.sum())
        c = sum(int(counts[place, period]) for place in places for period in range(first, last + 1))
        of_places = sum(int(counts[place].sum()) for place in places)
        of_periods = int(counts[:, first : last + 1].sum())
        mean = of_places * of_periods / total
        if c <= mean:
            return 0.0
        return c * log(c / mean) + ((total - c) * log((total - c) / (total - mean)) if c < total else 0.0)

    return score


def awaited(counts: Any, expected: Any) -> Formula:
    def score(cylinder: Cylinder) -> float:
        places, first, last = cylinder
        cells = [(place, period) for place in places for period in range(first, last + 1)]
        c, mean = sum(float(counts[cell]) for cell in cells), sum(float(expected[cell]) for cell in cells)
        return c * log(c / mean) - (c - mean) if c > mean else 0.0

    return score


def compare(scan: Scan, every: set[Cylinder], score: Formula, most: int) -> None:
    """The scan looked at every cylinder, and each of its clusters has the score that loops give it."""
    scored = [(cylinder, score(cylinder)) for cylinder in every]
    assert scan.cylinders == len(every)
    told = greedy(scored, most)
    found = [cluster.score for cluster in scan.clusters if cluster.score > 1e-9]
    assert found[: len(told)] == pytest.approx(told, abs=1e-9)
    for cluster in scan.clusters:
        cylinder = (frozenset(cluster.places), cluster.first, cluster.last)
        assert cylinder in every
        assert cluster.score == pytest.approx(score(cylinder), abs=1e-9)
    pairs = [(one, other) for one in scan.clusters for other in scan.clusters if one is not other]
    assert not any(one.overlaps(other) for one, other in pairs)


@UNHURRIED
@given(table=tables(), reach=REACHES, is_retrospective=st.booleans())
def test_the_permutation_scan_is_every_cylinder(
    table: tuple[list[tuple[int, int]], Any], reach: Reach, *, is_retrospective: bool
) -> None:
    places, counts = table
    scan = permutation_scan(
        counts, places, reach, on_earth=False, is_retrospective=is_retrospective, monte_carlo=ONE, most=3
    )
    if counts.sum() < 2:
        assert scan.clusters == ()
        return
    periods = counts.shape[1]
    every = set(cylinders(places, counts.sum(axis=1), periods, reach))
    every = {one for one in every if is_retrospective or one[2] == periods - 1}
    compare(scan, every, permuted(counts), 3)


@UNHURRIED
@given(table=tables(), reach=REACHES, is_dispersed=st.booleans(), chance=st.randoms(use_true_random=False))
def test_the_expectation_scan_is_every_cylinder(
    table: tuple[list[tuple[int, int]], Any], reach: Reach, *, is_dispersed: bool, chance: Any
) -> None:
    places, counts = table
    expected = np.array([[chance.uniform(0.1, 3) for _ in row] for row in counts])
    spread = np.array([chance.uniform(1, 4) for _ in places]) if is_dispersed else None
    scan = expectation_scan(counts, expected, places, reach, dispersion=spread, on_earth=False, monte_carlo=ONE, most=3)
    late = max(0, counts.shape[1] - reach.periods)
    every = set(cylinders(places, expected[:, late:].sum(axis=1), counts.shape[1], reach))
    by = 1.0 if spread is None else spread[:, None]
    compare(scan, {one for one in every if one[2] == counts.shape[1] - 1}, awaited(counts / by, expected / by), 3)
    for cluster in scan.clusters:
        cells = np.ix_(cluster.places, range(cluster.first, cluster.last + 1))
        assert cluster.observed == counts[cells].sum()
        assert cluster.expected == pytest.approx(expected[cells].sum())


@pytest.mark.parametrize("is_retrospective", [False, True])
def test_pieces_of_any_size_give_the_same_answer(*, is_retrospective: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    counts, places = planted(np.random.default_rng(4), ratio=3)

    def scanned() -> Scan:
        plan = MonteCarlo(5)
        return permutation_scan(counts, places, Reach(5), is_retrospective=is_retrospective, monte_carlo=plan)

    whole = scanned()
    monkeypatch.setattr(scanning, "_BLOCK", 1000)
    assert scanned().clusters == whole.clusters


# Planted clusters: 36 simulated places 10 km apart; in the last 4 of 60 days 4 of a corner have `ratio` times as many

CORNER = frozenset({0, 1, 6, 7})


def planted(chance: np.random.Generator, ratio: float) -> tuple[Any, Any]:
    rows, columns = np.divmod(np.arange(36), 6)
    places = np.column_stack((49 + rows * 0.09, -123 + columns * 0.137))
    means = np.full((36, 60), 0.5)
    means[np.ix_(sorted(CORNER), range(56, 60))] *= ratio
    return chance.poisson(means), places


def test_a_planted_cluster_is_found_where_and_when_it_is() -> None:
    counts, places = planted(np.random.default_rng(1), ratio=6)
    scan = permutation_scan(counts, places, Reach(7))
    best = scan.clusters[0]
    assert best.p == 0.001
    assert best.p_gumbel is not None
    assert best.p_gumbel < 1e-4
    assert best.recurrence == pytest.approx(1 / best.p_gumbel)
    assert set(best.places) >= CORNER
    assert (best.first, best.last) == (56, 59)
    assert best.ratio > 2.5
    assert all(other.p > 0.05 for other in scan.clusters[1:])


def test_two_clusters_of_the_past_are_told_apart() -> None:
    chance = np.random.default_rng(5)
    counts, places = planted(chance, ratio=1)
    counts[np.ix_([0, 1, 6, 7], range(10, 14))] += chance.poisson(3, (4, 4))
    counts[np.ix_([0, 1, 6, 7], range(40, 44))] += chance.poisson(3, (4, 4))
    scan = permutation_scan(counts, places, Reach(7), is_retrospective=True, monte_carlo=MonteCarlo(99))
    assert {(cluster.first, cluster.last) for cluster in scan.clusters[:2]} == {(10, 13), (40, 43)}
    assert [cluster.p for cluster in scan.clusters[:2]] == [0.01, 0.01]


def test_a_rise_everywhere_is_seen_by_expectation_only() -> None:
    chance = np.random.default_rng(6)
    counts, places = planted(chance, ratio=1)
    counts[:, 56:] += chance.poisson(0.5, (36, 4))
    assert permutation_scan(counts, places, Reach(7)).clusters[0].p > 0.05
    assert expectation_scan(counts, np.full(counts.shape, 0.5), places, Reach(7)).clusters[0].p == 0.001


def test_dispersed_counts_do_not_cry_wolf() -> None:
    """Counts with a variance of 3 means, told as such, are no clusters; taken as Poisson they are."""
    means, cried, calm = np.full((36, 7), 4.0), 0, 0
    _, places = planted(np.random.default_rng(0), 1)
    for seed in range(6):
        counts = np.random.default_rng(seed).negative_binomial(means / 2, 1 / 3)
        plan = MonteCarlo(99, stop_after=10)
        cried += expectation_scan(counts, means, places, Reach(7), monte_carlo=plan).clusters[0].p <= 0.05
        told = expectation_scan(counts, means, places, Reach(7), dispersion=np.full(36, 3.0), monte_carlo=plan)
        calm += told.clusters[0].p > 0.05
    assert cried >= 5
    assert calm >= 5


def test_circles_may_stand_around_other_centres() -> None:
    counts, places = planted(np.random.default_rng(1), ratio=6)
    centre = places[sorted(CORNER)].mean(axis=0)
    scan = permutation_scan(counts, places, Reach(7, radius=10), centres=[centre])
    assert scan.clusters[0].places == tuple(sorted(CORNER))
    assert scan.cylinders == 14  # 7 runs of days; the two in the north are a little nearer
    assert scan.clusters[0].radius < 8


def test_one_case_is_no_cluster() -> None:
    scan = permutation_scan(np.array([[0, 1], [0, 0]]), [(0, 0), (1, 1)], Reach(2))
    assert (scan.clusters, scan.drawn) == ((), 0)


@pytest.mark.slow
def test_p_is_uniform_when_nothing_is_going_on() -> None:
    """300 simulated tables without clusters: by rank and by the fitted tail."""
    counted, fitted = [], []
    for seed in range(300):
        counts, places = planted(np.random.default_rng(seed), ratio=1)
        best = permutation_scan(counts, places, Reach(7), monte_carlo=MonteCarlo(99, seed=seed)).clusters[0]
        counted.append(best.p)
        fitted.append(best.p_gumbel)
    assert stats.kstest(np.array(counted) - 0.005, "uniform").pvalue > 0.001
    assert stats.kstest(fitted, "uniform").pvalue > 0.001


@pytest.mark.parametrize(
    "counts", [[[1, -1], [0, 2]], [[0.5, 1.0], [1.0, 2.0]], [[1, 2]], [1, 2], np.zeros((2, 0), dtype=int)]
)
def test_what_is_not_counted_is_refused(counts: Any) -> None:
    with pytest.raises(NotCountsOfPlaces):
        permutation_scan(counts, [(0, 0), (1, 1)], Reach(2))


@pytest.mark.parametrize(
    ("expected", "dispersion"),
    [([[1, 0], [1, 1]], None), ([[1, 1]], None), ([[1, np.nan], [1, 1]], None), (np.ones((2, 2)), [0.5, 1])],
)
def test_what_cannot_be_expected_is_refused(expected: Any, dispersion: Any) -> None:
    with pytest.raises(NotExpectations):
        expectation_scan([[1, 2], [0, 1]], expected, [(0, 0), (1, 1)], Reach(2), dispersion=dispersion)


@pytest.mark.parametrize(("periods", "radius", "share"), [(0, 1, 0.5), (1, -1, 0.5), (1, 1, 0.6), (1, 1, 0)])
def test_a_reach_is_possible(periods: int, radius: float, share: float) -> None:
    with pytest.raises(NotAReach):
        Reach(periods, radius, share)
