"""What a courier does with the outbox, without sending: claims and settles until nothing is left."""

import time
from datetime import UTC, datetime, timedelta

from entente.store import Store
from every.given import CBSA


def empty_outbox(store: Store, worker: str) -> list[tuple[int, ...]]:
    """The batches that `worker` got, each settled message by message."""
    batches = []
    while not _is_empty(store):
        now = datetime.now(UTC)
        with store.writing() as tx:
            rows = tx.claim(CBSA, worker, now, now + timedelta(seconds=300), 7)
        for each in rows:
            with store.writing() as tx:
                tx.settle(CBSA, each.seq, "receipted", worker, b"receipt")
        if rows:
            batches.append(tuple(each.seq for each in rows))
        else:
            time.sleep(0.002)
    return batches


def _is_empty(store: Store) -> bool:
    with store.reading() as tx:
        return {state for partner, _, state, _ in tx.outbox_counts() if partner == CBSA} == {"receipted"}
