"""Growth pooled over places, and what is new where somebody had looked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.analysis import SMALLEST_P, Stratum, growth
from entente.analysis.aberration import BetaPrior, Sight, first_seen, pooled_trend, trend_p

COUNT = st.integers(0, 30)
PLACE = st.tuples(COUNT, COUNT, COUNT, COUNT).map(lambda c: (c[0], c[0] + c[1], c[2], c[2] + c[3]))


@given(st.lists(PLACE, min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_with_two_periods_it_is_the_growth_test(places: list[tuple[int, int, int, int]]) -> None:
    early = growth([Stratum(*place) for place in places]).p
    table = np.array(places)
    assert trend_p(table[:, [0, 2]], table[:, [1, 3]]) == pytest.approx(early, rel=1e-6, abs=2 * SMALLEST_P)


def test_the_chance_by_hand() -> None:
    assert trend_p(np.array([[0, 0, 2]]), np.array([[10, 10, 10]])) == pytest.approx(1 / 9)
    assert trend_p(np.array([[0, 1, 1]]), np.array([[10, 10, 10]])) == pytest.approx(3 / 9)


def test_flat_shares_are_seldom_called_growth_though_volume_grows() -> None:
    rng = np.random.default_rng(5)
    p = []
    for _ in range(200):
        tested = rng.poisson(200 * np.exp(rng.normal(0, 1, (12, 1)) + 0.3 * np.arange(6)))
        p.append(trend_p(rng.binomial(tested, rng.beta(0.5, 100, 12)[:, None]), tested))
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 / 200)


def test_a_place_with_few_finds_borrows_from_the_others() -> None:
    tested = np.full((6, 6), 300)
    positive = np.array([[1, 2, 3, 6, 11, 20]] * 5 + [[0, 0, 0, 0, 1, 0]])
    trend = pooled_trend(positive, tested)
    assert trend.p < 1e-6
    assert trend.low < np.log(1.8) < trend.high
    assert trend.doubling == pytest.approx(np.log(2) / trend.slope)
    assert 0.2 < trend.slopes[5] < trend.slopes[0] + 0.1
    assert trend.slopes_high[5] - trend.slopes_low[5] > trend.slopes_high[0] - trend.slopes_low[0]
    assert trend.places == 6
    assert trend.observed == 100
    assert trend.expected == pytest.approx((5 * 43 + 1) / 6)


def test_shares_that_vary_need_more_to_be_called_growth() -> None:
    tested = np.full((4, 4), 300)
    positive = np.array([[10, 12, 15, 17]] * 4)
    assert trend_p(positive, tested, variation=0.2) > trend_p(positive, tested)


def test_nothing_to_compare_is_no_growth() -> None:
    trend = pooled_trend(np.array([[0, 0, 4]]), np.array([[0, 0, 10]]))
    assert (trend.p, trend.places, trend.slope) == (1.0, 0, 0.0)


def test_new_is_only_what_somebody_had_looked_for() -> None:
    tested = np.array([[[9, 9, 9, 9, 9, 0, 0, 9], [0, 0, 9, 9, 0, 9, 9, 9]]])
    positive = np.array([[[0, 1, 2, 0, 0, 0, 0, 1], [0, 0, 0, 1, 0, 0, 1, 0]]])
    seen = first_seen(positive, tested, BetaPrior(0.5, 50), window=2)
    here = [Sight(code) for code in seen.sights[0, 0]]
    there = [Sight(code) for code in seen.sights[0, 1]]
    assert here[:3] == [Sight.ABSENT, Sight.FIRST_ANYWHERE, Sight.KNOWN]
    assert here[5:] == [Sight.UNTESTED, Sight.UNTESTED, Sight.NOT_COMPARABLE]
    assert there[:4] == [Sight.UNTESTED, Sight.UNTESTED, Sight.ABSENT, Sight.FIRST_HERE]
    assert there[6] == Sight.AGAIN
    assert seen.first_here.tolist() == [[1, 3]]
    assert seen.first_anywhere.tolist() == [1]
    assert seen.p[0, 0, 1] == pytest.approx(1 - np.prod([(59 - 0.0 + i) / (59.5 + i) for i in range(9)]))
    assert seen.p[0, 1, 6] == 1.0
