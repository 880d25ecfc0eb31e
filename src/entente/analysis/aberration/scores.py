"""How unusual the cases of a cylinder are: logarithms of likelihood ratios, 0 where there are no more than expected."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.positions import Floats

_TINY = 1e-300
Numbers = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Permuted:
    """c log(c / E) + (C - c) log((C - c) / (C - E)) for c of all C `cases` (Kulldorff and others 2005)."""

    cases: int

    def prepared(self, expected: Floats, _largest: int) -> Callable[[Numbers], Floats]:
        inside, outside = np.log(np.maximum(expected, _TINY)), np.log(np.maximum(self.cases - expected, _TINY))
        slope, level = inside - outside, self.cases * outside
        whole = _x_log_x(np.arange(self.cases + 1))
        table = whole + whole[::-1]
        return lambda counts: _straight(table[counts], counts, slope, level) * (counts > expected)


@dataclass(frozen=True, slots=True)
class Expected:
    """c log(c / E) - (c - E) for what is expected from each place's own past (Neill and others, KDD 2005, 218).

    Of counts divided by their dispersion it is the quasi-likelihood ratio (McCullagh and Nelder 1989, 9.2).
    """

    def prepared(self, expected: Floats, largest: int) -> Callable[[Numbers], Floats]:
        slope = np.log(np.maximum(expected, _TINY)) + 1
        table = _x_log_x(np.arange(largest + 1))

        def scored(counts: Numbers) -> Floats:
            own = table[counts] if counts.dtype.kind == "i" else _x_log_x(counts)
            return _straight(own, counts, slope, -expected) * (counts > expected)

        return scored


def _straight(own: Floats, counts: Numbers, slope: Floats, level: Floats) -> Floats:
    """own - counts slope - level, in the place of `own`: every score here is a function of the count, from a table, and
    a straight line of the cylinder."""
    own -= counts * slope
    own -= level
    return own


def _x_log_x(x: Numbers) -> Floats:
    return np.asarray(x * np.log(np.maximum(x, _TINY)), dtype=np.float64)
