"""The ledger as a person reads it: entries with their facts, the newest first; proof that an entry stands in what was
signed; and a check of it all that ends in a bounded time."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from threading import BoundedSemaphore
from typing import Any

from entente.errors import InputFault, Unavailable
from entente.ledger import (
    CHECKPOINT_PATH,
    Checkpoint,
    UnreadableOpening,
    Verdict,
    parse_checkpoint,
    prove,
    read_checkpoint,
    read_opening,
    tile_reader,
    verify_entries,
    verify_proof,
)
from entente.node.announcing import cosigned
from entente.node.keyring import our_log_keys, our_vkey
from entente.node.publishing import publish, published
from entente.node.verifying import verify_files, verify_store
from entente.node.work import Node
from entente.signing import canonical
from entente.store import EntryRow

PAGE = 50
MOST_CHECKED = 250_000
"""Entries that one check from a screen reads, some ten seconds' work."""
_PAGE_READ = 200
_TURN = BoundedSemaphore(1)


class NoSuchLedgerEntry(InputFault):
    """The ledger of this node has no entry {index}. Its list shows what it holds."""


class FactsErased(InputFault):
    """What entry {index} says was erased, so only the proof that it stands in the ledger can be given. Take the proof
    without the facts."""


class CheckRunning(Unavailable):
    """Somebody else has the ledger checked at this moment. Try again in a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One entry; `facts` None after erasure. `leaf_hash` is hex, `leaf` the bytes that are hashed."""

    index: int
    type: str
    at: datetime
    subject: str
    facts: Mapping[str, Any] | None
    leaf_hash: str
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTree:
    """The newest published checkpoint of our log: what partners and the public can hold us to. `size` entries are in
    the ledger now; `verifier_key` checks the signature."""

    size: int
    verifier_key: str
    checkpoint: Checkpoint | None
    signed_at: datetime | None

    @property
    def beyond(self) -> int:
        """Entries that wait for the next checkpoint."""
        return self.size - (self.checkpoint.size if self.checkpoint else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`store` and, where there are any, `files`: what was found. `size` of the ledger; only its first `checked` entries
    were read where that is less."""

    store: Verdict
    files: Verdict | None
    size: int
    checked: int

    @property
    def is_whole(self) -> bool:
        return self.checked >= self.size

    @property
    def is_intact(self) -> bool:
        return self.store.is_intact and (self.files is None or self.files.is_intact)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of one type, about one subject (empty: any), without those of the types in `hidden`."""

    type: str = ""
    subject: str = ""
    hidden: frozenset[str] = field(default_factory=frozenset)


def ledger_page(node: Node, wanted: Wanted, *, before: int | None = None, limit: int = PAGE) -> Sequence[LedgerEntry]:
    """The last `limit` wanted entries with an index below `before`, the newest first."""
    return list(islice(entries_back(node, wanted, before=before), limit))


def entries_back(node: Node, wanted: Wanted, *, before: int | None = None) -> Iterator[LedgerEntry]:
    """All wanted entries from `before` back to the first, in pages: no read lasts longer than one of them."""
    at = ledger_size(node) if before is None else before
    while True:
        with node.store.reading() as tx:
            rows = tx.entries_before(at, _PAGE_READ, of_type=wanted.type, subject=wanted.subject)
        yield from (_entry(row) for row in rows if row.type not in wanted.hidden)
        if len(rows) < _PAGE_READ:
            return
        at = rows[-1].index


def ledger_entry(node: Node, index: int) -> LedgerEntry:
    """Raises NoSuchLedgerEntry."""
    return _entry(entry_row(node, index))


def ledger_size(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.ledger_head().size


def signed_tree(node: Node) -> SignedTree:
    """What stands published now; nothing is written."""
    note = published(node, CHECKPOINT_PATH)
    return SignedTree(
        size=ledger_size(node),
        verifier_key=our_vkey(node),
        checkpoint=parse_checkpoint(note) if note is not None else None,
        signed_at=_signed_at(node) if note is not None else None,
    )


def proof_of(node: Node, index: int, *, has_facts: bool = False) -> bytes:
    """A `.tlog-proof` file that entry `index` is in a signed tree, the first that partners cosigned where there is one,
    with its leaf and, where wanted, what opens it (type, time, subject and facts, with their salt).

    INVARIANT: what is handed out was verified first. What is not published yet is published now. Raises
    NoSuchLedgerEntry, FactsErased, and what publishing and verifying raise.
    """
    row = entry_row(node, index)
    extra: dict[str, Any] = {"leaf": _base64(row.data)}
    if has_facts:
        if row.opening is None or row.salt is None:
            raise FactsErased(index=index)
        extra |= {"opening": row.opening.decode("utf-8"), "salt": _base64(row.salt)}
    known = our_log_keys(node)
    newest = _covering(node, index)
    hash_at = tile_reader(lambda path: published(node, path), newest.size)
    with node.store.reading() as tx:
        note = cosigned(tx, index)
    checkpoint = read_checkpoint(note, known) if note else newest
    proof = prove(index, checkpoint, hash_at, extra=canonical(extra))
    verify_proof(proof, row.data, known)
    return proof.to_bytes()


def check_ledger(node: Node, *, at_most: int = MOST_CHECKED) -> Check:
    """The database and the published files against every checkpoint we signed; of a larger ledger the first `at_most`
    entries of the database. One check at a time. Raises CheckRunning."""
    if not _TURN.acquire(blocking=False):
        raise CheckRunning
    try:
        return _checked(node, at_most)
    finally:
        _TURN.release()


def _checked(node: Node, at_most: int) -> Check:
    size = ledger_size(node)
    if size > at_most:
        return Check(store=_first(node, at_most), files=None, size=size, checked=at_most)
    has_files = published(node, CHECKPOINT_PATH) is not None
    files = verify_files(node.config.ledger, our_log_keys(node)) if has_files else None
    store = verify_store(node)
    return Check(store=store, files=files, size=max(size, store.read), checked=store.read)


def _first(node: Node, number: int) -> Verdict:
    known = our_log_keys(node)
    with node.store.reading() as tx:
        notes = [row.note for row in tx.checkpoints(node.identity.log_origin) if row.size <= number]
        return verify_entries(tx.entries(0, number), notes, known)


def _covering(node: Node, index: int) -> Checkpoint:
    """The published checkpoint, signed by us, whose tree has entry `index`."""
    known = our_log_keys(node)
    note = published(node, CHECKPOINT_PATH)
    if note is None or parse_checkpoint(note).size <= index:
        publish(node)
        note = published(node, CHECKPOINT_PATH)
    return read_checkpoint(note or b"", known)


def entry_row(node: Node, index: int) -> EntryRow:
    """Raises NoSuchLedgerEntry."""
    with node.store.reading() as tx:
        row = next(iter(tx.entries(index, index + 1)), None)
    if row is None:
        raise NoSuchLedgerEntry(index=index)
    return row


def _entry(row: EntryRow) -> LedgerEntry:
    return LedgerEntry(
        index=row.index,
        type=row.type,
        at=row.at,
        subject=row.subject,
        facts=_facts(row.opening),
        leaf_hash=row.leaf_hash.hex(),
        leaf=row.data,
    )


def _facts(opening: bytes | None) -> Mapping[str, Any] | None:
    """None where they were erased; a damaged opening is shown as none and named by a check."""
    if opening is None:
        return None
    try:
        return read_opening(opening).facts
    except UnreadableOpening:
        return None


def _signed_at(node: Node) -> datetime | None:
    """When the file was written: a checkpoint itself names no time."""
    file = node.config.ledger / CHECKPOINT_PATH
    try:
        return datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    except OSError:
        return None


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
