"""The tables of a store, as every engine has them. In this order rows refer only to rows before them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from entente.store.listing import ListingRow
from entente.store.people import AccountRow, AttemptRow, SessionRow
from entente.store.rows import (
    AgreementRow,
    AgreementSignatureRow,
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
        "agreement": Table(AgreementRow, ("digest",)),
        "agreement_signature": Table(AgreementSignatureRow, ("agreement", "party", "officer")),
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
        "evidence": Table(EvidenceRow, ("finding_id", "finding_version", "record_id")),
        "account": Table(AccountRow, ("name",)),
        "session": Table(SessionRow, ("token",)),
        "attempt": Table(AttemptRow, ("name",)),
        "listing": Table(ListingRow, ("record_id",)),
    }
)
