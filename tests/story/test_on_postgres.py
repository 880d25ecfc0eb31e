"""The same story with both nodes on PostgreSQL, a server killed in the middle, and a node that moves house and back."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.cli.staging import Stage, build, start, wait_until_answering, wait_until_settled
from entente.node.reconciling import reconcile_all
from entente.node.verifying import verify_store
from entente.node.work import open_node
from every.databases import postgres_schema
from story.tables import northern, totals
from story.world import CBP, CBSA, World, entente, world_of

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]
ROWS = 600


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        stores = {party: stack.enter_context(postgres_schema()) for party in (CBP, CBSA)}
        yield build(tmp_path / "stage", stores=stores)


@pytest.mark.slow
def test_two_nodes_on_postgres_survive_a_kill(stage: Stage, tmp_path: Path) -> None:
    servers = {party: start(home) for party, home in stage.nodes.items()}
    try:
        for party, server in servers.items():
            wait_until_answering(stage.nodes[party], server)
        assert wait_until_settled(stage, 60), "signatures"
        file = tmp_path / "totals.csv"
        file.write_bytes(totals(0, ROWS))
        done = entente("import", file, "--simulated", "--node", stage.nodes[CBP], "--json")
        assert done.json[0]["kept"] == ROWS
        servers[CBSA].send_signal(signal.SIGKILL)
        servers[CBSA].wait()
        servers[CBSA] = start(stage.nodes[CBSA])
        wait_until_answering(stage.nodes[CBSA], servers[CBSA])
        assert wait_until_settled(stage, 60), (stage.nodes[CBP] / "serve.log").read_text("utf-8")[-2000:]
        assert stage.status(CBSA).records == {("seizure-total", CBP): northern(ROWS)}
        assert stage.status(CBP).sent[CBSA, "disclosure", "accepted"] == northern(ROWS)
        for home in stage.nodes.values():
            node = open_node(home, catalogue())
            assert [found.differences for found in reconcile_all(node)] == [()]
            assert verify_store(node).problems == ()
            node.close()
    finally:
        for server in servers.values():
            server.kill()
            server.wait()


def counts(home: Path) -> dict[str, object]:
    found: dict[str, object] = entente("status", "--node", home, "--json").json
    return {name: value for name, value in found.items() if name not in ("database_bytes", "surroundings")}


def test_a_node_moves_to_postgres_and_back_and_the_exchange_goes_on(signed: Path, tmp_path: Path) -> None:
    with postgres_schema() as address, world_of(signed, tmp_path / "world") as world:
        world.import_file(CBP, "a.csv", totals(0, 9))
        world.settle()
        home = world.home(CBP)
        before = counts(home)
        for target in (address, "sqlite:again.sqlite"):
            moved = entente("store", "move", target, "--node", home)
            assert (moved.code, "rows moved and compared" in moved.out) == (0, True)
            assert "password" not in moved.out
            assert counts(home) == before
            assert entente("ledger", "verify", home).code == 0
        _goes_on(world, home)


def _goes_on(world: World, home: Path) -> None:
    old = world.nodes[CBP]
    world.nodes[CBP] = open_node(home, catalogue())
    world.import_file(CBP, "b.csv", totals(100, 9))
    world.settle()
    assert [found.differences for found in world.reconcile(CBP)] == [()]
    world.nodes[CBP].close()
    world.nodes[CBP] = old


def test_a_move_never_overwrites_and_never_follows_a_server(signed: Path, tmp_path: Path) -> None:
    with world_of(signed, tmp_path / "world") as world:
        home = world.home(CBP)
        settings = (home / "node.toml").read_text("utf-8")
        taken = entente("store", "move", f"sqlite:{world.home(CBSA)}/node.sqlite", "--node", home)
        assert taken.code == 3
        assert "already holds rows" in taken.err
        assert (home / "node.toml").read_text("utf-8") == settings
