"""We are a witness: a partner shows its checkpoint, and we cosign what continues all that its log has shown anybody.

What we know of a log are the checkpoints it gave us, when it asked before and in receipts, and those it gave to other
partners, who show them to us (`seen`): its new one must contain each of them.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from entente.errors import EntenteError
from entente.exchange import (
    CONFLICT,
    COSIGNED,
    MAX_HELD,
    REFUSED,
    AddCheckpoint,
    UnreadableWitnessing,
    Witnessed,
    read_add_checkpoint,
)
from entente.ledger import Accept, Checkpoint, cosign, parse_checkpoint, read_checkpoint, witness
from entente.node.announcing import OVERDUE
from entente.node.identity import log_origin
from entente.node.keyring import LEDGER, log_keys, present_key
from entente.node.partner_logs import SHORTER, add_checkpoint, keep_conflict
from entente.node.work import Node, Work
from entente.signing import digest
from entente.store import CheckpointRow, Transaction

OLDEST = timedelta(hours=25)
"""A log shows what it announced at the last stroke of its clock, at most a day ago (or asked late), while its receipts
tell of more. What is smaller than it was for longer became shorter."""
_DRAW = "witness-draw"


def answer_witness(node: Node, speaker: str, body: bytes) -> bytes:
    """POST /exchange/v1/witness. Raises UnreadableWitnessing, UnknownVersion.

    INVARIANT: comparing with what is known and keeping the new checkpoint happen in one transaction.
    """
    asked = read_add_checkpoint(body)
    with node.writing() as work:
        for note in asked.seen:
            _hear_of(work, note)
        return _judge(node, work, speaker, asked).to_wire()


def shown_to(tx: Transaction, party: str) -> tuple[str, ...]:
    """What we cosigned last of every other log, for `party` to compare with what it knows."""
    notes = (tx.setting(_cosigned_name(known.party)) for known in tx.partners() if known.party != party)
    return tuple(note for note in notes if note)


def unproven(node: Node) -> Sequence[str]:
    """Partners that were cosigned once and whose ledger has not been shown and proven since OVERDUE."""
    now = node.clock()
    with node.store.reading() as tx:
        last = {partner.party: tx.setting(_when_name(partner.party)) for partner in tx.partners()}
    return [party for party, at in last.items() if at and now - datetime.fromisoformat(at) > OVERDUE]


def _judge(node: Node, work: Work, speaker: str, asked: AddCheckpoint) -> Witnessed:
    new = _read(work, speaker, asked.checkpoint)
    newest = work.tx.newest_checkpoint(new.origin)
    if newest is not None and new.size < newest.size:
        if work.now - newest.at > OLDEST:
            keep_conflict(work, speaker, new, newest, SHORTER)
        return Witnessed(outcome=CONFLICT, held=_notes([newest]))
    known = _to_prove(work, speaker, new)
    if not {row.size for row in known} <= asked.proofs.keys() | {new.size}:
        return Witnessed(outcome=CONFLICT, held=_notes(known))
    refused = [row for row in known if not _continues(work, speaker, row, new, asked)]
    if refused:
        return Witnessed(outcome=REFUSED, held=_notes(refused))
    return _cosign(node, work, speaker, new, known)


def _continues(work: Work, speaker: str, row: CheckpointRow, new: Checkpoint, asked: AddCheckpoint) -> bool:
    """Whether the new tree is proven to begin with that of `row`; where not, both are kept."""
    proof = asked.proofs.get(row.size, ())
    found = witness(parse_checkpoint(row.note), new, () if row.size == new.size else proof)
    if isinstance(found, Accept):
        return True
    keep_conflict(work, speaker, new, row, found.problem.code, proof=proof)
    return False


def _cosign(node: Node, work: Work, speaker: str, new: Checkpoint, proven: Sequence[CheckpointRow]) -> Witnessed:
    for row in proven:
        add_checkpoint(work, speaker, parse_checkpoint(row.note))
    add_checkpoint(work, speaker, new)
    line = cosign(new.note, node.identity.log_origin, present_key(node, work.tx, LEDGER), work.now)
    work.tx.put_setting(_when_name(speaker), work.now.isoformat())
    note = new.note.decode("utf-8")
    if work.tx.setting(_cosigned_name(speaker)) != note:
        work.tx.put_setting(_cosigned_name(speaker), note)
        work.write("checkpoint-witnessed", digest(new.note), {"partner": speaker, "size": new.size})
    return Witnessed(outcome=COSIGNED, cosignature=line)


def _read(work: Work, speaker: str, note: str) -> Checkpoint:
    try:
        return read_checkpoint(note.encode("utf-8"), log_keys(work.tx, speaker, work.now))
    except EntenteError as error:
        raise UnreadableWitnessing(why=error) from error


def _to_prove(work: Work, speaker: str, new: Checkpoint) -> Sequence[CheckpointRow]:
    """What the log gave us since we cosigned last, that one included, and what it gave others."""
    tx, cosigned = work.tx, work.tx.setting(_cosigned_name(speaker))
    since = parse_checkpoint(cosigned.encode("utf-8")).size if cosigned else 0
    ours = tx.checkpoints(new.origin, since)
    sizes = {row.size for row in ours}
    shown = [
        row
        for row in tx.checkpoints(_shown_name(new.origin))
        if row.size <= new.size and row.size not in sizes and tx.checkpoint_at(new.origin, row.size) is None
    ]
    if len(ours) + len(shown) <= MAX_HELD:
        return [*ours, *shown]
    shown = shown[-MAX_HELD // 2 :]
    return [*ours[:1], *_drawn(work, ours[1:], MAX_HELD - 1 - len(shown)), *shown]


def _drawn(work: Work, rows: Sequence[CheckpointRow], number: int) -> Sequence[CheckpointRow]:
    """`number` of `rows`, in order of size: one request cannot prove all. INVARIANT: a log cannot know which, and hide
    a lie among many; they are the same ones when it comes with the proofs."""
    secret = work.tx.setting(_DRAW) or secrets.token_hex()
    work.tx.put_setting(_DRAW, secret)
    lots = sorted(rows, key=lambda row: sha256(f"{secret} {row.size}".encode() + row.note).digest())
    return sorted(lots[:number], key=lambda row: row.size)


def _hear_of(work: Work, note: str) -> None:
    """A checkpoint that a partner's log gave to somebody else; what is of no log we know is passed over."""
    origin = _origin(note)
    for partner in (one for one in work.tx.partners() if log_origin(one.party) == origin):
        try:
            checkpoint = read_checkpoint(note.encode("utf-8"), log_keys(work.tx, partner.party, work.now))
        except EntenteError:
            continue
        shown = _shown_name(origin)
        for place in (origin, shown):
            kept = work.tx.checkpoint_at(place, checkpoint.size)
            if kept is not None:
                if parse_checkpoint(kept.note).root != checkpoint.root:
                    keep_conflict(work, partner.party, checkpoint, kept, "other-root")
                return
        work.tx.add_checkpoint(CheckpointRow(origin=shown, size=checkpoint.size, note=checkpoint.note, at=work.now))
        return


def _origin(note: str) -> str:
    """Whose log it says it is of, so that what 200 notes cost does not grow with the number of partners."""
    try:
        return parse_checkpoint(note.encode("utf-8")).origin
    except EntenteError:
        return ""


def _notes(rows: Sequence[CheckpointRow]) -> tuple[str, ...]:
    return tuple(row.note.decode("utf-8") for row in rows)


def _cosigned_name(party: str) -> str:
    """The setting with the checkpoint of `party` that we cosigned last."""
    return f"cosigned:{party}"


def _when_name(party: str) -> str:
    return f"cosigned-at:{party}"


def _shown_name(origin: str) -> str:
    return f"shown:{origin}"
