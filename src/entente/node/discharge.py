"""Proof of discharge: the ledger entry that shows how an obligation ended, and a file that proves its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entente.errors import InputFault
from entente.node.ledger_view import proof_of
from entente.node.work import Node
from entente.store import EntryRow

ENDING = ("notice-answered", "answer-heard", "notice-void", "erased", "recalled", "emergency-reviewed")
"""Types of ledger entries about an obligation; of those about one thing, the last is how it stands."""


class NotDischarged(InputFault):
    """Nothing in the ledger shows that what is owed about `{about}` has ended. `entente obligations list` shows what is
    open; give the whole id of a message, a record or a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """The entry of type `type` about `about`: number `index` of the ledger, `leaf_hash` hex. Its facts may be erased
    by now; its place stays proven."""

    about: str
    type: str
    index: int
    leaf_hash: str
    at: datetime

    def to_json(self) -> dict[str, Any]:
        return {
            "about": self.about,
            "type": self.type,
            "index": self.index,
            "leaf_hash": self.leaf_hash,
            "at": self.at,
        }


def discharges(node: Node, about: Sequence[str]) -> dict[str, Discharge]:
    """Of messages or records, those about which something ended."""
    with node.store.reading() as tx:
        found = {one: [row for row in tx.entries_about(one) if row.type in ENDING] for one in dict.fromkeys(about)}
    return {one: _discharge(rows[-1]) for one, rows in found.items() if rows}


def discharge(node: Node, about: str) -> Discharge:
    """Raises NotDischarged."""
    found = discharges(node, [about]).get(about)
    if found is None:
        raise NotDischarged(about=about)
    return found


def proof_of_discharge(node: Node, about: str) -> tuple[Discharge, bytes]:
    """The entry, and a `.tlog-proof` file that can be checked without this node. Raises NotDischarged, and what
    publishing and verifying raise."""
    found = discharge(node, about)
    return found, proof_of(node, found.index)


def _discharge(row: EntryRow) -> Discharge:
    return Discharge(about=row.subject, type=row.type, index=row.index, leaf_hash=row.leaf_hash.hex(), at=row.at)
