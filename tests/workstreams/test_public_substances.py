"""The public files of NFLIS-Drug and the Canadian schedules: every row is read, and figures equal those counted without
Entente."""

import csv
import io
from collections import Counter
from functools import cache

import pytest

from entente.analysis import Table, joined
from entente.workstreams.substances.questions.cells import OverlappingCounts
from workstreams.substances_given import FAMILY, OPIOIDS, SCHEDULES, ask, public_file, rows, table

pytestmark = pytest.mark.public_data

XYLAZINE_1999_TO_2020 = 7_360  # as the publisher's query of 6 June 2023 gives it
_MONTHS = {"1": "01", "2": "07"}
# Census Bureau regions, as NFLIS-Drug reports use them.
REGIONS = {
    "Northeast": "ct me ma nh nj ny pa ri vt",
    "Midwest": "il in ia ks mi mn mo ne nd oh sd wi",
    "South": "al ar de dc fl ga ky la md ms nc ok sc tn tx va wv",
    "West": "ak az ca co hi id mt nv nm or ut wa wy",
}


@cache
def query(name: str) -> Table:
    return table(public_file(name), reader="nflis-dqs")


@cache
def schedules() -> Table:
    return table(public_file(SCHEDULES), reader="ca-cdsa-schedules")


@cache
def plain(name: str) -> list[dict[str, str]]:
    """The rows as the standard library sees them."""
    return list(csv.DictReader(io.StringIO(public_file(name).decode("utf-8"))))


# Counts


@pytest.mark.parametrize("name", [OPIOIDS, FAMILY])
def test_every_row_is_kept_and_every_state_and_half_year_adds_up(name: str) -> None:
    expected: Counter[tuple[str, str, str]] = Counter()
    for row in plain(name):
        half = f"{row['YYYY']}-H{row['PERIOD'][2]}"
        expected[f"us-{row['STATE'].lower()}", half, row["SUBSTANCE_DESCRIPTION"]] += int(row["DRUG_REPORTS"])
    found = rows("substances.totals", query(name), settings=("by=place,half_year,substance_native",))
    assert {(row["place"], row["half_year"], row["substance_native"]): row["reported"] for row in found} == dict(
        expected
    )
    assert query(name).rows.num_rows == len(plain(name))


@pytest.mark.parametrize("name", [OPIOIDS, FAMILY])
def test_the_forms_of_a_substance_add_up_to_its_base(name: str) -> None:
    codes = {"FENTANYL": "fentanyl", "HEROIN": "heroin", "XYLAZINE": "xylazine"}
    expected: Counter[str] = Counter()
    for row in plain(name):
        base = row["BASE_DESCRIPTION"].strip().upper()
        expected[codes.get(base, base)] += int(row["DRUG_REPORTS"])
    found = rows("substances.totals", query(name), settings=("by=subject",))
    assert {row["subject"]: row["reported"] for row in found} == dict(expected)


def test_national_xylazine_reports_as_published() -> None:
    (row,) = rows("substances.totals", query(OPIOIDS), settings=("by=subject", "subject=xylazine", "place=us"))
    assert (row["reported"], str(row["period_start"]), row["basis"]) == (XYLAZINE_1999_TO_2020, "1999-07-01", "reports")


def test_two_queries_overlap_and_growth_refuses_to_add_them() -> None:
    both = joined([query(OPIOIDS), query(FAMILY)])
    with pytest.raises(OverlappingCounts, match="fentanyl"):
        ask("substances.growth", both)
    found = rows("substances.totals", both, settings=("by=subject", "subject=fentanyl"))
    assert {row["publication"] for row in found} == {"nflis-dqs-2023-06-06", "nflis-dqs-2026-03-03"}
    assert ask("substances.growth", both, settings=("publication=nflis-dqs-2026-03-03",)).rows.num_rows > 50


# Early warning


@cache
def by_year_and_state() -> Counter[tuple[str, str]]:
    """Xylazine reports."""
    found: Counter[tuple[str, str]] = Counter()
    for row in plain(OPIOIDS):
        if row["BASE_DESCRIPTION"] == "Xylazine":
            found[row["YYYY"], row["STATE"].lower()] += int(row["DRUG_REPORTS"])
    return found


@pytest.mark.parametrize("region", REGIONS)
def test_growth_of_xylazine_through_2020_counts_what_the_file_says(region: str) -> None:
    """Whether it alarms is not tested: these years are what it was made for, and no proof of it."""
    states = REGIONS[region].split()
    for year in (2016, 2018, 2020):
        place = ",".join(f"us-{state}" for state in states)
        settings = ("subject=xylazine", f"place={place}", f"until={year}-12-31", "months=12")
        (row,) = rows("substances.growth", query(OPIOIDS), settings=settings)
        late, early = (sum(by_year_and_state()[str(one), state] for state in states) for one in (year, year - 1))
        assert 0 <= late - row["observed"] <= 1  # a state may not have been comparable
        assert 0 <= early - row["base_observed"] <= 1
        assert row["low"] <= (row["value"] or row["low"]) <= (row["high"] or row["value"] or row["low"])


def test_xylazine_is_first_seen_where_the_file_has_its_first_row() -> None:
    found = rows("substances.first-seen", query(OPIOIDS), settings=("subject=xylazine", "until=2020-12-31"))
    first: dict[str, str] = {}
    for line in plain(OPIOIDS):
        if line["BASE_DESCRIPTION"] == "Xylazine":
            half, state = (
                f"{line['YYYY']}-{'07' if line['PERIOD'][2] == '2' else '01'}-01",
                f"us-{line['STATE'].lower()}",
            )
            first[state] = min(half, first.get(state, half))
    assert {row["place"]: str(row["period_start"]) for row in found} == first
    assert all(row["looked_since"] <= row["period_start"] for row in found)


# Control


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        ("Phenethyl bromide", "2026-04-11", {("VI", "not-told")}),
        ("Phenethyl bromide", "2026-04-12", {("VI", "controlled")}),
        ("propanoic anhydride", "2026-04-12", {("VI", "controlled")}),
        ("Carisoprodol", "2025-12-18", {("IV", "not-told")}),
        ("Carisoprodol", "2025-12-19", {("IV", "controlled")}),
        ("ANPP", "2026-06-01", {("I", "controlled")}),
        ("para-Fluorofentanyl", "2026-06-01", {("I", "controlled")}),
        ("heroin", "2026-06-01", {("I", "controlled")}),
        ("Naloxone", "2026-06-01", {("I", "exception")}),
        ("Flunitrazepam", "2026-06-01", {("I", "controlled"), ("IV", "exception")}),
        ("Lefetamine", "2026-06-01", {("I", "exception"), ("III", "controlled")}),
        ("Xylazine", "2026-06-01", {(None, "not-named")}),
        ("Xylazine", "2019-01-01", {(None, "not-told")}),
    ],
)
def test_what_the_canadian_schedules_say(name: str, on: str, expected: set[tuple[str | None, str]]) -> None:
    found = rows("substances.status", schedules(), settings=(f"name={name}", f"on={on}"))
    assert {(row["schedule"], row["control_status"]) for row in found} == expected


def test_every_row_of_the_schedules_is_kept_with_its_wording() -> None:
    lines = plain(SCHEDULES)
    kept = schedules().rows.select(["wording", "since", "role"]).to_pylist()
    assert [(row["wording"], str(row["since"])) for row in kept] == [
        (line["text"].strip(), line["in_force_since"]) for line in lines
    ]
    assert Counter(row["role"] for row in kept)["repealed"] == sum(
        line["text"].startswith("[Repealed") for line in lines
    )


def test_lag_of_what_nflis_met_to_the_canadian_wording() -> None:
    found = {row["subject"]: row for row in rows("substances.control-lag", query(FAMILY), schedules())}
    assert found["4-ANPP"]["control_status"] == "not-named", "another way of writing is not guessed"
    row = found["1-BOC-4-PIPERIDONE"]
    assert (row["schedule"], str(row["since"])) == ("VI", "2024-09-03")
    assert row["lag_days_most"] > row["lag_days"] > 0
