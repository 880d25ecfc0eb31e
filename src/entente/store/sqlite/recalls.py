"""Recalls, what may not come back, and re-disclosure, in SQLite."""

import json
from collections.abc import Sequence

from entente.store.queries import named_queries
from entente.store.recalls import RecalledRow, RecallRow, RedisclosureRow
from entente.store.rows import InboxRow, OutboxRow
from entente.store.sqlite.session import Session
from entente.store.sqlite.shapes import Shape

_SQL = named_queries(__file__)
_RECALL, _RECALLED, _REDISCLOSURE = Shape(RecallRow), Shape(RecalledRow), Shape(RedisclosureRow)
_INBOX, _OUTBOX = Shape(InboxRow), Shape(OutboxRow)


class Recalls(Session):
    def put_recall(self, row: RecallRow) -> None:
        self.run(_SQL["put_recall"], *_RECALL.values(row))

    def recalls(self, direction: str | None = None, *, record_id: str | None = None) -> Sequence[RecallRow]:
        return list(_RECALL.rows(self.all(_SQL["recalls"], direction, record_id)))

    def recall(self, recall_id: str) -> RecallRow | None:
        found = self.first(_SQL["recall"], recall_id)
        return _RECALL.row(found) if found else None

    def recalled_from(self, partner: str, record_ids: Sequence[str]) -> frozenset[str]:
        if not record_ids:
            return frozenset()
        return frozenset(found[0] for found in self.all(_SQL["recalled_from"], partner, json.dumps(list(record_ids))))

    def passed_on(self, cause: str) -> Sequence[RecallRow]:
        return list(_RECALL.rows(self.all(_SQL["passed_on"], cause)))

    def put_recalled(self, row: RecalledRow) -> None:
        self.run(_SQL["put_recalled"], *_RECALLED.values(row))

    def recalled(self) -> Sequence[RecalledRow]:
        return list(_RECALLED.rows(self.all(_SQL["recalled"])))

    def recalled_as(self, record_id: str) -> Sequence[RecalledRow]:
        return list(_RECALLED.rows(self.all(_SQL["recalled_as"], record_id)))

    def recalled_by_mark(self, marks: Sequence[str]) -> Sequence[RecalledRow]:
        return list(_RECALLED.rows(self.all(_SQL["recalled_by_mark"], json.dumps(list(marks)))))

    def mark_forms(self) -> Sequence[str]:
        return [found[0] for found in self.all(_SQL["mark_forms"])]

    def unsupported_evidence(self, finding_id: str, finding_version: int) -> Sequence[str]:
        return [found[0] for found in self.all(_SQL["unsupported_evidence"], finding_id, finding_version)]

    def put_redisclosure(self, row: RedisclosureRow) -> None:
        self.run(_SQL["put_redisclosure"], *_REDISCLOSURE.values(row))

    def redisclosures(self, direction: str | None = None) -> Sequence[RedisclosureRow]:
        return list(_REDISCLOSURE.rows(self.all(_SQL["redisclosures"], direction)))

    def sent_of(self, record_id: str) -> Sequence[OutboxRow]:
        return list(_OUTBOX.rows(self.all(_SQL["sent_of"], record_id)))

    def sent_message(self, partner: str, message_id: str) -> OutboxRow | None:
        found = self.first(_SQL["sent_message"], partner, message_id)
        return _OUTBOX.row(found) if found else None

    def received_of(self, record_id: str) -> Sequence[InboxRow]:
        return list(_INBOX.rows(self.all(_SQL["received_of"], record_id)))

    def received_message(self, partner: str, message_id: str) -> InboxRow | None:
        found = self.first(_SQL["received_message"], partner, message_id)
        return _INBOX.row(found) if found else None

    def erase_received(self, partner: str, message_id: str) -> int:
        self.has_erased = True
        return self.run(_SQL["erase_received"], partner, message_id)

    def put_handling(self, record_id: str, handling: bytes) -> int:
        return self.run(_SQL["put_handling"], record_id, handling)
