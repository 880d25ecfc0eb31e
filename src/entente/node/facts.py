"""What somebody states of a record that is not at hand: read as values, kept nowhere."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from entente.agreements import field_of
from entente.errors import InputFault
from entente.node.work import Node
from entente.records import (
    CellFault,
    Fault,
    Field,
    Value,
    choice,
    date_iso,
    decimal_plain,
    time_iso,
    whole_number,
    yes_no,
)
from entente.vocabulary import Vocabulary

ABSENT = "-"
"""Stated of a field: the record does not state it."""

Facts = Mapping[str, Value | None]
"""What is known of a record: values by field, None for a field that it does not state."""


class NoSuchFact(InputFault):
    """Records of the kind `{kind}` have no field `{field}`. They have: {known}."""


def facts_in(node: Node, kind_name: str, told: Mapping[str, str]) -> tuple[dict[str, Value | None], list[Fault]]:
    """What people wrote of fields, as values, and what could not be read; an empty text says nothing, ABSENT that the
    record does not state it. Raises UnknownKind, NoSuchFact."""
    kind, words = node.catalogue.kind(kind_name), node.catalogue.vocabulary
    facts: dict[str, Value | None] = {}
    faults = []
    for name, text in told.items():
        field = field_of(kind, name)
        if field is None:
            raise NoSuchFact(kind=kind.name, field=name, known=", ".join(one.name for one in kind.fields))
        if text.strip():
            try:
                facts[name] = None if text.strip() == ABSENT else _READ[field.type](field, text, words)
            except CellFault as fault:
                faults.append(fault.at(1, ""))
    return facts, faults


def _codes(field: Field, text: str, words: Vocabulary) -> Value:
    return tuple(choice(field.name, one, words.list(field.vocabulary or "")) for one in text.split(","))


_READ: Mapping[str, Callable[[Field, str, Vocabulary], Any]] = MappingProxyType(
    {
        "text": lambda _field, text, _words: text.strip(),
        "code": lambda field, text, words: choice(field.name, text, words.list(field.vocabulary or "")),
        "codes": _codes,
        "integer": lambda field, text, _words: whole_number(field.name, text),
        "decimal": lambda field, text, _words: decimal_plain(field.name, text, field.unit or ""),
        "date": lambda field, text, _words: date_iso(field.name, text),
        "time": lambda field, text, _words: time_iso(field.name, text),
        "boolean": lambda field, text, _words: yes_no(field.name, text),
    }
)
