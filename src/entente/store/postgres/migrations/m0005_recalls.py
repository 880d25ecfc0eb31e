"""Records are called back, and handed on with a grant."""

from entente.store.postgres.migrations import run_sql

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    run_sql(__file__)
