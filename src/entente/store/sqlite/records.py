"""Record versions in SQLite."""

import json
from collections.abc import Mapping, Sequence

from entente.store.errors import DoubleVersion
from entente.store.limits import check_storable
from entente.store.queries import named_queries
from entente.store.rows import Head, RecordRow
from entente.store.sqlite.session import Found, Session
from entente.store.sqlite.shapes import Shape

_SQL = named_queries(__file__)
_HEAD, _RECORD = Shape(Head), Shape(RecordRow)


class Records(Session):
    def heads(self, ids: Sequence[str]) -> Mapping[str, Head]:
        check_storable(ids)
        found = self.all(_SQL["heads"], json.dumps(list(ids)))
        return {row[0]: _HEAD.row(row) for row in found}

    def add_records(self, rows: Sequence[RecordRow]) -> None:
        values = _RECORD.all_values(rows)
        kept = set(self.all(_SQL["versions_of"], json.dumps([row.id for row in rows])))
        newest = _newest(rows, kept)
        if kept:
            self.run(_SQL["retire"], json.dumps([row.id for row in rows if row.version == newest[row.id]]))
        for row, bound in zip(rows, values, strict=True):
            bound.append(int(row.version == newest[row.id]))
        self.run_many(_SQL["add"], values)

    def record(self, record_id: str, version: int | None = None) -> RecordRow | None:
        if version is None:
            found = self.first(_SQL["current"], record_id)
        else:
            found = self.first(_SQL["version"], record_id, version)
        return _RECORD.row(found) if found else None

    def versions(self, record_id: str) -> Sequence[RecordRow]:
        return list(_RECORD.rows(self.all(_SQL["versions"], record_id)))

    def current_records(
        self, kind: str | None = None, *, own: bool | None = None, after: str = "", limit: int = 1000
    ) -> Sequence[RecordRow]:
        if kind is None:
            found = self.all(_SQL["current_page"], after, own, limit)
        else:
            found = self.all(_SQL["current_page_of_kind"], after, own, limit, kind)
        return list(_RECORD.rows(found))

    def record_counts(self) -> Sequence[tuple[str, str | None, int]]:
        return [(kind, via, number) for kind, via, number in self.all(_SQL["counts"])]

    def erase_record(self, record_id: str) -> int:
        self.has_erased = True
        self.run(_SQL["erase_settled_messages"], record_id)
        self.run(_SQL["erase_received_messages"], record_id)
        self.run(_SQL["unlist"], record_id)
        return self.run(_SQL["erase"], record_id)


def _newest(rows: Sequence[RecordRow], kept: set[Found]) -> dict[str, int]:
    """The highest version of each id, among `kept` (id, version) and `rows`. Raises DoubleVersion."""
    newest: dict[str, int] = {}
    for record_id, version in kept:
        newest[record_id] = max(version, newest.get(record_id, version))
    seen = set(kept)
    for row in rows:
        if (row.id, row.version) in seen:
            raise DoubleVersion(record_id=row.id, version=row.version)
        seen.add((row.id, row.version))
        newest[row.id] = max(row.version, newest.get(row.id, row.version))
    return newest
