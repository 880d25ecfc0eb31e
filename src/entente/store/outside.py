"""The part of every store (entente.store.protocol) that knows parties without a node."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """A party without a node: what people call it, its e-mail address (may be empty), and the language it reads."""

    party: str
    name: str
    email: str
    language: str
    added_at: datetime


class Outside(Protocol):
    """Parties without a node; what is for them is handed over by people."""

    def put_outside(self, row: OutsideRow) -> None:
        """Adds or replaces, by party."""

    def outside_parties(self) -> Sequence[OutsideRow]:
        """In order of party."""

    def outside_party(self, party: str) -> OutsideRow | None:
        """The one with this code."""
