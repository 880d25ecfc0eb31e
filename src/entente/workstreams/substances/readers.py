"""Formats of test counts: the public queries of NFLIS-Drug, and our own table for any laboratory."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, mapped, text, whole_number
from entente.workstreams.substances.schedules import begin_schedules

Cells = Mapping[str, str]
_MAPPINGS = "2026-11-22"  # version of the mappings in vocabulary.toml

_YEAR = re.compile(r"(19|20)[0-9]{2}")
_STATE = re.compile(r"[A-Z]{2}")  # USPS codes, which ISO 3166-2:US shares; XX is the publisher's "Unknown"
_RUN_DATE = re.compile(r"([0-9-]{10})( [0-9:]{8})?")
_HALVES = MappingProxyType({"SA1 (JAN - JUN)": ((1, 1), (6, 30)), "SA2 (JUL - DEC)": ((7, 1), (12, 31))})


def _query_row(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    mappings = catalogue.vocabulary.mappings
    start, end = _half_year(cells["year"], cells["period"])
    for column, title in _NUMBERS.items():
        whole_number(title, cells[column])  # read and not kept: a row whose number is no number has slipped
    if cells["fips"].strip():
        whole_number("STATE_FIPS", cells["fips"])
    base = text("BASE_DESCRIPTION", cells["base"])
    values: dict[str, Value] = {
        "publication": _publication(cells["run_date"]),
        "jurisdiction": _state(cells["state"]),
        "jurisdiction_name": text("STATE_LONG_NAME", cells["state_name"]),
        "substance_native": text("SUBSTANCE_DESCRIPTION", cells["substance"]),
        "substance_base": base,
        "category": text("DRUG_CATEGORY_DESCRIPTION", cells["category"]),
        "reported": whole_number("DRUG_REPORTS", cells["reports"]),
        "period_start": start,
        "period_end": end,
        "basis": mapped("RPTAGGR", cells["aggregation"], mappings["nflis-basis"]),
        "laboratories": text("LABTYPE", cells["laboratories"]),
    }
    return values | _code(base, catalogue)


def _publication(cell: str) -> str:
    """Each query is a publication of its own: later ones are revised and overlap with earlier ones."""
    found = _RUN_DATE.fullmatch(text("QUERY_RUN_DATE", cell))
    if found is None:
        raise CellFault("QUERY_RUN_DATE", "date-order", cell.strip(), form="YYYY-MM-DD hh:mm:ss")
    return f"nflis-dqs-{date_iso('QUERY_RUN_DATE', found[1]).isoformat()}"


def _half_year(year: str, period: str) -> tuple[date, date]:
    if not _YEAR.fullmatch(year.strip()):
        raise CellFault("YYYY", "not-a-half-year", year.strip())
    half = _HALVES.get(text("PERIOD", period))
    if half is None:
        raise CellFault("PERIOD", "not-a-half-year", period.strip())
    first, last = half
    return date(int(year), *first), date(int(year), *last)


def _state(cell: str) -> str:
    value = text("STATE", cell)
    if not _STATE.fullmatch(value):
        raise CellFault("STATE", "not-a-region", value)
    return f"us-{value.lower()}"


def _code(name: str, catalogue: Catalogue) -> dict[str, Value]:
    """The code of a substance whose name is known; most have none, and the name alone will do."""
    code = catalogue.vocabulary.mappings["substance-name"].codes.get(name.strip().upper())
    return {} if code is None else {"substance": code}


_NUMBERS = MappingProxyType(
    {"substance_id": "SUBSTANCE_ID", "base_id": "BASE_ID", "category_code": "DRUG_CATEGORY_CODE"}
)

NFLIS_DQS = Reader(
    name="nflis-dqs",
    kind="test-count",
    mapping_version=_MAPPINGS,
    source="DEA, NFLIS-Drug public Data Query System: drug reports by state and half-year",
    columns={
        "laboratories": ("LABTYPE",),
        "aggregation": ("RPTAGGR",),
        "year": ("YYYY",),
        "period": ("PERIOD",),
        "reports": ("DRUG_REPORTS",),
        "run_date": ("QUERY_RUN_DATE",),
        "substance_id": ("SUBSTANCE_ID",),
        "substance": ("SUBSTANCE_DESCRIPTION",),
        "base_id": ("BASE_ID",),
        "base": ("BASE_DESCRIPTION",),
        "category_code": ("DRUG_CATEGORY_CODE",),
        "category": ("DRUG_CATEGORY_DESCRIPTION",),
        "state": ("STATE",),
        "state_name": ("STATE_LONG_NAME",),
        "fips": ("STATE_FIPS",),
    },
    values=_query_row,
)


def _count(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    native = text("substance", cells["substance"])
    start, end = date_iso("period_start", cells["period_start"]), date_iso("period_end", cells["period_end"])
    if end < start:
        raise CellFault("period_end", "ends-before-start", end.isoformat(), start=start.isoformat())
    values: dict[str, Value] = {
        "publication": text("publication", cells["publication"]),
        "jurisdiction": text("jurisdiction", cells["jurisdiction"]),
        "substance_native": native,
        "period_start": start,
        "period_end": end,
        "basis": choice("basis", cells["basis"], catalogue.vocabulary.lists["count-basis"]),
        **_code(native, catalogue),
    }
    if cells.get("substance_code", "").strip():
        values["substance"] = choice("substance_code", cells["substance_code"], catalogue.vocabulary.lists["drug"])
    # Empty is "not told" and stays absent; 0 is a count: it was looked for and not found.
    values |= {name: whole_number(name, cells[name]) for name in ("tested", "reported") if cells.get(name, "").strip()}
    _check_part(values)
    return values


def _check_part(values: Mapping[str, Value]) -> None:
    """One item may give several reports of one substance; items, cases and samples are counted once."""
    part, whole = values.get("reported"), values.get("tested")
    if values["basis"] != "reports" and isinstance(part, int) and isinstance(whole, int) and part > whole:
        raise CellFault("reported", "above-denominator", str(part), of=str(whole), other="tested")


TEST_COUNT_CSV = Reader(
    name="test-count-csv",
    kind="test-count",
    mapping_version=_MAPPINGS,
    source="Entente: one count per row; examples/test-count-csv.csv is the template",
    columns={
        column: (column,)
        for column in ("publication", "jurisdiction", "substance", "period_start", "period_end", "reported", "basis")
    },
    optional={column: (column,) for column in ("substance_code", "tested")},
    values=_count,
)


def _entry_alone(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    return begin_schedules()(cells, catalogue)


CA_CDSA_SCHEDULES = Reader(
    name="ca-cdsa-schedules",
    kind="control-entry",
    mapping_version=_MAPPINGS,
    source="Controlled Drugs and Substances Act, S.C. 1996, c. 19: schedules as a table of the consolidated text",
    columns={column: (column,) for column in ("schedule", "part", "item", "text", "in_force_since")},
    values=_entry_alone,
    begin=begin_schedules,
    sure="confirmed",
)
