"""The schema: its whole text equals the sum of its migrations, on both engines, and fits the list of tables."""

import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory

import entente.store
import entente.store.postgres.schema
import entente.store.sqlite.schema
from entente.store import open_store
from entente.store.migrating import VERSION_TABLE
from entente.store.queries import named_queries
from entente.store.tables import TABLES
from every.databases import SERVER, administer, postgres_schema

STORE = Path(entente.store.__file__).parent
ROOT = Path(__file__).parents[2]
ENGINES = {"sqlite": entente.store.sqlite.schema, "postgres": entente.store.postgres.schema}


def described_sqlite(path: Path) -> Mapping[str, Any]:
    """Everything that makes up the schema of a SQLite file, without how it was written down."""
    with closing(sqlite3.connect(path)) as connection:

        def asked(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        tables = {
            name: (is_strict, without_rowid)
            for _, name, kind, _, without_rowid, is_strict in asked("PRAGMA table_list")
            if kind == "table" and name not in (VERSION_TABLE, "sqlite_schema", "sqlite_temp_schema")
        }
        texts = dict(asked("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {
            "tables": tables,
            "columns": {name: asked(f'PRAGMA table_xinfo("{name}")') for name in tables},
            "references": {name: asked(f'PRAGMA foreign_key_list("{name}")') for name in tables},
            "checks": {name: sorted(checks(texts[name])) for name in tables},
            "indexes": {
                name: " ".join(texts[name].split())
                for name, kind in asked("SELECT name, type FROM sqlite_master")
                if kind != "table" and name in texts
            },
            "keys": {name: sorted(row[2:] for row in asked(f'PRAGMA index_list("{name}")')) for name in tables},
        }


def checks(text: str) -> Iterator[str]:
    """The bracketed conditions after CHECK in a CREATE TABLE."""
    for found in re.finditer(r"\bCHECK\s*(?=\()", text):
        depth, end = 0, found.end()
        while end == found.end() or depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        yield " ".join(text[found.end() : end].split())


POSTGRES_QUERIES = {
    "columns": """
        SELECT table_name, ordinal_position, column_name, data_type, collation_name, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = %s AND table_name <> 'schema_version'
        ORDER BY table_name, ordinal_position""",
    "indexes": """
        SELECT indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes
        WHERE schemaname = %s AND tablename <> 'schema_version' ORDER BY indexname""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = %s::regnamespace AND conrelid::regclass::text !~ 'schema_version' ORDER BY 1, 2""",
    "others": """
        SELECT relname, relkind FROM pg_class WHERE relnamespace = %s::regnamespace AND relname !~ '^schema_version'
        AND relkind <> 't' ORDER BY relname""",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = %s::regnamespace ORDER BY proname",
}


def described_postgres(schema: str) -> Mapping[str, Any]:
    """Everything that makes up a PostgreSQL schema."""
    with psycopg.connect(SERVER) as connection:
        connection.execute(f"SET search_path = {schema}".encode())
        return {name: connection.execute(query, (schema,)).fetchall() for name, query in POSTGRES_QUERIES.items()}


def test_sqlite_schema_is_the_sum_of_its_migrations(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'migrated.db'}")
    store.migrate()
    store.close()
    with closing(sqlite3.connect(tmp_path / "whole.db")) as connection:
        connection.executescript((STORE / "sqlite" / "schema.sql").read_text("utf-8"))
    assert described_sqlite(tmp_path / "migrated.db") == described_sqlite(tmp_path / "whole.db")


@pytest.mark.postgres
def test_postgres_schema_is_the_sum_of_its_migrations() -> None:
    with postgres_schema() as migrated, postgres_schema() as whole:
        store = open_store(migrated)
        store.migrate()
        store.close()
        one, other = (address.rpartition("schema=")[2] for address in (migrated, whole))
        script = (STORE / "postgres" / "schema.sql").read_text("utf-8")
        administer(f"CREATE SCHEMA {other}; SET search_path = {other}; {script}")
        assert described_postgres(one) == described_postgres(other)


def test_the_description_sees_what_a_migration_could_forget(tmp_path: Path) -> None:
    script = (STORE / "sqlite" / "schema.sql").read_text("utf-8")
    changes = [
        ("value TEXT NOT NULL\n", "value TEXT\n"),
        ("CHECK ((opening IS NULL) = (salt IS NULL))", "CHECK (opening IS NULL)"),
        ("REFERENCES intake (id)", ""),
        ("CREATE INDEX entry_subject ON entry (subject);", ""),
        ("WHERE record_id IS NOT NULL", ""),
        ("PRIMARY KEY (party, officer)", "UNIQUE (party, officer)"),
        ("sent_id TEXT NOT NULL DEFAULT ''", "sent_id TEXT NOT NULL DEFAULT '?'"),
    ]
    described = []
    for number, (old, new) in enumerate([("", ""), *changes]):
        assert old in script
        path = tmp_path / f"{number}.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script.replace(old, new, 1))
        described.append(described_sqlite(path))
    assert all(each != described[0] for each in described[1:])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_program_knows_its_newest_migration(engine: str) -> None:
    known: ModuleType = ENGINES[engine]
    scripts = ScriptDirectory(str(known.MIGRATIONS), version_locations=[str(known.MIGRATIONS)])
    assert scripts.get_heads() == [known.KNOWN]
    assert all(re.fullmatch(r"\d{4}", script.revision) for script in scripts.walk_revisions())


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_are_the_fields_of_the_rows(engine: str) -> None:
    script = (STORE / engine / "schema.sql").read_text("utf-8")
    for name, table in TABLES.items():
        body = re.search(rf"CREATE TABLE {name} \(\n(.*?)\n\)", script, re.DOTALL)
        assert body is not None, name
        columns = re.findall(r'^    "?([a-z_]+)"? ', body[1], re.MULTILINE)
        own = [column for column in columns if column not in ("one", "is_current")]
        assert own == [field.name for field in fields(table.row)], name


@pytest.mark.parametrize("path", sorted(STORE.glob("*/*.sql")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_query_is_used_and_every_used_query_exists(path: Path) -> None:
    code = path.with_suffix(".py").read_text("utf-8")
    if path.name == "schema.sql":
        return
    assert set(named_queries(str(path.with_suffix(".py")))) == set(re.findall(r'_SQL\["(\w+)"\]', code))


def test_a_wheel_holds_what_migrating_needs(tmp_path: Path) -> None:
    """Built, unpacked elsewhere and run from there: the .sql files came along."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
        packed = {name for name in archive.namelist() if name.startswith("entente/store/") and name.endswith(".sql")}
    assert packed == {f"entente/store/{path.relative_to(STORE).as_posix()}" for path in STORE.rglob("*.sql")}
    run = (
        "import entente.store as s; t = s.open_store('sqlite:new.db'); t.migrate(); print(s.__file__)\n"
        "with t.writing() as tx: tx.put_setting('a', '1')\n"
        "t.close()"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", run],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith(str(tmp_path / "installed"))
    assert (tmp_path / "new.db").exists()
