"""Late reports: what is still to come, with an interval that holds, and a test that does not wait."""

import numpy as np
import pytest
from scipy import stats

from entente.analysis.aberration import (
    ReportedBeforeEvent,
    TooFewPeriods,
    completeness,
    nowcast,
    reporting_triangle,
    revised,
    seen_p,
)

PARTS = np.array([0.4, 0.25, 0.15, 0.1, 0.06, 0.04])


def late(rng: np.random.Generator, mean: float, periods: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Simulated: complete counts, and the triangle of their reports."""
    complete = rng.negative_binomial(5, 5 / (5 + mean), periods)
    return complete, np.array([rng.multinomial(count, PARTS) for count in complete])


def test_the_chain_ladder_of_a_published_shape_by_hand() -> None:
    known = completeness(np.array([[10, 10, 5], [20, 20, 0], [30, 0, 0]]))
    assert known.part.tolist() == pytest.approx([1 / 2 / 1.25, 1 / 1.25, 1])
    assert known.error[-1] == 0


@pytest.mark.parametrize("mean", [3, 30, 300])
def test_the_interval_holds_the_complete_count(mean: float) -> None:
    rng = np.random.default_rng(2)
    held, off = [], []
    for _ in range(60):
        complete, triangle = late(rng, mean)
        told = nowcast(triangle, confidence=0.9)
        held.append((told.low[-3:] <= complete[-3:]) & (complete[-3:] <= told.high[-3:]))
        off.append(told.total[-1] - complete[-1])
    assert np.mean(held) >= 0.85
    assert abs(np.mean(off)) <= 4 * np.std(off) / np.sqrt(60)


def test_a_period_of_which_nothing_is_in_has_an_answer() -> None:
    _, triangle = late(np.random.default_rng(3), 30)
    triangle[-1, 0] = 0
    told = nowcast(triangle)
    assert told.seen[-1] == 0
    assert 0 < told.total[-1] < 60
    assert told.low[-1] <= told.total[-1] <= told.high[-1]


def test_what_is_below_the_diagonal_is_not_read() -> None:
    _, triangle = late(np.random.default_rng(3), 30)
    hidden = triangle.copy()
    for age in range(1, 6):
        hidden[-age, age:] = 10**6
    assert nowcast(hidden).total.tolist() == nowcast(triangle).total.tolist()


def test_where_reports_are_withdrawn_the_total_is_below_what_was_seen() -> None:
    triangle = np.tile([20, 5, -6], (12, 1))
    told = nowcast(triangle)
    assert told.total[-2] < told.seen[-2]
    assert told.low[-2] <= 19 <= told.high[-2]


def test_a_seen_count_is_judged_as_the_thinned_complete_one() -> None:
    part, size, mean = 0.4, 5.0, 30.0
    one = [np.array([value]) for value in (17, mean, size, part, 0.0)]
    assert seen_p(*one)[0] == pytest.approx(stats.nbinom.sf(16, size, size / (size + mean * part)))
    one[2] = np.array([np.inf])
    assert seen_p(*one)[0] == pytest.approx(stats.poisson.sf(16, mean * part))
    one[4] = np.array([0.3])
    assert seen_p(*one)[0] > stats.poisson.sf(16, mean * part)


def test_quiet_newest_periods_alarm_no_more_often_than_stated() -> None:
    rng = np.random.default_rng(4)
    p = []
    for _ in range(100):
        _, triangle = late(rng, 30)
        known = completeness(triangle)
        seen, size = triangle[-1:, 0], np.array([5.0])
        p.append(seen_p(seen, np.array([30.0]), size, known.part[:1], known.error[:1])[0])
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 / 100)


def test_reports_become_a_triangle() -> None:
    event, reported = np.array([0, 0, 1, 1, 1]), np.array([0, 3, 1, 2, 2])
    triangle = reporting_triangle(event, reported, np.array([5, 2, 4, 3, -1]), periods=3, delays=3)
    assert triangle.tolist() == [[5, 0, 2], [4, 2, 0], [0, 0, 0]]
    with pytest.raises(ReportedBeforeEvent, match="1 reports"):
        reporting_triangle(np.array([2]), np.array([1]), np.array([1]), periods=3, delays=3)
    with pytest.raises(TooFewPeriods):
        completeness(triangle[:2])


def test_revised_periods_are_judged_again() -> None:
    before, now = np.array([[1, 2, 3]]), np.array([[1, 4, 3, 2]])
    assert revised(before, now).tolist() == [[False, True, False, True]]
