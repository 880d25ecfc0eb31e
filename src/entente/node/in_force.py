"""Which agreements are in force between us and a partner, resolved at the moment of use and never from a copied
list."""

from datetime import datetime

from entente.agreements import Agreement, Officer, OfficerSignature, Standing
from entente.agreements import standings as weigh_standings
from entente.node.work import Node
from entente.signing import PublicKey, parse
from entente.store import OfficerRow, Transaction
from entente.vocabulary import Vocabulary


def agreements_between(node: Node, tx: Transaction, partner: str, moment: datetime) -> tuple[Agreement, ...]:
    """Agreements in force at `moment` to which both this node's party and `partner` belong."""
    found = (
        (agreement, standing)
        for agreement, standing in standings(node, tx, moment)
        if {node.party, partner} <= set(agreement.parties)
    )
    return tuple(agreement for agreement, standing in found if standing.is_in_force)


def standings(node: Node, tx: Transaction, moment: datetime) -> list[tuple[Agreement, Standing]]:
    """Every agreement this node holds, with whether it is in force at `moment` and, if not, why."""
    held = [node.agreement(row.digest, row.source) for row in tx.agreements()]
    signatures = [OfficerSignature.from_json(parse(row.body)) for row in tx.agreement_signatures()]
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
