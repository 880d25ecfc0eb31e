"""Keys of nodes and ledgers with their days: our own, and those that partners' cards and messages told of.

A key is `valid`; once another has followed it, it is `replaced` and counts until its last moment; `revoked`, it counts
for nothing that arrives from then on. Public keys stay for ever, so that what was signed can be checked.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from entente.exchange import Directory, PinnedKey, directory_of, read_key_change
from entente.ledger import VerifierKey, decode_vkey, encode_vkey
from entente.node.identity import log_origin
from entente.node.work import Node
from entente.signing import PrivateKey, PublicKey
from entente.store import KeyRow, Transaction

NODE, LEDGER = "node", "ledger"
VALID, REPLACED, REVOKED = "valid", "replaced", "revoked"
BEFORE_PINNING = timedelta(days=3650)


def directory(tx: Transaction) -> Directory:
    """Whose key is whose, of all partners. A key counts from long before it was pinned: clocks differ, the pin is what
    matters."""
    partners = tx.partners()
    known = {row.party for row in partners}
    pinned = [
        PinnedKey(party=row.party, key=PublicKey.from_text(row.public_key), valid_from=row.added_at - BEFORE_PINNING)
        for row in partners
    ]
    return directory_of([*pinned, *(_pinned(row) for row in tx.node_keys() if row.kind == NODE and row.party in known)])


def _pinned(row: KeyRow) -> PinnedKey:
    return PinnedKey(
        party=row.party,
        key=PublicKey.from_text(row.public_key),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_revoked=row.state == REVOKED,
    )


def all_node_keys(node: Node, tx: Transaction) -> Iterator[PublicKey]:
    """Every key that is or was a node's, ours among them: none of them is an officer's."""
    yield node.identity.node_key.public
    for text in {*(row.public_key for row in tx.partners()), *(row.public_key for row in tx.node_keys())}:
        yield PublicKey.from_text(text)


def own_keys(node: Node, tx: Transaction, kind: str) -> Sequence[KeyRow]:
    """Ours, the present one last; one that was never replaced has no row of its own yet."""
    rows = [row for row in tx.node_keys(node.party) if row.kind == kind]
    if rows:
        return rows
    key = node.identity.node_key if kind == NODE else node.identity.ledger_key
    since = datetime(2000, 1, 1, tzinfo=UTC)
    return [
        KeyRow(
            party=node.party,
            kind=kind,
            public_key=key.public.to_text(),
            valid_from=since,
            valid_until=None,
            state=VALID,
            serial=0,
            added_at=since,
        )
    ]


def present_key(node: Node, tx: Transaction, kind: str = NODE) -> PrivateKey:
    """The one that signs. Raises KeyMissing."""
    return node.identity.private(own_keys(node, tx, kind)[-1].public_key)


def key_towards(node: Node, tx: Transaction, party: str, *, lasting: bool = False) -> PrivateKey:
    """What we sign with for `party`: the old key until it has receipted the new one.

    `lasting` signatures, over envelopes, are judged by the moment they name: past its last moment the old key signs
    none, whether the partner has heard or not; it hears before it reads on. Raises KeyMissing.
    """
    *earlier, newest = own_keys(node, tx, NODE)
    old = earlier[-1] if earlier else None
    if old is None or old.state != REPLACED or tx.setting(knows_name(party)) == newest.public_key:
        return node.identity.private(newest.public_key)
    is_over = old.valid_until is not None and old.valid_until <= node.clock()
    if (lasting and is_over) or not node.identity.holds(old.public_key):
        return node.identity.private(newest.public_key)
    return node.identity.private(old.public_key)


def knows_name(party: str, kind: str = NODE) -> str:
    """The setting with the key of ours that `party` is known to know."""
    return f"knows-{kind}-key:{party}"


def follow_key_change(tx: Transaction, party: str, body: bytes | None) -> None:
    """The partner has taken in our change of keys. Raises UnreadableKeyChange, BadSignature."""
    change = read_key_change(body or b"")
    tx.put_setting(knows_name(party, change.kind), change.new_key.to_text())


def try_other_key(node: Node, party: str) -> None:
    """The partner does not know the key we signed with. It may have pinned the other one by hand: that is next."""
    with node.store.writing() as tx:
        *earlier, newest = own_keys(node, tx, NODE)
        if earlier:
            knows = tx.setting(knows_name(party)) == newest.public_key
            tx.put_setting(knows_name(party), "" if knows else newest.public_key)


def log_signers(node: Node, tx: Transaction, now: datetime) -> Sequence[PrivateKey]:
    """Who signs our checkpoints: the present key of the ledger and, until its last moment, the one before it."""
    *earlier, newest = own_keys(node, tx, LEDGER)
    old = [
        node.identity.private(row.public_key)
        for row in earlier[-1:]
        if row.state == REPLACED and row.valid_until and now < row.valid_until and node.identity.holds(row.public_key)
    ]
    return [node.identity.private(newest.public_key), *old]


def own_log_keys(node: Node, tx: Transaction) -> Sequence[VerifierKey]:
    """Every key that has signed our ledger, the present one first: older checkpoints stay as they were signed."""
    return [_log_key(row) for row in reversed(own_keys(node, tx, LEDGER))]


def our_log_keys(node: Node) -> Sequence[VerifierKey]:
    """The same, looked up by itself."""
    with node.store.reading() as tx:
        return own_log_keys(node, tx)


def our_key_id(node: Node) -> str:
    """Of the key that signs messages now."""
    with node.store.reading() as tx:
        return PublicKey.from_text(own_keys(node, tx, NODE)[-1].public_key).key_id


def our_vkey(node: Node) -> str:
    """The present one as text: name+key id+base64(kind and key)."""
    present = our_log_keys(node)[0]
    return encode_vkey(present.name, present.key)


def log_keys(tx: Transaction, party: str, now: datetime) -> Sequence[VerifierKey]:
    """Keys that may sign the ledger of the partner `party` now; none before its card is pinned."""
    rows = [row for row in tx.node_keys(party) if row.kind == LEDGER]
    vkey = tx.setting(f"log-key:{party}")
    found = {row.public_key: _log_key(row) for row in rows if _pinned(row).holds(now)}
    if vkey is not None:
        pinned = decode_vkey(vkey)
        if all(row.public_key != pinned.key.to_text() for row in rows):
            found[pinned.key.to_text()] = pinned
    return list(found.values())


def _log_key(row: KeyRow) -> VerifierKey:
    return VerifierKey(name=log_origin(row.party), key=PublicKey.from_text(row.public_key))


@dataclass(frozen=True, slots=True)
class Told:
    """The last card or change of keys that a party told of (our own: that we wrote): number, digest of its content,
    and when, as text."""

    serial: int = 0
    digest: str = ""
    issued_at: str = ""


def told(tx: Transaction, party: str) -> Told:
    kept = tx.setting(f"card:{party}")
    return Told(*json.loads(kept)) if kept else Told()


def put_told(tx: Transaction, party: str, serial: int, digest: str, issued_at: str = "") -> Told:
    tx.put_setting(f"card:{party}", json.dumps([serial, digest, issued_at]))
    return Told(serial, digest, issued_at)
