"""The CUSUM of shares: no history, changing volume, a stated rate of false alarms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from entente.analysis.aberration import BetaPrior, ImpossibleShare, WrongShape, pooled_prior, share_cusum, variation
from entente.analysis.aberration.predictive import Predictive, count_law

RARE = BetaPrior(0.3, 60.0)


def quiet(series: int, periods: int, prior: BetaPrior, varies: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Simulated: shares from the prior, volumes that change tenfold, one period in ten without tests."""
    rng = np.random.default_rng(seed)
    share = rng.beta(prior.found, prior.missed, series)[:, None]
    odds = share / (1 - share) * (rng.gamma(1 / varies, varies, (series, periods)) if varies else 1.0)
    tested = rng.poisson(150 * np.exp(rng.normal(0, 1, (series, periods)))) * (rng.random((series, periods)) < 0.9)
    return rng.binomial(tested, odds / (1 + odds)), tested


@pytest.mark.parametrize(("prior", "varies"), [(RARE, 0.0), (BetaPrior(2, 40), 0.1), (BetaPrior(3, 6), 0.05)])
def test_quiet_series_alarm_no_more_often_than_stated(prior: BetaPrior, varies: float) -> None:
    positive, tested = quiet(150, 30, prior, varies, seed=7)
    chart = share_cusum(positive, tested, prior, variation=varies, alpha=0.01)
    looked = chart.is_tested.sum()
    assert chart.alarm.sum() / looked <= 0.01 + 3 * np.sqrt(0.01 / 150)  # alarms of a series come together


def test_a_share_that_doubles_is_found_before_it_is_common() -> None:
    tested = np.full((1, 20), 400)
    positive = np.zeros((1, 20), dtype=int)
    positive[0, 12:] = [1, 2, 4, 8, 16, 32, 64, 128]
    chart = share_cusum(positive, tested, RARE, alpha=0.001)
    first = int(np.argmax(chart.alarm[0]))
    assert chart.alarm[0].any()
    assert positive[0, first] <= 8
    assert chart.since[0, first] == 12
    assert not chart.alarm[0, :12].any()


def test_what_nobody_tested_is_not_zero_found() -> None:
    positive, tested = np.array([[1, 2, 0, 0, 4]]), np.array([[50, 50, 0, 0, 50]])
    gap = share_cusum(positive, tested, RARE)
    closed = share_cusum(positive[:, [0, 1, 4]], tested[:, [0, 1, 4]], RARE)
    assert gap.p[0, [0, 1, 4]].tolist() == closed.p[0].tolist()
    assert gap.p[0, 2] == 1.0
    assert not gap.alarm[0, 2]
    assert gap.statistic[0, 2] == gap.statistic[0, 1]
    assert gap.is_tested[0].tolist() == [True, True, False, False, True]


def test_the_bound_is_the_smallest_count_that_alarms() -> None:
    positive, tested = np.array([[0, 1, 0, 2, 1, 0]]), np.array([[90, 200, 40, 300, 80, 120]])
    chart = share_cusum(positive, tested, RARE, alpha=0.01)
    for period, bound in enumerate(chart.bound[0]):
        for count in (bound - 1, bound):
            tried = positive[:, : period + 1].copy()
            tried[0, period] = count
            alarm = share_cusum(tried, tested[:, : period + 1], RARE, alpha=0.01).alarm[0, period]
            assert alarm == (count == bound)


@given(st.integers(1, 400), st.floats(0.01, 50), st.floats(0.5, 500))
@settings(max_examples=60, deadline=None)
def test_counts_are_beta_binomial_and_scores_are_likelihood_ratios(tests: int, found: float, missed: float) -> None:
    law = count_law(Predictive(found, missed, 0.0), tests, 2.0)
    counts = np.arange(law.first, law.last + 1)
    assert np.allclose(law.chances, stats.betabinom.pmf(counts, tests, found, missed), atol=1e-9)
    ratio = stats.betabinom.logpmf(counts, tests, found, missed / 2) - stats.betabinom.logpmf(
        counts, tests, found, missed
    )
    assert np.allclose(law.scores, ratio, atol=1e-6)
    assert (np.diff(law.scores) > 0).all()


def test_the_prior_and_the_variation_of_simulated_shares_are_found_again() -> None:
    positive, tested = quiet(900, 30, BetaPrior(1, 50), 0.1, seed=3)
    prior = pooled_prior(positive, tested)
    assert prior.found == pytest.approx(1, rel=0.15)
    assert prior.mean == pytest.approx(1 / 51, rel=0.15)
    shape = (30, 30, 30)
    assert variation(positive.reshape(shape), tested.reshape(shape)) == pytest.approx(0.1, rel=0.35)


def test_nothing_to_pool_leaves_a_prior_that_says_so() -> None:
    none = np.zeros((5, 4), dtype=int)
    assert pooled_prior(none, none) == BetaPrior(0.5, 0.5)
    assert pooled_prior(none, none + 10).mean == pytest.approx(0.5 / 201)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ImpossibleShare):
        share_cusum(np.array([[3]]), np.array([[2]]), RARE)
    with pytest.raises(WrongShape):
        share_cusum(np.array([[3, 1]]), np.array([[4]]), RARE)
