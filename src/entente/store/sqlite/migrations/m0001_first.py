"""The first schema."""

from entente.store.sqlite.migrations import run_sql

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    run_sql(__file__)
