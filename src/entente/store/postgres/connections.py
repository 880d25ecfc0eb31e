"""Opens connections and lends each, in a transaction, to one user at a time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from entente.errors import EntenteError
from entente.store.errors import BadAddress, StoreUnavailable
from entente.store.postgres.faults import store_error
from entente.store.postgres.session import Connection
from entente.store.queries import named_queries

IDLE = 8  # connections kept open between transactions

_SQL = named_queries(__file__)


class Connections:
    """Connections to one database whose unqualified names are those of `schema`."""

    def __init__(self, conninfo: str, *, schema: str, where: str, wait_s: float) -> None:
        self._parameters = _parameters(conninfo, where)
        self._settings = (f"{schema}, pg_temp", f"{wait_s * 1000:.0f}ms")
        self._where = where
        self._idle: list[Connection] = []
        self._lock = Lock()
        self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a read transaction. Raises StoreUnavailable."""
        with self._lent(_SQL["begin_reading"]) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a write transaction that keeps other writers out. Raises StoreBusy, StoreUnavailable."""
        with self._lent(_SQL["begin_writing"]) as connection:
            yield connection

    def open(self) -> Connection:
        """A new connection in autocommit. Raises StoreUnavailable."""
        try:
            connection = psycopg.connect(**self._parameters, autocommit=True, cursor_factory=psycopg.RawCursor)
        except psycopg.Error as error:
            raise self._error(error) from None  # its text may quote the address
        try:
            connection.execute(_SQL["set_up"].encode(), self._settings)
        except psycopg.Error as error:
            connection.close()
            raise self._error(error) from error
        return connection

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _lent(self, begin: str) -> Iterator[Connection]:
        connection = self._begun(begin)
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _begun(self, begin: str) -> Connection:
        while (connection := self._take()) is not None:
            if self._is_begun(connection, begin):
                return connection
        connection = self.open()
        if not self._is_begun(connection, begin):
            raise StoreUnavailable(where=self._where, why="the server closes its connections")
        return connection

    def _is_begun(self, connection: Connection, begin: str) -> bool:
        """False when the server has gone away since the connection was last used. Raises what else is wrong."""
        try:
            connection.execute(begin.encode())
        except psycopg.Error as error:
            is_lost = connection.broken
            connection.close()
            if is_lost:
                return False
            raise self._error(error) from error
        return True

    def _take(self) -> Connection | None:
        with self._lock:
            if self._is_closed:
                raise StoreUnavailable(where=self._where, why="this program has closed it")
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: Connection) -> None:
        is_sound = not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE
        with self._lock:
            if is_sound and not self._is_closed and len(self._idle) < IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _error(self, error: psycopg.Error) -> EntenteError:
        return store_error(error, self._where)


def _parameters(conninfo: str, where: str) -> Mapping[str, Any]:
    """What libpq understands of `conninfo`, with our defaults. Raises BadAddress."""
    try:
        given = conninfo_to_dict(conninfo)
    except psycopg.Error:
        raise BadAddress(address=where, why="libpq does not understand it") from None  # its text may quote the address
    return {"connect_timeout": 10, "application_name": "entente", **given, "client_encoding": "UTF8"}
