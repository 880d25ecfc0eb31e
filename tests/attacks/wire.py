"""The line between two nodes, as bad as a test wants it: requests are lost, cut, repeated, answered to nobody, or come
late and so behind newer ones.

It stands at the address that partners know of a node, and hands on to where the node really listens.
"""

import asyncio
import contextlib
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from queue import Queue
from types import MappingProxyType

GOOD = "good"
ROUGH: Mapping[str, float] = MappingProxyType(
    {
        GOOD: 0.6,
        "lost": 0.05,
        "cut": 0.06,
        "repeated": 0.07,
        "unanswered": 0.06,
        "half answered": 0.06,
        "late": 0.05,
        "slow": 0.05,
    }
)
"""What becomes of a request, and how often."""
_MOST = 16 * 1024 * 1024


@dataclass
class Wire:
    """From `listener` to `target`. `faults` may be changed at any time; `seen` counts what was done. Extra `seconds` of
    way in each direction; while `is_open` is false nobody gets through, and nobody is told."""

    listener: socket.socket
    target: tuple[str, int]
    chance: random.Random
    faults: Mapping[str, float] = field(default_factory=lambda: {GOOD: 1.0})
    seconds: float = 0.0
    is_open: bool = True
    answers_pass: bool = True
    seen: Counter[str] = field(default_factory=Counter)
    _late: set["asyncio.Task[None]"] = field(default_factory=set)

    @contextlib.contextmanager
    def working(self) -> Iterator["Wire"]:
        started: Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Queue()
        thread = threading.Thread(target=lambda: asyncio.run(self._stand(started)))
        thread.start()
        loop, end = started.get()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(end.set)
            thread.join()

    async def _stand(self, started: "Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event]]") -> None:
        end = asyncio.Event()
        server = await asyncio.start_server(self._serve, sock=self.listener)
        started.put((asyncio.get_running_loop(), end))
        await end.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _message(reader):
                answer = await self._carry(request)
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):  # gone, or the test is over
            return
        finally:
            writer.close()

    async def _carry(self, request: bytes) -> bytes:
        """What goes back to the sender; nothing: the connection ends."""
        fault = self.chance.choices([*self.faults], weights=[*self.faults.values()])[0]
        self.seen[fault] += 1
        await self._pass()
        if fault == "lost":
            return b""
        if fault == "cut":
            await self._ask(request[: self.chance.randrange(1, len(request))], waits=False)
            return b""
        if fault == "late":
            task = asyncio.create_task(self._ask_later(request))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            return b""
        if fault == "slow":
            await asyncio.sleep(self.chance.uniform(0.05, 0.4))
        answers = [await self._ask(request)]
        if fault == "repeated":
            answers.append(await self._ask(request))
        answer = self.chance.choice(answers)
        await self._pass(is_back=True)
        if fault == "unanswered":
            return b""
        return answer[: self.chance.randrange(1, len(answer))] if fault == "half answered" and answer else answer

    async def _pass(self, *, is_back: bool = False) -> None:
        """The way itself; where it is cut, nothing is heard until it is mended."""
        await asyncio.sleep(self.seconds)
        while not self.is_open or (is_back and not self.answers_pass):
            await asyncio.sleep(0.02)

    async def _ask_later(self, request: bytes) -> None:
        await asyncio.sleep(self.chance.uniform(0.3, 3))
        await self._ask(request)

    async def _ask(self, request: bytes, *, waits: bool = True) -> bytes:
        """The whole answer of the node; nothing where there is none."""
        try:
            reader, writer = await asyncio.open_connection(*self.target, limit=_MOST)
        except OSError:
            return b""
        try:
            writer.write(request)
            await writer.drain()
            return await _message(reader) if waits else b""
        except (OSError, asyncio.IncompleteReadError):
            return b""
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request or an answer, head and body; nothing at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = await reader.readline()
        if not line:
            return b""
        head += line
    names = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    return head + await reader.readexactly(int(names.get(b"content-length", b"0")))
