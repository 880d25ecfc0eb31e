"""Simulated control lists of two countries, and names: one country controls what is hidden, the other does not."""

from collections.abc import Iterator, Mapping
from datetime import date

from entente.workstreams.shape import Plan, SimulatedFile

PARTY = "ca.cbsa"
STEADY = "SIMULATED SUBSTANCE B"
MONTHS_TO_CONTROL = 6
"""From the first day of the rise to the control of what is hidden, in Canada; the United States does not name it."""
_ENTRIES = (
    "country",
    "instrument",
    "schedule",
    "item",
    "role",
    "wording",
    "names",
    "since",
    "since_means",
    "coverage",
    "is_verified",
    "reference",
)
_NAMES = ("publication", "substance", "form", "written", "is_verified", "reference")


def files(plan: Plan) -> tuple[SimulatedFile, ...]:
    """The control lists and the names, both held by one party."""
    return (
        SimulatedFile(
            party=PARTY,
            name="control-lists.csv",
            reader="control-entry-csv",
            header=_ENTRIES,
            rows=tuple(_entries(plan)),
        ),
        SimulatedFile(
            party=PARTY,
            name="substance-names.csv",
            reader="substance-name-csv",
            header=_NAMES,
            rows=tuple(_names(plan)),
        ),
    )


def known(plan: Plan) -> Iterator[Mapping[str, str]]:
    """What setting the two lists beside each other must give."""
    asked = {"question": "substances.gaps", "files": f"{PARTY}/control-lists.csv, {PARTY}/substance-names.csv"}
    for plant in plan.plants:
        for country, status in (("ca", "controlled"), ("us", "not-named")):
            told = {"substance": plant.substance, "country": country}
            yield {**asked, **told, "column": "control_status", "value": status}


def _entries(plan: Plan) -> Iterator[tuple[object, ...]]:
    for country in ("ca", "us"):
        yield _entry(country, 1, STEADY, plan.months[0])
    for number, plant in enumerate(plan.plants, start=2):
        yield _entry("ca", number, plant.substance, _months_after(plant.starts_on, MONTHS_TO_CONTROL))


def _entry(country: str, number: int, substance: str, since: date) -> tuple[object, ...]:
    law, names = f"{country}.simulated-list", f"{substance} | {_short(substance)}"
    told = ("control", "whole", "no", "SIMULATED LAW")
    return (country, law, "I", number, "included", f"{substance} and its salts", names, since, *told)


def _names(plan: Plan) -> Iterator[tuple[object, ...]]:
    for substance in (STEADY, *(plant.substance for plant in plan.plants)):
        for form, written in (("name", _short(substance)), ("salt", f"{substance} hydrochloride")):
            yield ("SIMULATED NAMES", substance, form, written, "no", "")


def _short(substance: str) -> str:
    return f"SIM-{substance[-1]}"


def _months_after(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
