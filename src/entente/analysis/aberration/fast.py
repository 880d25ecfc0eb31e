"""The fits of `fitting` as machine code, if numba is installed: the same steps row by row, with the same answers."""

# ruff: noqa: PLR0917 - machine code is handed arrays by position

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from math import exp, inf, log
from typing import Any

import numpy as np

from entente.analysis.aberration.layout import Bools, Floats, Ints

WORTH_ROWS = 5_000
"""Rows from which loading numba pays."""


def is_worth_it(rows: int) -> bool:
    """Whether numba is there and so many fits repay loading it."""
    return rows >= WORTH_ROWS and find_spec("numba") is not None


@cache
def compiled() -> Callable[..., None]:
    """`fit_rows` as machine code, kept beside the package where that may be written."""
    import numba
    from numba.extending import register_jitable

    for part in (_begin, _sums, _solve, _move, _gradient):
        register_jitable(part)
    try:
        made: Callable[..., None] = numba.njit(fit_rows, cache=True, error_model="numpy")
    except RuntimeError:  # nowhere to keep it
        made = numba.njit(fit_rows, error_model="numpy")
    return made


def fit_rows(
    counts: Floats,
    prior: Floats,
    levels: Ints,
    time: Floats,
    has_trend: Bools,
    rule: tuple[float, int, float, float],
    out: tuple[Any, ...],
) -> None:
    """Fits each row; `rule` is tolerance, most steps, rounding and start of `fitting`, `out` the parts of its `Fit`."""
    coefficients, slopes, means, weights, per_level, centres, spreads, ended = out
    tolerance, most_steps, rounding, start = rule
    n_levels = per_level.shape[1]
    s1, totals, rights = np.zeros(n_levels), np.zeros(n_levels), np.zeros(n_levels)
    for row in range(len(counts)):
        y, omega, mu, weight, s0 = counts[row], prior[row], means[row], weights[row], per_level[row]
        deviance, saturated, total_time, right_time = _begin(y, omega, levels, time, start, weight, totals, rights)
        slope = 0.0
        for _ in range(most_steps):
            s2 = _sums(weight, levels, time, s0, s1)
            spread, step = _solve(
                s0, s1, s2, rights, right_time, has_trend[row], rounding, centres[row], coefficients[row]
            )
            slope += step
            old, log_fit = deviance, slope * total_time
            for level in range(n_levels):
                log_fit += coefficients[row, level] * totals[level]
            fitted = _move(coefficients[row], slope, levels, time, omega, mu)
            deviance = 2 * (saturated - log_fit + fitted)
            change = abs(deviance - old)
            if change < tolerance * (abs(deviance) + start) or change <= rounding * (abs(saturated) + abs(log_fit)):
                ended[row] = True
                break
            right_time = _gradient(y, omega, levels, time, mu, weight, rights)
        slopes[row], spreads[row] = slope, spread


def _begin(
    y: Floats, omega: Floats, levels: Ints, time: Floats, start: float, weight: Floats, totals: Floats, rights: Floats
) -> tuple[float, float, float, float]:
    """First weights, totals and right sides; deviance, its part that no fit changes, total and right side by time."""
    totals[:], rights[:] = 0.0, 0.0
    deviance = saturated = total_time = right_time = 0.0
    for i in range(len(y)):
        mean = y[i] + start
        logs = log(mean)
        if y[i] > 0:
            own = log(y[i])
            saturated += omega[i] * y[i] * (own - 1)
            deviance += omega[i] * y[i] * (own - logs)
        deviance += omega[i] * start
        weight[i] = omega[i] * mean
        right = weight[i] * (logs - start / mean)
        totals[levels[i]] += omega[i] * y[i]
        total_time += omega[i] * y[i] * time[i]
        rights[levels[i]] += right
        right_time += right * time[i]
    return 2 * deviance, saturated, total_time, right_time


def _sums(weight: Floats, levels: Ints, time: Floats, s0: Floats, s1: Floats) -> float:
    """Sums of weights by level, and times time; gives the sum times time squared."""
    s0[:], s1[:] = 0.0, 0.0
    s2 = 0.0
    for i in range(len(weight)):
        by_time = weight[i] * time[i]
        s0[levels[i]] += weight[i]
        s1[levels[i]] += by_time
        s2 += by_time * time[i]
    return s2


def _solve(
    s0: Floats,
    s1: Floats,
    s2: float,
    rights: Floats,
    right_time: float,
    has_trend: bool,  # noqa: FBT001  # machine code has no keywords
    rounding: float,
    centres: Floats,
    levels: Floats,
) -> tuple[float, float]:
    """Adds the solution of the arrowhead equations to `levels`; gives the slope's information and its step."""
    spread = s2
    for level in range(len(s0)):
        centres[level] = s1[level] / s0[level] if s0[level] > 0 else 0.0
        spread -= s1[level] * centres[level]
        right_time -= centres[level] * rights[level]
    if not has_trend or spread <= rounding * s2:
        spread = inf
    step = right_time / spread
    for level in range(len(s0)):
        if s0[level] > 0:
            levels[level] += rights[level] / s0[level] - step * centres[level]
    return spread, step


def _move(coefficients: Floats, slope: float, levels: Ints, time: Floats, omega: Floats, mu: Floats) -> float:
    """New means; gives their weighted sum."""
    fitted = 0.0
    for i in range(len(mu)):
        mu[i] = exp(coefficients[levels[i]] + slope * time[i])
        fitted += omega[i] * mu[i]
    return fitted


def _gradient(
    y: Floats, omega: Floats, levels: Ints, time: Floats, mu: Floats, weight: Floats, rights: Floats
) -> float:
    """Weights of the next step and its right sides; gives the one by time."""
    rights[:] = 0.0
    right_time = 0.0
    for i in range(len(y)):
        weight[i] = omega[i] * mu[i]
        away = omega[i] * y[i] - weight[i]
        rights[levels[i]] += away
        right_time += away * time[i]
    return right_time
