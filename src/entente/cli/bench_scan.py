"""`entente bench scan`: what the space-time permutation scan finds in simulated tables of which everything is known.

36 places on a square of 50 km, 60 days, half a case a day in each place on average (Poisson). In tables with a cluster
four places in a corner have so many times as many cases in the last four days. Nothing of it is real.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from entente.analysis.aberration.cylinders import Reach
from entente.analysis.aberration.monte_carlo import MonteCarlo
from entente.analysis.aberration.permutation_scan import permutation_scan
from entente.analysis.aberration.positions import Floats, Ints
from entente.analysis.aberration.scanning import Scan
from entente.cli.bench_report import machine
from entente.cli.terminal import out, out_json, say
from entente.signing import Json

SIDE, DAYS, LAST, LONGEST, MEAN, STEP_KM = 6, 60, 4, 7, 0.5, 10.0
CORNER = (0, 1, SIDE, SIDE + 1)
RATIOS = (2.0, 3.0, 4.0)
LEVELS = (0.01, 0.05, 0.1, 0.5)
LEVEL = 0.05
STOP_AFTER = 10


@dataclass(frozen=True, slots=True)
class Null:
    """Tables without a cluster: at each of LEVELS the share of p no larger; replicates and seconds for a table."""

    counted: tuple[float, ...]
    by_tail: tuple[float, ...]
    drawn: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Power:
    """Tables with a cluster of `ratio`: how often p is at most LEVEL and the cluster found touches the one planted;
    and then what share of the planted places it holds, and what share of what it holds was planted."""

    ratio: float
    found: float
    held: float
    planted: float


@dataclass(frozen=True, slots=True)
class Run:
    tables: int
    replicates: int
    cylinders: int
    fixed: Null
    stopped: Null
    powers: tuple[Power, ...]


def measure(tables: int = 1000, replicates: int = 199) -> Run:
    """`tables` without a cluster, each judged with all replicates and again with early stopping; as many for each of
    RATIOS."""
    fixed, stopped = (_null(tables, MonteCarlo(replicates, stop)) for stop in (None, STOP_AFTER))
    plan = MonteCarlo(replicates, STOP_AFTER)
    powers = tuple(_power(ratio, [scan for scan, _ in _scans(tables, ratio, plan)]) for ratio in RATIOS)
    cylinders = next(_scans(1, 1.0, MonteCarlo(1)))[0].cylinders
    return Run(tables, replicates, cylinders, fixed, stopped, powers)


def _table(seed: int, ratio: float) -> tuple[Ints, Floats]:
    """Counts [place, day] and where the places are, in km."""
    means = np.full((SIDE * SIDE, DAYS), MEAN)
    means[np.ix_(CORNER, range(DAYS - LAST, DAYS))] *= ratio
    places = np.column_stack(np.divmod(np.arange(SIDE * SIDE), SIDE)) * STEP_KM
    return np.random.default_rng(seed).poisson(means), places


def _scans(tables: int, ratio: float, plan: MonteCarlo) -> Iterator[tuple[Scan, float]]:
    """A scan of each table, and the seconds of the processor it took."""
    for seed in range(tables):
        counts, places = _table(seed, ratio)
        began = time.process_time()
        own = MonteCarlo(plan.replicates, plan.stop_after, seed=tables + seed)
        yield (
            permutation_scan(counts, places, Reach(LONGEST), on_earth=False, monte_carlo=own, most=1),
            (time.process_time() - began),
        )


def _null(tables: int, plan: MonteCarlo) -> Null:
    scans = list(_scans(tables, 1.0, plan))
    best = [scan.clusters[0] for scan, _ in scans]
    return Null(
        counted=_shares([cluster.p for cluster in best]),
        by_tail=_shares([cluster.p if cluster.p_gumbel is None else cluster.p_gumbel for cluster in best]),
        drawn=fmean(scan.drawn for scan, _ in scans),
        seconds=fmean(seconds for _, seconds in scans),
    )


def _shares(chances: Sequence[float]) -> tuple[float, ...]:
    return tuple(fmean(p <= level + 1e-12 for p in chances) for level in LEVELS)


def _power(ratio: float, scans: Sequence[Scan]) -> Power:
    best = [set(scan.clusters[0].places) for scan in scans if scan.clusters[0].p <= LEVEL]
    found = [places for places in best if places & set(CORNER)]
    held = [len(places & set(CORNER)) / len(CORNER) for places in found]
    planted = [len(places & set(CORNER)) / len(places) for places in found]
    return Power(ratio, len(found) / len(scans), fmean(held or [0.0]), fmean(planted or [0.0]))


def report(run: Run, *, as_json: bool) -> None:
    if as_json:
        out_json(_json(run))
        return
    size = {"tables": f"{run.tables:,}", "cylinders": f"{run.cylinders:,}", "replicates": run.replicates}
    out(say("{tables} simulated tables, {cylinders} cylinders, {replicates} replicates", **size))
    out(machine())
    out(say("Without a cluster: share of tables with p at most"))
    levels = "".join(f"{level:>8g}" for level in LEVELS)
    out(f"  {levels}")
    for shares, what in (
        (run.fixed.counted, say("counted, all replicates")),
        (run.fixed.by_tail, say("by the fitted tail, all replicates")),
        (run.stopped.counted, say("counted, stopped early")),
    ):
        out("  " + "".join(f"{share:>8.3f}" for share in shares) + f"  {what}")
    costs = {
        "seconds": f"{run.fixed.seconds:.3f}",
        "drawn": f"{run.stopped.drawn:.0f}",
        "fewer": f"{run.stopped.seconds:.3f}",
    }
    out(say("A scan takes {seconds} s of the processor; stopped early {fewer} s and {drawn} replicates", **costs))
    out(say("With four planted places: share found at p of 0.05, share of the four held, share of those held planted"))
    for power in run.powers:
        out(f"  {power.ratio:>3g} x  {power.found:>8.3f}{power.held:>8.3f}{power.planted:>8.3f}")


def _json(run: Run) -> dict[str, Json]:
    def shares(values: Sequence[float]) -> dict[str, Json]:
        return {str(level): str(round(value, 4)) for level, value in zip(LEVELS, values, strict=True)}

    return {
        "tables": run.tables,
        "replicates": run.replicates,
        "cylinders": run.cylinders,
        "is_simulated": True,
        "machine": machine(),
        "without_cluster": {
            "counted": shares(run.fixed.counted),
            "by_tail": shares(run.fixed.by_tail),
            "counted_stopped_early": shares(run.stopped.counted),
        },
        "seconds": {"all": f"{run.fixed.seconds:.4f}", "stopped_early": f"{run.stopped.seconds:.4f}"},
        "drawn_stopped_early": f"{run.stopped.drawn:.1f}",
        "power": [
            {
                "ratio": str(power.ratio),
                "found": str(round(power.found, 4)),
                "planted_places_held": str(round(power.held, 4)),
                "held_places_planted": str(round(power.planted, 4)),
            }
            for power in run.powers
        ],
    }
