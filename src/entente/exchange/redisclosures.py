"""The bodies of a `redisclosure-request` and its `redisclosure-grant`: may the record of a message go to somebody else,
for the purpose that the envelope names? Yes, these fields until this day; or no.

Knows the forms. Refuses to know who holds what, and whether an agreement lets it go: a grant lifts the originator's
caveat and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from entente.errors import PartnerFault
from entente.exchange.documents import read_object
from entente.exchange.feedback import is_note
from entente.exchange.members import Check, faults, is_flag, is_name, is_party, list_of, optional
from entente.exchange.messages import UnsendableMessage
from entente.signing import Json, canonical

REDISCLOSURE_FORM = 1
MAX_FIELDS = 256


class UnreadableRedisclosure(PartnerFault):
    """The body of a message about re-disclosure cannot be read: {why}. Ask the sender's operator for a corrected
    message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisclosureRequest:
    """To whom the holder would give it, and why, in words for people."""

    recipient: str
    why: str

    def to_json(self) -> dict[str, Json]:
        return {"form": REDISCLOSURE_FORM, "recipient": self.recipient, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisclosureGrant:
    """Whether, to whom, which fields, until the end of which day (UTC), and why, in words for people. A refusal grants
    no field and has no day."""

    is_granted: bool
    recipient: str
    fields: tuple[str, ...]
    until: date | None
    why: str

    def to_json(self) -> dict[str, Json]:
        return {
            "form": REDISCLOSURE_FORM,
            "is_granted": self.is_granted,
            "recipient": self.recipient,
            "fields": list(self.fields),
            "until": None if self.until is None else self.until.isoformat(),
            "why": self.why,
        }


def _is_form(value: object) -> bool:
    return type(value) is int and value == REDISCLOSURE_FORM


def _is_day(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


REQUEST_SHAPE: Mapping[str, Check] = MappingProxyType({"form": _is_form, "recipient": is_party, "why": is_note})
GRANT_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": _is_form,
        "is_granted": is_flag,
        "recipient": is_party,
        "fields": list_of(is_name, MAX_FIELDS),
        "until": optional(_is_day),
        "why": is_note,
    }
)


def redisclosure_request_bytes(request: RedisclosureRequest) -> bytes:
    """The body. Raises UnsendableMessage unless a reader would take it."""
    return _written(request.to_json(), REQUEST_SHAPE, "")


def read_redisclosure_request(body: bytes) -> RedisclosureRequest:
    """What `body` says. Raises UnreadableRedisclosure."""
    members = read_object(body, REQUEST_SHAPE, lambda why: UnreadableRedisclosure(why=why))
    return RedisclosureRequest(recipient=members["recipient"], why=members["why"])


def redisclosure_grant_bytes(grant: RedisclosureGrant) -> bytes:
    """The body. Raises UnsendableMessage unless a reader would take it."""
    return _written(grant.to_json(), GRANT_SHAPE, _contradiction(grant))


def read_redisclosure_grant(body: bytes) -> RedisclosureGrant:
    """What `body` says. Raises UnreadableRedisclosure."""
    members = read_object(body, GRANT_SHAPE, lambda why: UnreadableRedisclosure(why=why))
    grant = RedisclosureGrant(
        is_granted=members["is_granted"],
        recipient=members["recipient"],
        fields=tuple(members["fields"]),
        until=None if members["until"] is None else date.fromisoformat(members["until"]),
        why=members["why"],
    )
    why = _contradiction(grant)
    if why:
        raise UnreadableRedisclosure(why=why)
    return grant


def _contradiction(grant: RedisclosureGrant) -> str:
    if grant.is_granted and not (grant.fields and grant.until):
        return "it grants without naming fields and a day"
    if not grant.is_granted and (grant.fields or grant.until):
        return "it refuses and grants"
    return "it names a field twice" if len(set(grant.fields)) < len(grant.fields) else ""


def _written(members: dict[str, Json], shape: Mapping[str, Check], contradiction: str) -> bytes:
    why = faults(members, shape) or contradiction
    if why:
        raise UnsendableMessage(why=why)
    return canonical(members)
