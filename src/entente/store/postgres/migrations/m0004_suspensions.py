"""Officers suspend agreements."""

from entente.store.postgres.migrations import run_sql

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    run_sql(__file__)
