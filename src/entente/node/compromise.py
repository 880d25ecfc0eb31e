"""A key that somebody else may hold: ours gives way at once, a partner's is refused at once, and what came under it
since then is listed for people.

INVARIANT: such a key vouches for nothing. The next one is compared by telephone, or two officers of the party revoke
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from entente.errors import InputFault
from entente.exchange import (
    ENVELOPE_CONTEXT,
    OFFICERS_WHO_REVOKE,
    Revocation,
    open_sealed,
)
from entente.ledger import UnreadableOpening, read_opening
from entente.node.courier import UNANSWERED
from entente.node.keyring import NODE, REVOKED, VALID, own_keys, put_told, told
from entente.node.partnering import NoSuchPartner
from entente.node.succeeding import key_row, new_key, present_of, put_away
from entente.node.work import Node, Work
from entente.signing import PrivateKey, PublicKey
from entente.store import InboxRow, KeyRow, OfficerRow, Transaction


class NotRevoked(InputFault):
    """The revocation of a key of {party} is signed by {given} of {needed} officers who are pinned here and in office.
    Ask for the signature of another officer: `entente keys revocation`."""


class NotTheirKey(InputFault):
    """{party} has no key {key_id} that is known here. Compare the key id in the file with `entente keys list`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A message of `party` that came under a revoked key after the moment since which somebody else may have had it."""

    party: str
    seq: int
    id: str
    type: str
    state: str
    received_at: datetime
    key_id: str
    record: str


def give_up_key(node: Node, kind: str, since: datetime | None = None) -> KeyRow:
    """Our key of `kind` counts no more, from `since` (by default now) on; a new one signs at once, also what waits.

    Partners refuse us until they have pinned our new card.
    """
    with node.writing() as work:
        rows = own_keys(node, work.tx, kind)
        serial = told(work.tx, node.party).serial + 1
        key = new_key(node, kind, serial)
        ended = min(since or work.now, work.now)
        for row in rows:
            if row.state != REVOKED:
                work.tx.put_key(replace(row, state=REVOKED, valid_until=min(row.valid_until or ended, ended)))
        present = replace(
            rows[-1],
            public_key=key.public.to_text(),
            valid_from=work.now,
            valid_until=None,
            state=VALID,
            serial=serial,
            added_at=work.now,
        )
        work.tx.put_key(present)
        put_told(work.tx, node.party, serial, "")
        if kind == NODE:
            _sign_again(work, key)
        old = PublicKey.from_text(rows[-1].public_key).key_id
        facts = {"kind": kind, "old": old, "new": key.public.key_id, "state": REVOKED}
        work.write("key-change", node.party, {**facts, "since": ended.isoformat()})
    put_away(node, kind, present.public_key)
    return present


def _sign_again(work: Work, key: PrivateKey) -> None:
    """What waits for partners; the id of a message is that of its envelope, so it stays the same message."""
    for partner in work.tx.partners():
        waiting = [row for row in work.tx.outbox(partner.party) if row.state in UNANSWERED and row.sealed]
        for row in waiting:
            sealed = open_sealed(row.sealed)
            again = replace(sealed, signature=key.sign(ENVELOPE_CONTEXT, sealed.envelope))
            work.tx.replace_sealed(partner.party, row.seq, again.to_wire())


def revoke(node: Node, revocation: Revocation) -> Sequence[Suspect]:
    """Two officers of a partner revoke its node's key: it is refused from now on. What came since is given.

    Raises NoSuchPartner, NotTheirKey, NotRevoked.
    """
    party = revocation.party
    with node.writing() as work:
        if all(row.party != party for row in work.tx.partners()):
            raise NoSuchPartner(party=party)
        row = _key_called(work, party, revocation.key_id)
        given = revocation.signers(_in_office(work, party))
        if len(given) < OFFICERS_WHO_REVOKE:
            raise NotRevoked(party=party, given=len(given), needed=OFFICERS_WHO_REVOKE)
        since = min(revocation.since, work.now, row.valid_until or work.now)
        work.tx.put_key(replace(row, state=REVOKED, valid_until=since))
        facts = {"kind": row.kind, "old": revocation.key_id, "state": REVOKED, "since": since.isoformat()}
        evidence = revocation.to_bytes().decode("utf-8")
        work.write("key-change", party, {**facts, "officers": sorted(given), "evidence": evidence})
    return suspects(node, party)


def _key_called(work: Work, party: str, key_id: str) -> KeyRow:
    for kind in ("node", "ledger"):
        known = {row.public_key for row in work.tx.node_keys(party) if row.kind == kind}
        for text in known | {present_of(work.tx, party, kind)} - {None}:
            if text and PublicKey.from_text(text).key_id == key_id:
                return key_row(work, party, kind, text)
    raise NotTheirKey(party=party, key_id=key_id)


def _in_office(work: Work, party: str) -> dict[str, PublicKey]:
    today = work.now.date()

    def is_in_office(row: OfficerRow) -> bool:
        return row.valid_from <= today and (row.valid_until is None or today <= row.valid_until)

    rows = [row for row in work.tx.officers() if row.party == party and is_in_office(row)]
    return {row.officer: PublicKey.from_text(row.public_key) for row in rows}


def suspects(node: Node, party: str) -> Sequence[Suspect]:
    """Messages of `party` that arrived after the moment its revoked keys are doubted from. Raises NoSuchPartner."""
    with node.store.reading() as tx:
        if all(row.party != party for row in tx.partners()):
            raise NoSuchPartner(party=party)
        since = {
            PublicKey.from_text(row.public_key).key_id: row.valid_until
            for row in tx.node_keys(party)
            if row.state == REVOKED and row.kind == NODE
        }
        if not since:
            return []
        return [found for row in tx.inbox(party) if (found := _suspect(tx, row, since)) is not None]


def _suspect(tx: Transaction, row: InboxRow, since: dict[str, datetime | None]) -> Suspect | None:
    key_id = open_sealed(row.sealed).signature.key_id if row.sealed else ""
    begins = since.get(key_id)
    if begins is None or row.received_at < begins:
        return None
    return Suspect(
        party=row.partner,
        seq=row.seq,
        id=row.id,
        type=row.type,
        state=row.state,
        received_at=row.received_at,
        key_id=key_id,
        record=_record(tx, row),
    )


def _record(tx: Transaction, row: InboxRow) -> str:
    """The id of the record that the message brought, empty where there is none."""
    for entry in tx.entries(row.ledger_index, row.ledger_index + 1):
        try:
            return str(read_opening(entry.opening or b"").facts.get("record", ""))
        except UnreadableOpening:
            return ""
    return ""
