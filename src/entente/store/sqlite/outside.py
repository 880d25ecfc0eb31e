"""Parties without a node, in SQLite."""

from collections.abc import Sequence

from entente.store.outside import OutsideRow
from entente.store.queries import named_queries
from entente.store.sqlite.session import Session
from entente.store.sqlite.shapes import Shape

_SQL = named_queries(__file__)
_OUTSIDE = Shape(OutsideRow)


class Outside(Session):
    def put_outside(self, row: OutsideRow) -> None:
        self.run(_SQL["put_outside"], *_OUTSIDE.values(row))

    def outside_parties(self) -> Sequence[OutsideRow]:
        return list(_OUTSIDE.rows(self.all(_SQL["outside_parties"])))

    def outside_party(self, party: str) -> OutsideRow | None:
        found = self.first(_SQL["outside_party"], party)
        return _OUTSIDE.row(found) if found else None
