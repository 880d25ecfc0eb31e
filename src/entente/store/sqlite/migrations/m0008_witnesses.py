"""Partners witness each other's checkpoints."""

from entente.store.sqlite.migrations import run_sql

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    run_sql(__file__)
