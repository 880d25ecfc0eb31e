"""The ledger on disk: C2SP tiles and a signed checkpoint under `ledger/`, made from the store, readable without a node.

The store is the truth and the files follow: they are written anew from the last complete bundle, the checkpoint last.
Files that were damaged or lost are all written anew, as long as the store leads to what was signed.
"""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entente.errors import EntenteError, Tampered, Unavailable
from entente.ledger import (
    CHECKPOINT_PATH,
    BrokenTile,
    Checkpoint,
    Frontier,
    HashAt,
    MissingTile,
    bundle_start,
    leaf_hash,
    log_files,
    parse_checkpoint,
    parse_path,
    read_checkpoint,
    sign_checkpoint,
    tile_reader,
    verify_log,
)
from entente.ledger.tiles import TILE_WIDTH
from entente.node.keyring import log_signers, our_log_keys
from entente.node.work import Node, Work
from entente.store import CheckpointRow, ForkedCheckpoint, Transaction

log = logging.getLogger("entente")
WAIT_SECONDS = 10.0
POLL_SECONDS = 0.05


class LedgerShrank(Tampered):
    """The database of {party} holds {size} ledger entries, but {published} are published already: it is an older copy.
    Publish nothing from it; restore the newest database, or call your security officer."""


class LedgerDiffers(Tampered):
    """The entries in the database of {party} do not lead to the ledger that was signed at {size} entries. Nothing is
    published from it; run `entente ledger verify`, keep everything as it is, and call your security officer."""


class PublishedElsewhere(Unavailable):
    """Another process has been publishing the ledger in {folder} for more than {seconds} seconds. Try again when it has
    ended."""


def checkpoint_now(node: Node, work: Work) -> bytes:
    """The signed checkpoint of the ledger as it will stand when `work` commits; kept in the same transaction."""
    return _keep_checkpoint(node, work, work.frontier)


def publish(node: Node, *, every_file: bool = False) -> int:
    """Brings the files up to the present size, with a new checkpoint; the size. Nothing to do costs two reads.

    What the new files build on is checked first, with `every_file` the whole publication; damaged, all is written anew.
    Raises LedgerShrank, LedgerDiffers, PublishedElsewhere.
    """
    with _alone(node):
        old = _published(node)
        may_extend = old is not None and (not every_file or _is_intact(node))
        with node.store.reading() as tx:
            head = tx.ledger_head()
            frontier = Frontier.from_bytes(head.frontier, head.size)
            _refuse_older(node, old, frontier.size)
            if not frontier.size or (may_extend and old and (old.size, old.root) == (frontier.size, frontier.root())):
                return frontier.size
            first = _start(node, tx, old, frontier, may_extend=may_extend)
            _write_tiles(node, tx, first, old.size if old else 0, frontier.size)
        with node.writing() as work:
            note = _keep_checkpoint(node, work, frontier)
        _replace(node.config.ledger / CHECKPOINT_PATH, note)
        _sync(node.config.ledger)
        return frontier.size


def published(node: Node, path: str) -> bytes | None:
    """A file of the published ledger; None when there is none. Only the checkpoint and tiles have names."""
    if path != CHECKPOINT_PATH and parse_path(path) is None:
        return None
    return read_file(node.config.ledger, path)


def read_file(folder: Path, path: str) -> bytes | None:
    """What `entente.ledger.Read` asks for: the file at `path` under `folder`."""
    file = folder / path
    return file.read_bytes() if file.is_file() else None


@contextmanager
def _alone(node: Node) -> Iterator[None]:
    """INVARIANT: one publisher of a node at a time, or the slower one's older checkpoint would stand last."""
    until = time.monotonic() + WAIT_SECONDS
    with (node.config.folder / "publish.lock").open("a") as file:
        while not _is_ours(file.fileno()):
            if time.monotonic() > until:
                raise PublishedElsewhere(folder=node.config.ledger, seconds=int(WAIT_SECONDS))
            time.sleep(POLL_SECONDS)
        yield


def _is_ours(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _keep_checkpoint(node: Node, work: Work, frontier: Frontier) -> bytes:
    checkpoint = Checkpoint(origin=node.identity.log_origin, size=frontier.size, root=frontier.root())
    note = sign_checkpoint(checkpoint, *log_signers(node, work.tx, work.now))
    row = CheckpointRow(origin=checkpoint.origin, size=checkpoint.size, note=note, at=work.now)
    try:
        work.tx.add_checkpoint(row)
    except ForkedCheckpoint:  # signed before, when another key signed too: the same tree is told in the same bytes
        kept = next(row for row in work.tx.checkpoints(checkpoint.origin) if row.size == checkpoint.size)
        if parse_checkpoint(kept.note).root != checkpoint.root:
            raise
        return kept.note
    return note


def _published(node: Node) -> Checkpoint | None:
    """The checkpoint on disk; None when there is none that we signed and that can be read."""
    try:
        note = read_file(node.config.ledger, CHECKPOINT_PATH)
        return read_checkpoint(note, our_log_keys(node)) if note is not None else None
    except (EntenteError, OSError):
        return None


def _refuse_older(node: Node, old: Checkpoint | None, size: int) -> None:
    """Without a checkpoint that can be read, the files themselves say how much was published. Raises LedgerShrank."""
    published_size = old.size if old else _size_on_disk(node.config.ledger)
    if size < published_size:
        raise LedgerShrank(party=node.party, size=size, published=published_size)


def _size_on_disk(folder: Path) -> int:
    files = (file.relative_to(folder).as_posix() for file in (folder / "tile" / "entries").rglob("*") if file.is_file())
    return max((tile.index * TILE_WIDTH + tile.width for path in files if (tile := parse_path(path))), default=0)


def _is_intact(node: Node) -> bool:
    """Reads and hashes every file. OSError is a damaged disk."""
    try:
        return verify_log(lambda path: read_file(node.config.ledger, path), our_log_keys(node)).is_intact
    except OSError:
        return False


def _start(node: Node, tx: Transaction, old: Checkpoint | None, new: Frontier, *, may_extend: bool) -> int:
    """The entry from which files must be written: the open bundle's first, or 0 when what lies below it is damaged.

    Raises LedgerDiffers.
    """
    first = bundle_start(old.size) if old and may_extend else 0
    if first and _fits(node, tx, first, old, new):
        return first
    if not _leads_to(tx, Frontier(), old, new):
        raise LedgerDiffers(party=node.party, size=old.size if old else new.size)
    if first or (not may_extend and (node.config.ledger / "tile").exists()):
        log.warning("the published ledger was damaged; all its files are written anew from the database")
    return 0


def _fits(node: Node, tx: Transaction, first: int, old: Checkpoint | None, new: Frontier) -> bool:
    """The tiles on disk below entry `first`, with the store's entries from there on, give both roots."""
    try:
        return _leads_to(tx, _frontier(first, _hashes_on_disk(node, old.size if old else first)), old, new)
    except (MissingTile, BrokenTile, OSError):
        return False


def _leads_to(tx: Transaction, below: Frontier, old: Checkpoint | None, new: Frontier) -> bool:
    """The store's entries, from the size of `below` on, give the root published before and the root to be published."""
    frontier = below
    if old:
        frontier = frontier.extend(leaf_hash(row.data) for row in tx.entries(below.size, old.size))
        if frontier.root() != old.root:
            return False
    return frontier.extend(leaf_hash(row.data) for row in tx.entries(frontier.size, new.size)) == new


def _frontier(size: int, hash_at: HashAt) -> Frontier:
    """The right edge of the tree of `size` entries. Raises MissingTile, BrokenTile."""
    levels = [level for level in range(size.bit_length()) if size >> level & 1]
    return Frontier(size, tuple(hash_at(level, (size >> level) - 1) for level in reversed(levels)))


def _hashes_on_disk(node: Node, size: int) -> HashAt:
    return tile_reader(lambda path: read_file(node.config.ledger, path), size)


def _write_tiles(node: Node, tx: Transaction, first: int, old_size: int, size: int) -> None:
    """INVARIANT: the files are on disk, names and all, before a checkpoint promises them."""
    hash_at = _hashes_on_disk(node, old_size) if first else None
    folders = {node.config.ledger}
    entries = (row.data for row in tx.entries(first, size))
    for path, data in log_files(entries, first=first, hash_at=hash_at):
        file = node.config.ledger / path
        _replace(file, data)
        folders.update(folder for folder in file.parents if folder.is_relative_to(node.config.ledger))
    for folder in {*folders, node.config.folder}:
        _sync(folder)


def _replace(file: Path, data: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.new")
    with unfinished.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)


def _sync(folder: Path) -> None:
    """Makes the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
