"""The spike rule: every moment gone through one by one, and what a supervisor would notice."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.analysis.aberration.spikes import (
    NotAThreshold,
    NotRecommendable,
    NotSpikeEvents,
    Passing,
    Spike,
    own_threshold,
    recommended_threshold,
    spikes,
)

ALONE: list[list[int]] = [[]]


def of(hours: list[float], number: int) -> list[tuple[float, float, int, int]]:
    found = spikes(hours, [0] * len(hours), [own_threshold(number)], ALONE)
    return [(spike.began, spike.ends, spike.count, spike.highest) for spike in found]


def test_three_in_a_day_are_a_spike_until_the_first_of_them_is_a_day_old() -> None:
    assert of([0, 10, 20, 100], 3) == [(20, 24, 3, 3)]
    assert of([0, 12, 25], 3) == []
    assert of([0, 10, 24], 3) == []  # the first is a day old at the moment of the third


def test_a_spike_that_goes_on_is_one_spike() -> None:
    assert of([0, 1, 2, 3, 20, 24, 25], 3) == [(2, 44, 3, 5)]
    assert of([0, 1, 2, 30, 31, 32], 3) == [(2, 24, 3, 3), (32, 54, 3, 3)]


def test_days_given_as_hours_stand_each_for_itself() -> None:
    assert of([0, 0, 24, 24, 24, 48], 3) == [(24, 48, 3, 3)]
    assert of([0, 0, 0, 24, 24, 24], 3) == [(0, 48, 3, 3)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 120), max_size=40), st.integers(1, 5))
def test_the_rule_holds_at_every_hour(hours: list[int], number: int) -> None:
    """The hours of all spikes together are those at which so many had happened in the last 24."""
    found = of([float(hour) for hour in hours], number)
    for now in range(150):
        count = sum(now - 24 < hour <= now for hour in hours)
        assert any(began <= now < ends for began, ends, _, _ in found) == (count >= number)
    for began, ends, count, highest in found:
        assert count == sum(began - 24 < hour <= began for hour in hours)
        inside = [at for at in range(150) if began <= at < ends]
        assert highest == max(sum(at - 24 < hour <= at for hour in hours) for at in inside)
    assert all(ended <= began for (_, ended, _, _), (began, _, _, _) in pairwise(found))


def test_neighbours_are_told_and_not_added_up() -> None:
    hours, areas = [0.0, 1, 2, 3, 4], [0, 0, 1, 1, 1]
    (spike,) = spikes(hours, areas, [own_threshold(3)] * 3, [[1], [0, 2], [1]])
    assert (spike.area, spike.told, spike.count) == (1, (0, 1, 2), 3)


def test_each_area_has_a_number_of_its_own() -> None:
    found = spikes([0.0, 1, 0, 1], [0, 0, 1, 1], [own_threshold(2), own_threshold(3)], [[1], [0]])
    assert [spike.area for spike in found] == [0]


def test_exceeds_is_one_more_than_reaches() -> None:
    for passing, spiking in ((Passing.REACHES, 1), (Passing.EXCEEDS, 0)):
        assert len(spikes([0.0, 1, 2], [0, 0, 0], [own_threshold(3, passing)], ALONE)) == spiking
    assert len(spikes([0.0, 1, 2, 3], [0] * 4, [own_threshold(3, Passing.EXCEEDS)], ALONE)) == 1


def test_the_chance_of_a_detector_stands_beside_the_rule() -> None:
    def chance(area: int, hour: float, count: int) -> float:
        return {(0, 2.0, 3): 0.04}[area, hour, count]

    (spike,) = spikes([0.0, 1, 2, 3], [0] * 4, [own_threshold(3)], ALONE, chance=chance)
    assert spike.p == 0.04
    assert isinstance(spike, Spike)
    assert spikes([0.0, 1, 2, 3], [0] * 4, [own_threshold(3)], ALONE)[0].p is None


def test_a_recommended_number_says_how_it_was_made_and_that_nobody_verified_it() -> None:
    threshold = recommended_threshold([0, 2, 4, 2, 2], deviations=2)
    assert threshold.formula is not None
    assert (threshold.number, threshold.formula.mean, threshold.formula.days) == (5, 2.0, 5)
    assert threshold.formula.deviation == pytest.approx(np.sqrt(2))
    assert threshold.formula.is_verified is False
    assert own_threshold(5).formula is None
    assert recommended_threshold([0, 0, 0]).number == 2
    assert recommended_threshold([3, 3, 3]).number == 4
    assert recommended_threshold([0, 2, 4, 2, 2], deviations=3).number == 7


@pytest.mark.parametrize(
    ("counts", "deviations", "least"), [([1], 2, 2), ([1, np.nan], 2, 2), ([1, 2], -1, 2), ([1, 2], 2, 0)]
)
def test_nothing_is_recommended_from_nothing(counts: list[float], deviations: float, least: int) -> None:
    with pytest.raises(NotRecommendable):
        recommended_threshold(counts, deviations, least)


def test_a_threshold_of_none_would_always_spike() -> None:
    with pytest.raises(NotAThreshold):
        own_threshold(0)


@pytest.mark.parametrize(
    ("hours", "areas", "neighbours", "window"),
    [
        ([0.0], [0, 0], ALONE, 24),
        ([np.nan], [0], ALONE, 24),
        ([0.0], [1], ALONE, 24),
        ([0.0], [-1], ALONE, 24),
        ([0.0], [0.5], ALONE, 24),
        ([0.0], [0], [], 24),
        ([0.0], [0], ALONE, 0),
    ],
)
def test_events_that_cannot_be_placed_are_refused(hours: Any, areas: Any, neighbours: Any, window: float) -> None:
    with pytest.raises(NotSpikeEvents):
        spikes(hours, areas, [own_threshold(2)], neighbours, window=window)
