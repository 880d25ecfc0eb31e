"""A stage for the demo: two nodes in a folder, with cards exchanged and an agreement signed, served as real
processes."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from entente.agreements import model_bytes
from entente.cli.house import catalogue, node_in
from entente.errors import Unavailable
from entente.node.agreeing import add_agreement, keep_agreement, sign
from entente.node.config import Config
from entente.node.courier import UNANSWERED
from entente.node.creating import create_node
from entente.node.identity import SECRET_BYTES
from entente.node.partnering import add_officer, add_partner, card_of
from entente.node.status import Status, status
from entente.node.work import Node
from entente.signing import PrivateKey, digest

GIVER, RECEIVER = "us.cbp", "ca.cbsa"
PARTIES = (RECEIVER, GIVER)
MODEL = "customs-seizure-statistics"
OFFICERS = ("liaison-1", "liaison-2")
CREDENTIALS = "officers.keys"


class NotServed(Unavailable):
    """The node of {party} did not start to answer within {seconds} seconds: {why}. Look at {log}, then try again."""


class StepFailed(Unavailable):
    """`{command}` ended with {code}; what it said stands above. Settle that, then start the demo again."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The folders of the demo's nodes by party."""

    folder: Path
    nodes: Mapping[str, Path]

    def unsettled(self, party: str) -> int:
        """How many messages of `party` have no final answer yet; cheap enough to ask all the time."""
        node = node_in(self.nodes[party])
        try:
            with node.store.reading() as tx:
                return sum(number for _, _, state, number in tx.outbox_counts() if state in UNANSWERED)
        finally:
            node.close()

    def status(self, party: str) -> Status:
        node = node_in(self.nodes[party])
        try:
            return status(node)
        finally:
            node.close()


def build(
    folder: Path,
    parties: Sequence[str] = PARTIES,
    models: Sequence[str] = (MODEL,),
    stores: Mapping[str, str] = MappingProxyType({}),
) -> Stage:
    """Creates the nodes, exchanges all their cards, and has two officers of each sign the model agreements it is party
    to.

    `stores` by party, where it is not a SQLite file in the node's folder.

    The officers' keys are random in every run and go to one file of mode 0600.
    """
    ports = _free_ports(2 * len(parties))
    nodes = [
        _create(folder / party.split(".")[1], party, ports[2 * place :], stores.get(party, "sqlite:node.sqlite"))
        for place, party in enumerate(parties)
    ]
    keys = {node.party: _name_officers(node) for node in nodes}
    cards = [card_of(node) for node in nodes]
    for node in nodes:
        for card in cards:
            if card.party != node.party:
                add_partner(node, card)
    for model in models:
        _agree(nodes, model_bytes(model), keys)
    for node in nodes:
        node.close()
    told = {name: key.to_text() for held in keys.values() for name, key in held.items()}
    write_private(folder / CREDENTIALS, json.dumps(told, indent=1))
    return Stage(folder, {node.party: node.config.folder for node in nodes})


def _agree(nodes: Sequence[Node], source: bytes, keys: Mapping[str, Mapping[str, PrivateKey]]) -> None:
    """The first party among `nodes` proposes the text, and two officers of each party sign it."""
    agreement = nodes[0].agreement(digest(source), source)
    first, *others = (node for node in nodes if node.party in agreement.parties)
    add_agreement(first, source)
    for node in others:
        with node.writing() as work:
            keep_agreement(work, node.agreement(agreement.digest, source))
    for node in (first, *others):
        for officer, key in keys[node.party].items():
            sign(node, agreement.digest, officer, key)


@contextmanager
def served(stage: Stage) -> Iterator[None]:
    """All nodes of the stage as processes of their own, answering; stopped at the end."""
    processes = {party: start(folder) for party, folder in stage.nodes.items()}
    try:
        for party, process in processes.items():
            wait_until_answering(stage.nodes[party], process)
        yield
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(timeout=20)


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """`entente serve` for the node in `folder`, writing to serve.log there."""
    command = [sys.executable, "-m", "entente.cli", "serve", "--node", str(folder)]
    with (folder / "serve.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603 - our own verb


def wait_until_answering(folder: Path, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Returns once the node answers on its port. Raises NotServed."""
    from urllib.parse import urlsplit

    config = node_in(folder).config
    parts = urlsplit(config.url)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            why = f"it ended with {process.returncode}"
            raise NotServed(party=config.party, seconds=seconds, why=why, log=folder / "serve.log")
        try:
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise NotServed(party=config.party, seconds=seconds, why="it is silent", log=folder / "serve.log")


def run_verb(*arguments: str) -> str:
    """Runs one verb in a process of its own and returns what it printed. Raises StepFailed."""
    command = [sys.executable, "-m", "entente.cli", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)  # noqa: S603 - our own verb
    if done.returncode:
        raise StepFailed(command=" ".join(("entente", *arguments)), code=done.returncode)
    return done.stdout


def wait_until_settled(stage: Stage, seconds: float = 120) -> bool:
    """True once every message of every node has its receipt."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if all(stage.unsettled(party) == 0 for party in stage.nodes):
            return True
        time.sleep(0.3)
    return False


def _create(folder: Path, party: str, ports: Sequence[int], store: str) -> Node:
    """Partners are answered at the first of `ports`, people at the second."""
    url, screens = (f"http://127.0.0.1:{port}" for port in ports[:2])
    config = Config(folder=folder, party=party, domain="demo", store=store, url=url, screens=screens)
    return create_node(config, catalogue())


def _name_officers(node: Node) -> dict[str, PrivateKey]:
    keys = {f"{node.party}/{name}": PrivateKey(os.urandom(SECRET_BYTES)) for name in OFFICERS}
    for officer, key in keys.items():
        add_officer(node, officer, "Liaison officer (simulated)", key)
    return keys


def write_private(file: Path, text: str) -> None:
    """A new file that only its owner reads."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
