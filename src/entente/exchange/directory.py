"""Whose key is whose, pinned by the operator: the only place that turns a key into a party.

Knows public keys with the party and the days they hold for. A key id may be read from a message, a party never is
believed from one: what a message says about its origin is compared with what is pinned here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from entente.errors import Misconfigured, PartnerFault
from entente.exchange.messages import Message
from entente.exchange.sealing import Sealed, verify
from entente.signing import PublicKey


class SharedKey(Misconfigured):
    """Key {key_id} is pinned for {first} and for {second}: two nodes must never share one identity. Ask both
    operators for their keys by telephone and pin each again."""


class UnknownKey(PartnerFault):
    """Key {key_id} is not pinned for any partner, or not valid now. If the partner changed its key, compare the new
    one with its operator by telephone and pin it."""


class SpeaksForAnother(PartnerFault):
    """{speaker} sent something in the name of {origin}. Nothing of it was kept; tell the operators of both."""


class KeyNotValidThen(PartnerFault):
    """Message {id} was signed with key {key_id} on {created_at}, outside the time that key was valid. Ask {origin}
    to sign the message again with its present key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedKey:
    """A public key of `party`, valid from `valid_from` until before `valid_until` (None: open).

    `is_revoked`: somebody else may hold it, so whatever arrives under it counts for nothing, whenever it was made.
    """

    party: str
    key: PublicKey
    valid_from: datetime
    valid_until: datetime | None = None
    is_revoked: bool = False

    def holds(self, at: datetime) -> bool:
        return not self.is_revoked and self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Directory:
    """All pinned keys by key id. Make it with `directory_of`."""

    keys: Mapping[str, PinnedKey]

    def key_of(self, key_id: str, now: datetime) -> PublicKey | None:
        """The key if it is pinned and valid at `now`; what `verify_request` asks for."""
        pinned = self.keys.get(key_id)
        return pinned.key if pinned is not None and pinned.holds(now) else None

    def party_of(self, key_id: str) -> str:
        """Whose key it is, valid or not. Raises UnknownKey."""
        return self.pinned(key_id).party

    def pinned(self, key_id: str) -> PinnedKey:
        """Raises UnknownKey."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey(key_id=key_id) from None

    def pinned_for(self, party: str, key_id: str) -> PinnedKey:
        """The key, which must be `party`'s. Raises UnknownKey, SpeaksForAnother."""
        pinned = self.pinned(key_id)
        if pinned.party != party:
            raise SpeaksForAnother(speaker=party, origin=pinned.party)
        return pinned


def directory_of(keys: Iterable[PinnedKey]) -> Directory:
    """Raises SharedKey when one key is pinned for two parties. The same key twice for one party: the last window
    counts."""
    found: dict[str, PinnedKey] = {}
    for pinned in keys:
        other = found.get(pinned.key.key_id)
        if other is not None and other.party != pinned.party:
            raise SharedKey(key_id=pinned.key.key_id, first=other.party, second=pinned.party)
        found[pinned.key.key_id] = pinned
    return Directory(MappingProxyType(found))


def open_message(sealed: Sealed, directory: Directory, *, speaker: str, recipient: str) -> Message:
    """The proven message of `speaker`, the party whose key signed the HTTP request that brought it.

    Raises UnknownKey, SpeaksForAnother, KeyNotValidThen and what `verify` raises. The key must have been valid when
    the envelope was made, so what waited in an outbox survives a change of keys; that an old key is not enough to
    deliver anything follows from the HTTP signature, whose key must be valid now.
    """
    pinned = directory.pinned_for(speaker, sealed.signature.key_id)
    message = verify(sealed, pinned.key, recipient)
    if message.origin != speaker:
        raise SpeaksForAnother(speaker=speaker, origin=message.origin)
    if not pinned.holds(message.created_at):
        raise KeyNotValidThen(
            id=sealed.id, key_id=pinned.key.key_id, created_at=message.created_at.isoformat(), origin=message.origin
        )
    return message
