"""Simulated weekly counts with outbreaks whose truth is known: the 42 scenarios of Noufaily and others (2013).

Statistics in Medicine 32, 1206. Counts vary `dispersion` times as much as their mean, which has a trend or none and a
season of no, one or two waves. What the paper leaves open is settled in `struck`'s docstring.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from entente.analysis.aberration.layout import Bools, Floats, Ints

WEEKS = 624
BASELINE = range(312, 575)
"""Places of the weeks in which past outbreaks start (313 to 575 in the paper, which counts from 1)."""
CURRENT = range(575, 624)
"""Places of the judged weeks."""
_PAST_OUTBREAKS = 4
_PAST_SIZES = (2, 3, 5, 10)
_LARGEST = 10
_CASE_DELAY_SD = 0.5


@dataclass(frozen=True, slots=True)
class Scenario:
    """The mean of week t, from 1, is exp(level + slope t + waves); its variance `dispersion` times that."""

    number: int
    level: float
    slope: float
    cosine: float
    sine: float
    waves: int
    dispersion: float

    def means(self) -> Floats:
        """Of every week."""
        week = np.arange(1, WEEKS + 1)
        log_mean = self.level + self.slope * week
        for wave in range(1, self.waves + 1):
            angle = 2 * np.pi * wave * week / 52
            log_mean = log_mean + self.cosine * np.cos(angle) + self.sine * np.sin(angle)
        means: Floats = np.exp(log_mean)
        return means


@dataclass(frozen=True, slots=True)
class Simulated:
    """Counts [replicate, week] of a scenario: `quiet` has past outbreaks only, `struck` one in the judged weeks too."""

    scenario: Scenario
    quiet: Ints
    struck: Ints
    past: Bools
    """Whether the week has a case of a past outbreak, which may reach into the judged weeks, [replicate, week]."""
    current: Bools
    """From the first to the last week with a case of the current outbreak, [replicate, week]."""
    sizes: Ints
    """k, [replicate]: the current outbreak has a mean of k standard deviations of the week in which it starts."""


_PARAMETERS = (  # level, slope if there is a trend, cosine, sine, dispersion
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2, 0.005, 0.1, 0.3, 2),
    (1.5, 0.003, 0.2, -0.4, 1),
    (0.5, 0.002, 0.5, 0.5, 5),
    (2.5, 0.001, 1, 0.1, 3),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIOS = tuple(
    Scenario(number, level, slope * has_trend, cosine, sine, waves, dispersion)
    for number, ((level, slope, cosine, sine, dispersion), has_trend, waves) in enumerate(
        product(_PARAMETERS, (0, 1), (0, 1, 2)), start=1
    )
)
"""In the paper's order."""


def simulate(scenario: Scenario, replicates: int, rng: np.random.Generator) -> Simulated:
    """Four past outbreaks in every series, k from 2, 3, 5, 10; a current one with k from 1 to 10 in turn.

    An outbreak has Poisson(k sd) cases, the current one at least one; each comes floor(LogNormal(0, 0.5)) weeks after
    its start, and cases after the last week are dropped.
    """
    means = scenario.means()
    quiet = _counts(means, scenario.dispersion, replicates, rng)
    past = np.zeros_like(quiet)
    for row in range(replicates):
        for size in rng.choice(_PAST_SIZES, _PAST_OUTBREAKS):
            past[row] += _outbreak(int(rng.integers(BASELINE.start, BASELINE.stop)), int(size), scenario, means, rng)
    quiet += past
    sizes = np.arange(replicates) % _LARGEST + 1
    cases = np.stack([_current(int(size), scenario, means, rng) for size in sizes])
    ever, left = cases.cumsum(1), cases[:, ::-1].cumsum(1)[:, ::-1]
    return Simulated(scenario, quiet, quiet + cases, past > 0, (ever > 0) & (left > 0), sizes)


def _counts(means: Floats, dispersion: float, replicates: int, rng: np.random.Generator) -> Ints:
    shape = (replicates, len(means))
    if dispersion == 1:
        return rng.poisson(means, shape)
    return rng.negative_binomial(means / (dispersion - 1), 1 / dispersion, shape)


def _outbreak(start: int, size: int, scenario: Scenario, means: Floats, rng: np.random.Generator) -> Ints:
    """Cases by week."""
    number = rng.poisson(size * np.sqrt(scenario.dispersion * means[start]))
    weeks = start + np.floor(rng.lognormal(0, _CASE_DELAY_SD, number)).astype(np.int64)
    return np.bincount(weeks[weeks < WEEKS], minlength=WEEKS)


def _current(size: int, scenario: Scenario, means: Floats, rng: np.random.Generator) -> Ints:
    start = int(rng.integers(CURRENT.start, CURRENT.stop))
    while not (cases := _outbreak(start, size, scenario, means, rng)).any():
        pass
    return cases
