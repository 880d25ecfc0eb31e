"""Keys as people see them: ours and our partners', with the days they count for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entente.node.keyring import LEDGER, NODE, REPLACED, VALID, own_keys
from entente.node.succeeding import present_of, unaware
from entente.node.work import Node
from entente.signing import PublicKey
from entente.store import KeyRow, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownKey:
    """`unaware` are partners that have not receipted our present key."""

    party: str
    kind: str
    public_key: str
    state: str
    valid_from: datetime
    valid_until: datetime | None
    serial: int
    is_own: bool
    unaware: tuple[str, ...] = ()

    @property
    def key_id(self) -> str:
        return PublicKey.from_text(self.public_key).key_id

    def to_json(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "kind": self.kind,
            "key": self.key_id,
            "public_key": self.public_key,
            "state": self.state,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "serial": self.serial,
            "is_own": self.is_own,
            "unaware": list(self.unaware),
        }


def all_keys(node: Node) -> Sequence[ShownKey]:
    """Ours first, then partners' in order of party, kind and number."""
    with node.store.reading() as tx:
        ours = [row for kind in (NODE, LEDGER) for row in own_keys(node, tx, kind)]
        return [_shown(node, tx, row, ours) for row in (*ours, *_theirs(tx))]


def _theirs(tx: Transaction) -> Iterator[KeyRow]:
    """Of every partner; keys that were pinned before keys had rows are valid."""
    for partner in tx.partners():
        rows = tx.node_keys(partner.party)
        yield from rows
        for kind in (LEDGER, NODE):
            key = present_of(tx, partner.party, kind)
            if key and all((row.kind, row.public_key) != (kind, key) for row in rows):
                yield KeyRow(
                    party=partner.party,
                    kind=kind,
                    public_key=key,
                    valid_from=partner.added_at,
                    valid_until=None,
                    state=VALID,
                    serial=0,
                    added_at=partner.added_at,
                )


def _shown(node: Node, tx: Transaction, row: KeyRow, ours: Sequence[KeyRow]) -> ShownKey:
    is_own = row.party == node.party
    same = [one for one in ours if one.kind == row.kind]
    follows = is_own and row == same[-1] and any(one.state == REPLACED for one in same)
    return ShownKey(
        party=row.party,
        kind=row.kind,
        public_key=row.public_key,
        state=row.state,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        serial=row.serial,
        is_own=is_own,
        unaware=tuple(unaware(tx, row.kind, row)) if follows else (),
    )
