"""Does a share grow over several periods in many places at once: an exact test, and slopes that borrow strength.

In place i, `positive[i, t]` of `tested[i, t]` were found in period t. Given the place's total, each find falls into
period t with the chance proportional to tested[i, t] e^(b_i t), so every place's own level drops out and so does who
tests how much (as in `growth`, of which this is the many-period case: with two periods the p-values are equal). Finds
are taken as Poisson, as there: where a share is large the test errs towards silence.

`p` is the exact chance of the sum of periods of all finds, by convolution; where shares vary more than chance makes
them, the larger of that and the normal one with the wider variance. Slopes b_i are normal around a common slope
(partial pooling), fitted by EM with each place's curvature, so a place with two finds is told mostly by the others.
"""

from dataclasses import dataclass
from math import erfc, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.prior import Floats
from entente.analysis.aberration.shares import checked
from entente.analysis.growth import SMALLEST_P

SLOPE_SD = 1.0
"""Before anything is known the common slope is normal around none with this deviation: e-fold growth in a period."""
PLACE_SD = 0.3
"""How much places are thought to differ in slope, with the weight of one place."""
_EXACT_FINDS = 500  # of more, the normal distribution stands in
_Z = 1.959964
_ROUNDS, _STEPS = 40, 3


@dataclass(frozen=True, slots=True)
class PooledTrend:
    """Slopes are log odds per period, intervals of 95 %.

    `p` is one-sided, for growth. `slope`, `low`, `high` are common to all places, `spread` the deviation between
    places; `slopes`, `slopes_low`, `slopes_high` are [place], drawn towards the common slope. `observed` and
    `expected` are the finds of the last period and those foreseen if all of the window's finds had kept their share;
    `places` counts the places that tell anything: tested in two periods at least, with a find.
    """

    p: float
    slope: float
    low: float
    high: float
    spread: float
    slopes: Floats
    slopes_low: Floats
    slopes_high: Floats
    observed: int
    expected: float
    places: int

    @property
    def doubling(self) -> float | None:
        """Periods until the share is twice as large; None without growth."""
        return log(2) / self.slope if self.slope > 0 else None


def pooled_trend(
    positive: NDArray[Any], tested: NDArray[Any], *, variation: float = 0.0, shared: float = 0.0
) -> PooledTrend:
    """The growth of a share in [place, period] counts; tested 0 means nobody looked.

    `variation` is the squared coefficient of variation of the odds between quiet periods in each place by itself,
    `shared` that in all places together. Raises ImpossibleShare, WrongShape.
    """
    found, of = checked(positive, tested)
    places = _Places(found.astype(float), of.astype(float), variation)
    slope, spread, slopes, errors = _fitted(places)
    error = 1 / sqrt(1 / SLOPE_SD**2 + float(np.sum(places.tells / (1 / places.information(slopes) + spread**2))))
    error = sqrt(error**2 + shared / max(float(((places.periods - places.periods.mean()) ** 2).sum()), 0.5))
    late = of[:, -1].astype(float)
    return PooledTrend(
        p=places.p(shared),
        slope=slope,
        low=slope - _Z * error,
        high=slope + _Z * error,
        spread=spread,
        slopes=slopes,
        slopes_low=slopes - _Z * np.sqrt(errors**2 + error**2),
        slopes_high=slopes + _Z * np.sqrt(errors**2 + error**2),
        observed=int(found[:, -1].sum()),
        expected=float((late * places.total / np.maximum(of.sum(axis=1), 1)).sum()),
        places=int(places.tells.sum()),
    )


def trend_p(positive: NDArray[Any], tested: NDArray[Any], *, variation: float = 0.0, shared: float = 0.0) -> float:
    """The `p` of `pooled_trend` alone. Raises ImpossibleShare, WrongShape."""
    found, of = checked(positive, tested)
    return _Places(found.astype(float), of.astype(float), variation).p(shared)


class _Places:
    """The conditional likelihood of each place's slope; one that was tested once, or found nothing, tells nothing."""

    def __init__(self, found: Floats, of: Floats, variation: float) -> None:
        self.periods = np.arange(found.shape[1], dtype=float)
        self.total = found.sum(axis=1)
        looked = (of > 0).sum(axis=1)
        self.tells = (looked >= 2) & (self.total > 0)
        with np.errstate(divide="ignore"):
            self._logs = np.log(of)
        self._sum = found @ self.periods
        self.wider = 1 + variation * self.total / np.maximum(looked, 1)

    def moments(self, slopes: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of the period of a find, by place, if the log odds rise by `slopes` a period."""
        chances = self.chances(slopes)
        mean = chances @ self.periods
        return mean, chances @ self.periods**2 - mean**2

    def chances(self, slopes: Floats) -> Floats:
        logs = self._logs + slopes[:, None] * self.periods
        top = logs.max(axis=1, keepdims=True)
        weights = np.exp(logs - np.where(np.isfinite(top), top, 0.0))
        return np.asarray(weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300))

    def information(self, slopes: Floats) -> Floats:
        """How well each place tells its slope: the curvature of its likelihood, less where shares vary."""
        return np.asarray(np.maximum(self.total * self.moments(slopes)[1] / self.wider, 1e-12))

    def pull(self, slopes: Floats) -> Floats:
        """The slope of each place's log likelihood at `slopes`."""
        return np.asarray((self._sum - self.total * self.moments(slopes)[0]) / self.wider)

    def p(self, shared: float) -> float:
        """The chance of so late finds if no share had changed, but for what varies anyway."""
        flat = np.zeros(len(self.total))
        mean, variance = self.moments(flat)
        excess = float((self._sum - self.total * mean)[self.tells].sum())
        spread = float((self.total * variance)[self.tells].sum())
        if spread <= 0:
            return 1.0
        chance = self._exact(flat) if self.total[self.tells].sum() <= _EXACT_FINDS else _tail(excess, spread)
        wide = float((self.total * variance * self.wider)[self.tells].sum())
        finds = (self.total[:, None] * self.chances(flat))[self.tells]
        wide += shared * float((((self.periods - mean[self.tells, None]) * finds).sum(axis=0) ** 2).sum())
        return min(1.0, max(SMALLEST_P, chance, _tail(excess, wide) if wide > spread else 0.0))

    def _exact(self, flat: Floats) -> float:
        """By the characteristic function of the sum of all finds' periods, at the roots of unity."""
        total, chances = self.total[self.tells], self.chances(flat)[self.tells]
        size = int(total.sum() * self.periods[-1]) + 1
        roots = np.exp(-2j * np.pi * np.outer(self.periods, np.arange(size // 2 + 1)) / size)
        own = chances @ roots
        with np.errstate(divide="ignore"):
            product = np.exp(total @ np.log(np.abs(own)) + 1j * (total @ np.angle(own)))
        law = np.fft.irfft(product, size)
        return float(np.clip(law[int(self._sum[self.tells].sum()) :], 0, 1).sum())


def _fitted(places: _Places) -> tuple[float, float, Floats, Floats]:
    """The common slope, the deviation between places, each place's slope and its error: EM, as in Laird and Ware."""
    slope, spread, count = 0.0, PLACE_SD, int(places.tells.sum())
    slopes, errors = np.zeros(len(places.total)), np.full(len(places.total), spread)
    for _ in range(_ROUNDS):
        slopes, errors = _drawn(places, slopes, slope, spread)
        own = slopes[places.tells]
        slope = float(own.sum() / (count + spread**2 / SLOPE_SD**2))
        squares = float(((own - slope) ** 2 + errors[places.tells] ** 2).sum())
        spread = sqrt((squares + PLACE_SD**2) / (count + 1))
    return slope, spread, np.where(places.tells, slopes, slope), np.where(places.tells, errors, spread)


def _drawn(places: _Places, slopes: Floats, slope: float, spread: float) -> tuple[Floats, Floats]:
    """The likeliest slope of each place under the common normal distribution, by Newton's steps of at most one."""
    for _ in range(_STEPS):
        curve = places.information(slopes) + 1 / spread**2
        step = (places.pull(slopes) - (slopes - slope) / spread**2) / curve
        slopes = slopes + np.clip(step, -1, 1)
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return slopes, 1 / np.sqrt(places.information(slopes) + 1 / spread**2)


def _tail(excess: float, variance: float) -> float:
    """Of a normal distribution, with the correction for whole numbers."""
    return erfc((excess - 0.5) / sqrt(2 * variance)) / 2
