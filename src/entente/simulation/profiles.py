"""Simulated chemical profiles with their truth: which specimens come from one batch, which seizures share one.

Nothing here is real and no peak is a substance. The shape follows what is published of one set of casework (348
seizures of which 312 gave one specimen, 434 specimens, ten peaks, up to 74 % of a peak's values below the limit), and
the spreads were set until the *standard* metrics behaved as they do on such data: poorly over all pairs of one seizure,
well where route and precursor agree. They were not set by what any method of ours finds.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.linkage import Booleans, Floats, Integers, Pairs, Profiles

SEIZURES_BY_SIZE = ((23, 1), (13, 1), (8, 1), (4, 3), (3, 6), (2, 24), (1, 312))
PEAKS = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """What varies how much, in natural logarithms, and how often specimens of one seizure belong together."""

    sources: int = 8
    source: float = 2.0
    batch: float = 0.6
    within: float = 0.4
    day: float = 0.25
    strength: float = 0.3
    same_batch: float = 0.2
    same_batch_large: float = 0.04
    same_source: float = 0.4
    same_source_large: float = 0.06
    shared: float = 0.08
    mark_right: float = 0.62


AS_PUBLISHED = Spread()
SHARP = Spread(batch=0.8, within=0.08, day=0.03, same_batch=0.5)
"""A laboratory that repeats itself far better, and seizures that are more of a piece: links that exist can be seen."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """Profiles, the batch and the source that each specimen truly comes from, and three marks of its origin as analysts
    told them."""

    profiles: Profiles
    batches: Integers
    sources: Integers
    origins: Integers

    def is_true(self, pairs: Pairs) -> Booleans:
        """Which pairs are of one batch."""
        return np.asarray(self.batches[pairs.left] == self.batches[pairs.right])

    def known(self, pairs: Pairs) -> Floats:
        """The score of somebody who knows the truth: 2 for one batch, 1 for one source. Chemistry can tell no more."""
        same_source = self.sources[pairs.left] == self.sources[pairs.right]
        return np.asarray(self.is_true(pairs).astype(np.float64) + same_source)


def simulated(seed: int, spread: Spread = AS_PUBLISHED) -> Simulated:
    """434 simulated specimens; the same for the same seed."""
    rng, how = np.random.default_rng(seed), spread
    counts = np.array([size for size, times in SEIZURES_BY_SIZE for _ in range(times)])
    seizures = np.repeat(np.arange(len(counts)), counts)
    of_batch, sources = _batches(rng, counts, how)
    centres = _centres(rng, how)
    levels = centres[sources] + how.batch * rng.normal(size=(len(sources), PEAKS))
    logs = levels[of_batch] + how.within * rng.normal(size=(len(seizures), PEAKS))
    logs += _days(rng, seizures, how) + how.strength * rng.normal(size=(len(seizures), 1))
    limits = np.exp(np.linspace(-1.3, 1.3, PEAKS))[rng.permutation(PEAKS)]
    amounts = np.exp(logs)
    profiles = Profiles(
        np.where(amounts < limits, 0.0, amounts), np.broadcast_to(limits, amounts.shape).copy(), seizures
    )
    return Simulated(profiles, of_batch, sources[of_batch], _marks(rng, sources[of_batch], how))


def _batches(rng: np.random.Generator, counts: Integers, how: Spread) -> tuple[Integers, Integers]:
    """(batch of each specimen, source of each batch)."""
    of_batch: list[int] = []
    sources: list[int] = []
    for size in counts:
        is_large = size > 10
        keep = how.same_batch_large if is_large else how.same_batch
        alike = how.same_source_large if is_large else how.same_source
        own = int(rng.integers(how.sources))
        # A pair keeps one batch with the chance `keep` if each specimen is of the main batch with its root.
        main = _another(rng, sources, own, how)
        for _ in range(size):
            if size == 1 or rng.random() < np.sqrt(keep):
                of_batch.append(main)
            else:
                source = own if rng.random() < np.sqrt(alike) else int(rng.integers(how.sources))
                sources.append(source)
                of_batch.append(len(sources) - 1)
    return np.array(of_batch), np.array(sources)


def _another(rng: np.random.Generator, sources: list[int], own: int, how: Spread) -> int:
    """A batch for a seizure: a new one, or now and then one that an earlier seizure holds."""
    if sources and rng.random() < how.shared:
        return int(rng.integers(len(sources)))
    sources.append(own)
    return len(sources) - 1


def _centres(rng: np.random.Generator, how: Spread) -> Floats:
    """The usual logarithms of each source, sources x peaks."""
    return np.asarray(how.source * rng.normal(size=(how.sources, PEAKS)))


def _days(rng: np.random.Generator, seizures: Integers, how: Spread) -> Floats:
    """What the day and the instrument add to each peak; specimens of one seizure share the day in half of all cases."""
    usual = rng.integers(60, size=int(seizures.max()) + 1)[seizures]
    day = np.where(rng.random(len(seizures)) < 0.7, usual, rng.integers(60, size=len(seizures)))
    return np.asarray(how.day * rng.normal(size=(60, PEAKS))[day])


def _marks(rng: np.random.Generator, sources: Integers, how: Spread) -> Integers:
    """Three marks (route, precursor, route of the precursor) that sources share in part, now and then told wrongly."""
    told = np.column_stack([sources % 2, sources // 2 % 3, sources % 3])
    wrong = rng.random(told.shape) > how.mark_right
    return np.asarray(np.where(wrong, rng.integers((2, 3, 3), size=told.shape), told))
