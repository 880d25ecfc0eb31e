"""Keys of nodes and ledgers, and officers who left, in PostgreSQL."""

from collections.abc import Sequence

from entente.store.keys import FormerOfficerRow, KeyRow
from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries

_SQL = named_queries(__file__)
_KEY, _FORMER = Shape(KeyRow), Shape(FormerOfficerRow)


class Keys(Session):
    def put_key(self, row: KeyRow) -> None:
        self.run(_SQL["put_key"], *_KEY.values(row))

    def node_keys(self, party: str | None = None) -> Sequence[KeyRow]:
        return list(_KEY.rows(self.all(_SQL["node_keys"], party)))

    def end_officer(self, row: FormerOfficerRow) -> None:
        self.run(_SQL["remove_officer"], row.party, row.officer, row.public_key)
        self.run(_SQL["put_former"], *_FORMER.values(row))

    def former_officers(self) -> Sequence[FormerOfficerRow]:
        return list(_FORMER.rows(self.all(_SQL["former_officers"])))
