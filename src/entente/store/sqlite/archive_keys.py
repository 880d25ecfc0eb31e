"""The keys of a node's archives: one for each thing that can be erased, in a small file apart from the database.

A key that is destroyed leaves a mark, so that "erased" and "this file is too old" are two things. What comes back
after its erasure gets a key of the next generation: older archives stay closed to it.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from entente.store.errors import StoreUnavailable
from entente.store.queries import named_queries
from entente.store.sqlite.faults import store_error

_SQL = named_queries(__file__)
_WAIT_S = 60.0
_SETTINGS = ("PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON", "PRAGMA trusted_schema = OFF")
FIRST = 1


class ArchiveKeys:
    """The file at `path`, made when it is not there; readable by its user only."""

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        except OSError as error:
            raise StoreUnavailable(where=self.where, why=error.strerror or str(error)) from error
        with self._faults():
            for setting in _SETTINGS:
                self._connection.execute(setting)
        self._create()

    def take(
        self, names: Sequence[str], since: int, make: Callable[[], bytes]
    ) -> Mapping[str, tuple[int, bytes | None]]:
        """For each name the generation and the wrapped key; a key that is not there is made and kept first.

        None for what was destroyed after `since` (destructions()): what is read from an older state of the database
        must not get a new key.
        """
        with self._writing() as connection:
            found = {name: rest for name, *rest in connection.execute(_SQL["newest"], (json.dumps(list(names)),))}
            taken: dict[str, tuple[int, bytes | None]] = {}
            for name in dict.fromkeys(names):
                generation, wrapped, destroyed = found.get(name, (FIRST - 1, None, 0))
                if wrapped is None and destroyed <= since:
                    generation, wrapped = generation + 1, make()
                    connection.execute(_SQL["add"], (name, generation, wrapped))
                taken[name] = generation, wrapped
        return taken

    def find(self, name: str, generation: int) -> tuple[bytes | None] | None:
        """A tuple of the wrapped key, or of None when it was destroyed; None when this file never had it."""
        with self._faults():
            found = self._connection.execute(_SQL["one"], (name, generation)).fetchone()
        return (found[0],) if found else None

    def destroy(self, names: Sequence[str]) -> None:
        """Overwrites the keys of all generations. What has none yet is marked all the same."""
        with self._writing() as connection:
            (last,) = connection.execute(_SQL["destructions"]).fetchone()
            told = json.dumps(list(names))
            connection.execute(_SQL["destroy"], (last + 1, told))
            connection.execute(_SQL["mark"], (last + 1, told))

    def destructions(self) -> int:
        """Grows with every call of `destroy`."""
        with self._faults():
            return int(self._connection.execute(_SQL["destructions"]).fetchone()[0])

    def counts(self) -> tuple[int, int]:
        """How many keys there are, and of how many things keys were destroyed."""
        with self._faults():
            held, destroyed = self._connection.execute(_SQL["counts"]).fetchone()
        return held, destroyed

    def add_signer(self, public_key: str) -> None:
        """Remembers whose signature archives bear, for when the node's key has changed since."""
        with self._writing() as connection:
            connection.execute(_SQL["add_signer"], (public_key,))

    def signers(self) -> Sequence[str]:
        with self._faults():
            return [key for (key,) in self._connection.execute(_SQL["signers"])]

    def close(self) -> None:
        self._connection.close()

    def _create(self) -> None:
        with self._faults():
            is_there = self._connection.execute(_SQL["exists"]).fetchone()
        if not is_there:
            with self._writing() as connection:
                for statement in (_SQL["create_keys"], _SQL["create_destroyed"], _SQL["create_signers"]):
                    connection.execute(statement)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._faults():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(error, self.where) from error
