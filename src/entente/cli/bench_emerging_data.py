"""The public tables of NFLIS-Drug as panels of counts: half-years by state, and years of the national list."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entente.errors import InputFault

BY_STATE, NATIONAL = "_by_state_halfyear", "nflis_substance_frequency_annual"
REGIONS = {
    "Northeast": "CT ME MA NH NJ NY PA RI VT",
    "Midwest": "IL IN IA KS MI MN MO NE ND OH SD WI",
    "South": "AL AR DE DC FL GA KY LA MD MS NC OK SC TN TX VA WV",
    "West": "AK AZ CA CO HI ID MT NV NM OR UT WA WY",
    "Territories": "",
}
"""Regions of the Census Bureau, as NFLIS-Drug reports use them."""
_REGION_OF = {state: number for number, states in enumerate(REGIONS.values()) for state in states.split()}
Row = tuple[str, str, int, int]
"""Substance, place, period (counted from year 0), reports."""


class NoNflisTables(InputFault):
    """The folder {folder} holds no table of NFLIS-Drug. Name the folder with files nflis_*_by_state_halfyear*.csv or
    nflis_substance_frequency_annual*.csv, plain or gzipped."""


@dataclass(frozen=True, slots=True)
class Panel:
    """`positive`, `tested` [substance, place, period]; `tested` is all reports of the table in that place and period.

    `periods` are years, or half-years counted from year 0; `regions` [place].
    """

    name: str
    substances: tuple[str, ...]
    places: tuple[str, ...]
    periods: NDArray[np.int64]
    yearly: int
    regions: NDArray[np.int64]
    positive: NDArray[np.int64]
    tested: NDArray[np.int64]

    def told(self, period: int) -> str:
        """How people write the period in that place of `periods`."""
        number = int(self.periods[period])
        return str(number) if self.yearly == 1 else f"{number // 2}-H{number % 2 + 1}"


def panels(folder: Path) -> tuple[list[Panel], list[Panel]]:
    """Tables by state and half-year, and national ones by year; parts of one table are put together.

    Raises NoNflisTables.
    """
    files = sorted(file for file in folder.rglob("nflis_*.csv*") if file.is_file())
    by_state: dict[str, list[Row]] = {}
    for file in files:
        if BY_STATE in file.name:
            by_state.setdefault(file.name.split(BY_STATE)[0], []).extend(_rows(file, _of_state))
    national = [row for file in files if file.name.startswith(NATIONAL) for row in _rows(file, _of_year)]
    if not by_state and not national:
        raise NoNflisTables(folder=folder)
    return [_panel(name, rows, 2) for name, rows in by_state.items()], (
        [_panel(NATIONAL, national, 1)] if national else []
    )


def ended(panel: Panel, case: str) -> Panel:
    """The panel in which nobody tests for `case` after its last row: later rows may be held back, not zero."""
    tested = panel.tested.copy()
    for number, name in enumerate(panel.substances):
        if name.casefold() == case.casefold():
            last = int(np.nonzero(panel.positive[number].any(axis=0))[0].max())
            tested[number, :, last + 1 :] = 0
    return replace(panel, tested=tested)


def _rows(file: Path, read: Callable[[Mapping[str, str]], Row]) -> Iterable[Row]:
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8-sig")
    return [read(row) for row in csv.DictReader(io.StringIO(text))]


def _of_state(row: Mapping[str, str]) -> Row:
    half = int(row["PERIOD"].strip()[2]) - 1
    return row["BASE_DESCRIPTION"].strip(), row["STATE"].strip(), 2 * int(row["YYYY"]) + half, int(row["DRUG_REPORTS"])


def _of_year(row: Mapping[str, str]) -> Row:
    return row["SubstanceDetected"].strip(), "US", int(row["YYYY"]), int(row["Freq"])


def _panel(name: str, rows: list[Row], yearly: int) -> Panel:
    substances, places = tuple(sorted({row[0] for row in rows})), tuple(sorted({row[1] for row in rows}))
    first, last = min(row[2] for row in rows), max(row[2] for row in rows)
    positive = np.zeros((len(substances), len(places), last - first + 1), dtype=np.int64)
    index, where = ({one: number for number, one in enumerate(names)} for names in (substances, places))
    for substance, place, period, reports in rows:
        positive[index[substance], where[place], period - first] += reports
    tested = np.broadcast_to(positive.sum(axis=0), positive.shape).copy()
    regions = np.array([_REGION_OF.get(place, len(REGIONS) - 1) for place in places], dtype=np.int64)
    return Panel(name, substances, places, np.arange(first, last + 1), yearly, regions, positive, tested)
