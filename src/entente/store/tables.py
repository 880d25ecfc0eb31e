"""The tables of a store, as every engine has them. In this order rows refer only to rows before them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from entente.store.askings import AskingRow
from entente.store.jobs import JobRow, TurnRow
from entente.store.keys import FormerOfficerRow, KeyRow
from entente.store.listing import ListingRow
from entente.store.outside import OutsideRow
from entente.store.people import AccountRow, AttemptRow, SessionRow
from entente.store.recalls import RecalledRow, RecallRow, RedisclosureRow
from entente.store.retention import HoldRow
from entente.store.rows import (
    AgreementRow,
    AgreementSignatureRow,
    AgreementSuspensionRow,
    CheckpointRow,
    DecisionRow,
    DutyRow,
    EntryRow,
    EvidenceRow,
    ExplanationRow,
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
from entente.store.sign_in import IdentityRow, PasskeyRow, StepRow
from entente.store.witnesses import AccusationRow, ComparisonRow, CosignatureRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedAccess:
    """An AccessRow with its place in the log."""

    number: int
    at: datetime
    who: str
    why: str
    kind: str
    count: int
    ids_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NonceRow:
    """A nonce that a key has used."""

    key_id: str
    nonce: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """A fact about the node."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns are the fields of `row` in their order; `key` orders the rows."""

    row: type[Any]  # a dataclass
    key: tuple[str, ...]


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "setting": Table(SettingRow, ("name",)),
        "partner": Table(PartnerRow, ("party",)),
        "position": Table(PositionRow, ("party",)),
        "officer": Table(OfficerRow, ("party", "officer")),
        "node_key": Table(KeyRow, ("party", "kind", "public_key")),
        "former_officer": Table(FormerOfficerRow, ("party", "officer", "public_key")),
        "agreement": Table(AgreementRow, ("digest",)),
        "agreement_signature": Table(AgreementSignatureRow, ("agreement", "party", "officer")),
        "agreement_suspension": Table(AgreementSuspensionRow, ("agreement", "party", "officer")),
        "record": Table(RecordRow, ("id", "version")),
        "intake": Table(IntakeRow, ("id",)),
        "quarantine": Table(QuarantineRow, ("intake", "line")),
        "access": Table(NumberedAccess, ("number",)),
        "ledger_head": Table(LedgerHead, ("size",)),
        "entry": Table(EntryRow, ("index",)),
        "checkpoint": Table(CheckpointRow, ("origin", "size")),
        "outbox": Table(OutboxRow, ("partner", "seq")),
        "inbox": Table(InboxRow, ("partner", "seq")),
        "nonce": Table(NonceRow, ("key_id", "nonce")),
        "explanation": Table(ExplanationRow, ("mask",)),
        "decision": Table(DecisionRow, ("record_id", "partner", "purpose", "record_version")),
        "release": Table(ReleaseRow, ("id",)),
        "duty": Table(DutyRow, ("direction", "partner", "about")),
        "asking": Table(AskingRow, ("direction", "partner", "about")),
        "evidence": Table(EvidenceRow, ("finding_id", "finding_version", "record_id")),
        "account": Table(AccountRow, ("name",)),
        "session": Table(SessionRow, ("token",)),
        "attempt": Table(AttemptRow, ("name",)),
        "passkey": Table(PasskeyRow, ("id",)),
        "identity": Table(IdentityRow, ("issuer", "subject")),
        "step": Table(StepRow, ("token", "kind")),
        "listing": Table(ListingRow, ("record_id",)),
        "hold": Table(HoldRow, ("record_id",)),
        "cosignature": Table(CosignatureRow, ("witness", "size")),
        "comparison": Table(ComparisonRow, ("party",)),
        "accusation": Table(AccusationRow, ("id",)),
        "turn": Table(TurnRow, ("name",)),
        "job": Table(JobRow, ("name",)),
        "recall": Table(RecallRow, ("direction", "partner", "about")),
        "recalled": Table(RecalledRow, ("said_by", "record_id", "held_id")),
        "redisclosure": Table(RedisclosureRow, ("direction", "partner", "id")),
        "outside": Table(OutsideRow, ("party",)),
    }
)
