"""How many messages stand in which state, with each partner: drawn from the tables of entente.exchange.states, so that
a new state is seen without being added here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.exchange import FEEDBACK, INBOUND, OUTBOUND, QUERY, REQUEST, Machine
from entente.exchange.states import ADVISORY, RECALL
from entente.node.calling import plain
from entente.node.owing import BY_US, TO_US
from entente.node.questioning import BY_US as ASKED_BY_US
from entente.node.questioning import OF_US as ASKED_OF_US
from entente.node.questioning import QUERY_TYPE, REQUEST_TYPE
from entente.node.recall_taking import GIVEN, TAKEN
from entente.node.work import Node
from entente.store import StateCount

SENT, RECEIVED, ADVISED = "sent", "received", "advised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Messages of one partner and type: `numbers` by state, those that are not there left out; `overdue` of them;
    `oldest`: when the first that still waits was written or came, None where none waits. `outside_name`: what a
    party without a node is called here, empty for one that has a node."""

    partner: str
    type: str
    numbers: Mapping[str, int]
    overdue: int
    oldest: datetime | None
    outside_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that goes one way through one machine, in order of partner and type. `has_days`: it can be overdue."""

    way: str
    machine: Machine
    standings: tuple[Standing, ...]

    @property
    def has_days(self) -> bool:
        return self.machine not in (OUTBOUND, INBOUND, ADVISORY)


PLACES: Sequence[tuple[str, Machine, str]] = (
    (SENT, OUTBOUND, ""),
    (RECEIVED, INBOUND, ""),
    (ADVISED, ADVISORY, ""),
    (TO_US, FEEDBACK, ""),
    (BY_US, FEEDBACK, ""),
    (ASKED_BY_US, QUERY, QUERY_TYPE),
    (ASKED_OF_US, QUERY, QUERY_TYPE),
    (ASKED_BY_US, REQUEST, REQUEST_TYPE),
    (ASKED_OF_US, REQUEST, REQUEST_TYPE),
    (GIVEN, RECALL, ""),
    (TAKEN, RECALL, ""),
)
"""Which way goes through which machine; with a type, only messages of that type."""


def tables(node: Node) -> Sequence[Table]:
    """Every table in the order of PLACES, also those without a row."""
    with node.store.reading() as tx:
        counts = tx.state_counts(node.clock())
        outside = {row.party: row.name for row in tx.outside_parties()}

    def stands_in(one: StateCount, way: str, type_: str) -> bool:
        is_advised = one.way == SENT and one.partner in outside
        return (ADVISED if is_advised else one.way) == way and type_ in ("", one.type)

    return [
        Table(
            way=way,
            machine=machine,
            standings=_standings([one for one in counts if stands_in(one, way, type_)], outside),
        )
        for way, machine, type_ in PLACES
    ]


def _standings(counts: Sequence[StateCount], outside: Mapping[str, str]) -> tuple[Standing, ...]:
    found: dict[tuple[str, str], list[StateCount]] = defaultdict(list)
    for one in counts:
        found[one.partner, plain(one.type)].append(one)
    return tuple(
        Standing(
            partner=partner,
            type=type_,
            numbers={one.state: one.number for one in rows},
            overdue=sum(one.overdue for one in rows),
            oldest=min((one.oldest for one in rows if one.oldest), default=None),
            outside_name=outside.get(partner, ""),
        )
        for (partner, type_), rows in found.items()
    )
