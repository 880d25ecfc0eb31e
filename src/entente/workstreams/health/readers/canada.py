"""Opioid- and stimulant-related harms in Canada, as the Public Health Agency of Canada publishes them.

Two editions of the table are read: that of 2023 tells the intent in `Type_Event` and marks cells with -1 and -2; later
ones write `Suppr.` or leave the cell empty.
"""

from collections.abc import Mapping
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, mapped, text
from entente.workstreams.health.readers.cells import ALL, cell_told, period

_MAPPINGS = "2026-11-22"
_TOLD = MappingProxyType({"Suppr.": "suppressed", "-1": "suppressed", "": "not-available", "-2": "not-available"})
_INTENTS = MappingProxyType(
    {"Total": "total", "Accidental": "accidental", "Intentional": "intentional", "Suicide": "suicide", "EMS": "total"}
)
_OVERALL = "Overall numbers"
_COLUMNS = MappingProxyType(
    {
        "substances": ("Substance",),
        "event": ("Source",),
        "breakdown": ("Specific_Measure",),
        "region": ("Region",),
        "period": ("Year_Quarter",),
        "aggregator": ("Aggregator",),
        "disaggregator": ("Disaggregator",),
        "unit": ("Unit",),
        "value": ("Value",),
    }
)


def _harm(cells: Mapping[str, str], catalogue: Catalogue) -> dict[str, Value]:
    maps = catalogue.vocabulary.mappings
    value, overall = cells["value"].strip(), text("breakdown", cells["breakdown"])
    return {
        "publication": "phac-substance-harms",
        "substances": mapped("substances", cells["substances"], maps["phac-harm-substances"]),
        "event": mapped("event", cells["event"], maps["phac-harm-event"]),
        "intent": _intent(cells.get("type_event"), overall),
        "breakdown": ALL if overall == _OVERALL else overall,
        "group": _group(cells["aggregator"], cells["period"]),
        "subgroup": _group(cells["disaggregator"], cells["period"]),
        **_place(cells["region"], catalogue),
        **period("period", cells["period"]),
        "unit": mapped("unit", cells["unit"], maps["harm-unit-names"]),
        **cell_told("value", value, _TOLD.get(value, "told")),
    }


def _intent(type_event: str | None, breakdown: str) -> str:
    """Later editions do not tell it, but for the overall numbers, which are of all intents."""
    if type_event is None:
        return "total" if breakdown == _OVERALL else "not-told"
    value = text("type_event", type_event)
    found = _INTENTS.get(value.partition(" ")[0])
    if found is None:
        raise CellFault("type_event", "unknown-code", value, list="harm-intent")
    return found


def _group(cell: str, of_period: str) -> str:
    """Who or what the cell is about; where the table repeats the period there, it says nothing."""
    said = cell.strip()
    return ALL if said in ("", of_period.strip()) else said


def _place(cell: str, catalogue: Catalogue) -> dict[str, Value]:
    """A province or territory, or an area within one: `Winnipeg, Manitoba`, in 2023 without its comma."""
    value = text("region", cell)
    names = catalogue.vocabulary.mappings["phac-harm-region"]
    if value in names.codes:
        whole = names.codes[value]
        return {"region": whole, "area": ALL if whole != "ca" or value == "Canada" else value}
    for name, code in names.codes.items():
        area = value.removesuffix(name).rstrip(" ,")
        if code != "ca" and value.endswith(f" {name}") and area:
            return {"region": code, "area": area.capitalize()}  # editions differ in capitals
    raise CellFault("region", "unknown-code", value, list=names.to)


CANADA_SUBSTANCE_HARMS = Reader(
    name="canada-substance-harms",
    kind="harm-count",
    mapping_version=_MAPPINGS,
    source="Public Health Agency of Canada, Health Infobase: opioid- and stimulant-related harms; OGL - Canada",
    columns=_COLUMNS,
    optional={"type_event": ("Type_Event",), "pruid": ("PRUID",), "time_period": ("Time_Period",)},
    values=_harm,
)
