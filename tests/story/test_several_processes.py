"""Two processes serve each of two nodes in PostgreSQL, one is killed in the middle, and everything happens once."""

import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.cli.staging import Stage, build, start, wait_until_answering, wait_until_settled
from entente.node.reconciling import reconcile_all
from entente.node.verifying import verify_store
from entente.node.work import open_node
from every.databases import postgres_schema
from story.tables import northern, totals
from story.world import CBP, CBSA, entente

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(600)]
ROWS = 500
Process = subprocess.Popen[bytes]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        stores = {party: stack.enter_context(postgres_schema()) for party in (CBP, CBSA)}
        yield build(tmp_path / "stage", stores=stores)


def start_another(home: Path) -> Process:
    """A further process of the node in `home`, at free addresses of its own; returns when it listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as one, closing(socket.create_server(("127.0.0.1", 0))) as two:
        ports = [free.getsockname()[1] for free in (one, two)]
    command = [sys.executable, "-m", "entente.cli", "serve", "--node", str(home)]
    command += ["--at", f"http://127.0.0.1:{ports[0]}", "--screens-at", f"http://127.0.0.1:{ports[1]}"]
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", ports[1]), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process
    raise AssertionError((home / "serve.log").read_text("utf-8")[-2000:])


def kill(process: Process) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_two_processes_of_a_node_do_everything_once_and_one_may_die(stage: Stage, tmp_path: Path) -> None:
    processes: list[Process] = []
    try:
        first = {party: start(home) for party, home in stage.nodes.items()}
        processes += first.values()
        for party, process in first.items():
            wait_until_answering(stage.nodes[party], process)
        second = {party: start_another(home) for party, home in stage.nodes.items()}
        processes += second.values()
        moved = entente("store", "move", "sqlite:other.sqlite", "--node", stage.nodes[CBP])
        assert (moved.code, "served already" in moved.err) == (7, True)
        for part in range(2):
            file = tmp_path / f"{part}.csv"
            file.write_bytes(totals(part * ROWS // 2, ROWS // 2))
            assert entente("import", file, "--simulated", "--node", stage.nodes[CBP]).code == 0
            if part == 0:
                kill(first[CBP])  # the one that had the turn; the other one goes on with both
                kill(second[CBSA])
        assert wait_until_settled(stage, 240), (stage.nodes[CBP] / "serve.log").read_text("utf-8")[-2000:]
        assert second[CBP].poll() is None
        expected = 2 * northern(ROWS // 2)
        assert stage.status(CBP).sent[CBSA, "disclosure", "accepted"] == expected
        for home in stage.nodes.values():
            node = open_node(home, catalogue())
            with node.store.reading() as tx:
                kinds = Counter((entry.type, entry.subject) for entry in tx.entries(0, tx.ledger_head().size))
            once = ("kept", "disclosed", "received")
            assert [key for key, number in kinds.items() if number > 1 and key[0] in once] == []
            assert verify_store(node).problems == ()
            node.close()
        assert stage.status(CBSA).records == {("seizure-total", CBP): expected}
        processes.append(start(stage.nodes[CBP]))
        wait_until_answering(stage.nodes[CBP], processes[-1])
        for home in stage.nodes.values():
            node = open_node(home, catalogue())
            assert [found.differences for found in reconcile_all(node)] == [()]
            with node.store.reading() as tx:
                assert {row.name for row in tx.jobs()} >= {"remind", "retention"}
            node.close()
    finally:
        for process in processes:
            process.kill()
            process.wait()
