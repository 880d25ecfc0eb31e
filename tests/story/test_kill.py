"""Nodes are killed at any moment, from the first import to the last receipt, and nothing is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from entente.cli.house import node_in
from entente.cli.staging import Stage, build, start, wait_until_answering, wait_until_settled
from entente.node.keyring import our_log_keys
from entente.node.reconciling import reconcile_all
from entente.node.verifying import verify_files, verify_store
from story.databases_seen import ask
from story.tables import northern, totals

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

GIVER, RECEIVER = "us.cbp", "ca.cbsa"
ROWS = 600  # a file is imported in two transactions and delivered in one or more batches
KILLS = 20
SEED = int(os.environ.get("ENTENTE_KILL_SEED", "20261121"))

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Seen:
    """What the two databases say at one moment."""

    kept: int
    queued: int
    sent: int
    settled: int
    held: int


@dataclass
class World:
    """The stage with its server processes."""

    stage: Stage
    servers: dict[str, Process] = field(default_factory=dict)

    def serve(self, party: str) -> None:
        self.servers[party] = start(self.stage.nodes[party])
        wait_until_answering(self.stage.nodes[party], self.servers[party])

    def kill(self, party: str) -> None:
        self.servers[party].send_signal(signal.SIGKILL)
        self.servers[party].wait()

    def begin_import(self, file: Path) -> Process:
        command = [sys.executable, "-m", "entente.cli", "import", str(file), "--simulated"]
        command += ["--node", str(self.stage.nodes[GIVER])]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def seen(self) -> Seen:
        giver, receiver = (self.stage.nodes[party] / "node.sqlite" for party in (GIVER, RECEIVER))
        states = Counter(dict(ask(giver, "SELECT state, count(*) FROM outbox GROUP BY state")))
        return Seen(
            kept=ask(giver, "SELECT count(*) FROM record")[0][0],
            queued=states["queued"],
            sent=states["sent"],
            settled=states["accepted"],
            held=ask(receiver, "SELECT count(*) FROM inbox")[0][0],
        )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(build(tmp_path / "stage"))
    for party in world.stage.nodes:
        world.serve(party)
    yield world
    for process in world.servers.values():
        process.kill()
        process.wait()


# Phase -> who is killed ("import" is the importing process), and when, compared with what was seen before the import.
PHASES: dict[str, tuple[str, Callable[[Seen, Seen], bool]]] = {
    "before the first transaction": ("import", lambda _old, _new: True),
    "between transactions of an import": ("import", lambda old, new: old.kept < new.kept < old.kept + ROWS),
    "written down, not yet sent": (GIVER, lambda old, new: new.queued + new.sent > 0 and new.kept > old.kept),
    "handed to the wire": (GIVER, lambda _old, new: new.sent > 0),
    "receiving": (RECEIVER, lambda _old, new: new.sent > 0),
    "held there, not yet receipted here": (GIVER, lambda old, new: new.held > old.held),
    "held there, before the last receipt": (RECEIVER, lambda old, new: new.held > old.held),
    "after the last receipt": (GIVER, lambda old, new: new.settled >= old.settled + northern(ROWS)),
}


def test_twenty_kills_lose_and_double_nothing(world: World, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    due = [*PHASES, *chance.choices(list(PHASES), k=KILLS - len(PHASES))]
    hits: Counter[str] = Counter()
    files = 0
    while due and files < 3 * KILLS:
        file = tmp_path / f"{files}.csv"
        file.write_bytes(totals(files * ROWS, ROWS))
        files += 1
        if _kill_during(world, due[0], file, chance):  # a phase that went by unseen is tried again
            hits[due.pop(0)] += 1
        _recover(world, file)
    sys.stdout.write(f"\nseed {SEED}: {sum(hits.values())} kills over {files} files, by phase: {dict(hits)}\n")
    assert hits.keys() == PHASES.keys(), "a phase was never hit"
    assert sum(hits.values()) >= KILLS
    _check_end(world, rows=files * ROWS, disclosures=files * northern(ROWS))


def _kill_during(world: World, phase: str, file: Path, chance: random.Random) -> bool:
    """Imports `file` and kills when `phase` is seen; False when it went by unseen."""
    who, is_now = PHASES[phase]
    before = world.seen()
    importer = world.begin_import(file)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if is_now(before, world.seen()):
            time.sleep(chance.uniform(0, 0.05) if "transaction" not in phase else chance.uniform(0, 0.4))
            if who == "import" and importer.poll() is not None:
                break
            importer.kill() if who == "import" else world.kill(who)
            importer.wait()
            return True
        if who == "import" and importer.poll() is not None:
            break
    importer.wait()
    return False


def _recover(world: World, file: Path) -> None:
    """Starts what is dead, imports the file again to its end, and waits for the last receipt."""
    for party, process in world.servers.items():
        if process.poll() is not None:
            world.serve(party)
    assert world.begin_import(file).wait() == 0
    assert wait_until_settled(world.stage, 120)


def _check_end(world: World, rows: int, disclosures: int) -> None:
    statuses = {party: world.stage.status(party) for party in world.stage.nodes}
    assert statuses[GIVER].records == {("seizure-total", GIVER): rows}
    assert statuses[RECEIVER].records == {("seizure-total", GIVER): disclosures}
    assert statuses[GIVER].sent["ca.cbsa", "disclosure", "accepted"] == disclosures
    assert statuses[RECEIVER].received[GIVER, "disclosure", "accepted"] == disclosures
    for folder in world.stage.nodes.values():
        node = node_in(folder)
        assert [found.differences for found in reconcile_all(node)] == [()]
        assert verify_store(node).problems == ()
        assert verify_files(node.config.ledger, our_log_keys(node)).problems == ()
        node.close()
