"""The engine of the scans: the score of every cylinder, the largest of a replicate, and clusters that share nothing.

Sums over cylinders are prefix sums, over periods once and over the places around each centre; a score is looked up, not
computed, wherever counts are whole (x log x of each count is in a table).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.cylinders import Circles, Runs
from entente.analysis.aberration.monte_carlo import MonteCarlo, Tally, gumbel_tail
from entente.analysis.aberration.positions import Floats, Ints

FEW = 10
"""Replicates as large as what was seen below which the fitted tail tells more than their count."""
_BLOCK = 1 << 16  # cylinders scored at once: what fits into the processor's cache
_BATCH_CELLS = 1 << 21

Numbers = NDArray[np.int64] | NDArray[np.float64]
"""Counts, or counts divided by their dispersion, which are no longer whole."""
Draw = Callable[[np.random.Generator, int], Ints]
"""So many replicates of the counts, as if nothing were going on: [replicate, period, place]."""


class Score(Protocol):
    """How unusual counts are where `expected` were to be expected; 0 where they are no more than that."""

    def prepared(self, expected: Floats, largest: int) -> Callable[[Numbers], Floats]:
        """For cylinders with `expected` [run, circle]: a function of counts [replicate, run, circle], none of them
        above `largest`."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cylinder with more cases than expected: `places` by number, periods `first` to `last`, both included.

    `p` is the chance of a score as large anywhere, counted in replicates; `p_gumbel` the same by the fitted tail, None
    without one. `recurrence` is the number of looks in which chance alone shows one such cluster, once on average.
    """

    places: tuple[int, ...]
    centre: int
    radius: float
    first: int
    last: int
    observed: int
    expected: float
    score: float
    p: float
    p_gumbel: float | None
    recurrence: float

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    def overlaps(self, other: "Cluster") -> bool:
        """Whether the two share a place in the same period."""
        is_apart_in_time = self.last < other.first or other.last < self.first
        return not is_apart_in_time and not set(self.places).isdisjoint(other.places)


@dataclass(frozen=True, slots=True)
class Scan:
    """The clusters, most unusual first, none of which overlaps one before it; how many `cylinders` were looked at and
    how many replicates `drawn`."""

    clusters: tuple[Cluster, ...]
    cylinders: int
    drawn: int


@dataclass(frozen=True, slots=True, eq=False)
class Scanner:
    """Circles, runs, what is expected [period, place], and how cylinders are scored.

    With a `dispersion` [period, place] counts and what is expected are divided by it before they are scored. Arrays
    begin with period `since`, before which no run starts.
    """

    circles: tuple[Circles, ...]
    runs: Runs
    expected: Floats
    score: Score
    dispersion: Floats | None = None
    since: int = 0

    @property
    def cylinders(self) -> int:
        return len(self.runs) * sum(len(around) for around in self.circles)

    def scanned(self, counts: Ints, draw: Draw, plan: MonteCarlo, most: int) -> Scan:
        """Up to `most` clusters of `counts` [period, place], with their chances."""
        found = self.clusters(counts, most)
        if not found:
            return Scan((), self.cylinders, 0)
        scores = np.array([cluster.score for cluster in found])
        tally, largest = Tally(scores, plan), []
        chance = plan.generator()
        size = max(1, min(plan.batch, _BATCH_CELLS // (counts.size + 1)))
        while tally.left:
            largest.append(self.largest(draw(chance, min(size, tally.left))))
            tally.add(largest[-1])
        return Scan(_judged(found, tally, np.concatenate(largest)), self.cylinders, tally.drawn)

    def largest(self, counts: Ints) -> Floats:
        """The largest score of each replicate of `counts`."""
        found = np.zeros(len(counts))
        for _, _, scores in self._blocks(counts):
            np.maximum(found, scores.max(axis=(1, 2)), out=found)
        return found

    def clusters(self, counts: Ints, most: int) -> list[Cluster]:
        """The highest cylinder, then the highest that does not overlap it, and so on; without their chances."""
        found: list[Cluster] = []
        while len(found) < most and (best := self._best(counts, found)):
            around, circle, first, stop, score = best
            places = around.places(circle)
            inside = np.ix_(range(first, stop), places)
            found.append(
                Cluster(
                    places=places,
                    centre=around.centre,
                    radius=float(around.radii[circle]),
                    first=self.since + first,
                    last=self.since + stop - 1,
                    observed=int(counts[inside].sum()),
                    expected=float(self.expected[inside].sum()),
                    score=score,
                    p=1.0,
                    p_gumbel=None,
                    recurrence=1.0,
                )
            )
        return found

    def _best(self, counts: Ints, taken: Sequence[Cluster]) -> tuple[Circles, int, int, int, float] | None:
        best, top = None, 0.0
        for around, runs, scores in self._blocks(counts[None]):
            free = np.where(_overlapping(around, runs, taken, self.since), 0.0, scores[0])
            run, circle = np.unravel_index(int(free.argmax()), free.shape)
            if free[run, circle] > top:
                top = float(free[run, circle])
                best = (around, int(circle), int(runs.starts[run]), int(runs.stops[run]), top)
        return best

    def _blocks(self, counts: Ints) -> Iterator[tuple[Circles, Runs, Floats]]:
        """The scores [replicate, run, circle] of all cylinders, in pieces."""
        before, expected = _prefix(self._weighed(counts)), _prefix(self._weighed(self.expected[None]))
        largest = int(np.ceil(before[:, -1].sum(axis=-1).max()))
        for around in self.circles:
            within, awaited = _within(before, around), _within(expected, around)
            for runs in self.runs.parts(max(1, _BLOCK // (len(counts) * len(around)))):
                score = self.score.prepared(_between(awaited, runs)[0], largest)
                yield around, runs, score(_between(within, runs))

    def _weighed(self, counts: Numbers) -> Numbers:
        return counts if self.dispersion is None else counts / self.dispersion


def _prefix(counts: Numbers) -> Numbers:
    """Sums [replicate, period, place] over the periods before each, and over all."""
    return np.pad(counts, ((0, 0), (1, 0), (0, 0))).cumsum(axis=1)


def _within(before: Numbers, around: Circles) -> Numbers:
    """Sums over the places of each circle, [replicate, period, circle]."""
    return before[:, :, around.members].cumsum(axis=2)[:, :, around.sizes - 1]


def _between(within: Numbers, runs: Runs) -> Numbers:
    """Sums over the periods of each run, [replicate, run, circle]."""
    return within[:, runs.stops] - within[:, runs.starts]


def _overlapping(around: Circles, runs: Runs, taken: Sequence[Cluster], since: int) -> NDArray[np.bool_]:
    found = np.zeros((len(runs), len(around)), dtype=np.bool_)
    for cluster in taken:
        at_once = (since + runs.starts <= cluster.last) & (since + runs.stops > cluster.first)
        found |= np.outer(at_once, around.touching(frozenset(cluster.places)))
    return found


def _judged(found: Sequence[Cluster], tally: Tally, largest: Floats) -> tuple[Cluster, ...]:
    tails = gumbel_tail([cluster.score for cluster in found], largest)
    judged = []
    for at, (cluster, p) in enumerate(zip(found, tally.p(), strict=True)):
        tail = None if tails is None else float(tails[at])
        chance = float(p) if tail is None or tally.reached[at] >= FEW else tail
        judged.append(replace(cluster, p=float(p), p_gumbel=tail, recurrence=1 / chance))
    return tuple(judged)
