"""EARS C1, C2 and C3, by hand; R's C3 does not see today."""

import numpy as np
import pytest

from entente.analysis.aberration import BadSettings, Reason, ears

WEEKS = np.array([[3, 5, 4, 6, 5, 4, 8, 5, 9, 30]])


def test_c1_is_mean_and_deviation_of_the_seven_weeks_before() -> None:
    found = ears(WEEKS, at=np.array([9]))
    before = WEEKS[0, 2:9]
    assert found.expected[0, 0] == pytest.approx(before.mean())
    assert found.bound[0, 0] == pytest.approx(before.mean() + 3.090232306 * before.std(ddof=1))
    assert found.alarm[0, 0]


def test_c2_leaves_two_weeks_out() -> None:
    found = ears(WEEKS, at=np.array([9]), method="c2")
    assert found.expected[0, 0] == pytest.approx(WEEKS[0, :7].mean())


def test_c3_adds_what_three_weeks_exceed() -> None:
    counts = np.array([[4, 6] * 6 + [7, 7, 7, 7]])
    at = 14

    def c2(week: int) -> float:
        before = counts[0, week - 9 : week - 2]
        return float((counts[0, week] - before.mean()) / before.std(ddof=1))

    total = sum(max(0.0, c2(week) - 1) for week in (at - 2, at - 1, at))
    found = ears(counts, at=np.array([at]), method="c3")
    assert found.alarm[0, 0] == (total >= 1.959964)


def test_an_explosion_today_is_an_alarm_but_not_for_r() -> None:
    counts = np.array([[5, 4, 6, 5, 5, 4, 6, 5, 5, 5, 5, 500]])
    at = np.array([11])
    assert ears(counts, at=at, method="c3").alarm[0, 0]
    r = ears(counts, at=at, method="c3", r_compat=True)
    assert r.bound[0, 0] > 500
    assert not r.alarm[0, 0]


def test_a_baseline_without_spread_has_an_answer() -> None:
    counts = np.array([[0] * 11 + [0], [0] * 11 + [1], [2] * 11 + [2]])
    found = ears(counts, at=np.array([11]), method="c3")
    assert found.alarm[:, 0].tolist() == [False, True, False]
    assert not ears(counts, at=np.array([11]), least_sd=1.0).alarm.any()


def test_without_its_baseline_a_week_is_not_judged() -> None:
    mask = np.zeros(WEEKS.shape, dtype=bool)
    mask[0, 5] = True
    found = ears(WEEKS, at=np.array([6, 9]), mask=mask)
    assert found.reason[0].tolist() == [Reason.TOO_FEW_BASELINE_WEEKS] * 2
    assert ears(WEEKS, at=np.array([5]), mask=mask).reason[0, 0] == Reason.NO_COUNT


def test_a_series_shorter_than_the_baseline_is_not_judged() -> None:
    found = ears(WEEKS[:, :3], at=np.array([0, 2]), method="c3")
    assert found.reason[0].tolist() == [Reason.TOO_FEW_BASELINE_WEEKS] * 2


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(BadSettings):
        ears(WEEKS, at=np.array([9]), method="c4")  # type: ignore[arg-type]
