"""Locked, killed, migrated by two at once, newer than the program: on every store nothing is lost or half kept."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest

from entente.errors import Misconfigured
from entente.store import (
    EmptyStore,
    NewerSchema,
    OlderSchema,
    Store,
    StoreBusy,
    StoreUnavailable,
    open_store,
)
from entente.store.migrating import run_migrations
from every.databases import administer
from every.given import CBSA, append, entry, record

TESTS = Path(__file__).parents[1]


def started(what: str, url: str, argument: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "every.worker", what, url, str(argument)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TESTS)


@contextmanager
def killed_in_the_end(process: subprocess.Popen[str]) -> Iterator[Iterator[str]]:
    """The lines that `process` says, until it is killed like by a power cut."""
    assert process.stdout is not None
    try:
        yield iter(process.stdout.readline, "")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        if process.stdin is not None:
            process.stdin.close()


def sql(store: Store, url: str, statement: str) -> None:
    """Runs a statement behind the store's back."""
    if url.startswith("sqlite:"):
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(store.where, isolation_level=None)) as connection:
            connection.execute(statement)
    else:
        administer(f"SET search_path = {url.rpartition('schema=')[2]}; {statement}")


class TestLocked:
    def test_a_writer_that_waits_too_long_is_told_and_nothing_is_kept(self, store: Store, url: str) -> None:
        impatient = open_store(url, wait_s=0.2)
        with store.writing() as tx:
            tx.put_setting("a", "1")
            with pytest.raises(StoreBusy, match="stayed locked by another writer"), impatient.writing() as other:
                other.put_setting("a", "2")
            with impatient.reading() as reader:
                assert reader.setting("a") is None
        with impatient.writing() as other:
            other.put_setting("b", str(other.setting("a")))
        with store.reading() as tx:
            assert (tx.setting("a"), tx.setting("b")) == ("1", "1")
        impatient.close()

    def test_writers_wait_for_each_other_and_none_overwrites_what_another_read(self, store: Store) -> None:
        def count_up() -> None:
            for _ in range(15):
                with store.writing() as tx:
                    tx.put_setting("count", str(int(tx.setting("count") or 0) + 1))

        threads = [Thread(target=count_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as tx:
            assert tx.setting("count") == "60"

    def test_a_closed_store_says_so(self, store: Store) -> None:
        store.close()
        with pytest.raises(StoreUnavailable, match="has closed it"), store.reading():
            pass


class TestKilled:
    def test_a_writer_killed_in_mid_transaction_leaves_the_state_before(self, store: Store, url: str) -> None:
        with store.writing() as tx:
            tx.add_records([record("kept")])
            append(tx, entry(0, "kept"))
        with killed_in_the_end(started("hang", url, 5000)) as lines:
            assert next(lines) == "inside\n"
        with store.writing() as tx:
            assert [row.id for row in tx.current_records()] == ["kept"]
            assert list(tx.entries(0, 10)) == [entry(0, "kept")]
            append(tx, entry(1, "after"))
        with store.reading() as tx:
            assert tx.ledger_head().size == 2

    def test_killed_at_any_moment_what_was_committed_stays_and_nothing_is_half_kept(
        self, store: Store, url: str
    ) -> None:
        chance = random.Random(20261121)
        committed = 0
        for _ in range(4):
            with killed_in_the_end(started("write", url, committed)) as lines:
                said = int(next(lines))
                time.sleep(chance.uniform(0, 0.4))
            with store.writing() as tx:  # waits until the server has noticed
                size = tx.ledger_head().size
                assert size > said
                assert [row.index for row in tx.entries(0, size + 9)] == list(range(size))
                assert tx.record_counts() == [("seizures.seizure", None, size)]
                assert [row.seq for row in tx.outbox(CBSA)] == list(range(1, size + 1))
                assert tx.position(CBSA).sent_seq == size
            committed = size


class TestSchema:
    def test_a_new_database_is_empty_until_it_is_migrated(self, url: str) -> None:
        store = open_store(url)
        assert store.needs_migration()
        with pytest.raises(EmptyStore, match="entente init"), store.reading():
            pass
        with pytest.raises(EmptyStore), store.writing():
            pass
        store.migrate()
        assert not store.needs_migration()
        with store.reading() as tx:
            assert tx.ledger_head().size == 0
        store.close()

    def test_migrating_again_changes_nothing(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_setting("a", "1")
        store.migrate()
        with store.reading() as tx:
            assert tx.setting("a") == "1"

    def test_processes_may_migrate_at_once(self, url: str) -> None:
        workers = [started("migrate", url, "now") for _ in range(4)]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("now\n")
            worker.stdin.flush()
        for worker in workers:
            worker.communicate(timeout=120)
        assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
        store = open_store(url)
        assert not store.needs_migration()
        store.close()

    def test_of_two_migrations_one_waits_and_finds_nothing_to_do(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meeting, ran = Barrier(2), []

        def meet(connection: Any, folder: Path) -> None:
            ran.append(folder)
            with suppress(BrokenBarrierError):
                meeting.wait(1)  # for the other one, which should not come
            run_migrations(connection, folder)

        for engine in ("sqlite", "postgres"):
            monkeypatch.setattr(f"entente.store.{engine}.schema.run_migrations", meet)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: open_store(url).migrate(), range(2)))
        assert len(ran) == 1

    def test_a_database_of_a_later_program_is_not_opened(self, store: Store, url: str) -> None:
        sql(store, url, "UPDATE schema_version SET version_num = '0999'")
        with pytest.raises(NewerSchema, match="has schema 0999, and this program knows only"):
            open_store(url)
        with pytest.raises(NewerSchema):
            store.migrate()

    def test_a_database_of_an_earlier_program_asks_to_be_upgraded(self, store: Store, url: str) -> None:
        sql(store, url, "UPDATE schema_version SET version_num = '0000'")
        other = open_store(url)
        assert other.needs_migration()
        with pytest.raises(OlderSchema, match="`entente upgrade`"), other.writing():
            pass
        other.close()

    def test_a_database_of_another_program_is_left_alone(self, store: Store, url: str) -> None:
        sql(store, url, "DROP TABLE schema_version")
        with pytest.raises(Misconfigured, match="tables of another program"):
            open_store(url)
        with pytest.raises(Misconfigured, match="tables of another program"):
            store.migrate()

    def test_no_migration_prints_or_logs(self, url: str, capfd: pytest.CaptureFixture[str]) -> None:
        store = open_store(url)
        store.migrate()
        store.close()
        assert capfd.readouterr() == ("", "")


def test_the_size_grows_with_what_is_kept(store: Store) -> None:
    before = store.size_bytes()
    with store.writing() as tx:
        tx.add_records([record(f"r{number}", body=random.randbytes(4000)) for number in range(300)])
    assert store.size_bytes() >= before + 300 * 4000
