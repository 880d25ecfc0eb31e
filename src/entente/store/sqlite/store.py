"""`SqliteStore`: one file, one writer at a time, any number of readers (write-ahead log)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from entente.errors import EntenteError
from entente.store.errors import BackupExists, EmptyStore, StoreUnavailable
from entente.store.migrating import check_current, is_older
from entente.store.protocol import Transaction
from entente.store.sqlite.connections import Connections, connect
from entente.store.sqlite.faults import store_error
from entente.store.sqlite.schema import KNOWN, found_version, migrate
from entente.store.sqlite.transaction import SqliteTransaction

LAST_WAIT_S = 2.0
"""So long the end waits for readers of other processes before it lets what was erased stand in the log."""


class SqliteStore:
    """The database file at `path`; writers wait `wait_s` for one another; `max_pages` of 4 KiB limit its size."""

    def __init__(self, path: Path, *, wait_s: float, max_pages: int | None = None) -> None:
        self._path = path
        self._wait_s = wait_s
        self._readers = Connections(path, wait_s=wait_s, may_write=False)
        self._writers = Connections(path, wait_s=wait_s, may_write=True, max_pages=max_pages)
        self._is_current = False
        self._is_in_log, self._forgetting = False, Lock()

    @property
    def where(self) -> str:
        return str(self._path)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        self._check_current()
        with self._readers.lent() as connection, self._session(connection, "BEGIN", may_write=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        self._check_current()
        with self._writers.lent() as connection:
            with self._session(connection, "BEGIN IMMEDIATE", may_write=True) as session:
                yield session
            self._forget(connection, has_erased=session.has_erased)

    def _forget(self, connection: sqlite3.Connection, *, has_erased: bool, wait_s: float = 0.0) -> None:
        """INVARIANT: what was erased stands in no file for longer than somebody reads who began before: while one does,
        each later write tries again, and so does the end."""
        with self._forgetting:
            self._is_in_log |= has_erased
            if self._is_in_log:
                self._is_in_log = not _empty_log(connection, wait_s)

    @contextmanager
    def _session(self, connection: sqlite3.Connection, begin: str, *, may_write: bool) -> Iterator[SqliteTransaction]:
        session = SqliteTransaction(connection, self.where, may_write=may_write)
        try:
            session.run(begin)
            yield session
            session.commit()
        finally:
            session.end()

    def _check_current(self) -> None:
        if self._is_current:
            return
        version = self._version()
        if version is None:
            raise EmptyStore(where=self.where)
        check_current(version, KNOWN, self.where)
        self._is_current = True

    def needs_migration(self) -> bool:
        version = self._version()
        self._is_current = version is not None and not is_older(version, KNOWN, self.where)
        return not self._is_current

    def schema(self) -> tuple[str | None, str]:
        return self._version(), KNOWN

    def _version(self) -> str | None:
        if not self._path.exists():
            return None
        try:
            with closing(connect(self._path, self._wait_s)) as connection:
                return found_version(connection, self.where)
        except sqlite3.Error as error:
            raise store_error(error, self.where) from error

    def migrate(self) -> None:
        migrate(self._path)

    def size_bytes(self) -> int:
        """The file and its write-ahead log. Raises StoreUnavailable."""
        try:
            log = Path(f"{self._path}-wal")
            return self._path.stat().st_size + (log.stat().st_size if log.exists() else 0)
        except OSError as error:
            raise StoreUnavailable(where=self.where, why=error.strerror or str(error)) from error

    def backup(self, target: str) -> None:
        """Raises BackupExists and what `reading` raises. Killed midway, it leaves `target`.part and no `target`."""
        if Path(target).exists():
            raise BackupExists(target=target)
        part = Path(f"{target}.part")
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._copy_into(part)
            os.link(part, target)  # unlike a renaming, it never replaces a file that came meanwhile
        except FileExistsError as error:
            raise BackupExists(target=target) from error
        except OSError as error:
            raise StoreUnavailable(where=target, why=error.strerror or str(error)) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _copy_into(self, part: Path) -> None:
        """VACUUM INTO reads one snapshot while others write, and leaves out pages that are no longer used."""
        self._check_current()
        with self._writers.lent() as connection:
            try:
                connection.execute("VACUUM INTO ?", (str(part),))
            except sqlite3.Error as error:
                raise store_error(error, self.where) from error
        with part.open("rb") as written:
            os.fsync(written.fileno())

    def close(self) -> None:
        self._readers.close()
        if self._is_in_log:
            with suppress(EntenteError), self._writers.lent() as connection:
                self._forget(connection, has_erased=False, wait_s=LAST_WAIT_S)
        self._writers.close()


def _empty_log(connection: sqlite3.Connection, wait_s: float) -> bool:
    """What was erased still stands in the write-ahead log; False while a reader needs the log."""
    with suppress(sqlite3.Error):
        (waits,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute(f"PRAGMA busy_timeout = {wait_s * 1000:.0f}")
        try:
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {waits}")
        return not is_busy
    return False
