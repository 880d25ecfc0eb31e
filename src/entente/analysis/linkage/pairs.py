"""Pairs of specimens, and which of them count as linked: specimens of one seizure, under one of four rules.

R1 and R2 compare all; R3 and R4 use what else is known about where a specimen came from (Popovic and others, Forensic
Chemistry, prioritisation of analytical techniques). A figure without its rule and its two pair counts says nothing.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.linkage.profiles import Booleans, Floats, Integers

RULES = ("R1", "R2", "R3", "R4")
FEW = 10
"""R2 and R4 take linked pairs from seizures of 2 to so many specimens: one of 23 alone gives 253 pairs."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """`left` and `right` number specimens; `is_linked` says that both were taken from one seizure."""

    left: Integers
    right: Integers
    is_linked: Booleans

    def __len__(self) -> int:
        return len(self.left)

    def only(self, chosen: Booleans | Integers) -> "Pairs":
        return Pairs(self.left[chosen], self.right[chosen], self.is_linked[chosen])


def all_pairs(seizures: Integers) -> Pairs:
    """Every pair of specimens, once."""
    left, right = np.triu_indices(len(seizures), 1)
    return Pairs(left, right, seizures[left] == seizures[right])


def sizes(seizures: Integers) -> Integers:
    """For each specimen, how many were taken from its seizure."""
    _, places, counts = np.unique(seizures, return_inverse=True, return_counts=True)
    return np.asarray(counts[places], dtype=np.int64)


def under_rule(rule: str, pairs: Pairs, seizures: Integers, origins: Integers | None = None) -> Booleans:
    """Which of `pairs` the rule compares. `origins` (specimens x marks, such as a route) is needed by R3 and R4.

    R1: all. R2: linked in seizures of 2 to FEW specimens, unlinked among seizures of one. R3: linked if all marks are
    equal, unlinked if all differ. R4: linked as in R2 and R3, unlinked as in R3.
    """
    of = sizes(seizures)
    is_few, is_single = of[pairs.left] <= FEW, (of[pairs.left] == 1) & (of[pairs.right] == 1)
    if rule == "R1" or origins is None:
        return np.asarray(np.where(pairs.is_linked, is_few, is_single) if rule == "R2" else np.ones(len(pairs), bool))
    if rule == "R2":
        return np.asarray(np.where(pairs.is_linked, is_few, is_single))
    same = origins[pairs.left] == origins[pairs.right]
    linked = same.all(axis=1) & (is_few if rule == "R4" else True)
    return np.asarray(np.where(pairs.is_linked, linked, ~same.any(axis=1)))


def weights(pairs: Pairs, seizures: Integers) -> Floats:
    """Weights under which a seizure does not count more for having been opened more often.

    The linked pairs of one seizure weigh 1 together, and so do the pairs between two seizures.
    """
    of = sizes(seizures).astype(np.float64)
    one, other = of[pairs.left], of[pairs.right]
    within = one * np.maximum(one - 1, 1) / 2
    return np.asarray(np.where(pairs.is_linked, 1 / within, 1 / (one * other)))
