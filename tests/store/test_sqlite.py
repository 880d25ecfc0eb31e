"""What is SQLite's own: one private file, its limits, damage, copies, and bytes that are really gone."""

# ruff: noqa: PT012  # the end of a transaction raises, after several statements

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from entente.store import (
    BackupExists,
    BadAddress,
    Store,
    StoreDamaged,
    StoreFull,
    StoreUnavailable,
    open_store,
)
from every.given import append, entry, listed, record


def opened(path: Path, options: str = "") -> Store:
    store = open_store(f"sqlite:{path}{options}")
    store.migrate()
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    it = opened(path)
    yield it
    it.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put(store: Store, name: str, value: str) -> None:
    with store.writing() as tx:
        tx.put_setting(name, value)


def setting(store: Store, name: str) -> str | None:
    with store.reading() as tx:
        return tx.setting(name)


def test_the_files_are_private_whatever_the_umask(path: Path) -> None:
    old = os.umask(0)
    try:
        store = opened(path)
        put(store, "a", "1")
        assert {name.name: mode(name) for name in path.parent.iterdir()} == {
            "node.db": 0o600,
            "node.db-wal": 0o600,
            "node.db-shm": 0o600,
        }
        store.backup(str(path.parent / "copy.db"))
        assert mode(path.parent / "copy.db") == 0o600
        store.close()
    finally:
        os.umask(old)


def test_every_connection_is_durable_and_keeps_references(path: Path, store: Store) -> None:
    with store.writing() as tx:
        asked = tx.all  # type: ignore[attr-defined]  # the session below the protocol
        found = {name: asked(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_mistyped_path_leaves_no_file_behind(path: Path) -> None:
    store = open_store(f"sqlite:{path}")
    assert store.needs_migration()
    assert not path.exists()
    store.close()


def test_a_file_that_vanished_is_not_replaced_by_an_empty_one(path: Path) -> None:
    opened(path).close()
    store = open_store(f"sqlite:{path}")
    path.unlink()
    with pytest.raises(StoreUnavailable, match="unable to open database file"), store.writing() as tx:
        tx.put_setting("a", "1")
    assert not path.exists()
    store.close()


def test_a_bare_path_is_an_address(path: Path) -> None:
    store = open_store(str(path))
    store.migrate()
    assert store.where == str(path)
    store.close()


@pytest.mark.parametrize("name", ["ni%20ce.db", "a#b.db", "éà 中.db", "x&mode=memory.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    store = opened(tmp_path / name)
    put(store, "a", "1")
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "url", ["sqlite:", "sqlite::memory:", ":memory:", "sqlite:x.db?mode=ro", "sqlite:x?max_pages=0"]
)
def test_what_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(BadAddress, match=r"Write sqlite:PATH"):
        open_store(url)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'nowhere' / 'node.db'}")
    with pytest.raises(StoreUnavailable, match="No such file or directory"):
        store.migrate()


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"):
        open_store(f"sqlite:{tmp_path}")


class TestFull:
    def test_at_its_limit_the_store_says_so_and_keeps_nothing_of_it(self, path: Path) -> None:
        store = opened(path, "?max_pages=150")
        put(store, "before", "1")
        with pytest.raises(StoreFull, match="has no room left") as caught, store.writing() as tx:
            tx.put_setting("half", "1")
            tx.add_records([record(f"r{number}", body=bytes(4000)) for number in range(300)])
        assert "raise its size limit" in str(caught.value)
        with store.reading() as tx:
            assert tx.setting("before") == "1"
            assert tx.setting("half") is None
            assert tx.current_records() == []
        put(store, "small things", "still fit")
        store.close()
        assert path.stat().st_size <= 150 * 4096

    def test_with_a_higher_limit_it_goes_on(self, path: Path) -> None:
        store = opened(path, "?max_pages=150")
        with pytest.raises(StoreFull), store.writing() as tx:
            tx.add_records([record(body=bytes(600_000))])
        store.close()
        larger = opened(path, "?max_pages=1000")
        with larger.writing() as tx:
            tx.add_records([record(body=bytes(600_000))])
        larger.close()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_disk_that_is_full_is_told_from_other_troubles(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from entente.store.sqlite.faults import store_error

        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        assert isinstance(store_error(error, str(path)), StoreUnavailable)
        usage = shutil.disk_usage("/")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: type(usage)(usage.total, usage.total, 0))
        assert isinstance(store_error(error, str(path)), StoreFull)


def damage(store: Store, path: Path) -> Store:
    """The store with entries, opened again after pages in the middle of its file were overwritten."""
    with store.writing() as tx:
        append(tx, *(entry(number, data=bytes(2000)) for number in range(300)))
    store.close()
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 40_000] = b"\xff" * 40_000
    path.write_bytes(damaged)
    return open_store(f"sqlite:{path}")


class TestDamaged:
    def test_a_file_that_is_no_database(self, path: Path) -> None:
        path.write_text("drug,pounds\nfentanyl,12\n" * 100)
        with pytest.raises(StoreDamaged, match="file is not a database"):
            open_store(f"sqlite:{path}")

    def test_a_page_overwritten_in_the_middle(self, path: Path, store: Store) -> None:
        damaged = damage(store, path)
        with pytest.raises(StoreDamaged, match=r"is damaged.*restore the newest backup"), damaged.reading() as tx:
            list(tx.entries(0, 200))
        damaged.close()

    def test_a_table_that_somebody_dropped(self, path: Path, store: Store) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE nonce")
        with pytest.raises(StoreDamaged, match="no such table: nonce"), store.writing() as tx:
            tx.is_empty("nonce")

    def test_a_truncated_log_loses_only_what_it_held(self, path: Path, store: Store, tmp_path: Path) -> None:
        put(store, "a", "1")
        store.close()
        store = opened(path)
        put(store, "a", "2")
        torn = tmp_path / "torn.db"
        shutil.copy(path, torn)
        log = Path(f"{path}-wal").read_bytes()
        Path(f"{torn}-wal").write_bytes(log[: len(log) - 100])
        store.close()
        after = open_store(f"sqlite:{torn}")
        assert setting(after, "a") == "1"
        after.close()


class TestBackup:
    def test_a_copy_is_whole_while_others_write(self, path: Path, store: Store, tmp_path: Path) -> None:
        with store.writing() as tx:
            tx.add_records([record(f"r{number}") for number in range(500)])
        with store.writing() as tx:
            tx.put_setting("not", "committed")
            store.backup(str(tmp_path / "copy.db"))
        copy = opened(tmp_path / "copy.db")
        with copy.reading() as tx:
            assert tx.record_counts() == [("seizures.seizure", None, 500)]
            assert tx.setting("not") is None
        copy.close()
        assert sorted(file.name for file in tmp_path.iterdir() if "copy" in file.name) == ["copy.db"]

    def test_a_backup_replaces_nothing(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "copy.db").write_text("older backup")
        with pytest.raises(BackupExists, match=r"copy\.db"):
            store.backup(str(tmp_path / "copy.db"))
        assert (tmp_path / "copy.db").read_text() == "older backup"

    def test_a_backup_that_fails_leaves_nothing(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(StoreUnavailable):
            store.backup(str(tmp_path / "nowhere" / "copy.db"))
        damaged = damage(store, tmp_path / "node.db")
        with pytest.raises(StoreDamaged):
            damaged.backup(str(tmp_path / "copy.db"))
        damaged.close()
        assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []

    def test_a_backup_that_was_killed_is_begun_again(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "copy.db.part").write_text("half")
        store.backup(str(tmp_path / "copy.db"))
        assert not (tmp_path / "copy.db.part").exists()


def test_what_is_erased_is_in_no_file_any_more(path: Path, store: Store) -> None:
    canary = b"canary-7f3a91"
    with store.writing() as tx:
        tx.add_records([record("a", version, body=canary * (10 * version)) for version in (1, 2, 90)])
        append(tx, entry(0, "a", opening=canary))
        tx.put_listing([listed("a", words=f" {canary.decode()} ", place=canary.decode())])
    store.close()
    store = opened(path)
    with store.writing() as tx:
        tx.erase_record("a")
        tx.erase_openings("a")
    for file in path.parent.iterdir():
        assert canary not in file.read_bytes(), file
    store.close()


@pytest.mark.parametrize("next_comes", ["another write", "the end"])
def test_who_reads_while_something_is_erased_keeps_it_in_the_log_no_longer_than_the_next_write_or_the_end(
    path: Path, store: Store, next_comes: str
) -> None:
    canary = b"canary-51bd07"
    with store.writing() as tx:
        tx.add_records([record("a", body=canary)])
    other = opened(path)  # as another process has it open
    with other.reading() as long:
        list(long.versions("a"))
        with store.writing() as tx:
            tx.erase_record("a")
    if next_comes == "another write":
        with store.writing() as tx:
            tx.put_setting("any", "thing")
    else:
        store.close()
    assert [file.name for file in path.parent.iterdir() if canary in file.read_bytes()] == []
    other.close()


def test_a_connection_lent_to_one_transaction_is_not_lent_to_another(store: Store) -> None:
    with store.reading() as one, store.reading() as two:
        list(one.entries(0, 1))
        assert one is not two
    with store.reading() as three:
        assert three.setting("a") is None
