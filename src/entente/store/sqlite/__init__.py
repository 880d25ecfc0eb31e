"""The embedded store: nothing to install but Python, one file to back up."""

from entente.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
