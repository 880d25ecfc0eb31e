"""The part of every store (entente.store.protocol) that knows what partners ask each other: queries and requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.store.rows import InboxRow, OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingRow:
    """One question, ours (`asked-by-us`) or a partner's (`asked-of-us`), by the id of its message `about`.

    `type` is query or request, `state` one of the machines QUERY and REQUEST (entente.exchange.states), `body` what was
    asked as it was sent. `outcome` is a code of the list `query-outcome`, `reason` why it was refused; both may be
    empty. `found` and `approvals` are canonical JSON lists: records as [id, version], and the officers who agreed.
    `leaves_at`: the tick on which the answer goes; `settled_at`: when the last thing was said about it.
    """

    direction: str
    partner: str
    about: str
    type: str
    agreement: str
    purpose: str
    kind: str
    urgency: str
    due: datetime | None
    state: str
    body: bytes
    outcome: str
    reason: str
    note: str
    who: str
    found: bytes
    approvals: bytes
    is_simulated: bool
    created_at: datetime
    leaves_at: datetime | None = None
    settled_at: datetime | None = None


class Askings(Protocol):
    """Questions between partners."""

    def put_asking(self, row: AskingRow) -> None:
        """Adds or replaces one question."""

    def asking(self, direction: str, partner: str, about: str) -> AskingRow | None:
        """The question in this message."""

    def askings(self, direction: str | None = None, *, state: str | None = None) -> Iterator[AskingRow]:
        """In order of direction, partner and message, streamed."""

    def latest_askings(self, partner: str, agreement: str, purpose: str, type_: str, limit: int) -> Sequence[AskingRow]:
        """The newest questions of this type that `partner` asked of us under one agreement for one purpose, newest
        first."""

    def asking_number(self, partner: str, agreement: str, purpose: str, type_: str, since: datetime) -> int:
        """How many of them came at or after `since`."""

    def settled_askings(self, before: datetime) -> Iterator[AskingRow]:
        """Those settled before then that are not erased, in order of direction, partner and message, streamed."""

    def sent_about_questions(self) -> Iterator[OutboxRow]:
        """Messages to anybody that ask or answer or refuse, and are not erased, in order of partner and number."""

    def received_about_questions(self) -> Iterator[InboxRow]:
        """As `sent_about_questions`, of what came."""

    def asking_counts(self, now: datetime) -> Sequence[tuple[str, str, str, int, int]]:
        """(direction, partner, type, number open and not erased, how many of them were due before `now`), in
        order."""
