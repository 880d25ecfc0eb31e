"""`entente bench knox`: the Knox test beside `surveillance::knox` of R, on the events that this package of R brings.

636 cases of invasive meningococcal disease in Germany, 2002 to 2008 (`imdepi`), which R hands over; nine pairs of a
largest distance (km) and a largest lapse (days). Both draw as many permutations for each pair. R is timed from its
finished matrices of distances, Entente from the coordinates; both by the seconds of the processor. Counts and means
must be equal; p need not be: R shuffles pairs as if they were independent, Entente the times of the events.
"""

import csv
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from math import isclose
from pathlib import Path
from statistics import median

import numpy as np
from scipy import stats

from entente.analysis.aberration.knox import Knox, knox
from entente.analysis.aberration.monte_carlo import MonteCarlo
from entente.analysis.aberration.positions import Floats
from entente.cli.bench_report import machine
from entente.cli.terminal import out, out_json, say
from entente.errors import Misconfigured, OurFault
from entente.signing import Json

DISTANCES, LAPSES = (25.0, 50.0, 100.0), (7.0, 14.0, 30.0)
WANTED = 100
RUNS = 5


class RMissing(Misconfigured):
    """R with its package surveillance does not run here, so there is nothing to compare with. Install both, on Debian
    with `apt-get install r-base-core r-cran-surveillance`."""


class RDisagrees(OurFault):
    """R and Entente count different pairs within {farther} km and {later} days. Report the defect; no time is shown."""


@dataclass(frozen=True, slots=True)
class PeerCell:
    """What R says of one pair of limits, and the seconds that it took."""

    farther: float
    later: float
    observed: int
    expected: float
    p: float
    p_poisson: float
    seconds: float


@dataclass(frozen=True)
class Run:
    """Both answers, and seconds of the processor: ours cell by cell, as R works, and all cells in one call."""

    version: str
    replicates: int
    ours: Knox
    peer: tuple[PeerCell, ...]
    seconds_by_cell: float
    seconds_at_once: float

    @cached_property
    def peer_seconds(self) -> float:
        return sum(cell.seconds for cell in self.peer)

    @property
    def ratio_by_cell(self) -> float:
        return self.peer_seconds / self.seconds_by_cell

    @property
    def ratio_at_once(self) -> float:
        return self.peer_seconds / self.seconds_at_once

    @property
    def poisson_of_more(self) -> int:
        """In how many cells R's Poisson chance is that of more pairs than observed, not of as many or more."""
        return sum(
            isclose(cell.p_poisson, stats.poisson.sf(cell.observed, cell.expected), rel_tol=1e-9) for cell in self.peer
        )


def measure(replicates: int = 199) -> Run:
    """Runs both on the same events. Raises RMissing, RDisagrees."""
    with tempfile.TemporaryDirectory() as name:
        version, events, peer = _peer(Path(name), replicates)
    places, days = events[:, :2], events[:, 2]
    plan = MonteCarlo(replicates)

    def at_once() -> Knox:
        return knox(places, days, DISTANCES, LAPSES, on_earth=False, monte_carlo=plan)

    def by_cell() -> None:
        for cell in peer:
            knox(places, days, cell.farther, cell.later, on_earth=False, monte_carlo=plan)

    ours = at_once()
    for mine, theirs in zip(ours.cells, peer, strict=True):
        if mine.observed != theirs.observed or not isclose(mine.expected, theirs.expected, rel_tol=1e-12):
            raise RDisagrees(farther=theirs.farther, later=theirs.later)
    return Run(version, replicates, ours, peer, _seconds(by_cell), _seconds(at_once))


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor; the median of `RUNS`."""
    used = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        used.append(time.process_time() - began)
    return median(used)


def _peer(folder: Path, replicates: int) -> tuple[str, Floats, tuple[PeerCell, ...]]:
    """The version of the peer, the events (two coordinates in km and a day), and its answers. Raises RMissing."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        raise RMissing
    program = folder / "knox.R"
    program.write_bytes(files("entente.cli").joinpath("bench_knox.R").read_bytes())
    limits = [",".join(str(limit) for limit in edge) for edge in (DISTANCES, LAPSES)]
    command = [rscript, "--vanilla", str(program), str(folder), str(replicates), *limits]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RMissing
    events = np.loadtxt(folder / "events.csv", delimiter=",")
    with (folder / "told.csv").open(encoding="utf-8", newline="") as stream:
        rows = [[float(value) for value in row] for row in csv.reader(stream)]
    cells = tuple(PeerCell(far, late, int(count), *rest) for far, late, count, *rest in rows)
    return done.stdout.strip(), events, cells


def report(run: Run, *, as_json: bool) -> None:
    if as_json:
        out_json(_json(run))
        return
    counts = {"events": run.ours.events, "replicates": run.replicates}
    out(say("{events} events, {replicates} permutations, {machine}", **counts, machine=machine()))
    cells = len(run.peer)
    out(say("R, surveillance {version}: equal counts and means in {cells} cells", version=run.version, cells=cells))
    out(say("    km   days  pairs  expected  p here  p in R"))
    for mine, theirs in zip(run.ours.cells, run.peer, strict=True):
        limits = f"{mine.farther:>6g}  {mine.later:>5g}"
        out(f"{limits}  {mine.observed:>5}  {mine.expected:>8.1f}  {mine.p:>6.3f}  {theirs.p:>6.3f}")
    for seconds, what in (
        (run.peer_seconds, say("R, cell by cell")),
        (run.seconds_by_cell, say("entente, cell by cell")),
        (run.seconds_at_once, say("entente, all cells at once")),
    ):
        out(f"  {seconds:>10.4f} s  {run.peer_seconds / seconds:>8,.1f} x  {what}")
    out(say("Seconds of the processor, here the median of {runs} runs; wanted: {wanted} x", runs=RUNS, wanted=WANTED))


def _json(run: Run) -> dict[str, Json]:
    return {
        "events": run.ours.events,
        "replicates": run.replicates,
        "machine": machine(),
        "peer": f"surveillance {run.version}",
        "cells": [
            {
                "km": str(mine.farther),
                "days": str(mine.later),
                "observed": mine.observed,
                "expected": f"{mine.expected:.6g}",
                "p": f"{mine.p:.6g}",
                "p_of_peer": f"{theirs.p:.6g}",
            }
            for mine, theirs in zip(run.ours.cells, run.peer, strict=True)
        ],
        "cells_where_poisson_of_peer_is_of_more": run.poisson_of_more,
        "seconds": {
            "peer": f"{run.peer_seconds:.4f}",
            "by_cell": f"{run.seconds_by_cell:.4f}",
            "at_once": f"{run.seconds_at_once:.4f}",
        },
        "ratio": {"by_cell": f"{run.ratio_by_cell:.1f}", "at_once": f"{run.ratio_at_once:.1f}"},
    }
