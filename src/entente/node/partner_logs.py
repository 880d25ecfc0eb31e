"""Partners' checkpoints, from their receipts: kept, compared, and where two contradict each other, kept as evidence.

A log that says two things of one size, or becomes shorter, was rewritten. What its owner signed about our messages
still stands, so messages are settled all the same; a person has to look at the log.
"""

from collections.abc import Mapping

from entente.ledger import Checkpoint, decode_vkey, parse_checkpoint, read_checkpoint
from entente.node.work import Node, Work
from entente.signing import Json, digest
from entente.store import CheckpointRow, ForkedCheckpoint, Transaction


def newest_size(tx: Transaction, party: str) -> int:
    """The largest size the log of `party` is known to have had; 0 before the first checkpoint.

    Asked *before* a call: what the partner answers to it is not older, whatever the order in which answers come.
    """
    origin = _origin(tx, party)
    return int(tx.setting(_size_name(origin)) or 0) if origin else 0


def keep_checkpoint(work: Work, party: str, note: bytes, least_size: int) -> None:
    """Keeps the partner's signed word about its log, which had at least `least_size` entries before.

    Raises UnreadableCheckpoint, UnknownSigner, ForgedSignature.
    """
    vkey = work.tx.setting(f"log-key:{party}")
    if vkey is None:
        return
    checkpoint = read_checkpoint(note, [decode_vkey(vkey)])
    if checkpoint.size < least_size:
        _keep_conflict(work, party, checkpoint, work.tx.checkpoints(checkpoint.origin)[-1], "shorter-than-before")
        return
    try:
        work.tx.add_checkpoint(_row(work, checkpoint.origin, checkpoint))
    except ForkedCheckpoint:  # other bytes; another signature on the same tree is no contradiction
        kept = next(row for row in work.tx.checkpoints(checkpoint.origin) if row.size == checkpoint.size)
        if parse_checkpoint(kept.note).root != checkpoint.root:
            _keep_conflict(work, party, checkpoint, kept, "other-root")
        return
    if checkpoint.size > newest_size(work.tx, party):
        work.tx.put_setting(_size_name(checkpoint.origin), str(checkpoint.size))


def conflicts(node: Node) -> Mapping[str, int]:
    """Partners whose log has contradicted itself, with the number of checkpoints kept as evidence."""
    found = {}
    with node.store.reading() as tx:
        for partner in tx.partners():
            number = len(tx.checkpoints(_conflict_name(_origin(tx, partner.party))))
            if number:
                found[partner.party] = number
    return found


def _keep_conflict(work: Work, party: str, checkpoint: Checkpoint, kept: CheckpointRow, why: str) -> None:
    """Both notes stay, the new one beside the log; one entry for each size that was contradicted."""
    origin = _conflict_name(checkpoint.origin)
    if any(row.size == checkpoint.size for row in work.tx.checkpoints(origin)):
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


def _row(work: Work, origin: str, checkpoint: Checkpoint) -> CheckpointRow:
    return CheckpointRow(origin=origin, size=checkpoint.size, note=checkpoint.note, at=work.now)


def _origin(tx: Transaction, party: str) -> str:
    vkey = tx.setting(f"log-key:{party}")
    return decode_vkey(vkey).name if vkey else ""


def _size_name(origin: str) -> str:
    return f"log-size:{origin}"


def _conflict_name(origin: str) -> str:
    return f"conflict:{origin}"
