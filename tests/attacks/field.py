"""Nodes as they are in the field: each its own folder, database and process, real HTTP between them, and verbs as
processes beside them. Only their clock can be moved, for all at once."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from attacks.at import moved
from entente.cli.house import catalogue
from entente.cli.staging import CREDENTIALS, Stage, build, wait_until_answering, wait_until_settled
from entente.node.agreeing import add_agreement, sign
from entente.node.work import Node, open_node
from entente.signing import PrivateKey, digest
from story.world import Ran

AT = Path(__file__).with_name("at.py")
DAY = 86_400
Process = subprocess.Popen[bytes]


@dataclass
class Field:
    """`stage` names the folders by party; `servers` are the processes that run."""

    stage: Stage
    servers: dict[str, Process] = field(default_factory=dict)

    @property
    def clock(self) -> Path:
        return self.stage.folder / "clock"

    def home(self, party: str) -> Path:
        return self.stage.nodes[party]

    def at(self, days: float) -> None:
        """From now on it is `days` later than on this machine, for every process and verb."""
        self.clock.with_suffix(".new").write_text(str(days * DAY), "ascii")
        self.clock.with_suffix(".new").replace(self.clock)

    def serve(self, *parties: str) -> None:
        """Starts these nodes, by default all; returns when they answer."""
        for party in parties or tuple(self.stage.nodes):
            with (self.home(party) / "serve.log").open("ab") as log:
                command = [sys.executable, str(AT), str(self.clock), "serve", "--node", str(self.home(party))]
                self.servers[party] = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        for party in parties or tuple(self.stage.nodes):
            wait_until_answering(self.home(party), self.servers[party])

    def stop(self, *parties: str) -> None:
        """As an operator stops them; by default all."""
        going = [self.servers.pop(party) for party in parties or tuple(self.servers)]
        for process in going:
            process.terminate()
        for process in going:
            process.wait(timeout=30)

    def kill(self, party: str) -> None:
        """As a power cut does."""
        process = self.servers.pop(party)
        process.kill()
        process.wait()

    def run(self, party: str, *arguments: object) -> Ran:
        """A verb at the node of `party`, as a process."""
        words = [str(argument) for argument in (*arguments, "--node", self.home(party))]
        command = [sys.executable, str(AT), str(self.clock), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        return Ran(done.returncode, done.stdout, done.stderr)

    def must(self, party: str, *arguments: object) -> Ran:
        """The same; it must go well."""
        ran = self.run(party, *arguments)
        assert ran.code == 0, f"{arguments}: {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    def settle(self, seconds: float = 60) -> None:
        """Returns once every message of every node has its receipt."""
        assert wait_until_settled(self.stage, seconds), {party: self.log(party)[-2000:] for party in self.stage.nodes}

    def log(self, party: str) -> str:
        """What the server said."""
        file = self.home(party) / "serve.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    @contextmanager
    def node(self, party: str) -> Iterator[Node]:
        """The node opened in this process, at the moved clock, beside its server."""
        node = open_node(self.home(party), catalogue(), moved(self.clock))
        try:
            yield node
        finally:
            node.close()

    def agree(self, text: bytes, *parties: str) -> None:
        """The first of `parties` proposes `text`; two officers of each sign it as soon as they hold it; all hear of
        it. The nodes must be served."""
        with self.node(parties[0]) as node:
            add_agreement(node, text)
        self.settle()
        for party in parties:
            self.sign(party, digest(text))
        self.settle()

    def sign(self, party: str, agreement: str) -> None:
        """Two officers of `party` sign."""
        keys: dict[str, str] = json.loads((self.stage.folder / CREDENTIALS).read_text("utf-8"))
        with self.node(party) as node:
            for officer in (f"{party}/liaison-1", f"{party}/liaison-2"):
                sign(node, agreement, officer, PrivateKey.from_text(keys[officer]))


@contextmanager
def field_of(folder: Path, parties: Sequence[str], models: Sequence[str] = ()) -> Iterator[Field]:
    """Nodes of `parties` with each other's cards, and the `models` signed by two officers of each; not yet served.
    Every process has ended when it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "clock").write_text("0", "ascii")
    made = Field(build(folder, parties=parties, models=models))
    try:
        yield made
    finally:
        for process in made.servers.values():
            process.kill()
            process.wait()
