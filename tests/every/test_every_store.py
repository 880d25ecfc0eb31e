"""What every store does, whatever stands below it: records, imports, ledger, partners, decisions, transactions."""

# ruff: noqa: PT012  # the end of a transaction raises, after several statements

from datetime import UTC, datetime, timedelta, timezone

import pytest

from entente.errors import EntenteError
from entente.store import (
    BrokenRule,
    DoubleVersion,
    ForkedCheckpoint,
    InboxGap,
    LedgerGap,
    LedgerHead,
    OutboxGap,
    PositionRow,
    ReadOnlyTransaction,
    Store,
    TransactionOver,
    UnstorableValue,
)
from every.given import (
    CBSA,
    DEA,
    NOON,
    access,
    append,
    arrived,
    bad_row,
    checkpoint,
    decision,
    entry,
    explanation,
    intake,
    later,
    message,
    received,
    record,
    release,
)


class TestRecords:
    def test_a_version_comes_out_as_it_went_in(self, store: Store) -> None:
        ours, theirs = record("é-1", is_simulated=True), received("r2")
        with store.writing() as tx:
            tx.add_records([ours, theirs])
        with store.reading() as tx:
            assert (tx.record("é-1"), tx.record("r2"), tx.record("r3")) == (ours, theirs, None)

    def test_the_highest_version_is_current_in_whatever_order_versions_come(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a", 2), record("b", 1)])
            tx.add_records([record("a", 3), record("a", 1), record("b", 2), record("c", 1)])
            tx.add_records([record("c", 3), record("c", 2)])
        with store.reading() as tx:
            assert [(head.id, head.version) for head in tx.heads(["a", "b", "c", "d"]).values()] == [
                ("a", 3),
                ("b", 2),
                ("c", 3),
            ]
            assert [row.version for row in tx.versions("a")] == [1, 2, 3]
            assert [(row.id, row.version) for row in tx.current_records()] == [("a", 3), ("b", 2), ("c", 3)]
            assert tx.record("a", 1) == record("a", 1)
            assert tx.record("a") == record("a", 3)

    def test_a_head_tells_what_an_import_compares(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a", 1)])
            head = tx.heads(["a"])["a"]
        assert (head.digest, head.content_digest) == (record("a", 1).digest, record("a", 1).content_digest)

    def test_a_version_that_is_there_is_refused_and_nothing_of_the_batch_is_kept(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a", 1)])
            with pytest.raises(DoubleVersion, match="Version 1 of record a is already kept"):
                tx.add_records([record("b", 1), record("a", 1)])
            with pytest.raises(DoubleVersion):
                tx.add_records([record("c", 1), record("c", 1)])
            tx.put_setting("after", "usable")
        with store.reading() as tx:
            assert [row.id for row in tx.current_records()] == ["a"]
            assert tx.setting("after") == "usable"

    def test_paging_follows_code_points_and_ends(self, store: Store) -> None:
        ids = ["B", "a", "b", "é", "中", "\U0001f600", "a b", "A"]
        with store.writing() as tx:
            tx.add_records(list(map(record, ids)))
        pages, after = [], ""
        with store.reading() as tx:
            while page := tx.current_records(after=after, limit=3):
                pages.append([row.id for row in page])
                after = page[-1].id
        assert [each for page in pages for each in page] == sorted(ids)
        assert [len(page) for page in pages] == [3, 3, 2]

    def test_records_are_chosen_by_kind_and_by_whose_they_are(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a"), record("b", kind="samples.sample"), received("c"), received("d", via=DEA)])
        with store.reading() as tx:
            assert [row.id for row in tx.current_records("seizures.seizure")] == ["a", "c", "d"]
            assert [row.id for row in tx.current_records("seizures.seizure", own=True)] == ["a"]
            assert [row.id for row in tx.current_records(own=False)] == ["c", "d"]
            assert tx.record_counts() == [
                ("samples.sample", None, 1),
                ("seizures.seizure", None, 1),
                ("seizures.seizure", CBSA, 1),
                ("seizures.seizure", DEA, 1),
            ]

    def test_erasure_empties_all_versions_and_what_was_sent_of_them(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a", 1), record("a", 2), record("b")])
            tx.queue([message(1, record_id="a"), message(2, record_id="b"), message(3, record_id="a")])
            tx.settle(CBSA, 1, "receipted", "", b"receipt")
            tx.settle(CBSA, 2, "receipted", "", b"receipt")
        with store.writing() as tx:
            assert tx.erase_record("a") == 2
            assert tx.erase_record("unknown") == 0
        with store.reading() as tx:
            assert [(row.body, row.digest, row.content_digest) for row in tx.versions("a")] == [(b"", "", "")] * 2
            assert tx.record("b") == record("b")
            sent = list(tx.outbox(CBSA))
        assert [row.sealed for row in sent] == [b"", b"sealed 2", b"sealed 3"]
        assert sent[0].receipt == b"receipt"


class TestImports:
    def test_an_import_grows_and_the_last_started_comes_first(self, store: Store) -> None:
        done = intake(
            "i1", state="done", finished_at=later(9), kept=7, unchanged=1, quarantined=2, size=90, position=90
        )
        with store.writing() as tx:
            tx.put_intake(intake("i1"))
            tx.put_intake(intake("i2", started_at=later(1)))
            tx.put_intake(done)
        with store.reading() as tx:
            assert tx.intakes() == [intake("i2", started_at=later(1)), done]
            assert (tx.intake("i1"), tx.intake("i3")) == (done, None)

    def test_an_import_knows_its_header_as_written_and_what_it_corrects(self, store: Store) -> None:
        fixed = intake("i2", header="a\0,caf\udce9", corrects="i1", size=2**40, position=7)
        with store.writing() as tx:
            tx.put_intake(fixed)
            assert tx.intake("i2") == fixed

    def test_bad_rows_come_back_as_written_even_if_they_are_not_text(self, store: Store) -> None:
        broken = bad_row(9, row="a\0b\udc80,\ud800", value="\0", field="mass\0")
        odd_name = intake("i1", source="caf\udce9.csv")
        with store.writing() as tx:
            tx.put_intake(odd_name)
            tx.add_quarantined([broken, bad_row(2)])
        with store.reading() as tx:
            assert tx.quarantined("i1") == [bad_row(2), broken]
            assert tx.intakes() == [odd_name]

    def test_a_line_read_again_replaces_what_was_wrong_with_it(self, store: Store) -> None:
        again = bad_row(2, code="not-a-number", value="x")
        with store.writing() as tx:
            tx.put_intake(intake("i1"))
            tx.put_intake(intake("i2"))
            tx.add_quarantined([bad_row(2), bad_row(3)])
            tx.add_quarantined([again, bad_row(1, "i2")])
        with store.reading() as tx:
            assert tx.quarantined() == [again, bad_row(3), bad_row(1, "i2")]
            assert tx.quarantined(limit=1) == [again]
            assert tx.quarantined("i1", after=2) == [bad_row(3)]
            assert tx.quarantined("i1", after=3) == []
            assert tx.quarantine_counts() == [("i1", "negative", 1), ("i1", "not-a-number", 1), ("i2", "negative", 1)]

    def test_a_bad_row_belongs_to_an_import(self, store: Store) -> None:
        with pytest.raises(BrokenRule), store.writing() as tx:
            tx.add_quarantined([bad_row(1, "never started")])

    def test_looks_at_records_are_listed_the_last_first(self, store: Store) -> None:
        with store.writing() as tx:
            for who in ("first", "second", "third"):
                tx.log_access(access(who))
        with store.reading() as tx:
            assert tx.accesses(2) == [access("third"), access("second")]


class TestLedger:
    def test_entries_follow_on_and_stream_in_order(self, store: Store) -> None:
        entries = [entry(index, f"r{index % 3}") for index in range(450)]
        with store.writing() as tx:
            assert tx.ledger_head() == LedgerHead(size=0, frontier=b"")
            append(tx, *entries[:300])
            append(tx, *entries[300:])
            assert tx.ledger_head() == LedgerHead(size=450, frontier=b"frontier 450")
        with store.reading() as tx:
            assert list(tx.entries(0, 1000)) == entries
            assert list(tx.entries(199, 202)) == entries[199:202]
            assert list(tx.entries(450, 500)) == []
            assert tx.entries_about("r2") == entries[2::3]

    @pytest.mark.parametrize(
        ("indexes", "size", "said"),
        [
            ([3], 4, "has index 2, not 3"),
            ([1], 2, "has index 2, not 1"),
            ([2, 4], 5, "has index 3, not 4"),
            ([2], 9, "has index 3, not 9"),
            ([], 3, "has index 2, not 3"),
        ],
    )
    def test_a_gap_is_refused_and_nothing_is_kept(self, store: Store, indexes: list[int], size: int, said: str) -> None:
        with store.writing() as tx:
            append(tx, entry(0), entry(1))
            with pytest.raises(LedgerGap, match=said):
                tx.append_entries([entry(index) for index in indexes], LedgerHead(size=size, frontier=b"wrong"))
        with store.reading() as tx:
            assert list(tx.entries(0, 9)) == [entry(0), entry(1)]
            assert tx.ledger_head().size == 2

    def test_erased_openings_leave_the_leaves(self, store: Store) -> None:
        with store.writing() as tx:
            append(tx, entry(0, "a"), entry(1, "b"), entry(2, "a"))
            assert tx.erase_openings("a") == 2
            assert tx.erase_openings("a") == 0
        with store.reading() as tx:
            found = list(tx.entries(0, 3))
        assert found == [
            entry(0, "a", opening=None, salt=None),
            entry(1, "b"),
            entry(2, "a", opening=None, salt=None),
        ]

    def test_an_equal_checkpoint_is_ignored_and_a_different_one_is_a_fork(self, store: Store) -> None:
        with store.writing() as tx:
            for row in (checkpoint(9), checkpoint(5), checkpoint(9), checkpoint(9, "ca.cbsa/ledger", b"theirs")):
                tx.add_checkpoint(row)
            with pytest.raises(ForkedCheckpoint, match="two different checkpoints at size 9"):
                tx.add_checkpoint(checkpoint(9, note=b"another"))
        with store.reading() as tx:
            assert tx.checkpoints("us.cbp/ledger") == [checkpoint(5), checkpoint(9)]
            assert tx.checkpoints("us.cbp/ledger", 6) == [checkpoint(9)]
            assert tx.checkpoints("nobody") == []


class TestStreams:
    def test_a_partner_without_messages_stands_at_zero(self, store: Store) -> None:
        with store.reading() as tx:
            assert tx.position(CBSA) == PositionRow(party=CBSA, sent_seq=0, sent_id="", received_seq=0, received_id="")

    def test_both_ends_move_with_their_messages(self, store: Store) -> None:
        with store.writing() as tx:
            tx.queue([message(1), message(1, DEA), message(2)])
            tx.add_inbox([arrived(1), arrived(2), arrived(3), arrived(1, DEA)])
        with store.reading() as tx:
            assert tx.position(CBSA) == PositionRow(
                party=CBSA, sent_seq=2, sent_id=message(2).id, received_seq=3, received_id=arrived(3).id
            )
            assert tx.position(DEA).sent_seq == tx.position(DEA).received_seq == 1

    @pytest.mark.parametrize("seqs", [[1], [2], [4], [3, 5], [3, 3]])
    def test_a_gap_is_refused_and_nothing_is_kept(self, store: Store, seqs: list[int]) -> None:
        with store.writing() as tx:
            tx.queue([message(1), message(2)])
            tx.add_inbox([arrived(1), arrived(2)])
            with pytest.raises(OutboxGap, match=r"The next message for ca\.cbsa has sequence number"):
                tx.queue([message(1, DEA), *map(message, seqs)])
            with pytest.raises(InboxGap, match=r"The next message from ca\.cbsa has sequence number"):
                tx.add_inbox([arrived(1, DEA), *map(arrived, seqs)])
        with store.reading() as tx:
            assert list(tx.outbox(CBSA)) == [message(1), message(2)]
            assert list(tx.inbox(CBSA)) == [arrived(1), arrived(2)]
            assert (list(tx.outbox(DEA)), list(tx.inbox(DEA))) == ([], [])
            assert tx.position(DEA).sent_seq == 0

    def test_streams_come_in_order_between_start_and_stop(self, store: Store) -> None:
        sent, got = [message(seq) for seq in range(1, 451)], [arrived(seq) for seq in range(1, 451)]
        with store.writing() as tx:
            tx.queue(sent)
            tx.add_inbox(got)
        with store.reading() as tx:
            assert list(tx.outbox(CBSA)) == sent
            assert list(tx.inbox(CBSA, start=200)) == got[199:]
            assert list(tx.outbox(CBSA, start=3, stop=5)) == sent[2:4]
            assert list(tx.inbox(CBSA, start=3, stop=3)) == []
            assert tx.outbox_counts() == [(CBSA, "disclosure", "queued", 450)]
            assert tx.inbox_counts() == [(CBSA, "disclosure", "accepted", 450)]

    def test_a_part_of_a_stream_is_counted_by_type_and_state(self, store: Store) -> None:
        with store.writing() as tx:
            tx.queue([message(seq) for seq in range(1, 11)])
            tx.queue([message(1, DEA)])
            tx.settle(CBSA, 4, "accepted", "", b"receipt")
        with store.reading() as tx:
            assert tx.outbox_states(CBSA, 3, 8) == [("disclosure", "accepted", 1), ("disclosure", "queued", 4)]
            assert tx.outbox_states(CBSA, 11, 20) == tx.outbox_states("ca.rcmp", 1, 2) == []

    def test_a_stream_may_be_written_to_while_it_is_read(self, store: Store) -> None:
        with store.writing() as tx:
            tx.queue([message(seq) for seq in range(1, 451)])
            for row in tx.outbox(CBSA):
                tx.settle(CBSA, row.seq, "receipted", "", b"receipt")
        with store.reading() as tx:
            assert tx.outbox_counts() == [(CBSA, "disclosure", "receipted", 450)]

    def test_the_newest_message_about_a_record_is_found(self, store: Store) -> None:
        with store.writing() as tx:
            tx.queue([message(1, record_id="a"), message(2, record_id="a", record_version=2), message(3)])
            tx.queue([message(1, DEA, record_id="a")])
        with store.reading() as tx:
            assert tx.last_sent(CBSA, "a") == message(2).id
            assert tx.last_sent(DEA, "a") == message(1, DEA).id
            assert tx.last_sent(CBSA, "b") is None

    def test_a_nonce_is_new_once_until_it_is_forgotten(self, store: Store) -> None:
        with store.writing() as tx:
            seen = [
                tx.is_new_nonce("key", "n", NOON, later(-60)),
                tx.is_new_nonce("key", "n", later(1), later(-59)),
                tx.is_new_nonce("other key", "n", later(1), later(-59)),
                tx.is_new_nonce("key", "n", later(60), NOON),
                tx.is_new_nonce("key", "n", later(61), later(1)),
            ]
        assert seen == [True, False, True, False, True]


class TestDecisions:
    def test_a_later_decision_replaces_and_explanations_are_shared(self, store: Store) -> None:
        changed = decision("a", outcome="withhold", mask="m2", decided_at=later(5))
        with store.writing() as tx:
            tx.add_decisions([decision("a"), decision("b")], [explanation("m1")])
            tx.add_decisions([changed, decision("a", partner=DEA)], [explanation("m1"), explanation("m2")])
        with store.reading() as tx:
            assert tx.decisions("a") == [changed, decision("a", partner=DEA)]
            assert tx.explanation("m2") == explanation("m2")
            assert tx.explanation("m9") is None

    def test_counts_leave_out_decisions_about_superseded_versions(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_decisions([decision("a", 1, outcome="withhold"), decision("b", 1)], [explanation()])
            tx.add_decisions([decision("a", 2), decision("a", 1, partner=DEA)], [])
        with store.reading() as tx:
            assert tx.decision_counts() == [
                (CBSA, "statistics", "release", "m1", 2),
                (DEA, "statistics", "release", "m1", 1),
            ]

    def test_a_decision_is_explained(self, store: Store) -> None:
        with pytest.raises(BrokenRule), store.writing() as tx:
            tx.add_decisions([decision(mask="unexplained")], [])

    def test_what_waits_for_people_is_listed_in_order_of_creation(self, store: Store) -> None:
        approved = release("w1", state="released", needs=0, approvals=b'["us.cbp/releasing-1"]')
        with store.writing() as tx:
            tx.put_release(release("w2", created_at=later(-5)))
            tx.put_release(release("w1"))
            tx.put_release(approved)
        with store.reading() as tx:
            assert tx.releases() == [release("w2", created_at=later(-5)), approved]
            assert tx.releases("waiting") == [release("w2", created_at=later(-5))]
            assert (tx.release("w1"), tx.release("w9")) == (approved, None)

    def test_the_decisions_of_one_moment_that_share_an_explanation_are_found_together(self, store: Store) -> None:
        together = [decision("r1"), decision("r2", 2), decision("r3")]
        others = [decision("r4", decided_at=later(1)), decision("r5", mask="m2")]
        with store.writing() as tx:
            tx.add_decisions([*others, *reversed(together)], [explanation("m1"), explanation("m2")])
        with store.reading() as tx:
            assert tx.decisions_of("m1", NOON, 9) == together
            assert tx.decisions_of("m1", NOON, 2) == together[:2]
            assert tx.decisions_of("m2", later(1), 9) == []


class TestTransactions:
    def test_an_error_rolls_everything_back(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.writing() as tx:
            tx.add_records([record()])
            append(tx, entry(0))
            tx.queue([message(1)])
            raise ZeroDivisionError
        with store.reading() as tx:
            assert tx.record("r1") is None
            assert tx.ledger_head().size == tx.position(CBSA).sent_seq == 0

    def test_a_database_error_that_is_swallowed_still_ends_the_transaction(self, store: Store) -> None:
        with pytest.raises(BrokenRule), store.writing() as tx:
            tx.put_setting("a", "1")
            with pytest.raises(BrokenRule):
                tx.add_quarantined([bad_row(1, "never started")])
            with pytest.raises(BrokenRule):
                tx.put_setting("b", "2")
        with store.reading() as tx:
            assert tx.setting("a") is None

    def test_a_read_transaction_is_one_snapshot_and_writes_nothing(self, store: Store) -> None:
        with store.reading() as before:
            assert before.setting("a") is None
            with store.writing() as tx:
                tx.put_setting("a", "1")
            assert before.setting("a") is None
        with pytest.raises(ReadOnlyTransaction), store.reading() as tx:
            tx.put_setting("a", "2")
        with store.reading() as after:
            assert after.setting("a") == "1"

    def test_nothing_can_be_done_after_the_end(self, store: Store) -> None:
        with store.writing() as tx:
            append(tx, *map(entry, range(300)))
            stream = tx.entries(0, 300)
            next(stream)
        with pytest.raises(TransactionOver):
            tx.setting("a")
        with pytest.raises(TransactionOver):
            list(stream)

    def test_times_keep_their_instant_and_come_back_in_utc(self, store: Store) -> None:
        ottawa = datetime(2026, 3, 1, 23, 30, 0, 1, tzinfo=timezone(timedelta(hours=-5)))
        early, late = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
        with store.writing() as tx:
            tx.add_records([record(f"r{n}", recorded_at=at) for n, at in enumerate((ottawa, early, late))])
        with store.reading() as tx:
            found = [row.recorded_at for row in tx.current_records()]
        assert found == [ottawa, early, late]
        assert {at.tzinfo for at in found} == {UTC}

    @pytest.mark.parametrize(
        "row",
        [
            record("nul\0"),
            record("r1", kind="surrogate \udc80"),
            record("r1", version=2**63),
            record("r1", recorded_at=datetime(2026, 1, 1)),  # noqa: DTZ001
        ],
    )
    def test_what_some_database_could_not_keep_is_refused_by_all(self, store: Store, row: object) -> None:
        with store.writing() as tx:
            with pytest.raises(UnstorableValue, match="cannot be kept by every database"):
                tx.add_records([record("fine"), row])  # type: ignore[list-item]  # parametrised rows lose their type
            for look in (tx.record, tx.versions, tx.entries_about, tx.setting):
                with pytest.raises(UnstorableValue):
                    look("nul\0")
            tx.put_setting("after", "usable")
        with store.reading() as tx:
            assert tx.record("fine") is None
            assert tx.setting("after") == "usable"

    def test_nothing_to_add_is_fine(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([])
            tx.append_entries([], LedgerHead(size=0, frontier=b""))
            tx.queue([])
            tx.add_inbox([])
            tx.add_decisions([], [])
            tx.add_quarantined([])
            tx.put_off(CBSA, [], NOON, "")
            tx.requeue(CBSA, [])
            assert tx.heads([]) == {}
            assert tx.claim(CBSA, "w", NOON, later(60), 10) == []

    def test_errors_name_the_database_and_no_row(self, store: Store) -> None:
        with pytest.raises(EntenteError) as caught, store.writing() as tx:
            tx.add_quarantined([bad_row(1, "secret-name", row="secret-row")])
        assert store.where in str(caught.value)
        assert "secret" not in str(caught.value)
