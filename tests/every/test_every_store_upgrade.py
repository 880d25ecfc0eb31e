"""A database that an earlier version of the program made is upgraded and keeps what it holds, on every store."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import entente.store
from entente.store import OlderSchema, Search, Store, open_store
from every.databases import administer
from every.given import account, attempt, behind, duty, intake, listed, record, session, suspension

STORE = Path(entente.store.__file__).parent
MIGRATIONS = {"0001": "m0001_first.sql", "0002": "m0002_duties.sql", "0003": "m0003_screens.sql"}
AT = "2026-11-21T12:00:00.000000+00:00"


def make_old_database(url: str, version: str) -> None:
    """A database of an earlier schema with a setting, an import that did not end, and a record."""
    engine = "sqlite" if url.startswith("sqlite:") else "postgres"
    files = [file for revision, file in MIGRATIONS.items() if revision <= version]
    script = "".join((STORE / engine / "migrations" / file).read_text("utf-8") for file in files)
    script += f"""
        CREATE TABLE schema_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
        INSERT INTO schema_version VALUES ('{version}');
        INSERT INTO setting VALUES ('party', 'us.cbp');
        INSERT INTO intake (id, source, source_digest, reader, who, started_at, state, finished_at, kept, unchanged,
            quarantined) VALUES ('i1', {written("cbp.csv", engine)}, 'sha256:file', 'cbp-drug-seizures',
            'us.cbp/analyst-1', '{AT}', 'reading', NULL, 3, 0, 1);
        INSERT INTO record VALUES ('r1', 1, 'seizures.seizure', 'us.cbp', 'sha256:r1/1', 'sha256:r1/1/content',
            {written('{"id":"r1","version":1}', engine)}, '{AT}', {truth(False, engine)}, NULL, NULL, NULL,
            {truth(True, engine)});"""
    if engine == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:"))) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(script)
    else:
        schema = url.rpartition("schema=")[2]
        administer(f"CREATE SCHEMA {schema}; SET search_path = {schema}; {script}")


def written(text: str, engine: str) -> str:
    return f"x'{text.encode().hex()}'" if engine == "sqlite" else f"'\\x{text.encode().hex()}'"


def truth(value: bool, engine: str) -> str:  # noqa: FBT001  # a literal of SQL
    return str(int(value)) if engine == "sqlite" else str(value).lower()


@pytest.fixture(params=list(MIGRATIONS))
def old(request: pytest.FixtureRequest, url: str) -> str:
    make_old_database(url, request.param)
    return url


def upgraded(url: str) -> Store:
    store = open_store(url)
    assert store.needs_migration()
    with pytest.raises(OlderSchema), store.reading():
        pass
    store.migrate()
    assert not store.needs_migration()
    return store


def test_an_old_database_keeps_what_it_holds(old: str) -> None:
    store = upgraded(old)
    with store.reading() as tx:
        assert tx.setting("party") == "us.cbp"
        assert tx.record("r1") == record()
        found = tx.intake("i1")
        assert found == intake(kept=3, quarantined=1)
        assert (found.size, found.position, found.header, found.corrects) == (0, 0, "", "")
    store.close()


def test_an_old_database_takes_what_is_new(old: str) -> None:
    store = upgraded(old)
    with store.writing() as tx:
        tx.put_duty(duty())
        tx.add_evidence([behind("a")])
        tx.put_account(account())
        tx.put_session(session())
        tx.put_attempt(attempt())
        tx.add_agreement_suspension(suspension("ca.cbsa/liaison-1"))
        assert tx.agreement_suspensions() == [suspension("ca.cbsa/liaison-1")]
        assert tx.duty("owed-by-us", duty().partner, "m1") == duty()
        assert (tx.accounts(), tx.session("t1"), tx.attempt("analyst-1")) == ([account()], session(), attempt())
    store.close()


def test_no_list_finds_the_records_of_an_old_database_until_their_gaps_are_filled(old: str) -> None:
    store = upgraded(old)
    with store.writing() as tx:
        assert tx.count(Search()) == 0
        gaps = tx.listing_gaps(100)
        assert gaps == [record()]
        tx.put_listing([listed(row.id) for row in gaps])
        assert tx.listing_gaps(100) == []
        assert [row for _, row in tx.found(Search(), "day", None, 5)] == [record()]
    store.close()
