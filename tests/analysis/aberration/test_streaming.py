"""A new week or a corrected count gives what judging everything gives, and judges only what saw it."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from entente.analysis.aberration import BadMask, Judged, ears, entente, farrington_flexible, renewed

LAST = np.array([623])
ARRAYS = ("observed", "expected", "bound", "p", "score", "alarm", "reason", "n_baseline", "n_down_weighted")


def simulated() -> np.ndarray:
    return np.random.default_rng(6).negative_binomial(4, 0.5, (6, 624))


def same(one: Judged, other: Judged) -> None:
    np.testing.assert_array_equal(one.at, other.at)
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, err_msg=name)


class Counted:
    """A detector that says which weeks of how many series it judged."""

    def __init__(self, judge: Any) -> None:
        self.judge, self.calls = judge, list[tuple[int, list[int]]]()

    def __call__(self, counts: np.ndarray, *, at: np.ndarray, **more: Any) -> Judged:
        self.calls.append((len(counts), at.tolist()))
        found: Judged = self.judge(counts, at=at, **more)
        return found


@pytest.mark.parametrize("judge", [entente, farrington_flexible, partial(ears, method="c3")])
def test_one_week_more_is_one_column_of_work(judge: Any) -> None:
    counts, counted = simulated(), Counted(judge)
    before = judge(counts[:, :623], at=np.arange(610, 623))
    same(renewed(before, counts, counted), judge(counts, at=np.arange(610, 624)))
    assert counted.calls == [(6, [623])]


def test_a_corrected_count_is_seen_by_the_weeks_that_saw_it() -> None:
    counts, at = simulated(), np.arange(600, 624)
    before = entente(counts, at=at)
    corrected, revised = counts.copy(), np.zeros(counts.shape, dtype=bool)
    corrected[2, 620] += 30
    corrected[4, 350] += 90
    revised[2, 620] = revised[4, 350] = True
    counted = Counted(entente)
    same(renewed(before, corrected, counted, revised=revised), entente(corrected, at=at))
    assert [week for _, (week,) in counted.calls] == [*range(600, 614), *range(620, 624)]
    assert {size for size, _ in counted.calls} == {1}


def test_marks_of_another_shape_are_refused() -> None:
    counts = simulated()
    with pytest.raises(BadMask):
        renewed(entente(counts, at=LAST), counts, entente, revised=np.zeros(3, dtype=bool))
