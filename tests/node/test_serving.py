"""A served node ends well whatever is on its disk, heals what it published, and uses the guarded listener."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn

from entente.errors import EntenteError
from entente.ledger import CHECKPOINT_PATH
from entente.node import serving
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.keyring import our_log_keys
from entente.node.listening import GuardedProtocol
from entente.node.publishing import publish
from entente.node.serving import Door, serve
from entente.node.verifying import verify_files
from entente.node.work import Node
from entente.node.working import run_courier
from entente.workstreams import ALL, build_catalogue


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    config = Config(folder=tmp_path / "node", party="ca.cbsa", domain="demo", store="sqlite:node.sqlite", url=url)
    made = create_node(config, build_catalogue(ALL))
    yield made
    made.close()


def is_intact(node: Node) -> bool:
    return verify_files(node.config.ledger, our_log_keys(node)).is_intact


def eventually(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("damage", [b"", b"entente/ca.cbsa\n1\n", b"\xff\x00"])
def test_a_damaged_checkpoint_does_not_end_a_server_with_an_exception(
    node: Node, damage: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_at_once(_: uvicorn.Server, __: list[socket.socket]) -> None:
        (node.config.ledger / CHECKPOINT_PATH).write_bytes(damage)

    publish(node)
    monkeypatch.setattr(uvicorn.Server, "run", stopped_at_once)
    serve(node, [Door(object(), node.config.url)])
    assert is_intact(node)


def test_nor_does_a_refusal_to_publish(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(EntenteError):
        """No. Stop."""

    def refuse(_: Node, **__: object) -> int:
        raise Refused

    monkeypatch.setattr(uvicorn.Server, "run", lambda *_: None)
    monkeypatch.setattr(serving, "publish", refuse)
    serve(node, [Door(object(), node.config.url)])


def test_a_server_heals_what_was_damaged_before_it_started(node: Node) -> None:
    publish(node)
    (node.config.ledger / "tile" / "entries" / "000.p" / "1").write_bytes(b"")
    stop = threading.Event()
    courier = threading.Thread(target=run_courier, args=(node, stop))
    courier.start()
    try:
        assert eventually(lambda: is_intact(node))
    finally:
        stop.set()
        courier.join(timeout=20)


def test_a_served_node_listens_with_the_guard(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[uvicorn.Config] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, _: used.append(server.config))
    serve(node, [Door(object(), node.config.url)])
    assert [config.http_protocol_class for config in used] == [GuardedProtocol]
    assert [config.ws_protocol_class for config in used] == [None]
    assert GuardedProtocol.header_seconds <= 10
    assert GuardedProtocol.max_per_address <= serving.MAX_CONNECTIONS / 2
