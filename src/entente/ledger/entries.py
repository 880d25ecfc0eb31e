"""What one leaf says: a format version and one salted commitment, nothing else.

Type, time, subject and facts of an entry are in its *opening*, which lives in the store and dies with its salt. Every
leaf has the same length, so not even its size tells anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from entente.errors import InputFault, OurFault
from entente.ledger.tree import leaf_hash
from entente.signing import Json, NotCanonical, canonical, commit, is_digest, is_opening, parse

LEAF_VERSION = 1


class EntryType(StrEnum):
    """Everything a ledger can hold; the labels are in the list `entry-type` of the vocabulary."""

    IMPORTED = "imported"
    KEPT = "kept"
    CORRECTED = "corrected"
    QUARANTINED = "quarantined"
    READ = "read"
    DECIDED = "decided"
    DISCLOSED = "disclosed"
    SENT = "sent"
    RECEIVED = "received"
    REFUSED_MESSAGE = "refused-message"
    TAKEN_BACK = "taken-back"
    RECEIPT = "receipt"
    RECONCILED = "reconciled"
    RESTORED = "restored"
    TAKEN_OVER = "taken-over"
    AGREEMENT_ADDED = "agreement-added"
    AGREEMENT_SIGNED = "agreement-signed"
    AGREEMENT_SUSPENDED = "agreement-suspended"
    RELEASED = "released"
    RELEASE_REFUSED = "release-refused"
    EMERGENCY_GIVEN = "emergency-given"
    EMERGENCY_REVIEWED = "emergency-reviewed"
    QUESTION_ASKED = "question-asked"
    REVIEWED = "reviewed"
    NOTICE_ANSWERED = "notice-answered"
    NOTICE_VOID = "notice-void"
    ANSWER_HEARD = "answer-heard"
    ANSWER_REMINDER = "answer-reminder"
    RETENTION_SWITCHED = "retention-switched"
    RETENTION_RUN = "retention-run"
    QUESTIONS_ERASED = "questions-erased"
    RECORD_HELD = "record-held"
    HOLD_ENDED = "hold-ended"
    ASKED = "asked"
    QUERY_LOOKED = "query-looked"
    PROBING_SUSPECTED = "probing-suspected"
    REQUEST_GRANTED = "request-granted"
    REQUEST_REFUSED = "request-refused"
    RECALLED = "recalled"
    REDISCLOSURE_DECIDED = "redisclosure-decided"
    REDISCLOSED = "redisclosed"
    ERASED = "erased"
    CHECKPOINT_WITNESSED = "checkpoint-witnessed"
    CHECKPOINT_CONFLICT = "checkpoint-conflict"
    EVIDENCE_KEPT = "evidence-kept"
    KEY_CHANGE = "key-change"
    CONFIGURATION = "configuration"
    PARTNER_PINNED = "partner-pinned"
    OFFICER_NAMED = "officer-named"
    OFFICER_ENDED = "officer-ended"
    CARD_CONFLICT = "card-conflict"
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_CHANGED = "account-changed"
    ACCOUNT_LOCKED = "account-locked"
    OUTSIDE_ADDED = "outside-added"
    ADVISORY_WRITTEN = "advisory-written"
    HANDED_OVER = "handed-over"
    BULLETIN_APPROVED = "bulletin-approved"
    BULLETIN_WITHDRAWN = "bulletin-withdrawn"
    BULLETIN_WRITTEN = "bulletin-written"


ENTRY_TYPES: frozenset[str] = frozenset(EntryType)


class UnknownEntryType(OurFault):
    """`{type}` is not a type of ledger entry. Use one of the list `entry-type`."""


class TimeWithoutZone(OurFault):
    """The time {at} of a ledger entry does not say its zone. Pass an aware time."""


class UnreadableOpening(InputFault):
    """The facts of a ledger entry cannot be read: {why}. Take them from a backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """`data` is hashed into the tree; `opening` (canonical JSON) and `salt` (32 bytes) open its commitment."""

    data: bytes
    opening: bytes
    salt: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an entry says, read back: `at` is aware UTC, `subject` a record id, message id or digest."""

    type: str
    at: datetime
    subject: str
    facts: Mapping[str, Any]


def make_leaf(type: str, at: datetime, subject: str, facts: Mapping[str, Json], salt: bytes) -> Leaf:  # noqa: A002
    """The leaf for one entry; `salt` is 32 fresh random bytes.

    Raises UnknownEntryType, TimeWithoutZone, NotCanonical, ShortSalt.
    """
    if type not in ENTRY_TYPES:
        raise UnknownEntryType(type=type)
    opening = canonical({"type": str(type), "at": time_text(at), "subject": subject, "facts": facts})
    data = canonical({"v": LEAF_VERSION, "c": commit(salt, opening)})
    return Leaf(data=data, opening=opening, salt=salt, leaf_hash=leaf_hash(data))


def opens(data: bytes, opening: bytes, salt: bytes) -> bool:
    """True when (`opening`, `salt`) is what the leaf `data` was made from."""
    commitment = commitment_of(data)
    return commitment is not None and is_opening(commitment, salt, opening)


def commitment_of(data: bytes) -> str | None:
    """The commitment in leaf `data`; None when these are not the bytes of a leaf."""
    try:
        value = parse(data)
    except NotCanonical:
        return None
    is_leaf = isinstance(value, dict) and value.keys() == {"c", "v"} and value["v"] == LEAF_VERSION
    commitment = value["c"] if is_leaf else None
    return commitment if isinstance(commitment, str) and is_digest(commitment) else None


def read_opening(opening: bytes) -> Opening:
    """The facts in `opening`. Raises UnreadableOpening."""
    try:
        value = parse(opening)
        at = datetime.fromisoformat(value["at"])
        if value.keys() != {"type", "at", "subject", "facts"} or time_text(at) != value["at"]:
            raise UnreadableOpening(why="it has other members than type, at, subject and facts")
        return Opening(type=value["type"], at=at, subject=value["subject"], facts=value["facts"])
    except (NotCanonical, KeyError, TypeError, ValueError, AttributeError, TimeWithoutZone) as error:
        raise UnreadableOpening(why=error) from error


def time_text(at: datetime) -> str:
    """`at` as text in UTC with microseconds, one text for one moment. Raises TimeWithoutZone."""
    if at.utcoffset() is None:
        raise TimeWithoutZone(at=at)
    return at.astimezone(UTC).isoformat(timespec="microseconds")
