"""What screens read from the end: the newest entries of the ledger, the newest receipt, and why messages wait."""

import pytest

from entente.store import LedgerHead, Store
from every.given import CBSA, DEA, arrived, entry, message


@pytest.fixture
def ledger(store: Store) -> Store:
    """Nine entries: `kept` about r1, r2, r3, r1 ..., but every fourth one is `read` about anna."""
    rows = [
        entry(index, "anna", type="read") if index % 4 == 3 else entry(index, f"r{index % 3 + 1}") for index in range(9)
    ]
    with store.writing() as tx:
        tx.append_entries(rows, LedgerHead(size=9, frontier=b"x"))
    return store


def test_the_newest_entries_come_first_and_the_next_page_goes_on_where_the_last_ended(ledger: Store) -> None:
    with ledger.reading() as tx:
        first = tx.entries_before(9, 5)
        second = tx.entries_before(first[-1].index, 5)
        everything = list(tx.entries(0, 9))
    assert [row.index for row in (*first, *second)] == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert [*first, *second] == everything[::-1]


def test_entries_of_one_type_about_one_subject_or_both_are_found_from_the_end(ledger: Store) -> None:
    with ledger.reading() as tx:
        assert [row.index for row in tx.entries_before(9, 10, of_type="read")] == [7, 3]
        assert [row.index for row in tx.entries_before(7, 10, of_type="read")] == [3]
        assert [row.index for row in tx.entries_before(9, 10, subject="r1")] == [6, 0]
        assert [row.index for row in tx.entries_before(9, 10, subject="anna", of_type="read")] == [7, 3]
        assert tx.entries_before(9, 10, subject="anna", of_type="kept") == []
        assert tx.entries_before(9, 10, of_type="imported") == []


def test_the_newest_receipt_is_that_of_the_highest_message_that_has_one(store: Store) -> None:
    with store.writing() as tx:
        tx.queue([message(seq, CBSA) for seq in range(1, 5)])
        assert tx.newest_receipt(CBSA) is None
        tx.settle(CBSA, 1, "accepted", "", b"first")
        tx.settle(CBSA, 3, "accepted", "", b"second")
    with store.reading() as tx:
        assert tx.newest_receipt(CBSA) == b"second"
        assert tx.newest_receipt(DEA) is None


def test_reasons_are_counted_by_partner_and_state_in_both_directions(store: Store) -> None:
    with store.writing() as tx:
        tx.queue([message(seq, CBSA) for seq in range(1, 4)])
        tx.settle(CBSA, 1, "refused", "no-agreement", None)
        tx.put_off(CBSA, [2, 3], message(1, CBSA).created_at, "PartnerSilent")
        tx.add_inbox([arrived(1, state="refused", reason="not-covered"), arrived(2, state="accepted", reason="")])
    with store.reading() as tx:
        assert tx.outbox_reasons() == [(CBSA, "queued", "PartnerSilent", 2), (CBSA, "refused", "no-agreement", 1)]
        assert tx.inbox_reasons() == [(CBSA, "accepted", "", 1), (CBSA, "refused", "not-covered", 1)]
