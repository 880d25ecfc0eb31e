"""Partners' checkpoints, from their receipts: kept, compared, and where two contradict each other, kept as evidence.

A log that says two things of one size, or becomes shorter, was rewritten. What its owner signed about our messages
still stands, so messages are settled all the same; a person has to look at the log.
"""

import base64
from collections.abc import Mapping, Sequence

from entente.exchange import SignedReceipt, read_receipt
from entente.ledger import Checkpoint, UnreadableCheckpoint, parse_checkpoint, read_checkpoint
from entente.node.accusing import MOST_KEPT, accuse
from entente.node.identity import log_origin
from entente.node.keyring import log_keys
from entente.node.work import Node, Work
from entente.signing import Json, digest
from entente.store import CheckpointRow, ForkedCheckpoint, Transaction

SHORTER = "shorter-than-before"


def newest_size(tx: Transaction, party: str) -> int:
    """The largest size the log of `party` is known to have had; 0 before the first checkpoint.

    Asked *before* a call: what the partner answers to it is not older, whatever the order in which answers come.
    """
    row = tx.newest_checkpoint(origin_of(tx, party))
    return row.size if row else 0


def keep_checkpoint(work: Work, party: str, note: bytes, least_size: int) -> None:
    """Keeps the partner's signed word about its log, which had at least `least_size` entries before.

    Raises UnreadableCheckpoint, UnknownSigner, ForgedSignature.
    """
    known = log_keys(work.tx, party, work.now)
    if not known:
        return
    checkpoint = read_checkpoint(note, known)
    newest = work.tx.newest_checkpoint(checkpoint.origin)
    if newest is not None and checkpoint.size < least_size:
        keep_conflict(work, party, checkpoint, newest, SHORTER)
        return
    add_checkpoint(work, party, checkpoint)


def add_checkpoint(work: Work, party: str, checkpoint: Checkpoint) -> bool:
    """Keeps it beside the others; False where its log has signed another tree of this size, which is then evidence."""
    try:
        work.tx.add_checkpoint(_row(work, checkpoint.origin, checkpoint))
    except ForkedCheckpoint:  # other bytes; another signature on the same tree is no contradiction
        kept = work.tx.checkpoint_at(checkpoint.origin, checkpoint.size)
        if kept is not None and parse_checkpoint(kept.note).root != checkpoint.root:
            keep_conflict(work, party, checkpoint, kept, "other-root")
            return False
    return True


def compare_receipts(work: Work, party: str, signed: SignedReceipt) -> None:
    """A receipt beside the newest one before it: where it takes back what that one says, both together prove it."""
    before = work.tx.newest_receipt(party)
    if before is None:
        return
    first, second = read_receipt(before).receipt, signed.receipt
    parts: dict[str, Json] = {"first": before.decode("utf-8"), "second": signed.to_wire().decode("utf-8")}
    if second.expected_seq < first.expected_seq:
        accuse(work, party, "receipt-denied", parts)
    if _size_of(second.checkpoint) < _size_of(first.checkpoint):
        accuse(work, party, "log-went-back", parts)


def _size_of(note: str) -> int:
    try:
        return parse_checkpoint(note.encode("utf-8")).size
    except UnreadableCheckpoint:
        return 0


def conflicts(node: Node) -> Mapping[str, int]:
    """Partners whose log has contradicted itself, with the number of checkpoints kept as evidence."""
    found = {}
    with node.store.reading() as tx:
        for partner in tx.partners():
            number = len(tx.checkpoints(_conflict_name(origin_of(tx, partner.party))))
            if number:
                found[partner.party] = number
    return found


def keep_conflict(
    work: Work, party: str, checkpoint: Checkpoint, kept: CheckpointRow, why: str, *, proof: Sequence[bytes] = ()
) -> None:
    """Both notes stay, the new one beside the log; one entry for each size that was contradicted, of MOST_KEPT sizes.
    What proves the contradiction to others (`proof`: hashes of the newer tree) is kept as evidence."""
    _accuse(work, party, kept.note, checkpoint, proof)
    origin = _conflict_name(checkpoint.origin)
    known = {row.size for row in work.tx.checkpoints(origin)}
    if checkpoint.size in known or len(known) >= MOST_KEPT:
        return
    work.tx.add_checkpoint(_row(work, origin, checkpoint))
    facts: dict[str, Json] = {
        "partner": party,
        "why": why,
        "size": checkpoint.size,
        "offered": digest(checkpoint.note),
        "kept_size": kept.size,
        "kept": digest(kept.note),
    }
    work.write("checkpoint-conflict", digest(checkpoint.note), facts)


def _accuse(work: Work, party: str, kept: bytes, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    parts: dict[str, Json] = {"first": kept.decode("utf-8"), "second": checkpoint.note.decode("utf-8")}
    if parse_checkpoint(kept).size == checkpoint.size:
        accuse(work, party, "two-heads", parts)
    elif proof:
        hashes: list[Json] = [base64.b64encode(node).decode("ascii") for node in proof]
        accuse(work, party, "not-consistent", {**parts, "proof": hashes})


def _row(work: Work, origin: str, checkpoint: Checkpoint) -> CheckpointRow:
    return CheckpointRow(origin=origin, size=checkpoint.size, note=checkpoint.note, at=work.now)


def origin_of(tx: Transaction, party: str) -> str:
    """The name of the partner's log; empty before its key is known."""
    return log_origin(party) if tx.setting(f"log-key:{party}") else ""


def _conflict_name(origin: str) -> str:
    return f"conflict:{origin}"
