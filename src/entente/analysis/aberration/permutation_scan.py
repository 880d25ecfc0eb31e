"""The space-time permutation scan: are there more cases in some places at some time than places and times explain.

Kulldorff, Heffernan, Hartman, Assuncao and Mostashari, PLoS Medicine 2(3):e59, 2005. Needs no population and no effort:
what is expected of a cylinder is (cases of its places) (cases of its periods) / (all cases), and under chance every
assignment of the cases' periods to their places is as likely. So it does not see what rises everywhere at once, and it
sees a change in where people look as it sees a cluster.
"""

import numpy as np
from numpy.typing import ArrayLike

from entente.analysis.aberration.cylinders import Reach, all_runs, circles, last_runs
from entente.analysis.aberration.monte_carlo import MonteCarlo
from entente.analysis.aberration.positions import Ints, Positions, positions
from entente.analysis.aberration.scanning import Draw, Scan, Scanner
from entente.analysis.aberration.scores import Permuted
from entente.errors import InputFault

FEWEST_CASES = 2


class NotCountsOfPlaces(InputFault):
    """Counts of shape {shape} cannot be scanned at {places} places. Give a whole number of 0 or more for every place
    (row) and period (column), and coordinates for every place."""


def permutation_scan(
    counts: ArrayLike,
    coordinates: ArrayLike,
    reach: Reach,
    *,
    centres: ArrayLike | None = None,
    on_earth: bool = True,
    is_retrospective: bool = False,
    monte_carlo: MonteCarlo | None = None,
    most: int = 5,
) -> Scan:
    """Clusters of `counts` [place, period]: those that reach into the last period, or, retrospective, of any time.

    `coordinates` [place, 2] are degrees of latitude and longitude and radii are km; not `on_earth`: plain coordinates.
    Circles stand around the places, or around `centres`. Up to `most` clusters are told, none overlapping another.
    `recurrence` counts looks: with one look a day, days. Raises NotCountsOfPlaces, NotCoordinates.
    """
    table, where = checked(counts, coordinates, on_earth=on_earth)
    cases, since = int(table.sum()), 0 if is_retrospective else max(0, len(table) - reach.periods)
    if cases < FEWEST_CASES:
        return Scan((), 0, 0)
    around = where if centres is None else positions(centres, on_earth=on_earth)
    scanner = Scanner(
        circles=circles(where, around, table.sum(axis=0).astype(np.float64), reach),
        runs=(all_runs if is_retrospective else last_runs)(len(table) - since, reach.periods),
        expected=np.outer(table[since:].sum(axis=1), table.sum(axis=0)) / cases,
        score=Permuted(cases),
        since=since,
    )
    return scanner.scanned(table[since:], _shuffles(table, since), monte_carlo or MonteCarlo(), most)


def checked(counts: ArrayLike, coordinates: ArrayLike, *, on_earth: bool) -> tuple[Ints, Positions]:
    """Counts as [period, place], and where the places are. Raises NotCountsOfPlaces, NotCoordinates."""
    given, where = np.asarray(counts), positions(coordinates, on_earth=on_earth)
    is_table = given.ndim == 2 and given.size > 0 and len(given) == len(where)
    if not is_table or given.dtype.kind not in "iu" or (given < 0).any():
        raise NotCountsOfPlaces(shape=given.shape, places=len(where))
    return np.ascontiguousarray(given.T, dtype=np.int64), where


def _shuffles(table: Ints, since: int) -> Draw:
    """Cases keep their places; their periods are dealt out anew. Told are the periods from `since` on."""
    told = table[since:]
    cell_of = np.repeat(np.arange(len(told)) * table.shape[1], told.sum(axis=1))
    place_of = np.repeat(np.arange(table.shape[1]), table.sum(axis=0))

    def draw(chance: np.random.Generator, replicates: int) -> Ints:
        dealt = chance.permuted(np.tile(place_of, (replicates, 1)), axis=1)[:, : len(cell_of)]
        cells = np.arange(replicates)[:, None] * told.size + cell_of + dealt
        return np.bincount(cells.ravel(), minlength=replicates * told.size).reshape(-1, *told.shape)

    return draw
