"""How rows stand in an archive: which tables are open to read, and which columns only the key of one thing opens.

What is named nowhere here is closed as a whole, so a new table tells nothing by mistake. Values are written as JSON by
the types of their fields, the same for both engines.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, get_args, get_type_hints

from entente.store.rows import AsWritten
from entente.store.tables import TABLES

OPEN: frozenset[str] = frozenset(
    {
        "partner",
        "position",
        "officer",
        "agreement",
        "agreement_signature",
        "agreement_suspension",
        "ledger_head",
        "checkpoint",
    }
)
"""Tables that everybody who has an archive may read. Entries of the ledger are none of them: their subjects are ids."""

LEFT_OUT: frozenset[str] = frozenset({"session", "step", "turn", "job"})
"""Who is signed in or about to be, and what runs, is not brought back."""


@dataclass(frozen=True, slots=True)
class Erasable:
    """`columns` are sealed row by row; `about` names the columns that say whose key it is, the first that is not empty.

    `erased` is what stands there when the key was destroyed; None: the row is not brought back.
    """

    columns: tuple[str, ...]
    about: tuple[str, ...]
    erased: Mapping[str, Any] | None


ERASABLE: Mapping[str, Erasable] = MappingProxyType(
    {
        "record": Erasable(
            ("digest", "content_digest", "body"), ("id",), {"digest": "", "content_digest": "", "body": b""}
        ),
        "entry": Erasable(("opening", "salt"), ("subject",), {"opening": None, "salt": None}),
        "outbox": Erasable(("sealed",), ("record_id", "id"), {"sealed": b""}),
        "inbox": Erasable(("sealed",), ("record_id", "id"), {"sealed": b""}),
        "listing": Erasable(("day", "place", "words"), ("record_id",), None),
        "quarantine": Erasable(("field", "value", "details", "row"), ("intake",), None),
        "asking": Erasable(("body", "note"), ("about",), {"body": b"", "note": ""}),
        "recall": Erasable(("note",), ("record_id",), {"note": ""}),
        "duty": Erasable(("outcome", "note"), ("record_id",), {"outcome": "", "note": ""}),
    }
)


def columns_of(table: str) -> tuple[str, ...]:
    """In the order in which they stand in an archive."""
    return tuple(field.name for field in fields(TABLES[table].row))


def to_values(table: str, row: object, columns: Sequence[str]) -> list[Any]:
    """The values of `columns` as JSON."""
    writers = _forms(table)
    return [_written(getattr(row, name), writers[name][0]) for name in columns]


def from_values(table: str, columns: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """The values of `columns` as the row class takes them. Raises ValueError, TypeError, KeyError on what is no such
    value."""
    readers = _forms(table)
    return {name: _written(value, readers[name][1]) for name, value in zip(columns, values, strict=True)}


def row_of(table: str, values: Mapping[str, Any]) -> object:
    """Raises TypeError when a column is missing that has no default."""
    return TABLES[table].row(**values)


def _written(value: Any, change: Callable[[Any], Any] | None) -> Any:
    return value if value is None or change is None else change(value)


_Form = tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_FORMS: Mapping[object, _Form] = MappingProxyType(
    {
        bytes: (_base64, _from_base64),
        datetime: (datetime.isoformat, datetime.fromisoformat),
        date: (date.isoformat, date.fromisoformat),
        AsWritten: (
            lambda text: _base64(text.encode("utf-8", "surrogatepass")),
            lambda text: _from_base64(text).decode("utf-8", "surrogatepass"),
        ),
    }
)


@cache
def _forms(table: str) -> Mapping[str, _Form]:
    hints = get_type_hints(TABLES[table].row, include_extras=True)
    return {name: _FORMS.get(_required(hint), (None, None)) for name, hint in hints.items()}


def _required(hint: Any) -> Any:
    """The type without `| None`."""
    if isinstance(hint, UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint
