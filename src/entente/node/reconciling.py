"""Step 6b: both sides compare, message by message, what was sent and what is held; what heals itself is sent again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from entente.exchange import (
    MAX_RANGE,
    Difference,
    RangeView,
    SpeaksForAnother,
    StreamItem,
    answer_to,
    ask_about,
    compare,
    read_answer,
    read_view,
)
from entente.node.calling import Caller
from entente.node.work import Node
from entente.store import PartnerRow, Transaction

PATH = "/exchange/v1/reconciliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both streams with one partner: how many numbers were compared, every difference found, and what was sent
    again."""

    party: str
    sent: int
    received: int
    differences: tuple[Difference, ...]
    sent_again: int

    def to_json(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "sent": self.sent,
            "received": self.received,
            "differences": [
                {"seq": found.seq, "kind": str(found.kind), "heals_itself": found.heals_itself}
                for found in self.differences
            ],
            "sent_again": self.sent_again,
        }


def reconcile_all(node: Node, *, may_heal: bool = True) -> list[Comparison]:
    """Compares with every partner. Raises PartnerSilent and what calling raises."""
    with node.store.reading() as tx:
        partners = tx.partners()
    caller = Caller(node)
    try:
        return [reconcile(node, caller, partner, may_heal=may_heal) for partner in partners]
    finally:
        caller.close()


def reconcile(node: Node, caller: Caller, partner: PartnerRow, *, may_heal: bool) -> Comparison:
    """Compares both streams with `partner`; with `may_heal`, what it lost is queued again. The result is in the
    ledger."""
    with node.store.reading() as tx:
        position = tx.position(partner.party)
    ours, theirs = (node.party, partner.party), (partner.party, node.party)
    sent = _differences(node, caller, partner, ours, position.sent_seq)
    received = _differences(node, caller, partner, theirs, position.received_seq)
    again = [found.seq for found in sent if found.heals_itself] if may_heal else []
    with node.writing() as work:
        work.tx.requeue(partner.party, again)
        facts = {
            "sent": position.sent_seq,
            "received": position.received_seq,
            "differences": len(sent) + len(received),
            "sent_again": len(again),
        }
        work.write("reconciled", partner.party, facts)
    return Comparison(
        party=partner.party,
        sent=position.sent_seq,
        received=position.received_seq,
        differences=(*sent, *received),
        sent_again=len(again),
    )


def answer_comparison(node: Node, speaker: str, body: bytes) -> bytes:
    """Our view of the range that `speaker` asks about. Raises UnreadableReconciliation, SpeaksForAnother."""
    asked = read_view(body)
    stream = (asked.origin, asked.recipient)
    if set(stream) != {speaker, node.party}:
        raise SpeaksForAnother(speaker=speaker, origin=asked.origin)
    with node.store.reading() as tx:
        items = list(_items(node, tx, stream, asked.first_seq, asked.last_seq))
    return answer_to(asked, items).to_wire()


def _differences(
    node: Node, caller: Caller, partner: PartnerRow, stream: tuple[str, str], last_seq: int
) -> Sequence[Difference]:
    """Asks in ranges, and one number past our end, so that what only the partner has is seen too."""
    found: list[Difference] = []
    for first in range(1, last_seq + 2, MAX_RANGE):
        last = min(first + MAX_RANGE - 1, last_seq + 1)
        with node.store.reading() as tx:
            items = list(_items(node, tx, stream, first, last))
        asked = ask_about(items, origin=stream[0], recipient=stream[1], first_seq=first, last_seq=last)
        answer = read_answer(caller.call(partner, PATH, asked.to_wire()), asked)
        if not answer.agrees_with(asked):
            found += _compared(node, stream, items, answer)
    return found


def _compared(
    node: Node, stream: tuple[str, str], items: Sequence[StreamItem], answer: RangeView
) -> Sequence[Difference]:
    sent, held = (items, answer.items) if stream[0] == node.party else (answer.items, items)
    return compare(sent, held).differences


def _items(node: Node, tx: Transaction, stream: tuple[str, str], first: int, last: int) -> Iterator[StreamItem]:
    """Numbers, ids and states of a stream on our side: what we sent, or what we hold."""
    if stream[0] == node.party:
        for sent in tx.outbox(stream[1], start=first, stop=last + 1):
            yield StreamItem(sent.seq, sent.id, sent.state)
    else:
        for held in tx.inbox(stream[0], start=first, stop=last + 1):
            yield StreamItem(held.seq, held.id, held.state)
