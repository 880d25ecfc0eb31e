"""What is owed about records that are held."""

from entente.store.sqlite.migrations import run_sql

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    run_sql(__file__)
