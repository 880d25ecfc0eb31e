"""Whole tables in and out of SQLite, for moving a store. The statements are made from the list of tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from entente.store.sqlite.records import Records
from entente.store.sqlite.session import PAGE, Found
from entente.store.sqlite.shapes import Shape
from entente.store.tables import TABLES


@dataclass(frozen=True, slots=True)
class _Copying:
    shape: Shape[Any]
    key_places: tuple[int, ...]
    first_page: str
    next_page: str
    add: str
    exists: str


def _copying(name: str) -> _Copying:
    table = TABLES[name]
    shape: Shape[Any] = Shape(table.row)
    columns = ", ".join(f'"{column}"' for column in shape.columns)
    key = ", ".join(f'"{column}"' for column in table.key)
    select, order = f"SELECT {columns} FROM {name}", f"ORDER BY {key} LIMIT {PAGE}"
    return _Copying(
        shape=shape,
        key_places=tuple(map(shape.columns.index, table.key)),
        first_page=f"{select} {order}",
        next_page=f"{select} WHERE ({key}) > ({_marks(table.key)}) {order}",
        add=f"INSERT INTO {name} ({columns}) VALUES ({_marks(shape.columns)})",
        exists=f"SELECT 1 FROM {name} LIMIT 1",
    )


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" for _ in columns)


_COPYING: Mapping[str, _Copying] = MappingProxyType({name: _copying(name) for name in TABLES})


class Tables(Records):
    def dump(self, table: str) -> Iterator[object]:
        copying = _COPYING[table]

        def page(last: Found | None) -> list[Found]:
            if last is None:
                return self.all(copying.first_page)
            return self.all(copying.next_page, *(last[place] for place in copying.key_places))

        return copying.shape.rows(self.pages(page))

    def load(self, table: str, rows: Sequence[Any]) -> None:
        if table == "record":  # which version is current follows from the versions
            self.add_records(rows)
        else:
            copying = _COPYING[table]
            self.run_many(copying.add, copying.shape.all_values(rows))

    def is_empty(self, table: str) -> bool:
        return self.first(_COPYING[table].exists) is None
