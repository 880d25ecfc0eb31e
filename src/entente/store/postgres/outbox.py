"""The outbox in PostgreSQL: written with what it tells of, claimed with leases, in gapless order per partner."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from entente.store.errors import NoSuchMessage, OutboxGap
from entente.store.postgres.session import PAGE, Found, Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import OutboxRow
from entente.store.settling import Settled, settling

_SQL = named_queries(__file__)
_OUTBOX = Shape(OutboxRow)


class Outbox(Session):
    def queue(self, rows: Sequence[OutboxRow]) -> None:
        values = _OUTBOX.all_values(rows)
        for partner, last in self._last_of(rows).items():
            self.run(_SQL["move_sent"], partner, last.seq, last.id)
        self.copy(_SQL["add"], _OUTBOX.types, values)

    def _last_of(self, rows: Sequence[OutboxRow]) -> dict[str, OutboxRow]:
        """The last message for each partner. Raises OutboxGap."""
        last: dict[str, OutboxRow] = {}
        for row in rows:
            before = last[row.partner].seq if row.partner in last else self._sent_seq(row.partner)
            if row.seq != before + 1:
                raise OutboxGap(partner=row.partner, expected=before + 1, found=row.seq)
            last[row.partner] = row
        return last

    def _sent_seq(self, partner: str) -> int:
        found = self.first(_SQL["sent_seq"], partner)
        return found[0] if found else 0

    def claim(self, partner: str, worker: str, now: datetime, lease_until: datetime, limit: int) -> Sequence[OutboxRow]:
        found = self.all(_SQL["claim"], partner, worker, now, lease_until, limit)
        return sorted(_OUTBOX.rows(found), key=lambda row: row.seq)  # RETURNING promises no order

    def settle(self, partner: str, seq: int, state: str, reason: str, receipt: bytes | None) -> None:
        if self.run(_SQL["settle"], partner, seq, state, reason, receipt) == 0:
            raise NoSuchMessage(partner=partner, seq=seq)

    def settle_run(self, partner: str, settled: Settled, receipt: bytes) -> None:
        if self.run_many(_SQL["settle"], settling(partner, settled, receipt)) != len(settled):
            held = {row.seq for row in self.outbox(partner, start=settled[0][0], stop=settled[-1][0] + 1)}
            raise NoSuchMessage(partner=partner, seq=next(seq for seq, _, _ in settled if seq not in held))

    def put_off(self, partner: str, seqs: Sequence[int], next_try_at: datetime, reason: str) -> None:
        self.run(_SQL["put_off"], partner, list(seqs), next_try_at, reason)

    def requeue(self, partner: str, seqs: Sequence[int]) -> None:
        self.run(_SQL["requeue"], partner, list(seqs))

    def requeue_unsettled(self, partner: str) -> int:
        return self.run(_SQL["requeue_unsettled"], partner)

    def replace_sealed(self, partner: str, seq: int, sealed: bytes) -> None:
        if self.run(_SQL["replace_sealed"], partner, seq, sealed) == 0:
            raise NoSuchMessage(partner=partner, seq=seq)

    def last_sent(self, partner: str, record_id: str) -> str | None:
        found = self.first(_SQL["last_sent"], record_id, partner)
        return found[0] if found else None

    def outbox(self, partner: str, *, start: int = 1, stop: int | None = None) -> Iterator[OutboxRow]:
        def page(last: Found | None) -> list[Found]:
            return self.all(_SQL["page"], partner, start if last is None else last[1] + 1, stop, PAGE)

        return _OUTBOX.rows(self.pages(page))

    def newest_receipt(self, partner: str) -> bytes | None:
        found = self.first(_SQL["newest_receipt"], partner)
        return found[0] if found else None

    def outbox_reasons(self) -> Sequence[tuple[str, str, str, int]]:
        return [(partner, state, reason, number) for partner, state, reason, number in self.all(_SQL["reasons"])]

    def waiting(self) -> Sequence[tuple[str, int, datetime]]:
        return [(partner, number, oldest) for partner, number, oldest in self.all(_SQL["waiting"])]

    def outbox_counts(self) -> Sequence[tuple[str, str, str, int]]:
        return [(partner, type_, state, number) for partner, type_, state, number in self.all(_SQL["counts"])]

    def outbox_states(self, partner: str, start: int, stop: int) -> Sequence[tuple[str, str, int]]:
        return [(type_, state, number) for type_, state, number in self.all(_SQL["states"], partner, start, stop)]
