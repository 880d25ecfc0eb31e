"""Growth of a share: known answers reached another way, and what must hold whatever the counts."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from entente.analysis import Dispersion, Stratum, dispersion, growth, q_values
from entente.analysis.growth import SMALLEST_P

UNHURRIED = settings(deadline=None, max_examples=60)  # a busy machine is no defect
COUNT, OF = st.integers(0, 40), st.integers(1, 5000)
STRATA = st.lists(st.builds(Stratum, COUNT, OF, COUNT, OF), min_size=1, max_size=4)


def by_hand(strata: Sequence[Stratum]) -> float:
    """The chance of as many or more late counts if nothing changed: every table that could have been, in fractions."""
    observed = sum(one.late_count for one in strata)
    chance = Fraction(0)
    for late in product(*(range(one.early_count + one.late_count + 1) for one in strata)):
        if sum(late) >= observed:
            part = Fraction(1)
            for k, one in zip(late, strata, strict=True):
                n, p = one.early_count + one.late_count, Fraction(one.late_of, one.early_of + one.late_of)
                part *= comb(n, k) * p**k * (1 - p) ** (n - k)
            chance += part
    return float(chance)


# Known answers


@pytest.mark.parametrize("one", [Stratum(10, 1000, 20, 1000), Stratum(3, 700, 9, 150), Stratum(0, 900, 4, 300)])
def test_one_stratum_is_the_binomial_test(one: Stratum) -> None:
    n, chance = one.early_count + one.late_count, one.late_of / (one.early_of + one.late_of)
    found = stats.binomtest(one.late_count, n, chance, alternative="greater")
    assert growth([one]).p == pytest.approx(found.pvalue, rel=1e-9)


def test_the_interval_of_one_stratum_is_that_of_clopper_and_pearson() -> None:
    found = growth([Stratum(10, 1000, 20, 500)])
    exact = stats.binomtest(20, 30).proportion_ci(0.95, method="exact")
    assert found.ratio == pytest.approx(4)
    assert found.low == pytest.approx(exact.low / (1 - exact.low) * 2)
    assert found.high == pytest.approx(exact.high / (1 - exact.high) * 2)
    assert found.expected == pytest.approx(5)


def test_several_strata_are_every_table_that_could_have_been() -> None:
    strata = [Stratum(2, 100, 5, 80), Stratum(0, 30, 3, 900), Stratum(4, 400, 1, 100), Stratum(0, 10, 0, 10)]
    assert growth(strata).p == pytest.approx(by_hand(strata), rel=1e-12)


def test_large_counts_meet_the_exact_answer() -> None:
    """Where the normal distribution takes over, the exact test still agrees to a few parts in a hundred."""
    for late in (1450, 1550, 1600):
        found = growth([Stratum(3000, 10**6, late, 500_000)]).p
        assert found == pytest.approx(stats.binomtest(late, 3000 + late, 1 / 3, alternative="greater").pvalue, rel=0.05)


def test_a_rare_count_beside_a_huge_one_stays_exact() -> None:
    found = growth([Stratum(1_000_000, 10**9, 3, 1000)]).p
    assert found == pytest.approx(
        stats.binomtest(3, 1_000_003, 1000 / (10**9 + 1000), alternative="greater").pvalue, rel=1e-6
    )


# What it says where there is little to say


def test_nothing_found_is_no_growth() -> None:
    found = growth([Stratum(0, 100, 0, 100)])
    assert (found.ratio, found.low, found.high, found.p) == (None, 0, None, 1)


def test_nothing_found_before_has_no_ratio_and_no_upper_limit() -> None:
    found = growth([Stratum(0, 1000, 8, 1000)])
    assert (found.ratio, found.high, found.expected) == (None, None, 0)
    assert found.low > 1
    assert found.p == pytest.approx(0.5**8)


def test_nothing_found_now_is_a_ratio_of_zero() -> None:
    found = growth([Stratum(8, 1000, 0, 1000)])
    assert (found.ratio, found.low, found.p) == (0, 0, 1)
    assert found.high is not None
    assert found.high < 1


@pytest.mark.parametrize("blind", [Stratum(0, 0, 50, 100), Stratum(50, 100, 0, 0), Stratum(0, 0, 0, 0)])
def test_where_nobody_looked_is_left_out(blind: Stratum) -> None:
    seen = [Stratum(5, 100, 9, 100)]
    assert growth([*seen, blind]) == growth(seen)
    assert growth([blind]) == growth([])


def test_a_chance_is_never_given_as_none_at_all() -> None:
    assert growth([Stratum(1, 10**6, 10**5, 10**6)]).p == SMALLEST_P


# Laws


@UNHURRIED
@given(STRATA)
def test_strata_in_another_order_grow_the_same(strata: list[Stratum]) -> None:
    one, other = growth(strata), growth(strata[::-1])
    assert one.p == pytest.approx(other.p)
    assert one.ratio == pytest.approx(other.ratio)


@UNHURRIED
@given(STRATA, st.integers(2, 50))
def test_how_many_were_looked_at_counts_only_by_its_proportion(strata: list[Stratum], times: int) -> None:
    wider = [Stratum(s.early_count, s.early_of * times, s.late_count, s.late_of * times) for s in strata]
    one, other = growth(strata), growth(wider)
    assert one.p == pytest.approx(other.p)
    assert one.low == pytest.approx(other.low)


@UNHURRIED
@given(STRATA)
def test_more_found_now_never_looks_like_less(strata: list[Stratum]) -> None:
    first, *rest = strata
    more = Stratum(first.early_count, first.early_of, first.late_count + 1, first.late_of)
    assert growth([more, *rest]).p <= growth(strata).p + 1e-12


@UNHURRIED
@given(STRATA)
def test_the_estimate_lies_in_its_interval(strata: list[Stratum]) -> None:
    for spread in (None, Dispersion(3.0, 7.0)):
        found = growth(strata, spread)
        if found.ratio is not None:
            assert found.low <= found.ratio * (1 + 1e-9)
            assert found.high is None or found.high >= found.ratio * (1 - 1e-9)


@UNHURRIED
@given(STRATA, st.floats(1, 30), st.floats(1, 100))
def test_dispersion_never_makes_growth_surer(strata: list[Stratum], phi: float, df: float) -> None:
    plain, spread = growth(strata), growth(strata, Dispersion(phi, df))
    assert spread.p >= plain.p
    assert spread.low <= plain.low


def test_a_change_in_who_tests_is_no_growth() -> None:
    """Simpson: the share fell in both places, but now the place with the high share tests most."""
    strata = [Stratum(90, 900, 8, 100), Stratum(50, 100, 400, 900)]
    pooled = [Stratum(140, 1000, 408, 1000)]
    assert growth(pooled).p < 1e-9
    assert growth(strata).p > 0.5
    ratio = growth(strata).ratio
    assert ratio is not None
    assert ratio < 1


def test_a_real_growth_hidden_by_who_tests_is_found() -> None:
    strata = [Stratum(8, 100, 144, 900), Stratum(450, 900, 90, 100)]
    assert growth([Stratum(458, 1000, 234, 1000)]).p > 0.99
    assert growth(strata).p < 1e-6


# In the long run


def drawn(rng: np.random.Generator, *, mean: float, ratio: float, phi: float = 1.0) -> list[Stratum]:
    """Four places of unequal size; counts are Poisson, or negative binomial with `phi` times its variance."""
    strata = []
    for size in (0.2, 0.5, 1.0, 2.3):
        early, late = mean * size * 2, mean * size * ratio
        counts = [_count(rng, expected, phi) for expected in (early, late)]
        strata.append(Stratum(counts[0], int(20_000 * size), counts[1], int(10_000 * size)))
    return strata


def _count(rng: np.random.Generator, mean: float, phi: float) -> int:
    return int(rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi))


@pytest.mark.parametrize("mean", [0.3, 2.0, 30.0, 400.0])
def test_where_nothing_grew_small_chances_are_no_commoner_than_they_say(mean: float) -> None:
    rng = np.random.default_rng(20261122)
    p = np.array([growth(drawn(rng, mean=mean, ratio=1)).p for _ in range(400)])
    for level in (0.01, 0.05, 0.2):
        allowed = stats.binom.isf(1e-4, len(p), level)
        assert (p <= level).sum() <= allowed


@pytest.mark.slow
def test_intervals_hold_the_true_ratio_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    grid, times = list(product((0.5, 3.0, 40.0, 500.0), (0.5, 1.0, 4.0))), 250
    held = dict.fromkeys(grid, 0)
    for mean, ratio in grid:
        for _ in range(times):
            found = growth(drawn(rng, mean=mean, ratio=ratio))
            held[mean, ratio] += found.low <= ratio and (found.high is None or ratio <= found.high)
    assert sum(held.values()) / times / len(grid) >= 0.95
    assert min(held.values()) >= stats.binom.ppf(1e-3, times, 0.95)


# Counts that vary more than chance


def series(rng: np.random.Generator, *, phi: float, periods: int, mean: float, step: float = 1.0) -> list[Stratum]:
    counts = [_count(rng, mean * step**n, phi) for n in range(periods)]
    return [Stratum(early, 1000, late, 1000) for early, late in pairwise(counts)]


@pytest.mark.parametrize(("phi", "step"), [(1.0, 1.0), (4.0, 1.0), (1.0, 1.2), (4.0, 1.2)])
def test_the_dispersion_is_told_from_the_past_and_steady_growth_is_no_noise(phi: float, step: float) -> None:
    rng = np.random.default_rng(1)
    told = [dispersion(series(rng, phi=phi, periods=12, mean=60, step=step)) for _ in range(200)]
    mean = np.mean([one.phi for one in told if one is not None])
    # at least 1 by definition, so a mean over 1 where there is none
    assert (1.0 <= mean <= 1.4) if phi == 1 else (0.8 * phi <= mean <= 1.25 * phi)


def test_rare_counts_do_not_upset_the_dispersion() -> None:
    rng = np.random.default_rng(2)
    told = dispersion(series(rng, phi=1.0, periods=300, mean=0.2))
    assert told is not None
    assert told.phi < 1.3


def test_a_dispersion_that_cannot_be_told_is_not_made_up() -> None:
    assert dispersion([]) is None
    assert dispersion([Stratum(3, 10, 4, 10)]) is None
    assert dispersion([Stratum(0, 10, 0, 10)] * 20) is None
    assert dispersion([Stratum(3, 0, 4, 10)] * 20) is None


def test_noise_does_not_alarm_once_its_dispersion_is_known() -> None:
    rng = np.random.default_rng(3)
    plain, told = 0, 0
    for _ in range(200):
        history = [one for _ in range(3) for one in series(rng, phi=5.0, periods=12, mean=40)]
        window = drawn(rng, mean=60, ratio=1, phi=5.0)
        plain += growth(window).p <= 0.01
        told += growth(window, dispersion(history)).p <= 0.01
    assert plain > 10
    assert told <= stats.binom.isf(1e-3, 200, 0.01)


# Many subjects at once


@UNHURRIED
@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_values_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    expected = stats.false_discovery_control(p) if p else []
    assert q_values(p) == pytest.approx(list(expected))
