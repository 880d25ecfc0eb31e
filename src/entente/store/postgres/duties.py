"""What is owed about messages, and what findings rest on, in PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from entente.store.postgres.session import PAGE, Found, Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import DutyRow, EvidenceRow

_SQL = named_queries(__file__)
_DUTY, _EVIDENCE = Shape(DutyRow), Shape(EvidenceRow)
_BEFORE_ALL = ("", "", "")


class Duties(Session):
    def put_duty(self, row: DutyRow) -> None:
        self.run(_SQL["put_duty"], *_DUTY.values(row))

    def duty(self, direction: str, partner: str, about: str) -> DutyRow | None:
        found = self.first(_SQL["duty"], direction, partner, about)
        return _DUTY.row(found) if found else None

    def duties(
        self, direction: str | None = None, *, is_open: bool | None = None, record_id: str | None = None
    ) -> Iterator[DutyRow]:
        def page(last: Found | None) -> list[Found]:
            key = _BEFORE_ALL if last is None else last[:3]
            return self.all(_SQL["page"], *key, direction, is_open, record_id, PAGE)

        return _DUTY.rows(self.pages(page))

    def duty_counts(self, now: datetime) -> Sequence[tuple[str, str, int, int]]:
        found = self.all(_SQL["counts"], now)
        return [(direction, partner, number, overdue) for direction, partner, number, overdue in found]

    def add_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        self.run_many(_SQL["add_evidence"], _EVIDENCE.all_values(rows))

    def evidence(self, finding_id: str, finding_version: int) -> Sequence[EvidenceRow]:
        return list(_EVIDENCE.rows(self.all(_SQL["evidence"], finding_id, finding_version)))

    def stale_evidence(self, finding_id: str, finding_version: int) -> Sequence[tuple[str, int, int]]:
        found = self.all(_SQL["stale_evidence"], finding_id, finding_version)
        return [(record_id, used, current) for record_id, used, current in found]

    def findings_resting_on(self, record_id: str) -> Sequence[tuple[str, int]]:
        return [(finding_id, version) for finding_id, version in self.all(_SQL["findings_resting_on"], record_id)]
