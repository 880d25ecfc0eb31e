"""One transaction's grip on a connection: runs queries, remembers the failure that ends it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from entente.errors import EntenteError
from entente.store.errors import StoreUnavailable, TransactionOver
from entente.store.limits import check_storable
from entente.store.postgres.faults import store_error

T = TypeVar("T")
Found = tuple[Any, ...]
Connection = psycopg.Connection[Found]

PAGE = 200  # rows of a stream in memory


class Session:
    """Every table's class stands on it. INVARIANT: after a database error nothing of the transaction is committed."""

    def __init__(self, connection: Connection, where: str) -> None:
        self._connection: Connection | None = connection
        self._where = where
        self._failure: EntenteError | None = None

    def all(self, query: str, *values: object) -> list[Found]:
        """Every row of the result."""
        check_storable(values)
        return self._do(lambda connection: connection.execute(query.encode(), values).fetchall())

    def first(self, query: str, *values: object) -> Found | None:
        """The first row of the result."""
        found = self.all(query, *values)
        return found[0] if found else None

    def run(self, query: str, *values: object) -> int:
        """The number of rows changed."""
        check_storable(values)
        return self._do(lambda connection: connection.execute(query.encode(), values).rowcount)

    def run_many(self, query: str, rows: Sequence[Sequence[Any]]) -> int:
        """Runs the query for each of `rows`, checked by their Shape, without waiting for each answer; the number of
        rows changed. A single one needs no pipeline, which costs more than it saves."""
        if len(rows) == 1:
            return self._do(lambda connection: connection.execute(query.encode(), rows[0]).rowcount)

        def run(connection: Connection) -> int:
            cursor = connection.cursor()
            cursor.executemany(query.encode(), rows)
            return cursor.rowcount

        return self._do(run) if rows else 0

    def copy(self, query: str, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Adds `rows`, checked by their Shape, with a COPY ... FROM STDIN (FORMAT binary)."""

        def write(connection: Connection) -> None:
            with connection.cursor().copy(query.encode()) as copying:
                copying.set_types(types)
                for row in rows:
                    copying.write_row(row)

        self._do(write)

    def pages(self, page: Callable[[Found | None], list[Found]]) -> Iterator[Found]:
        """Rows of `page(last row or None)`, page after page until one is not full.

        Paging instead of a cursor: writing while reading, or not reading to the end, does no harm.
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
        said = self._do(lambda connection: connection.execute("COMMIT").statusmessage)
        if said != "COMMIT":
            raise StoreUnavailable(where=self._where, why=f"the server answered COMMIT with {said}")

    def end(self) -> None:
        """Rolls back what is not committed; the session is of no use afterwards."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.info.transaction_status != TransactionStatus.IDLE:
            with suppress(psycopg.Error):  # a connection that cannot roll back is closed, which does
                connection.execute("ROLLBACK")

    def _do(self, act: Callable[[Connection], T]) -> T:
        if self._connection is None:
            raise TransactionOver(where=self._where)
        if self._failure is not None:
            raise self._failure
        try:
            return act(self._connection)
        except psycopg.Error as error:
            self._failure = store_error(error, self._where)
            raise self._failure from error
