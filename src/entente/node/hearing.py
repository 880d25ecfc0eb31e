"""Has a partner written more for us than we hold? Asked before what others said goes on (entente.node.heard)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from entente.errors import EntenteError
from entente.exchange import ask_about, read_answer
from entente.node.calling import Caller
from entente.node.heard import heard_name, is_within
from entente.node.work import Node
from entente.store import PartnerRow, Transaction

PATH = "/exchange/v1/reconciliation"
ASK_EVERY = timedelta(minutes=10)
SILENT = timedelta(seconds=30)
"""To wait before somebody is asked again who did not answer."""
BEHIND = timedelta(seconds=5)
"""To wait before somebody is asked again from whom nothing has come since."""


def hear(node: Node, spoken_for: Collection[str]) -> None:
    """Asks every partner whether it has written more than we hold, where we pass on what others said at all."""
    if not spoken_for:
        return
    now = node.clock()
    with node.store.reading() as tx:
        due = [row for row in tx.partners() if _is_due(tx, row.party, now)]
    if not due:
        return
    caller = Caller(node)
    try:
        for partner in due:
            _ask(node, caller, partner)
    finally:
        caller.close()


def _ask(node: Node, caller: Caller, partner: PartnerRow) -> None:
    with node.store.reading() as tx:
        held = tx.position(partner.party).received_seq
    began, wait = node.clock(), BEHIND
    asked = ask_about([], origin=partner.party, recipient=node.party, first_seq=held + 1, last_seq=held + 1)
    try:
        is_all = not read_answer(caller.call(partner, PATH, asked.to_wire()), asked).items
    except EntenteError:  # silence is what exchange status tells of
        is_all, wait = False, SILENT
    with node.store.writing() as tx:
        if is_all:
            tx.put_setting(heard_name(partner.party), began.isoformat())
        else:
            tx.put_setting(_again(partner.party), f"{(node.clock() + wait).isoformat()} {held}")


def _is_due(tx: Transaction, party: str, now: datetime) -> bool:
    if is_within(tx.setting(heard_name(party)), now, ASK_EVERY):
        return False
    again, _, held = (tx.setting(_again(party)) or "").partition(" ")
    return not again or datetime.fromisoformat(again) <= now or int(held) != tx.position(party).received_seq


def _again(party: str) -> str:
    return f"hear-again:{party}"
