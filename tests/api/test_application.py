"""The door to the outside: whatever knocks, the answer is a short problem, memory is bounded and nothing is told."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from entente.api import application
from entente.cli.house import catalogue
from entente.exchange import MAX_BATCH_BYTES
from entente.node.announcing import announce, given_out
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.work import Node
from story.world import answering

MESSAGES = "/exchange/v1/messages"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        folder = tmp_path_factory.mktemp("api")
        made = create_node(
            Config(folder=folder, party="ca.cbsa", domain="demo", store="sqlite:node.sqlite", url=url), catalogue()
        )
        announce(made)
        (folder / "secret").write_text("do not serve", "utf-8")
        with closing(made) as node, answering(application(node, body_seconds=1), listener):
            yield node


@pytest.fixture
def url(served: Node) -> str:
    return served.config.url


def problem(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return str(answer.json()["type"]).removeprefix("urn:entente:problem:")


def test_it_is_alive_and_ready(url: str) -> None:
    assert httpx.get(url + "/healthz").json() == {"status": "alive"}
    assert httpx.get(url + "/readyz").json() == {"status": "ready"}


def test_a_node_without_its_store_is_alive_but_not_ready(served: Node) -> None:
    lost = create_node(
        replace(served.config, folder=served.config.folder / "lost", url="http://127.0.0.1:1"), catalogue()
    )
    lost.store.close()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener, answering(application(lost), listener):
        there = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert httpx.get(there + "/healthz").status_code == 200
        answer = httpx.get(there + "/readyz")
        assert (answer.status_code, problem(answer)) == (503, "unavailable")
        assert "sqlite" not in answer.text


def test_anybody_reads_the_announced_checkpoint_and_no_more(url: str, served: Node) -> None:
    note = httpx.get(url + "/ledger/checkpoint")
    assert note.status_code == 200
    assert note.text.startswith("entente/ca.cbsa\n1\n")
    tile = "tile/0/000.p/1"
    assert httpx.get(f"{url}/ledger/{tile}").status_code == 404
    assert given_out(replace(served, config=replace(served.config, publish_ledger="all")), tile)
    newest = httpx.get(url + "/exchange/v1/checkpoint")
    assert (newest.text, newest.headers["content-type"]) == (note.text, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "../node.toml",
        "..%2fnode.toml",
        "%2e%2e/%2e%2e/node.toml",
        "tile/../../node.toml",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "../secret",
        "..\\secret",
        "checkpoint%00",
        "%00",
        "checkpoint/",
        "tile/0/000.p/1/../../../../../secret",
        "tile/0/999",
        "tile",
        "tile/entries",
        "x" * 5000,
        "",
        "%ff%fe",
    ],
)
def test_nothing_else_of_the_disk_is_served(url: str, path: str) -> None:
    with socket.create_connection((urlsplit(url).hostname or "", urlsplit(url).port or 0)) as connection:
        connection.sendall(f"GET /ledger/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b" ", 2)[1] in {b"404", b"400"}, answer[:200]
    assert b"party" not in answer
    assert b"do not serve" not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/exchange/v1/other", "/exchange/v1/messages/", "/node.toml"])
def test_there_is_nothing_at_other_addresses(url: str, path: str) -> None:
    assert problem(httpx.get(url + path, follow_redirects=True)) in {"not-found", "method-not-allowed"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_messages_are_posted_and_nothing_else(url: str, method: str) -> None:
    answer = httpx.request(method, url + MESSAGES)
    assert (answer.status_code, problem(answer)) == (405, "method-not-allowed")


@pytest.mark.parametrize("path", [MESSAGES, "/exchange/v1/reconciliation"])
@pytest.mark.parametrize("body", [b"", b"{}", b"\x00" * 1000, b"[" * 100_000])
def test_what_is_not_signed_is_not_read(url: str, path: str, body: bytes) -> None:
    answer = httpx.post(url + path, content=body)
    assert (answer.status_code, problem(answer)) == (401, "no-signature")
    assert "Traceback" not in answer.text


def test_a_body_beyond_the_limit_is_cut_off(url: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(2 * MAX_BATCH_BYTES // 65536):
            yield b"x" * 65536

    try:
        answer = httpx.post(url + MESSAGES, content=endless())
    except httpx.TransportError:
        return  # it was cut off while it was still talking
    assert (answer.status_code, problem(answer)) == (413, "batch-too-large")


def test_a_body_just_within_the_limit_is_read(url: str) -> None:
    assert httpx.post(url + MESSAGES, content=b"x" * MAX_BATCH_BYTES).status_code == 401


def test_who_dawdles_is_told_to_come_again(url: str) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(f"POST {MESSAGES} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode())
        began = time.monotonic()
        answer = connection.recv(65536)
    assert b" 408 " in answer.splitlines()[0]
    assert time.monotonic() - began < 10


def test_who_hangs_up_leaves_no_trace(url: str, caplog: pytest.LogCaptureFixture) -> None:
    parts = urlsplit(url)
    for sent in (b"", b"POST", f"POST {MESSAGES} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode()):
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
            connection.sendall(sent)
    time.sleep(0.3)
    assert httpx.get(url + "/healthz").status_code == 200
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00", b"GET / HTTP/9\r\n\r\n", b"\r\n" * 10 + b"x y z\r\n\r\n"])
def test_who_speaks_another_language_is_turned_away(url: str, garbage: bytes) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert b" 200 " not in answer
    assert httpx.get(url + "/healthz").status_code == 200


def test_the_openapi_document_names_every_endpoint(url: str) -> None:
    document = httpx.get(url + "/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) == {
        "/exchange/v1/messages",
        "/exchange/v1/reconciliation",
        "/exchange/v1/witness",
        "/exchange/v1/checkpoint",
        "/ledger/{path}",
        "/healthz",
        "/readyz",
    }
    assert all(operation["summary"] for path in document["paths"].values() for operation in path.values())


def test_it_does_not_say_what_it_runs_on(url: str, tmp_path: Path) -> None:
    for path in ("/healthz", "/none"):
        answer = httpx.get(url + path)
        assert "python" not in str(answer.headers).lower()
