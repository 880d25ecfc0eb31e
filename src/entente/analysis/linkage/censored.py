"""Normal distributions of which some values are only known to lie below a limit.

All arrays are broadcast; `value` is NaN where only the limit is known, and both are NaN where nothing is.
"""

import numpy as np

from entente.analysis.linkage.profiles import Floats

_TINY = 1e-300


def log_density(value: Floats, limit: Floats, mean: Floats, deviation: Floats) -> Floats:
    """log f(value), log F(limit) where the value lies below it, 0 where nothing is known."""
    from scipy.special import log_ndtr

    seen = _log_normal(value, mean, deviation)
    below = log_ndtr((limit - mean) / deviation)
    return np.where(np.isnan(value), np.nan_to_num(below), np.nan_to_num(seen))


def moments(value: Floats, limit: Floats, mean: Floats, deviation: Floats) -> tuple[Floats, Floats]:
    """(expected value, its variance) given what is known; of the distribution itself where nothing is."""
    from scipy.special import log_ndtr

    place = (limit - mean) / deviation
    hazard = np.exp(np.minimum(-0.5 * place**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(place), 700))
    below = mean - deviation * hazard
    spread = deviation**2 * np.clip(1 - place * hazard - hazard**2, 1e-6, 1.0)
    expected = np.where(np.isnan(limit), mean, below)
    variance = np.where(np.isnan(limit), deviation**2, spread)
    is_seen = ~np.isnan(value)
    return np.where(is_seen, value, expected), np.where(is_seen, 0.0, variance)


def log_density_of_two(
    one: tuple[Floats, Floats], other: tuple[Floats, Floats], mean: Floats, between: Floats, within: Floats
) -> Floats:
    """The joint log density of two (value, limit), pairs x peaks, that share what varies `between` and not `within`.

    Both are variances of the peaks. Two values below their limits have the bivariate normal distribution function.
    """
    (x, below_x), (y, below_y) = one, other
    found = np.zeros(x.shape)
    has_x, has_y = ~np.isnan(x), ~np.isnan(y)
    pair, peak = np.nonzero(has_x & has_y)
    found[pair, peak] = _both_seen(x[pair, peak], y[pair, peak], mean[peak], between[peak], within[peak])
    for known, limit, chosen in ((x, below_y, has_x & ~has_y), (y, below_x, has_y & ~has_x)):
        pair, peak = np.nonzero(chosen)
        found[pair, peak] = _one_seen(known[pair, peak], limit[pair, peak], mean[peak], between[peak], within[peak])
    pair, peak = np.nonzero(~has_x & ~has_y)
    total = between + within
    h, k = ((limit[pair, peak] - mean[peak]) / np.sqrt(total[peak]) for limit in (below_x, below_y))
    found[pair, peak] = _log_both_below(h, k, (between / total)[peak])
    return found


def _both_seen(x: Floats, y: Floats, mean: Floats, between: Floats, within: Floats) -> Floats:
    """Difference and mean of two are independent."""
    return _log_normal(x - y, np.zeros(1), np.sqrt(2 * within)) + _log_normal(
        (x + y) / 2, mean, np.sqrt(between + within / 2)
    )


def _one_seen(known: Floats, limit: Floats, mean: Floats, between: Floats, within: Floats) -> Floats:
    """0 for the other one where it has no limit: nothing is known of it."""
    from scipy.special import log_ndtr

    total = between + within
    given = mean + between / total * (known - mean)
    below = log_ndtr((limit - given) / np.sqrt(within + between * within / total))
    return np.asarray(_log_normal(known, mean, np.sqrt(total)) + np.nan_to_num(below))


def _log_normal(value: Floats, mean: Floats, deviation: Floats) -> Floats:
    return np.asarray(-0.5 * ((value - mean) / deviation) ** 2 - np.log(deviation) - 0.5 * np.log(2 * np.pi))


def _log_both_below(h: Floats, k: Floats, rho: Floats) -> Floats:
    """log P(X < h, Y < k) of standard normals with correlation `rho` in [0, 1) (Owen, 1956); NaN is no limit."""
    from scipy.special import log_ndtr, ndtr, owens_t

    one, other = np.nan_to_num(log_ndtr(h)), np.nan_to_num(log_ndtr(k))
    found: Floats = one + other
    is_both = ~np.isnan(h) & ~np.isnan(k)
    a, b = (np.where(np.abs(part[is_both]) < 1e-9, 1e-9, part[is_both]) for part in (h, k))
    rho = rho[is_both]
    root = np.sqrt(1 - rho**2)
    apart = np.where(a * b < 0, 0.5, 0.0)
    joint = (ndtr(a) + ndtr(b)) / 2 - owens_t(a, (b / a - rho) / root) - owens_t(b, (a / b - rho) / root) - apart
    # With rho >= 0 the joint chance is never below the product (Slepian), nor above either.
    most = np.minimum(one, other)[is_both]
    found[is_both] = np.clip(np.log(np.maximum(joint, _TINY)), found[is_both], most)
    return found
