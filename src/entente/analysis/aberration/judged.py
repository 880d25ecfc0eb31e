"""What a detector says about each week of each series, in arrays; and why it says nothing where it cannot judge."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.baselines import Reason, Table
from entente.analysis.aberration.layout import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Arrays [series, judged week]. A week that is not judged has `alarm` False, NaN in numbers, and its `reason`."""

    method: str
    at: Ints
    """Places of the judged weeks, [judged week]."""
    observed: Ints
    expected: Floats
    bound: Floats
    """An alarm is a count above it."""
    p: Floats
    """One-sided chance of so many cases or more; small is unusual."""
    score: Floats
    """(observed - expected) / (bound - expected): 1 or more is an alarm, and ranks the alarms."""
    alarm: Bools
    reason: Ints
    """Codes of `Reason`."""
    dispersion: Floats
    """The variance is so many times the mean."""
    has_trend: Bools
    """Whether the trend was kept."""
    n_baseline: Ints
    """Weeks of the baseline that were used."""
    n_down_weighted: Ints
    """Of those, weeks that count less because they look like an outbreak."""
    has_last_week: Bools
    """Whether the alarm rests on the week before too: this week alone would not have raised it."""

    def with_columns(self, other: "Judged") -> Self:
        """Itself with the weeks of `other` put in: new weeks added, weeks judged again replaced, in order of time."""
        kept = ~np.isin(self.at, other.at)
        order = np.argsort(np.concatenate([self.at[kept], other.at]), kind="stable")
        merged: dict[str, Any] = {
            name: np.concatenate([getattr(self, name)[..., kept], getattr(other, name)], axis=-1)[..., order]
            for name in _ARRAYS
        }
        return replace(self, **merged)

    def with_rows(self, rows: Ints, other: "Judged") -> Self:
        """Itself with the series `rows` judged again in the weeks of `other`, which it must have."""
        column = np.searchsorted(self.at, other.at)
        merged: dict[str, Any] = {name: getattr(self, name).copy() for name in _ARRAYS if name != "at"}
        for name, values in merged.items():
            values[np.ix_(rows, column)] = getattr(other, name)
        return replace(self, **merged)

    def write(self, place: Ints, **values: NDArray[Any]) -> None:
        """Puts `values` at `place` of the flattened arrays; where `reason` is not `JUDGED`, only the reason."""
        is_judged = values["reason"] == Reason.JUDGED
        self.reason.reshape(-1)[place] = values.pop("reason")
        for name, value in values.items():
            getattr(self, name).reshape(-1)[place[is_judged]] = value[is_judged]


_ARRAYS = tuple(one.name for one in fields(Judged) if one.name != "method")


def unjudged(method: str, table: Table, reason: Ints) -> Judged:
    """An answer that says nothing yet."""
    numbers: dict[str, Any] = {
        name: np.full(table.shape, np.nan) for name in ("expected", "bound", "p", "score", "dispersion")
    }
    marks: dict[str, Any] = {
        name: np.zeros(table.shape, dtype=bool) for name in ("alarm", "has_trend", "has_last_week")
    }
    whole: dict[str, Any] = {name: np.zeros(table.shape, dtype=np.int64) for name in ("n_baseline", "n_down_weighted")}
    return Judged(
        method=method, at=table.at, observed=table.observed, reason=reason.copy(), **numbers, **marks, **whole
    )
