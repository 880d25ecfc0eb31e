"""Keys of nodes follow on each other."""

from entente.store.postgres.migrations import run_sql

revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    run_sql(__file__)
