"""Partners ask and are answered."""

from entente.store.sqlite.migrations import run_sql

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    run_sql(__file__)
