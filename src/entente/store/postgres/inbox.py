"""The inbox and the nonces already seen, in PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from entente.store.errors import InboxGap
from entente.store.postgres.session import PAGE, Found, Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import InboxRow

_SQL = named_queries(__file__)
_INBOX = Shape(InboxRow)


class Inbox(Session):
    def add_inbox(self, rows: Sequence[InboxRow]) -> None:
        values = _INBOX.all_values(rows)
        for partner, newest in self._newest_of(rows).items():
            self.run(_SQL["move_received"], partner, newest.seq, newest.id)
        self.copy(_SQL["add"], _INBOX.types, values)

    def _newest_of(self, rows: Sequence[InboxRow]) -> dict[str, InboxRow]:
        """The last message from each partner. Raises InboxGap."""
        newest: dict[str, InboxRow] = {}
        for row in rows:
            before = newest[row.partner].seq if row.partner in newest else self._received_seq(row.partner)
            if row.seq != before + 1:
                raise InboxGap(partner=row.partner, expected=before + 1, found=row.seq)
            newest[row.partner] = row
        return newest

    def _received_seq(self, partner: str) -> int:
        found = self.first(_SQL["received_seq"], partner)
        return found[0] if found else 0

    def inbox(self, partner: str, *, start: int = 1, stop: int | None = None) -> Iterator[InboxRow]:
        def page(last: Found | None) -> list[Found]:
            return self.all(_SQL["page"], partner, start if last is None else last[1] + 1, stop, PAGE)

        return _INBOX.rows(self.pages(page))

    def inbox_reasons(self) -> Sequence[tuple[str, str, str, int]]:
        return [(partner, state, reason, number) for partner, state, reason, number in self.all(_SQL["reasons"])]

    def inbox_counts(self) -> Sequence[tuple[str, str, str, int]]:
        return [(partner, type_, state, number) for partner, type_, state, number in self.all(_SQL["counts"])]

    def is_new_nonce(self, key_id: str, nonce: str, now: datetime, forget_before: datetime) -> bool:
        self.run(_SQL["forget_nonces"], forget_before)
        return self.run(_SQL["add_nonce"], key_id, nonce, now) == 1
