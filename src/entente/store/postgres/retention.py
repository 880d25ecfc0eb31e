"""How long records may be held, and which are held longer, in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime

from entente.store.limits import check_storable
from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.retention import HeldPlace, HoldRow, RetainedCount
from entente.store.rows import RecordRow

_SQL = named_queries(__file__)
_HOLD, _RECORD, _COUNT = Shape(HoldRow), Shape(RecordRow), Shape(RetainedCount)
_BEFORE_ALL: HeldPlace = (date.min, "")


class Retention(Session):
    def put_hold(self, row: HoldRow) -> None:
        self.run(_SQL["put_hold"], *_HOLD.values(row))

    def drop_hold(self, record_id: str) -> None:
        self.run(_SQL["drop_hold"], record_id)

    def hold(self, record_id: str) -> HoldRow | None:
        return next(iter(self.holds([record_id])), None)

    def holds(self, record_ids: Sequence[str] | None = None) -> Sequence[HoldRow]:
        if record_ids is None:
            return list(_HOLD.rows(self.all(_SQL["all_holds"])))
        check_storable(record_ids)
        return list(_HOLD.rows(self.all(_SQL["holds_of"], list(record_ids))))

    def retained(
        self, until: date, *, after: HeldPlace | None = None, via: str = "", limit: int
    ) -> Sequence[RecordRow]:
        day, last = after or _BEFORE_ALL
        found = self.all(_SQL["retained"], until, day, last, via, limit)
        return list(_RECORD.rows(found))

    def retained_counts(self, until: date) -> Sequence[RetainedCount]:
        return list(_COUNT.rows(self.all(_SQL["retained_counts"], until)))

    def own_before(self, kind: str, moment: datetime, *, after: str = "", limit: int) -> Sequence[RecordRow]:
        return list(_RECORD.rows(self.all(_SQL["own_before"], kind, moment, after, limit)))

    def own_counts_before(self, kind: str, moment: datetime) -> Sequence[tuple[bool, bool, int]]:
        found = self.all(_SQL["own_counts_before"], kind, moment)
        return [(bool(is_simulated), bool(is_held), number) for is_simulated, is_held, number in found]
