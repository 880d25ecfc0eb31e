"""Creates and updates the schema of a SQLite file, and says which one it has."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from entente.store.errors import ForeignDatabase, StoreUnavailable
from entente.store.migrating import VERSION_TABLE, is_older, run_migrations
from entente.store.sqlite.connections import connect
from entente.store.sqlite.faults import store_error

if TYPE_CHECKING:
    from sqlalchemy import Connection

KNOWN = "0012"  # the newest migration
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_WAIT_S = 60.0


def found_version(connection: sqlite3.Connection, where: str) -> str | None:
    """The schema version, None for an empty database. Raises ForeignDatabase and what opening raises."""
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if not tables:
            return None
        if VERSION_TABLE not in tables:
            raise ForeignDatabase(where=where, tables=", ".join(sorted(tables)[:3]))
        versions = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()
    except sqlite3.Error as error:
        raise store_error(error, where) from error
    return str(versions[0][0]) if versions else None


def migrate(path: Path) -> None:
    """Raises NewerSchema, ForeignDatabase, StoreBusy, StoreFull, StoreUnavailable, StoreDamaged."""
    _create_file(path)
    try:
        with closing(connect(path, MIGRATION_WAIT_S)) as connection:
            version = found_version(connection, str(path))
            if version is None or is_older(version, KNOWN, str(path)):
                _use_write_ahead_log(connection)
                _migrate(connection, str(path))
    except sqlite3.Error as error:
        raise store_error(error, str(path)) from error


def _create_file(path: Path) -> None:
    """INVARIANT: nobody but the node's user reads the database; the log files beside it get the same mode by SQLite."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreUnavailable(where=str(path), why=error.strerror or str(error)) from error


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Changing the journal does not wait for locks as other statements do, so it is tried again."""
    deadline = time.monotonic() + MIGRATION_WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _migrate(connection: sqlite3.Connection, where: str) -> None:
    with _transaction(connection) as transaction:
        version = found_version(connection, where)  # another process may have been first
        if version is None or is_older(version, KNOWN, where):
            run_migrations(transaction, MIGRATIONS)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator["Connection"]:
    """SQLAlchemy's view of `connection`, inside a transaction that keeps other writers out from its first moment."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as transaction:
            yield transaction
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from error
        raise
