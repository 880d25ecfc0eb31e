"""Densities of values below a limit, beside numerical integration."""

from math import inf, log, nan

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from entente.analysis.linkage.censored import log_density, log_density_of_two, moments

MEAN, BETWEEN, WITHIN = np.array([0.3]), np.array([1.2]), np.array([0.2])
CASES = [
    (0.5, -1, 0.9, -1),
    (0.5, -1, nan, 0.1),
    (nan, -0.4, nan, 0.2),
    (nan, 3.0, nan, -3.0),
    (nan, 0.3, nan, 0.3),
    (0.5, -1, nan, nan),
    (nan, nan, nan, -0.2),
]


def given(value: float, limit: float, level: float) -> float:
    """How likely one is, if its batch is at `level`."""
    if np.isnan(value):
        return 1.0 if np.isnan(limit) else float(norm.cdf(limit, level, WITHIN[0] ** 0.5))
    return float(norm.pdf(value, level, WITHIN[0] ** 0.5))


@pytest.mark.parametrize(("x", "below_x", "y", "below_y"), CASES)
def test_two_of_one_batch_are_what_integration_over_the_batch_gives(
    x: float, below_x: float, y: float, below_y: float
) -> None:
    one, other = ((np.array([[value]]), np.array([[limit]])) for value, limit in ((x, below_x), (y, below_y)))
    found = log_density_of_two(one, other, MEAN, BETWEEN, WITHIN)[0, 0]

    def both(level: float) -> float:
        batch = float(norm.pdf(level, MEAN[0], BETWEEN[0] ** 0.5))
        return given(x, below_x, level) * given(y, below_y, level) * batch

    wanted = quad(both, -9, 9, epsabs=1e-13, limit=300, points=[-2, 0, 2])[0]
    assert found == pytest.approx(log(wanted), abs=1e-7)


def test_the_order_of_two_does_not_matter() -> None:
    one, other = (np.array([[0.5, nan]]), np.array([[-1.0, 0.2]])), (np.array([[nan, nan]]), np.array([[0.1, -0.4]]))
    spread = np.array([1.0, 2.0])
    there = log_density_of_two(one, other, np.zeros(2), spread, spread / 9)
    assert there == pytest.approx(log_density_of_two(other, one, np.zeros(2), spread, spread / 9))


@pytest.mark.parametrize("limit", [-30.0, -3.0, 0.0, 3.0, 30.0])
def test_moments_below_a_limit_are_those_of_the_cut_normal(limit: float) -> None:
    value, variance = moments(np.array([nan]), np.array([limit]), np.array([0.5]), np.array([1.5]))
    if limit > -10:
        total = norm.cdf(limit, 0.5, 1.5)
        mean = quad(lambda x: x * norm.pdf(x, 0.5, 1.5) / total, -20, limit)[0]
        square = quad(lambda x: (x - mean) ** 2 * norm.pdf(x, 0.5, 1.5) / total, -20, limit)[0]
        assert value[0] == pytest.approx(mean, abs=1e-6)
        assert variance[0] == pytest.approx(square, abs=1e-5)
    assert -inf < value[0] < limit
    assert variance[0] > 0


def test_nothing_known_says_nothing() -> None:
    assert log_density(np.array([nan]), np.array([nan]), np.zeros(1), np.ones(1))[0] == 0
