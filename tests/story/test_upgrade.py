"""A node of an earlier version is upgraded in place: it says what would change, and the exchange goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from entente.cli.house import catalogue
from entente.node.work import open_node
from entente.store.tables import TABLES
from every.test_every_store_upgrade import STORE
from story.tables import northern, totals
from story.world import CBP, CBSA, World, entente

OLD = ("m0001_first", "m0002_duties", "m0003_screens", "m0004_suspensions")


def turn_back(file: Path) -> None:
    """The database as schema 0004 would hold it: every column and table that it knew, with what is in them now."""
    old = file.with_name("old.sqlite")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for name in OLD:
            connection.executescript((STORE / "sqlite" / "migrations" / f"{name}.sql").read_text("utf-8"))
        connection.execute("CREATE TABLE schema_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.execute("INSERT INTO schema_version VALUES ('0004')")
        connection.execute("ATTACH ? AS new", (str(file),))
        for table in TABLES:
            columns = [f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})")]
            if columns:
                names = ", ".join(columns)
                connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
        connection.commit()
    for rest in file.parent.glob(f"{file.name}*"):
        rest.unlink()
    for part in file.parent.glob("old.sqlite*"):
        part.rename(part.with_name(part.name.replace("old.sqlite", file.name)))


def test_a_database_of_an_earlier_version_is_upgraded_and_the_exchange_goes_on(world: World) -> None:
    world.import_file(CBP, "a.csv", totals(0, 9))
    world.settle()
    home = world.home(CBP)
    node = world.nodes[CBP]
    node.store.close()
    turn_back(home / "node.sqlite")
    check = entente("upgrade", "--check", "--node", home, "--json")
    assert (check.code, check.json["is_needed"], check.json["schema"]["found"]) == (1, True, "0004")
    assert check.json["has_room"]
    stopped = entente("status", "--node", home)
    assert (stopped.code, "`entente upgrade`" in stopped.err) == (7, True)
    assert "0004" in entente("upgrade", "--check", "--node", home).out
    assert entente("upgrade", "--node", home).code == 0
    after = entente("upgrade", "--check", "--node", home, "--json")
    assert (after.code, after.json["partners"]) == (0, {CBSA: 1})
    assert entente("ledger", "verify", home).code == 0
    object.__setattr__(node, "store", open_node(home, catalogue()).store)
    world.import_file(CBP, "b.csv", totals(100, 9))
    world.settle()
    for party in (CBP, CBSA):
        assert [found.differences for found in world.reconcile(party)] == [()]
    assert world.run(CBSA, "status", "--json").json["records"][0]["number"] == northern(18)


def test_nothing_is_upgraded_twice_and_nothing_without_a_database(world: World, tmp_path: Path) -> None:
    assert "already" in world.run(CBP, "upgrade").out
    assert "already" in world.run(CBP, "store", "upgrade").out
    assert entente("upgrade", "--check", "--node", tmp_path).code == 7
