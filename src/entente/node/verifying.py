"""Is the ledger what was signed? The rows of the store and the published files, each against every checkpoint we
signed."""

from collections.abc import Sequence
from pathlib import Path

from entente.errors import InputFault
from entente.ledger import (
    CHECKPOINT_PATH,
    Frontier,
    Verdict,
    VerifierKey,
    verify_entries,
    verify_log,
)
from entente.node.announcing import witness_keys
from entente.node.config import CONFIG
from entente.node.keyring import own_log_keys
from entente.node.publishing import read_file
from entente.node.work import Node


class NoLedgerHere(InputFault):
    """There is neither a node nor a published ledger in {folder}. Name a node's folder, or a folder with the file
    `checkpoint` and its tiles."""


class KeyNeeded(InputFault):
    """The published ledger in {folder} is verified with its key, and none was given. Ask the log's operator for it by a
    second way, and give it with --key."""


def is_node(folder: Path) -> bool:
    return (folder / CONFIG).is_file()


def verify_store(node: Node) -> Verdict:
    """Every entry in the database against all checkpoints this node has signed, partners have cosigned or its folder
    shows; names each entry that was changed."""
    published = read_file(node.config.ledger, CHECKPOINT_PATH)  # before the entries: they never end behind it
    with node.store.reading() as tx:
        notes = [row.note for row in tx.checkpoints(node.identity.log_origin)]
        notes += [*(row.note for row in tx.cosignatures()), *([published] if published else [])]
        known = [*own_log_keys(node, tx), *witness_keys(node, tx)]
        head = tx.ledger_head()
        frontier = Frontier.from_bytes(head.frontier, head.size)
        return verify_entries(tx.entries(0, max(head.size, 1) + 1), notes, known, head=frontier)


def verify_files(folder: Path, keys: Sequence[VerifierKey]) -> Verdict:
    """A published ledger with nothing but its files and its keys: one of them must have signed. Raises NoLedgerHere,
    KeyNeeded."""
    if not (folder / "checkpoint").is_file():
        raise NoLedgerHere(folder=folder)
    if not keys:
        raise KeyNeeded(folder=folder)
    return verify_log(lambda path: read_file(folder, path), keys)
