"""Formats of seizure data: the public tables of CBP, and our own table of single seizures."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from entente.records import (
    Catalogue,
    CellFault,
    Reader,
    Value,
    choice,
    date_iso,
    decimal_plain,
    mapped,
    text,
    whole_number,
)
from entente.vocabulary import UNITS, to_base

Cells = Mapping[str, str]
_MAPPINGS = "2026-11-21"  # version of the mappings in vocabulary.toml

# U.S. fiscal years begin in October (31 U.S.C. 1102); CBP marks the running year `(FYTD)`, fiscal year to date.
_FISCAL_YEAR = re.compile(r"(?:FY ?)?([0-9]{4})( ?\(FYTD\))?")
# fmt: off
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# fmt: on
_MONTHS = MappingProxyType(
    {form: number for number, name in enumerate(_MONTH_NAMES, start=1) for form in (name, name.title())}
)
_PUBLICATIONS = MappingProxyType({"ofo-usbp": "cbp-drug-seizures", "amo": "cbp-amo-drug-seizures"})


def _published_total(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    names = catalogue.vocabulary.mappings
    year, status = _fiscal_year(cells["fiscal_year"])
    start = _first_day(year, cells["month"])
    component = mapped("Component", cells["component"], names["cbp-component"])
    counting = names["cbp-counting"].codes[component]
    pounds = decimal_plain("Sum Qty (lbs)", cells["pounds"], unit="lb")
    return {
        "publication": _PUBLICATIONS[counting],
        "reported_by": "us.cbp",
        "component": component,
        "counting": counting,
        "status": status,
        "period_start": start,
        "period_end": start.replace(day=calendar.monthrange(start.year, start.month)[1]),
        "region": mapped("Region", cells["region"], names["cbp-region"]),
        "land_filter": mapped("Land Filter", cells["land_filter"], names["cbp-land-filter"]),
        "area": text("Area of Responsibility", cells["area"]),
        "drug": mapped("Drug Type", cells["drug"], names["cbp-drug"]),
        "drug_native": text("Drug Type", cells["drug"]),
        "events": whole_number("Count of Event", cells["events"]),
        "mass_g": to_base(pounds, "lb", "mass"),
        "mass_native": pounds,
        "mass_unit": "lb",
    }


def _fiscal_year(cell: str) -> tuple[int, str]:
    value = text("FY", cell)
    found = _FISCAL_YEAR.fullmatch(value)
    if found is None:
        raise CellFault("FY", "not-a-fiscal-year", value)
    return int(found[1]), "provisional" if found[2] else "final"


def _first_day(fiscal_year: int, cell: str) -> date:
    value = text("Month (abbv)", cell)
    month = _MONTHS.get(value)
    if month is None:
        raise CellFault("Month (abbv)", "not-a-month", value)
    try:
        return date(fiscal_year - (month >= 10), month, 1)
    except ValueError:
        raise CellFault("FY", "not-a-fiscal-year", str(fiscal_year)) from None


CBP_DRUG_SEIZURES = Reader(
    name="cbp-drug-seizures",
    kind="seizure-total",
    mapping_version=_MAPPINGS,
    source="U.S. Customs and Border Protection, Drug Seizure Statistics; nationwide, and Air and Marine Operations",
    columns={
        "fiscal_year": ("FY", "Fiscal Year", "FISCAL YEAR"),
        "month": ("Month (abbv)", "Month (Abbv)", "MONTH (ABBV)"),
        "component": ("Component", "COMPONENT"),
        "region": ("Region", "REGION"),
        "land_filter": ("Land Filter", "LAND FILTER"),
        "area": ("Area of Responsibility", "Area Of Responsibility", "AREA OF RESPONSIBILITY", "Branch", "BRANCH"),
        "drug": ("Drug Type", "DRUG TYPE"),
        "events": ("Count of Event", "Count of Events", "Count Of Event", "COUNT OF EVENT"),
        "pounds": ("Sum Qty (lbs)", "Sum Qty (Lbs)", "SUM QTY (LBS)"),
    },
    values=_published_total,
)


def _seizure(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    given = {column: cell for column, cell in cells.items() if cell.strip()}
    lists = catalogue.vocabulary.lists
    values: dict[str, Value] = {
        "number": text("number", cells["number"]),
        "seized_on": date_iso("seized_on", cells["seized_on"]),
        "drug": drug_code(cells["drug"], catalogue),
        "drug_native": text("drug", cells["drug"]),
        **amount(given),
    }
    values |= {column: text(column, given[column]) for column in _TEXTS if column in given}
    values |= {column: choice(column, given[column], lists[name]) for column, name in _CODES.items() if column in given}
    return values


def drug_code(cell: str, catalogue: Catalogue) -> str:
    """A code of the list `drug`, or a name of the mapping `drug-name`."""
    value = text("drug", cell)
    if value in catalogue.vocabulary.list("drug").terms:
        return value
    return mapped("drug", value, catalogue.vocabulary.mappings["drug-name"])


def amount(given: Cells) -> dict[str, Value]:
    """What was seized, once: `amount` with `unit`, or a mass column whose name says its unit; and how many pieces."""
    columns = [column for column in ("amount", *MASSES) if column in given]
    if len(columns) > 1:
        raise CellFault(columns[1], "given-twice", given[columns[1]], other=columns[0])
    if ("amount" in given) != ("unit" in given):
        field, other = ("amount", "unit") if "amount" in given else ("unit", "amount")
        raise CellFault(field, "incomplete-pair", given[field], other=other)
    values: dict[str, Value] = {}
    if columns:
        unit = _unit(given["unit"]) if columns == ["amount"] else MASSES[columns[0]]
        values = _measured(columns[0], decimal_plain(columns[0], given[columns[0]], unit=unit), unit)
    if "pieces" in given:
        if "pieces" in values:
            raise CellFault("pieces", "given-twice", given["pieces"], other="amount")
        values["pieces"] = whole_number("pieces", given["pieces"])
    return values


def _unit(cell: str) -> str:
    value = cell.strip()
    if value not in UNITS:
        raise CellFault("unit", "unknown-unit", value, known=", ".join(UNITS))
    return value


def _measured(column: str, amount: Decimal, unit: str) -> dict[str, Value]:
    values: dict[str, Value] = {"amount": amount, "amount_unit": unit}
    if UNITS[unit].dimension == "mass":
        values["mass_g"] = to_base(amount, unit, "mass")
    elif UNITS[unit].dimension == "count":
        values["pieces"] = whole_number(column, str(to_base(amount, unit, "count")))
    return values


_TEXTS = ("place", "officer_notes", "person_name")
_CODES = MappingProxyType(
    {
        "region": "region",
        "direction": "direction",
        "transport_mode": "transport-mode",
        "concealment": "concealment",
        "detection": "detection",
    }
)
MASSES = MappingProxyType({"mass_g": "g", "mass_kg": "kg", "mass_lb": "lb"})
"""Columns that tell a mass, and the unit in their name."""

SEIZURE_CSV = Reader(
    name="seizure-csv",
    kind="seizure",
    mapping_version=_MAPPINGS,
    source="Entente: one seizure per row; examples/seizure-csv.csv is the template",
    columns={column: (column,) for column in ("number", "seized_on", "drug")},
    optional={column: (column,) for column in (*_TEXTS, *_CODES, "amount", "unit", *MASSES, "pieces")},
    values=_seizure,
)
