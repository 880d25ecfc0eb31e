"""From ratios of pairs to leads: which pairs stand out at a stated false-discovery rate, and which hang together.

The chance that a pair is linked needs a prior, which chemistry does not give: it is an argument. A pair is a lead if
its own chance of being false stays within the rate (the local false-discovery rate of Efron, 2001); that of the whole
set, the mean of those chances (Newton and others, Biostatistics 5, 2004), is then smaller still. The set whose *mean*
stays within the rate would be larger, and with ratios learned from few seizures too large.
A group of leads is a reason to look, not an identity: two of its members may hang together by a third alone.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.linkage.profiles import Booleans, Floats, Integers


@dataclass(frozen=True, slots=True)
class Leads:
    """For each pair the chance that it is false, the rate of false ones it comes with, and whether it is chosen."""

    chance_false: Floats
    q: Floats
    is_lead: Booleans


def leads(log10_lr: Floats, prior: float, rate: float) -> Leads:
    """The pairs that are leads at `rate`, if before any chemistry a pair is linked with the chance `prior`, 0 to 1."""
    odds = log10_lr * np.log(10) + np.log(prior) - np.log1p(-prior)
    chance_false = 1 / (1 + np.exp(np.clip(odds, -700, 700)))
    order = np.argsort(chance_false, kind="stable")
    means = np.cumsum(chance_false[order]) / np.arange(1, len(order) + 1)
    q = np.empty(len(order))
    q[order] = np.maximum.accumulate(means)
    # Pairs that are alike in every figure are chosen together or not at all.
    same = np.searchsorted(chance_false[order], chance_false[order], side="right") - 1
    q[order] = q[order][same]
    return Leads(chance_false, q, chance_false <= rate)


def groups(size: int, left: Integers, right: Integers) -> Integers:
    """For each of `size` things the number of its group, of those that a chain of pairs joins; numbered from 0."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(left)), (left, right)), shape=(size, size))
    _, found = connected_components(joined, directed=False)
    return np.asarray(found, dtype=np.int64)
