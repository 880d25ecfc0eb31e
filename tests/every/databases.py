"""Databases for tests: a PostgreSQL schema of its own per test; without a server tests skip, in CI they fail."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from entente.store.addresses import without_secrets

SERVER = os.environ.get("ENTENTE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


@contextmanager
def postgres_schema() -> Iterator[str]:
    """The address of a new schema, dropped afterwards."""
    _require_server()
    name = f"entente_test_{secrets.token_hex(6)}"
    try:
        yield f"{SERVER}{'&' if '?' in SERVER else '?'}schema={name}"
    finally:
        administer(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def administer(statement: str) -> None:
    """Runs a statement outside every store."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        connection.execute(statement.encode())


def _require_server() -> None:
    try:
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        reason = f"needs a PostgreSQL server at {without_secrets(SERVER)} (set ENTENTE_TEST_POSTGRES): {error}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
