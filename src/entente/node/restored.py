"""A node that was restored has forgotten messages; it sends nothing to a partner before it has compared with it."""

from datetime import datetime

from entente.errors import Unavailable
from entente.node.work import Node
from entente.signing import Json
from entente.store import Transaction

RESTORED = "restored:{}"
"""The setting that says that nothing was compared with a partner since this node was restored, and from when the
archive is."""


class NotComparedYet(Unavailable):
    """This node was restored from an archive of {made_at} and has not compared with {party} since, which may hold
    messages that this node has forgotten. Run `entente exchange reconcile`, then do it again."""


def mark_restored(node: Node, made_at: datetime, erased: int) -> tuple[str, ...]:
    """Writes down that the node was restored; the partners with whom it must compare before it sends."""
    with node.writing() as work:
        parties = tuple(partner.party for partner in work.tx.partners())
        for party in parties:
            work.tx.put_setting(RESTORED.format(party), made_at.isoformat())
        facts: dict[str, Json] = {"made_at": made_at.isoformat(), "erased": erased}
        work.write("restored", node.party, facts)
    return parties


def made_at_of(tx: Transaction, party: str) -> str:
    """From when the archive is, empty where nothing waits for a comparison."""
    return tx.setting(RESTORED.format(party)) or ""


def clear(tx: Transaction, party: str) -> None:
    tx.put_setting(RESTORED.format(party), "")


def refuse_before_comparison(tx: Transaction, party: str) -> None:
    """INVARIANT: no message gets a number that the partner may hold already, and none leaves that was taken back since
    the archive was made. Raises NotComparedYet."""
    if made_at := made_at_of(tx, party):
        raise NotComparedYet(party=party, made_at=made_at)
