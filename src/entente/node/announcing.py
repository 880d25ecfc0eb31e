"""Our own checkpoints, announced on a fixed clock, and what partners cosigned of them.

The clock tells nothing about our work: it strikes every `witness_hours`, at the same minute, whatever happened. Between
two strokes the announced checkpoint stays the same for everybody who asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from entente.ledger import CHECKPOINT_PATH, KeyKind, VerifierKey, add_cosignature, parse_checkpoint
from entente.node.keyring import log_keys
from entente.node.publishing import publish, published
from entente.node.work import Node
from entente.store import Transaction

MINUTE = timedelta(minutes=7)
"""The clock strikes at seven minutes past, in UTC."""
OVERDUE = timedelta(days=3)
_STROKE, _ANNOUNCED = "announced-stroke", "announced"
_LINE = "\n\N{EM DASH} "


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessView:
    """A partner as our witness: the newest of our checkpoints that it cosigned, and when; size 0: none yet."""

    party: str
    size: int
    at: datetime | None
    is_overdue: bool
    number: int


def announced(tx: Transaction) -> bytes | None:
    """The checkpoint that everybody is given until the clock strikes again, with its cosignatures; None before the
    first."""
    note = tx.setting(_ANNOUNCED)
    return _with_cosignatures(tx, note.encode("utf-8")) if note else None


def given_out(node: Node, path: str) -> bytes | None:
    """What anybody may fetch of the ledger at `path`: the announced checkpoint, or every file where the node's settings
    say so. Tiles are for auditors (`entente ledger export`)."""
    if node.config.publish_ledger == "all":
        return published(node, path)
    if path != CHECKPOINT_PATH:
        return None
    with node.store.reading() as tx:
        return announced(tx)


def announce(node: Node) -> bytes:
    """Announces the ledger as it is now, if the clock has struck since the last time; the announced note. Raises what
    publishing raises."""
    stroke = stroke_of(node)
    with node.store.reading() as tx:
        note = tx.setting(_ANNOUNCED)
        if note and tx.setting(_STROKE) == stroke:
            return note.encode("utf-8")
    publish(node)
    fresh = published(node, CHECKPOINT_PATH) or b""
    with node.store.writing() as tx:
        tx.put_setting(_STROKE, stroke)
        tx.put_setting(_ANNOUNCED, fresh.decode("utf-8"))
    return fresh


def has_struck(node: Node, tx: Transaction) -> bool:
    """The clock has struck since the last checkpoint was announced."""
    return tx.setting(_STROKE) != stroke_of(node)


def witness_views(node: Node) -> Sequence[WitnessView]:
    """Every partner, in order of its code."""
    now = node.clock()
    with node.store.reading() as tx:
        rows = tx.cosignatures()
        has_asked = tx.setting(_ANNOUNCED) is not None
        views = []
        for partner in tx.partners():
            own = [row for row in rows if row.witness == partner.party]
            last = max((row.at for row in own), default=None)
            views.append(
                WitnessView(
                    party=partner.party,
                    size=max((row.size for row in own), default=0),
                    at=last,
                    is_overdue=has_asked and now - (last or partner.added_at) > OVERDUE,
                    number=len(own),
                )
            )
    return views


def cosigned(tx: Transaction, index: int) -> bytes | None:
    """The smallest of our checkpoints that covers entry `index` and that a partner cosigned, with all its
    cosignatures."""
    notes = {row.size: row.note for row in tx.cosignatures() if row.size > index}
    return _with_cosignatures(tx, notes[min(notes)]) if notes else None


def witness_keys(node: Node, tx: Transaction) -> Sequence[VerifierKey]:
    """The keys under which partners cosign: that of their own log, as a witness's."""
    now = node.clock()
    return [
        VerifierKey(name=key.name, key=key.key, kind=KeyKind.WITNESS)
        for partner in tx.partners()
        for key in log_keys(tx, partner.party, now)
    ]


def stroke_of(node: Node) -> str:
    """The last stroke of the clock, as a number that grows by one with each."""
    past = (node.clock() - datetime(2000, 1, 1, tzinfo=UTC) - MINUTE).total_seconds()
    return str(int(past // (node.config.witness_hours * 3600)))


def alarm_name(party: str) -> str:
    """The setting with what a witness knows of our ledger that we do not; empty when all is well."""
    return f"witness-alarm:{party}"


def _with_cosignatures(tx: Transaction, note: bytes) -> bytes:
    size = parse_checkpoint(note).size
    for row in tx.cosignatures():
        if row.size == size:
            note = add_cosignature(note, _LINE[1:] + row.note.decode("utf-8").rsplit(_LINE, 1)[1])
    return note
