"""EMERGING: a rise is found early and placed rightly, quiet panels stay quiet, and what was common does not emerge."""

import numpy as np
import pytest

from entente.analysis.aberration import Emerging, Sight, emerging
from entente.analysis.aberration.panels import Design, Panel, simulated_panel

REGIONS = np.array([0, 0, 0, 1, 1, 1])


def world(periods: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Simulated: seven quiet substances, from very rare to common, in six places; the eighth has no finds yet."""
    rng = np.random.default_rng(9)
    tested = np.broadcast_to(rng.poisson(800, (6, periods)), (8, 6, periods)).copy()
    shares = np.array([1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 0.02, 0.2, 0])[:, None, None] * np.ones((8, 6, periods))
    return rng.binomial(tested, shares), tested


def judged(positive: np.ndarray, tested: np.ndarray) -> Emerging:
    return emerging(positive, tested, REGIONS, yearly=2)


def test_a_rise_everywhere_is_one_alert_with_its_places() -> None:
    positive, tested = world()
    positive[7, :, -3:] = [0, 2, 7]
    told = judged(positive, tested)
    assert told.alert.tolist() == [False] * 7 + [True]
    assert (told.region[7], told.place[7]) == (-1, -1)
    assert told.place_alert[7].all()
    assert told.finds[7] == 54
    assert told.q[7] < 1e-6
    assert (told.sights[7] == Sight.KNOWN).all()
    assert (told.bound[7] <= 7).all()
    assert (told.since[7] == 8).all()


@pytest.mark.parametrize("place", [0, 4])
def test_a_rise_in_one_place_names_it(place: int) -> None:
    positive, tested = world()
    positive[7, place, -1] = 9
    told = judged(positive, tested)
    assert told.alert[7]
    assert (told.region[7], told.place[7]) == (REGIONS[place], place)
    assert told.place_alert[7].sum() == 1
    assert told.sights[7, place] == Sight.FIRST_ANYWHERE
    assert told.observed[7, place] == 9
    assert told.expected[7, place] < 1


def test_two_reports_are_a_sight_and_no_alert() -> None:
    positive, tested = world()
    positive[7, 2, -1] = 2
    told = judged(positive, tested)
    assert not told.is_judged[7]
    assert not told.alert[7]
    assert told.sights[7, 2] == Sight.FIRST_ANYWHERE


def test_what_was_common_before_does_not_emerge() -> None:
    positive, tested = world()
    positive[6, :, -1] = tested[6, :, -1]
    told = judged(positive, tested)
    assert not told.is_judged[6]
    assert not told.alert[6]


def test_a_place_that_does_not_test_cannot_alert() -> None:
    positive, tested = world()
    positive[7, :, -2:] = [3, 8]
    tested[:, 1, -1] = positive[:, 1, -1] = 0
    told = judged(positive, tested)
    assert told.alert[7]
    assert not told.place_alert[7, 1]
    assert told.sights[7, 1] == Sight.UNTESTED


def test_more_tests_are_not_a_rise() -> None:
    positive, tested = world()
    more_tested, more = tested.copy(), positive.copy()
    more_tested[..., -1] *= 10
    more[..., -1] = np.random.default_rng(1).binomial(
        more_tested[..., -1], positive[..., :-1].sum(axis=-1) / tested[..., :-1].sum(axis=-1)
    )
    assert not judged(more, more_tested).alert.any()


def test_a_national_list_has_substances_only() -> None:
    positive, tested = (one.sum(axis=1, keepdims=True) for one in world(6))
    positive[7, 0, -2:] = [4, 30]
    told = emerging(positive, tested, np.zeros(1), yearly=1)
    assert told.alert.tolist() == [False] * 7 + [True]
    assert told.place_alert[:, 0].tolist() == told.alert.tolist()


def test_the_future_is_not_read() -> None:
    positive, tested = world()
    before = judged(positive[..., :-1], tested[..., :-1])
    positive[..., -1], tested[..., -1] = 0, 0
    assert judged(positive[..., :-1], tested[..., :-1]).q.tolist() == before.q.tolist()


def _false_part(panel: Panel, periods: range) -> tuple[list[float], int]:
    parts, alerts = [], 0
    for period in periods:
        until = slice(0, period + 1)
        told = emerging(panel.positive[..., until], panel.tested[..., until], panel.regions, yearly=2)
        wrong = told.alert & ~panel.is_rising[..., period].any(axis=1)
        parts.append(wrong.sum() / max(1, told.alert.sum()))
        alerts += int(told.alert.sum())
    return parts, alerts


@pytest.mark.slow
def test_a_tenth_of_what_is_found_is_false_at_most() -> None:
    """Simulated panels in which three substances of twelve rise."""
    parts: list[float] = []
    alerts = 0
    for seed in range(4):
        design = Design(substances=12, places=15, periods=12, rising=3, shared=0.02)
        own, found = _false_part(simulated_panel(np.random.default_rng(seed), design), range(6, 12))
        parts, alerts = parts + own, alerts + found
    assert alerts > 10
    assert np.mean(parts) <= 0.10


@pytest.mark.slow
def test_quiet_panels_stay_quiet() -> None:
    """Simulated: in at most a tenth of the periods, with room for chance, anything alerts."""
    parts: list[float] = []
    for seed in range(3):
        design = Design(substances=12, places=15, periods=12, variation=0.2, shared=0.05)
        parts += _false_part(simulated_panel(np.random.default_rng(seed), design), range(4, 12))[0]
    assert np.mean(parts) <= 0.10 + 3 * np.sqrt(0.1 * 0.9 / len(parts))
