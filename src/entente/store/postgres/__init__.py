"""The store on a PostgreSQL server, for a node of several processes. Needs the package psycopg."""

from entente.store.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
