"""What is PostgreSQL's own: a schema per node, lost connections, its disk, and addresses that carry secrets."""

# ruff: noqa: PT012  # the end of a transaction raises, after several statements

import traceback
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from entente.errors import EntenteError
from entente.store import (
    BadAddress,
    DriverMissing,
    Store,
    StoreDamaged,
    StoreFull,
    StoreUnavailable,
    UseYourOwnBackup,
    open_store,
)
from entente.store.addresses import without_secrets
from every.databases import administer, postgres_schema
from every.given import append, entry, record

needs_server = pytest.mark.postgres


@pytest.fixture
def url() -> Iterator[str]:
    with postgres_schema() as address:
        yield address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    opened.migrate()
    yield opened
    opened.close()


def schema_of(url: str) -> str:
    return url.rpartition("schema=")[2]


@needs_server
class TestServer:
    def test_two_nodes_share_a_database_and_see_nothing_of_each_other(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_setting("party", "us.cbp")
            with postgres_schema() as address:
                other = open_store(address, wait_s=1)
                other.migrate()
                with other.writing() as theirs:
                    assert theirs.setting("party") is None
                other.close()

    def test_a_connection_that_was_lost_while_idle_is_replaced(self, url: str) -> None:
        name = schema_of(url)
        store = open_store(f"{url}&application_name={name}")
        store.migrate()
        with store.writing() as tx:
            tx.put_setting("a", "1")
        administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'")
        with store.writing() as tx:
            assert tx.setting("a") == "1"
        store.close()

    def test_a_connection_lost_in_mid_transaction_keeps_nothing(self, store: Store) -> None:
        with pytest.raises(StoreUnavailable), store.writing() as tx:
            tx.put_setting("a", "1")
            (pid,) = tx.first("SELECT pg_backend_pid()")  # type: ignore[attr-defined]  # below the protocol
            administer(f"SELECT pg_terminate_backend({pid})")
            tx.put_setting("b", "2")
        with store.reading() as tx:
            assert (tx.setting("a"), tx.setting("b")) == (None, None)

    def test_a_commit_that_the_server_turns_into_a_rollback_is_not_taken_for_one(self, store: Store) -> None:
        with pytest.raises(StoreUnavailable, match="answered COMMIT with ROLLBACK"), store.writing() as tx:
            tx.put_setting("a", "1")
            with pytest.raises(psycopg.Error):
                tx._connection.execute("SELECT 1 / 0")  # type: ignore[attr-defined]  # behind the session's back
        with store.reading() as tx:
            assert tx.setting("a") is None

    def test_a_full_disk_keeps_nothing(self, store: Store, url: str) -> None:
        """The server says 53100 for a full disk; a trigger says it here, in the middle of a COPY."""
        schema = schema_of(url)
        administer(
            f"CREATE FUNCTION {schema}.full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF NEW.id = 'r5' THEN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END IF; "
            "RETURN NEW; END $$;"
            f"CREATE TRIGGER full_disk BEFORE INSERT ON {schema}.record FOR EACH ROW EXECUTE FUNCTION {schema}.full()"
        )
        with pytest.raises(StoreFull, match="could not extend file"), store.writing() as tx:
            append(tx, entry(0))
            tx.add_records([record(f"r{number}") for number in range(9)])
        with store.reading() as tx:
            assert tx.ledger_head().size == 0
            assert tx.current_records() == []

    def test_a_table_that_somebody_dropped(self, store: Store, url: str) -> None:
        administer(f"DROP TABLE {schema_of(url)}.nonce")
        with pytest.raises(StoreDamaged, match="does not exist"), store.writing() as tx:
            tx.is_empty("nonce")

    def test_commits_wait_for_the_disk_even_if_the_server_would_not(self, url: str) -> None:
        store = open_store(f"{url}&options=-c%20synchronous_commit%3Doff")
        store.migrate()
        with store.reading() as tx:
            assert tx.first("SHOW synchronous_commit") == ("on",)  # type: ignore[attr-defined]  # below the protocol
        store.close()

    def test_a_backup_is_the_servers_own_business(self, store: Store, url: str) -> None:
        with pytest.raises(
            UseYourOwnBackup, match=rf"pg_dump --format=custom --schema={schema_of(url)} .*a file.*test"
        ):
            store.backup("a file")

    def test_a_bulk_of_rows_is_stored_as_it_is(self, store: Store) -> None:
        rows = [record(f"r{number:05}", body=bytes(range(256)), kind="tab\tnew\nline\\N") for number in range(3000)]
        with store.writing() as tx:
            tx.add_records(rows)
        with store.reading() as tx:
            assert tx.current_records(limit=5000) == rows


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("postgresql://u:p%40ss@h/d?schema=s", "postgresql://u:***@h/d?schema=s"),
            ("postgresql://u:p@ss:w?ord@h/d", "postgresql://u:***@h/d"),
            (
                "postgresql://h/d?user=u&password=geheim&sslmode=require",
                "postgresql://h/d?user=u&password=***&sslmode=require",
            ),
            ("postgresql://h/d?pa%73sword=geheim", "postgresql://h/d?pa%73sword=***"),
            ("postgresql://u@h/d", "postgresql://u@h/d"),
        ],
    )
    def test_no_secret_is_shown(self, url: str, shown: str) -> None:
        assert without_secrets(url) == shown

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://u:geheim@127.0.0.1:9/d",
            "postgresql://u:geheim@127.0.0.1:9/d?no_such_option=1",
            "postgresql://u:geheim@[::1/d",
            "postgresql://127.0.0.1:9/d?password=geheim",
            "postgresql://u:geheim@127.0.0.1:nine/d",
            "postgresql://u:geheim@h/d?schema=Robert'); DROP",
            "postgresql://u:geheim@h/d?schema=pg_catalog",
            "postgresql://u:geheim@h/d?schema=a&schema=b",
            "mysql://u:geheim@h/d",
            "host=127.0.0.1 port=9 password=geheim",
        ],
    )
    def test_an_address_that_does_not_work_is_told_without_its_password(self, url: str) -> None:
        with pytest.raises(EntenteError) as caught:
            open_store(url).migrate()
        assert isinstance(caught.value, BadAddress | StoreUnavailable)
        assert "geheim" not in "".join(traceback.format_exception(caught.value))

    @needs_server
    def test_a_wrong_password_or_database_is_told_apart(self, url: str) -> None:
        wrong = urlunsplit(urlsplit(url)._replace(path="/no_such_database"))
        with pytest.raises(StoreUnavailable, match='database "no_such_database" does not exist'):
            open_store(wrong)

    def test_without_psycopg_the_error_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        monkeypatch.delitem(sys.modules, "entente.store.postgres", raising=False)
        monkeypatch.setitem(sys.modules, "psycopg", None)
        for name in [name for name in sys.modules if name.startswith("entente.store.postgres")]:
            monkeypatch.delitem(sys.modules, name)
        with pytest.raises(DriverMissing, match="pip install"):
            open_store("postgresql://h/d")
