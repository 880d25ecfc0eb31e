"""A key of a node is revoked by two officers of its party, in a file that travels by hand: whoever holds the node's key
could stop or forge a message.

Knows the form and whose signatures fit. Refuses to know who is an officer: the reader brings those it has pinned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from entente.errors import InputFault
from entente.exchange.documents import read_object
from entente.exchange.members import Check, faults, is_name, is_party, is_signature, is_time, list_of, time_text
from entente.signing import BadSignature, Json, PrivateKey, PublicKey, Signature, canonical

REVOCATION_CONTEXT = "key-revocation-v1"
OFFICERS_WHO_REVOKE = 2
_FORM = 1


class UnreadableRevocation(InputFault):
    """The revocation {source} cannot be read: {why}. Ask for the file that `entente keys revocation` writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """`party` says that the key `key_id` of its node is not its own word since `since`; `signatures` by officer."""

    party: str
    key_id: str
    since: datetime
    signatures: tuple[tuple[str, Signature], ...] = ()

    def said(self) -> dict[str, Json]:
        return {"form": _FORM, "party": self.party, "key_id": self.key_id, "since": time_text(self.since)}

    def to_bytes(self) -> bytes:
        """The file: canonical JSON and a line feed."""
        signed: list[Json] = [
            {"officer": officer, "signature": signature.to_json()} for officer, signature in self.signatures
        ]
        return canonical({**self.said(), "signatures": signed}) + b"\n"

    def signed_by(self, officer: str, key: PrivateKey) -> "Revocation":
        """With the signature of `officer`, in place of an earlier one."""
        signature = key.sign(REVOCATION_CONTEXT, canonical(self.said()))
        others = tuple(one for one in self.signatures if one[0] != officer)
        return replace(self, signatures=(*others, (officer, signature)))

    def signers(self, officers: Mapping[str, PublicKey]) -> frozenset[str]:
        """Those of `officers` (id -> key) who have signed it; one key is one person."""
        said = canonical(self.said())
        found = {
            officers[officer].key_id: officer
            for officer, signature in self.signatures
            if officer in officers and _is_by(officers[officer], said, signature)
        }
        return frozenset(found.values())


def _is_by(key: PublicKey, said: bytes, signature: Signature) -> bool:
    try:
        key.verify(REVOCATION_CONTEXT, said, signature)
    except BadSignature:
        return False
    return True


_SIGNED: Mapping[str, Check] = MappingProxyType({"officer": is_name, "signature": is_signature})
_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": lambda value: type(value) is int and value == _FORM,
        "party": is_party,
        "key_id": is_name,
        "since": is_time,
        "signatures": list_of(lambda one: not faults(one, _SIGNED), 20),
    }
)


def read_revocation(source: str, data: bytes) -> Revocation:
    """What the file says; nothing about it is proven. Raises UnreadableRevocation."""
    members: Mapping[str, Any] = read_object(
        data.strip(), _SHAPE, lambda why: UnreadableRevocation(source=source, why=why)
    )
    return Revocation(
        party=members["party"],
        key_id=members["key_id"],
        since=datetime.fromisoformat(members["since"]),
        signatures=tuple((one["officer"], Signature.from_json(one["signature"])) for one in members["signatures"]),
    )
