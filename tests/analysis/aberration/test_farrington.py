"""The Farrington tests: the layout of the paper, fits beside an independent one, gaps, and what R answers."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.analysis.aberration import (
    ORIGINAL,
    PAPER,
    R_DEFAULT,
    BadCounts,
    BadMask,
    BadSettings,
    BadWeeks,
    Reason,
    Settings,
    ears,
    farrington_flexible,
)
from entente.analysis.aberration.fitting import fit
from entente.analysis.aberration.layout import layout

GOLDEN = Path(__file__).with_name("golden_surveillance.csv")
"""What R `surveillance` 1.20.3 answers about simulated series: `python tools/compare_surveillance.py --golden FILE`."""
LAST = np.array([623])
MUAN = replace(PAPER, threshold="muan", trend_alpha=0.05)
COMPAT = {"paper": PAPER, "muan": MUAN, "default": R_DEFAULT, "original": ORIGINAL}


def simulated(series: int, seed: int = 5, mean: float = 6.0) -> np.ndarray:
    return np.random.default_rng(seed).negative_binomial(mean, 0.5, (series, 624))


def test_the_baseline_is_that_of_the_paper() -> None:
    plan = layout(PAPER)
    assert (plan.offsets[0], plan.offsets[-1], len(plan.offsets)) == (-263, -27, 237)
    assert np.bincount(plan.levels).tolist() == [25, 25, 25, 25, 22, 20, 20, 20, 20, 35]


def test_the_original_baseline_is_the_windows() -> None:
    wanted = [-52 * year + day for year in (5, 4, 3, 2, 1) for day in range(-3, 4)]
    assert layout(ORIGINAL).offsets.tolist() == wanted


@pytest.mark.parametrize("is_compiled", [False, True])
def test_a_fit_is_that_of_a_dense_regression(*, is_compiled: bool) -> None:
    pytest.importorskip("numba") if is_compiled else None
    plan, rng = layout(PAPER), np.random.default_rng(1)
    counts = rng.poisson(np.exp(1 + 0.4 * plan.time), (3, 237)).astype(float)
    prior = rng.uniform(0.2, 2, counts.shape)
    found = fit(counts, prior, plan, np.array([True, True, False]), is_compiled=is_compiled)
    dummies = (plan.levels[:, None] == np.arange(10)).astype(float)
    for row in range(3):
        columns = np.column_stack([dummies, plan.time]) if row < 2 else dummies
        np.testing.assert_allclose(found.means[row], dense(columns, counts[row], prior[row]), rtol=1e-6)


def dense(columns: np.ndarray, counts: np.ndarray, prior: np.ndarray) -> np.ndarray:
    means = counts + 0.5
    for _ in range(50):
        weights = np.sqrt(prior * means)
        working = np.log(means) + (counts - means) / means
        solved = np.linalg.lstsq(columns * weights[:, None], working * weights, rcond=None)[0]
        means = np.exp(columns @ solved)
    return np.asarray(means)


def test_machine_code_gives_the_same_answers() -> None:
    pytest.importorskip("numba")
    counts = simulated(40, mean=1.0)
    counts[0], counts[1, :500] = 0, 0
    plain, fast = (farrington_flexible(counts, at=LAST, is_compiled=one) for one in (False, True))
    for name in ("expected", "bound", "p", "alarm", "reason", "n_down_weighted", "has_trend"):
        np.testing.assert_allclose(getattr(plain, name), getattr(fast, name), rtol=1e-9, err_msg=name)


def test_every_series_is_judged_by_itself() -> None:
    counts = simulated(150)
    together = farrington_flexible(counts, at=np.arange(600, 603))
    alone = farrington_flexible(counts[140:141], at=np.array([601]))
    assert together.bound[140, 1] == alone.bound[0, 0]
    np.testing.assert_allclose(together.p[140, 1], alone.p[0, 0], rtol=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 400), st.integers(1, 5000))
def test_a_missing_week_says_nothing_whatever_stands_there(back: int, nonsense: int) -> None:
    counts = simulated(2)
    mask = np.zeros(counts.shape, dtype=bool)
    mask[0, 623 - back] = True
    spoiled = counts.copy()
    spoiled[0, 623 - back] = nonsense
    one, other = (farrington_flexible(given_, at=LAST, mask=mask) for given_ in (counts, spoiled))
    np.testing.assert_array_equal(one.bound, other.bound)
    assert one.reason[0, 0] == (Reason.NO_COUNT if back == 0 else Reason.JUDGED)


def test_weeks_left_out_are_no_baseline_but_are_judged() -> None:
    counts = simulated(3)
    counts[:, 420:470] *= 20
    left_out = np.zeros(624, dtype=bool)
    left_out[420:470] = True
    calm = farrington_flexible(counts, at=np.array([460, 623]), left_out=left_out)
    assert calm.alarm[:, 0].all()
    assert (calm.expected[:, 1] < 12).all()
    assert (calm.n_baseline[:, 1] == 237 - 50).all()


def test_what_cannot_be_judged_says_why() -> None:
    counts = simulated(5)
    mask = np.zeros(counts.shape, dtype=bool)
    mask[0, 623] = True
    mask[1, :500] = True
    mask[2] = ~np.isin(np.arange(624), [0, 623])
    counts[2, 623] = 1
    counts[3] = 0
    counts[4, 620:] = 1
    found = farrington_flexible(counts, at=LAST, mask=mask, settings=Settings(least_cases=5))
    wanted = [
        Reason.NO_COUNT,
        Reason.SHORT_HISTORY,
        Reason.FEW_CASES,
        Reason.FEW_CASES,
        Reason.FEW_CASES,
    ]
    assert found.reason[:, 0].tolist() == wanted
    without_rule = farrington_flexible(counts, at=LAST, mask=mask)
    assert without_rule.reason[2:4, 0].tolist() == [Reason.TOO_FEW_BASELINE_WEEKS, Reason.NO_CASES]
    assert not found.alarm.any()
    assert np.isnan(found.bound).all()


def test_three_years_are_enough_unless_the_answers_must_be_those_of_r() -> None:
    counts = simulated(1)[:, : 3 * 52 + 4]
    assert farrington_flexible(counts, at=np.array([159])).reason[0, 0] == Reason.JUDGED
    assert farrington_flexible(counts, at=np.array([158])).reason[0, 0] == Reason.SHORT_HISTORY
    assert farrington_flexible(counts, at=np.array([159]), r_compat=True).reason[0, 0] == Reason.SHORT_HISTORY


def test_the_score_ranks_by_counts_and_r_by_something_else() -> None:
    counts = simulated(1)
    counts[0, 623] = 60
    right, r = (farrington_flexible(counts, at=LAST, r_compat=compat) for compat in (False, True))
    mean, bound = right.expected[0, 0], right.bound[0, 0]
    assert right.score[0, 0] == pytest.approx((60 - mean) / (bound - mean))
    assert r.score[0, 0] == pytest.approx((60 - np.log(r.expected[0, 0])) / (r.bound[0, 0] - np.log(r.expected[0, 0])))


def test_what_makes_no_sense_is_refused() -> None:
    counts = simulated(2)
    with pytest.raises(BadCounts):
        farrington_flexible(counts.astype(float), at=LAST)
    with pytest.raises(BadCounts):
        farrington_flexible(-counts - 1, at=LAST)
    with pytest.raises(BadWeeks):
        farrington_flexible(counts, at=np.array([624]))
    with pytest.raises(BadMask):
        farrington_flexible(counts, at=LAST, mask=np.zeros((2, 5), dtype=bool))
    with pytest.raises(BadSettings):
        Settings(half_window=30)


@pytest.mark.parametrize("method", [*COMPAT, "c1", "c2", "c3"])
def test_r_compat_answers_as_r_does(method: str) -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["method"] == method]
    assert rows
    for row in rows:
        counts = np.array([row["counts"].split()], dtype=np.int64)
        at = np.arange(int(row["first"]), int(row["last"]) + 1)
        if method in COMPAT:
            found = farrington_flexible(counts, at=at, settings=COMPAT[method], r_compat=True)
        else:
            found = ears(counts, at=at, method=method, r_compat=True)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.bound[0], np.array(row["bounds"].split(), dtype=float), rtol=1e-9)
        assert found.alarm[0].astype(int).tolist() == [int(alarm) for alarm in row["alarms"].split()]
