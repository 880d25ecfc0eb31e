"""Formats of drug-checking counts: the public results of WEDINOS by day, and our own table for any service."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, mapped, text, whole_number

Cells = Mapping[str, str]
_MAPPINGS = "2026-11-22"  # version of the mapping in vocabulary.toml

# ISO 3166-1 alpha-2, or ISO 3166-2: a country or its first subdivisions. The form lets no postcode and no town pass.
_REGION = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?")
# Samples tested is one figure for all substances of the same days: it is read once and counted once.
_ONE_DENOMINATOR = MappingProxyType({"tested": ("publication", "region", "period_start", "period_end")})


def _day(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    received = date_iso("date_received", cells["date_received"])
    positive = whole_number("n_samples", cells["n_samples"])
    tested = whole_number("samples_received_that_day", cells["samples_received_that_day"])
    _check_part("n_samples", positive, "samples_received_that_day", tested)
    return {
        "publication": "wedinos",
        "region": "gb",  # samples come by post from all of the United Kingdom
        "substance": text("substance", cells["substance"]),
        "role": mapped("role", cells["role"], catalogue.vocabulary.mappings["wedinos-role"]),
        "period_start": received,
        "period_end": received,
        "tested": tested,
        "positive": positive,
    }


WEDINOS_DAILY = Reader(
    name="wedinos-daily",
    kind="drug-checking-count",
    mapping_version=_MAPPINGS,
    source="WEDINOS, Public Health Wales: public results by day; given for harm reduction, for public health only",
    columns={
        column: (column,) for column in ("date_received", "role", "substance", "n_samples", "samples_received_that_day")
    },
    one_for=_ONE_DENOMINATOR,
    values=_day,
)


def _count(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    start = date_iso("period_start", cells["period_start"])
    values: dict[str, Value] = {
        "publication": text("publication", cells["publication"]),
        "region": _region(cells["region"]),
        "substance": text("substance", cells["substance"]),
        "role": choice("role", cells["role"], catalogue.vocabulary.lists["component-role"]),
        "period_start": start,
        "period_end": _last_day(cells["period_end"], start),
    }
    # Empty is "not told" and stays absent; 0 is a count.
    values |= {name: whole_number(name, cells[name]) for name in ("tested", "positive") if cells[name].strip()}
    _check_part("positive", values.get("positive"), "tested", values.get("tested"))
    return values


def _region(cell: str) -> str:
    value = text("region", cell)
    if not _REGION.fullmatch(value):
        raise CellFault("region", "not-a-region", value)
    return value.lower()


def _last_day(cell: str, start: date) -> date:
    end = date_iso("period_end", cell)
    if end < start:
        raise CellFault("period_end", "ends-before-start", cell.strip(), start=start.isoformat())
    return end


def _check_part(field: str, part: Value | None, other: str, whole: Value | None) -> None:
    if isinstance(part, int) and isinstance(whole, int) and part > whole:
        raise CellFault(field, "above-denominator", str(part), of=str(whole), other=other)


DRUG_CHECKING_CSV = Reader(
    name="drug-checking-csv",
    kind="drug-checking-count",
    mapping_version=_MAPPINGS,
    source="Entente: one substance in one role and period per row; examples/drug-checking-csv.csv is the template",
    columns={
        column: (column,)
        for column in (
            "publication",
            "region",
            "substance",
            "role",
            "period_start",
            "period_end",
            "tested",
            "positive",
        )
    },
    one_for=_ONE_DENOMINATOR,
    values=_count,
)
