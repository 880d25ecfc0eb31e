"""Nodes that live short: each life is a process that is killed at a chosen boundary, or at any moment from outside.

As a program it is the midwife: it has loaded everything once, and forks one served node for each line that it reads, so
that a life begins in a fraction of a second. What it serves with is the node's own server and courier.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from entente.api import application
from entente.cli.house import catalogue
from entente.node import courier, sweeping
from entente.node.serving import Door, serve
from entente.node.work import open_node
from entente.store.postgres.store import PostgresStore
from entente.store.sqlite.store import SqliteStore

NEVER = 0


class Boundary:
    """Counts down what becomes durable, transactions and files; at `left` 0 the process is killed, before the step or
    after it. Below zero it never is."""

    def __init__(self, left: int, *, is_before: bool) -> None:
        self._left, self._is_before = left, is_before
        self._lock = threading.Lock()

    def stand_before_writes(self) -> None:
        """From now on every write transaction and every fsync of this process is a step."""
        for store in (SqliteStore, PostgresStore):
            store.writing = self._transactions(store.writing)  # type: ignore[method-assign]
        setattr(os, "fsync", self._files(os.fsync))  # noqa: B010 - the module's own type has no room for it

    def _transactions(self, writing: Callable[..., Any]) -> Any:
        @contextlib.contextmanager
        def counted(store: Any) -> Iterator[Any]:
            with writing(store) as tx:
                yield tx
                dies = self._step()
                if dies and self._is_before:
                    _die()
            if dies:
                _die()

        return counted

    def _files(self, fsync: Callable[[Any], None]) -> Callable[[Any], None]:
        def counted(descriptor: Any) -> None:
            dies = self._step()
            if dies and self._is_before:
                _die()
            fsync(descriptor)
            if dies:
                _die()

        return counted

    def _step(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def live(folder: str, host: str, port: int, chunk: int, left: int, *, is_before: bool) -> None:
    """Serves the node in `folder` at `port` until the process is told to end, or dies. `chunk` records are offered, and
    messages sent, at a time."""
    courier.CLAIM = chunk
    setattr(sweeping, "PAGE", chunk)  # noqa: B010 - a name that it has from elsewhere
    if left != NEVER:
        Boundary(left, is_before=is_before).stand_before_writes()
    node = open_node(Path(folder), catalogue())
    serve(node, [Door(application(node), f"http://{host}:{port}")])
    node.close()


@dataclass
class Midwife:
    """The parent of all lives, started by the test."""

    process: "subprocess.Popen[str]"

    @classmethod
    @contextlib.contextmanager
    def at_work(cls, *before: str) -> Iterator["Midwife"]:
        """`before` are words that the command begins with, as for another network namespace."""
        command = [*before, sys.executable, __file__]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield cls(process)
            finally:
                process.kill()

    def bear(self, folder: Path, host: str, port: int, chunk: int, left: int = NEVER, *, is_before: bool = True) -> int:
        """The process id of a new life."""
        wanted = {"folder": str(folder), "host": host, "port": port, "chunk": chunk, "left": left}
        told, heard = _pipes(self.process)
        told.write(json.dumps({**wanted, "is_before": is_before}) + "\n")
        told.flush()
        return int(heard.readline())


def _pipes(process: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    return process.stdin, process.stdout


@dataclass
class Life:
    """One node, life after life; `peak_bytes` over all of them."""

    midwife: Midwife
    folder: Path
    host: str
    port: int
    chunk: int
    number: int = 0
    peak_bytes: int = 0
    kills: int = 0
    ends_at: float = field(default=float("inf"))

    def begin(self, left: int = NEVER, *, is_before: bool = True, seconds: float = float("inf")) -> None:
        """Until step `left`, or for `seconds` at most."""
        self.number = self.midwife.bear(self.folder, self.host, self.port, self.chunk, left, is_before=is_before)
        self.ends_at = time.monotonic() + seconds

    def goes_on(self) -> bool:
        """Kills it when its time is over; False once it is dead."""
        if time.monotonic() >= self.ends_at:
            self.kill()
        return self._is_alive()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator stops it: what is under way is finished."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._is_alive()  # looks at its memory for the last time
            os.kill(self.number, how)
        until = time.monotonic() + 30
        while self._is_alive() and time.monotonic() < until:
            time.sleep(0.005)

    def _is_alive(self) -> bool:
        try:
            status = Path(f"/proc/{self.number}/status").read_text("ascii")
        except OSError:
            return False
        peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
        if peak is None:  # a process that is ending has no memory left
            return False
        self.peak_bytes = max(self.peak_bytes, 1024 * int(peak.split()[1]))
        return True


def _bear_on_demand() -> None:
    """Reads what to serve, forks, and says the number of the child; the kernel buries the dead."""
    catalogue()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            _be_born(json.loads(line))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _be_born(wanted: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(Path(wanted["folder"]) / "serve.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        live(**wanted)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it must not go on as a second midwife
        os.write(2, f"{error!r}\n".encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    _bear_on_demand()
