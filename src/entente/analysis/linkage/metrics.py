"""How alike two profiles are: distances of many pairs at once, the smaller the more alike.

Pearson and MCF (match criterion function, 1 - cos²) run from 0 to 100 and are written as in the harmonised methods.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from entente.analysis.linkage.profiles import Floats, Integers

_CHUNK = 200_000
Metric = Callable[[Floats, Floats], Floats]
"""(one of each pair, the other) -> distances; both are pairs x peaks."""


def distances(treated: Floats, left: Integers, right: Integers, metric: str) -> Floats:
    """The distance of each pair of rows of `treated` (specimens x peaks). Time grows with pairs, memory does not."""
    measure = METRICS[metric]
    found = np.empty(len(left))
    for start in range(0, len(left), _CHUNK):
        part = slice(start, start + _CHUNK)
        found[part] = measure(treated[left[part]], treated[right[part]])
    return found


def _cosine(one: Floats, other: Floats) -> Floats:
    """0 where a vector has no direction: it is like nothing."""
    lengths = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    products = (one * other).sum(axis=1)
    return np.asarray(np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0))


def _pearson(one: Floats, other: Floats) -> Floats:
    centred = (part - part.mean(axis=1, keepdims=True) for part in (one, other))
    return np.asarray((1 - _cosine(*centred)) * 50)


def _mcf(one: Floats, other: Floats) -> Floats:
    return np.asarray(100 - 100 * _cosine(one, other) ** 2)


def _euclid(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.sqrt(((one - other) ** 2).sum(axis=1)))


def _manhattan(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.abs(one - other).sum(axis=1))


def _canberra(one: Floats, other: Floats) -> Floats:
    """Mean over the peaks that either has, as a part of a whole."""
    sizes = np.abs(one) + np.abs(other)
    parts = np.divide(np.abs(one - other), sizes, out=np.zeros_like(sizes), where=sizes > 0)
    return np.asarray(parts.sum(axis=1) / np.maximum((sizes > 0).sum(axis=1), 1))


def _jaccard(one: Floats, other: Floats) -> Floats:
    """Only which peaks are there."""
    both, either = ((one > 0) & (other > 0)).sum(axis=1), ((one > 0) | (other > 0)).sum(axis=1)
    return np.asarray(1 - both / np.maximum(either, 1))


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        "pearson": _pearson,
        "mcf": _mcf,
        "euclid": _euclid,
        "manhattan": _manhattan,
        "canberra": _canberra,
        "jaccard": _jaccard,
    }
)
