"""Tails and bounds of counts whose variance is `dispersion` times the mean: negative binomial, Poisson at 1."""

import numpy as np
from scipy import special

from entente.analysis.aberration.layout import Floats

_POISSON_BELOW = 1 + 1e-9
_EXACT_TO = 4.0  # deviations from the mean where the search for a quantile begins
_FUZZ = 64 * np.finfo(float).eps


def above(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """The chance of more than `counts` cases; 1 for counts below 0."""
    counts, mean, dispersion = np.broadcast_arrays(counts, mean, dispersion)
    with np.errstate(all="ignore"):
        is_poisson = dispersion <= _POISSON_BELOW
        excess = np.where(is_poisson, 1.0, dispersion - 1)
        negative = special.betainc(counts + 1, mean / excess, excess / (excess + 1))
        tail = np.where(is_poisson, special.gammainc(counts + 1, mean), negative)
    return np.where(counts < 0, 1.0, np.where(mean <= 0, 0.0, tail))


def mid_p(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """The chance of more cases plus half the chance of just so many (Lancaster 1961): even for small counts."""
    return (above(counts, mean, dispersion) + above(counts - 1, mean, dispersion)) / 2


def quantile(tail: float, mean: Floats, dispersion: Floats) -> Floats:
    """The smallest count that is exceeded with the chance `tail` at most; NaN where the mean or dispersion is."""
    known = np.isfinite(mean) & np.isfinite(dispersion)
    mu, phi = np.where(known, mean, 1.0), np.where(known, dispersion, 1.0)
    low = np.full(mu.shape, -1.0)
    high = np.ceil(mu + _EXACT_TO * np.sqrt(mu * phi) + 2)
    limit = tail * (1 + _FUZZ)
    while (short := above(high, mu, phi) > limit).any():
        low, high = np.where(short, high, low), np.where(short, 2 * high + 1, high)
    while (open_ := high - low > 1).any():
        middle = np.where(open_, np.floor((low + high) / 2), high)
        enough = above(middle, mu, phi) <= limit
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(known, high, np.nan)
