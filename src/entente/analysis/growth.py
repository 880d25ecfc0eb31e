"""Did a share grow: an exact conditional test over strata, with its interval, dispersion and false discovery rate.

In each stratum (a publication and a place, say) `early_count` of `early_of` were found before and `late_count` of
`late_of` now. Given the stratum's total, and if the share became `r` times what it was, the late count is binomial with
the chance late_of r / (early_of + late_of r) (Przyborowski and Wilenski, Biometrika 31, 1940). The sum over strata is
tested, so a change in who tests how much does not look like growth (Simpson's paradox). The counts are taken as
Poisson; where a share is large they vary less than that, and the test errs towards silence.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import erfc, exp, inf, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
SMALLEST_P = 1e-12
"""Smaller chances are given as this one: no model of counts is right to more than twelve places."""
_EXACT_VARIANCE = 400.0  # beyond it the skewness of the sum is below 1/20 and the normal distribution stands in
_WIDEST = 60.0  # e to this power is "no limit" for a ratio


@dataclass(frozen=True, slots=True)
class Stratum:
    """Found of looked at, in the window before and in the window now. Nobody looked at is not zero found."""

    early_count: int
    early_of: int
    late_count: int
    late_of: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How many times the share grew. `ratio` and `high` None: nothing was found before, so there is no upper limit.

    `expected` is the late count if every stratum had kept its early share; `p` is one-sided, for growth.
    """

    ratio: float | None
    low: float
    high: float | None
    expected: float
    p: float


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Counts vary `phi` times as much as chance alone would make them, told by `df` degrees of freedom."""

    phi: float
    df: float


def growth(strata: Iterable[Stratum], dispersion: Dispersion | None = None) -> Growth:
    """The growth of a share over `strata`; those not looked at in either window are left out.

    With `dispersion` (`phi` 1 or more) the larger of the exact p and of Student's is given, and the wider interval.
    """
    used = [one for one in strata if one.early_of > 0 and one.late_of > 0]
    expected = float(sum(one.late_of * one.early_count / one.early_of for one in used))
    sum_ = _Sum([one for one in used if one.early_count + one.late_count > 0])
    if sum_.total == 0:
        return Growth(ratio=None, low=0.0, high=None, expected=expected, p=1.0)
    ratio = sum_.likeliest()
    low, high = sum_.limits(dispersion)
    return Growth(
        ratio=None if ratio == inf else ratio,
        low=low,
        high=None if high == inf else high,
        expected=expected,
        p=sum_.p(dispersion),
    )


def dispersion(pairs: Iterable[Stratum]) -> Dispersion | None:
    """How much more counts vary from one period to the next than chance would make them; None if it cannot be told.

    `pairs` are neighbouring periods of the same stratum. A growth common to all is taken out first, so that steady
    growth is not mistaken for noise. Deviations are summed before they are divided, which rare counts cannot upset.
    Neighbouring pairs share a period, which costs a third of the degrees of freedom.
    """
    sum_ = _Sum([one for one in pairs if one.early_of > 0 and one.late_of > 0 and one.early_count + one.late_count > 0])
    ratio = sum_.likeliest() if sum_.total else inf
    if not 0 < ratio < inf:
        return None
    mean, variance = sum_.moments(log(ratio))
    size = float(variance.sum() ** 2 / (variance**2).sum())  # so many pairs of equal weight tell as much
    df = (size - 1) * 2 / 3
    if df < 1:
        return None
    chi = float(((sum_.late - mean) ** 2).sum() / variance.sum()) * size / (size - 1)
    return Dispersion(phi=max(1.0, chi), df=df)


def q_values(p: Sequence[float]) -> list[float]:
    """For each p, in their order, the smallest false discovery rate that finds it (Benjamini and Hochberg 1995)."""
    if not p:
        return []
    order = np.argsort(np.asarray(p), kind="stable")[::-1]
    ranks = np.arange(len(p), 0, -1)
    raised = np.minimum.accumulate(np.asarray(p)[order] * len(p) / ranks)
    q = np.empty(len(p))
    q[order] = np.minimum(raised, 1.0)
    return [float(value) for value in q]


class _Sum:
    """The sum of the late counts, given each stratum's total."""

    def __init__(self, strata: Sequence[Stratum]) -> None:
        self.late = np.array([one.late_count for one in strata], dtype=float)
        self._totals = np.array([one.early_count + one.late_count for one in strata], dtype=float)
        self._offsets = np.array([log(one.late_of) - log(one.early_of) for one in strata], dtype=float)
        self.observed = sum(one.late_count for one in strata)
        self.total = sum(one.early_count + one.late_count for one in strata)

    def moments(self, log_ratio: float) -> tuple[Floats, Floats]:
        """Mean and variance of each stratum's late count if the share became e^`log_ratio` times what it was."""
        chances = _logistic(self._offsets + log_ratio)
        mean = self._totals * chances
        return mean, mean * _logistic(-self._offsets - log_ratio)

    def likeliest(self) -> float:
        """The ratio under which the sum observed is the sum expected: the conditional maximum of the likelihood."""
        if self.observed == 0:
            return 0.0
        return inf if self.observed == self.total else exp(self._where(lambda x: self._mean(x) - self.observed))

    def p(self, dispersion: Dispersion | None) -> float:
        """The chance of so many or more late counts if nothing had changed."""
        exact = self._exact
        mean, deviation = self._spread(0.0, 1.0)
        p = exact.at_least(0.0) if exact else _normal_tail(self.observed - 0.5 - mean, deviation)
        if dispersion is not None:
            mean, deviation = self._spread(0.0, dispersion.phi)
            p = max(p, _student_tail(self.observed - 0.5 - mean, deviation, dispersion.df))
        return min(1.0, max(SMALLEST_P, p))

    def limits(self, dispersion: Dispersion | None) -> tuple[float, float]:
        """The interval of ratios that the observed sum does not contradict: both one-sided tests inverted."""
        tail = (1 - CONFIDENCE) / 2
        exact = self._exact
        pairs = [exact.limits(tail) if exact else self._limits(-NormalDist().inv_cdf(tail), 1.0)]
        if dispersion is not None:
            pairs.append(self._limits(_student_quantile(tail, dispersion.df), dispersion.phi))
        return min(low for low, _ in pairs), max(high for _, high in pairs)

    def _limits(self, quantile: float, phi: float) -> tuple[float, float]:
        def deviation(log_ratio: float) -> float:
            return quantile * self._spread(log_ratio, phi)[1]

        low, high = 0.0, inf
        if self.observed > 0:
            low = exp(self._where(lambda x: self._mean(x) + deviation(x) - (self.observed - 0.5)))
        if self.observed < self.total:
            high = exp(self._where(lambda x: self._mean(x) - deviation(x) - (self.observed + 0.5)))
        return low, high

    @cached_property
    def _exact(self) -> "_Exact | None":
        """The exact distribution of the sum, unless it is so wide that the normal one is as good."""
        likely = self._where(lambda x: self._mean(x) - min(max(self.observed, 0.5), self.total - 0.5))
        if float(self.moments(likely)[1].sum()) > _EXACT_VARIANCE:
            return None
        return _Exact.of(self._totals, _logistic(self._offsets + likely), likely, self.observed)

    def _mean(self, log_ratio: float) -> float:
        return float(self.moments(log_ratio)[0].sum())

    def _spread(self, log_ratio: float, phi: float) -> tuple[float, float]:
        mean, variance = self.moments(log_ratio)
        return float(mean.sum()), sqrt(phi * float(variance.sum()))

    @staticmethod
    def _where(rises: Callable[[float], float]) -> float:
        """Where `rises` of the log ratio crosses zero, halved down to 10 places; the widest where it does not."""
        low, high = -_WIDEST, _WIDEST
        while high - low > 1e-10:
            middle = (low + high) / 2
            low, high = (low, middle) if rises(middle) > 0 else (middle, high)
        return high


class _Exact:
    """The chances of sums from `first` on, under one ratio; under another they are tilted, not counted again.

    The sum is an exponential family in the log of the ratio, so one convolution gives every test and every limit.
    """

    def __init__(self, chances: Floats, first: int, log_ratio: float, observed: int) -> None:
        with np.errstate(divide="ignore"):
            self._logs = np.log(chances)
        self._sums = np.arange(first, first + len(chances), dtype=float)
        self._log_ratio = log_ratio
        self._observed = observed
        self.lowest, self.highest = first, first + len(chances) - 1

    @classmethod
    def of(cls, totals: Floats, chances: Floats, log_ratio: float, observed: int) -> "_Exact":
        sums, first = np.ones(1), 0
        for total, chance in zip(totals, chances, strict=True):
            one, start = _binomial(total, chance)
            sums, first = np.convolve(sums, one), first + start
        return cls(sums, first, log_ratio, observed)

    def at_least(self, log_ratio: float) -> float:
        """The chance of the observed sum or a larger one."""
        return float(self._tilted(log_ratio)[self._sums >= self._observed].sum())

    def at_most(self, log_ratio: float) -> float:
        """The chance of the observed sum or a smaller one."""
        return float(self._tilted(log_ratio)[self._sums <= self._observed].sum())

    def limits(self, tail: float) -> tuple[float, float]:
        """The ratios under which each side has the chance `tail`."""
        low, high = 0.0, inf
        if self._observed > self.lowest:
            low = exp(_Sum._where(lambda x: self.at_least(x) - tail))
        if self._observed < self.highest:
            high = exp(_Sum._where(lambda x: tail - self.at_most(x)))
        return low, high

    def _tilted(self, log_ratio: float) -> Floats:
        weights = self._logs + (log_ratio - self._log_ratio) * self._sums
        chances = np.exp(weights - weights.max())
        return np.asarray(chances / chances.sum())


def _binomial(total: float, chance: float) -> tuple[Floats, int]:
    """The chances of the counts that matter out of `total`, and the first of these counts."""
    from scipy import special

    deviations = 12 * sqrt(total * chance * (1 - chance)) + 60  # 60: room for tails that are not yet normal
    first = max(0, int(total * chance - deviations))
    counts = np.arange(first, min(total, int(total * chance + deviations) + 1) + 1)
    logs = special.gammaln(total + 1) - special.gammaln(counts + 1) - special.gammaln(total - counts + 1)
    return np.exp(logs + special.xlogy(counts, chance) + special.xlog1py(total - counts, -chance)), first


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def _normal_tail(excess: float, deviation: float) -> float:
    return erfc(excess / deviation / sqrt(2)) / 2 if deviation > 0 else float(excess <= 0)


def _student_tail(excess: float, deviation: float, df: float) -> float:
    from scipy import special

    return float(special.stdtr(df, -excess / deviation)) if deviation > 0 else float(excess <= 0)


def _student_quantile(tail: float, df: float) -> float:
    from scipy import special

    return float(-special.stdtrit(df, tail))
