"""A database that is full, locked, changed, or older than what was published: said plainly, the state before stays."""

import socket
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entente.api import application
from entente.cli.staging import MODEL
from entente.node.config import read_config, write_config
from entente.node.courier import make_due
from entente.node.publishing import LedgerShrank, publish
from entente.store import open_store
from story.tables import northern, totals
from story.world import CBP, CBSA, World, answering, entente, tell_address


def sql(world: World, party: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """A statement behind the node's back."""
    with closing(sqlite3.connect(world.home(party) / "node.sqlite")) as connection, connection:
        return connection.execute(statement, values).fetchall()


def records(world: World, party: str) -> int:
    return int(sql(world, party, "SELECT count(*) FROM record")[0][0])


def test_a_full_database_says_so_and_the_import_goes_on_where_it_stopped(world: World) -> None:
    home = world.home(CBP)
    pages = sql(world, CBP, "PRAGMA page_count")[0][0]
    config = read_config(home)
    write_config(replace(config, store=f"sqlite:node.sqlite?max_pages={pages + 900}"))
    refused = world.import_file(CBP, "totals.csv", totals(0, 3000))
    assert refused.code == 6
    assert "node.sqlite has no room left" in refused.err
    assert "do it again" in refused.err
    kept = records(world, CBP)
    assert 0 < kept < 3000
    assert kept % 500 == 0  # whole transactions
    assert entente("ledger", "verify", home).code == 0

    write_config(config)
    done = world.import_file(CBP, "totals.csv", totals(0, 3000)).json[0]
    assert (done["unchanged"], done["kept"]) == (kept, 3000 - kept)
    world.settle()
    assert records(world, CBSA) == northern(3000)
    assert [found.differences for found in world.reconcile(CBP)] == [()]


def test_a_receiver_whose_database_is_full_loses_nothing(world: World) -> None:
    pages = sql(world, CBSA, "PRAGMA page_count")[0][0]
    world.import_file(CBP, "totals.csv", totals(0, 600))
    with ExitStack() as stack:
        listener = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        store = open_store(f"sqlite:{world.home(CBSA)}/node.sqlite?max_pages={pages + 8}")
        full = replace(world.nodes[CBSA], store=store, config=replace(world.nodes[CBSA].config, url=url))
        stack.enter_context(closing(full))
        stack.enter_context(answering(application(full), listener))
        tell_address(world.nodes[CBP], CBSA, url)
        (done,) = world.deliver(CBP)
        assert "503 unavailable" in str(done.fault)
        assert "no room" not in str(done.fault)  # a partner is not told how full our disk is
    assert records(world, CBSA) == 0
    tell_address(world.nodes[CBP], CBSA, world.nodes[CBSA].config.url)
    make_due(world.nodes[CBP])
    world.settle()
    assert records(world, CBSA) == northern(600)


def test_a_locked_database_says_so_and_keeps_nothing_half(world: World) -> None:
    with closing(sqlite3.connect(world.home(CBP) / "node.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = world.import_file(CBP, "totals.csv", totals(0, 3))
        other.execute("ROLLBACK")
    assert refused.code == 6
    assert "stayed locked by another writer" in refused.err
    assert records(world, CBP) == 0
    assert world.import_file(CBP, "totals.csv", totals(0, 3)).json[0]["kept"] == 3


def test_a_byte_changed_in_a_signed_agreement_puts_it_out_of_force(world: World) -> None:
    (source,) = sql(world, CBP, "SELECT source FROM agreement")[0]
    changed = bytes(source).replace(b'"seizure-total.area"', b'"seizure-total.drug"')
    sql(world, CBP, "UPDATE agreement SET source = ?", changed)
    world.import_file(CBP, "totals.csv", totals(0, 9))
    world.settle()
    assert records(world, CBP) == 9  # our own work goes on
    assert records(world, CBSA) == 0  # but nothing leaves
    (found,) = world.run(CBP, "agreements", "list", "--json").json
    assert (found["is_in_force"], found["is_changed"]) == (False, True)
    listed = world.run(CBP, "agreements", "list")
    assert "is not the one with the digest" in listed.err
    assert "changed after signing" in world.run(CBP, "status").out
    key = world.home(CBP) / "keys" / "node.key"
    signed = world.run(CBP, "agreements", "sign", MODEL, "--officer", "a", "--key", key)
    assert signed.code == 5
    assert "call your security officer" in signed.err.lower()


@pytest.mark.parametrize("damage", ["not an agreement", "version = ", "\\x00"])
def test_an_agreement_damaged_beyond_reading_stops_nothing_else(world: World, damage: str) -> None:
    sql(world, CBP, "UPDATE agreement SET source = ?", damage.encode())
    sql(world, CBP, "UPDATE agreement_signature SET body = ?", damage.encode())
    assert world.import_file(CBP, "totals.csv", totals(0, 3)).json[0]["kept"] == 3
    assert world.run(CBP, "status").code == 0
    world.settle()
    assert records(world, CBSA) == 0


def test_one_byte_changed_in_an_old_ledger_entry_is_named(world: World) -> None:
    world.import_file(CBP, "totals.csv", totals(0, 9))
    world.settle()
    publish(world.nodes[CBP])
    world.import_file(CBP, "more.csv", totals(100, 3))
    size = world.run(CBP, "status", "--json").json["ledger_size"]
    for index in (0, 7, size - 1):
        (data,) = sql(world, CBP, 'SELECT data FROM entry WHERE "index" = ?', index)[0]
        changed = bytearray(bytes(data))
        changed[-5] ^= 1
        sql(world, CBP, 'UPDATE entry SET data = ? WHERE "index" = ?', bytes(changed), index)
        verdict = entente("ledger", "verify", world.home(CBP), "--json")
        assert verdict.code == 1
        problems = next(found["problems"] for found in verdict.json if found["what"] == "database")
        assert [problem["index"] for problem in problems] == [index]
        said = entente("ledger", "verify", world.home(CBP))
        assert f"entry {index} " in said.out.lower()
        sql(world, CBP, 'UPDATE entry SET data = ? WHERE "index" = ?', data, index)
    assert entente("ledger", "verify", world.home(CBP)).code == 0


def test_an_older_copy_of_the_database_publishes_nothing(world: World, tmp_path: Path) -> None:
    node = world.nodes[CBP]
    old = tmp_path / "old.sqlite"
    node.store.backup(str(old))
    world.import_file(CBP, "totals.csv", totals(0, 9))
    publish(node)
    restored = replace(node, store=open_store(f"sqlite:{old}"))
    with pytest.raises(LedgerShrank, match="it is an older copy"):
        publish(restored)
    restored.store.close()
    assert entente("ledger", "verify", world.home(CBP)).code == 0


def test_a_second_server_of_one_folder_is_refused(world: World) -> None:
    from entente.node.serving import only_server

    with only_server(world.nodes[CBP]):
        refused = world.run(CBP, "serve")
        assert refused.code == 7
        assert "is served already, by process" in refused.err
        moved = world.run(CBP, "store", "move", "sqlite:other.sqlite")
        assert moved.code == 7


def test_a_server_whose_address_is_taken_is_refused_with_a_remedy(world: World) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        write_config(replace(read_config(world.home(CBP)), url=f"http://127.0.0.1:{port}"))
        refused = world.run(CBP, "serve")
    assert refused.code == 7
    assert f"cannot listen at http://127.0.0.1:{port}" in refused.err
