"""Simulated files of two border agencies, in the layouts of the real readers. Everything here is invented and says so.

The same seed gives the same bytes. A few rows are broken on purpose, so that a first run shows what quarantine is.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping

Row = tuple[object, ...]
_MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")
_REGIONS = {"Northern Border": "Land Only", "Southwest Border": "Land Only", "Coastal/Interior": "Other"}
_DRUGS = {"Fentanyl": 4.0, "Cocaine": 40.0, "Methamphetamine": 60.0, "Marijuana": 90.0, "Heroin": 3.0}
_TOTALS_HEADER = (
    "FY",
    "Month (abbv)",
    "Component",
    "Region",
    "Land Filter",
    "Area of Responsibility",
    "Drug Type",
    "Count of Event",
    "Sum Qty (lbs)",
)
CANARY = "SIMULATED-NOTE"


def simulated_files(seed: int) -> Mapping[str, bytes]:
    """`cbp-totals.csv` (monthly totals of CBP's layout) and `cbsa-seizures.csv` (events of the generic layout)."""
    return {
        "cbp-totals.csv": _table(_TOTALS_HEADER, _totals(random.Random(seed))),
        "cbsa-seizures.csv": _table(_EVENTS_HEADER, _events(random.Random(seed + 1))),
    }


def _totals(chance: random.Random) -> Iterator[Row]:
    for year in (2024, 2025):
        for month in _MONTHS:
            for region, land in _REGIONS.items():
                for drug, pounds in _DRUGS.items():
                    events = 1 + int(chance.expovariate(1 / 6))
                    weight = round(chance.expovariate(1 / pounds) * events, 3)
                    area = f"SIMULATED {region.split()[0].upper()} OFFICE"
                    component = chance.choice(("Office of Field Operations", "U.S. Border Patrol"))
                    yield (year, month, component, region, land, area, drug, events, weight)
    for broken in ("-4.2", "1,234.5", "12 kg", "unknown"):
        component = "Office of Field Operations"
        office = f"SIMULATED BROKEN ROW {broken.upper()}"
        yield (2025, "SEP", component, "Northern Border", "Land Only", office, "Fentanyl", 1, broken)


_EVENTS_HEADER = (
    "number",
    "seized_on",
    "place",
    "region",
    "drug",
    "mass_kg",
    "pieces",
    "transport_mode",
    "officer_notes",
    "person_name",
)
_PLACES = ("SIMULATED CROSSING A", "SIMULATED CROSSING B", "SIMULATED MAIL CENTRE")


def _events(chance: random.Random) -> Iterator[Row]:
    for number in range(1, 41):
        day = f"2025-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        drug = chance.choice([name.lower() for name in _DRUGS])
        kilograms = round(chance.expovariate(1 / 3), 3)
        place, name = chance.choice(_PLACES), f"{CANARY}-PERSON-{number}"
        note = f"{CANARY} {number}: free text that must never leave"
        yield (f"SIM-{number:04d}", day, place, "northern-border", drug, kilograms, "", "", note, name)
    yield ("SIM-0041", "25/12/2025", _PLACES[0], "northern-border", "fentanyl", 1, "", "", "", "")


def _table(header: tuple[str, ...], rows: Iterator[Row]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")
