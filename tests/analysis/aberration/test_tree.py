"""False discoveries over a hierarchy: the rate is kept on simulated truth, and one rise is one alert."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from entente.analysis import q_values
from entente.analysis.aberration import NotATree, adjusted_p, simes, tree_discoveries

P = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def grown(leaves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chances and parents of [substance, region, site] leaves."""
    p: list[float] = []
    parent: list[int] = []
    for regions in leaves:
        root = len(p)
        p, parent = [*p, np.nan], [*parent, -1]
        for sites in regions:
            region = len(p)
            p, parent = [*p, np.nan, *sites.tolist()], [*parent, root, *[region] * len(sites)]
    return np.array(p), np.array(parent)


@given(P)
@settings(max_examples=60, deadline=None)
def test_without_a_hierarchy_it_is_benjamini_and_hochberg(p: list[float]) -> None:
    found = tree_discoveries(np.array(p), np.full(len(p), -1), 0.1)
    assert found.is_found.tolist() == [q <= 0.1 for q in q_values(p)]
    assert np.allclose(adjusted_p(np.array(p)), stats.false_discovery_control(p))
    assert found.q.tolist() == pytest.approx(q_values(p))
    assert len(found.alerts) == found.is_found.sum()


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_nothing_is_found_below_what_is_not_found(p: list[float]) -> None:
    chances, parent = grown(np.array(p).reshape(2, 2, 2))
    found = tree_discoveries(chances, parent, 0.1)
    below = parent >= 0
    assert (found.is_found[parent[below]] | ~found.is_found[below]).all()
    assert (found.is_found == (found.q <= 0.1)).all()


def test_one_national_rise_is_one_alert_and_a_local_one_names_its_site() -> None:
    leaves = np.full((4, 3, 5), 0.6)
    leaves[0] = 1e-6
    leaves[1, 2, 3] = 1e-8
    leaves[2, 1] = 1e-6
    found = tree_discoveries(*grown(leaves), 0.1)
    substance = 1 + 3 * 6
    national, site, region = 0, substance + 1 + 2 * 6 + 1 + 3, 2 * substance + 1 + 6
    assert found.alerts.tolist() == [national, site, region]
    assert found.is_found[: 1 + 3 * 6].all()


def test_simes_is_never_above_bonferroni() -> None:
    p = np.array([0.01, 0.5, 0.02, 0.9])
    assert simes(p) == pytest.approx(0.04)
    assert simes(np.zeros(0)) == 1.0


def test_parents_stand_before_their_children() -> None:
    with pytest.raises(NotATree):
        tree_discoveries(np.array([0.1, 0.2]), np.array([1, -1]))


@pytest.mark.slow
@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_at_every_depth_a_tenth_of_what_is_found_is_noise_at_most(shared: float) -> None:
    """Simulated: of 30 substances 3 rise everywhere, 3 in one region; sites' noise is independent or shared."""
    rng = np.random.default_rng(11)
    truth = np.zeros((30, 4, 8), dtype=bool)
    truth[:3], truth[3:6, 0] = True, True
    real, parent = grown(1.0 - truth)
    for node in range(len(parent) - 1, -1, -1):
        if parent[node] >= 0:
            real[parent[node]] = np.nanmin([real[parent[node]], real[node]])
    depth = np.array([0 if above < 0 else 1 if parent[above] < 0 else 2 for above in parent])
    rates = []
    for _ in range(40):
        noise = sqrt(shared) * rng.normal(size=(30, 1, 1)) + sqrt(1 - shared) * rng.normal(size=truth.shape)
        chances, _ = grown(special.erfc((noise + 3.0 * truth) / sqrt(2)) / 2)
        found = tree_discoveries(chances, parent, 0.1).is_found
        rates.append([(found & (real == 1))[depth == d].sum() / max(1, found[depth == d].sum()) for d in range(3)])
    assert (np.mean(rates, axis=0) <= 0.1 + 3 * np.std(rates, axis=0) / sqrt(40)).all()
