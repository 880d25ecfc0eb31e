"""Advisories by e-mail: off unless a server is named, over a real one, and never in the open off this machine."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from entente.node import advisory_files
from story.advisory_given import CANARIES, agency


@dataclass
class Post:
    """A mail server on this machine: where it answers, and what it was given as (sender, receiver, message)."""

    port: int = 0
    got: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender = receiver = ""
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"MAIL":
                sender = _address(line)
            elif word == b"RCPT":
                receiver = _address(line)
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                self.got.append((sender, receiver, (await reader.readuntil(b"\r\n.\r\n"))[:-3]))
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                break
        await writer.drain()
        writer.close()


def _address(line: bytes) -> str:
    return line.decode().partition("<")[2].partition(">")[0]


@contextmanager
def post() -> Iterator[Post]:
    found, ready, over = Post(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        server = await asyncio.start_server(found.talk, "127.0.0.1", 0)
        found.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()
        await server.wait_closed()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()


def test_it_arrives_and_is_recorded_as_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"smtp_host": "127.0.0.1", "smtp_from": "liaison@example.gov"}
    with post() as server, agency(tmp_path, monkeypatch, smtp_port=server.port, **told) as given:
        given.make(given.sample())
        given.did("advisory", "mail", "ca.industry-1")
        assert given.listed()[0]["state"] == "handed-over"
        assert given.run("advisory", "mail", "ca.industry-1").code == 3
    ((sender, receiver, data),) = server.got
    assert (sender, receiver) == ("liaison@example.gov", "safety@example.org")
    mail = message_from_bytes(data, policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Suspected substance: Fentanyl" in body.get_content()
    assert "entanyl" not in mail["Subject"]
    assert not [one for one in CANARIES if one.encode() in data]


def test_nothing_is_sent_where_no_server_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with agency(tmp_path, monkeypatch) as given:
        given.make(given.sample())
        ran = given.run("advisory", "mail", "ca.industry-1")
        assert "sends no e-mail" in ran.err
        assert given.listed()[0]["state"] == "queued"


def test_off_this_machine_nothing_travels_without_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the server, which offers no TLS, stood elsewhere."""
    monkeypatch.setattr(advisory_files, "is_loopback", lambda host: False)
    told = {"smtp_host": "127.0.0.1", "smtp_from": "liaison@example.gov"}
    with post() as server, agency(tmp_path, monkeypatch, smtp_port=server.port, **told) as given:
        given.make(given.sample())
        assert given.run("advisory", "mail", "ca.industry-1").code not in (0, 1)
        assert given.listed()[0]["state"] == "sent"
    assert server.got == []
