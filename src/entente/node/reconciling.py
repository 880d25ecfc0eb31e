"""Step 6b: both sides compare, message by message, what was sent and what is held; what heals itself is sent again.

What a partner once confirmed with its signature is not sent again because it now says that it has lost it: that is the
word of a machine that may lie or be broken, and a person has to believe it (`may_resend_confirmed`). Even then a body
leaves only where its agreement is in force, which the courier asks last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from entente.errors import EntenteError
from entente.exchange import (
    MAX_RANGE,
    Difference,
    DifferenceKind,
    RangeView,
    SpeaksForAnother,
    StreamItem,
    answer_to,
    ask_about,
    compare,
    read_answer,
    read_view,
)
from entente.node.calling import Caller, make_plain
from entente.node.partnering import NoSuchPartner
from entente.node.taking_over import take_over
from entente.node.work import Node
from entente.signing import Json, canonical
from entente.store import ComparisonRow, PartnerRow, Transaction

PATH = "/exchange/v1/reconciliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both streams with one partner: how many numbers were compared, every difference found, how many messages were
    sent again, how many the partner has confirmed and now says that it does not hold (`denied`), and which ones cannot
    be sent again because the record they carried was erased here since. `taken_over`: numbers that a restored node had
    forgotten."""

    party: str
    sent: int
    received: int
    differences: tuple[Difference, ...]
    sent_again: int
    denied: int
    erased: tuple[int, ...]
    of_sent: int = 0
    taken_over: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "sent": self.sent,
            "received": self.received,
            "differences": [
                {
                    "seq": found.seq,
                    "kind": str(found.kind),
                    "heals_itself": found.heals_itself,
                    "way": "sent" if number < self.of_sent else "received",
                    "was_confirmed": found.was_confirmed,
                }
                for number, found in enumerate(self.differences)
            ],
            "sent_again": self.sent_again,
            "denied": self.denied,
            "erased": list(self.erased),
            "taken_over": self.taken_over,
        }


def reconcile_all(node: Node, *, may_heal: bool = True, may_resend_confirmed: bool = False) -> list[Comparison]:
    """Compares with every partner. Raises PartnerSilent and what calling raises."""
    with node.store.reading() as tx:
        partners = tx.partners()
    caller = Caller(node)
    try:
        return [
            reconcile(node, caller, partner, may_heal=may_heal, may_resend_confirmed=may_resend_confirmed)
            for partner in partners
        ]
    except EntenteError as error:
        make_plain(error)
        raise
    finally:
        caller.close()


def reconcile_one(node: Node, party: str, *, may_heal: bool = False, may_resend_confirmed: bool = False) -> Comparison:
    """Compares with one partner; heals nothing unless told to. Raises NoSuchPartner, PartnerSilent and what calling
    raises."""
    with node.store.reading() as tx:
        partner = next((known for known in tx.partners() if known.party == party), None)
    if partner is None:
        raise NoSuchPartner(party=party)
    caller = Caller(node)
    try:
        return reconcile(node, caller, partner, may_heal=may_heal, may_resend_confirmed=may_resend_confirmed)
    except EntenteError as error:
        make_plain(error)
        raise
    finally:
        caller.close()


def reconcile(
    node: Node, caller: Caller, partner: PartnerRow, *, may_heal: bool, may_resend_confirmed: bool = False
) -> Comparison:
    """Compares both streams with `partner`. With `may_heal`, what never arrived there is queued again; with
    `may_resend_confirmed` too, also what it had confirmed and lost since. After a restoration the numbers that the
    partner holds are taken over first. The result is in the ledger."""
    taken_over = take_over(node, caller, partner)
    with node.store.reading() as tx:
        position = tx.position(partner.party)
    ours, theirs = (node.party, partner.party), (partner.party, node.party)
    sent = _differences(node, caller, partner, ours, position.sent_seq)
    received = _differences(node, caller, partner, theirs, position.received_seq)
    wanted = [found for found in sent if found.heals_itself or (may_resend_confirmed and _is_denied(found))]
    with node.writing() as work:
        again, erased = _sendable(work.tx, partner.party, wanted if may_heal else ())
        work.tx.requeue(partner.party, again)
        facts: dict[str, Json] = {
            "sent": position.sent_seq,
            "received": position.received_seq,
            "differences": len(sent) + len(received),
            "sent_again": len(again),
            "may_resend_confirmed": may_resend_confirmed,
        }
        work.write("reconciled", partner.party, facts)
        result = Comparison(
            party=partner.party,
            sent=position.sent_seq,
            received=position.received_seq,
            differences=(*sent, *received),
            sent_again=len(again),
            denied=sum(_is_denied(found) for found in sent),
            erased=tuple(erased),
            of_sent=len(sent),
            taken_over=taken_over,
        )
        body = canonical(result.to_json())
        work.tx.put_comparison(ComparisonRow(party=partner.party, at=work.now, fault="", body=body))
    return result


def _is_denied(found: Difference) -> bool:
    return found.kind is DifferenceKind.MISSING_THERE and found.was_confirmed


def _sendable(tx: Transaction, party: str, wanted: Sequence[Difference]) -> tuple[list[int], list[int]]:
    """Numbers that can be sent again, and those whose sealed bytes were erased.

    What was settled while we compared is left alone. Behind an erased message nothing is sent: to a partner that
    misses it, all that follows is a hole.
    """
    states = {found.seq: found.sent.state for found in wanted if found.sent is not None}
    again: list[int] = []
    erased: list[int] = []
    if states:
        for row in tx.outbox(party, start=min(states), stop=max(states) + 1):
            if states.get(row.seq) == row.state:
                (again if row.sealed else erased).append(row.seq)
    return [seq for seq in again if not erased or seq < erased[0]], erased


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
