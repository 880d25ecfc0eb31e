"""Is the ledger what was signed? The rows of the store and the published files, each against every checkpoint we
signed."""

from pathlib import Path

from entente.errors import InputFault
from entente.ledger import (
    Frontier,
    Verdict,
    VerifierKey,
    decode_vkey,
    verify_entries,
    verify_log,
)
from entente.node.config import CONFIG
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
    """Every entry in the database against all checkpoints this node has signed; names each entry that was changed."""
    with node.store.reading() as tx:
        notes = [row.note for row in tx.checkpoints(node.identity.log_origin)]
        known = [decode_vkey(node.identity.log_vkey)]
        head = tx.ledger_head()
        frontier = Frontier.from_bytes(head.frontier, head.size)
        return verify_entries(tx.entries(0, max(head.size, 1) + 1), notes, known, head=frontier)


def verify_files(folder: Path, vkey: str) -> Verdict:
    """A published ledger with nothing but its files and its key. Raises NoLedgerHere, UnusableVerifierKey."""
    if not (folder / "checkpoint").is_file():
        raise NoLedgerHere(folder=folder)
    if not vkey:
        raise KeyNeeded(folder=folder)
    known: list[VerifierKey] = [decode_vkey(vkey)]
    return verify_log(lambda path: read_file(folder, path), known)
