"""Whose turn regular work is, and how it went, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from entente.store.jobs import JobRow, TurnRow
from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries

_SQL = named_queries(__file__)
_JOB, _TURN = Shape(JobRow), Shape(TurnRow)


class Jobs(Session):
    def take_turn(self, row: TurnRow, now: datetime, *, by_force: bool = False) -> bool:
        return self.run(_SQL["take"], *_TURN.values(row), now, by_force) == 1

    def put_job(self, row: JobRow) -> None:
        self.run(_SQL["put"], *_JOB.values(row))

    def jobs(self) -> Sequence[JobRow]:
        return list(_JOB.rows(self.all(_SQL["all"])))
