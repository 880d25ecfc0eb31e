"""One transaction's grip on a connection: runs queries, remembers the failure that ends it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from entente.errors import EntenteError
from entente.store.errors import TransactionOver
from entente.store.limits import check_storable
from entente.store.sqlite.faults import store_error

T = TypeVar("T")
Found = tuple[Any, ...]

PAGE = 200  # rows of a stream in memory


class Session:
    """Every table's class stands on it. INVARIANT: after a database error nothing of the transaction is committed."""

    def __init__(self, connection: sqlite3.Connection, where: str, *, may_write: bool) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._where = where
        self._may_write = may_write
        self._failure: EntenteError | None = None
        self.has_erased = False

    def all(self, query: str, *values: object) -> list[Found]:
        """Every row of the result."""
        check_storable(values)
        return self._do(lambda connection: connection.execute(query, values).fetchall())

    def first(self, query: str, *values: object) -> Found | None:
        """The first row of the result."""
        found = self.all(query, *values)
        return found[0] if found else None

    def run(self, query: str, *values: object) -> int:
        """The number of rows changed."""
        check_storable(values)
        return self._do(lambda connection: connection.execute(query, values).rowcount)

    def run_many(self, query: str, rows: Iterable[Sequence[Any]]) -> int:
        """Runs the query for each of `rows`, which their Shape has checked; the number of rows changed."""
        return self._do(lambda connection: connection.executemany(query, rows).rowcount)

    def pages(self, page: Callable[[Found | None], list[Found]]) -> Iterator[Found]:
        """Rows of `page(last row or None)`, page after page until one is not full.

        Paging instead of an open cursor: writing while reading, or not reading to the end, does no harm.
        """
        last = None
        while True:
            found = page(last)
            yield from found
            if len(found) < PAGE:
                return
            last = found[-1]

    def commit(self) -> None:
        """Raises the failure that came before, if there was one."""
        self._do(lambda connection: connection.execute("COMMIT"))

    def end(self) -> None:
        """Rolls back what is not committed; the session is of no use afterwards."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.in_transaction:
            with suppress(sqlite3.Error):  # a connection that cannot roll back is closed, which does
                connection.execute("ROLLBACK")

    def _do(self, act: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            raise TransactionOver(where=self._where)
        if self._failure is not None:
            raise self._failure
        try:
            return act(self._connection)
        except sqlite3.Error as error:
            self._failure = store_error(error, self._where, may_write=self._may_write)
            raise self._failure from error
