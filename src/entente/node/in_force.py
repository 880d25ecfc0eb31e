"""Which agreements are in force between us and a partner, resolved at the moment of use and never from a copied
list."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from entente.agreements import Agreement, Officer, OfficerSignature, Standing, UnreadableSignature
from entente.agreements import standings as weigh_standings
from entente.errors import Tampered
from entente.node.work import Node, Work
from entente.signing import NotCanonical, PublicKey, digest, parse
from entente.store import AgreementRow, OfficerRow, Transaction
from entente.vocabulary import Vocabulary


class AgreementChanged(Tampered):
    """The text of the agreement `{name}` in the database is not the one with the digest {digest} that was signed, so
    nothing leaves under it. Call your security officer, and restore the text from a copy that has this digest."""


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

    INVARIANT: only bytes that have the digest they were signed by are read; `changed_texts` tells of the others.
    """
    held = [node.agreement(row.digest, row.source) for row in tx.agreements() if digest(row.source) == row.digest]
    signatures = list(signatures_in(tx))
    node_keys = [PublicKey.from_text(row.public_key) for row in tx.partners()]
    found = weigh_standings(
        held,
        signatures,
        [read_officer(row) for row in tx.officers()],
        (),
        moment,
        node_keys=[node.identity.node_key.public, *node_keys],
    )
    return [(agreement, found[agreement.digest]) for agreement in held]


def changed_texts(tx: Transaction) -> Sequence[AgreementRow]:
    """Agreements whose bytes in the database are no longer those that were signed."""
    return [row for row in tx.agreements() if digest(row.source) != row.digest]


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


def read_officer(row: OfficerRow) -> Officer:
    return Officer(
        party=row.party,
        id=row.officer,
        title=row.title,
        public_key=PublicKey.from_text(row.public_key),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def roles_of(vocabulary: Vocabulary, party: str) -> frozenset[str]:
    """The roles of `party` by the vocabulary; none for a party it does not know."""
    term = vocabulary.list("party").terms.get(party)
    return frozenset(term.attributes.get("roles", ())) if term else frozenset()
