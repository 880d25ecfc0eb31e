"""`Node`: an opened node. `Work`: one write transaction with its ledger entries, all or nothing."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from entente.agreements import Agreement, read_agreement
from entente.ledger import Frontier, make_leaf
from entente.node.config import Config, read_config
from entente.node.identity import Identity, read_identity
from entente.records import Catalogue
from entente.signing import SALT_BYTES, Json
from entente.store import EntryRow, LedgerHead, Store, Transaction, open_store

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Work:
    """A write transaction: `tx` holds rows, `write` adds ledger entries; both commit together or not at all.

    `agreed` holds what is in force with a partner as it was resolved in this transaction (entente.node.in_force); a
    text or a signature that comes in empties it. `message_id`: of the message that is being taken in.
    """

    tx: Transaction
    now: datetime
    frontier: Frontier
    agreed: dict[str, tuple[Agreement, ...]] = field(default_factory=dict)
    message_id: str = ""
    _rows: list[EntryRow] = field(default_factory=list)

    def write(self, kind: str, subject: str, facts: Mapping[str, Json]) -> tuple[int, str]:
        """Adds an entry of type `kind` about `subject`; its index and leaf hash (hex)."""
        leaf = make_leaf(kind, self.now, subject, facts, os.urandom(SALT_BYTES))
        index = self.frontier.size
        self.frontier = self.frontier.append(leaf.leaf_hash)
        row = EntryRow(
            index=index,
            type=kind,
            at=self.now,
            subject=subject,
            data=leaf.data,
            leaf_hash=leaf.leaf_hash,
            opening=leaf.opening,
            salt=leaf.salt,
        )
        self._rows.append(row)
        return index, leaf.leaf_hash.hex()

    def close(self) -> None:
        """Hands the entries to the store; called by Node.writing before the commit."""
        if self._rows:
            head = LedgerHead(size=self.frontier.size, frontier=self.frontier.to_bytes())
            self.tx.append_entries(self._rows, head)


@dataclass(frozen=True, slots=True)
class Node:
    """An opened node: its folder, identity, store and the catalogue of all kinds."""

    config: Config
    identity: Identity
    store: Store
    catalogue: Catalogue
    clock: Clock = utc_now
    _texts: dict[str, Agreement] = field(default_factory=dict)

    @property
    def party(self) -> str:
        return self.config.party

    @property
    def is_demo(self) -> bool:
        return self.config.domain == "demo"

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """One write transaction with its ledger entries. Raises what the store raises; then nothing is kept."""
        with self.store.writing() as tx:
            head = tx.ledger_head()
            work = Work(tx, self.clock(), Frontier.from_bytes(head.frontier, head.size))
            yield work
            work.close()

    def agreement(self, digest: str, source: bytes) -> Agreement:
        """The agreement with these bytes, read once."""
        if digest not in self._texts:
            self._texts[digest] = read_agreement(source, self.catalogue)
        return self._texts[digest]

    def text_read(self, digest: str) -> Agreement | None:
        """The agreement with this digest where it was read before."""
        return self._texts.get(digest)

    def close(self) -> None:
        self.store.close()


def open_node(folder: Path, catalogue: Catalogue, clock: Clock = utc_now) -> Node:
    """The node in `folder`. Raises NoNodeHere, KeyMissing and what the store raises."""
    config = read_config(folder)
    identity = read_identity(config)
    return Node(config, identity, open_store(config.store_url), catalogue, clock)
