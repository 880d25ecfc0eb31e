"""What every store can do. One suite (tests/every/) runs over all implementations; each is native inside.

A write transaction is all or nothing, and writers of one database wait for each other. Rows go in and come out as the frozen
values of `rows`; times are aware UTC, bytes stay bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from entente.store.rows import (
    AccessRow,
    AgreementRow,
    AgreementSignatureRow,
    CheckpointRow,
    DecisionRow,
    EntryRow,
    ExplanationRow,
    Head,
    InboxRow,
    IntakeRow,
    LedgerHead,
    OfficerRow,
    OutboxRow,
    PartnerRow,
    PositionRow,
    QuarantineRow,
    RecordRow,
    ReleaseRow,
)


class Records(Protocol):
    """Record versions and imports."""

    def heads(self, ids: Sequence[str]) -> Mapping[str, Head]:
        """The newest version of each known id."""

    def add_records(self, rows: Sequence[RecordRow]) -> None:
        """Adds versions; the newest version of an id becomes the current one. Raises DoubleVersion."""

    def record(self, record_id: str, version: int | None = None) -> RecordRow | None:
        """One version, by default the current one."""

    def versions(self, record_id: str) -> Sequence[RecordRow]:
        """All versions, oldest first."""

    def current_records(
        self, kind: str | None = None, *, own: bool | None = None, after: str = "", limit: int = 1000
    ) -> Sequence[RecordRow]:
        """Current versions in order of id, after id `after` (keyset paging); own=True only ours, False only received."""

    def record_counts(self) -> Sequence[tuple[str, str | None, int]]:
        """(kind, via, number of current records)."""

    def put_intake(self, row: IntakeRow) -> None:
        """Adds or replaces an import by its id."""

    def intakes(self) -> Sequence[IntakeRow]:
        """All imports, newest first."""

    def add_quarantined(self, rows: Sequence[QuarantineRow]) -> None:
        """Adds bad rows; a row already there (same intake and line) is replaced."""

    def quarantined(self, intake: str | None = None, *, limit: int = 1000) -> Sequence[QuarantineRow]:
        """Bad rows by intake and line."""

    def quarantine_counts(self) -> Sequence[tuple[str, str, int]]:
        """(intake, fault code, number of rows)."""

    def log_access(self, row: AccessRow) -> None:
        """Writes down that somebody read records."""

    def accesses(self, limit: int = 100) -> Sequence[AccessRow]:
        """Newest first."""


class Ledger(Protocol):
    """Leaves and checkpoints."""

    def ledger_head(self) -> LedgerHead:
        """Size 0 and an empty frontier before the first entry. In a write transaction, locks out other writers."""

    def append_entries(self, rows: Sequence[EntryRow], head: LedgerHead) -> None:
        """Adds entries at the end and moves the head. Raises LedgerGap when the first index is not the present size."""

    def entries(self, start: int, stop: int) -> Iterator[EntryRow]:
        """Entries with start <= index < stop, in order, streamed."""

    def entries_about(self, subject: str) -> Sequence[EntryRow]:
        """Entries whose subject (record id, message id, agreement digest) is `subject`, in order."""

    def add_checkpoint(self, row: CheckpointRow) -> None:
        """Keeps a checkpoint; the same origin and size again is ignored when the note is equal. Raises ForkedCheckpoint."""

    def checkpoints(self, origin: str) -> Sequence[CheckpointRow]:
        """Of one log, by size."""


class Exchange(Protocol):
    """Partners, agreements, outbox and inbox."""

    def put_partner(self, row: PartnerRow) -> None: ...
    def partners(self) -> Sequence[PartnerRow]: ...
    def position(self, party: str) -> PositionRow:
        """Zeros for a partner without messages. In a write transaction, locks out other writers of this partner."""

    def put_officer(self, row: OfficerRow) -> None: ...
    def officers(self) -> Sequence[OfficerRow]: ...
    def add_agreement(self, row: AgreementRow) -> None:
        """The same bytes again are ignored."""

    def agreements(self) -> Sequence[AgreementRow]: ...
    def add_agreement_signature(self, row: AgreementSignatureRow) -> None: ...
    def agreement_signatures(self, agreement: str | None = None) -> Sequence[AgreementSignatureRow]: ...

    def queue(self, rows: Sequence[OutboxRow]) -> None:
        """Adds messages and moves the sent position of their partner. Raises OutboxGap unless sequences follow on."""

    def claim(self, partner: str, worker: str, now: datetime, lease_until: datetime, limit: int) -> Sequence[OutboxRow]:
        """Leases the first messages of `partner` that are queued or sent without receipt and due (next_try_at, leases), in
        order and without a hole; state becomes sent, attempts + 1. Nothing while another worker's lease on them lasts."""

    def settle(self, partner: str, seq: int, state: str, reason: str, receipt: bytes | None) -> None:
        """The partner answered: final state, its receipt; releases the lease."""

    def put_off(self, partner: str, seqs: Sequence[int], next_try_at: datetime, reason: str) -> None:
        """No answer: releases the lease, tries again later; state becomes queued."""

    def requeue(self, partner: str, seqs: Sequence[int]) -> None:
        """Sends again (after a gap was found): state queued, due at once."""

    def outbox(self, partner: str, *, start: int = 1, stop: int | None = None) -> Iterator[OutboxRow]:
        """Messages with start <= seq < stop in order, streamed."""

    def outbox_counts(self) -> Sequence[tuple[str, str, str, int]]:
        """(partner, type, state, number)."""

    def add_inbox(self, rows: Sequence[InboxRow]) -> None:
        """Adds messages and moves the received position of their partner. Raises InboxGap unless sequences follow on."""

    def inbox(self, partner: str, *, start: int = 1, stop: int | None = None) -> Iterator[InboxRow]: ...
    def inbox_counts(self) -> Sequence[tuple[str, str, str, int]]:
        """(partner, type, state, number)."""

    def is_new_nonce(self, key_id: str, nonce: str, now: datetime, forget_before: datetime) -> bool:
        """Keeps the nonce; False when it was there. Drops those seen before `forget_before`."""

    def add_decisions(self, rows: Sequence[DecisionRow], explanations: Sequence[ExplanationRow]) -> None:
        """Adds decisions (a later one for the same record version, partner and purpose replaces) and new explanations."""

    def decisions(self, record_id: str) -> Sequence[DecisionRow]: ...
    def explanation(self, mask: str) -> ExplanationRow | None: ...
    def decision_counts(self) -> Sequence[tuple[str, str, str, str, int]]:
        """(partner, purpose, outcome, mask, number of current decisions)."""

    def put_release(self, row: ReleaseRow) -> None: ...
    def release(self, release_id: str) -> ReleaseRow | None: ...
    def releases(self, state: str | None = None) -> Sequence[ReleaseRow]: ...


class Settings(Protocol):
    """Small facts about the node itself (party, schema version, ...)."""

    def setting(self, name: str) -> str | None: ...
    def put_setting(self, name: str, value: str) -> None: ...


class Transaction(Records, Ledger, Exchange, Settings, Protocol):
    """Everything, inside one transaction."""


class Store(Protocol):
    """A database with its own schema. Opening checks the schema version; `migrate` brings it up to date."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """A read transaction: one snapshot."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """A write transaction: commits at the end, rolls back on any error. Raises StoreBusy, StoreFull, StoreUnavailable."""

    def migrate(self) -> None:
        """Creates or updates the schema. Raises NewerSchema when the database is ahead of this program."""

    def size_bytes(self) -> int:
        """What the database occupies."""

    def backup(self, target: str) -> None:
        """SQLite: a consistent copy at path `target` while in use; PostgreSQL: raises UseYourOwnBackup with the command."""

    def close(self) -> None: ...
