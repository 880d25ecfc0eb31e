"""Chances by replicates: exact under the null with and without early stopping, and a tail that fits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from entente.analysis.aberration.monte_carlo import FEWEST_FOR_TAIL, MonteCarlo, Tally, gumbel_tail

STATISTICS = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=60)


def one_by_one(observed: float, drawn: list[float], stop_after: int | None) -> float:
    """The rule as it is told: draw until so many have reached it."""
    reached = 0
    for number, statistic in enumerate(drawn, start=1):
        reached += statistic >= observed
        if reached == stop_after:
            return reached / number
    return (reached + 1) / (len(drawn) + 1)


@settings(deadline=None)
@given(st.integers(0, 9), STATISTICS, st.none() | st.integers(1, 8), st.integers(1, 7))
def test_replicates_in_batches_are_replicates_one_by_one(
    observed: int, drawn: list[float], stop_after: int | None, batch: int
) -> None:
    tally = Tally([observed, 9.5], MonteCarlo(len(drawn), stop_after))
    for at in range(0, len(drawn), batch):
        tally.add(np.array(drawn[at : at + batch]))
    assert tally.p()[0] == pytest.approx(one_by_one(observed, drawn, stop_after))
    assert tally.p()[1] == pytest.approx(1 / (len(drawn) + 1))
    assert tally.left == 0


def test_drawing_goes_on_until_every_statistic_has_its_chance() -> None:
    tally = Tally([0.0, 5.0], MonteCarlo(100, stop_after=2))
    tally.add(np.array([[1.0, 1.0], [1.0, 1.0]]))
    assert tally.left == 98
    tally.add(np.array([[1.0, 6.0], [1.0, 6.0], [1.0, 6.0]]))
    assert tally.left == 0
    assert tally.p() == pytest.approx([1.0, 0.5])


def test_rounding_does_not_make_a_tie_a_difference() -> None:
    tally = Tally([0.1 + 0.2], MonteCarlo(1))
    tally.add(np.array([0.3]))
    assert tally.reached[0] == 1


@pytest.mark.parametrize("stop_after", [None, 5])
def test_p_is_uniform_when_nothing_is_going_on(stop_after: int | None) -> None:
    """At no level is p smaller more often than it says, and at levels that it can take nearly as often."""
    chance, found = np.random.default_rng(8), []
    for _ in range(4000):
        drawn = chance.normal(size=100)
        tally = Tally([drawn[0]], MonteCarlo(99, stop_after))
        tally.add(drawn[1:])
        found.append(float(tally.p()[0]))
    for level in (0.01, 0.05, 0.2, 0.5):
        share, error = np.mean(np.array(found) <= level + 1e-12), 4 * np.sqrt(level * (1 - level) / 4000)
        assert level * 0.8 - error < share < level + error


def test_the_tail_is_that_of_gumbel() -> None:
    drawn = stats.gumbel_r(loc=7, scale=1.3).rvs(20_000, random_state=np.random.default_rng(1))
    tail = gumbel_tail([9.0, 20.0], drawn)
    assert tail is not None
    assert tail == pytest.approx(stats.gumbel_r(loc=7, scale=1.3).sf([9.0, 20.0]), rel=0.25)


def test_no_tail_from_little() -> None:
    assert gumbel_tail([1.0], np.arange(FEWEST_FOR_TAIL - 1.0)) is None
    assert gumbel_tail([1.0], np.zeros(500)) is None
