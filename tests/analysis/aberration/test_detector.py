"""Our detector: what its alarm, its bound and its chance mean; what it says where there is little to go by."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from entente.analysis.aberration import BadSettings, Reason, entente
from entente.analysis.aberration.detector import chance, needed, threshold
from entente.analysis.aberration.scenarios import CURRENT, SCENARIOS, simulate
from entente.analysis.aberration.tails import above, just, mid_p, quantile

LAST = np.array([623])


def simulated(series: int, mean: float = 5.0) -> np.ndarray:
    return np.random.default_rng(8).negative_binomial(mean, 0.5, (series, 624))


@pytest.mark.parametrize("mean", [0.1, 5.0, 300.0])
def test_an_alarm_is_a_count_above_the_bound(mean: float) -> None:
    counts = simulated(30, mean)
    bound = entente(counts, at=LAST).bound[:, 0].astype(int)
    for more, is_alarm in ((0, False), (1, True)):
        counts[:, 623] = bound + more
        found = entente(counts, at=LAST)
        assert (found.alarm[:, 0] == is_alarm).all()
        assert ((found.p[:, 0] <= 0.006) == is_alarm).all()


def test_the_week_before_speaks_too_unless_it_has_been_told() -> None:
    counts = simulated(1)
    bounds = []
    for before in (5, 12, 200):
        counts[0, 622] = before
        bounds.append(entente(counts, at=LAST).bound[0, 0])
    assert bounds[1] < bounds[0] == bounds[2]
    counts[0, 622:] = 12, bounds[0]
    assert entente(counts, at=LAST).has_last_week[0, 0]


def test_a_missing_week_before_leaves_this_week_alone() -> None:
    counts = simulated(1)
    mask = np.zeros(counts.shape, dtype=bool)
    mask[0, 622] = True
    found = entente(counts, at=LAST, mask=mask)
    assert found.reason[0, 0] == Reason.JUDGED
    assert not found.has_last_week[0, 0]


def test_a_series_of_zeros_has_an_answer() -> None:
    counts = np.zeros((1, 624), dtype=int)
    quiet = entente(counts, at=LAST)
    assert quiet.reason[0, 0] == Reason.JUDGED
    assert 0 < quiet.expected[0, 0] < 0.05
    assert not quiet.alarm[0, 0]
    counts[0, 623] = 3
    assert entente(counts, at=LAST).alarm[0, 0]


def test_what_cannot_be_judged_says_why() -> None:
    counts = simulated(3)
    mask = np.zeros(counts.shape, dtype=bool)
    mask[0, 623] = True
    mask[1, :570] = True
    mask[2] = ~np.isin(np.arange(624), [0, 1, 622, 623])
    found = entente(counts, at=LAST, mask=mask)
    assert found.reason[:, 0].tolist() == [Reason.NO_COUNT, Reason.SHORT_HISTORY, Reason.TOO_FEW_BASELINE_WEEKS]
    assert np.isnan(found.p).all()
    assert not found.alarm.any()


def test_a_trend_needs_three_years() -> None:
    counts = simulated(1)
    assert not entente(counts[:, :150], at=np.array([149])).has_trend[0, 0]
    assert entente(counts, at=LAST).has_trend[0, 0]


def test_a_past_outbreak_weighs_less() -> None:
    counts = simulated(1)
    calm = entente(counts, at=LAST)
    counts[0, 500:503] += 60
    found = entente(counts, at=LAST)
    assert found.n_down_weighted[0, 0] >= 3
    assert found.bound[0, 0] <= calm.bound[0, 0] + 3


def test_a_chance_that_is_none_is_refused() -> None:
    with pytest.raises(BadSettings):
        entente(simulated(1), at=LAST, alpha=0)


def test_the_chance_of_the_statistic_is_that_of_two_normal_scores() -> None:
    now, before = np.random.default_rng(3).normal(size=(2, 100_000))
    brought = np.where(before > 2.65, 0.0, np.maximum(before, 0.0))
    p = chance(now, brought)
    for level in (0.5, 0.05, 0.006):
        assert (p <= level).mean() == pytest.approx(level, abs=4 * np.sqrt(level / len(now)))
    np.testing.assert_array_equal(p <= 0.006, now >= needed(0.006, brought))
    assert threshold(0.006) < -stats.norm.ppf(0.003)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 80), st.floats(0.01, 60), st.floats(1, 8))
def test_tails_are_those_of_scipy(count: int, mean: float, dispersion: float) -> None:
    law = stats.nbinom(mean / (dispersion - 1), 1 / dispersion) if dispersion > 1 + 1e-6 else stats.poisson(mean)
    given_ = np.array([float(count)]), np.array([mean]), np.array([dispersion if dispersion > 1 + 1e-6 else 1.0])
    assert above(*given_)[0] == pytest.approx(law.sf(count), rel=1e-6, abs=1e-300)
    assert just(*given_)[0] == pytest.approx(law.pmf(count), rel=1e-6, abs=1e-300)
    assert mid_p(*given_)[0] == pytest.approx(law.sf(count) + law.pmf(count) / 2, rel=1e-6, abs=1e-300)
    assert quantile(0.005, *given_[1:])[0] == law.ppf(0.995)


def test_simulated_counts_have_the_mean_and_variance_they_say() -> None:
    for scenario in (SCENARIOS[0], SCENARIOS[20], SCENARIOS[41]):
        made = simulate(scenario, 300, np.random.default_rng(4))
        early = made.quiet[:, :300]
        means = scenario.means()[:300]
        assert early.mean() == pytest.approx(means.mean(), rel=0.03)
        assert ((early - means) ** 2 / means).mean() == pytest.approx(scenario.dispersion, rel=0.06)
        assert (made.struck >= made.quiet).all()
        assert made.current[:, CURRENT.start :].any(1).all()
        assert not made.current[:, : CURRENT.start].any()


@pytest.mark.slow
def test_quiet_weeks_are_rarely_alarms_and_outbreaks_mostly_found() -> None:
    """A small run of `entente bench aberration`; seeds of its own."""
    from entente.cli.bench_outbreaks import by, quality

    found = quality({"entente": by(entente)}, replicates=10, seed=4242)["entente"]
    assert 0.003 < found.false_alarm < 0.008
    assert found.found > 0.45
    assert found.false_discoveries < 0.2
