"""Records as Arrow tables: a column per field, and system columns (`_id`, `_said_by`, ...) for where it comes from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

import pyarrow as pa

from entente.errors import InputFault
from entente.records import Field, Kind, Record

DIGITS = 38  # decimal128, the widest that DuckDB and Spark both add exactly
MIN_SCALE = 18
Array: TypeAlias = "pa.Array[Any]"
Column: TypeAlias = "pa.ChunkedArray[Any]"
_CHUNK_ROWS = 65_536


class TooManyDigits(InputFault):
    """The values of {column} do not fit into {digits} digits: one has {whole} before the point, one {places} after it.
    Correct or withdraw the record with the extreme value; the exact sum of such values cannot be computed."""


class WrongKind(InputFault):
    """A record of the kind {found} stands in a table of {kind}. Read the file with a reader for {kind}, or give it as a
    table of {found}."""


class DifferentKinds(InputFault):
    """Tables of {first} and of {second} cannot be put together. Give each kind its own table."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind. Absent values are null, never zero."""

    kind: str
    rows: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record with what it is held under: the partner it came through, its agreement, caveats and purposes.

    `purposes` None: no limit, because the record is our own and neither its kind nor what it rests on sets one.
    """

    record: Record
    via: str | None = None
    agreement: str | None = None
    caveats: tuple[str, ...] = ()
    purposes: tuple[str, ...] | None = None


_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())
_SYSTEM: Mapping[str, tuple[pa.DataType, Callable[[Held], Any]]] = {
    "_id": (_TEXT, lambda held: held.record.id),
    "_version": (pa.int64(), lambda held: held.record.version),
    "_said_by": (_TEXT, lambda held: held.record.said_by),
    "_via": (_TEXT, lambda held: held.via),
    "_recorded_at": (pa.timestamp("us", "UTC"), lambda held: held.record.recorded_at),
    "_sure": (_TEXT, lambda held: held.record.sure),
    "_is_simulated": (pa.bool_(), lambda held: held.record.is_simulated),
    "_source": (_TEXT, lambda held: held.record.provenance.source),
    "_source_digest": (_TEXT, lambda held: held.record.provenance.source_digest),
    "_line": (pa.int64(), lambda held: held.record.provenance.line),
    "_reader": (_TEXT, lambda held: held.record.provenance.reader),
    "_mapping_version": (_TEXT, lambda held: held.record.provenance.mapping_version),
    "_agreement": (_TEXT, lambda held: held.agreement),
    "_caveats": (_TEXTS, lambda held: held.caveats),
    "_purposes": (_TEXTS, lambda held: held.purposes),
}
_TYPES: Mapping[str, pa.DataType] = {
    "text": _TEXT,
    "code": _TEXT,
    "codes": _TEXTS,
    "integer": pa.int64(),
    "date": pa.date32(),
    "time": pa.timestamp("us", "UTC"),
    "boolean": pa.bool_(),
}


def records_table(kind: Kind, records: Iterable[Record | Held]) -> Table:
    """The records of `kind` as a table, in their order. Raises WrongKind, TooManyDigits."""
    held = (_held(kind, item) for item in records)
    chunks = [_chunk(kind, rows) for rows in _chunks(held)]
    return joined(chunks or [_chunk(kind, [])])


def joined(tables: Sequence[Table]) -> Table:
    """One table with the rows of `tables` (at least one), in their order. Raises DifferentKinds, TooManyDigits."""
    first = tables[0]
    for table in tables:
        if table.kind != first.kind:
            raise DifferentKinds(first=first.kind, second=table.kind)
    if len(tables) == 1:
        return first
    columns = {
        name: _joined_column(name, [table.rows.column(name) for table in tables]) for name in first.rows.column_names
    }
    return Table(first.kind, pa.table(columns))


def decimal_array(name: str, values: Sequence[Decimal | None]) -> Array:
    """`values` as decimal128, with as many places as they need and at least MIN_SCALE. Raises TooManyDigits."""
    whole = places = 0
    for value in values:
        if value is not None:
            whole = max(whole, value.adjusted() + 1)
            places = max(places, -int(value.as_tuple().exponent))
    return pa.array(values, _decimal_type(name, whole, places))


def _decimal_type(name: str, whole: int, places: int) -> pa.DataType:
    scale = max(places, MIN_SCALE)
    if whole + scale > DIGITS:
        raise TooManyDigits(column=name, digits=DIGITS, whole=whole, places=places)
    return pa.decimal128(DIGITS, scale)


def _held(kind: Kind, item: Record | Held) -> Held:
    held = item if isinstance(item, Held) else Held(record=item)
    if held.record.kind != kind.name:
        raise WrongKind(found=held.record.kind, kind=kind.name)
    return limited(held, kind)


def limited(held: Held, kind: Kind) -> Held:
    """`held` under the limits of its kind as well, whoever it comes from."""
    if kind.only_for is None and not kind.caveats:
        return held
    purposes = held.purposes
    if kind.only_for is not None:
        purposes = tuple(code for code in kind.only_for if purposes is None or code in purposes)
    return replace(held, purposes=purposes, caveats=tuple(sorted({*held.caveats, *kind.caveats})))


def _chunks(held: Iterator[Held]) -> Iterator[list[Held]]:
    while rows := list(islice(held, _CHUNK_ROWS)):
        yield rows


def _chunk(kind: Kind, rows: list[Held]) -> Table:
    columns = {field.name: _column(field, rows) for field in kind.fields}
    for name, (type_, value) in _SYSTEM.items():
        columns[name] = pa.array([value(held) for held in rows], type_)
    return Table(kind.name, pa.table(columns))


def _column(field: Field, rows: list[Held]) -> Array:
    values: list[Any] = [held.record.values.get(field.name) for held in rows]
    if field.type == "decimal":
        return decimal_array(field.name, values)
    return pa.array(values, _TYPES[field.type])


def _joined_column(name: str, parts: list[Column]) -> Column:
    if pa.types.is_decimal(parts[0].type):
        type_ = pa.decimal128(DIGITS, max(part.type.scale for part in parts))
        try:
            parts = [part.cast(type_) for part in parts]
        except pa.ArrowInvalid as error:
            whole = max(DIGITS - part.type.scale for part in parts)
            raise TooManyDigits(column=name, digits=DIGITS, whole=whole, places=type_.scale) from error
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], parts[0].type)
