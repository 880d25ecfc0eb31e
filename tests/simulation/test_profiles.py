"""Simulated profiles have the shape that is published of casework, and a truth."""

import numpy as np

from entente.analysis.linkage import RULES, all_pairs, under_rule
from entente.simulation.profiles import PEAKS, simulated


def test_seizures_and_pairs_are_as_many_as_published() -> None:
    world = simulated(1)
    seizures = world.profiles.seizures
    pairs = all_pairs(seizures)
    counts = np.bincount(seizures)
    assert (len(seizures), len(counts), int((counts == 1).sum())) == (434, 348, 312)
    assert sorted(counts)[-2:] == [13, 23]
    found = {}
    for rule in RULES:
        kept = under_rule(rule, pairs, seizures, world.origins)
        found[rule] = (int(pairs.is_linked[kept].sum()), int((~pairs.is_linked[kept]).sum()))
    assert found["R1"] == (419, 93_542)
    assert found["R2"] == (88, 48_516)
    assert 10 <= found["R4"][0] < found["R3"][0] < 80  # 13 and 31 are published, with 21,457 unlinked
    assert 15_000 < found["R3"][1] == found["R4"][1] < 27_000


def test_every_peak_is_missed_in_some_samples_and_none_in_all() -> None:
    world = simulated(2)
    zeros = (world.profiles.amounts == 0).mean(axis=0)
    assert len(zeros) == PEAKS
    assert (zeros < 0.95).all()
    assert zeros.max() > 0.4
    seen = world.profiles.amounts[world.profiles.amounts > 0]
    assert (
        seen >= np.broadcast_to(world.profiles.limits, world.profiles.amounts.shape)[world.profiles.amounts > 0]
    ).all()


def test_some_seizures_share_a_batch_and_the_truth_knows_them() -> None:
    world = simulated(1)
    pairs = all_pairs(world.profiles.seizures)
    across = world.is_true(pairs) & ~pairs.is_linked
    assert 5 < across.sum() < 100
    assert (world.known(pairs)[across] == 2).all()


def test_the_same_seed_is_the_same_world() -> None:
    assert (simulated(3).profiles.amounts == simulated(3).profiles.amounts).all()
    assert not (simulated(3).profiles.amounts == simulated(4).profiles.amounts).all()
