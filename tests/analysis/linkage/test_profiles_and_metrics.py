"""Pre-treatments and metrics, beside an independent implementation of each."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import distance

from entente.analysis.linkage import (
    METRICS,
    PRETREATMENTS,
    RULES,
    Profiles,
    all_pairs,
    distances,
    limits_or_smallest,
    log_shares,
    under_rule,
    weights,
)

AMOUNTS = np.array([[4.0, 1.0, 0.0, 3.0], [8.0, 2.0, 0.0, 6.0], [0.0, 5.0, 5.0, 0.0], [1.0, 0.0, 2.0, 7.0]])
LIMITS = np.full((4, 4), 0.5)
PROFILES = Profiles(AMOUNTS, LIMITS, np.array([0, 0, 1, 2]))
PAIRS = all_pairs(PROFILES.seizures)


def between(one: int, other: int, metric: str, pretreatment: str = "n4r") -> float:
    treated = PRETREATMENTS[pretreatment](PROFILES)
    return float(distances(treated, np.array([one]), np.array([other]), metric)[0])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("pretreatment", ["n", "n2r", "n4r"])
def test_a_profile_that_is_only_stronger_has_no_distance(metric: str, pretreatment: str) -> None:
    assert between(0, 1, metric, pretreatment) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("one", "other"), [(0, 2), (0, 3), (2, 3)])
def test_metrics_are_those_of_scipy(one: int, other: int) -> None:
    treated = (AMOUNTS / AMOUNTS.sum(axis=1, keepdims=True)) ** 0.25
    u, v = treated[one], treated[other]
    assert between(one, other, "pearson") == pytest.approx(50 * distance.correlation(u, v))
    assert between(one, other, "mcf") == pytest.approx(100 - 100 * (1 - distance.cosine(u, v)) ** 2)
    assert between(one, other, "euclid") == pytest.approx(distance.euclidean(u, v))
    assert between(one, other, "manhattan") == pytest.approx(distance.cityblock(u, v))
    assert between(one, other, "canberra") == pytest.approx(distance.canberra(u, v) / ((u > 0) | (v > 0)).sum())
    assert between(one, other, "jaccard") == pytest.approx(distance.jaccard(u > 0, v > 0))


@settings(deadline=None)
@given(arrays(float, (3, 5), elements=st.floats(0, 1e6)), st.sampled_from(sorted(METRICS)))
def test_a_distance_is_finite_zero_or_more_and_the_same_both_ways(amounts: np.ndarray, metric: str) -> None:
    profiles = Profiles(amounts, np.full(amounts.shape, 0.1), np.arange(3))
    treated = PRETREATMENTS["n4r"](profiles)
    there = distances(treated, np.array([0, 1]), np.array([1, 2]), metric)
    back = distances(treated, np.array([1, 2]), np.array([0, 1]), metric)
    assert np.isfinite(there).all()
    assert (there >= -1e-9).all()
    assert there == pytest.approx(back)


def test_centred_log_ratios_sum_to_zero_and_a_peak_below_its_limit_stands_as_half_of_it() -> None:
    clr = PRETREATMENTS["clr"](PROFILES)
    assert clr.sum(axis=1) == pytest.approx(np.zeros(4))
    assert clr[0, 0] - clr[0, 2] == pytest.approx(np.log(4 / 0.25))


def test_below_the_limit_is_not_zero_and_not_looked_for_is_neither() -> None:
    amounts = np.array([[2.0, 0.0, np.nan]])
    values, limits = log_shares(Profiles(amounts, np.full((1, 3), 0.5), np.array([0])))
    assert values[0, 0] == pytest.approx(np.log(2 / 2.25))  # the peak below its limit counts half of it in the sum
    assert np.isnan(values[0, 1])
    assert limits[0, 1] == pytest.approx(np.log(0.5 / 2.25))
    assert np.isnan(values[0, 2])
    assert np.isnan(limits[0, 2])


def test_a_limit_that_is_not_told_is_the_smallest_amount_seen() -> None:
    amounts = np.array([[2.0, 0.0], [0.0, 0.0], [3.0, 0.0]])
    told = np.full((3, 2), np.nan)
    told[1, 0] = 1.0
    assert limits_or_smallest(amounts, told).tolist() == [[2.0, 2.0], [1.0, 2.0], [2.0, 2.0]]


def test_rules_compare_what_they_say() -> None:
    seizures = np.array([0, 0, 1, 2, *[3] * 11])
    origins = np.array([[1, 1], [1, 1], [1, 2], [2, 2], *[[1, 1]] * 11])
    pairs = all_pairs(seizures)
    counts = {}
    for rule in RULES:
        kept = under_rule(rule, pairs, seizures, origins)
        counts[rule] = (int(pairs.is_linked[kept].sum()), int((~pairs.is_linked[kept]).sum()))
    assert counts["R1"] == (1 + 55, 15 * 14 // 2 - 56)
    assert counts["R2"] == (1, 1)  # seizures of 2 to 10; the two seizures of one
    assert counts["R3"] == (1 + 55, 2 + 11)  # specimen 3 shares no mark with 0, 1 and the eleven
    assert counts["R4"] == (1, 13)


def test_every_seizure_has_one_voice() -> None:
    seizures = np.array([0, 0, 0, 1, 1, 2])
    pairs = all_pairs(seizures)
    voices = weights(pairs, seizures)
    assert voices[pairs.is_linked].sum() == pytest.approx(2)
    assert voices[~pairs.is_linked].sum() == pytest.approx(3)
