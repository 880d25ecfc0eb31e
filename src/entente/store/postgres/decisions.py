"""Decisions, their explanations, and disclosures that wait for people, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import DecisionRow, ExplanationRow, ReleaseRow

_SQL = named_queries(__file__)
_DECISION, _EXPLANATION, _RELEASE = Shape(DecisionRow), Shape(ExplanationRow), Shape(ReleaseRow)


class Decisions(Session):
    def add_decisions(self, rows: Sequence[DecisionRow], explanations: Sequence[ExplanationRow]) -> None:
        values = _DECISION.all_values(rows)
        self.run_many(_SQL["add_explanation"], _EXPLANATION.all_values(explanations))
        self.run_many(_SQL["add_decision"], values)

    def decisions(self, record_id: str) -> Sequence[DecisionRow]:
        return list(_DECISION.rows(self.all(_SQL["decisions"], record_id)))

    def decisions_of(self, mask: str, decided_at: datetime, limit: int) -> Sequence[DecisionRow]:
        return list(_DECISION.rows(self.all(_SQL["decisions_of"], mask, decided_at, limit)))

    def explanation(self, mask: str) -> ExplanationRow | None:
        found = self.first(_SQL["explanation"], mask)
        return _EXPLANATION.row(found) if found else None

    def decision_counts(self) -> Sequence[tuple[str, str, str, str, int]]:
        return [(who, why, outcome, mask, number) for who, why, outcome, mask, number in self.all(_SQL["counts"])]

    def put_release(self, row: ReleaseRow) -> None:
        self.run(_SQL["put_release"], *_RELEASE.values(row))

    def release(self, release_id: str) -> ReleaseRow | None:
        found = self.first(_SQL["release"], release_id)
        return _RELEASE.row(found) if found else None

    def releases(self, state: str | None = None) -> Sequence[ReleaseRow]:
        return list(_RELEASE.rows(self.all(_SQL["releases"], state)))
