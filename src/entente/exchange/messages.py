"""The envelope of a message: who to whom, which number, under which agreement, for what, and the digest of the body.

Knows the members of version 1 and which of them a type needs. Refuses to look into a body, to know whether an
agreement is in force and which key is whose. Provisions and caveats are ids only; what they mean stands in the
agreement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from entente.errors import OurFault, PartnerFault
from entente.exchange.documents import VERSION, is_version, read_object
from entente.exchange.members import (
    Check,
    faults,
    is_code,
    is_digest_text,
    is_flag,
    is_name,
    is_party,
    is_seq,
    is_time,
    list_of,
    one_of,
    optional,
    time_text,
)
from entente.exchange.message_types import MESSAGE_TYPES, MessageType
from entente.signing import Json, NotCanonical, canonical, parse
from entente.vocabulary import CodeList

URGENCIES = ("urgent", "priority", "normal", "routine")
"""Classes of urgency; labels and default hours are in the list `urgency` (vocabulary/words/exchange.toml)."""

MAX_IDS = 256
"""The most provisions, or caveats, that one envelope may name."""


class UnreadableEnvelope(PartnerFault):
    """The envelope of a message cannot be read: {why}. Keep its bytes and ask the sender's operator for a corrected
    message."""


class UnknownMessageType(PartnerFault):
    """{type} is not a message type of this version of the protocol. Update the older of the two nodes."""


class IncompleteEnvelope(PartnerFault):
    """A message of type {type} does not name its {missing}. Ask the sender's operator for a complete message."""


class UnsendableMessage(OurFault):
    """A message cannot be sent as it was made: {why}. Report the defect; nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The envelope's members. `seq` counts from 1 without a hole per (origin, recipient); `previous` is the id of
    the message before it (None: the first one); `about` is the id of the message that this one answers or changes.
    """

    type: str
    origin: str
    recipient: str
    seq: int
    previous: str | None
    created_at: datetime
    body_digest: str
    is_simulated: bool
    agreement: str | None = None
    provisions: tuple[str, ...] = ()
    purpose: str | None = None
    caveats: tuple[str, ...] = ()
    about: str | None = None
    urgency: str = "routine"
    due: datetime | None = None

    def to_json(self) -> dict[str, Json]:
        return {
            "v": VERSION,
            "type": self.type,
            "origin": self.origin,
            "recipient": self.recipient,
            "seq": self.seq,
            "previous": self.previous,
            "about": self.about,
            "agreement": self.agreement,
            "provisions": list(self.provisions),
            "purpose": self.purpose,
            "caveats": list(self.caveats),
            "urgency": self.urgency,
            "due": None if self.due is None else time_text(self.due),
            "created_at": time_text(self.created_at),
            "body_digest": self.body_digest,
            "is_simulated": self.is_simulated,
        }

    def rules(self) -> MessageType:
        """What its type asks of it."""
        return MESSAGE_TYPES[self.type]


ENVELOPE_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "type": one_of(MESSAGE_TYPES),
        "origin": is_party,
        "recipient": is_party,
        "seq": is_seq,
        "previous": optional(is_digest_text),
        "about": optional(is_digest_text),
        "agreement": optional(is_digest_text),
        "provisions": list_of(is_name, MAX_IDS),
        "purpose": optional(is_code),
        "caveats": list_of(is_code, MAX_IDS),
        "urgency": one_of(URGENCIES),
        "due": optional(is_time),
        "created_at": is_time,
        "body_digest": is_digest_text,
        "is_simulated": is_flag,
    }
)


def envelope_bytes(message: Message) -> bytes:
    """The canonical bytes that are signed. Raises UnsendableMessage unless a reader would take them."""
    members = message.to_json()
    why = faults(members, ENVELOPE_SHAPE) or _contradiction(message)
    missing = () if why else _missing(message)
    if why or missing:
        raise UnsendableMessage(why=why or f"its {' and '.join(missing)} is missing")
    return canonical(members)


def read_envelope(envelope: bytes) -> Message:
    """The message in `envelope`. Raises UnreadableEnvelope, UnknownVersion, UnknownMessageType, IncompleteEnvelope."""
    members = read_object(envelope, ENVELOPE_SHAPE, lambda why: _unreadable(envelope, why))
    message = _from_members(members)
    contradiction = _contradiction(message)
    if contradiction:
        raise UnreadableEnvelope(why=contradiction)
    missing = _missing(message)
    if missing:
        raise IncompleteEnvelope(type=message.type, missing=" and ".join(missing))
    return message


def due_at(
    urgency: str, created_at: datetime, urgencies: CodeList, agreed: Mapping[str, int] = MappingProxyType({})
) -> datetime | None:
    """When an answer is due: by the hours that were `agreed` for the class, else by `due_hours` of the term in the list
    `urgency`; None where neither has any. Raises UnknownWord.
    """
    hours = agreed.get(urgency, urgencies.term(urgency).attributes.get("due_hours"))
    return None if hours is None else created_at + timedelta(hours=hours)


def urgency_for(created_at: datetime, due: datetime | None, urgencies: CodeList) -> str:
    """The most urgent class whose default hours leave as much time as there is; the last with hours if none does, and
    the class without hours where nothing is due."""
    ends = {code: due_at(code, created_at, urgencies) for code in URGENCIES}
    if due is None:
        return next(code for code, end in ends.items() if end is None)
    timed = {code: end for code, end in ends.items() if end is not None}
    return next((code for code, end in timed.items() if due <= end), list(timed)[-1])


def _unreadable(envelope: bytes, why: str) -> PartnerFault:
    """Why exactly: a type that is not in the table is another matter than a wrong form."""
    try:
        members = parse(envelope)
    except NotCanonical:
        return UnreadableEnvelope(why=why)
    type_ = members.get("type") if isinstance(members, dict) else None
    if isinstance(type_, str) and type_ not in MESSAGE_TYPES:
        return UnknownMessageType(type=ascii(type_[:64]))
    return UnreadableEnvelope(why=why)


def _from_members(members: Mapping[str, Any]) -> Message:
    rest = {name: value for name, value in members.items() if name not in _CONVERTED}
    due = members["due"]
    return Message(
        provisions=tuple(members["provisions"]),
        caveats=tuple(members["caveats"]),
        due=None if due is None else datetime.fromisoformat(due),
        created_at=datetime.fromisoformat(members["created_at"]),
        **rest,
    )


_CONVERTED = ("v", "provisions", "caveats", "due", "created_at")


def _contradiction(message: Message) -> str:
    if message.origin == message.recipient:
        return "its origin is its recipient"
    if (message.seq == 1) != (message.previous is None):
        return "only the first message has no previous one"
    if message.due is not None and message.due < message.created_at:
        return "it was due before it was made"
    if len(set(message.provisions)) != len(message.provisions) or len(set(message.caveats)) != len(message.caveats):
        return "a provision or caveat is named twice"
    return ""


def _missing(message: Message) -> tuple[str, ...]:
    return message.rules().missing(
        agreement=message.agreement is not None,
        purpose=message.purpose is not None,
        provisions=bool(message.provisions),
        about=message.about is not None,
    )
