"""Which agreements are in force between us and a partner, resolved at the moment of use and never from a copied
list."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from entente.agreements import (
    Agreement,
    Officer,
    OfficerSignature,
    Standing,
    Suspension,
    UnreadableSignature,
    signing_officer,
)
from entente.agreements import standings as weigh_standings
from entente.errors import Tampered
from entente.ledger import UnreadableOpening, read_opening
from entente.node.keyring import all_node_keys
from entente.node.officers import all_officers, ended_keys, is_in_time
from entente.node.work import Node, Work
from entente.signing import NotCanonical, PublicKey, UnusableKey, digest, parse
from entente.store import AgreementRow, AgreementSuspensionRow, EntryRow, Transaction
from entente.vocabulary import Vocabulary

_NEVER_REACHED = 2**62
_MOST_SUSPENSIONS = 10_000


class AgreementChanged(Tampered):
    """The text of the agreement `{name}` in the database is not the one with the digest {digest} that was signed, so
    nothing leaves under it. Call your security officer, and restore the text from a copy that has this digest."""


class SuspensionLost(Tampered):
    """The ledger says that the agreement `{name}` ({digest}) was suspended, and the database no longer holds the
    suspension as it was, so nothing leaves under it. Call your security officer, and restore the database from a
    backup."""


def agreements_between(node: Node, tx: Transaction, partner: str, moment: datetime) -> tuple[Agreement, ...]:
    """Agreements in force at `moment` that bear on what passes between us and `partner`, each narrowed to the parties
    that it binds now.

    INVARIANT: those without `partner` are among them, for a forbid of theirs may bind all partners; deciding and
    holding pick what applies. None at all where none binds both.
    """
    return bearing_on(standings(node, tx, moment), node.party, partner)


def bearing_on(found: Sequence[tuple[Agreement, Standing]], us: str, partner: str) -> tuple[Agreement, ...]:
    """Of all standings, what `agreements_between` gives for `partner`."""
    narrowed = [standing.narrowed(agreement) for agreement, standing in found if standing.bears_on(us, partner)]
    if not any({us, partner} <= set(agreement.parties) for agreement in narrowed):
        return ()
    return tuple(narrowed)


def agreements_now(node: Node, work: Work, partner: str) -> tuple[Agreement, ...]:
    """`agreements_between` at the moment of this transaction, resolved once in it."""
    if partner not in work.agreed:
        work.agreed[partner] = agreements_between(node, work.tx, partner, work.now)
    return work.agreed[partner]


def standings(node: Node, tx: Transaction, moment: datetime) -> list[tuple[Agreement, Standing]]:
    """Every agreement this node holds, with between whom it is in force at `moment` and, between others, why not.

    INVARIANT: only bytes that have the digest they were signed by are read, and none whose suspension is lost;
    `changed_texts` and `lost_suspensions` tell of the others.
    """
    lost = lost_suspensions(tx)
    rows = (row for row in tx.agreements() if digest(row.source) == row.digest and row.digest not in lost)
    held = [node.agreement(row.digest, row.source) for row in rows]
    ended = ended_keys(tx)
    signatures = [one for one in signatures_in(tx) if is_in_time(one, ended)]
    found = weigh_standings(
        held,
        signatures,
        all_officers(tx),
        list(suspensions_in(tx)),
        moment,
        node_keys=list(all_node_keys(node, tx)),
    )
    return [(agreement, found[agreement.digest]) for agreement in held]


def changed_texts(tx: Transaction) -> Sequence[AgreementRow]:
    """Agreements whose bytes in the database are no longer those that were signed."""
    return [row for row in tx.agreements() if digest(row.source) != row.digest]


def lost_suspensions(tx: Transaction) -> frozenset[str]:
    """Digests of agreements that the ledger says a party has suspended, where the database no longer shows it: a row
    that somebody took away, damaged, or replaced by one of later days brings nothing back."""
    rows = [row for row in tx.agreement_suspensions() if _is_genuine(_read_suspension(row))]
    kept = {(row.agreement, said) for row in rows for said in (row.party, digest(row.body))}
    entries = tx.entries_before(_NEVER_REACHED, _MOST_SUSPENSIONS, of_type="agreement-suspended")
    return frozenset(entry.subject for entry in entries if (entry.subject, _said(entry)) not in kept)


def _is_genuine(suspension: Suspension | None) -> bool:
    """By the key that it came in with."""
    return suspension is not None and signing_officer(suspension, (), suspension.suspended_at.date()) is not None


def _said(entry: EntryRow) -> str:
    """The digest of what the officer signed; of older entries the party."""
    try:
        facts = read_opening(entry.opening or b"").facts
    except UnreadableOpening:
        return ""
    return str(facts.get("statement", facts.get("party", "")))


def signatures_in(tx: Transaction) -> Iterator[OfficerSignature]:
    """Those that can be read; one that was damaged counts as not given."""
    for row in tx.agreement_signatures():
        signature = _read_signature(row.body)
        if signature is not None:
            yield signature


@lru_cache(maxsize=1024)
def _read_signature(body: bytes) -> OfficerSignature | None:
    try:
        return OfficerSignature.from_json(parse(body))
    except (NotCanonical, UnreadableSignature):
        return None


def suspensions_in(tx: Transaction) -> Iterator[Suspension]:
    """Those that can be read, each with the officer as known when it came in: a key that changes later brings nothing
    back."""
    for row in tx.agreement_suspensions():
        found = _read_suspension(row)
        if found is not None:
            yield found


@lru_cache(maxsize=1024)
def _read_suspension(row: AgreementSuspensionRow) -> Suspension | None:
    try:
        found = Suspension.from_json(parse(row.body))
        known_as = Officer(
            party=row.party,
            id=row.officer,
            title="",
            public_key=PublicKey.from_text(row.public_key),
            valid_from=date.min,
        )
    except (NotCanonical, UnreadableSignature, UnusableKey):
        return None
    return replace(found, known_as=known_as)


def roles_of(vocabulary: Vocabulary, party: str) -> frozenset[str]:
    """The roles of `party` by the vocabulary; none for a party it does not know."""
    term = vocabulary.list("party").terms.get(party)
    return frozenset(term.attributes.get("roles", ())) if term else frozenset()
