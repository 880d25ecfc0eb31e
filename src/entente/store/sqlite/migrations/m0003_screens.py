"""What screens need: accounts and sessions, what records are found by, and how far an import has come."""

from entente.store.sqlite.migrations import run_sql

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    run_sql(__file__)
