"""Who this node is: its keys on disk, and the card that partners pin."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from entente.errors import InputFault, Misconfigured
from entente.ledger import UnusableVerifierKey, decode_vkey, encode_vkey
from entente.node.config import Config
from entente.signing import Json, NotCanonical, PrivateKey, PublicKey, Signature, UnusableKey, canonical, digest, parse

CARD_CONTEXT = "card-v1"
SECRET_BYTES = 32
OFFICER_ENTRIES = {"officer", "title", "public_key", "valid_from", "valid_until"}


class KeyMissing(Misconfigured):
    """The key file {file} is missing or cannot be read: {why}. Restore it from your key backup; a node without its keys
    cannot prove who it is."""


class KeyOpenToOthers(Misconfigured):
    """The key file {file} can be read by other users of this machine. Run `chmod 600` on it, and replace the key if
    somebody may have read it."""


class KeyFileExists(InputFault):
    """There is already a file {file}, and a key is never overwritten. Name another file."""


class BadCard(InputFault):
    """The card {source} cannot be used: {why}. Ask the partner's administrator for the file that
    `entente partners card` writes."""


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """`node_key` signs messages, `ledger_key` checkpoints; `record_secret` makes record ids unguessable.

    These are the keys that were there at the start; entente.node.keyring says which ones sign now, and `private` finds
    those that have come since.
    """

    party: str
    node_key: PrivateKey
    ledger_key: PrivateKey
    record_secret: bytes
    folder: Path | None = None
    _found: dict[str, PrivateKey] = field(default_factory=dict, compare=False)

    def private(self, public_key: str) -> PrivateKey:
        """Our private key of this public one (base64). Raises KeyMissing, KeyOpenToOthers, UnusableKey."""
        if not self.holds(public_key):
            key_id = PublicKey.from_text(public_key).key_id
            raise KeyMissing(file=self.folder or "", why=f"no file holds the key {key_id}")
        return self._found[public_key]

    def holds(self, public_key: str) -> bool:
        """Whether the private key of this public one is here. Raises KeyOpenToOthers, UnusableKey."""
        if public_key not in self._found:
            files = sorted(self.folder.glob("*.key")) if self.folder else ()
            for key in (self.node_key, self.ledger_key, *(read_secret(file) for file in files)):
                self._found[key.public.to_text()] = key
        return public_key in self._found

    @property
    def log_origin(self) -> str:
        """The name of this node's log (C2SP tlog-checkpoint origin)."""
        return log_origin(self.party)

    @property
    def log_vkey(self) -> str:
        return encode_vkey(self.log_origin, self.ledger_key.public)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a partner pins: party, domain, address, node key, key of its log, and the officers who may sign
    agreements.

    `serial` grows with every change, so that an older card never takes the place of a newer one; cards of version 0.1
    have none, here 0. `issued_at` is when this content was first written, as text.
    """

    party: str
    domain: str
    url: str
    public_key: str
    log_vkey: str
    officers: tuple[Mapping[str, str], ...]
    serial: int = 0
    issued_at: str = ""

    def to_json(self) -> dict[str, Json]:
        numbered: dict[str, Json] = {"serial": self.serial, "issued_at": self.issued_at} if self.serial else {}
        return numbered | {
            "party": self.party,
            "domain": self.domain,
            "url": self.url,
            "public_key": self.public_key,
            "log_vkey": self.log_vkey,
            "officers": [dict(officer) for officer in self.officers],
        }

    @property
    def digest(self) -> str:
        """Of all that it says."""
        return digest(canonical(self.to_json()))


def log_origin(party: str) -> str:
    return f"entente/{party}"


def create_keys(config: Config) -> None:
    """Writes three secrets, readable by the owner only; one that is there, from a creation that was cut off, stays."""
    config.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("node", "ledger", "records"):
        if not (config.keys / f"{name}.key").exists():
            write_secret(config.keys / f"{name}.key", PrivateKey(os.urandom(SECRET_BYTES)))


def write_secret(file: Path, key: PrivateKey) -> None:
    """A new file of mode 0600 with the key as base64. Raises KeyFileExists."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileExists(file=file) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(key.to_text() + "\n")


def read_secret(file: Path) -> PrivateKey:
    """Raises KeyMissing, KeyOpenToOthers, UnusableKey."""
    try:
        if file.stat().st_mode & 0o077:
            raise KeyOpenToOthers(file=file)
        return PrivateKey.from_text(file.read_text("ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissing(file=file, why=error) from error


def read_identity(config: Config) -> Identity:
    """Raises KeyMissing, KeyOpenToOthers, UnusableKey."""
    node, ledger, records = (read_secret(config.keys / f"{name}.key") for name in ("node", "ledger", "records"))
    return Identity(config.party, node, ledger, records.seed, config.keys)


def write_card(card: Card, key: PrivateKey) -> bytes:
    """The card as a file, signed by the node's own key so that a slip in copying shows."""
    body = card.to_json()
    return canonical({"card": body, "signature": key.sign(CARD_CONTEXT, canonical(body)).to_json()})


def read_card(source: str, data: bytes) -> Card:
    """The card in `data`, complete and usable. Raises BadCard, BadSignature. Whether to believe it is a person's
    decision."""
    try:
        whole: dict[str, Any] = parse(data.strip())
        body, signature = whole["card"], Signature.from_json(whole["signature"])
        PublicKey.from_text(body["public_key"]).verify(CARD_CONTEXT, canonical(body), signature)
        return _card(body)
    except (NotCanonical, UnusableKey, UnusableVerifierKey, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCard(source=source, why=error) from error


def _card(body: Mapping[str, Any]) -> Card:
    rest = {name: value for name, value in body.items() if name not in {"officers", "serial"}}
    serial = body.get("serial", 0)
    card = Card(officers=tuple(_officer(officer) for officer in body["officers"]), serial=serial, **rest)
    if type(serial) is not int or serial < 0 or bool(serial) != bool(card.issued_at):
        raise TypeError("a card has a serial and the time it was issued at")
    if serial and datetime.fromisoformat(card.issued_at).tzinfo is None:
        raise ValueError("the time it was issued at has no zone")
    if not all(isinstance(value, str) for value in rest.values()) or not isinstance(body["officers"], list):
        raise TypeError("its entries are not text")
    if decode_vkey(card.log_vkey).name != log_origin(card.party):
        raise ValueError("the key of its log is that of another party")
    return card


def _officer(body: Mapping[str, Any]) -> Mapping[str, str]:
    """INVARIANT: what is pinned can be read later, or one bad card would stop every decision."""
    if set(body) != OFFICER_ENTRIES or not all(isinstance(value, str) for value in body.values()):
        raise TypeError(f"an officer has the entries {', '.join(sorted(OFFICER_ENTRIES))}")
    PublicKey.from_text(body["public_key"])
    for name in ("valid_from", "valid_until"):
        if body[name] or name == "valid_from":
            date.fromisoformat(body[name])
    return {name: str(value) for name, value in body.items()}
