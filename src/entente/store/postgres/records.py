"""Record versions in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence

from entente.store.errors import DoubleVersion
from entente.store.limits import check_storable
from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import Head, RecordRow

_SQL = named_queries(__file__)
_HEAD, _RECORD = Shape(Head), Shape(RecordRow)


class Records(Session):
    def heads(self, ids: Sequence[str]) -> Mapping[str, Head]:
        check_storable(ids)
        return {head.id: head for head in _HEAD.rows(self.all(_SQL["heads"], list(ids)))}

    def add_records(self, rows: Sequence[RecordRow]) -> None:
        values = _RECORD.all_values(rows)
        if not values:
            return
        versions = self._versions_of({row.id for row in rows})
        superseded = [record_id for record_id, kept in versions.items() if kept]
        for row in rows:
            if row.version in versions[row.id]:
                raise DoubleVersion(record_id=row.id, version=row.version)
            versions[row.id].add(row.version)
        newest = {record_id: max(kept) for record_id, kept in versions.items()}
        if superseded:
            self.run(_SQL["retire"], [row.id for row in rows if row.version == newest[row.id]])
        bound = [[*value, row.version == newest[row.id]] for value, row in zip(values, rows, strict=True)]
        if len(bound) == 1:  # as when a message is taken in: a COPY costs many times an INSERT
            self.run(_SQL["add_one"], *bound[0])
        else:
            self.copy(_SQL["add"], (*_RECORD.types, "bool"), bound)

    def _versions_of(self, ids: Iterable[str]) -> dict[str, set[int]]:
        versions: dict[str, set[int]] = {record_id: set() for record_id in ids}
        for record_id, version in self.all(_SQL["versions_of"], list(versions)):
            versions[record_id].add(version)
        return versions

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
        self.run(_SQL["erase_settled_messages"], record_id)
        self.run(_SQL["erase_received_messages"], record_id)
        self.run(_SQL["unlist"], record_id)
        return self.run(_SQL["erase"], record_id)
