"""The body of a `key-change` message: a party's next key, vouched for by the present one and signed by both.

Knows the form and both signatures. Refuses to know which key is pinned: whoever reads it asks that `old_key` is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from entente.errors import PartnerFault
from entente.exchange.documents import read_object
from entente.exchange.members import Check, is_party, is_public_key, is_seq, is_signature, is_time, one_of, time_text
from entente.signing import Json, PrivateKey, PublicKey, Signature, canonical

KEY_CHANGE = "key-change"
"""The type of message that tells of one; the last of its batch, so that what follows is judged by what it says."""

KEY_CHANGE_CONTEXT = "key-change-v1"
KEY_KINDS = ("node", "ledger")
_FORM = 1


class UnreadableKeyChange(PartnerFault):
    """The change of a key cannot be read: {why}. Ask the partner's operator for a card, and compare its key by
    telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """`party` uses `new_key` from `valid_from` on, and `old_key` until before `old_valid_until`. `serial` is one more
    than that of its last card or change."""

    party: str
    kind: str
    serial: int
    old_key: PublicKey
    new_key: PublicKey
    valid_from: datetime
    old_valid_until: datetime

    def to_json(self) -> dict[str, Json]:
        return {
            "form": _FORM,
            "party": self.party,
            "kind": self.kind,
            "serial": self.serial,
            "old_key": self.old_key.to_text(),
            "new_key": self.new_key.to_text(),
            "valid_from": time_text(self.valid_from),
            "old_valid_until": time_text(self.old_valid_until),
        }


def _is_form(value: object) -> bool:
    return type(value) is int and value == _FORM


KEY_CHANGE_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": _is_form,
        "party": is_party,
        "kind": one_of(KEY_KINDS),
        "serial": is_seq,
        "old_key": is_public_key,
        "new_key": is_public_key,
        "valid_from": is_time,
        "old_valid_until": is_time,
        "by_old": is_signature,
        "by_new": is_signature,
    }
)


def key_change_bytes(change: KeyChange, old: PrivateKey, new: PrivateKey) -> bytes:
    """The body: the old key vouches for the new one, and the new one shows that somebody holds it."""
    members = change.to_json()
    signed = canonical(members)
    members["by_old"] = old.sign(KEY_CHANGE_CONTEXT, signed).to_json()
    members["by_new"] = new.sign(KEY_CHANGE_CONTEXT, signed).to_json()
    return canonical(members)


def read_key_change(body: bytes) -> KeyChange:
    """What `body` says, signed by both keys that it names. Raises UnreadableKeyChange, BadSignature."""
    members = read_object(body, KEY_CHANGE_SHAPE, lambda why: UnreadableKeyChange(why=why))
    change = _change(members)
    if change.old_key == change.new_key or change.old_valid_until < change.valid_from:
        raise UnreadableKeyChange(why="the old key and the new one do not follow on each other")
    signed = canonical(change.to_json())
    change.old_key.verify(KEY_CHANGE_CONTEXT, signed, Signature.from_json(members["by_old"]))
    change.new_key.verify(KEY_CHANGE_CONTEXT, signed, Signature.from_json(members["by_new"]))
    return change


def _change(members: Mapping[str, Any]) -> KeyChange:
    return KeyChange(
        party=members["party"],
        kind=members["kind"],
        serial=members["serial"],
        old_key=PublicKey.from_text(members["old_key"]),
        new_key=PublicKey.from_text(members["new_key"]),
        valid_from=datetime.fromisoformat(members["valid_from"]),
        old_valid_until=datetime.fromisoformat(members["old_valid_until"]),
    )
