"""Advisories to those without a node."""

from entente.store.sqlite.migrations import run_sql

revision = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    run_sql(__file__)
