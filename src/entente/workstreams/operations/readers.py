"""Our own table of occurrences."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, text, time_iso, yes_no

Cells = Mapping[str, str]
_CODES = MappingProxyType(
    {
        "occurrence_type": "occurrence-type",
        "subject": "subject",
        "place": "place",
        "nation_consent": "consent",
        "risk_to_life": "risk-to-life",
        "offence_class": "offence-class",
    }
)
_OTHERS: Mapping[str, Callable[[str, str], Value]] = MappingProxyType(
    {
        "occurred_on": date_iso,
        "where": text,
        "nation": text,
        "person_name": text,
        "date_of_birth": date_iso,
        "description_worn": text,
        "last_seen_at": time_iso,
        "last_seen_where": text,
        "medical_need": text,
        "suicide_attempt_flag": yes_no,
        "mental_health_note": text,
        "officer_in_charge": text,
        "notes": text,
    }
)
_ALWAYS = ("occurrence_type", "occurred_on", "subject")
_OF_A_PERSON = (
    "person_name",
    "date_of_birth",
    "description_worn",
    "last_seen_at",
    "last_seen_where",
    "medical_need",
    "suicide_attempt_flag",
    "mental_health_note",
)


def _occurrence(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    given = {column: cell for column, cell in cells.items() if cell.strip()}  # empty is "not known" and stays absent
    values: dict[str, Value] = {"number": text("number", cells["number"])}
    values |= {name: read(name, given[name]) for name, read in _OTHERS.items() if name in given}
    for name, listed in _CODES.items():
        if name in given:
            values[name] = choice(name, given[name], catalogue.vocabulary.list(listed))
    _check_person(values, given)
    if "nation_consent" in values and "nation" not in values:
        raise CellFault("nation_consent", "incomplete-pair", given["nation_consent"], other="nation")
    return values


def _check_person(values: Mapping[str, Value], given: Cells) -> None:
    """INVARIANT: what is said of a person is said of a person, so that agreements which ask for it meet it."""
    for name in _OF_A_PERSON:
        if name in values and values.get("subject") != "person":
            raise CellFault(name, "not-about-person", given[name], other="subject")
    born, occurred = values.get("date_of_birth"), values.get("occurred_on")
    if isinstance(born, date) and isinstance(occurred, date) and occurred < born:
        raise CellFault(
            "occurred_on", "before-other-day", given["occurred_on"], other="date_of_birth", day=born.isoformat()
        )


OCCURRENCE_CSV = Reader(
    name="occurrence-csv",
    kind="occurrence",
    source="Entente: one occurrence per row; examples/occurrence-csv.csv is a template",
    columns={column: (column,) for column in ("number", *_ALWAYS)},
    optional={column: (column,) for column in (*_CODES, *_OTHERS) if column not in _ALWAYS},
    values=_occurrence,
)
