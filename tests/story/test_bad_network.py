"""The line between two nodes is cut for long, loses one direction, is slow, or comes and goes: every record arrives
once, and what waited drains by itself.

The line is a pair of network namespaces where the machine lets a test make them, and a relay between the sockets.
"""

import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest

from attacks.lives import Life, Midwife
from attacks.wire import Wire
from entente.cli.house import catalogue, reader_called
from entente.cli.staging import build
from entente.node.config import read_config, write_config
from entente.node.intake import import_table, opened
from entente.node.verifying import verify_store
from entente.node.work import open_node
from story.databases_seen import ask
from story.namespaces import FAR, NEAR, line_of_namespaces
from story.tables import northern, totals
from story.world import CBP, CBSA, tell_address

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROWS = 90
CUT_SECONDS = 25.0  # longer than a call waits for a connection
LATENCY_SECONDS = 2.0
DRAIN_SECONDS = 120.0
IDLE_SECONDS = 15.0
WANTED_RECONNECT_SECONDS = 5.0


class Line(Protocol):
    """What can happen to a line; `near` and `far` are what commands at its ends begin with."""

    @property
    def near(self) -> tuple[str, ...]: ...
    @property
    def far(self) -> tuple[str, ...]: ...
    def cut(self) -> None: ...
    def lose_answers(self) -> None: ...
    def slow_down(self, seconds: float) -> None: ...
    def mend(self) -> None: ...


@dataclass
class Relay:
    """A line of two wires, one to each node."""

    wires: list[Wire] = field(default_factory=list)
    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()

    def cut(self) -> None:
        for wire in self.wires:
            wire.is_open = False

    def lose_answers(self) -> None:
        for wire in self.wires:
            wire.answers_pass = False

    def slow_down(self, seconds: float) -> None:
        for wire in self.wires:
            wire.seconds = seconds

    def mend(self) -> None:
        for wire in self.wires:
            wire.is_open, wire.answers_pass, wire.seconds = True, True, 0.0


@dataclass
class Ends:
    """CBP at the near end of `line`, CBSA at the far one, both served; `rows` were imported so far."""

    line: Line
    homes: dict[str, Path]
    rows: int = 0
    northern: int = 0

    def import_rows(self, number: int) -> None:
        file = self.homes[CBP] / "totals.csv"
        file.write_bytes(totals(self.rows, number))
        self.rows += number
        self.northern += northern(number)
        with closing(open_node(self.homes[CBP], catalogue())) as node, opened(str(file)) as source:
            import_table(node, source, reader_called("cbp-drug-seizures"), "test", is_simulated=True)

    def waiting(self) -> int:
        return int(ask(self._file(CBP), "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sent')")[0][0])

    def held(self) -> int:
        return int(ask(self._file(CBSA), "SELECT count(*) FROM inbox WHERE type = 'disclosure'")[0][0])

    def drained(self) -> float:
        """Seconds until the last receipt is there."""
        began = time.monotonic()
        while self.waiting():
            assert time.monotonic() - began < DRAIN_SECONDS, self.log()
            time.sleep(0.05)
        return time.monotonic() - began

    def log(self) -> str:
        return "\n".join((home / "serve.log").read_text("utf-8")[-2000:] for home in self.homes.values())

    def check(self) -> None:
        """Every record of the northern border is held once, both sides agree, and the ledgers verify."""
        held = ask(self._file(CBSA), "SELECT count(*), count(DISTINCT id) FROM record WHERE via IS NOT NULL")[0]
        sent = ask(self._file(CBP), "SELECT count(*), count(DISTINCT record_id) FROM outbox WHERE type = 'disclosure'")[
            0
        ]
        assert held == sent == (sent[0], sent[0])
        assert self.held() == sent[0] == self.northern
        command = [*self.line.near, sys.executable, "-m", "entente.cli", "exchange", "reconcile", "--json"]
        done = subprocess.run([*command, "--node", str(self.homes[CBP])], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert [one["differences"] for one in json.loads(done.stdout)] == [[]]
        for home in self.homes.values():
            with closing(open_node(home, catalogue())) as node:
                assert verify_store(node).problems == ()

    def _file(self, party: str) -> Path:
        return self.homes[party] / "node.sqlite"


@pytest.fixture(params=["relay", "namespaces"])
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ends]:
    stage = build(tmp_path / "stage")
    made = _relay if request.param == "relay" else _namespaces
    with ExitStack() as stack:
        line, places = stack.enter_context(made(dict(stage.nodes)))
        found = Ends(line, dict(stage.nodes))
        for party, before in ((CBP, line.near), (CBSA, line.far)):
            midwife = stack.enter_context(Midwife.at_work(*before))
            life = Life(midwife, found.homes[party], *places[party], chunk=500)
            stack.callback(life.kill)
            life.begin()
        until = time.monotonic() + 60
        while not _is_agreed(found) and time.monotonic() < until:
            time.sleep(0.1)
        found.import_rows(3)
        found.drained()
        yield found


def _is_agreed(found: Ends) -> bool:
    """Both have the other's signatures."""
    count = "SELECT count(*) FROM agreement_signature"
    return all(ask(home / "node.sqlite", count)[0][0] == 4 for home in found.homes.values())


@contextmanager
def _relay(homes: dict[str, Path]) -> Iterator[tuple[Line, dict[str, tuple[str, int]]]]:
    with ExitStack() as stack:
        line, places = Relay(), {}
        for party, home in homes.items():
            config = read_config(home)
            places[party] = ("127.0.0.1", urlsplit(config.screens).port or 0)
            write_config(replace(config, screens=""))
            listener = stack.enter_context(socket.create_server(("127.0.0.1", urlsplit(config.url).port or 0)))
            line.wires.append(Wire(listener, places[party], random.Random(party)))
            stack.enter_context(line.wires[-1].working())
        yield line, places


@contextmanager
def _namespaces(homes: dict[str, Path]) -> Iterator[tuple[Line, dict[str, tuple[str, int]]]]:
    places = {CBP: (NEAR, 8801), CBSA: (FAR, 8801)}
    urls = {party: f"http://{host}:{port}" for party, (host, port) in places.items()}
    for party, home in homes.items():
        write_config(replace(read_config(home), url=urls[party], screens=""))
        with closing(open_node(home, catalogue())) as node:
            for other, url in urls.items():
                tell_address(node, other, url)
    with line_of_namespaces() as line:
        yield line, places


def _say(what: str, **seconds: float) -> None:
    sys.stdout.write(f"\n{what}: " + ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items()) + "\n")


def test_after_a_long_cut_the_queue_drains(ends: Ends) -> None:
    ends.line.cut()
    ends.import_rows(ROWS - 3)
    time.sleep(CUT_SECONDS)
    assert ends.waiting() == northern(ROWS - 3)
    ends.line.mend()
    _say("after a cut", drained=ends.drained())
    ends.check()


def test_answers_that_are_lost_double_nothing(ends: Ends) -> None:
    ends.line.lose_answers()
    ends.import_rows(ROWS - 3)
    time.sleep(CUT_SECONDS)
    assert ends.waiting() == northern(ROWS - 3)
    ends.line.mend()
    _say("after answers were lost", drained=ends.drained())
    ends.check()


def test_a_slow_line_is_only_slow(ends: Ends) -> None:
    ends.line.slow_down(LATENCY_SECONDS)
    ends.import_rows(ROWS - 3)
    took = ends.drained()
    _say(f"{LATENCY_SECONDS} s each way", drained=took)
    assert took > LATENCY_SECONDS
    ends.line.mend()
    ends.check()


def test_a_line_that_comes_and_goes_is_used_while_it_is_there(ends: Ends) -> None:
    chance = random.Random(7)
    began = time.monotonic()
    while time.monotonic() - began < CUT_SECONDS:
        ends.line.cut()
        ends.import_rows(3)
        time.sleep(chance.uniform(0.2, 1))
        ends.line.mend()
        time.sleep(chance.uniform(0.2, 1))
    _say("after flapping", drained=ends.drained())
    ends.check()


def test_after_an_idle_cut_the_first_record_goes_at_once(ends: Ends) -> None:
    ends.line.cut()
    time.sleep(IDLE_SECONDS)
    ends.line.mend()
    ends.import_rows(3)
    took = ends.drained()
    _say(f"after an idle cut (wanted: {WANTED_RECONNECT_SECONDS:.0f} s)", reconnected=took)
    assert took < DRAIN_SECONDS / 4
    ends.check()
