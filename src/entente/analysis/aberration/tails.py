"""Tails and bounds of counts whose variance is `dispersion` times the mean: negative binomial, Poisson at 1."""

from collections.abc import Callable

import numpy as np
from scipy import special

from entente.analysis.aberration.layout import Bools, Floats

_POISSON_BELOW = 1 + 1e-9
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


def just(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """The chance of exactly `counts` cases."""
    counts, mean, dispersion = np.broadcast_arrays(counts, mean, dispersion)
    with np.errstate(all="ignore"):
        is_poisson = dispersion <= _POISSON_BELOW
        excess = np.where(is_poisson, 1.0, dispersion - 1)
        size = mean / excess
        drawn = special.gammaln(counts + size) - special.gammaln(size) - size * np.log1p(excess)
        negative = drawn + counts * np.log(excess / (excess + 1))
        logs = np.where(is_poisson, special.xlogy(counts, mean) - mean, negative) - special.gammaln(counts + 1)
    chances: Floats = np.where(mean <= 0, counts == 0, np.exp(logs))
    return chances


def mid_p(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """The chance of more cases plus half the chance of just so many (Lancaster 1961): even for small counts."""
    return above(counts, mean, dispersion) + just(counts, mean, dispersion) / 2


def smallest(is_enough: Callable[[Floats], Bools], guess: Floats) -> Floats:
    """In each place the smallest count, 0 or more, that is enough, as are all above; searched around `guess`."""
    reach = np.maximum(2.0, np.ceil(guess / 64))
    high = np.maximum(guess + reach, 1.0)
    while not (enough := is_enough(high)).all():
        high = np.where(enough, high, 2 * high)
    low = np.maximum(guess - reach, -1.0)
    while (too_high := (low >= 0) & is_enough(low)).any():
        high = np.where(too_high, low, high)
        low = np.where(too_high, np.maximum(low - 4 * reach, -1.0), low)
    low = np.minimum(low, high - 1)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = is_enough(middle) & (middle > low)
        is_open = high - low > 1
        low, high = np.where(is_open & ~enough, middle, low), np.where(is_open & enough, middle, high)
    return high


def quantile(tail: float, mean: Floats, dispersion: Floats) -> Floats:
    """The smallest count that is exceeded with the chance `tail` at most; NaN where the mean or dispersion is."""
    known = np.isfinite(mean) & np.isfinite(dispersion)
    mu, phi = np.where(known, mean, 1.0), np.where(known, dispersion, 1.0)
    limit = tail * (1 + _FUZZ)
    found = smallest(lambda counts: above(counts, mu, phi) <= limit, guess(tail, mu, mu * phi))
    return np.where(known, found, np.nan)


def guess(tail: float | Floats, mean: Floats, variance: Floats) -> Floats:
    """About where the chance of more is `tail`: normal, with a first correction for skewness (Cornish and Fisher)."""
    z = -special.ndtri(tail)
    skewness = (2 * variance / np.maximum(mean, 1e-9) - 1) / np.sqrt(np.maximum(variance, 1e-9))
    about: Floats = np.floor(
        np.maximum(mean + np.sqrt(variance) * (z + (z * z - 1) * np.minimum(skewness, 8.0) / 6), 0.0)
    )
    return about
