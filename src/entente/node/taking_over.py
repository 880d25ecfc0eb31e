"""After a restoration: a node has forgotten messages that its partners hold. Before anything new gets a number for a
partner, the numbers that the partner holds are taken over, without what they carried.

Else the partner would see a second history under the same numbers and take nothing in any more. And what an archive
still has waiting, though it was taken back afterwards and the partner got its envelope alone, is emptied again.
"""

from itertools import groupby

from entente.errors import PartnerFault
from entente.exchange import MAX_RANGE, StreamItem, ask_about, open_sealed, read_answer
from entente.node.calling import Caller
from entente.node.erasing import ON_THE_WAY
from entente.node.owing import follow_delivery
from entente.node.restored import clear, made_at_of
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import OutboxRow, PartnerRow

FORGOTTEN, EXPIRED = "forgotten", "expired"
PATH = "/exchange/v1/reconciliation"
MOST_AT_ONCE = 10 * MAX_RANGE
"""Numbers that one comparison takes over: a partner that goes on for ever would fill the store."""


class TooManyForgotten(PartnerFault):
    """{party} says that it holds more than {number} messages of ours that the archive of {made_at} does not know, and
    nothing more was taken over. If so many can have gone since, run `entente exchange reconcile` again, until it ends;
    if not, call the operator of {party}: nothing is sent there until then."""


def take_over(node: Node, caller: Caller, partner: PartnerRow) -> int:
    """Takes over the numbers that `partner` holds beyond our own; how many. Raises TooManyForgotten, PartnerSilent
    and what calling raises."""
    with node.store.reading() as tx:
        if not made_at_of(tx, partner.party):
            return 0
    _empty_again(node, caller, partner)
    number = 0
    while True:
        with node.store.reading() as tx:
            if not (made_at := made_at_of(tx, partner.party)):
                return number
            if number >= MOST_AT_ONCE:
                raise TooManyForgotten(party=partner.party, number=f"{MOST_AT_ONCE:,}", made_at=made_at)
            first = tx.position(partner.party).sent_seq + 1
        held = _held(node, caller, partner, first)
        with node.writing() as work:
            _keep(work, partner.party, held)
            if len(held) < MAX_RANGE:
                clear(work.tx, partner.party)
        number += len(held)


def _empty_again(node: Node, caller: Caller, partner: PartnerRow) -> None:
    """INVARIANT: what was taken back after the archive was made leaves no more."""
    with node.store.reading() as tx:
        waiting = {row.seq: row.id for row in tx.outbox(partner.party) if row.state in ON_THE_WAY and row.sealed}
    for _, seqs in groupby(sorted(waiting), key=lambda seq: seq // MAX_RANGE):
        held = _held(node, caller, partner, next(seqs))
        gone = [item.seq for item in held if item.state == EXPIRED and waiting.get(item.seq) == item.id]
        with node.writing() as work:
            for row in (row for seq in gone for row in work.tx.outbox(partner.party, start=seq, stop=seq + 1)):
                _settle_emptied(work, row)


def _settle_emptied(work: Work, row: OutboxRow) -> None:
    """As the partner has it. Why it was taken back is forgotten, perhaps it was called back: so it is not offered again
    by itself."""
    work.tx.replace_sealed(row.partner, row.seq, open_sealed(row.sealed).emptied().to_wire())
    work.tx.settle(row.partner, row.seq, EXPIRED, FORGOTTEN, row.receipt)
    facts: dict[str, Json] = {"partner": row.partner, "seq": row.seq, "type": row.type, "why": FORGOTTEN}
    work.write("taken-back", row.id, facts)
    follow_delivery(work, row, EXPIRED)


def _held(node: Node, caller: Caller, partner: PartnerRow, first: int) -> tuple[StreamItem, ...]:
    """What the partner holds from number `first` on, up to the end of one question."""
    asked = ask_about((), origin=node.party, recipient=partner.party, first_seq=first, last_seq=first + MAX_RANGE - 1)
    answer = read_answer(caller.call(partner, PATH, asked.to_wire()), asked)
    return answer.items


def _keep(work: Work, party: str, held: tuple[StreamItem, ...]) -> None:
    """The store refuses a hole. Their bodies are gone, and with them the records that they carried."""
    rows = [
        OutboxRow(
            partner=party,
            seq=item.seq,
            id=item.id,
            type=FORGOTTEN,
            state=item.state,
            sealed=b"",
            record_id=None,
            record_version=None,
            created_at=work.now,
            reason=FORGOTTEN,
        )
        for item in held
    ]
    work.tx.queue(rows)
    if rows:
        work.write("taken-over", party, {"partner": party, "first": rows[0].seq, "last": rows[-1].seq})
