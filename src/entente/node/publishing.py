"""The ledger on disk: C2SP tiles and a signed checkpoint under `ledger/`, made from the store, readable without a node.

The store is the truth and the files follow: they are written anew from the last complete bundle, the checkpoint last.
"""

import os
import threading
from pathlib import Path

from entente.errors import Tampered
from entente.ledger import (
    CHECKPOINT_PATH,
    Checkpoint,
    Frontier,
    bundle_start,
    log_files,
    parse_checkpoint,
    parse_path,
    sign_checkpoint,
    tile_reader,
)
from entente.node.work import Node, Work
from entente.store import CheckpointRow


class LedgerShrank(Tampered):
    """The database of {party} holds {size} ledger entries, but {published} are published already: it is an older copy.
    Publish nothing from it; restore the newest database, or call your security officer."""


def checkpoint_now(node: Node, work: Work) -> bytes:
    """The signed checkpoint of the ledger as it will stand when `work` commits; kept in the same transaction."""
    note = sign_checkpoint(_checkpoint(node, work.frontier), node.identity.ledger_key)
    row = CheckpointRow(origin=node.identity.log_origin, size=work.frontier.size, note=note, at=work.now)
    work.tx.add_checkpoint(row)
    return note


def publish(node: Node) -> int:
    """Brings the files up to the present size, with a new checkpoint; the size. Nothing to do costs one read.

    Raises LedgerShrank.
    """
    published_size = _published_size(node)
    with node.store.reading() as tx:
        size = tx.ledger_head().size
    if size in (0, published_size):
        return size
    if size < published_size:
        raise LedgerShrank(party=node.party, size=size, published=published_size)
    with node.writing() as work:
        note = checkpoint_now(node, work)
    checkpoint = parse_checkpoint(note)
    _write_tiles(node, published_size, checkpoint.size)
    _write(node.config.ledger / CHECKPOINT_PATH, note)
    return checkpoint.size


def published(node: Node, path: str) -> bytes | None:
    """A file of the published ledger; None when there is none. Only the checkpoint and tiles have names."""
    if path != CHECKPOINT_PATH and parse_path(path) is None:
        return None
    return read_file(node.config.ledger, path)


def read_file(folder: Path, path: str) -> bytes | None:
    """What `entente.ledger.Read` asks for: the file at `path` under `folder`."""
    file = folder / path
    return file.read_bytes() if file.is_file() else None


def _checkpoint(node: Node, frontier: Frontier) -> Checkpoint:
    return Checkpoint(origin=node.identity.log_origin, size=frontier.size, root=frontier.root())


def _published_size(node: Node) -> int:
    note = read_file(node.config.ledger, CHECKPOINT_PATH)
    return parse_checkpoint(note).size if note else 0


def _write_tiles(node: Node, old_size: int, size: int) -> None:
    first = bundle_start(old_size)
    hash_at = tile_reader(lambda path: read_file(node.config.ledger, path), old_size) if first else None
    with node.store.reading() as tx:
        entries = (row.data for row in tx.entries(first, size))
        for path, data in log_files(entries, first=first, hash_at=hash_at):
            _write(node.config.ledger / path, data)


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}.new")
    unfinished.write_bytes(data)
    unfinished.replace(file)
