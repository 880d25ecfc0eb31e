"""Rows to and from what psycopg binds and finds: PostgreSQL's own types, but text as written as bytes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from entente.store.limits import check_storable
from entente.store.rows import AsWritten

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")

_TYPES: Mapping[object, str] = MappingProxyType(
    {
        str: "text",
        int: "int8",
        bool: "bool",
        bytes: "bytea",
        date: "date",
        datetime: "timestamptz",
        AsWritten: "bytea",
    }
)


class Shape(Generic[R]):
    """How a row class lies in a table whose columns are its fields in their order."""

    def __init__(self, row: type[R]) -> None:
        hints = get_type_hints(row, include_extras=True)
        kinds = {field.name: _required(hints[field.name]) for field in fields(row)}
        self.columns = tuple(kinds)
        self.types = tuple(_TYPES[kind] for kind in kinds.values())  # for COPY in binary
        self._make = row
        self._get = attrgetter(*kinds)
        self._written = [place for place, kind in enumerate(kinds.values()) if kind == AsWritten]

    def values(self, row: R) -> list[Any]:
        """What to bind, in order of columns. Raises UnstorableValue."""
        values = list(self._get(row))
        for place in self._written:
            values[place] = values[place].encode("utf-8", "surrogatepass")
        check_storable(values)
        return values

    def all_values(self, rows: Iterable[R]) -> list[list[Any]]:
        return [self.values(row) for row in rows]

    def row(self, found: Sequence[Any]) -> R:
        """The row of a result that has the shape's columns."""
        values = list(found)
        for place in self._written:
            values[place] = values[place].decode("utf-8", "surrogatepass")
        return self._make(**dict(zip(self.columns, values, strict=True)))

    def rows(self, found: Iterable[Sequence[Any]]) -> Iterator[R]:
        return map(self.row, found)


def _required(hint: Any) -> Any:
    """The type without `| None`."""
    if isinstance(hint, UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint
