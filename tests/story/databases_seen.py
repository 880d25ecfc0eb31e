"""A look into a node's database from outside, while its processes write."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def ask(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of `sql`, from a connection of its own that can only read."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(sql).fetchall()
