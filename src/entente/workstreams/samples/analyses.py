"""Our own tables of what samples were tested for, and of the peaks of chemical profiles."""

from collections.abc import Mapping
from decimal import Decimal

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, decimal_plain, text
from entente.workstreams.samples.cells import Cells, codes, filled, texts

_ALL_OF_IT = Decimal(100)
_PERCENT = ("amount_percent", "uncertainty_percent", "detection_limit_percent", "quantification_limit_percent")


def _test(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {name: text(name, cells[name]) for name in ("sample_number", "substance")}
    values["outcome"] = choice("outcome", cells["outcome"], catalogue.vocabulary.list("test-outcome"))
    values |= codes(given, {"drug": "drug", "region": "place", "method": "lab-method"}, catalogue)
    values |= texts(given, ("laboratory",)) | {name: _percent(name, given[name]) for name in _PERCENT if name in given}
    if "reported_on" in given:
        values["reported_on"] = date_iso("reported_on", given["reported_on"])
    if "amount_percent" in values and values["outcome"] != "found":
        raise CellFault("amount_percent", "incomplete-pair", given["amount_percent"].strip(), other="outcome=found")
    if "uncertainty_percent" in values and "amount_percent" not in values:
        raise CellFault("uncertainty_percent", "incomplete-pair", given["uncertainty_percent"], other="amount_percent")
    return values


def _percent(name: str, cell: str) -> Decimal:
    value = decimal_plain(name, cell, unit="%")
    if value > _ALL_OF_IT:
        raise CellFault(name, "above-hundred", cell.strip())
    return value


def _peak(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {name: text(name, cells[name]) for name in ("sample_number", "peak")}
    values["amount"] = decimal_plain("amount", cells["amount"], unit="")
    values |= texts(given, ("seizure_number", "laboratory")) | codes(given, {"method": "lab-method"}, catalogue)
    if "detection_limit" in given:
        values["detection_limit"] = decimal_plain("detection_limit", given["detection_limit"], unit="")
    if "measured_on" in given:
        values["measured_on"] = date_iso("measured_on", given["measured_on"])
    return values


LAB_TEST_CSV = Reader(
    name="lab-test-csv",
    kind="lab-test",
    source="Entente: one substance that one sample was or was not tested for per row; examples/lab-test-csv.csv",
    columns={name: (name,) for name in ("sample_number", "substance", "outcome", "reported_on")},
    optional={name: (name,) for name in ("drug", "region", "method", "laboratory", *_PERCENT)},
    values=_test,
)
PROFILE_CSV = Reader(
    name="profile-csv",
    kind="profile-peak",
    source="Entente: one peak of the chemical profile of one sample per row; examples/profile-csv.csv",
    columns={name: (name,) for name in ("sample_number", "seizure_number", "peak", "amount")},
    optional={name: (name,) for name in ("detection_limit", "measured_on", "laboratory", "method")},
    values=_peak,
)
