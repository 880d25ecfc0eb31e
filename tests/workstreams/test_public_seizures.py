"""The public files of CBP: every row is read, and the figures equal those counted without Entente."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Context, Decimal
from functools import cache

import pytest

from entente.analysis import Table
from workstreams.seizures_given import AIR_AND_MARINE, NATIONWIDE, ask, public_file, records, rows, totals

pytestmark = pytest.mark.public_data

EXACT = Context(prec=60)
# Fentanyl seized by the Office of Field Operations and the Border Patrol: pounds to one place, and events.
PUBLISHED = {
    2019: ("2803.6", 814),
    2020: ("4791.1", 1174),
    2021: ("11201.3", 1515),
    2022: ("14699.9", 1496),
    2023: ("27022.9", 1351),
    2024: ("21889.2", 1116),
    2025: ("12027.3", 959),
}
AT_NORTHERN_BORDER = {2024: "43.0", 2025: "77.1"}


@cache
def table(*names: str) -> Table:
    return totals(*(public_file(name) for name in names))


def plain(names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows as the standard library sees them."""
    for name in names:
        yield from csv.DictReader(io.StringIO(public_file(name).decode("utf-8")))


def test_fentanyl_by_fiscal_year_as_published() -> None:
    found = rows("seizures.totals", table(*NATIONWIDE), "drug=fentanyl", "by=fiscal_year_us")
    assert {
        row["fiscal_year_us"]: (str(row["mass_lb"].quantize(Decimal("0.1"))), row["events"]) for row in found
    } == PUBLISHED
    assert {(row["counting"], row["months"], row["status"]) for row in found} == {("ofo-usbp", 12, "final")}


def test_fentanyl_at_the_northern_border_as_published() -> None:
    found = rows("seizures.totals", table(*NATIONWIDE), "drug=fentanyl", "by=fiscal_year_us,region")
    northern = {row["fiscal_year_us"]: row["mass_lb"] for row in found if row["region"] == "northern-border"}
    assert {year: str(northern[year].quantize(Decimal("0.1"))) for year in AT_NORTHERN_BORDER} == AT_NORTHERN_BORDER
    assert len(found) == 21


@pytest.mark.parametrize("names", [NATIONWIDE, AIR_AND_MARINE], ids=["nationwide", "air-and-marine"])
def test_every_sum_is_what_adding_up_by_hand_gives(names: tuple[str, ...]) -> None:
    pounds: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    events: Counter[tuple[str, str, str]] = Counter()
    for row in plain(names):
        key = (row["FY"], row["Region"], row["Drug Type"])
        pounds[key] = EXACT.add(pounds[key], Decimal(row["Sum Qty (lbs)"]))
        events[key] += int(row["Count of Event"])
    native = {"Lsd": "lsd", "Other Drugs**": "other", "Khat (Catha Edulis)": "khat"}
    places = {"Coastal/Interior": "coastal-interior", "Northern Border": "northern-border"}
    expected = {
        (int(year), places.get(region, "southwest-border"), native.get(drug, drug.lower())): (
            pounds[year, region, drug],
            EXACT.multiply(pounds[year, region, drug], Decimal("0.45359237")),
            events[year, region, drug],
        )
        for year, region, drug in pounds
    }
    found = {
        (row["fiscal_year_us"], row["region"], row["drug"]): (row["mass_lb"], row["mass_kg"], row["events"])
        for row in rows("seizures.totals", table(*names), "by=fiscal_year_us,region,drug")
    }
    assert found == expected


def test_every_row_of_every_file_is_kept() -> None:
    for names in (NATIONWIDE, AIR_AND_MARINE):
        assert table(*names).rows.num_rows == sum(1 for _ in plain(names))


def test_what_is_kept_is_what_was_published() -> None:
    """Month, place, native name and native mass of every record equal the cells of its line."""
    months = ["OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP"]
    for name in (NATIONWIDE[0], AIR_AND_MARINE[0]):
        lines = list(plain((name,)))
        for record, line in zip(records(public_file(name)), lines, strict=True):
            first = record.values["period_start"]
            place = months.index(line["Month (abbv)"])
            year = int(line["FY"]) - (place < 3)
            assert str(first) == f"{year}-{(place + 9) % 12 + 1:02}-01"
            assert record.values["drug_native"] == line["Drug Type"]
            assert record.values["mass_native"] == Decimal(line["Sum Qty (lbs)"])
            assert record.values["area"] == line.get("Branch", line.get("Area of Responsibility"))


def test_air_and_marine_is_reported_apart_and_says_why() -> None:
    answer = ask("seizures.totals", table(*NATIONWIDE, *AIR_AND_MARINE), "drug=fentanyl", "by=fiscal_year_us")
    found = {(row["fiscal_year_us"], row["counting"]): row["events"] for row in answer.rows.to_pylist()}
    assert {year: found[year, "ofo-usbp"] for year in PUBLISHED} == {year: n for year, (_, n) in PUBLISHED.items()}
    assert (found[2019, "amo"], found[2025, "amo"]) == (65, 234)
    assert "overlapping-counts" in answer.cautions


def test_the_files_do_not_overlap_so_there_is_nothing_revised() -> None:
    answer = ask("seizures.revisions", table(*NATIONWIDE))
    assert answer.rows.num_rows == 0
    assert [(one.value, one.of) for one in answer.denominators if one.name == "cells-revised"] == [(0, 0)]


def test_a_publication_that_is_changed_here_is_found_figure_by_figure() -> None:
    """A later edition made from the real one: one mass, one count, one row gone, one row new."""
    text = public_file(NATIONWIDE[1]).decode("utf-8")
    lines = text.splitlines()
    mass, count, gone = lines[10].split(","), lines[20].split(","), lines[30]
    mass[-1] = str(Decimal(mass[-1]) + Decimal("0.5"))
    count[-2] = str(int(count[-2]) + 1)
    new = lines[40].split(",")
    new[5] = "EXAMPLE FIELD OFFICE"
    later = [*lines[:10], ",".join(mass), *lines[11:20], ",".join(count), *lines[21:30], *lines[31:], ",".join(new)]
    answer = ask("seizures.revisions", totals(text.encode(), "\n".join(later).encode()))
    found = [(row["change"], row["mass_lb_difference"], row["events_difference"]) for row in answer.rows.to_pylist()]
    expected = [
        ("changed", Decimal("0.5"), 0),
        ("changed", Decimal(0), 1),
        ("added", None, None),
        ("removed", None, None),
    ]
    assert Counter(found) == Counter(expected)
    assert gone.split(",")[5] in answer.rows["area"].to_pylist()


def test_the_trend_of_2025_against_five_years() -> None:
    found = {row["period"]: row for row in rows("seizures.trend", table(*NATIONWIDE), "drug=fentanyl")}
    pounds: dict[int, Decimal] = defaultdict(Decimal)
    for row in plain(NATIONWIDE):
        if row["Drug Type"] == "Fentanyl":
            pounds[int(row["FY"])] = EXACT.add(pounds[int(row["FY"])], Decimal(row["Sum Qty (lbs)"]))
    mean = sum((pounds[year] for year in range(2020, 2025)), Decimal(0)) / 5
    assert abs(found["2025"]["mass_rate"] - pounds[2025] / mean) < Decimal("1e-20")
    assert abs(found["2025"]["mass_change"] - (pounds[2025] / pounds[2024] - 1)) < Decimal("1e-20")
    assert (found["2025"]["mean_years"], found["2025"]["is_complete"]) == (5, True)
