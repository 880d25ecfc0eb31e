"""Leaves and checkpoints in PostgreSQL."""

from collections.abc import Iterator, Sequence

from entente.store.errors import ForkedCheckpoint, LedgerGap
from entente.store.postgres.session import PAGE, Found, Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import CheckpointRow, EntryRow, LedgerHead

_SQL = named_queries(__file__)
_HEAD, _ENTRY, _CHECKPOINT = Shape(LedgerHead), Shape(EntryRow), Shape(CheckpointRow)


class Ledger(Session):
    def ledger_head(self) -> LedgerHead:
        found = self.first(_SQL["head"])
        return _HEAD.row(found) if found else LedgerHead(size=0, frontier=b"")

    def append_entries(self, rows: Sequence[EntryRow], head: LedgerHead) -> None:
        expected = self.ledger_head().size
        for row in rows:
            if row.index != expected:
                raise LedgerGap(expected=expected, found=row.index)
            expected += 1
        if head.size != expected:
            raise LedgerGap(expected=expected, found=head.size)
        values = _ENTRY.all_values(rows)
        self.run(_SQL["move_head"], *_HEAD.values(head))
        self.copy(_SQL["add"], _ENTRY.types, values)

    def entries(self, start: int, stop: int) -> Iterator[EntryRow]:
        def page(last: Found | None) -> list[Found]:
            return self.all(_SQL["page"], start if last is None else last[0] + 1, stop, PAGE)

        return _ENTRY.rows(self.pages(page))

    def entries_before(self, index: int, limit: int, *, of_type: str = "", subject: str = "") -> Sequence[EntryRow]:
        if subject:
            found = self.all(_SQL["before_about"], index, limit, of_type, subject)
        elif of_type:
            found = self.all(_SQL["before_of_type"], index, limit, of_type)
        else:
            found = self.all(_SQL["before"], index, limit)
        return list(_ENTRY.rows(found))

    def entries_about(self, subject: str) -> Sequence[EntryRow]:
        return list(_ENTRY.rows(self.all(_SQL["about"], subject)))

    def erase_openings(self, subject: str) -> int:
        return self.run(_SQL["erase_openings"], subject)

    def add_checkpoint(self, row: CheckpointRow) -> None:
        found = self.first(_SQL["checkpoint_at"], row.origin, row.size)
        if found is None:
            self.run(_SQL["add_checkpoint"], *_CHECKPOINT.values(row))
        elif found[0] != row.note:
            raise ForkedCheckpoint(origin=row.origin, size=row.size)

    def checkpoints(self, origin: str, start: int = 0) -> Sequence[CheckpointRow]:
        return list(_CHECKPOINT.rows(self.all(_SQL["checkpoints"], origin, start)))
