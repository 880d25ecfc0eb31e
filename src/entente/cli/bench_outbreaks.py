"""How well a detector finds simulated outbreaks: the half of `entente bench aberration` that needs no peer.

False alarms are counted in series without a current outbreak, found outbreaks in series with one. The oracle is the
same statistic with the true mean and dispersion in place of estimated ones: no baseline can do better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from entente.analysis.aberration import Judged
from entente.analysis.aberration.detector import ALPHA, brought, chance
from entente.analysis.aberration.scenarios import CURRENT, SCENARIOS, Simulated, simulate
from entente.analysis.aberration.tails import mid_p

Detector = Callable[[Simulated, NDArray[np.int64]], tuple[NDArray[np.bool_], NDArray[np.float64]]]
"""Of one scenario's counts [series, week]: alarms and p of the judged weeks, [series, judged week]."""
RARE = 0.001
WANTED_FDR = 0.10
_SMALLEST_CHANCE = 1e-300


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares, not percent."""

    false_alarms: Sequence[float]
    """Share of quiet weeks that are alarms, by scenario."""
    found: float
    """Of outbreaks, those with an alarm between their first and last case."""
    found_at_once: float
    """Those with an alarm in the week of the first case."""
    found_by_size: tuple[float, float, float]
    """Of outbreaks with k 1 to 3, 4 to 6, 7 to 10."""
    rare: float
    """Share of quiet weeks with p of `RARE` or less."""
    false_discoveries: float
    """Realised in weekly lists of all series, half of them with an outbreak, at `WANTED_FDR`."""

    @property
    def false_alarm(self) -> float:
        return float(np.mean(self.false_alarms))


def by(judge: Callable[..., Judged]) -> Detector:
    """A detector of this package in the form that `quality` asks for."""

    def detect(_: Simulated, counts: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        judged = judge(counts, at=np.array(CURRENT))
        return judged.alarm, judged.p

    return detect


def oracle(made: Simulated, counts: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """`entente` with the true mean and dispersion."""
    weeks = slice(CURRENT.start - 1, CURRENT.stop)
    chances = mid_p(counts[:, weeks].astype(float), made.scenario.means()[weeks], np.array(made.scenario.dispersion))
    score = -special.ndtri(np.maximum(chances, _SMALLEST_CHANCE))
    p = chance(score[:, 1:], brought(score[:, :-1]))
    return p <= ALPHA, p


def quality(detectors: dict[str, Detector], replicates: int, seed: int) -> dict[str, Quality]:
    """Each detector on the same series: `replicates` of every scenario, without and with a current outbreak."""
    runs: dict[str, list[_Run]] = {name: [] for name in detectors}
    for scenario in SCENARIOS:
        made = simulate(scenario, replicates, np.random.default_rng([seed, scenario.number]))
        for name, detect in detectors.items():
            runs[name].append(_Run(made, *detect(made, made.quiet), *detect(made, made.struck)))
    return {name: _summary(found) for name, found in runs.items()}


@dataclass(frozen=True, slots=True)
class _Run:
    made: Simulated
    quiet_alarms: NDArray[np.bool_]
    quiet_p: NDArray[np.float64]
    alarms: NDArray[np.bool_]
    p: NDArray[np.float64]

    @property
    def current(self) -> NDArray[np.bool_]:
        return self.made.current[:, CURRENT.start : CURRENT.stop]

    @property
    def past(self) -> NDArray[np.bool_]:
        return self.made.past[:, CURRENT.start : CURRENT.stop]


def _summary(runs: Sequence[_Run]) -> Quality:
    found = np.concatenate([(run.alarms & run.current).any(1) for run in runs])
    at_once = [run.alarms[np.arange(len(run.alarms)), run.current.argmax(1)] for run in runs]
    size = np.concatenate([run.made.sizes for run in runs])
    small, middle, large = (float(found[(size >= a) & (size <= b)].mean()) for a, b in ((1, 3), (4, 6), (7, 10)))
    return Quality(
        false_alarms=[float(run.quiet_alarms.mean()) for run in runs],
        found=float(found.mean()),
        found_at_once=float(np.concatenate(at_once).mean()),
        found_by_size=(small, middle, large),
        rare=float(np.mean([(run.quiet_p <= RARE).mean() for run in runs])),
        false_discoveries=_false_discoveries(runs),
    )


def _false_discoveries(runs: Sequence[_Run]) -> float:
    """Mean share of false ones among the discoveries of a week's list (Benjamini and Hochberg 1995).

    Of each scenario ten series are quiet and ten struck, 840 in all; more replicates make more lists. A discovery is
    false unless the week is one of the outbreak or has a case of a past one.
    """
    from entente.analysis.growth import q_values

    shares = []
    for part in range(max(1, len(runs[0].p) // 20)):
        rows = slice(20 * part, 20 * part + 10), slice(20 * part + 10, 20 * part + 20)
        p = np.concatenate([np.concatenate([run.quiet_p[rows[0]], run.p[rows[1]]]) for run in runs])
        true = np.concatenate([np.concatenate([run.past[rows[0]], (run.past | run.current)[rows[1]]]) for run in runs])
        for week in range(p.shape[1]):
            is_found = np.array(q_values(p[:, week].tolist())) <= WANTED_FDR
            shares.append((is_found & ~true[:, week]).sum() / max(1, is_found.sum()))
    return float(np.mean(shares))
