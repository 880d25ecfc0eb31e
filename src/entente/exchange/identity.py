"""A node's card: which party it speaks for, where it answers, with which key; signed with that key.

The signature proves only that whoever made the card holds the key, not whose card it is. So a card is pinned after its
fingerprint was compared with the partner's operator on another way (telephone, in person), and never fetched anew
unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from entente.errors import PartnerFault
from entente.exchange.documents import VERSION, is_version, read_object
from entente.exchange.members import (
    Check,
    is_flag,
    is_name,
    is_party,
    is_signature,
    is_text,
    is_time,
    time_text,
)
from entente.signing import Json, PrivateKey, PublicKey, Signature, UnusableKey, canonical, digest

IDENTITY_CONTEXT = "identity-v1"


class UnreadableIdentity(PartnerFault):
    """This is not a node's identity card: {why}. Ask the partner's operator for the file that
    its own node wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`url` is the base address of the partner's exchange; `log_origin` the name of its ledger in checkpoints."""

    party: str
    url: str
    key: PublicKey
    log_origin: str
    issued_at: datetime
    is_simulated: bool

    @property
    def fingerprint(self) -> str:
        """Eight groups of four hex digits (128 bits of SHA-256 over party and key), to be read out on the telephone."""
        whole = digest(self.party.encode("ascii") + b"\n" + self.key.raw).removeprefix("sha256:")
        return " ".join(whole[start : start + 4] for start in range(0, 32, 4))

    def to_json(self) -> dict[str, Json]:
        return {
            "v": VERSION,
            "party": self.party,
            "url": self.url,
            "key": self.key.to_text(),
            "log_origin": self.log_origin,
            "issued_at": time_text(self.issued_at),
            "is_simulated": self.is_simulated,
        }


_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "party": is_party,
        "url": lambda value: is_name(value) and value.startswith(("https://", "http://")),
        "key": is_name,
        "log_origin": is_name,
        "issued_at": is_time,
        "is_simulated": is_flag,
    }
)
_WIRE_SHAPE: Mapping[str, Check] = MappingProxyType({"identity": is_text, "signature": is_signature})


def sign_identity(identity: Identity, key: PrivateKey) -> bytes:
    """The card as a file: canonical JSON {identity, signature}; `key` is the one whose public half is on it."""
    data = canonical(identity.to_json())
    signature = key.sign(IDENTITY_CONTEXT, data)
    return canonical({"identity": data.decode("utf-8"), "signature": signature.to_json()})


def read_identity(wire: bytes) -> Identity:
    """The card, once it is proven to be signed with its own key. Raises UnreadableIdentity,
    UnknownVersion, BadSignature."""
    outer = read_object(wire, _WIRE_SHAPE, _unreadable)
    data = outer["identity"].encode("utf-8")
    members = read_object(data, _SHAPE, _unreadable)
    try:
        key = PublicKey.from_text(members["key"])
    except UnusableKey as error:
        raise UnreadableIdentity(why=str(error)) from error
    key.verify(IDENTITY_CONTEXT, data, Signature.from_json(outer["signature"]))
    plain = {name: members[name] for name in ("party", "url", "log_origin", "is_simulated")}
    return Identity(key=key, issued_at=datetime.fromisoformat(members["issued_at"]), **plain)


def _unreadable(why: str) -> UnreadableIdentity:
    return UnreadableIdentity(why=why)
