"""Calibration where the right ratio is known, and how much of it may be told."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from entente.analysis.linkage import (
    auc,
    auc_by_seizure,
    borne,
    bounds,
    cllr,
    cllr_min,
    found_at,
    isotonic,
    logistic,
    mixed,
)
from entente.analysis.linkage.calibrating import _mixed_cost
from entente.analysis.linkage.pairs import all_pairs

RNG = np.random.default_rng(7)
LINKED = np.arange(6000) < 3000
SCORES = np.where(LINKED, RNG.normal(1, 1, 6000), RNG.normal(-1, 1, 6000))
EVEN = np.ones(6000)
PLACES = np.array([-1.0, 0.0, 1.0])


def test_logistic_finds_the_ratio_of_two_normals() -> None:
    """Means 1 and -1, deviation 1: the log ratio is twice the score."""
    assert logistic(SCORES, LINKED, EVEN)(PLACES) == pytest.approx(2 * PLACES / np.log(10), abs=0.06)


def test_classes_that_do_not_overlap_stay_finite() -> None:
    fitted = logistic(np.array([0.0, 1.0, 2.0, 3.0]), np.array([False, False, True, True]), np.ones(4))
    assert np.isfinite(fitted(np.array([-5.0, 8.0]))).all()


def test_isotonic_never_falls_and_is_near_the_ratio_of_two_normals() -> None:
    fitted = isotonic(SCORES, LINKED, EVEN)
    told = fitted(np.linspace(-3, 3, 50))
    assert (np.diff(told) >= 0).all()
    assert fitted(PLACES) == pytest.approx(2 * PLACES / np.log(10), abs=0.2)


def test_isotonic_pools_what_contradicts() -> None:
    """Scores 1, 2, 3, 4 of which 2 is linked and 3 is not: the two in the middle are alike."""
    fitted = isotonic(np.arange(1.0, 5.0), np.array([False, True, False, True]), np.ones(4), bounded=False)
    assert fitted(np.array([2.0])) == pytest.approx(fitted(np.array([3.0])))
    assert fitted(np.array([2.0])) == pytest.approx(0)


def test_specimens_of_one_seizure_that_are_unrelated_do_not_flatten_the_ratio_of_one_batch() -> None:
    """Of the linked pairs 70 % are like the unlinked: a logistic ratio shrinks, that of one batch does not."""
    hidden = LINKED & (np.arange(6000) % 10 >= 3)
    scores = np.where(hidden, RNG.normal(-1, 1, 6000), SCORES)
    fitted = mixed(scores, LINKED, EVEN)
    assert fitted.parts[0] == pytest.approx(0.7, abs=0.12)
    assert fitted.of_one_batch(PLACES) == pytest.approx(2 * PLACES / np.log(10), abs=0.35)
    assert logistic(scores, LINKED, EVEN)(np.array([2.0]))[0] < 0.6 * fitted.of_one_batch(np.array([2.0]))[0]
    assert fitted(np.array([-9.0]))[0] == pytest.approx(np.log10(fitted.parts[0]), abs=0.01)


def test_the_slope_that_the_fit_follows_is_the_slope_of_its_cost() -> None:
    table = RNG.normal(size=(40, 2))
    linked = np.arange(40) < 15
    args = (table, linked, np.full(40, 1 / 40), (0.1, np.zeros(2)))
    at = np.array([0.2, -0.4, -0.5, 0.3, 1.2, 0.7])
    assert check_grad(lambda x: _mixed_cost(x, *args)[0], lambda x: _mixed_cost(x, *args)[1], at) < 1e-5


def test_no_larger_ratio_than_the_known_pairs_bear() -> None:
    linked = np.arange(200) < 100
    boasted = np.where(linked, 9.0, -9.0)
    low, high = bounds(boasted, linked, np.ones(200))
    assert 0 < high < np.log10(202)
    assert -np.log10(202) < low < 0


def test_links_that_are_known_to_hide_among_the_unlinked_are_not_held_against_a_ratio() -> None:
    linked = np.arange(10_100) < 100
    scores = np.where(linked | (np.arange(10_100) >= 10_090), 9.0, -9.0)  # ten links between seizures
    even = np.ones(10_100)
    assert borne(scores, linked, even, 0.0, 1.0)(np.array([9.0]))[0] < 3.01
    assert borne(scores, linked, even, 0.001, 1.0)(np.array([9.0]))[0] > 3.9
    assert borne(scores, linked, even, 0.0, 0.5)(np.array([9.0]))[0] > 3.2  # one batch is half of the linked


def test_ratios_that_mislead_may_not_be_told_at_all() -> None:
    assert bounds(np.where(LINKED, -2.0, 2.0), LINKED, EVEN) == pytest.approx((0, 0))


def test_auc_counts_pairs_of_pairs() -> None:
    scores, linked = np.array([3.0, 1.0, 2.0, 2.0]), np.array([True, False, True, False])
    assert auc(scores, linked) == (1 + 1 + 1 + 0.5) / 4
    assert found_at(scores, linked, 0.0) == 0.5
    assert np.isnan(auc(scores, np.ones(4, bool)))


def test_cllr_of_knowing_nothing_is_one_and_of_misleading_more() -> None:
    assert cllr(np.zeros(6000), LINKED) == pytest.approx(1)
    assert cllr(np.where(LINKED, -1.0, 1.0), LINKED) > 3
    right = 2 * SCORES / np.log(10)
    assert cllr(3 * right, LINKED) > cllr(right, LINKED) >= cllr_min(right, LINKED)
    assert cllr_min(3 * right, LINKED) == pytest.approx(cllr_min(right, LINKED))


def test_an_interval_by_seizure_is_wider_than_its_pairs_make_believe() -> None:
    """One seizure of twelve gives nearly all linked pairs: drawn or not, the figure moves."""
    seizures = np.array([*[0] * 12, 1, 1, *range(2, 42)])
    pairs = all_pairs(seizures)
    own = RNG.normal(size=len(seizures))
    scores = -np.abs(own[pairs.left] - own[pairs.right]) + np.where(seizures[pairs.left] == 0, 1.0, 0.0)
    estimate = auc_by_seizure(scores, pairs, seizures, runs=100)
    assert estimate.low <= estimate.value <= estimate.high
    assert estimate.high - estimate.low > 0.1
    assert estimate == auc_by_seizure(scores, pairs, seizures, runs=100)
