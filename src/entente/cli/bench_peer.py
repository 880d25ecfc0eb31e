"""The peer of `entente bench exchange`: a transfer as it is commonly done, one signed request for each record.

Every record is canonicalised by `rfc8785` where that package is installed, posted with an RFC 9421 signature and an RFC
9530 digest by `http-message-signatures`, verified by a server of its own process, canonicalised again, compared, and
committed to SQLite before the answer. It decides nothing, keeps no ledger and gives no receipt.
"""

import asyncio
import base64
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from entente.cli.bench_processes import Process
from entente.errors import Unavailable
from entente.exchange import HttpRequest, sign_request, verify_request
from entente.node.work import utc_now
from entente.signing import PrivateKey, PublicKey, canonical

_PATH = "/records"
_START_SECONDS = 30.0


class PeerSilent(Unavailable):
    """The peer of the benchmark did not start within {seconds} seconds. Run it again."""


class PeerRefuses(Unavailable):
    """The peer of the benchmark answered with {status}. Run it again, and report the defect if it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRun:
    """`records` in `seconds`; `cpu_seconds` of the sending and the receiving process."""

    records: int
    seconds: float
    cpu_seconds: Mapping[str, float]

    @property
    def rate(self) -> float:
        return self.records / self.seconds

    @property
    def cpu_per_record(self) -> float:
        return sum(self.cpu_seconds.values()) / self.records


def named() -> str:
    """The packages of the peer, with their versions."""
    return f"{_canonicaliser()[0]}, http-message-signatures {version('http-message-signatures')}"


def measure(records: Sequence[Mapping[str, Any]], folder: Path) -> PeerRun:
    """Posts each of `records`. Raises PeerSilent, PeerRefuses."""
    key, canonicalise = PrivateKey(os.urandom(32)), _canonicaliser()[1]
    with socket.create_server(("127.0.0.1", 0)) as listener, _served(listener, key.public, folder) as server:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{_PATH}"
        with httpx.Client(trust_env=False, timeout=30) as client:
            _wait_until_answering(client, url)
            theirs, ours, began = server.cpu_seconds(), time.process_time(), time.monotonic()
            for record in records:
                _post(client, url, canonicalise(record), key)
            seconds = time.monotonic() - began
        spent = {"sender": time.process_time() - ours, "receiver": server.cpu_seconds() - theirs}
    return PeerRun(records=len(records), seconds=seconds, cpu_seconds=spent)


def _post(client: httpx.Client, url: str, body: bytes, key: PrivateKey) -> None:
    nonce = base64.urlsafe_b64encode(os.urandom(16)).decode("ascii")
    signed = sign_request(method="POST", url=url, body=body, key=key, created=utc_now(), nonce=nonce)
    status = client.post(url, content=body, headers=dict(signed.headers)).status_code
    if status != httpx.codes.OK:
        raise PeerRefuses(status=status)


def _canonicaliser() -> tuple[str, Callable[[Any], bytes]]:
    """RFC 8785 by the package of that name, else by our own."""
    try:
        import rfc8785
    except ModuleNotFoundError:
        return "entente's own canonical JSON", canonical
    return f"rfc8785 {version('rfc8785')}", rfc8785.dumps


@contextmanager
def _served(listener: socket.socket, key: PublicKey, folder: Path) -> Any:
    command = [sys.executable, "-m", "entente.cli.bench_peer", str(listener.fileno()), key.to_text(), str(folder)]
    process = subprocess.Popen(command, pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        yield Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_answering(client: httpx.Client, url: str) -> None:
    """The socket listens already: the first answer comes once the program behind it runs."""
    try:
        client.get(url, timeout=_START_SECONDS)
    except httpx.HTTPError:
        raise PeerSilent(seconds=int(_START_SECONDS)) from None


class _Receiver:
    """An ASGI application: verifies, compares, commits, answers."""

    def __init__(self, url: str, key: PublicKey, file: Path) -> None:
        self._url, self._key = url, key
        self._canonicalise = _canonicaliser()[1]
        self._nonces: set[str] = set()
        self._rows = sqlite3.connect(file, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=FULL")
        self._rows.execute("CREATE TABLE record (number INTEGER PRIMARY KEY, body BLOB)")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status = self._taken(scope, await _body(receive)) if scope["method"] == "POST" else 405
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    def _taken(self, scope: Any, body: bytes) -> int:
        lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        request = HttpRequest(method="POST", url=self._url, headers=lines, body=body)
        verify_request(request, key_of=lambda _: self._key, now=utc_now(), is_new_nonce=self._is_new)
        if self._canonicalise(json.loads(body)) != body:
            return 400
        self._rows.execute("INSERT INTO record (body) VALUES (?)", (body,))
        return 200

    def _is_new(self, _: str, nonce: str) -> bool:
        is_new = nonce not in self._nonces
        self._nonces.add(nonce)
        return is_new


async def _body(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _serve(descriptor: int, key: PublicKey, folder: Path) -> None:
    import uvicorn

    listener = socket.socket(fileno=descriptor)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}{_PATH}"
    app = _Receiver(url, key, folder / "peer.sqlite")
    config = uvicorn.Config(app, ws="none", lifespan="off", log_level="warning", access_log=False)
    asyncio.run(uvicorn.Server(config).serve([listener]))


if __name__ == "__main__":
    _serve(int(sys.argv[1]), PublicKey.from_text(sys.argv[2]), Path(sys.argv[3]))
