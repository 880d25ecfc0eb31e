"""What was called back does not come back: not from another partner under its own id or a new one, and not in a file.

A record is known again by the id its originator gave it, and by what it said: a keyed digest over the fields that were
held, where they hold the key of its kind. Without the node's secret it tells nothing.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from entente.agreements import RESCUE
from entente.node.work import Node
from entente.records import Kind, Record, Value, values_to_json
from entente.signing import canonical, digest
from entente.store import RecalledRow, RecordRow, Transaction

RECALLED = "recalled"
SAME_FACTS = "recalled-facts"


def was_recalled(tx: Transaction, record: Record, speaker: str) -> RecalledRow | None:
    """The recall under which this very record may not come back from `speaker`; `record` has the id that its originator
    gave it."""
    known = (row for row in tx.recalled_as(record.id) if row.said_by == record.said_by)
    return next((row for row in known if _binds(row, speaker)), None)


def barred_by(node: Node, tx: Transaction, record: Record, speaker: str) -> tuple[str, str] | None:
    """An event of the table INBOUND with its reason, where `record`, which `speaker` sends, was called back before; a
    person decides about what only says the same."""
    if was_recalled(tx, record, speaker) is not None:
        return "refused", RECALLED
    return ("quarantined", SAME_FACTS) if says_what_was_recalled(node, tx, [record], speaker) else None


def _binds(row: RecalledRow, speaker: str) -> bool:
    """INVARIANT: what its originator tells us itself stays away only when the originator called it back."""
    return speaker != row.said_by or row.via == row.said_by


def says_what_was_recalled(
    node: Node, tx: Transaction, records: Sequence[Record], speaker: str = ""
) -> Mapping[str, RecalledRow]:
    """By id those of `records` that say, under another id, what was called back; `speaker` sends them, or nobody."""
    forms = [form.split(",") for form in tx.mark_forms()]
    marks: dict[str, set[str]] = {}
    for record in records if forms else ():
        kind = node.catalogue.kind(record.kind)
        for mark in (mark_of(node, kind, record.values, form) for form in forms):
            if mark:
                marks.setdefault(mark, set()).add(record.id)
    rows = [row for row in tx.recalled_by_mark(list(marks)) if _binds(row, speaker)] if marks else []
    return {record_id: row for row in reversed(rows) for record_id in marks[row.mark]}


def mark_of(node: Node, kind: Kind, values: Mapping[str, Value], names: Sequence[str] | None = None) -> str:
    """`field,field=hex` over these fields, by default all; empty where one is not there, or the kind's key is not among
    them: too little would mean too many other records. What is drawn from others is never the same by what it says."""
    chosen = sorted(values) if names is None else names
    if kind.is_drawn or not kind.key or not {*kind.key} <= {*chosen} <= values.keys():
        return ""
    said = canonical([kind.name, values_to_json({name: values[name] for name in chosen})])
    mac = hmac.digest(node.identity.record_secret, b"entente recalled facts\n" + said, hashlib.sha256)
    return f"{','.join(chosen)}={mac.hex()}"


def copies_of(tx: Transaction, speaker: str, told_id: str, held_id: str | None, said_by: str) -> Sequence[RecordRow]:
    """The record under every id that it is held under here, as far as `speaker` may call it back.

    INVARIANT: its originator calls back every copy, whoever brought it; anybody else what it brought itself.
    """
    names = [told_id, *([held_id] if held_id else [])]
    for partner in tx.partners():
        names.append(digest(canonical([partner.party, told_id]))[7:39])
        names.append(digest(canonical([partner.party, told_id, RESCUE]))[7:39])
    found = []
    for name in dict.fromkeys(names):
        row = tx.record(name)
        if row is not None and row.via is not None and row.said_by == said_by and speaker in (said_by, row.via):
            found.append(row)
    return found
