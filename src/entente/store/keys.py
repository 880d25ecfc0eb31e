"""The part of every store (entente.store.protocol) that knows whose key was valid when, and officers who left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A public key (base64) of the node or ledger of `party`, valid from `valid_from` until before `valid_until`.

    `kind` is node or ledger, `state` one of entente.node.keyring. `serial` is that of the card or the message that told
    of it; the highest of a party and kind is the present key.
    """

    party: str
    kind: str
    public_key: str
    valid_from: datetime
    valid_until: datetime | None
    state: str
    serial: int
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerOfficerRow:
    """An officer, or a key of one, that no longer signs: what was signed before `ended_at` stays signed."""

    party: str
    officer: str
    title: str
    public_key: str
    valid_from: date
    valid_until: date | None
    ended_at: datetime


class Keys(Protocol):
    """Keys of nodes and ledgers, present and past; officers who left."""

    def put_key(self, row: KeyRow) -> None:
        """Adds or replaces a key by party, kind and public key."""

    def node_keys(self, party: str | None = None) -> Sequence[KeyRow]:
        """Of all parties or of one, in order of party, kind, serial and public key."""

    def end_officer(self, row: FormerOfficerRow) -> None:
        """Takes the officer off the list of officers, if it stands there with this key, and keeps the row."""

    def former_officers(self) -> Sequence[FormerOfficerRow]:
        """In order of party, officer and public key."""
