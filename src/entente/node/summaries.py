"""A record on one line, for lists of records."""

from collections.abc import Mapping
from decimal import Decimal

from entente.analysis import cell_text
from entente.records import Catalogue, Field, Kind, Value

TELLING = ("substance", "health", "object", "location", "time", "quantity", "statistical")
"""Classes of which a summary names one field each; what may identify somebody, and notes, are in none."""
TELLING_OF_PERSONS = ("operational", "location", "time")
"""The same for kinds about persons: of what somebody suffers, or looks like, no list tells."""
MOST_TOLD = 5
_COUNTED = "piece"


def summary(catalogue: Catalogue, kind_name: str, values: Mapping[str, Value], language: str) -> str:
    """The first stated field of each telling class, codes by their labels in `language`; empty where there is none."""
    kind = catalogue.kinds.get(kind_name)
    if kind is None:
        return ""
    telling = TELLING_OF_PERSONS if kind.is_about_person else TELLING
    found = [field for name in telling if (field := _first(kind, name, values)) is not None]
    return " · ".join(_part(catalogue, kind, field, values, language) for field in found[:MOST_TOLD])


def _part(catalogue: Catalogue, kind: Kind, field: Field, values: Mapping[str, Value], language: str) -> str:
    """A field; of counts all, each with its name: one alone would be taken for the other."""
    counts = [
        one
        for one in kind.fields
        if one.type == "integer" and one.field_class == field.field_class == "quantity" and one.name in values
    ]
    if field not in counts or len(counts) == 1:
        return told(catalogue, field, values[field.name], language)
    label = catalogue.vocabulary.label
    return ", ".join(f"{label('field', f'{kind.name}.{one.name}', language)} {values[one.name]}" for one in counts)


def _first(kind: Kind, field_class: str, values: Mapping[str, Value]) -> Field | None:
    """An amount without its unit, or a unit alone, only where there is no other."""
    stated = [field for field in kind.fields if field.field_class == field_class and field.name in values]
    return min((field for field in stated if field.type != "boolean"), key=_is_half, default=None)


def _is_half(field: Field) -> bool:
    is_number_alone = field.type == "decimal" and field.unit is None
    return is_number_alone or (field.field_class == "quantity" and field.type == "text")


def told(catalogue: Catalogue, field: Field, value: Value, language: str) -> str:
    """`value` of `field` for people: codes by their labels, numbers with their unit."""
    if isinstance(value, tuple):
        return ", ".join(told(catalogue, field, code, language) for code in value)
    if field.vocabulary is not None:
        return catalogue.vocabulary.label(field.vocabulary, str(value), language)
    text = plain(value)
    if isinstance(value, Decimal) and language == "fr":
        text = text.replace(".", ",")
    return f"{text}\u00a0{field.unit}" if field.unit not in (None, _COUNTED) else text


def plain(value: Value) -> str:
    """`value` as text that machines read: decimals without zeros at the end, days as YYYY-MM-DD, codes with spaces."""
    return " ".join(value) if isinstance(value, tuple) else cell_text(value)
