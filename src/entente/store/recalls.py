"""The part of every store (entente.store.protocol) that knows what was called back, what may not come back, and what an
originator let its holder hand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from entente.store.rows import InboxRow, OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallRow:
    """A record is called back: by us from `partner` (`given`), or by `partner` from us (`taken`).

    `about` is the message that brought it there, `id` the message of the recall; `cause` is the recall that this one
    passes on, empty for one of our own. `state` is one of entente.exchange.states.RECALL; `receipt` the body of the
    latest erasure receipt. Whether it is overdue follows from `due` and is never kept.
    """

    direction: str
    partner: str
    about: str
    id: str
    record_id: str
    agreement: str
    reason: str
    note: str
    wanted: str
    due: datetime | None
    state: str
    cause: str
    who: str
    is_simulated: bool
    created_at: datetime
    settled_at: datetime | None = None
    receipt: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledRow:
    """What may not come back: `record_id` as `said_by` calls it, `held_id` as it was held here, called back by `via`.

    `mark` is a keyed digest of what it said, which finds the same facts under another id and tells nothing to others.
    """

    said_by: str
    record_id: str
    held_id: str
    via: str
    kind: str
    wanted: str
    reason: str
    recall: str
    mark: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisclosureRow:
    """`partner`, the originator's side, is asked by us (`asked`), or asks us (`asked-of-us`), whether the record of the
    message `about` may go to `recipient` for `purpose`.

    `id` is the message that asks. `fields` is canonical JSON: the names granted. `why` is the holder's, `answer` the
    originator's word; `granted_until` the last day (UTC) of the grant.
    """

    direction: str
    partner: str
    id: str
    about: str
    record_id: str
    recipient: str
    purpose: str
    why: str
    agreement: str
    state: str
    fields: bytes
    granted_until: date | None
    answer: str
    is_simulated: bool
    created_at: datetime
    answered_at: datetime | None = None


class Recalls(Protocol):
    """Recalls, what may not come back, re-disclosure, and the messages by the record they carried."""

    def put_recall(self, row: RecallRow) -> None:
        """Adds or replaces the recall about one message."""

    def recalls(self, direction: str | None = None, *, record_id: str | None = None) -> Sequence[RecallRow]:
        """In order of creation, direction, partner and message."""

    def recall(self, recall_id: str) -> RecallRow | None:
        """The one whose own message has this id."""

    def recalled_from(self, partner: str, record_ids: Sequence[str]) -> frozenset[str]:
        """Those of the records that we called back from `partner`, which has not refused it."""

    def passed_on(self, cause: str) -> Sequence[RecallRow]:
        """Those that pass on the recall `cause`, in order of partner and message."""

    def put_recalled(self, row: RecalledRow) -> None:
        """Adds or replaces what may not come back, by its originator and the id that one gave it."""

    def recalled(self) -> Sequence[RecalledRow]:
        """The last first."""

    def recalled_as(self, record_id: str) -> Sequence[RecalledRow]:
        """Those that are called so by their originator, or were held here under this id."""

    def recalled_by_mark(self, marks: Sequence[str]) -> Sequence[RecalledRow]:
        """Those with one of these marks."""

    def mark_forms(self) -> Sequence[str]:
        """What stands before the `=` of marks, each once, in order."""

    def unsupported_evidence(self, finding_id: str, finding_version: int) -> Sequence[str]:
        """Ids of the records behind a finding that were erased here or may be used no more, in order."""

    def put_redisclosure(self, row: RedisclosureRow) -> None:
        """Adds or replaces what was asked, by direction, partner and the message that asks."""

    def redisclosures(self, direction: str | None = None) -> Sequence[RedisclosureRow]:
        """In order of creation and message."""

    def sent_of(self, record_id: str) -> Sequence[OutboxRow]:
        """Messages that carried any version of the record, in order of partner and number."""

    def sent_message(self, partner: str, message_id: str) -> OutboxRow | None:
        """One message to `partner`."""

    def received_of(self, record_id: str) -> Sequence[InboxRow]:
        """Messages that brought any version of what is held as this record, in order of partner and number."""

    def received_message(self, partner: str, message_id: str) -> InboxRow | None:
        """One message from `partner`."""

    def erase_received(self, partner: str, message_id: str) -> int:
        """Empties the sealed bytes of one message; 1, or 0 where there were none."""

    def put_handling(self, record_id: str, handling: bytes) -> int:
        """Replaces what all versions of a record are held under; how many there are."""
