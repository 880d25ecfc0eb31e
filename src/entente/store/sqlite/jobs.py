"""Whose turn regular work is, and how it went, in SQLite."""

from collections.abc import Sequence
from datetime import datetime

from entente.store.jobs import JobRow, TurnRow
from entente.store.queries import named_queries
from entente.store.sqlite.session import Session
from entente.store.sqlite.shapes import Shape, moment

_SQL = named_queries(__file__)
_JOB, _TURN = Shape(JobRow), Shape(TurnRow)


class Jobs(Session):
    def take_turn(self, row: TurnRow, now: datetime, *, by_force: bool = False) -> bool:
        return self.run(_SQL["take"], *_TURN.values(row), moment(now), by_force) == 1

    def put_job(self, row: JobRow) -> None:
        self.run(_SQL["put"], *_JOB.values(row))

    def jobs(self) -> Sequence[JobRow]:
        return list(_JOB.rows(self.all(_SQL["all"])))
