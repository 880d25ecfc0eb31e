"""Which of the texts held here stand side by side: those in force, and those that may still come into force."""

from collections.abc import Sequence

from entente.agreements import Agreement
from entente.node.agreeing import all_standings
from entente.node.work import Node

GONE = frozenset({"ended", "replaced", "suspended"})
"""Reasons after which a text that is in force between nobody never comes back."""


def texts_side_by_side(node: Node) -> Sequence[Agreement]:
    """The texts that decide here or may come to, by name and version."""
    found = [
        text
        for text, standing in all_standings(node)
        if standing.is_in_force or GONE.isdisjoint(reason.code for reason in standing.reasons)
    ]
    return sorted(found, key=lambda text: (text.name, text.version, text.digest))
