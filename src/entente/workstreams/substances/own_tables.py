"""Our own tables of control entries and of the names of substances, for every law and every list of names."""

from collections.abc import Mapping
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, text, yes_no
from entente.workstreams.substances.identifiers import is_cas, is_inchikey
from entente.workstreams.substances.records import NAMES_SEPARATOR

Cells = Mapping[str, str]

_ENTRY_TEXTS = ("part", "under", "names", "reference")
_ENTRY_CODES = MappingProxyType(
    {"since_means": "since-meaning", "since_known_to": "date-precision", "coverage": "list-coverage"}
)
_ENTRY_OPTIONAL = (*_ENTRY_TEXTS, *_ENTRY_CODES, "cas", "until", "may_cover_more", "is_verified")
_ENTRY_REQUIRED = ("country", "instrument", "schedule", "item", "role", "wording", "since")
_FORMS = MappingProxyType({"cas": is_cas, "salt-cas": is_cas, "inchikey": is_inchikey})


def _entry(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    lists = catalogue.vocabulary.lists
    given = {column: cell for column, cell in cells.items() if cell.strip()}
    since = date_iso("since", cells["since"])
    values: dict[str, Value] = {
        "country": choice("country", cells["country"], lists["law-of"]),
        "role": choice("role", cells["role"], lists["control-role"]),
        "since": since,
        **{column: text(column, cells[column]) for column in ("instrument", "schedule", "item", "wording")},
        **{column: text(column, given[column]) for column in _ENTRY_TEXTS if column in given},
        **{column: yes_no(column, given[column]) for column in ("may_cover_more", "is_verified") if column in given},
    }
    values |= {
        column: choice(column, given[column], lists[name]) for column, name in _ENTRY_CODES.items() if column in given
    }
    if "until" in given:
        values["until"] = until = date_iso("until", given["until"])
        if until < since:
            raise CellFault("until", "ends-before-start", given["until"], start=since.isoformat())
    if "cas" in given:
        values["cas"] = NAMES_SEPARATOR.join(_cas_numbers(given["cas"]))
    return values


def _cas_numbers(cell: str) -> tuple[str, ...]:
    numbers = tuple(part.strip() for part in cell.split(NAMES_SEPARATOR.strip()))
    for number in numbers:
        if not is_cas(number):
            raise CellFault("cas", "not-an-identifier", number)
    return numbers


def _name(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    form = choice("form", cells["form"], catalogue.vocabulary.lists["name-form"])
    written = text("written", cells["written"])
    if form in _FORMS and not _FORMS[form](written):
        raise CellFault("written", "not-an-identifier", written)
    values: dict[str, Value] = {
        "publication": text("publication", cells["publication"]),
        "substance": text("substance", cells["substance"]),
        "form": form,
        "written": written,
    }
    if cells.get("is_verified", "").strip():
        values["is_verified"] = yes_no("is_verified", cells["is_verified"])
    if cells.get("reference", "").strip():
        values["reference"] = text("reference", cells["reference"])
    return values


CONTROL_ENTRY_CSV = Reader(
    name="control-entry-csv",
    kind="control-entry",
    source="Entente: one entry of a control list per row; examples/control-entry-csv.csv is the template",
    columns={column: (column,) for column in _ENTRY_REQUIRED},
    optional={column: (column,) for column in _ENTRY_OPTIONAL},
    values=_entry,
)

SUBSTANCE_NAME_CSV = Reader(
    name="substance-name-csv",
    kind="substance-name",
    source="Entente: one way of writing a substance per row; examples/substance-name-csv.csv is the template",
    columns={column: (column,) for column in ("publication", "substance", "form", "written")},
    optional={column: (column,) for column in ("is_verified", "reference")},
    values=_name,
)
