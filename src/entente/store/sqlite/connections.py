"""Opens connections and lends each to one transaction at a time, whatever thread it runs in."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from entente.store.errors import StoreUnavailable
from entente.store.sqlite.faults import store_error

IDLE = 8  # connections kept open between transactions

_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # a receipt promises that the message survives a power cut
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only unlinked
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",  # KiB: ids are random, so every page of their indexes is wanted at once
)


class Connections:
    """Connections to the database file at `path`, which must exist when the first is lent."""

    def __init__(self, path: Path, *, wait_s: float, max_pages: int | None = None, may_write: bool) -> None:
        self._path = path
        self._wait_s = wait_s
        self._max_pages = max_pages
        self._may_write = may_write
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._is_closed = False

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """A connection outside a transaction. Raises StoreUnavailable, StoreDamaged."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            _close(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_closed:
                raise StoreUnavailable(where=str(self._path), why="this program has closed it")
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not (connection.in_transaction or self._is_closed or len(self._idle) >= IDLE):
                self._idle.append(connection)
                return
        _close(connection)

    def _open(self) -> sqlite3.Connection:
        try:
            connection = connect(self._path, self._wait_s)
        except sqlite3.Error as error:
            raise store_error(error, str(self._path)) from error
        try:
            self._set_up(connection)
        except sqlite3.Error as error:
            connection.close()
            raise store_error(error, str(self._path)) from error
        return connection

    def _set_up(self, connection: sqlite3.Connection) -> None:
        for setting in _SETTINGS:
            connection.execute(setting)
        if self._max_pages is not None:
            connection.execute(f"PRAGMA max_page_count = {self._max_pages}")
        if not self._may_write:
            connection.execute("PRAGMA query_only = ON")


def connect(path: Path, wait_s: float) -> sqlite3.Connection:
    """A connection to an existing file; never creates one, so that a mistyped path leaves nothing behind."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=wait_s,
        isolation_level=None,  # BEGIN and COMMIT are ours
        check_same_thread=False,  # a transaction may be read on by another thread, never by two at once
    )


def _close(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # closing checkpoints the log, which the next opening does as well
        connection.close()
