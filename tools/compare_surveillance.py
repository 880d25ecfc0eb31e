"""Alarm for alarm and bound for bound: our tests of weekly counts beside R's `surveillance`, which this runs.

    python tools/compare_surveillance.py                   # 41,160 simulated series-weeks: R needs a quarter of an hour
    python tools/compare_surveillance.py --replicates 2    # a small run
    python tools/compare_surveillance.py --keep ANSWERS    # keeps R's answers in a folder; those already there are read

Needs R with `surveillance` (Debian: r-base-core, r-cran-surveillance). Series: those of the 42 scenarios, half of them
with an outbreak in the judged weeks, and the count series that come with the package (of tables with many places the
first).
"""

import argparse
import csv
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration import ORIGINAL, PAPER, R_DEFAULT, Judged, Reason, Settings, ears, farrington_flexible
from entente.analysis.aberration.ears import Method
from entente.analysis.aberration.scenarios import CURRENT, SCENARIOS, simulate

SEED = 1203
PROGRAM = files("entente.cli").joinpath("bench_aberration.R")
SAME = 1e-9
"""Relative difference of bounds that counts as none."""
FARRINGTON = {
    "paper": PAPER,
    "muan": replace(PAPER, threshold="muan", trend_alpha=0.05),
    "default": R_DEFAULT,
    "original": ORIGINAL,
}
EARS: dict[str, Method] = {"c1": "c1", "c2": "c2", "c3": "c3"}
GOLDEN = (1, 9, 14, 21, 30, 35, 40)
"""Scenarios of the known answers."""
KEPT = 280
"""Weeks of a series that its known answers need."""
RUNS = [("simulated", "paper"), *(("bundled", method) for method in ("default", "original", *EARS))]

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answers:
    """What R says about one series, week by week; `weeks` count from 0."""

    weeks: Counts
    bounds: NDArray[np.float64]
    alarms: NDArray[np.bool_]


@dataclass(slots=True)
class Agreement:
    """Of one run. `apart` is the largest relative difference of two bounds."""

    weeks: int = 0
    judged: int = 0
    alarms: int = 0
    same_alarms: int = 0
    same_bounds: int = 0
    apart: float = 0.0

    def add(self, ours: Judged, theirs: Answers) -> None:
        """A week that either cannot judge has the bound NaN and no alarm."""
        mine = np.where(ours.reason[0] == Reason.JUDGED, ours.bound[0], np.nan)
        with np.errstate(invalid="ignore"):
            apart = np.abs(mine - theirs.bounds) / np.maximum(1.0, np.abs(theirs.bounds))
        neither = np.isnan(mine) & np.isnan(theirs.bounds)
        self.weeks += len(theirs.weeks)
        self.judged += int((~np.isnan(theirs.bounds)).sum())
        self.alarms += int(theirs.alarms.sum())
        self.same_alarms += int((ours.alarm[0] == theirs.alarms).sum())
        self.same_bounds += int((neither | (apart <= SAME)).sum())
        self.apart = max(self.apart, float(np.nan_to_num(apart).max(initial=0.0)))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replicates", type=int, default=20, help="simulated series for each of the 42 scenarios")
    parser.add_argument("--keep", type=Path, help="folder for R's answers")
    parser.add_argument("--golden", type=Path, help="write R's answers about a few series to this file, and end")
    options = parser.parse_args()
    if options.golden:
        _write_golden(options.golden)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"seed {SEED}, {options.replicates} series for each scenario")
        print("| Series | Test | Series-weeks | Judged by R | Alarms in R | Same alarm | Same bound | Farthest | R |")
        print("|---|---|---:|---:|---:|---:|---:|---:|---|")
        for series, method in RUNS:
            print(_row(series, method, folder, options.replicates), flush=True)


def _row(series: str, method: str, folder: Path, replicates: int) -> str:
    table, freqs, version = _peer(series, method, folder, replicates)
    found = Agreement()
    for name, theirs in _read(folder / f"{series}-{method}.csv").items():
        found.add(_ours(method, table[name], theirs.weeks, freqs[name]), theirs)
    share = [f"{part / found.weeks:.4%}" for part in (found.same_alarms, found.same_bounds)]
    cells = (series, method, f"{found.weeks:,}", f"{found.judged:,}", f"{found.alarms:,}", *share, f"{found.apart:.1e}")
    return f"| {' | '.join(cells)} | {version} |"


def _ours(method: str, counts: Counts, weeks: Counts, freq: int) -> Judged:
    if method in EARS:
        return ears(counts[None], at=weeks, method=EARS[method], r_compat=True)
    settings: Settings = replace(FARRINGTON[method], freq=freq)
    return farrington_flexible(counts[None], at=weeks, settings=settings, r_compat=True)


def _peer(series: str, method: str, folder: Path, replicates: int) -> tuple[dict[str, Counts], dict[str, int], str]:
    """The series by name with weeks of a year; runs R, unless its answers are there already."""
    answers, said = folder / f"{series}-{method}.csv", folder / f"{series}-{method}.txt"
    table = folder / f"{series}.csv" if series == "simulated" else folder / f"{series}-{method}-series.csv"
    if not said.exists():
        table.unlink(missing_ok=True)
        where: Iterable[str] = ("bundled", str(table))
        if series == "simulated":
            np.savetxt(table, _simulated(replicates), fmt="%d", delimiter=",")
            where = (str(CURRENT.start + 1), str(CURRENT.stop), str(table))
        said.write_text(_run_r(str(answers), method, *where), "utf-8")
    package, language, spent = said.read_text("utf-8").split()
    version = f"surveillance {package}, R {language}, {float(spent):.0f} s"
    rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
    if series == "simulated":
        return (
            {str(number): np.array(row, np.int64) for number, row in enumerate(rows, 1)},
            defaultdict(lambda: 52),
            version,
        )
    known = {row[0]: np.array([-1 if cell == "NA" else int(float(cell)) for cell in row[2:]]) for row in rows}
    return known, {row[0]: int(row[1]) for row in rows}, version


def _write_golden(file: Path) -> None:
    """Seven simulated series, their last ten weeks, by every test: the known answers of the test suite."""
    made = [simulate(SCENARIOS[number - 1], 8, np.random.default_rng([SEED, number])) for number in GOLDEN]
    series = np.stack([one.struck[-1] for one in made])
    first, last = series.shape[1] - 9, series.shape[1]
    lines = ["method,first,last,counts,bounds,alarms"]
    with tempfile.TemporaryDirectory() as scratch:
        table, answers = Path(scratch) / "series.csv", Path(scratch) / "answers.csv"
        np.savetxt(table, series, fmt="%d", delimiter=",")
        for method in (*FARRINGTON, *EARS):
            _run_r(str(answers), method, str(first), str(last), str(table))
            for name, found in _read(answers).items():
                counts = " ".join(map(str, series[int(name) - 1, -KEPT:]))
                bounds, alarms = (
                    " ".join(map(repr, found.bounds.tolist())),
                    " ".join(map(str, found.alarms.astype(int))),
                )
                lines.append(f"{method},{KEPT - 10},{KEPT - 1},{counts},{bounds},{alarms}")
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _run_r(*arguments: str) -> str:
    """What R prints. Ends with R's message if it fails."""
    command = ["Rscript", str(PROGRAM), *arguments]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if found.returncode:
        sys.exit(f"R failed:\n{found.stderr}")
    return found.stdout


def _simulated(replicates: int) -> Counts:
    """Half of each scenario's series as they are, half with an outbreak in the judged weeks."""
    half = replicates // 2
    found = []
    for scenario in SCENARIOS:
        made = simulate(scenario, replicates, np.random.default_rng([SEED, scenario.number]))
        found.append(np.concatenate([made.quiet[:half], made.struck[half:]]))
    return np.concatenate(found)


def _read(file: Path) -> dict[str, Answers]:
    rows: dict[str, list[tuple[int, float, bool]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            bound = float("nan") if row["bound"] == "NA" else float(row["bound"])
            rows[row["series"]].append((int(row["week"]) - 1, bound, row["alarm"] == "1"))
    return {
        name: Answers(
            np.array([a for a, _, _ in kept]), np.array([b for _, b, _ in kept]), np.array([c for _, _, c in kept])
        )
        for name, kept in rows.items()
    }


if __name__ == "__main__":
    main()
