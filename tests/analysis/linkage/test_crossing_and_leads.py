"""No seizure judges itself, and leads keep the rate that they promise."""

import numpy as np
import pytest

from entente.analysis.linkage import (
    AMOUNTS,
    Method,
    Profiles,
    all_pairs,
    auc,
    by_distance,
    cllr,
    cross_validated,
    fit,
    folds,
    groups,
    leads,
)

PEARSON = Method(by_distance("n4r", "pearson"))


def world(seizures: int, within: float, seed: int = 3) -> tuple[Profiles, np.ndarray]:
    """Every second seizure of two specimens of one batch, the others of one."""
    rng = np.random.default_rng(seed)
    of = np.array([place for place in range(seizures) for _ in range(1 + place % 2)])
    logs = rng.normal(0, 1.5, (seizures, 6))[of] + rng.normal(0, within, (len(of), 6))
    amounts = np.exp(logs)
    return Profiles(np.where(amounts < 0.4, 0.0, amounts), np.full(amounts.shape, 0.4), of), of


def test_folds_keep_seizures_whole_and_spread_the_large_ones() -> None:
    seizures = np.array([*[9] * 8, *[4] * 6, 1, 2, 3, 5, 6, 7])
    found = folds(seizures, 3)
    assert all(len(set(found[seizures == one])) == 1 for one in set(seizures))
    assert found[0] != found[8]


@pytest.mark.slow
def test_seizures_dealt_at_random_are_not_told_apart() -> None:
    """Were a pair judged by a model that had seen it, the best model of noise would look good."""
    profiles, of = world(60, 0.2)
    shuffled = Profiles(profiles.amounts, profiles.limits, np.random.default_rng(5).permutation(of))
    for method in (PEARSON, AMOUNTS):
        ratios = cross_validated(shuffled, method)
        linked = all_pairs(shuffled.seizures).is_linked
        assert auc(ratios.seizure, linked) < 0.7
        assert cllr(ratios.seizure, linked) > 0.85


@pytest.mark.slow
def test_specimens_of_one_batch_are_told_from_others_and_the_ratio_is_calibrated() -> None:
    profiles, _ = world(60, 0.1)
    linked = all_pairs(profiles.seizures).is_linked
    ours, peer = cross_validated(profiles, AMOUNTS), cross_validated(profiles, PEARSON)
    assert auc(ours.seizure, linked) > 0.97
    assert cllr(ours.seizure, linked) < min(0.3, cllr(peer.seizure, linked))


def test_without_linked_pairs_there_is_no_ratio() -> None:
    profiles, _ = world(8, 0.1)
    apart = Profiles(profiles.amounts, profiles.limits, np.arange(len(profiles)))
    assert np.isnan(cross_validated(apart, PEARSON).batch).all()


def test_the_model_finds_what_varies_within_a_batch_though_half_of_the_pairs_are_of_two() -> None:
    rng = np.random.default_rng(11)
    batches = rng.normal(0, 1.5, (160, 6))
    of = np.repeat(np.arange(80), 2)
    batch = np.where(np.arange(160) % 4 == 1, of + 80, of)  # every second seizure holds two batches
    logs = batches[batch] + rng.normal(0, 0.1, (160, 6))
    model = fit(Profiles(np.exp(logs), np.full(logs.shape, 1e-9), of), most_components=2)
    assert np.sqrt(model.within) == pytest.approx(np.full(6, 0.1), rel=0.5)
    assert model.shares[1] == pytest.approx(0.5, abs=0.12)


def test_a_lead_is_a_pair_whose_own_chance_of_being_false_keeps_the_rate() -> None:
    """With even odds before, a ratio of 9 leaves a chance of 1 in 10, of 3 one in four, of 1 one in two."""
    found = leads(np.log10([3.0, 9.0, 1.0, 99.0]), prior=0.5, rate=0.12)
    assert found.chance_false == pytest.approx([0.25, 0.1, 0.5, 0.01])
    assert found.q == pytest.approx([0.12, 0.055, 0.215, 0.01])
    assert found.is_lead.tolist() == [False, True, False, True]


def test_pairs_that_are_alike_come_together_or_not_at_all() -> None:
    found = leads(np.log10([9.0, 3.0, 3.0]), prior=0.5, rate=0.18)
    assert found.q == pytest.approx([0.1, 0.2, 0.2])


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_calibrated_ratios_keep_the_rate(rate: float) -> None:
    rng = np.random.default_rng(2)
    true = rng.random(200_000) < 0.01
    scores = np.where(true, rng.normal(2.5, 1, true.size), rng.normal(-2.5, 1, true.size))
    found = leads(5 * scores / np.log(10), 0.01, rate)
    assert (~true[found.is_lead]).mean() < rate
    assert true[found.is_lead].sum() > 0.8 * true.sum()


def test_groups_are_chains() -> None:
    assert groups(6, np.array([0, 4]), np.array([2, 2])).tolist() == [0, 1, 0, 2, 0, 3]


def test_no_pairs_no_leads() -> None:
    assert len(leads(np.array([]), 0.01, 0.1).q) == 0
