"""Rows to and from what SQLite keeps: times and days as text, truth as 0 and 1, text as written as bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from operator import attrgetter
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from entente.store.limits import check_storable
from entente.store.rows import AsWritten

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


def moment(value: datetime) -> str:
    """UTC in one width, so that text sorts as time. Raises UnstorableValue without a zone."""
    check_storable((value,))
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _written(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _read_written(value: bytes) -> str:
    return value.decode("utf-8", "surrogatepass")


_Change = tuple[Callable[[Any], Any], Callable[[Any], Any]]
_CHANGES: Mapping[object, _Change] = MappingProxyType(
    {
        datetime: (moment, datetime.fromisoformat),
        date: (date.isoformat, date.fromisoformat),
        bool: (int, bool),
        AsWritten: (_written, _read_written),
    }
)


class Shape(Generic[R]):
    """How a row class lies in a table whose columns are its fields in their order."""

    def __init__(self, row: type[R]) -> None:
        hints = get_type_hints(row, include_extras=True)
        self.columns = tuple(field.name for field in fields(row))
        self._make = row
        self._get = attrgetter(*self.columns)
        changes = [(place, _CHANGES.get(_required(hints[name]))) for place, name in enumerate(self.columns)]
        self._writing = [(place, change[0]) for place, change in changes if change]
        self._reading = [(place, change[1]) for place, change in changes if change]

    def values(self, row: R) -> list[Any]:
        """What to bind, in order of columns. Raises UnstorableValue."""
        values = list(self._get(row))
        for place, change in self._writing:
            if values[place] is not None:
                values[place] = change(values[place])
        check_storable(values)
        return values

    def row(self, found: Sequence[Any]) -> R:
        """The row of a result whose first columns are the shape's."""
        values = list(found)
        for place, change in self._reading:
            if values[place] is not None:
                values[place] = change(values[place])
        return self._make(**dict(zip(self.columns, values, strict=False)))

    def all_values(self, rows: Iterable[R]) -> list[list[Any]]:
        return [self.values(row) for row in rows]

    def rows(self, found: Iterable[Sequence[Any]]) -> Iterator[R]:
        return map(self.row, found)


def _required(hint: Any) -> Any:
    """The type without `| None`."""
    if isinstance(hint, UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint
