"""Two nodes in one process with real HTTP between them, all bytes on the wire recorded; and verbs called in process."""

import io
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn

from entente.api import application
from entente.cli.house import catalogue
from entente.cli.program import main
from entente.cli.staging import CREDENTIALS
from entente.node.agreeing import add_agreement, sign
from entente.node.config import read_config, write_config
from entente.node.courier import Courier, Delivered
from entente.node.reconciling import Comparison, reconcile_all
from entente.node.sweeping import sweep
from entente.node.work import Node, open_node, utc_now
from entente.signing import PrivateKey, digest

CBP, CBSA = "us.cbp", "ca.cbsa"
App = Callable[..., Any]


@dataclass(frozen=True)
class Ran:
    """What a verb printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def entente(*arguments: object) -> Ran:
    """Runs one verb in this process."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    return Ran(code, out.getvalue(), err.getvalue())


@dataclass
class World:
    """`nodes` by party, each answering on its own port; `wire` holds all bytes that were sent between them."""

    folder: Path
    nodes: dict[str, Node]
    wire: bytearray = field(default_factory=bytearray)

    def home(self, party: str) -> Path:
        return self.nodes[party].config.folder

    def run(self, party: str, *arguments: object) -> Ran:
        """A verb at the node of `party`; --node stands last."""
        return entente(*arguments, "--node", self.home(party))

    def import_file(self, party: str, name: str, data: bytes, *options: object) -> Ran:
        file = self.folder / name
        file.write_bytes(data)
        return self.run(party, "import", file, "--simulated", "--json", *options)

    def deliver(self, party: str) -> list[Delivered]:
        """What the served node does on every tick, once."""
        node = self.nodes[party]
        sweep(node)
        courier = Courier(node)
        try:
            return courier.deliver_all()
        finally:
            courier.close()

    def settle(self) -> None:
        """Every node delivers until nothing more is due; nobody may complain."""
        moved = -1
        while moved:
            done = [one for party in self.nodes for one in self.deliver(party)]
            assert [one.fault for one in done if one.fault] == []
            moved = sum(one.settled for one in done)

    def key_of(self, officer: str) -> PrivateKey:
        """The key that an officer of the stage signs with."""
        keys: dict[str, str] = json.loads((self.folder / CREDENTIALS).read_text("utf-8"))
        return PrivateKey.from_text(keys[officer])

    def sign(self, text: str, *parties: str) -> None:
        """Two officers of each of `parties` sign the agreement `text` (name or digest), and everybody hears of it."""
        for party in parties:
            for officer in (f"{party}/liaison-1", f"{party}/liaison-2"):
                sign(self.nodes[party], text, officer, self.key_of(officer))
            self.settle()

    def agree(self, text: bytes, *parties: str) -> None:
        """The first of `parties` proposes `text`, and all of them sign it."""
        add_agreement(self.nodes[parties[0]], text)
        self.settle()
        self.sign(digest(text), *parties)

    def reconcile(self, party: str) -> list[Comparison]:
        return reconcile_all(self.nodes[party])

    def database(self, party: str) -> bytes:
        """All bytes of the SQLite files of `party`."""
        return b"".join(file.read_bytes() for file in sorted(self.home(party).glob("node.sqlite*")))

    def entries(self, party: str, type_: str) -> list[dict[str, Any]]:
        """Facts of the ledger entries of one type, oldest first."""
        shown = self.run(party, "ledger", "show", "--limit", "1000", "--json").json
        return [{**entry["facts"], "subject": entry["subject"]} for entry in shown if entry["type"] == type_]


class _Recorder:
    """Writes down every byte of requests and responses on their way to and from the application."""

    def __init__(self, app: App, wire: bytearray) -> None:
        self._app, self._wire = app, wire

    async def __call__(self, scope: Any, receive: App, send: App) -> None:
        self._note(scope)

        async def received() -> Any:
            return self._note(await receive())

        async def sending(message: Any) -> None:
            await send(self._note(message))

        await self._app(scope, received, sending)

    def _note(self, message: Any) -> Any:
        self._wire += str(message.get("path", "")).encode() + message.get("body", b"")
        for name, value in message.get("headers", ()):
            self._wire += name + b": " + value + b"\n"
        return message


@contextmanager
def answering(app: App, listener: socket.socket) -> Iterator[None]:
    """`app` on a real HTTP server in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="auto", ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(timeout=10)


@contextmanager
def world_of(
    template: Path, folder: Path, homes: Sequence[str] = ("cbsa", "cbp"), clock: Callable[[], datetime] = utc_now
) -> Iterator[World]:
    """A copy of the stage in `template`, at new addresses, answering."""
    shutil.copytree(template, folder)
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in homes]
    for home, listener in zip(homes, listeners, strict=True):
        _move_in(folder / home, f"http://127.0.0.1:{listener.getsockname()[1]}")
    nodes = {node.party: node for node in (open_node(folder / home, catalogue(), clock) for home in homes)}
    world = World(folder, nodes)
    for node in nodes.values():
        for party, other in nodes.items():
            tell_address(node, party, other.config.url)
    with ExitStack() as stack:
        for node, listener in zip(nodes.values(), listeners, strict=True):
            stack.enter_context(closing(node))
            stack.enter_context(closing(listener))
            stack.enter_context(answering(_Recorder(application(node, body_seconds=2), world.wire), listener))
        yield world


def _move_in(home: Path, url: str) -> None:
    write_config(replace(read_config(home), url=url))


def tell_address(node: Node, party: str, url: str) -> None:
    """As if the partner's card had been renewed with another address."""
    with node.store.writing() as tx:
        for known in tx.partners():
            if known.party == party:
                tx.put_partner(replace(known, url=url))
