"""One key follows another: announced to partners by the old key, taken in from partners, and the old one put away.

Nothing stops meanwhile: both keys count until the old one's last moment, and each partner is spoken to with the one
that it knows. A key that somebody else may hold vouches for none; see entente.node.compromise.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from entente.errors import InputFault
from entente.exchange import KEY_CHANGE, KeyChange, Message, key_change_bytes, read_key_change
from entente.ledger import decode_vkey, encode_vkey
from entente.node.identity import SECRET_BYTES, log_origin, read_secret, write_secret
from entente.node.keyring import (
    BEFORE_PINNING,
    LEDGER,
    NODE,
    REPLACED,
    REVOKED,
    VALID,
    knows_name,
    own_keys,
    put_told,
    told,
)
from entente.node.outgoing import Outgoing
from entente.node.taken import Taken
from entente.node.work import Node, Work
from entente.signing import PrivateKey, PublicKey, digest
from entente.store import KeyRow, Transaction

OVERLAP = timedelta(days=14)
MAX_OVERLAP = timedelta(days=400)


class KeyOfAnother(InputFault):
    """The key of {party} is already pinned for {other}. One key speaks for one party: ask both to check."""


class KeyIsRevoked(InputFault):
    """The key {key_id} of {party} was revoked, and never counts again. Ask the partner for a card with a new key."""


class SameKey(InputFault):
    """The card of {party} still has the key that somebody else may hold. Ask the partner to run `entente keys
    compromised` first, and for the card it writes then."""


class RotationRuns(InputFault):
    """The last change of the {kind} key is not over: the old key counts until {until}. Run `entente keys finish` once
    all partners know the new one."""


class NothingToFinish(InputFault):
    """No old {kind} key is left to put away. `entente keys list` shows the keys there are."""


class StillNeeded(InputFault):
    """The old {kind} key is still needed: {parties} do not know the new one yet. Wait until they have answered, or give
    them a new card by hand and repeat the command with --anyway."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The key id that signs from now on, and partners that need a card because they have not heard of it."""

    key_id: str
    need_card: tuple[str, ...]


def rotate(node: Node, kind: str, overlap: timedelta = OVERLAP) -> KeyRow:
    """A new key of `kind`, announced to all partners by the old one. Raises RotationRuns."""
    with node.writing() as work:
        rows = own_keys(node, work.tx, kind)
        _refuse_running(work, kind, rows)
        serial = told(work.tx, node.party).serial + 1
        key = new_key(node, kind, serial)
        change = KeyChange(
            party=node.party,
            kind=kind,
            serial=serial,
            old_key=PublicKey.from_text(rows[-1].public_key),
            new_key=key.public,
            valid_from=work.now,
            old_valid_until=work.now + min(overlap, MAX_OVERLAP),
        )
        body = key_change_bytes(change, node.identity.private(rows[-1].public_key), key)
        present = _keep_change(work, change, rows[-1])
        put_told(work.tx, node.party, serial, digest(body))
        for partner in work.tx.partners():
            outgoing = Outgoing(node, work, partner.party)
            outgoing.send(KEY_CHANGE, body)
            outgoing.close()
    return present


def finish(node: Node, kind: str, *, may_cut_off: bool = False) -> Finished:
    """The old key of `kind` counts no more here and its file is gone. Raises NothingToFinish, StillNeeded."""
    with node.writing() as work:
        *earlier, present = own_keys(node, work.tx, kind)
        if not earlier or len(_files(node, kind)) < 2:
            raise NothingToFinish(kind=kind)
        waiting = unaware(work.tx, kind, present)
        is_over = all(row.valid_until is not None and row.valid_until <= work.now for row in earlier)
        if waiting and not (may_cut_off or is_over):
            raise StillNeeded(kind=kind, parties=", ".join(waiting))
        for row in earlier:
            if row.state == REPLACED:
                work.tx.put_key(replace(row, valid_until=min(row.valid_until or work.now, work.now)))
        key_id = PublicKey.from_text(present.public_key).key_id
        work.write("key-change", node.party, {"kind": kind, "finished": key_id})
    put_away(node, kind, present.public_key)
    return Finished(key_id, tuple(waiting))


def take_key_change(node: Node, work: Work, speaker: str, _: Message, body: bytes) -> Taken:
    """INVARIANT: only the key that is pinned and not revoked vouches for the next one, and once: numbers grow."""
    change = read_key_change(body)
    why = _why_not(work, speaker, change)
    if why:
        return Taken("refused", why)
    refuse_key(node, work.tx, speaker, change.new_key.to_text())
    _keep_change(work, change, key_row(work, speaker, change.kind, change.old_key.to_text()))
    put_told(work.tx, speaker, change.serial, digest(body))
    if change.kind == LEDGER:
        work.tx.put_setting(f"log-key:{speaker}", encode_vkey(log_origin(speaker), change.new_key))
    else:
        known = next(row for row in work.tx.partners() if row.party == speaker)
        work.tx.put_partner(replace(known, public_key=change.new_key.to_text()))
        work.agreed.clear()
    return Taken("accepted", "", {"kind": change.kind, "old": change.old_key.key_id, "new": change.new_key.key_id})


def _why_not(work: Work, speaker: str, change: KeyChange) -> str:
    """A reason code, empty where the change may be taken in."""
    old = change.old_key.to_text()
    if change.party != speaker:
        return "speaks-for-another"
    if change.serial <= told(work.tx, speaker).serial:
        return "older-than-pinned"
    if old != present_of(work.tx, speaker, change.kind):
        return "not-the-pinned-key"
    if key_row(work, speaker, change.kind, old).state == REVOKED:
        return "key-revoked"
    if change.old_valid_until - min(change.valid_from, work.now) > MAX_OVERLAP:
        return "overlap-too-long"
    return ""


def present_of(tx: Transaction, party: str, kind: str) -> str | None:
    """The public key (base64) that is pinned for the partner now."""
    if kind == LEDGER:
        vkey = tx.setting(f"log-key:{party}")
        return decode_vkey(vkey).key.to_text() if vkey else None
    return next((row.public_key for row in tx.partners() if row.party == party), None)


def refuse_key(node: Node, tx: Transaction, party: str, key: str) -> None:
    """Raises KeyOfAnother, KeyIsRevoked."""
    pinned = [(row.party, row.public_key, row.state) for row in tx.node_keys()]
    pinned += [(row.party, row.public_key, VALID) for row in tx.partners()]
    pinned += [(node.party, row.public_key, VALID) for own in (NODE, LEDGER) for row in own_keys(node, tx, own)]
    for other, text, state in pinned:
        if text == key and other != party:
            raise KeyOfAnother(party=party, other=other)
        if text == key and state == REVOKED:
            raise KeyIsRevoked(party=party, key_id=PublicKey.from_text(key).key_id)


def pin_key(work: Work, party: str, kind: str, key: str, *, serial: int, compromised_since: datetime | None) -> None:
    """A person pins `key`. The one before it ends; compromised, it and all before it are revoked. Raises SameKey."""
    before = present_of(work.tx, party, kind)
    if compromised_since and kind == NODE and before == key:
        raise SameKey(party=party)
    earlier = {row.public_key: row for row in work.tx.node_keys(party) if row.kind == kind}
    if before is not None:
        earlier.setdefault(before, key_row(work, party, kind, before))
    present = earlier.pop(key, None)
    for row in earlier.values():
        ended = _ended(row, work.now, compromised_since if before != key else None)
        if ended != row:
            work.tx.put_key(ended)
            told_of = {"kind": kind, "old": PublicKey.from_text(row.public_key).key_id, "state": ended.state}
            work.write("key-change", party, {**told_of, "new": PublicKey.from_text(key).key_id})
    fresh = replace(present or key_row(work, party, kind, key), valid_until=None, state=VALID, serial=serial)
    work.tx.put_key(fresh)


def _ended(row: KeyRow, now: datetime, compromised_since: datetime | None) -> KeyRow:
    if row.state == REVOKED:
        return row
    if compromised_since is not None:
        return replace(row, state=REVOKED, valid_until=min(compromised_since, row.valid_until or compromised_since))
    return replace(row, state=REPLACED, valid_until=now) if row.state == VALID else row


def key_row(work: Work, party: str, kind: str, key: str) -> KeyRow:
    """The row of a key; of one that has none yet, as if it had been pinned now."""
    for row in work.tx.node_keys(party):
        if (row.kind, row.public_key) == (kind, key):
            return row
    return KeyRow(
        party=party,
        kind=kind,
        public_key=key,
        valid_from=work.now - BEFORE_PINNING,
        valid_until=None,
        state=VALID,
        serial=0,
        added_at=work.now,
    )


def _keep_change(work: Work, change: KeyChange, old: KeyRow) -> KeyRow:
    """Both rows and the entry; the new one."""
    present = replace(
        key_row(work, change.party, change.kind, change.new_key.to_text()),
        valid_from=change.valid_from,
        serial=change.serial,
    )
    work.tx.put_key(replace(old, state=REPLACED, valid_until=change.old_valid_until))
    work.tx.put_key(present)
    named = {"old": change.old_key.key_id, "new": change.new_key.key_id}
    until = change.old_valid_until.isoformat()
    work.write("key-change", change.party, {"kind": change.kind, **named, "state": REPLACED, "old_valid_until": until})
    return present


def new_key(node: Node, kind: str, serial: int) -> PrivateKey:
    """Written to a file of its own first; one that is there, from a change that was cut off, is used."""
    file = node.config.keys / f"{kind}-{serial}.key"
    if not file.exists():
        write_secret(file, PrivateKey(os.urandom(SECRET_BYTES)))
    return read_secret(file)


def put_away(node: Node, kind: str, present: str) -> None:
    """Of all files with keys of `kind`, only the present one's stays, under the usual name."""
    kept = next(file for file in _files(node, kind) if read_secret(file).public.to_text() == present)
    kept.replace(node.config.keys / f"{kind}.key")
    for file in _files(node, kind):
        if file.name != f"{kind}.key":
            file.unlink()


def _files(node: Node, kind: str) -> Sequence[Path]:
    return sorted([*node.config.keys.glob(f"{kind}.key"), *node.config.keys.glob(f"{kind}-*.key")])


def _refuse_running(work: Work, kind: str, rows: Sequence[KeyRow]) -> None:
    for row in rows:
        if row.state == REPLACED and row.valid_until is not None and row.valid_until > work.now:
            raise RotationRuns(kind=kind, until=f"{row.valid_until:%Y-%m-%d %H:%M} UTC")


def unaware(tx: Transaction, kind: str, present: KeyRow) -> list[str]:
    """Partners that have not receipted the present key."""
    return [
        partner.party for partner in tx.partners() if tx.setting(knows_name(partner.party, kind)) != present.public_key
    ]
