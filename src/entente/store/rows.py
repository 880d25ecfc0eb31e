"""What the store holds, row by row. Bodies are canonical bytes; the store never looks inside a disclosure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

AsWritten = Annotated[str, "as written"]
"""Text from a file or a file's name: it may hold NUL or broken Unicode, so every store keeps it as bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One version of a record. `body` is canonical(Record.to_json()); `via` is the partner it came from, None: our own.

    `handling` is the canonical JSON of what it is held under (agreement, purposes, caveats, duties); None for our own.
    After erasure `body`, `digest` and `content_digest` are empty: a digest of few possible values tells which it was.
    """

    id: str
    version: int
    kind: str
    said_by: str
    digest: str
    content_digest: str
    body: bytes
    recorded_at: datetime
    is_simulated: bool
    via: str | None = None
    handling: bytes | None = None
    retain_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest version of one record."""

    id: str
    version: int
    digest: str
    content_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRow:
    """One import of one file. `state` is waiting, reading, done or failed; counts grow with every chunk.

    `size` and `position` are bytes of the file, and how many of them were read; `header` is the text of its header row.
    `corrects` is the id of the import whose bad rows this file corrects, empty for none.
    """

    id: str
    source: AsWritten
    source_digest: str
    reader: str
    who: str
    started_at: datetime
    state: str
    finished_at: datetime | None = None
    kept: int = 0
    unchanged: int = 0
    quarantined: int = 0
    size: int = 0
    position: int = 0
    header: AsWritten = ""
    corrects: str = ""
    is_simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """A bad row: `code` and `details` make the sentence in any language; `row` is its text as written."""

    intake: str
    line: int
    field: AsWritten
    code: str
    value: AsWritten
    details: bytes
    row: AsWritten


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One leaf of the ledger: `data` is hashed into the tree, `opening` (facts) and `salt` open its commitment.

    After erasure `opening` and `salt` are None and the leaf still stands.
    """

    index: int
    type: str
    at: datetime
    subject: str
    data: bytes
    leaf_hash: bytes
    opening: bytes | None
    salt: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """Size of the tree and its frontier (entente.ledger.Frontier.to_bytes)."""

    size: int
    frontier: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRow:
    """A signed checkpoint (note bytes) of `origin` at `size`; our own or a partner's."""

    origin: str
    size: int
    note: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """The exact bytes of an agreement; its id is their digest."""

    digest: str
    name: str
    version: int
    source: bytes
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSignatureRow:
    """One officer's signature on an agreement; `body` is the canonical JSON of entente.agreements.OfficerSignature."""

    agreement: str
    party: str
    officer: str
    body: bytes
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSuspensionRow:
    """One officer has suspended an agreement; `body` is the canonical JSON of entente.agreements.Suspension.

    `public_key` (base64) is the officer's key as it was known when the suspension came in.
    """

    agreement: str
    party: str
    officer: str
    public_key: str
    body: bytes
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRow:
    """An officer who may sign for a party: role id, title, public key (base64), validity."""

    party: str
    officer: str
    title: str
    public_key: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A partner's node: where it answers and its pinned public key (base64). Positions are in PositionRow."""

    party: str
    url: str
    public_key: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """The ends of both streams with a partner: last sequence number and id, 0 and empty before the first."""

    party: str
    sent_seq: int
    sent_id: str
    received_seq: int
    received_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message for a partner. `state` is one of entente.exchange.states; `receipt` is the partner's signed answer.

    `sealed` is empty once the record it carried is erased.
    """

    partner: str
    seq: int
    id: str
    type: str
    state: str
    sealed: bytes
    record_id: str | None
    record_version: int | None
    created_at: datetime
    attempts: int = 0
    next_try_at: datetime | None = None
    leased_by: str | None = None
    leased_until: datetime | None = None
    reason: str = ""
    receipt: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A message from a partner, with what we made of it (accepted, quarantined, refused), why, and its ledger entry.

    `record_id` is the record it brought, as it is held here; `sealed` is empty once that is erased.
    """

    partner: str
    seq: int
    id: str
    type: str
    state: str
    reason: str
    sealed: bytes
    received_at: datetime
    ledger_index: int
    record_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """What was decided about one record version for one partner and purpose. `mask` names an ExplanationRow."""

    record_id: str
    record_version: int
    partner: str
    purpose: str
    outcome: str
    mask: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationRow:
    """A decision's fields, withheld fields and reasons (canonical JSON), kept once for all records that share them."""

    mask: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """A disclosure that waits for people. `approvals` is canonical JSON: who approved, when.

    `state` is waiting, released or refused.
    """

    id: str
    record_id: str
    record_version: int
    partner: str
    purpose: str
    state: str
    needs: int
    approvals: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """What is owed about the message `about`: by us to its sender (`owed-by-us`), or to us by its recipient.

    `state` is one of entente.exchange.states.FEEDBACK; `outcome` a code of the list `outcome`, empty before one is
    told. `due` is None where no provision sets days. Whether it is overdue follows from `due` and is never kept;
    `reminded` is the stage (entente.node.reminding) that the ledger last told of it, empty before the first.
    """

    direction: str
    partner: str
    about: str
    record_id: str
    record_version: int
    agreement: str
    due: datetime | None
    state: str
    outcome: str
    note: str
    is_simulated: bool
    created_at: datetime
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    reminded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A version of a finding rests on this version of a record."""

    finding_id: str
    finding_version: int
    record_id: str
    record_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """Somebody read records: who, why, which kind, how many, and the digest of the list of ids."""

    at: datetime
    who: str
    why: str
    kind: str
    count: int
    ids_digest: str
