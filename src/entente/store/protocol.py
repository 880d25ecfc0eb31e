"""What every store can do. One suite (tests/every/) runs over all implementations; each is native inside.

A write transaction is all or nothing, and writers of one database wait for each other: what it reads stays true until
it ends. Rows go in and come out as the frozen values of `rows`; times are aware UTC, bytes stay bytes. A refused call
(DoubleVersion, LedgerGap, OutboxGap, InboxGap, ForkedCheckpoint, NoSuchMessage, UnstorableValue) keeps nothing and
leaves the transaction usable; after any other error the transaction can only end, and nothing of it is kept.

Streams are read in pages; they end with their transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from entente.store.askings import Askings
from entente.store.duties import Duties
from entente.store.jobs import Jobs
from entente.store.keys import Keys
from entente.store.listing import Listing
from entente.store.outside import Outside
from entente.store.people import People
from entente.store.recalls import Recalls
from entente.store.retention import Retention
from entente.store.rows import (
    AccessRow,
    AgreementRow,
    AgreementSignatureRow,
    AgreementSuspensionRow,
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
from entente.store.sign_in import SignIn
from entente.store.witnesses import Witnesses


class Records(Protocol):
    """Record versions and imports."""

    def heads(self, ids: Sequence[str]) -> Mapping[str, Head]:
        """The newest version of each known id."""

    def add_records(self, rows: Sequence[RecordRow]) -> None:
        """Adds versions; the highest version of an id becomes the current one. Raises DoubleVersion."""

    def record(self, record_id: str, version: int | None = None) -> RecordRow | None:
        """One version, by default the current one."""

    def versions(self, record_id: str) -> Sequence[RecordRow]:
        """All versions, oldest first."""

    def current_records(
        self, kind: str | None = None, *, own: bool | None = None, after: str = "", limit: int = 1000
    ) -> Sequence[RecordRow]:
        """Current versions in order of id, after id `after`; own=True: only ours, False: only received. What was erased
        is left out."""

    def record_counts(self) -> Sequence[tuple[str, str | None, int]]:
        """(kind, via, number of current records), in order of kind and via."""

    def erase_record(self, record_id: str) -> int:
        """Empties bodies and digests of all versions, and the sealed bytes of messages that brought them, or carried
        them and are settled.

        The number of versions emptied. No list finds the record any more. Ids, handling and receipts stay; ledger
        openings are erased by erase_openings.
        """

    def put_intake(self, row: IntakeRow) -> None:
        """Adds or replaces an import by its id."""

    def intake(self, intake_id: str) -> IntakeRow | None:
        """One import."""

    def intakes(self) -> Sequence[IntakeRow]:
        """All imports, the last started first."""

    def add_quarantined(self, rows: Sequence[QuarantineRow]) -> None:
        """Adds bad rows; a row already there (same intake and line) is replaced."""

    def quarantined(self, intake: str | None = None, *, after: int = 0, limit: int = 1000) -> Sequence[QuarantineRow]:
        """Bad rows in order of intake and line; of one `intake`, those after the line `after`."""

    def quarantine_counts(self) -> Sequence[tuple[str, str, int]]:
        """(intake, fault code, number of rows), in order."""

    def log_access(self, row: AccessRow) -> None:
        """Writes down that somebody read records."""

    def accesses(self, limit: int = 100) -> Sequence[AccessRow]:
        """The last written first."""


class Ledger(Protocol):
    """Leaves and checkpoints."""

    def ledger_head(self) -> LedgerHead:
        """Size 0 and an empty frontier before the first entry. In a write transaction, locks out other writers."""

    def append_entries(self, rows: Sequence[EntryRow], head: LedgerHead) -> None:
        """Adds entries at the end and moves the head. Raises LedgerGap when the first index is not the present size."""

    def entries(self, start: int, stop: int) -> Iterator[EntryRow]:
        """Entries with start <= index < stop, in order, streamed."""

    def entries_before(self, index: int, limit: int, *, of_type: str = "", subject: str = "") -> Sequence[EntryRow]:
        """The last `limit` entries before `index`, the newest first; of one type, about one subject, or both."""

    def entries_about(self, subject: str) -> Sequence[EntryRow]:
        """Entries whose subject (record id, message id, agreement digest) is `subject`, in order."""

    def add_checkpoint(self, row: CheckpointRow) -> None:
        """Keeps a checkpoint; an equal note for the same origin and size is ignored. Raises ForkedCheckpoint."""

    def checkpoints(self, origin: str, start: int = 0) -> Sequence[CheckpointRow]:
        """Of one log, by size, from size `start` on."""

    def erase_openings(self, subject: str) -> int:
        """Empties opening and salt of the entries about `subject`; the leaves stay. The number of entries emptied."""


class Exchange(Protocol):
    """Partners, agreements, outbox and inbox."""

    def put_partner(self, row: PartnerRow) -> None:
        """Adds or replaces a partner."""

    def partners(self) -> Sequence[PartnerRow]:
        """In order of party."""

    def position(self, party: str) -> PositionRow:
        """Zeros for a partner without messages. In a write transaction, locks out other writers of this partner."""

    def put_officer(self, row: OfficerRow) -> None:
        """Adds or replaces an officer of a party."""

    def officers(self) -> Sequence[OfficerRow]:
        """In order of party and officer."""

    def add_agreement(self, row: AgreementRow) -> None:
        """The same bytes again are ignored."""

    def agreements(self) -> Sequence[AgreementRow]:
        """In order of name, version and digest."""

    def add_agreement_signature(self, row: AgreementSignatureRow) -> None:
        """Adds a signature; a later one of the same officer on the same agreement replaces it."""

    def agreement_signatures(self, agreement: str | None = None) -> Sequence[AgreementSignatureRow]:
        """In order of agreement, party and officer."""

    def add_agreement_suspension(self, row: AgreementSuspensionRow) -> None:
        """Adds a suspension; a later one of the same officer of the same agreement is ignored."""

    def agreement_suspensions(self) -> Sequence[AgreementSuspensionRow]:
        """In order of agreement, party and officer."""

    def queue(self, rows: Sequence[OutboxRow]) -> None:
        """Adds messages and moves the sent positions. Raises OutboxGap unless sequences follow on."""

    def claim(self, partner: str, worker: str, now: datetime, lease_until: datetime, limit: int) -> Sequence[OutboxRow]:
        """Leases the first unsettled messages (state queued or sent) of `partner` that are due, in order, no seq
        missing.

        Stops before the first message that is put off beyond `now` or under another worker's lease: order is kept, so
        a message that waits holds back those behind it. State becomes sent, attempts + 1, next_try_at None.
        """

    def settle(self, partner: str, seq: int, state: str, reason: str, receipt: bytes | None) -> None:
        """The partner answered: final state, its receipt; releases the lease. Raises NoSuchMessage."""

    def settle_run(self, partner: str, settled: Sequence[tuple[int, str, str]], receipt: bytes) -> None:
        """As `settle` for many: (seq, state, reason) in order; `receipt` is kept with the last. Raises
        NoSuchMessage."""

    def put_off(self, partner: str, seqs: Sequence[int], next_try_at: datetime, reason: str) -> None:
        """No answer: releases the lease, tries again later; state becomes queued. Settled messages stay settled."""

    def requeue(self, partner: str, seqs: Sequence[int]) -> None:
        """Sends again (after a gap was found), settled or not: state queued, due at once; an old receipt stays."""

    def requeue_unsettled(self, partner: str) -> int:
        """As `requeue`, for all that was put off or is under a lease; how many messages. Costs what waits, not what
        was ever sent."""

    def replace_sealed(self, partner: str, seq: int, sealed: bytes) -> None:
        """The message travels as `sealed` from now on (its body was taken back); nothing else changes.

        Raises NoSuchMessage.
        """

    def last_sent(self, partner: str, record_id: str) -> str | None:
        """The id of the newest message for `partner` that carries a version of this record."""

    def outbox(self, partner: str, *, start: int = 1, stop: int | None = None) -> Iterator[OutboxRow]:
        """Messages with start <= seq < stop, in order, streamed."""

    def newest_receipt(self, partner: str) -> bytes | None:
        """What the partner signed for the highest message that has a receipt."""

    def outbox_reasons(self) -> Sequence[tuple[str, str, str, int]]:
        """(partner, state, reason, number), in order; most messages have an empty reason."""

    def waiting(self) -> Sequence[tuple[str, int, datetime]]:
        """(partner, number of messages without a final answer, when the oldest of them was made), in order."""

    def outbox_counts(self) -> Sequence[tuple[str, str, str, int]]:
        """(partner, type, state, number), in order."""

    def outbox_states(self, partner: str, start: int, stop: int) -> Sequence[tuple[str, str, int]]:
        """(type, state, number) of the messages with start <= seq < stop, in order of type and state."""

    def add_inbox(self, rows: Sequence[InboxRow]) -> None:
        """Adds messages and moves the received positions. Raises InboxGap unless sequences follow on."""

    def inbox(self, partner: str, *, start: int = 1, stop: int | None = None) -> Iterator[InboxRow]:
        """Messages with start <= seq < stop, in order, streamed."""

    def inbox_reasons(self) -> Sequence[tuple[str, str, str, int]]:
        """(partner, state, reason, number), in order; most messages have an empty reason."""

    def inbox_counts(self) -> Sequence[tuple[str, str, str, int]]:
        """(partner, type, state, number), in order."""

    def is_new_nonce(self, key_id: str, nonce: str, now: datetime, forget_before: datetime) -> bool:
        """Keeps the nonce; False when it was there. Drops those seen before `forget_before`."""

    def add_decisions(self, rows: Sequence[DecisionRow], explanations: Sequence[ExplanationRow]) -> None:
        """Adds decisions and those explanations that are new; every mask must be explained, now or before.

        A later decision about the same record version, partner and purpose replaces the earlier one.
        """

    def decisions(self, record_id: str) -> Sequence[DecisionRow]:
        """In order of version, partner and purpose."""

    def decisions_of(self, mask: str, decided_at: datetime, limit: int) -> Sequence[DecisionRow]:
        """The first `limit` decisions that were made at this moment and share this explanation, in order of record."""

    def explanation(self, mask: str) -> ExplanationRow | None:
        """The explanation that decisions with this mask share."""

    def decision_counts(self) -> Sequence[tuple[str, str, str, str, int]]:
        """(partner, purpose, outcome, mask, number), in order; of each record only the highest version decided upon."""

    def put_release(self, row: ReleaseRow) -> None:
        """Adds or replaces a waiting disclosure by its id."""

    def release(self, release_id: str) -> ReleaseRow | None:
        """One of them."""

    def releases(self, state: str | None = None) -> Sequence[ReleaseRow]:
        """In order of creation."""


class Settings(Protocol):
    """Small facts about the node itself (party, schema version, ...)."""

    def setting(self, name: str) -> str | None:
        """The value, None when it was never put."""

    def put_setting(self, name: str, value: str) -> None:
        """Adds or replaces a setting."""


class Tables(Protocol):
    """Whole tables, for moving a store to another database (entente.store.tables names them)."""

    def dump(self, table: str) -> Iterator[object]:
        """All rows of a table in order of its key, streamed."""

    def load(self, table: str, rows: Sequence[object]) -> None:
        """Adds dumped rows as they are, page after page, to a store that was empty: no gaps are checked."""

    def is_empty(self, table: str) -> bool:
        """True when the table holds no row."""


class Transaction(
    Records,
    Ledger,
    Exchange,
    Duties,
    Askings,
    People,
    SignIn,
    Listing,
    Recalls,
    Retention,
    Keys,
    Witnesses,
    Settings,
    Jobs,
    Outside,
    Tables,
    Protocol,
):
    """Everything, inside one transaction."""


class Store(Protocol):
    """A database with its own schema; threads may share it. `migrate` creates or updates the schema."""

    @property
    def where(self) -> str:
        """The database's address without secrets."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """A read transaction: one snapshot. Raises EmptyStore, OlderSchema, NewerSchema and what `writing` raises."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """A write transaction: commits at the end, rolls back on any error.

        Raises StoreBusy, StoreFull, StoreUnavailable, StoreDamaged, EmptyStore, OlderSchema, NewerSchema. It belongs to
        one thread of control: a second one opened inside it waits for itself until StoreBusy.
        """

    def needs_migration(self) -> bool:
        """True for a new database or an older schema. Raises NewerSchema, ForeignDatabase."""

    def schema(self) -> tuple[str | None, str]:
        """The schema that is there (None for a new database), and the one of this program. Raises ForeignDatabase."""

    def migrate(self) -> None:
        """Creates or updates the schema. Raises NewerSchema, ForeignDatabase. Several processes may call it at once."""

    def size_bytes(self) -> int:
        """What the database occupies on disk."""

    def backup(self, target: str) -> None:
        """SQLite: a consistent copy at path `target` while in use. Raises BackupExists.

        PostgreSQL: raises UseYourOwnBackup with the command.
        """

    def close(self) -> None:
        """Closes idle connections; transactions that still run close theirs at their end."""
