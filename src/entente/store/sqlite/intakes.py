"""Imports, quarantined rows and the access log in SQLite."""

from collections.abc import Sequence

from entente.store.queries import named_queries
from entente.store.rows import AccessRow, IntakeRow, QuarantineRow
from entente.store.sqlite.session import Session
from entente.store.sqlite.shapes import Shape

_SQL = named_queries(__file__)
_INTAKE, _QUARANTINE, _ACCESS = Shape(IntakeRow), Shape(QuarantineRow), Shape(AccessRow)


class Intakes(Session):
    def put_intake(self, row: IntakeRow) -> None:
        self.run(_SQL["put_intake"], *_INTAKE.values(row))

    def intake(self, intake_id: str) -> IntakeRow | None:
        found = self.first(_SQL["intake"], intake_id)
        return _INTAKE.row(found) if found else None

    def intakes(self) -> Sequence[IntakeRow]:
        return list(_INTAKE.rows(self.all(_SQL["intakes"])))

    def add_quarantined(self, rows: Sequence[QuarantineRow]) -> None:
        self.run_many(_SQL["add_quarantined"], _QUARANTINE.all_values(rows))

    def quarantined(self, intake: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[QuarantineRow]:
        if intake is None:
            found = self.all(_SQL["quarantined"], limit)
        else:
            found = self.all(_SQL["quarantined_of"], intake, after, limit)
        return list(_QUARANTINE.rows(found))

    def quarantine_counts(self) -> Sequence[tuple[str, str, int]]:
        return [(intake, code, number) for intake, code, number in self.all(_SQL["quarantine_counts"])]

    def log_access(self, row: AccessRow) -> None:
        self.run(_SQL["log_access"], *_ACCESS.values(row))

    def accesses(self, limit: int = 100) -> Sequence[AccessRow]:
        return list(_ACCESS.rows(self.all(_SQL["accesses"], limit)))
