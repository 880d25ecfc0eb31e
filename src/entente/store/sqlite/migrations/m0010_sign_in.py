"""Passkeys and sign-in by another service."""

from entente.store.sqlite.migrations import run_sql

revision = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    run_sql(__file__)
