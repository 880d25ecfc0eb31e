"""Drug overdose deaths in the United States: twelve-month counts of VSRR, and monthly ones of CDC WONDER."""

from collections.abc import Mapping
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, date_iso, mapped, text
from entente.workstreams.health.readers.cells import ALL, cell_told, grouped, months, percent, year_ending

_MAPPINGS = "2026-11-22"
Cells = Mapping[str, str]
_ALL_DRUGS, _SHARE_NAMED = "Number of Drug Overdose Deaths", "Percent with drugs specified"
_TWELVE = "12 month-ending"
_SAME = MappingProxyType({"event": "death", "intent": "total", "breakdown": ALL, "group": ALL, "subgroup": ALL})


def _rolling(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    indicator = text("indicator", cells.get("indicator", _ALL_DRUGS))
    if cells.get("period", _TWELVE).strip() != _TWELVE:
        raise CellFault("period", "not-a-published-period", cells["period"].strip())
    is_share = indicator == _SHARE_NAMED
    value = cells["value"].strip()
    values: dict[str, Value] = {
        **_SAME,
        "publication": "cdc-vsrr",
        "substances": mapped("indicator", indicator, catalogue.vocabulary.mappings["vsrr-indicator"]),
        "breakdown": "drugs-named" if is_share else ALL,
        "unit": "percent" if is_share else "number",
        "status": "provisional",
        **_state(cells["state"], catalogue),
        **year_ending(cells["year"], cells["month"]),
        **cell_told("value", value, "told" if value else "not-available"),
    }
    if cells["predicted"].strip():
        values["predicted"] = grouped("predicted", cells["predicted"])
    for name in ("percent_complete", "percent_pending"):
        if cells[name].strip():
            values[name] = percent(name, cells[name])
    return values


def _state(cell: str, catalogue: Catalogue) -> dict[str, Value]:
    """CDC counts New York City (`YC`) apart; `NY` is then the rest of the state."""
    value = text("state", cell)
    if value == "YC":
        return {"region": "us-ny", "area": "New York City"}
    code = "us" if value == "US" else f"us-{value.lower()}"
    if not value.isupper() or code not in catalogue.vocabulary.list("place").terms:
        raise CellFault("state", "unknown-code", value, list="place")
    return {"region": code, "area": ALL}


VSRR_PROVISIONAL = Reader(
    name="vsrr-provisional",
    kind="harm-count",
    mapping_version=_MAPPINGS,
    source="CDC, National Center for Health Statistics: VSRR provisional drug overdose death counts; public domain",
    columns={
        "state": ("State",),
        "year": ("Year",),
        "month": ("Month",),
        "value": ("Data Value",),
        "percent_complete": ("Percent Complete",),
        "percent_pending": ("Percent Pending Investigation",),
        "predicted": ("Predicted Value",),
    },
    optional={"period": ("Period",), "indicator": ("Indicator",)},
    may_ignore_others=True,  # names of states, footnotes; in joined tables what other publications say
    sure="provisional",
    values=_rolling,
)


def _monthly(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    """An empty cell is not told: CDC WONDER shows no number below 10, and the table does not say why it is empty."""
    first = date_iso("month", cells["month"])
    if first.day != 1:
        raise CellFault("month", "not-a-published-period", cells["month"].strip())
    value, statuses = cells["deaths"].strip(), catalogue.vocabulary.mappings["wonder-status"]
    status = {"status": mapped("provisional", cells["provisional"], statuses)} if cells["provisional"].strip() else {}
    return {
        **_SAME,
        **status,
        "publication": "cdc-wonder",
        "substances": "all-drugs",
        "unit": "number",
        **_state(cells["state"], catalogue),
        **months(first.year, first.month, first.month),
        **cell_told("deaths", value, "told" if value else "not-available"),
    }


WONDER_MONTHLY = Reader(
    name="wonder-monthly",
    kind="harm-count",
    mapping_version=_MAPPINGS,
    source="CDC WONDER: drug overdose deaths by state and month, as joined with VSRR by others; public domain",
    columns={"month": ("Date",), "state": ("State",), "deaths": ("Deaths",), "provisional": ("Provisional",)},
    may_ignore_others=True,
    values=_monthly,
)
