"""What is owed about messages, and what findings rest on, in PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from entente.store.duties import AnswerTimes, DutyPlace, StateCount
from entente.store.limits import check_storable
from entente.store.postgres.session import PAGE, Found, Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import DutyRow, EvidenceRow

_SQL = named_queries(__file__)
_DUTY, _EVIDENCE, _TIMES = Shape(DutyRow), Shape(EvidenceRow), Shape(AnswerTimes)
_STATES = Shape(StateCount)
_BEFORE_ALL = ("", "", "")
_FIRST: DutyPlace = (datetime(1, 1, 1, tzinfo=UTC), "", "", "")
_AFTER_ALL = "\U0010ffff"


class Duties(Session):
    def put_duty(self, row: DutyRow) -> None:
        self.run(_SQL["put_duty"], *_DUTY.values(row))

    def put_duties(self, rows: Sequence[DutyRow]) -> None:
        self.run_many(_SQL["put_duty"], _DUTY.all_values(rows))

    def duty(self, direction: str, partner: str, about: str) -> DutyRow | None:
        found = self.first(_SQL["duty"], direction, partner, about)
        return _DUTY.row(found) if found else None

    def duties_about(
        self, direction: str, partner: str, about: Sequence[str], *, is_open: bool | None = None
    ) -> Mapping[str, DutyRow]:
        check_storable(about)
        found = self.all(_SQL["duties_about"], direction, partner, list(about), is_open)
        return {row.about: row for row in _DUTY.rows(found)}

    def duties_beginning(self, about: str, limit: int) -> Sequence[DutyRow]:
        found = self.all(_SQL["duties_beginning"], about, about + _AFTER_ALL, limit)
        return list(_DUTY.rows(found))

    def asked_versions(self, partner: str, record_ids: Sequence[str]) -> Sequence[tuple[str, int]]:
        check_storable(record_ids)
        found = self.all(_SQL["asked_versions"], partner, list(record_ids))
        return [(record_id, version) for record_id, version in found]

    def duties_due(
        self, before: datetime, *, after: DutyPlace | None = None, direction: str = "", partner: str = "", limit: int
    ) -> Sequence[DutyRow]:
        due, *last = after or _FIRST
        found = self.all(_SQL["duties_due"], before, due, *last, direction, partner, limit)
        return list(_DUTY.rows(found))

    def duties_to_remind(self, since: datetime, before: datetime, stage: str, limit: int) -> Sequence[DutyRow]:
        return list(_DUTY.rows(self.all(_SQL["duties_to_remind"], since, before, stage, limit)))

    def answer_times(self, since: datetime, until: datetime) -> Sequence[AnswerTimes]:
        return list(_TIMES.rows(self.all(_SQL["answer_times"], since, until)))

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

    def state_counts(self, now: datetime) -> Sequence[StateCount]:
        return list(_STATES.rows(self.all(_SQL["state_counts"], now)))

    def add_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        self.run_many(_SQL["add_evidence"], _EVIDENCE.all_values(rows))

    def evidence(self, finding_id: str, finding_version: int) -> Sequence[EvidenceRow]:
        return list(_EVIDENCE.rows(self.all(_SQL["evidence"], finding_id, finding_version)))

    def stale_evidence(self, finding_id: str, finding_version: int) -> Sequence[tuple[str, int, int]]:
        found = self.all(_SQL["stale_evidence"], finding_id, finding_version)
        return [(record_id, used, current) for record_id, used, current in found]

    def findings_resting_on(self, record_id: str) -> Sequence[tuple[str, int]]:
        return [(finding_id, version) for finding_id, version in self.all(_SQL["findings_resting_on"], record_id)]
