"""How many messages stand in which state, on every store; what still waits is what the tables of states say."""

from collections.abc import Iterator

import pytest

from entente.exchange import FEEDBACK, INBOUND, OUTBOUND, QUERY, Machine
from entente.exchange.states import RECALL
from entente.store import StateCount, Store, Transaction
from every.given import CBSA, DEA, NOON, arrived, duty, later, message
from every.test_every_store_askings import asking
from every.test_every_store_recalls import recall

LATE, NOW = later(10), later(20)


def put(tx: Transaction, way: str, state: str, number: int) -> None:
    """One row, written at NOON and due at LATE where it has a day."""
    match way:
        case "sent":
            tx.queue([message(number, state=state)])
        case "received":
            tx.add_inbox([arrived(number, state=state)])
        case "owed-by-us":
            tx.put_duty(duty(f"m{number}", direction=way, state=state, due=LATE))
        case "asked-of-us":
            tx.put_asking(asking(f"m{number}", state=state, due=LATE))
        case _:
            tx.put_recall(recall(f"m{number}", way, state=state, due=LATE))


def put_all(tx: Transaction, way: str, machine: Machine) -> Iterator[StateCount]:
    """A row in every state of the machine, and what is to be counted."""
    types = {"owed-by-us": "feedback", "asked-of-us": "query", "given": "recall"}
    has_day = way not in ("sent", "received")
    for number, state in enumerate(machine.states.values(), 1):
        put(tx, way, state.name, number)
        is_late = has_day and not state.is_final and state.name != "aside"  # what is put aside owes nothing yet
        yield StateCount(
            way=way,
            partner=CBSA,
            type=types.get(way, "disclosure"),
            state=state.name,
            number=1,
            overdue=int(is_late),
            oldest=None if state.is_final else NOON,
        )


@pytest.mark.parametrize(
    ("way", "machine"),
    [
        ("sent", OUTBOUND),
        ("received", INBOUND),
        ("owed-by-us", FEEDBACK),
        ("asked-of-us", QUERY),
        ("given", RECALL),
    ],
)
def test_what_waits_is_what_is_not_final(store: Store, way: str, machine: Machine) -> None:
    with store.writing() as tx:
        wanted = list(put_all(tx, way, machine))
    with store.reading() as tx:
        found = tx.state_counts(NOW)
        assert {one.overdue for one in tx.state_counts(LATE)} == {0}  # on its day it is not over
    assert found == sorted(wanted, key=lambda one: one.state)


def test_partners_and_types_are_counted_apart_and_the_oldest_is_the_first_that_waits(store: Store) -> None:
    with store.writing() as tx:
        tx.queue(
            [
                message(1, state="accepted"),
                message(2, created_at=later(1)),
                message(3, created_at=later(2)),
                message(4, type="recall", record_id=None, record_version=None),
            ]
        )
        tx.queue([message(1, DEA, created_at=later(3))])
    with store.reading() as tx:
        found = [(one.partner, one.type, one.state, one.number, one.oldest) for one in tx.state_counts(NOW)]
    assert found == [
        (CBSA, "disclosure", "accepted", 1, None),
        (CBSA, "disclosure", "queued", 2, later(1)),
        (CBSA, "recall", "queued", 1, NOON),
        (DEA, "disclosure", "queued", 1, later(3)),
    ]
