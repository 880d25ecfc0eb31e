"""A node is lost and comes back from its archive: what was erased since stays erased, what happened since is healed."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.node.config import read_config, write_config
from entente.node.erasing import erase
from entente.node.recalling import CallBack, give
from entente.node.restored import NotComparedYet
from entente.node.work import open_node
from every.databases import postgres_schema
from story.tables import northern, totals
from story.world import CBP, CBSA, World, entente

ROWS = 9


def backup(world: World, party: str) -> Path:
    file = world.folder / f"{party}.archive"
    done = world.run(party, "backup", "--out", file, "--json")
    assert done.code == 0, done.err
    return file


def restore(world: World, party: str, file: Path, *options: object) -> Path:
    home = world.folder / f"{party}-again"
    done = entente("restore", file, "--node", home, "--keys", world.home(party) / "keys", *options)
    assert done.code == 0, done.err
    return home


def back_in_service(world: World, party: str, home: Path) -> None:
    """The restored node takes the lost one's place."""
    lost = world.nodes[party]
    write_config(replace(read_config(home), url=lost.config.url))
    lost.close()
    shutil.rmtree(lost.config.folder)
    home.rename(lost.config.folder)
    object.__setattr__(lost, "store", open_node(lost.config.folder, catalogue()).store)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest) -> Iterator[str]:
    with ExitStack() as stack:
        yield "sqlite:node.sqlite" if request.param == "sqlite" else stack.enter_context(postgres_schema())


def test_what_was_erased_after_a_backup_does_not_come_back_and_all_else_does(world: World, target: str) -> None:
    world.import_file(CBP, "a.csv", totals(0, ROWS))
    world.settle()
    node = world.nodes[CBP]
    with node.store.reading() as tx:
        gone, *others = tx.current_records(own=True)
        sent = list(tx.outbox(CBSA))
    file = backup(world, CBP)
    assert all(row.body not in file.read_bytes() and row.digest.encode() not in file.read_bytes() for row in others)
    with node.writing() as work:
        erase(node, work, gone.id, why="asked for")
    home = restore(world, CBP, file, "--store", target)
    again = open_node(home, catalogue())
    with again.store.reading() as tx:
        assert tx.record(gone.id).body == b""  # type: ignore[union-attr]  # the row says that it was here
        assert [tx.record(row.id) for row in others] == others
        assert all(entry.opening is None for entry in tx.entries_about(gone.id))
        assert [row.sealed for row in tx.outbox(CBSA)] == [
            b"" if row.record_id == gone.id else row.sealed for row in sent
        ]
    again.close()
    assert entente("ledger", "verify", home).code == 0


def test_a_partner_gets_its_copy_erased_from_its_archives_too(world: World) -> None:
    world.import_file(CBP, "a.csv", totals(0, ROWS))
    world.settle()
    node = world.nodes[CBSA]
    with node.store.reading() as tx:
        gone = tx.current_records(own=False)[0]
    file = backup(world, CBSA)
    with node.writing() as work:
        erase(node, work, gone.id, why="asked for")
    again = open_node(restore(world, CBSA, file), catalogue())
    with again.store.reading() as tx:
        assert tx.record(gone.id).body == b""  # type: ignore[union-attr]
        assert [row for row in tx.inbox(CBP) if row.record_id == gone.id and row.sealed] == []
        assert sum(bool(row.sealed) for row in tx.inbox(CBP)) >= northern(ROWS) - 1
    again.close()


def test_traffic_after_the_backup_is_healed_and_the_exchange_goes_on(world: World) -> None:
    world.import_file(CBP, "a.csv", totals(0, ROWS))
    world.settle()
    file = backup(world, CBP)
    world.import_file(CBP, "b.csv", totals(100, ROWS))
    world.settle()
    home = restore(world, CBP, file)
    back_in_service(world, CBP, home)
    refused = world.run(CBP, "import", world.folder / "b.csv", "--simulated")
    assert (refused.code, "entente exchange reconcile" in refused.err) == (6, True)
    compared = world.run(CBP, "exchange", "reconcile", "--json").json
    assert compared[0]["taken_over"] >= northern(ROWS)
    world.run(CBSA, "exchange", "reconcile", "--resend-confirmed")
    world.import_file(CBP, "b.csv", totals(100, ROWS))
    world.import_file(CBP, "c.csv", totals(200, ROWS))
    world.settle()
    for party in (CBP, CBSA):
        assert [found.differences for found in world.reconcile(party)] == [()]
        assert world.run(party, "ledger", "verify", world.home(party)).code in (0, 2)
        assert entente("ledger", "verify", world.home(party)).code == 0
    assert world.run(CBSA, "status", "--json").json["records"][0]["number"] == northern(3 * ROWS)


def test_what_was_taken_back_after_the_backup_leaves_no_more(world: World) -> None:
    world.import_file(CBP, "a.csv", totals(0, ROWS))
    node = world.nodes[CBP]
    with node.store.reading() as tx:
        gone, other = [row.record_id for row in tx.outbox(CBSA) if row.record_id][:2]
    assert gone is not None
    assert other is not None
    file = backup(world, CBP)  # all of it waits
    give(node, gone, CallBack(reason="wrong", who="releasing"))
    world.settle()
    assert (gone.encode() in world.wire, other.encode() in world.wire) == (False, True)
    before = len(world.wire)
    back_in_service(world, CBP, restore(world, CBP, file))
    (stopped,) = [one for one in world.deliver(CBP) if one.party == CBSA]
    assert isinstance(stopped.fault, NotComparedYet)
    assert len(world.wire) == before
    world.run(CBP, "exchange", "reconcile")  # differences that the next delivery heals
    world.settle()
    assert gone.encode() not in world.wire
    assert [facts["why"] for facts in world.entries(CBP, "taken-back")] == ["forgotten"]
