"""The history of PostgreSQL's schema: each migration runs the `.sql` file that bears its name."""

from pathlib import Path

from alembic import op


def run_sql(python_file: str) -> None:
    """Runs the statements beside `python_file` in the migration's transaction."""
    script = Path(python_file).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(script)
