"""Runs Alembic from the program: no ini file, no output, migrations from the installed package."""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from entente.store.errors import NewerSchema, OlderSchema

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION_TABLE = "schema_version"

_RUNNING = Lock()  # alembic.op is one for the whole process


def run_migrations(connection: "Connection", folder: Path) -> None:
    """Brings the schema to the newest of the migrations in `folder`, in the transaction of `connection`."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(folder), version_locations=[str(folder)])

    def upgrade(revision: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)  # as in the documentation of EnvironmentContext

    with _RUNNING, EnvironmentContext(Config(), scripts, fn=upgrade) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def is_older(found: str, known: str, where: str) -> bool:
    """True when schema `found` needs migrating to `known`; both are four digits. Raises NewerSchema."""
    if found > known or len(found) != len(known):
        raise NewerSchema(where=where, found=found, known=known)
    return found < known


def check_current(found: str, known: str, where: str) -> None:
    """Raises NewerSchema, OlderSchema."""
    if is_older(found, known, where):
        raise OlderSchema(where=where, found=found, known=known)
