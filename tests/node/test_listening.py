"""Connections that hold a place without asking anything, on real sockets: each ends in time, nobody holds them all."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx
import pytest
import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

from entente.node.listening import GuardedProtocol

HEADER_SECONDS = 1.5
HELD = 5


class Hasty(GuardedProtocol):
    header_seconds = HEADER_SECONDS
    answer_seconds = 2.5
    max_per_address = HELD


async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers /quick at once, and everything else when the body is there."""
    assert scope["type"] == "http"
    while scope["path"] != "/quick" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok", "more_body": False})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(app, http=Hasty, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        yield connection


def seconds_until_closed(connection: socket.socket, *, drip: bytes = b"") -> float:
    """How long the other side leaves the connection open, while `drip` goes out every 50 ms."""
    began = time.monotonic()
    connection.settimeout(0.05)
    while time.monotonic() - began < 8:
        try:
            if not connection.recv(65536):
                break
        except TimeoutError:
            pass
        except OSError:
            break
        if drip:
            try:
                connection.sendall(drip)
            except OSError:
                break
    return time.monotonic() - began


def is_answered(connection: socket.socket) -> bool:
    connection.sendall(b"GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = b""
    while not answer.endswith(b"ok") and (more := connection.recv(65536)):
        answer += more
    return answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"ok")


def alive(port: int) -> bool:
    return httpx.get(f"http://127.0.0.1:{port}/quick", trust_env=False).text == "ok"


def test_who_says_nothing_is_cut_off(port: int) -> None:
    with connected(port) as connection:
        assert HEADER_SECONDS * 0.8 < seconds_until_closed(connection) < 5


def test_a_header_that_drips_is_cut_off_all_the_same(port: int) -> None:
    with connected(port, b"GET /quick HTTP/1.1\r\nHost: x\r\nX-Slow: ") as connection:
        assert seconds_until_closed(connection, drip=b"a") < 5


def test_so_is_the_second_header_on_a_connection(port: int) -> None:
    with connected(port, b"GET /quick HTTP/1.1\r\nHost: x\r\n\r\nGET /quick HTTP/1.1\r\nX-Slow: ") as connection:
        assert seconds_until_closed(connection, drip=b"a") < 5


def test_and_a_body_that_drips_on_after_the_answer(port: int) -> None:
    with connected(port, b"POST /quick HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n") as connection:
        assert seconds_until_closed(connection, drip=b"a") < 5


def test_and_one_that_never_ends(port: int) -> None:
    with connected(port, b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n") as connection:
        assert 2.0 < seconds_until_closed(connection, drip=b"a") < 7


def test_who_asks_within_the_time_keeps_the_connection(port: int) -> None:
    with connected(port) as connection:
        for _ in range(4):
            time.sleep(0.4)
            assert is_answered(connection)


def test_one_address_holds_so_many_and_no_more(port: int) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(connected(port)) for _ in range(HELD)]
        with connected(port) as refused:
            assert seconds_until_closed(refused) < HEADER_SECONDS / 2
        for connection in held:
            seconds_until_closed(connection)
        assert alive(port)  # and the places are free again


def test_others_are_answered_meanwhile(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(HELD):
            stack.enter_context(connected(port))
        with socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0)) as other:
            assert is_answered(other)
