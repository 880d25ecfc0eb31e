"""The history of SQLite's schema: each migration runs the `.sql` file that bears its name."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import op


def run_sql(python_file: str) -> None:
    """Runs the statements beside `python_file` in the migration's transaction."""
    connection = op.get_bind()
    for statement in _statements(Path(python_file).with_suffix(".sql").read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)


def _statements(script: str) -> Iterator[str]:
    """One by one: sqlite3's own executescript would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
