"""Joining what belongs together: the connected parts of a graph."""

from collections.abc import Iterable, Sequence


def joined_sets(links: Iterable[Sequence[int]], size: int) -> list[list[int]]:
    """The numbers 0 to `size` - 1 in the sets that `links` join (each joins all of its numbers), in order of their
    smallest; disjoint sets with path halving (Tarjan, J. ACM 22 (1975))."""
    parent = list(range(size))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for link in links:
        for number in link[1:]:
            first, second = sorted((root(link[0]), root(number)))
            parent[second] = first
    sets: dict[int, list[int]] = {}
    for number in range(size):
        sets.setdefault(root(number), []).append(number)
    return list(sets.values())
