"""What partners ask each other, in PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from entente.store.askings import AskingRow
from entente.store.postgres.session import PAGE, Found, Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import InboxRow, OutboxRow

_SQL = named_queries(__file__)
_ASKING, _OUTBOX, _INBOX = Shape(AskingRow), Shape(OutboxRow), Shape(InboxRow)
_BEFORE_ALL = ("", "", "")
_FIRST = ("", 0)


class Askings(Session):
    def put_asking(self, row: AskingRow) -> None:
        self.run(_SQL["put_asking"], *_ASKING.values(row))

    def asking(self, direction: str, partner: str, about: str) -> AskingRow | None:
        found = self.first(_SQL["asking"], direction, partner, about)
        return _ASKING.row(found) if found else None

    def askings(self, direction: str | None = None, *, state: str | None = None) -> Iterator[AskingRow]:
        def page(last: Found | None) -> list[Found]:
            key = _BEFORE_ALL if last is None else last[:3]
            return self.all(_SQL["page"], *key, direction, state, PAGE)

        return _ASKING.rows(self.pages(page))

    def latest_askings(self, partner: str, agreement: str, purpose: str, type_: str, limit: int) -> Sequence[AskingRow]:
        return list(_ASKING.rows(self.all(_SQL["latest"], partner, agreement, purpose, type_, limit)))

    def asking_number(self, partner: str, agreement: str, purpose: str, type_: str, since: datetime) -> int:
        found = self.all(_SQL["number"], partner, agreement, purpose, type_, since)
        return int(found[0][0])

    def settled_askings(self, before: datetime) -> Iterator[AskingRow]:
        def page(last: Found | None) -> list[Found]:
            key = _BEFORE_ALL if last is None else last[:3]
            return self.all(_SQL["settled"], *key, before, PAGE)

        return _ASKING.rows(self.pages(page))

    def sent_about_questions(self) -> Iterator[OutboxRow]:
        return _OUTBOX.rows(self._messages(_SQL["sent"]))

    def received_about_questions(self) -> Iterator[InboxRow]:
        return _INBOX.rows(self._messages(_SQL["received"]))

    def _messages(self, query: str) -> Iterator[Found]:
        def page(last: Found | None) -> list[Found]:
            return self.all(query, *(_FIRST if last is None else last[:2]), PAGE)

        return self.pages(page)

    def asking_counts(self, now: datetime) -> Sequence[tuple[str, str, str, int, int]]:
        found = self.all(_SQL["counts"], now)
        return [(direction, partner, type_, number, late) for direction, partner, type_, number, late in found]
