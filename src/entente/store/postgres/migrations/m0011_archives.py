"""Several processes serve one node: whose turn regular work is."""

from entente.store.postgres.migrations import run_sql

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    run_sql(__file__)
