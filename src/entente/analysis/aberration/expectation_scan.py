"""The expectation-based scan: are there more cases in some places lately than each place's own past lets expect.

What is expected comes from a detector of single series (the means of its fits), so the scan pools over places what the
detector says of each: a rise too small in any one of them. Poisson: Neill, Moore, Sabhnani and Daniel, KDD 2005, 218.
Counts that vary more than Poisson's are taken as negative binomial with the mean and the dispersion (variance over
mean) of the detector; the score is then the quasi-likelihood ratio, and replicates are drawn from the negative
binomial. Unlike the permutation scan it sees a rise everywhere, and it trusts expected counts as if they were known.
"""

import numpy as np
from numpy.typing import ArrayLike

from entente.analysis.aberration.cylinders import Reach, circles, last_runs
from entente.analysis.aberration.monte_carlo import MonteCarlo
from entente.analysis.aberration.permutation_scan import checked
from entente.analysis.aberration.positions import Floats, Ints, positions
from entente.analysis.aberration.scanning import Draw, Scan, Scanner
from entente.analysis.aberration.scores import Expected
from entente.errors import InputFault


class NotExpectations(InputFault):
    """Expected counts or dispersions of shape {shape} cannot stand beside counts of {places} places and {periods}
    periods. Give for each a mean above 0, and a dispersion of 1 or more or none at all."""


def expectation_scan(
    counts: ArrayLike,
    expected: ArrayLike,
    coordinates: ArrayLike,
    reach: Reach,
    *,
    dispersion: ArrayLike | None = None,
    centres: ArrayLike | None = None,
    on_earth: bool = True,
    monte_carlo: MonteCarlo | None = None,
    most: int = 5,
) -> Scan:
    """Clusters of `counts` [place, period] that reach into the last period, beside `expected` of the same shape.

    `dispersion`: of each place [place], or of each place and period; None is 1 (Poisson). Here `reach.share` is of what
    is expected. Else as `permutation_scan`. Raises NotCountsOfPlaces, NotCoordinates, NotExpectations.
    """
    table, where = checked(counts, coordinates, on_earth=on_earth)
    since = max(0, len(table) - reach.periods)
    means = _means(expected, table.shape)[since:]
    spread = None if dispersion is None else _dispersions(dispersion, table.shape)[since:]
    around = where if centres is None else positions(centres, on_earth=on_earth)
    scanner = Scanner(
        circles=circles(where, around, means.sum(axis=0), reach),
        runs=last_runs(len(means), reach.periods),
        expected=means,
        score=Expected(),
        dispersion=spread,
        since=since,
    )
    return scanner.scanned(table[since:], _draws(means, spread), monte_carlo or MonteCarlo(), most)


def _means(expected: ArrayLike, shape: tuple[int, ...]) -> Floats:
    means = np.asarray(expected, dtype=np.float64).T
    if means.shape != shape or not np.isfinite(means).all() or (means <= 0).any():
        raise NotExpectations(shape=means.shape[::-1], places=shape[1], periods=shape[0])
    return np.ascontiguousarray(means)


def _dispersions(dispersion: ArrayLike, shape: tuple[int, ...]) -> Floats:
    given = np.asarray(dispersion, dtype=np.float64).T
    if given.shape not in {shape, shape[1:]} or not np.isfinite(given).all() or (given < 1).any():
        raise NotExpectations(shape=given.shape[::-1], places=shape[1], periods=shape[0])
    return np.broadcast_to(given, shape)


def _draws(means: Floats, dispersion: Floats | None) -> Draw:
    spread = np.ones_like(means) if dispersion is None else dispersion
    is_wider = spread > 1
    size = means / np.where(is_wider, spread - 1, 1.0)

    def draw(chance: np.random.Generator, replicates: int) -> Ints:
        shape = (replicates, *means.shape)
        # negative binomial counts are Poisson counts whose mean is drawn from a gamma distribution
        gamma = chance.standard_gamma(np.broadcast_to(size, shape)) * (spread - 1) if is_wider.any() else means
        return chance.poisson(np.where(is_wider, gamma, means), size=shape).astype(np.int64)

    return draw
