"""Rows for tests of stores: everything a test does not care about has a value already."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from entente.store import (
    AccessRow,
    AccountRow,
    AgreementRow,
    AgreementSignatureRow,
    AgreementSuspensionRow,
    AttemptRow,
    CheckpointRow,
    DecisionRow,
    DutyRow,
    EntryRow,
    EvidenceRow,
    ExplanationRow,
    FormerOfficerRow,
    IdentityRow,
    InboxRow,
    IntakeRow,
    KeyRow,
    LedgerHead,
    ListingRow,
    OfficerRow,
    OutboxRow,
    PartnerRow,
    PasskeyRow,
    QuarantineRow,
    RecordRow,
    ReleaseRow,
    SessionRow,
    StepRow,
    Transaction,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CBSA, DEA = "ca.cbsa", "us.dea"


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def record(record_id: str = "r1", version: int = 1, **parts: Any) -> RecordRow:
    digest = f"sha256:{record_id}/{version}"
    usual = {
        "kind": "seizures.seizure",
        "said_by": "us.cbp",
        "digest": digest,
        "content_digest": digest + "/content",
        "body": f'{{"id":"{record_id}","version":{version}}}'.encode(),
        "recorded_at": NOON,
        "is_simulated": False,
    }
    return RecordRow(**{"id": record_id, "version": version, **usual, **parts})


def received(record_id: str, version: int = 1, **parts: Any) -> RecordRow:
    held = {"via": CBSA, "handling": b'{"purposes":["statistics"]}', "retain_until": date(2031, 3, 31)}
    return record(record_id, version, **{**held, **parts})


def entry(index: int, subject: str = "r1", **parts: Any) -> EntryRow:
    usual = {
        "type": "kept",
        "at": later(index),
        "data": b"leaf %d" % index,
        "leaf_hash": bytes([index % 256]) * 32,
        "opening": b"facts %d" % index,
        "salt": bytes(32),
    }
    return EntryRow(**{"index": index, "subject": subject, **usual, **parts})


def append(tx: Transaction, *rows: EntryRow) -> None:
    """Adds entries with the head that fits them."""
    size = rows[-1].index + 1
    tx.append_entries(rows, LedgerHead(size=size, frontier=b"frontier %d" % size))


def message(seq: int, partner: str = CBSA, **parts: Any) -> OutboxRow:
    usual = {
        "type": "disclosure",
        "state": "queued",
        "sealed": b"sealed %d" % seq,
        "record_id": f"r{seq}",
        "record_version": 1,
        "created_at": NOON,
    }
    return OutboxRow(**{"partner": partner, "seq": seq, "id": f"sha256:{partner}/{seq}", **usual, **parts})


def messages(count: int, partner: str = CBSA) -> Sequence[OutboxRow]:
    return [message(seq, partner) for seq in range(1, count + 1)]


def arrived(seq: int, partner: str = CBSA, **parts: Any) -> InboxRow:
    usual = {
        "type": "disclosure",
        "state": "accepted",
        "reason": "",
        "sealed": b"sealed %d" % seq,
        "received_at": NOON,
        "ledger_index": seq - 1,
    }
    return InboxRow(**{"partner": partner, "seq": seq, "id": f"sha256:{partner}/{seq}", **usual, **parts})


def intake(intake_id: str = "i1", **parts: Any) -> IntakeRow:
    usual = {
        "source": "cbp.csv",
        "source_digest": "sha256:file",
        "reader": "cbp-drug-seizures",
        "who": "us.cbp/analyst-1",
        "started_at": NOON,
        "state": "reading",
    }
    return IntakeRow(**{"id": intake_id, **usual, **parts})


def bad_row(line: int, intake: str = "i1", **parts: Any) -> QuarantineRow:
    usual = {"field": "mass_g", "code": "negative", "value": "-1", "details": b"{}", "row": "-1,x"}
    return QuarantineRow(**{"intake": intake, "line": line, **usual, **parts})


def access(who: str = "us.cbp/analyst-1", **parts: Any) -> AccessRow:
    usual = {"at": NOON, "why": "monthly trend", "kind": "seizures.seizure", "count": 3, "ids_digest": "sha256:ids"}
    return AccessRow(**{"who": who, **usual, **parts})


def checkpoint(size: int, origin: str = "us.cbp/ledger", note: bytes | None = None) -> CheckpointRow:
    return CheckpointRow(origin=origin, size=size, note=note or b"note %d" % size, at=NOON)


def partner(party: str = CBSA, **parts: Any) -> PartnerRow:
    usual = {"url": "https://node.example", "public_key": "key", "added_at": NOON}
    return PartnerRow(**{"party": party, **usual, **parts})


def officer(name: str = "ca.cbsa/liaison-1", party: str = CBSA, **parts: Any) -> OfficerRow:
    usual = {"title": "Liaison", "public_key": "key", "valid_from": date(2026, 1, 1), "valid_until": None}
    return OfficerRow(**{"party": party, "officer": name, **usual, **parts})


def node_key(key: str = "key", party: str = CBSA, **parts: Any) -> KeyRow:
    usual = {"kind": "node", "valid_from": NOON, "valid_until": None, "state": "valid", "serial": 1, "added_at": NOON}
    return KeyRow(**{"party": party, "public_key": key, **usual, **parts})


def former(name: str = "ca.cbsa/liaison-1", **parts: Any) -> FormerOfficerRow:
    usual = {"title": "Liaison", "public_key": "key", "valid_from": date(2026, 1, 1), "valid_until": None}
    return FormerOfficerRow(**{"party": CBSA, "officer": name, "ended_at": NOON, **usual, **parts})


def agreement(digest: str = "sha256:a", version: int = 1, **parts: Any) -> AgreementRow:
    usual = {"name": "customs-seizure-statistics", "source": b"name = 1", "added_at": NOON}
    return AgreementRow(**{"digest": digest, "version": version, **usual, **parts})


def signature(officer: str, agreement: str = "sha256:a", **parts: Any) -> AgreementSignatureRow:
    usual = {"party": CBSA, "body": b"signature", "added_at": NOON}
    return AgreementSignatureRow(**{"agreement": agreement, "officer": officer, **usual, **parts})


def suspension(officer: str, agreement: str = "sha256:a", **parts: Any) -> AgreementSuspensionRow:
    usual = {"party": CBSA, "public_key": "key", "body": b"suspension", "added_at": NOON}
    return AgreementSuspensionRow(**{"agreement": agreement, "officer": officer, **usual, **parts})


def decision(record_id: str = "r1", record_version: int = 1, **parts: Any) -> DecisionRow:
    usual = {"partner": CBSA, "purpose": "statistics", "outcome": "release", "mask": "m1", "decided_at": NOON}
    return DecisionRow(**{"record_id": record_id, "record_version": record_version, **usual, **parts})


def explanation(mask: str = "m1") -> ExplanationRow:
    return ExplanationRow(mask=mask, body=f'{{"mask":"{mask}"}}'.encode())


def release(release_id: str = "w1", **parts: Any) -> ReleaseRow:
    usual = {
        "record_id": "r1",
        "record_version": 1,
        "partner": CBSA,
        "purpose": "statistics",
        "state": "waiting",
        "needs": 2,
        "approvals": b"[]",
        "created_at": NOON,
    }
    return ReleaseRow(**{"id": release_id, **usual, **parts})


def duty(about: str = "m1", direction: str = "owed-by-us", partner: str = CBSA, **parts: Any) -> DutyRow:
    usual = {
        "record_id": "r1",
        "record_version": 1,
        "agreement": "sha256:a",
        "due": later(60),
        "state": "owed",
        "outcome": "",
        "note": "",
        "is_simulated": False,
        "created_at": NOON,
    }
    return DutyRow(**{"direction": direction, "partner": partner, "about": about, **usual, **parts})


def behind(record_id: str, version: int = 1, finding: str = "f1", finding_version: int = 1) -> EvidenceRow:
    return EvidenceRow(finding_id=finding, finding_version=finding_version, record_id=record_id, record_version=version)


def account(name: str = "analyst-1", **parts: Any) -> AccountRow:
    usual = {
        "person": "Analyst 1",
        "roles": "analyst officer",
        "officer": "",
        "language": "en",
        "password": "$argon2id$1",
        "must_change": False,
        "is_active": True,
        "created_at": NOON,
        "created_by": "administrator-1",
        "password_at": NOON,
    }
    return AccountRow(**{"name": name, **usual, **parts})


def session(token: str = "t1", account: str = "analyst-1", **parts: Any) -> SessionRow:
    usual = {"form_token": "f1", "purpose": "", "why": "", "told": "", "started_at": NOON, "seen_at": NOON}
    return SessionRow(**{"token": token, "account": account, **usual, **parts})


def passkey(passkey_id: str = "k1", account: str = "analyst-1", **parts: Any) -> PasskeyRow:
    usual = {"title": "telephone", "public_key": b"key", "sign_count": 0, "added_at": NOON, "used_at": None}
    return PasskeyRow(**{"id": passkey_id, "account": account, **usual, **parts})


def identity(subject: str = "s1", account: str = "analyst-1", **parts: Any) -> IdentityRow:
    usual = {"issuer": "https://id.example.gov", "linked_at": NOON, "linked_by": "administrator-1"}
    return IdentityRow(**{"subject": subject, "account": account, **usual, **parts})


def step(token: str = "t1", kind: str = "passkey", **parts: Any) -> StepRow:
    usual = {"account": "analyst-1", "held": b"{}", "started_at": NOON}
    return StepRow(**{"token": token, "kind": kind, **usual, **parts})


def attempt(name: str = "analyst-1", **parts: Any) -> AttemptRow:
    usual = {"failures": 1, "last_at": NOON, "locked_until": None}
    return AttemptRow(**{"name": name, **usual, **parts})


def listed(record_id: str = "r1", **parts: Any) -> ListingRow:
    usual = {
        "kind": "seizures.seizure",
        "said_by": "us.cbp",
        "via": None,
        "is_simulated": False,
        "recorded_at": NOON,
        "day": "2026-11-21",
        "place": "us-tx",
        "purposes": "",
        "words": " cocaine laredo ",
    }
    return ListingRow(**{"record_id": record_id, **usual, **parts})
