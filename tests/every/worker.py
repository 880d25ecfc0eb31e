"""A process of its own for tests (python -m every.worker): claims an outbox empty, writes until killed, or migrates."""

import sys
import time

from entente.store import Store, open_store
from every.emptying import empty_outbox
from every.given import append, entry, message, record


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def claim(store: Store, worker: str) -> None:
    """Says the batches that it got, one a line."""
    for batch in empty_outbox(store, worker):
        say(" ".join(map(str, batch)))


def hang(store: Store, rows: str) -> None:
    """Says `inside` in the middle of a large write transaction, and never ends it."""
    with store.writing() as tx:
        tx.add_records([record(f"lost-{number}", body=bytes(2000)) for number in range(int(rows))])
        append(tx, *(entry(tx.ledger_head().size + number) for number in range(int(rows))))
        say("inside")
        time.sleep(600)


def write(store: Store, start: str) -> None:
    """Commits a record, its entry and its message together, again and again; says the number after each commit."""
    number = int(start)
    while True:
        with store.writing() as tx:
            tx.add_records([record(f"r{number}", body=bytes(5000))])
            append(tx, entry(number, f"r{number}"))
            tx.queue([message(number + 1, record_id=f"r{number}")])
        say(number)
        number += 1


def migrate(store: Store, when: str) -> None:
    """Says `ready`, and migrates when it is told to, together with others."""
    import alembic.runtime.environment  # noqa: F401  # so that nobody is late
    import sqlalchemy  # noqa: F401

    say("ready")
    assert sys.stdin.readline() == f"{when}\n"
    store.migrate()


if __name__ == "__main__":
    name, url, argument = sys.argv[1:]
    {"claim": claim, "hang": hang, "write": write, "migrate": migrate}[name](open_store(url, wait_s=60), argument)
