"""Our own tables of exhibits, of parts taken from them, and of every hand that they pass through."""

from collections.abc import Mapping

from entente.records import Catalogue, CellFault, Reader, Value, date_iso, decimal_plain, text, time_iso, whole_number
from entente.workstreams.samples.cells import Cells, codes, filled, texts


def _exhibit(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {"number": text("number", cells["number"]), **texts(given, _EXHIBIT_TEXTS)}
    values |= codes(given, _EXHIBIT_CODES, catalogue) | _masses(given, ("gross_g", "net_g"))
    if "seized_on" in given:
        values["seized_on"] = date_iso("seized_on", given["seized_on"])
    if "pieces" in given:
        values["pieces"] = whole_number("pieces", given["pieces"])
    _not_more(given, "net_g", "gross_g")
    return values


def _sub_sample(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {name: text(name, cells[name]) for name in ("number", "taken_from")}
    values |= codes({**given, "level": cells["level"]}, {"level": "sub-sample-level"}, catalogue)
    values |= texts(given, ("seal", "laboratory", "taken_by")) | _masses(given, ("mass_g",))
    if "taken_on" in given:
        values["taken_on"] = date_iso("taken_on", given["taken_on"])
    if "units_taken" in given:
        values["units_taken"] = whole_number("units_taken", given["units_taken"])
    return values


def _transfer(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    given = filled(cells)
    values: dict[str, Value] = {"item_number": text("item_number", cells["item_number"])}
    handed = values["handed_over_at"] = time_iso("handed_over_at", cells["handed_over_at"])
    if "received_at" in given:
        values["received_at"] = received = time_iso("received_at", given["received_at"])
        if received < handed:
            late, early = received.isoformat(), handed.isoformat()
            raise CellFault("received_at", "before-other-day", late, other="handed_over_at", day=early)
    values |= texts(given, _TRANSFER_TEXTS) | codes(given, {"seal_state": "seal-state"}, catalogue)
    return values | _masses(given, ("mass_out_g", "mass_in_g"))


def _masses(given: Cells, names: tuple[str, ...]) -> dict[str, Value]:
    return {name: decimal_plain(name, given[name], unit="g") for name in names if name in given}


def _not_more(given: Cells, part: str, whole: str) -> None:
    if part in given and whole in given:
        most = decimal_plain(whole, given[whole], unit="g")
        if decimal_plain(part, given[part], unit="g") > most:
            raise CellFault(part, "above-denominator", given[part].strip(), of=str(most), other=whole)


_EXHIBIT_CODES = {
    "form": "sample-form",
    "substance_suspected": "drug",
    "origin_declared": "place",
    "destination_declared": "place",
}
_EXHIBIT_TEXTS = ("seizure_number", "colour", "imprint", "packaging", "place", "seal", "submitter", "exhibit_notes")
_TRANSFER_TEXTS = (
    "from_unit",
    "to_unit",
    "from_person",
    "to_person",
    "export_permit",
    "import_permit",
    "authorisation",
    "seal_out",
    "seal_in",
    "transfer_notes",
)

EXHIBIT_CSV = Reader(
    name="exhibit-csv",
    kind="exhibit",
    source="Entente: one exhibit per row; examples/exhibit-csv.csv is a template",
    columns={name: (name,) for name in ("number", "seizure_number", "seized_on", "packaging")},
    optional={
        name: (name,)
        for name in (*_EXHIBIT_CODES, "pieces", "gross_g", "net_g", *_EXHIBIT_TEXTS)
        if name not in ("seizure_number", "packaging")
    },
    values=_exhibit,
)
SUB_SAMPLE_CSV = Reader(
    name="sub-sample-csv",
    kind="sub-sample",
    source="Entente: one part of an exhibit or of another part per row; examples/sub-sample-csv.csv is a template",
    columns={name: (name,) for name in ("number", "taken_from", "level")},
    optional={name: (name,) for name in ("taken_on", "mass_g", "units_taken", "seal", "laboratory", "taken_by")},
    values=_sub_sample,
)
CUSTODY_CSV = Reader(
    name="custody-csv",
    kind="custody-transfer",
    source="Entente: one transfer of one item per row; examples/custody-csv.csv is a template",
    columns={name: (name,) for name in ("item_number", "handed_over_at", "from_unit", "to_unit")},
    optional={
        name: (name,)
        for name in ("received_at", "seal_state", "mass_out_g", "mass_in_g", *_TRANSFER_TEXTS)
        if name not in ("from_unit", "to_unit")
    },
    values=_transfer,
)
