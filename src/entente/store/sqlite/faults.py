"""What SQLite's result codes mean for whoever runs the node (https://sqlite.org/rescode.html)."""

import shutil
import sqlite3
from pathlib import Path

from entente.errors import EntenteError
from entente.store.errors import (
    BrokenRule,
    ReadOnlyTransaction,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreUnavailable,
)

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR}


def store_error(error: sqlite3.Error, where: str, *, may_write: bool = True) -> EntenteError:
    """The error to raise for what sqlite3 raised."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF  # the primary code
    why = str(error)
    if code in _BUSY:
        return StoreBusy(where=where, why=why)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_disk_full(where)):
        return StoreFull(where=where, why=why)
    if code in _DAMAGED:  # SQLITE_ERROR: a table or column that the schema version promises is not there
        return StoreDamaged(where=where, why=why)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return BrokenRule(where=where, why=why)
    if code == sqlite3.SQLITE_READONLY and not may_write:
        return ReadOnlyTransaction(where=where)
    return StoreUnavailable(where=where, why=why)


def _is_disk_full(where: str) -> bool:
    """SQLite reports a full disk as such on write, but as an I/O error where it grows the files beside the database."""
    try:
        return shutil.disk_usage(Path(where).parent).free == 0
    except OSError:
        return False
