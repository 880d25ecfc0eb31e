"""`entente bench aberration`: tests of weekly counts beside those of R's `surveillance`, in turn; and what they find.

Speed is seconds of the processor for a series-week, R's from inside R without its start. What detectors find is
measured on simulated series whose outbreaks are known (`bench_outbreaks`).
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration import ears, entente, farrington_flexible
from entente.analysis.aberration.scenarios import CURRENT, SCENARIOS, simulate
from entente.cli.bench_knox import RMissing
from entente.cli.bench_outbreaks import Quality, by, oracle, quality

RUNS = 3
PEER_SERIES = 4
"""Series that R judges in each run of a Farrington test; of EARS ten times as many."""
SERIES = 2 * len(SCENARIOS)
MANY = 10_000
FARRINGTON, FARRINGTON_PLAIN, EARS = "farrington, numba", "farrington, numpy", "ears c1, c2, c3"
WANTED = {FARRINGTON: 100, FARRINGTON_PLAIN: 30, EARS: 500}
WANTED_SECONDS = 2.0

Counts = NDArray[np.int64]


@dataclass(slots=True)
class Speed:
    """Seconds of the processor for a series-week, of each run."""

    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.peer) / median(self.ours)


@dataclass(frozen=True, slots=True)
class Run:
    """`version` and `speeds` are empty without R; `many` are seconds for one new week of `MANY` series."""

    seed: int
    replicates: int
    version: str
    speeds: dict[str, Speed]
    many: dict[str, float]
    found: dict[str, Quality]


def measure(replicates: int, seed: int, *, with_peer: bool = True) -> Run:
    """Raises RMissing, unless R is not wanted."""
    counts = np.concatenate([simulate(one, 2, np.random.default_rng([seed, one.number])).struck for one in SCENARIOS])
    version, speeds = _speeds(counts) if with_peer else ("", {})
    detectors = {"entente": by(entente), "farrington": by(farrington_flexible), "oracle": oracle}
    found = quality(detectors, replicates, seed) if replicates else {}
    return Run(seed, replicates, version, speeds, _many(counts), found)


def _speeds(counts: Counts) -> tuple[str, dict[str, Speed]]:
    """In turn, so that what else the machine does is in every rate."""
    at, speeds, version = np.array(CURRENT), {name: Speed() for name in WANTED}, ""
    if find_spec("numba") is None:
        del speeds[FARRINGTON]
    works: dict[str, Callable[[], object]] = {
        FARRINGTON: partial(farrington_flexible, counts, at=at, is_compiled=True),
        FARRINGTON_PLAIN: partial(farrington_flexible, counts, at=at, is_compiled=False),
        EARS: lambda: [ears(counts, at=at, method=one) for one in ("c1", "c2", "c3")],
    }
    for name in speeds:
        works[name]()  # loads and compiles
    for _ in range(RUNS):
        version, paper = _peer(counts[:: len(counts) // PEER_SERIES], "paper")
        three = sum(_peer(counts[: 10 * PEER_SERIES], method)[1] for method in ("c1", "c2", "c3"))
        for name, speed in speeds.items():
            speed.peer.append(three if name == EARS else paper)
            speed.ours.append(_seconds(works[name]) / (counts.shape[0] * len(at)))
    return version, speeds


def _many(counts: Counts) -> dict[str, float]:
    """One new week of many series, by what a person gets who says nothing else."""
    many, at = np.resize(counts, (MANY, counts.shape[1])), np.array([counts.shape[1] - 1])
    return {
        "entente": _seconds(partial(entente, many, at=at)),
        "farrington": _seconds(partial(farrington_flexible, many, at=at)),
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peer(counts: Counts, method: str) -> tuple[str, float]:
    """The versions of package and language, and the seconds for a series-week. Raises RMissing."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        raise RMissing
    with tempfile.TemporaryDirectory() as name, as_file(files("entente.cli").joinpath("bench_aberration.R")) as program:
        table = Path(name) / "series.csv"
        np.savetxt(table, counts, fmt="%d", delimiter=",")
        weeks = (str(CURRENT.start + 1), str(CURRENT.stop))
        command = [rscript, "--vanilla", str(program), str(Path(name) / "answers.csv"), method, *weeks, str(table)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RMissing
    package, language, spent = done.stdout.split()
    return f"surveillance {package}, R {language}", float(spent) / (len(counts) * len(CURRENT))
