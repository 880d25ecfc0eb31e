"""Claiming messages with leases: in order, without a hole, and never by two workers at once, on every store."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from entente.store import NoSuchMessage, OutboxRow, Store, UnstorableValue, open_store
from every.emptying import empty_outbox
from every.given import CBSA, DEA, NOON, later, message, messages

TESTS = Path(__file__).parents[1]


def claimed(store: Store, worker: str = "w1", *, at: float = 0, lease_s: float = 60, limit: int = 10) -> list[int]:
    """The sequence numbers that `worker` gets `at` seconds after noon."""
    with store.writing() as tx:
        return [row.seq for row in tx.claim(CBSA, worker, later(at), later(at + lease_s), limit)]


def row(store: Store, seq: int) -> OutboxRow:
    with store.reading() as tx:
        return next(tx.outbox(CBSA, start=seq, stop=seq + 1))


@pytest.fixture(autouse=True)
def five_messages(store: Store) -> None:
    with store.writing() as tx:
        tx.queue(messages(5))
        tx.queue(messages(2, DEA))


def test_a_claim_takes_the_first_messages_and_says_what_became_of_them(store: Store) -> None:
    with store.writing() as tx:
        rows = tx.claim(CBSA, "w1", NOON, later(60), 2)
    assert rows == [message(seq, state="sent", attempts=1, leased_by="w1", leased_until=later(60)) for seq in (1, 2)]
    assert [row(store, seq) for seq in (1, 2, 3)] == [*rows, message(3)]


def test_other_workers_get_nothing_while_the_lease_lasts(store: Store) -> None:
    assert claimed(store, limit=2) == [1, 2]
    assert claimed(store, "w2") == []
    assert claimed(store, "w2", at=59) == []
    assert claimed(store, "w2", at=60, limit=3) == [1, 2, 3]
    assert row(store, 1).attempts == 2


def test_a_worker_that_starts_again_finds_its_own_messages(store: Store) -> None:
    assert claimed(store, limit=2) == [1, 2]
    assert claimed(store) == [1, 2, 3, 4, 5]


def test_a_message_that_is_put_off_holds_back_those_behind_it(store: Store) -> None:
    claimed(store, limit=2)
    with store.writing() as tx:
        tx.put_off(CBSA, [1, 2], later(30), "no answer")
    assert row(store, 2) == message(2, state="queued", attempts=1, next_try_at=later(30), reason="no answer")
    assert claimed(store, at=29) == []
    assert claimed(store, at=30) == [1, 2, 3, 4, 5]
    assert row(store, 2).next_try_at is None


def test_a_claim_stops_before_a_hole(store: Store) -> None:
    claimed(store, limit=3)
    with store.writing() as tx:
        tx.settle(CBSA, 2, "receipted", "", b"receipt")
        tx.put_off(CBSA, [1, 3], NOON, "")
    assert claimed(store) == [1]
    with store.writing() as tx:
        tx.settle(CBSA, 1, "receipted", "", b"receipt")
    assert claimed(store) == [3, 4, 5]


def test_a_settled_message_has_its_receipt_and_is_never_claimed(store: Store) -> None:
    claimed(store, limit=1)
    with store.writing() as tx:
        tx.settle(CBSA, 1, "refused", "not-in-force", b"receipt")
    assert row(store, 1) == message(1, state="refused", attempts=1, reason="not-in-force", receipt=b"receipt")
    assert claimed(store, at=1000) == [2, 3, 4, 5]


def test_a_late_worker_does_not_undo_a_receipt(store: Store) -> None:
    claimed(store, limit=1)
    with store.writing() as tx:
        tx.settle(CBSA, 1, "receipted", "", b"receipt")
        tx.put_off(CBSA, [1], later(5), "no answer")
    assert row(store, 1).state == "receipted"


def test_a_gap_at_the_partner_sends_again_what_was_settled(store: Store) -> None:
    claimed(store, limit=3)
    with store.writing() as tx:
        for seq in (1, 2, 3):
            tx.settle(CBSA, seq, "receipted", "", b"receipt")
        tx.requeue(CBSA, [2, 3])
    assert row(store, 2) == message(2, attempts=1, receipt=b"receipt")
    assert claimed(store, "w2") == [2, 3, 4, 5]


def test_what_was_put_off_or_handed_out_is_due_at_once_and_what_is_settled_stays(store: Store) -> None:
    claimed(store, limit=3)
    with store.writing() as tx:
        tx.settle(CBSA, 1, "receipted", "", b"receipt")
        tx.put_off(CBSA, [2], later(500), "no answer")
        assert tx.requeue_unsettled(CBSA) == 2
        assert tx.requeue_unsettled("us.cbp") == 0
    assert row(store, 1).state == "receipted"
    assert row(store, 2) == message(2, attempts=1)
    assert claimed(store, "w2") == [2, 3, 4, 5]


def test_a_run_is_settled_at_once_and_its_receipt_stays_with_the_last(store: Store) -> None:
    claimed(store, limit=3)
    with store.writing() as tx:
        tx.settle_run(CBSA, [(1, "accepted", ""), (2, "refused", "no-agreement"), (3, "accepted", "")], b"receipt")
    assert [row(store, seq).state for seq in (1, 2, 3)] == ["accepted", "refused", "accepted"]
    assert [row(store, seq).receipt for seq in (1, 2, 3)] == [None, None, b"receipt"]
    assert row(store, 2) == message(2, state="refused", attempts=1, reason="no-agreement")
    assert claimed(store, at=1000) == [4, 5]


def test_a_run_with_a_message_that_is_not_there_settles_nothing(store: Store) -> None:
    with pytest.raises(NoSuchMessage, match=r"no message 6 for ca\.cbsa"), store.writing() as tx:
        tx.settle_run(CBSA, [(5, "accepted", ""), (6, "accepted", "")], b"receipt")
    assert row(store, 5).state == "queued"


def test_a_reason_that_is_not_text_is_refused_in_a_run_too(store: Store) -> None:
    with store.writing() as tx, pytest.raises(UnstorableValue):
        tx.settle_run(CBSA, [(1, "refused", "a\0b"), (2, "accepted", "")], b"receipt")


def test_a_message_that_is_not_there_cannot_be_settled(store: Store) -> None:
    with store.writing() as tx, pytest.raises(NoSuchMessage, match=r"no message 6 for ca\.cbsa"):
        tx.settle(CBSA, 6, "receipted", "", None)


def test_a_message_that_is_taken_back_keeps_its_place_and_its_lease(store: Store) -> None:
    claimed(store, limit=2)
    before = row(store, 2)
    with store.writing() as tx:
        tx.replace_sealed(CBSA, 2, b"emptied")
    assert row(store, 2) == replace(before, sealed=b"emptied")
    assert row(store, 1).sealed == message(1).sealed
    assert claimed(store) == [1, 2, 3, 4, 5]
    with store.reading() as tx:
        assert [each.sealed for each in tx.outbox(DEA)] == [each.sealed for each in messages(2, DEA)]


def test_a_message_that_is_not_there_cannot_be_taken_back(store: Store) -> None:
    with store.writing() as tx, pytest.raises(NoSuchMessage, match=r"no message 6 for ca\.cbsa"):
        tx.replace_sealed(CBSA, 6, b"emptied")


def test_partners_do_not_wait_for_each_other(store: Store) -> None:
    assert claimed(store) == [1, 2, 3, 4, 5]
    with store.writing() as tx:
        assert [row.seq for row in tx.claim(DEA, "w2", NOON, later(60), 10)] == [1, 2]


def assert_each_once(batches: list[tuple[int, ...]], store: Store, count: int) -> None:
    assert Counter(seq for batch in batches for seq in batch) == Counter(range(1, count + 1))
    assert all(batch == tuple(range(batch[0], batch[-1] + 1)) for batch in batches)
    with store.reading() as tx:
        assert {each.attempts for each in tx.outbox(CBSA)} == {1}


def test_threads_never_claim_the_same_message(store: Store) -> None:
    with store.writing() as tx:
        tx.queue([message(seq) for seq in range(6, 61)])
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda worker: empty_outbox(store, worker), ["w1", "w2", "w3", "w4"])
    assert_each_once([batch for batches in found for batch in batches], store, 60)


def test_processes_never_claim_the_same_message(store: Store, url: str) -> None:
    with store.writing() as tx:
        tx.queue([message(seq) for seq in range(6, 61)])
    command = [sys.executable, "-m", "every.worker", "claim", url]
    workers = [
        subprocess.Popen([*command, worker], stdout=subprocess.PIPE, text=True, cwd=TESTS)
        for worker in ("w1", "w2", "w3")
    ]
    said = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    batches = [tuple(map(int, line.split())) for lines in said for line in lines.splitlines()]
    assert_each_once(batches, store, 60)


def test_a_second_store_sees_what_the_first_one_claimed(store: Store, url: str) -> None:
    other = open_store(url)
    assert claimed(store, "w1") == [1, 2, 3, 4, 5]
    assert claimed(other, "w2") == []
    other.close()
