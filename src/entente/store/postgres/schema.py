"""Creates and updates the schema of a PostgreSQL database, and says which one it has."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from entente.store.errors import ForeignDatabase, StoreUnavailable
from entente.store.migrating import VERSION_TABLE, is_older, run_migrations
from entente.store.postgres.connections import Connections
from entente.store.postgres.faults import store_error
from entente.store.postgres.session import Connection

if TYPE_CHECKING:
    from sqlalchemy import Connection as AlchemyConnection

KNOWN = "0012"  # the newest migration
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_WAIT_S = 60.0


def found_version(connection: Connection, schema: str, where: str) -> str | None:
    """The schema version, None for an empty schema. Raises ForeignDatabase and what connecting raises."""
    try:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = $1", (schema,)).fetchall()
        tables = {name for (name,) in found}
        if not tables:
            return None
        if VERSION_TABLE not in tables:
            raise ForeignDatabase(where=where, tables=", ".join(sorted(tables)[:3]))
        versions = connection.execute(f"SELECT version_num FROM {schema}.{VERSION_TABLE}".encode()).fetchall()
    except psycopg.Error as error:
        raise store_error(error, where) from error
    return str(versions[0][0]) if versions else None


def migrate(connections: Connections, schema: str, where: str) -> None:
    """Raises NewerSchema, ForeignDatabase, StoreBusy, StoreFull, StoreUnavailable, StoreDamaged."""
    try:
        with closing(connections.open()) as connection:
            _check_encoding(connection, where)
            connection.execute("SELECT pg_advisory_lock($1)", (_lock_number(schema),))  # until the connection closes
            version = found_version(connection, schema, where)
            if version is None or is_older(version, KNOWN, where):
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}".encode())
                with _transaction(connections) as transaction:
                    run_migrations(transaction, MIGRATIONS)
    except psycopg.Error as error:
        raise store_error(error, where) from error


def _check_encoding(connection: Connection, where: str) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreUnavailable(where=where, why=f"its encoding is {encoding} instead of UTF8")


def _lock_number(schema: str) -> int:
    """What two migrations of the same schema have in common: 63 bits for pg_advisory_lock."""
    return int.from_bytes(hashlib.sha256(f"entente migration of {schema}".encode()).digest()[:8]) >> 1


@contextmanager
def _transaction(connections: Connections) -> Iterator["AlchemyConnection"]:
    """SQLAlchemy's view of a new connection, in a transaction."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    def creator() -> Connection:
        connection = connections.open()
        connection.autocommit = False
        connection.cursor_factory = psycopg.Cursor  # SQLAlchemy writes %s
        return connection

    engine = create_engine("postgresql+psycopg://", creator=creator, poolclass=NullPool)
    try:
        with engine.begin() as transaction:
            yield transaction
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from error
        raise
