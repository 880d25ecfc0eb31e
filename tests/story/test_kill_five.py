"""Any one of five processes is killed, at any phase, and starts again: every pair agrees and nothing is doubled."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from entente.cli.demo_steps import LABORATORIES, MODELS, PARTIES, opened_at
from entente.cli.staging import Stage, build, start, wait_until_answering, wait_until_settled
from entente.node.keyring import our_log_keys
from entente.node.reconciling import reconcile_all
from entente.node.verifying import verify_files, verify_store
from story.databases_seen import ask

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

ROWS = 550  # an import of two transactions, to four partners each
SEED = int(os.environ.get("ENTENTE_KILL_SEED", "20261122"))
HEADER = ("publication", "jurisdiction", "substance", "period_start", "period_end", "tested", "reported", "basis")
HEALTH_HEADER = ("publication", "region", "substance", "role", "period_start", "period_end", "tested", "positive")

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Seen:
    """What the database of one node says at one moment."""

    kept: int
    unanswered: int
    arrived: int


@dataclass
class World:
    """Five nodes, each served by a process of its own."""

    stage: Stage
    servers: dict[str, Process] = field(default_factory=dict)

    def serve(self, party: str) -> None:
        self.servers[party] = start(self.stage.nodes[party])
        wait_until_answering(self.stage.nodes[party], self.servers[party])

    def kill(self, party: str) -> None:
        self.servers[party].send_signal(signal.SIGKILL)
        self.servers[party].wait()

    def begin_import(self, party: str, file: Path) -> Process:
        command = [sys.executable, "-m", "entente.cli", "import", str(file), "--node", str(self.stage.nodes[party])]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def seen(self, party: str) -> Seen:
        file = self.stage.nodes[party] / "node.sqlite"
        return Seen(
            kept=ask(file, "SELECT count(*) FROM record WHERE via IS NULL")[0][0],
            unanswered=ask(file, "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sent')")[0][0],
            arrived=ask(file, "SELECT count(*) FROM inbox")[0][0],
        )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(build(tmp_path / "stage", PARTIES, MODELS))
    for party in world.stage.nodes:
        world.serve(party)
    assert wait_until_settled(world.stage, 120)
    yield world
    for process in world.servers.values():
        process.kill()
        process.wait()


# Phase -> who imports while the victim is watched (None: the victim), and when it is killed.
PHASES: dict[str, Callable[[Seen, Seen], bool]] = {
    "importing": lambda old, new: new.kept > old.kept,
    "sending": lambda old, new: new.kept > old.kept and new.unanswered > 0,
    "receiving": lambda old, new: new.arrived > old.arrived,
}


def test_any_of_five_is_killed_at_any_phase_and_every_pair_agrees(world: World, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    due = [(party, phase) for party in PARTIES for phase in PHASES if not (party == "ca.phac" and phase == "sending")]
    chance.shuffle(due)
    hits: Counter[tuple[str, str]] = Counter()
    imported: Counter[str] = Counter()
    tries = 0
    while due and tries < 3 * len(PARTIES) * len(PHASES):
        victim, phase = due[0]
        importer = victim if phase != "receiving" else chance.choice([p for p in LABORATORIES if p != victim])
        file = tmp_path / f"{tries}.csv"
        _write(file, tries, importer)
        imported[importer] += ROWS
        tries += 1
        if _kill_during(world, victim, importer, phase, file, chance):
            hits[due.pop(0)] += 1
        _recover(world, importer, file)
    by_phase = Counter(phase for _, phase in hits)
    sys.stdout.write(f"\nseed {SEED}: {sum(hits.values())} kills of {len(PARTIES)} nodes, by phase: {dict(by_phase)}\n")
    assert due == [], "a phase of a node was never hit"
    _check_end(world, imported)


def _write(file: Path, number: int, party: str) -> None:
    """ROWS simulated counts that nobody has seen before."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((*(HEALTH_HEADER if party == "ca.phac" else HEADER), "simulated"))
        for row in range(ROWS):
            day = date.fromordinal(date(2024, 1, 1).toordinal() + row)
            shared = (f"round-{number}", "ca-on", "SIMULATED SUBSTANCE A")
            if party == "ca.phac":
                writer.writerow((*shared, "minor", day, day, 40, row % 7, "yes"))
            else:
                writer.writerow((*shared, day, day, 40, row % 7, "samples", "yes"))


def _kill_during(world: World, victim: str, importer: str, phase: str, file: Path, chance: random.Random) -> bool:
    """Imports `file` and kills the victim when `phase` is seen; False when it went by unseen.

    In the phase "importing" both the importing process and the server of the node are killed.
    """
    before = world.seen(victim)
    process = world.begin_import(importer, file)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if PHASES[phase](before, world.seen(victim)):
            time.sleep(chance.uniform(0, 0.2))
            world.kill(victim)
            if phase == "importing":
                process.kill()
            process.wait()
            return True
        time.sleep(0.005)
    process.wait()
    return False


def _recover(world: World, importer: str, file: Path) -> None:
    """Starts what is dead, imports the file again to its end, and waits for the last receipt of everybody."""
    for party, process in world.servers.items():
        if process.poll() is not None:
            world.serve(party)
    assert world.begin_import(importer, file).wait() == 0
    assert wait_until_settled(world.stage, 120)


def _check_end(world: World, imported: Counter[str]) -> None:
    for party in PARTIES:
        held = world.stage.status(party).records
        kind = "drug-checking-count" if party == "ca.phac" else "test-count"
        given = {("test-count", other): imported[other] for other in LABORATORIES if other != party and imported[other]}
        own = {(kind, party): imported[party]} if imported[party] else {}
        assert held == own | given, party
        with opened_at(world.stage, party) as node:
            compared = reconcile_all(node)
            assert [found.differences for found in compared] == [()] * (len(PARTIES) - 1)
            assert verify_store(node).problems == ()
            assert verify_files(node.config.ledger, our_log_keys(node)).problems == ()
