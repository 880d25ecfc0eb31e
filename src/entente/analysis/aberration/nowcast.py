"""Reports that come late: the triangle of event and report periods, what is still to come, a test that need not wait.

Chain ladder factors tell which part F(d) of a period's reports is in after d periods, with Mack's closed errors (ASTIN
Bulletin 23, 1993). A period's level is gamma around what complete periods had; given `seen` of it, what is still to
come is negative binomial in closed form, and with a vague prior it is the negative binomial chain ladder (Verrall,
Insurance: Mathematics and Economics 26, 2000; England and Verrall, British Actuarial Journal 8, 2002). A period of
which nothing is in yet has an answer too. A count that is NB(mean, size) when complete is NB(mean F, size) when the
part F is in, so it can be judged at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.prior import Counts, Floats
from entente.errors import InputFault


class ReportedBeforeEvent(InputFault):
    """{number} reports are dated before the event they tell of. Correct the dates of event and report."""


class TooFewPeriods(InputFault):
    """The reporting triangle holds no period that is complete. Give at least {periods} periods of events."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """After [delay] periods: `part` of all reports that is in (above 1 where more are withdrawn later than come), and
    `error`, its coefficient of variation. `phi`: counts vary so many times as much as chance alone makes them."""

    part: Floats
    error: Floats
    phi: float


@dataclass(frozen=True, slots=True)
class Nowcast:
    """All arrays [period], the newest last. `seen` is in; `total` is expected in the end, between `low` and `high`
    with the chosen confidence; `part` of it is in, with the coefficient of variation `error`."""

    seen: Counts
    total: Floats
    low: Floats
    high: Floats
    part: Floats
    error: Floats


def reporting_triangle(event: Counts, reported: Counts, counts: Counts, *, periods: int, delays: int) -> Counts:
    """[period, delay] counts from reports: `event`, `reported` periods (0 the first) and how many, negative where some
    are withdrawn. Delays of `delays` - 1 and more stand together. Raises ReportedBeforeEvent."""
    delay = np.asarray(reported) - np.asarray(event)
    if (delay < 0).any():
        raise ReportedBeforeEvent(number=int((delay < 0).sum()))
    triangle = np.zeros((periods, delays), dtype=np.int64)
    np.add.at(triangle, (event, np.minimum(delay, delays - 1)), counts)
    return triangle


def completeness(triangle: NDArray[Any]) -> Completeness:
    """How complete a period is after each delay. `triangle` [period, delay], the last row is the newest period; what
    is below its diagonal has not come yet and is not read. Raises TooFewPeriods."""
    periods, delays = triangle.shape
    if periods < delays:
        raise TooFewPeriods(periods=delays)
    sums = np.cumsum(triangle, axis=1).astype(float)
    factors, variances, chis, dfs = np.ones(delays), np.zeros(delays), 0.0, 0
    for delay in range(delays - 1):
        rows = slice(0, periods - delay - 1)
        before, after = sums[rows, delay], sums[rows, delay + 1]
        total = before.sum()
        factor = max(after.sum() / total, 1e-6) if total > 0 else 1.0
        used = before > 0
        chi = float(((after[used] - factor * before[used]) ** 2 / before[used]).sum())
        factors[delay] = factor
        variances[delay] = chi / max(used.sum() - 1, 1) / (total * factor**2) if total > 0 else 0.0
        if abs(factor - 1) > 1e-9:
            chis, dfs = chis + chi / (factor * abs(factor - 1)), dfs + int(used.sum()) - 1
    to_come = np.cumprod(factors[::-1])[::-1]
    error = np.sqrt(np.cumsum(variances[::-1])[::-1])
    return Completeness(part=1 / to_come, error=error, phi=max(1.0, chis / dfs) if dfs > 0 else 1.0)


def nowcast(triangle: NDArray[Any], *, confidence: float = 0.90, weight: float = 1.0) -> Nowcast:
    """What each period's count will be when all reports are in.

    `weight` is how many periods the mean of the complete periods is worth as a prior for a new one. Raises
    TooFewPeriods.
    """
    known = completeness(triangle)
    periods, delays = triangle.shape
    age = np.minimum(np.arange(periods)[::-1], delays - 1)
    seen = np.array([row[: last + 1].sum() for row, last in zip(triangle, age, strict=True)], dtype=np.int64)
    usual = max(float(seen[: periods - delays + 1].mean()), 0.5)
    part, error = known.part[age], known.error[age]
    total = (weight + seen) / (weight / usual + part)
    to_come = np.where(part < 1, total * (1 - part), seen * (1 / part - 1))
    chance = np.where(part < 1, to_come * (1 + to_come / (weight + seen)), -to_come / part)
    variance = known.phi * chance + ((seen + to_come) * error) ** 2
    low, high = _limits(to_come, variance, (1 - confidence) / 2)
    return Nowcast(seen, seen + to_come, np.maximum(seen + low, 0), np.maximum(seen + high, 0), part, error)


def seen_p(seen: NDArray[Any], expected: Floats, size: Floats, part: Floats, error: Floats) -> Floats:
    """The chance of `seen` or more now, if the complete count is negative binomial with mean `expected` and `size`.

    `part` of it is in, known up to the coefficient of variation `error`. Arrays of one shape; `size` may be infinite.
    """
    from scipy import stats

    mean = np.maximum(np.asarray(expected) * np.minimum(part, 1.0), 1e-12)
    spread = 1 / np.asarray(size, dtype=float) + np.asarray(error) ** 2
    with np.errstate(divide="ignore"):
        wide = stats.nbinom.sf(np.asarray(seen) - 1, 1 / np.maximum(spread, 1e-9), 1 / (1 + mean * spread))
    return np.asarray(np.where(spread > 1e-9, wide, stats.poisson.sf(np.asarray(seen) - 1, mean)))


def revised(before: NDArray[Any], now: NDArray[Any]) -> NDArray[np.bool_]:
    """Which periods of two vintages [series, period] changed and must be judged again; new periods count as changed."""
    known = before.shape[-1]
    changed = np.ones(now.shape, dtype=bool)
    changed[..., :known] = before != now[..., :known]
    return changed


def _limits(mean: Floats, variance: Floats, tail: float) -> tuple[Floats, Floats]:
    """Of what is to come: negative binomial with this mean and variance; normal where it is less than nothing."""
    from scipy import stats

    spread = np.sqrt(variance)
    comes = (mean > 1e-9) & (variance > mean)
    excess = np.where(comes, variance - mean, 1.0)
    size = np.where(comes, mean**2 / excess, 1.0)
    chance = np.where(comes, mean / np.where(comes, variance, 1.0), 0.5)
    counted = [np.where(comes, stats.nbinom.ppf(level, size, chance), 0.0) for level in (tail, 1 - tail)]
    z = float(stats.norm.isf(tail))
    low = np.where(comes, counted[0], np.floor(mean - z * spread))
    return low, np.where(comes, counted[1], np.ceil(mean + z * spread))
