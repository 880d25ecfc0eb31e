"""What is new, what is due and what waits: numbers and no value of a record, so that nobody needs a reason to see
them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from entente.analysis import FINDING, OPEN
from entente.node.agreeing import all_standings
from entente.node.alarms import Alarms, alarms
from entente.node.bad_rows import waiting_rows
from entente.node.courier import UNANSWERED
from entente.node.duties import Duty, soonest
from entente.node.emergency import emergencies
from entente.node.looking import record_of
from entente.node.owing import BY_US, TO_US
from entente.node.partner_logs import conflicts
from entente.node.releases import set_aside, waiting
from entente.node.work import Node
from entente.store import Transaction

NEW = timedelta(days=7)
PAGE, MOST_COUNTED = 200, 2000
MOST_SHOWN = 8
_WITH_RECORDS = ("disclosure", "notification", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """`new` records by partner, of the last seven days and at most MOST_COUNTED of each; `unsent` messages by partner.

    `owed_by_us` are the open duties that are due soonest, `late_to_us` those of partners that are overdue, at most
    MOST_SHOWN of each; `open_by_us` and `open_to_us` count all that are open. `unsigned` are agreements (digest, title
    by language) that wait for signatures; `contradicting` partners whose ledger contradicts itself. `emergencies` were
    given and wait for review, `emergencies_overdue` of them for longer than they may.
    """

    new: Mapping[str, int]
    owed_by_us: Sequence[Duty]
    late_to_us: Sequence[Duty]
    open_by_us: int
    open_to_us: int
    alarms: Alarms
    open_findings: int
    waiting_releases: int
    set_aside: int
    emergencies: int
    emergencies_overdue: int
    bad_rows: int
    unsent: Mapping[str, int]
    unsigned: Sequence[tuple[str, Mapping[str, str]]]
    contradicting: Sequence[str]


def overview(node: Node) -> Overview:
    """As of now."""
    with node.store.reading() as tx:
        partners = [row.party for row in tx.partners()]
        new = {party: number for party in partners if (number := _new(node, tx, party))}
        unsent: dict[str, int] = {}
        for partner, _, state, number in tx.outbox_counts():
            if state in UNANSWERED:
                unsent[partner] = unsent.get(partner, 0) + number
        open_findings = _open_findings(node, tx)
        owed = {BY_US: 0, TO_US: 0}
        for direction, _, number, _ in tx.duty_counts(node.clock()):
            owed[direction] += number
    to_review, now = emergencies(node, is_open=True), node.clock()
    return Overview(
        new=new,
        owed_by_us=soonest(node, BY_US, MOST_SHOWN),
        late_to_us=soonest(node, TO_US, MOST_SHOWN, is_overdue=True),
        open_by_us=owed[BY_US],
        open_to_us=owed[TO_US],
        alarms=alarms(node),
        open_findings=open_findings,
        waiting_releases=len(waiting(node)),
        set_aside=len(set_aside(node)),
        emergencies=len(to_review),
        emergencies_overdue=sum(one.is_overdue(now) for one in to_review),
        bad_rows=waiting_rows(node),
        unsent=unsent,
        unsigned=[
            (agreement.digest, agreement.title)
            for agreement, standing in all_standings(node)
            if node.party in agreement.parties and not standing.partners_of(node.party)
        ],
        contradicting=tuple(conflicts(node)),
    )


def _new(node: Node, tx: Transaction, partner: str) -> int:
    """Counted from the newest message backwards, as far as NEW reaches."""
    since, stop, number = node.clock() - NEW, tx.position(partner).received_seq + 1, 0
    while stop > 1 and number < MOST_COUNTED:
        start = max(stop - PAGE, 1)
        rows = list(tx.inbox(partner, start=start, stop=stop))
        fresh = [row for row in rows if row.received_at >= since]
        number += sum(row.state == "accepted" and row.type in _WITH_RECORDS for row in fresh)
        if len(fresh) < len(rows):
            break
        stop = start
    return min(number, MOST_COUNTED)


def _open_findings(node: Node, tx: Transaction) -> int:
    number, after = 0, ""
    while page := tx.current_records(FINDING.name, own=True, after=after):
        number += sum(record_of(node, row).values.get("review") == OPEN for row in page)
        after = page[-1].id
    return number
