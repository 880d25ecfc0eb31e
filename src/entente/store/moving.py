"""Moves a store to another database: copies every table, then compares counts and digests before anything is kept."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from types import MappingProxyType

from entente.store.errors import CopyDiffers, TargetNotEmpty
from entente.store.protocol import Store, Transaction
from entente.store.tables import TABLES

CHUNK = 200  # rows in memory
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows per table, and per table the SHA-256 over its rows in order of their key: equal in both stores."""

    rows: Mapping[str, int]
    digests: Mapping[str, str]


def move(source: Store, target: Store, progress: Progress = lambda _table, _rows: None) -> Counts:
    """Copies all of `source` into the empty `target`, in one transaction of each.

    `progress(table, rows so far)` is called after every chunk. Stop the node first: what it writes to `source` while
    this runs is not copied. Raises TargetNotEmpty, CopyDiffers and what stores raise; then `target` stays empty.
    """
    with source.reading() as old, target.writing() as new:
        for table in TABLES:
            if not new.is_empty(table):
                raise TargetNotEmpty(where=target.where, table=table)
        copied = {table: _copy(old, new, table, progress) for table in TABLES}
        for table, (count, fixed) in copied.items():
            compare_copy(new, table, count, fixed, target.where)
    return Counts(
        rows=MappingProxyType({table: count for table, (count, _) in copied.items()}),
        digests=MappingProxyType({table: fixed for table, (_, fixed) in copied.items()}),
    )


def _copy(old: Transaction, new: Transaction, table: str, progress: Progress) -> tuple[int, str]:
    count, hasher = 0, hashlib.sha256()
    for rows in _chunks(old.dump(table)):
        feed(hasher, table, rows)
        new.load(table, rows)
        count += len(rows)
        progress(table, count)
    return count, hasher.hexdigest()


def compare_copy(new: Transaction, table: str, count: int, fixed: str, where: str) -> None:
    """Raises CopyDiffers unless `table` holds `count` rows that lead to the digest `fixed`."""
    found, hasher = 0, hashlib.sha256()
    for rows in _chunks(new.dump(table)):
        feed(hasher, table, rows)
        found += len(rows)
    if found != count:
        raise CopyDiffers(table=table, where=where, why=f"{found} rows instead of {count}")
    if hasher.hexdigest() != fixed:
        raise CopyDiffers(table=table, where=where, why="its digest is another")


def _chunks(rows: Iterator[object]) -> Iterator[list[object]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def feed(hasher: "hashlib._Hash", table: str, rows: Sequence[object]) -> None:
    """Adds rows to a digest, in Python's own notation of the values: one for each value and for no other."""
    values = attrgetter(*(field.name for field in fields(TABLES[table].row)))
    for row in rows:
        hasher.update(repr(values(row)).encode("ascii", "backslashreplace") + b"\n")
