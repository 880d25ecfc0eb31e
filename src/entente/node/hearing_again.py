"""A suspension that could not be checked when it came, because its officer was not pinned here, is heard once the card
is renewed: an agreement must not go on because a card was late."""

from entente.errors import EntenteError
from entente.exchange import open_sealed, read_envelope
from entente.node.agreeing import SUSPENSION
from entente.node.taking import take_suspension
from entente.node.work import Node, Work


def hear_suspensions_again(node: Node, work: Work, party: str) -> None:
    """Those of `party` that were put aside. Their messages keep the state that their receipts name."""
    for row in work.tx.inbox(party):
        if row.type != SUSPENSION or row.state != "quarantined" or not row.sealed:
            continue
        sealed = open_sealed(row.sealed)
        if sealed.body is None:
            continue
        try:
            take_suspension(node, work, party, read_envelope(sealed.envelope), sealed.body)
        except EntenteError:  # as unreadable as it was
            continue
