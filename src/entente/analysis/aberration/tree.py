"""False discoveries over a hierarchy: substance, region, site. One national rise is one alert, its sites below it.

Each node has a chance of its own (a pooled test), or the chances of its children, or both. A node is noise only if
everything below it is; its children are tested together by Simes' inequality. Roots are tested by Benjamini and
Hochberg at `q`, the children of a found node as a family at q times the part of their parent's family that was found,
and so on down: TreeBH of Bogomolov, Peterson, Benjamini and Sabatti, "Hypotheses on a tree: new error rates and testing
strategies", Biometrika 108 (2021), where it is proven, under conditions on dependence, that at each depth the false
discovery rate averaged over the families looked into is at most q.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.prior import Counts, Floats
from entente.errors import OurFault


class NotATree(OurFault):
    """Node {node} stands before its parent {parent}. Give parents before their children, and -1 for a root."""


@dataclass(frozen=True, slots=True)
class Discoveries:
    """All arrays [node]. `p` combined with what is below; `q` the smallest rate at which the node is found, given the
    families looked into; `is_found`; `level` the rate at which its family was tested, 0 where it was not looked into.

    `alerts` [alert] has one node for each found root: the deepest one that holds everything found below that root, so
    a rise in a single site is told as that site's and a national one as one alert.
    """

    p: Floats
    q: Floats
    level: Floats
    is_found: NDArray[np.bool_]
    alerts: Counts


def tree_discoveries(p: Floats, parent: Counts, q: float = 0.10) -> Discoveries:
    """Which nodes are found. `p` [node], NaN where a node has no test of its own; `parent` [node], -1 for roots.

    Raises NotATree.
    """
    children = _children(parent)
    combined = _combined(np.asarray(p, dtype=float), children)
    rates, level = np.ones(len(p)), np.zeros(len(p))
    is_found = np.zeros(len(p), dtype=bool)
    families = [(children[-1], q, 0.0)]
    while families:
        family, allowed, above = families.pop()
        adjusted = adjusted_p(combined[family])
        is_found[family] = adjusted <= allowed
        level[family] = allowed
        rates[family] = np.maximum(above, np.minimum(1.0, adjusted * (q / allowed)))
        part = float(is_found[family].mean()) if family else 0.0
        families += [(children[node], allowed * part, rates[node]) for node in family if is_found[node]]
    alerts = np.array([_scope(root, children, is_found) for root in children[-1] if is_found[root]], dtype=np.int64)
    return Discoveries(p=combined, q=rates, level=level, is_found=is_found, alerts=alerts)


def adjusted_p(p: Floats) -> Floats:
    """Benjamini and Hochberg's adjusted chances: found at the rate q are those of at most q."""
    if not len(p):
        return np.zeros(0)
    order = np.argsort(p, kind="stable")[::-1]
    raised = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted


def simes(p: Floats) -> float:
    """The chance that all of `p` are noise (Simes, Biometrika 73, 1986): the smallest adjusted one."""
    return float(adjusted_p(p).min(initial=1.0))


def _children(parent: Counts) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {node: [] for node in range(-1, len(parent))}
    for node, above in enumerate(np.asarray(parent).tolist()):
        if above >= node:
            raise NotATree(node=node, parent=above)
        children[above].append(node)
    return children


def _combined(own: Floats, children: dict[int, list[int]]) -> Floats:
    """Its own chance and its children's, whichever is smaller, doubled where there are both (Bonferroni)."""
    combined = np.ones(len(own))
    for node in range(len(own) - 1, -1, -1):
        below = [simes(combined[children[node]])] if children[node] else []
        told = [*below, *([] if np.isnan(own[node]) else [float(own[node])])]
        combined[node] = min(1.0, min(told) * len(told)) if told else 1.0
    return combined


def _scope(node: int, children: dict[int, list[int]], is_found: NDArray[np.bool_]) -> int:
    found = [child for child in children[node] if is_found[child]]
    return _scope(found[0], children, is_found) if len(found) == 1 else node
