"""A list of nodes that a secretariat signs for many parties: keys and their days, roles, a version and an end.

It suggests and never decides: what a person has pinned changes by a person's word only. Versions grow, so that nobody
is brought back to an older list, and a list ends, so that nobody is kept on one (rollback and freeze attacks in The
Update Framework, section 1.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from entente.errors import InputFault
from entente.exchange.documents import read_object
from entente.exchange.key_changes import KEY_KINDS
from entente.exchange.members import (
    Check,
    faults,
    is_code,
    is_count,
    is_digest_text,
    is_party,
    is_public_key,
    is_seq,
    is_signature,
    is_text,
    is_time,
    list_of,
    one_of,
    optional,
    time_text,
)
from entente.signing import Json, PrivateKey, PublicKey, Signature, canonical

DIRECTORY_CONTEXT = "directory-v1"
MAX_NODES = 2000
_FORM = 1


class UnreadableDirectory(InputFault):
    """The directory {source} cannot be read: {why}. Ask the secretariat for the file that it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKey:
    """A public key (base64) of a node or its ledger; `valid_until` None: open."""

    kind: str
    public_key: str
    valid_from: datetime
    valid_until: datetime | None

    def to_json(self) -> dict[str, Json]:
        until = time_text(self.valid_until) if self.valid_until else None
        return {
            "kind": self.kind,
            "public_key": self.public_key,
            "valid_from": time_text(self.valid_from),
            "valid_until": until,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNode:
    """A node as the secretariat knows it; `serial` and `card` are the number and digest of its last card, or 0 and
    None. The present key of each kind has no end."""

    party: str
    domain: str
    url: str
    roles: tuple[str, ...]
    serial: int
    card: str | None
    keys: tuple[ListedKey, ...]

    def present(self, kind: str) -> str | None:
        """Its present public key of `kind`."""
        open_ones = (key.public_key for key in self.keys if key.kind == kind and key.valid_until is None)
        return next(open_ones, None)

    def to_json(self) -> dict[str, Json]:
        return {
            "party": self.party,
            "domain": self.domain,
            "url": self.url,
            "roles": list(self.roles),
            "serial": self.serial,
            "card": self.card,
            "keys": [key.to_json() for key in self.keys],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedDirectory:
    """Counts until before `expires_at`."""

    version: int
    issued_at: datetime
    expires_at: datetime
    nodes: tuple[ListedNode, ...]

    def to_json(self) -> dict[str, Json]:
        return {
            "form": _FORM,
            "version": self.version,
            "issued_at": time_text(self.issued_at),
            "expires_at": time_text(self.expires_at),
            "nodes": [node.to_json() for node in self.nodes],
        }


_KEY: Mapping[str, Check] = MappingProxyType(
    {
        "kind": one_of(KEY_KINDS),
        "public_key": is_public_key,
        "valid_from": is_time,
        "valid_until": optional(is_time),
    }
)
_NODE: Mapping[str, Check] = MappingProxyType(
    {
        "party": is_party,
        "domain": is_code,
        "url": is_text,
        "roles": list_of(is_code, 100),
        "serial": is_count,
        "card": optional(is_digest_text),
        "keys": list_of(lambda key: not faults(key, _KEY), 100),
    }
)
_DIRECTORY: Mapping[str, Check] = MappingProxyType(
    {
        "form": lambda value: type(value) is int and value == _FORM,
        "version": is_seq,
        "issued_at": is_time,
        "expires_at": is_time,
        "nodes": list_of(lambda node: not faults(node, _NODE), MAX_NODES),
    }
)
_FILE: Mapping[str, Check] = MappingProxyType(
    {"directory": lambda value: not faults(value, _DIRECTORY), "signature": is_signature}
)


def directory_bytes(directory: SharedDirectory, key: PrivateKey) -> bytes:
    """The file: canonical JSON and a line feed."""
    body = directory.to_json()
    signature = key.sign(DIRECTORY_CONTEXT, canonical(body))
    return canonical({"directory": body, "signature": signature.to_json()}) + b"\n"


def read_directory(source: str, data: bytes, key: PublicKey) -> SharedDirectory:
    """The directory that `key` signed; whether it counts now is for the reader to ask. Raises UnreadableDirectory,
    BadSignature."""
    whole: Mapping[str, Any] = read_object(data.strip(), _FILE, lambda why: UnreadableDirectory(source=source, why=why))
    members = whole["directory"]
    key.verify(DIRECTORY_CONTEXT, canonical(members), Signature.from_json(whole["signature"]))
    found = SharedDirectory(
        version=members["version"],
        issued_at=datetime.fromisoformat(members["issued_at"]),
        expires_at=datetime.fromisoformat(members["expires_at"]),
        nodes=tuple(map(_node, members["nodes"])),
    )
    if len({node.party for node in found.nodes}) != len(found.nodes):
        raise UnreadableDirectory(source=source, why="it lists a party twice")
    return found


def _node(members: Mapping[str, Any]) -> ListedNode:
    keys = tuple(
        ListedKey(
            kind=key["kind"],
            public_key=key["public_key"],
            valid_from=datetime.fromisoformat(key["valid_from"]),
            valid_until=datetime.fromisoformat(key["valid_until"]) if key["valid_until"] else None,
        )
        for key in members["keys"]
    )
    plain = {name: members[name] for name in ("party", "domain", "url", "serial", "card")}
    return ListedNode(roles=tuple(members["roles"]), keys=keys, **plain)
