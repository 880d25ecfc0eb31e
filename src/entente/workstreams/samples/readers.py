"""Our own tables of single samples and of what laboratories found in them."""

from decimal import Decimal
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, decimal_plain, text
from entente.vocabulary import to_base
from entente.workstreams.samples.cells import Cells, codes, filled, texts

_ALL_OF_IT = Decimal(100)


def _sample(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {"number": text("number", cells["number"]), **_days(given)}
    values |= codes(given, _SAMPLE_CODES, catalogue) | _mass(given)
    return values | texts(given, _SAMPLE_TEXTS)


def _days(given: Cells) -> dict[str, Value]:
    """The days that are known; a sample is received on the day of its seizure or later."""
    days = {column: date_iso(column, given[column]) for column in _SAMPLE_DAYS if column in given}
    if len(days) == len(_SAMPLE_DAYS) and days["received_on"] < days["seized_on"]:
        seized, received = days["seized_on"].isoformat(), days["received_on"].isoformat()
        raise CellFault("received_on", "before-other-day", received, other="seized_on", day=seized)
    return {**days}


def _result(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {"sample_number": text("sample_number", cells["sample_number"])}
    values["substance"] = choice("substance", cells["substance"], catalogue.vocabulary.list("drug"))
    values |= codes(given, _RESULT_CODES, catalogue)
    if "reported_on" in given:
        values["reported_on"] = date_iso("reported_on", given["reported_on"])
    if "purity_percent" in given:
        values["purity_percent"] = _purity(given["purity_percent"])
    return values | texts(given, _RESULT_TEXTS)


def _mass(given: Cells) -> dict[str, Value]:
    """The mass, once, in the unit that its column names."""
    columns = [column for column in _MASSES if column in given]
    if len(columns) > 1:
        raise CellFault(columns[1], "given-twice", given[columns[1]], other=columns[0])
    if not columns:
        return {}
    column, unit = columns[0], _MASSES[columns[0]]
    return {"mass_g": to_base(decimal_plain(column, given[column], unit=unit), unit, "mass")}


def _purity(cell: str) -> Decimal:
    value = decimal_plain("purity_percent", cell, unit="%")
    if value > _ALL_OF_IT:
        raise CellFault("purity_percent", "above-hundred", cell.strip())
    return value


_SAMPLE_DAYS = ("seized_on", "received_on")
_SAMPLE_CODES = MappingProxyType({"form": "sample-form", "substance_suspected": "drug"})
_SAMPLE_TEXTS = ("seizure_number", "colour", "place", "submitter", "exhibit_notes")
_MASSES = MappingProxyType({"mass_g": "g", "mass_mg": "mg", "mass_kg": "kg"})
_RESULT_CODES = MappingProxyType({"role": "component-role", "method": "lab-method"})
_RESULT_TEXTS = ("profile", "analyst")

SAMPLE_CSV = Reader(
    name="sample-csv",
    kind="sample",
    source="Entente: one sample per row; examples/sample-csv.csv is a template",
    columns={column: (column,) for column in ("number", *_SAMPLE_DAYS, "substance_suspected")},
    optional={column: (column,) for column in ("form", *_SAMPLE_TEXTS, *_MASSES)},
    values=_sample,
)
LAB_RESULT_CSV = Reader(
    name="lab-result-csv",
    kind="lab-result",
    source="Entente: one substance found in one sample per row; examples/lab-result-csv.csv is a template",
    columns={column: (column,) for column in ("sample_number", "substance", "reported_on")},
    optional={column: (column,) for column in (*_RESULT_CODES, "purity_percent", *_RESULT_TEXTS)},
    values=_result,
)
