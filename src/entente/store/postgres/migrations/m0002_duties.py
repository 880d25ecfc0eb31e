"""What is owed about messages, and what findings rest on."""

from entente.store.postgres.migrations import run_sql

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    run_sql(__file__)
