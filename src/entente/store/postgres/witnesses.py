"""Witnesses, comparisons and evidence in PostgreSQL."""

from collections.abc import Sequence

from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import CheckpointRow
from entente.store.witnesses import AccusationRow, ComparisonRow, CosignatureRow

_SQL = named_queries(__file__)
_COSIGNATURE, _COMPARISON, _ACCUSATION = Shape(CosignatureRow), Shape(ComparisonRow), Shape(AccusationRow)
_CHECKPOINT = Shape(CheckpointRow)


class Witnesses(Session):
    def add_cosignature(self, row: CosignatureRow) -> None:
        self.run(_SQL["add_cosignature"], *_COSIGNATURE.values(row))

    def cosignatures(self) -> Sequence[CosignatureRow]:
        return list(_COSIGNATURE.rows(self.all(_SQL["cosignatures"])))

    def newest_checkpoint(self, origin: str) -> CheckpointRow | None:
        found = self.first(_SQL["newest_checkpoint"], origin)
        return _CHECKPOINT.row(found) if found else None

    def checkpoint_at(self, origin: str, size: int) -> CheckpointRow | None:
        found = self.first(_SQL["checkpoint_of"], origin, size)
        return _CHECKPOINT.row(found) if found else None

    def put_comparison(self, row: ComparisonRow) -> None:
        self.run(_SQL["put_comparison"], *_COMPARISON.values(row))

    def comparisons(self) -> Sequence[ComparisonRow]:
        return list(_COMPARISON.rows(self.all(_SQL["comparisons"])))

    def add_accusation(self, row: AccusationRow) -> None:
        self.run(_SQL["add_accusation"], *_ACCUSATION.values(row))

    def accusations(self) -> Sequence[AccusationRow]:
        return list(_ACCUSATION.rows(self.all(_SQL["accusations"])))
