"""`PostgresStore`: one schema of a PostgreSQL database, shared by any number of processes."""

import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit, urlunsplit

from entente.store.errors import EmptyStore, UseYourOwnBackup
from entente.store.migrating import check_current, is_older
from entente.store.postgres.connections import Connections
from entente.store.postgres.schema import KNOWN, MIGRATION_WAIT_S, found_version, migrate
from entente.store.postgres.session import Connection
from entente.store.postgres.transaction import PostgresTransaction
from entente.store.protocol import Transaction
from entente.store.queries import named_queries

_SQL = named_queries(__file__)


class PostgresStore:
    """The schema `schema` of the database at `conninfo`, a URL for libpq; `where` is the address without secrets."""

    def __init__(self, conninfo: str, *, schema: str, where: str, wait_s: float) -> None:
        self._schema = schema
        self._where = where
        self._connections = Connections(conninfo, schema=schema, where=where, wait_s=wait_s)
        self._migrating = Connections(conninfo, schema=schema, where=where, wait_s=MIGRATION_WAIT_S)
        self._is_current = False

    @property
    def where(self) -> str:
        return self._where

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        self._check_current()
        with self._connections.reading() as connection, self._session(connection) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        self._check_current()
        with self._connections.writing() as connection, self._session(connection) as session:
            yield session

    @contextmanager
    def _session(self, connection: Connection) -> Iterator[PostgresTransaction]:
        session = PostgresTransaction(connection, self._where)
        try:
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
        with closing(self._connections.open()) as connection:
            return found_version(connection, self._schema, self._where)

    def migrate(self) -> None:
        migrate(self._migrating, self._schema, self._where)

    def size_bytes(self) -> int:
        """Tables with their indexes. Raises what `reading` raises."""
        self._check_current()
        with self._connections.reading() as connection:
            session = PostgresTransaction(connection, self._where)
            try:
                return int(session.all(_SQL["size"], self._schema)[0][0])
            finally:
                session.end()

    def backup(self, target: str) -> None:
        """Raises UseYourOwnBackup."""
        parts = urlsplit(self._where)
        user = parts.netloc.rpartition("@")[0].partition(":")[0]
        host = parts.netloc.rpartition("@")[2]
        address = urlunsplit(parts._replace(netloc=f"{user}@{host}" if user else host, query=""))
        command = ["pg_dump", "--format=custom", f"--schema={self._schema}", f"--file={target}", address]
        raise UseYourOwnBackup(command=shlex.join(command))

    def close(self) -> None:
        self._connections.close()
        self._migrating.close()
