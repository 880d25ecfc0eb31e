"""Simulated seizures of two border services: monthly totals, single seizures, joint events, and a few broken rows."""

from collections.abc import Iterator
from datetime import date
from math import fsum
from types import MappingProxyType

from entente.workstreams.seizures.scenario_items import Together, events
from entente.workstreams.shape import Chance, Plan, Scene, SimulatedFile

# CBP, Drug Seizure Statistics: pounds and events of fentanyl by U.S. fiscal year; pounds at the northern border.
CBP_FENTANYL = MappingProxyType(
    {
        2019: (2_803.6, 814),
        2020: (4_791.1, 1_174),
        2021: (11_201.3, 1_515),
        2022: (14_699.9, 1_496),
        2023: (27_022.9, 1_351),
        2024: (21_889.2, 1_116),
        2025: (12_027.3, 959),
    }
)
CBP_FENTANYL_NORTHERN = MappingProxyType({2024: 43.0, 2025: 77.1})
# CBSA, January to October 2024 (ten months): kilograms of fentanyl and of cocaine.
CBSA_KILOGRAMS = MappingProxyType({"fentanyl": 4.9, "cocaine": 3_955.0})
CBSA_MONTHS = 10
CANARY = "SIMULATED-NOTE"
"""Stands in every free text and name, so that a test can see it leave."""
_TOTALS = (
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
_LAND = MappingProxyType({"Northern Border": "Land Only", "Southwest Border": "Land Only", "Coastal/Interior": "Other"})
_COMPONENTS = ("Office of Field Operations", "U.S. Border Patrol")
# fmt: off
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# fmt: on
_SINGLE = (
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


def scenario(chance: Chance, size: float, plan: Plan) -> Scene:
    """Nothing is planted in seizures; they are what else the two border services hold."""
    totals = SimulatedFile(
        party="us.cbp",
        name="drug-seizures.csv",
        reader="cbp-drug-seizures",
        header=_TOTALS,
        rows=(*_totals(chance.of("us.cbp"), size, plan), *_broken_totals(plan.months[-1])),
    )
    single = SimulatedFile(
        party="ca.cbsa",
        name="seizures.csv",
        reader="seizure-csv",
        header=_SINGLE,
        rows=(*_seizures(chance.of("ca.cbsa"), size, plan), _broken_seizure()),
    )
    together = events(chance.of("items"), size, plan)
    return Scene(files=(totals, single, *together.files), known=tuple(_known(together)))


def _known(together: Together) -> Iterator[dict[str, str]]:
    """What counting both files of single events together must give."""
    asked = {"question": "seizures.customs-day", "files": "ca.cbsa/seized-items.csv, us.cbp/seized-items.csv"}
    cocaine = {"category": "drug", "drug": "cocaine"}
    yield {**asked, **cocaine, "column": "joint_events", "value": str(together.joint_events)}
    yield {**asked, **cocaine, "column": "mass_kg", "value": str(together.cocaine_kg)}


def _totals(chance: Chance, size: float, plan: Plan) -> Iterator[tuple[object, ...]]:
    for month in plan.months:
        for region, land in _LAND.items():
            own = chance.of(region, month)
            pounds, events = _expected(month, region, plan)
            area = f"SIMULATED {region.split()[0].upper()} OFFICE"
            number, weight = 1 + own.count(events * size), round(own.around(pounds * size, 0.3), 3)
            component = _COMPONENTS[own.below(2)]
            yield (
                _fiscal_year(month),
                _MONTHS[month.month - 1],
                component,
                region,
                land,
                area,
                "Fentanyl",
                number,
                weight,
            )


def _expected(month: date, region: str, plan: Plan) -> tuple[float, float]:
    """Pounds and events of a month in a region. Years without a published northern figure have its mean share."""
    pounds, events = CBP_FENTANYL[_fiscal_year(month)]
    known = fsum(CBP_FENTANYL_NORTHERN.values()) / fsum(CBP_FENTANYL[year][0] for year in CBP_FENTANYL_NORTHERN)
    northern = CBP_FENTANYL_NORTHERN.get(_fiscal_year(month), pounds * known) / pounds
    southwest = (1 - northern) * plan.assumed["southwest_part"]
    part = {"Northern Border": northern, "Southwest Border": southwest}.get(region, 1 - northern - southwest)
    return pounds / 12 * part, events / 12 * part


def _fiscal_year(month: date) -> int:
    return month.year + (month.month >= 10)


def _broken_totals(month: date) -> Iterator[tuple[object, ...]]:
    for broken in ("-4.2", "1,234.5", "12 kg", "unknown"):
        year, name, office = _fiscal_year(month), _MONTHS[month.month - 1], f"SIMULATED BROKEN ROW {broken.upper()}"
        yield (year, name, _COMPONENTS[0], "Northern Border", "Land Only", office, "Fentanyl", 1, broken)


def _seizures(chance: Chance, size: float, plan: Plan) -> Iterator[tuple[object, ...]]:
    number, each = 0, max(1, round(size))
    for month in plan.months:
        for drug, kilograms in CBSA_KILOGRAMS.items():
            for part in range(each):
                number += 1
                own = chance.of(drug, month, part)
                day, place = month.replace(day=1 + own.below(28)), _PLACES[own.below(len(_PLACES))]
                mass = round(own.around(kilograms / CBSA_MONTHS * size / each, 0.4), 3)
                note = f"{CANARY} {number}: free text that must never leave"
                person = f"{CANARY}-PERSON-{number}"
                yield (f"SIM-{number:04d}", day, place, "northern-border", drug, mass, "", "", note, person)


def _broken_seizure() -> tuple[object, ...]:
    return ("SIM-BROKEN", "25/12/2025", _PLACES[0], "northern-border", "fentanyl", 1, "", "", "", "")
