"""Connections of a served node: who says nothing, or too slowly, is cut off, and nobody holds most of them.

uvicorn waits for a request for ever, and a connection that waits counts against all others.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


class GuardedProtocol(H11Protocol):
    """HTTP/1.1 with a deadline for every stage of a connection.

    INVARIANT: a deadline runs from the first moment to the last. Bytes that come in do not put it off, only a whole
    header or a whole answer does.
    """

    header_seconds: ClassVar[float] = 10.0  # for a whole header, counted from the connection or the last answer
    answer_seconds: ClassVar[float] = 120.0  # for body and answer; partners give up after 30 and come again
    max_per_address: ClassVar[int] = 50

    _stage: tuple[RequestResponseCycle | None, bool] | None = None
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        if self._held_by_address() > self.max_per_address:
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _held_by_address(self) -> int:
        """Connections from the address of this one, this one included."""
        address = self.client and self.client[0]
        clients = (getattr(other, "client", None) for other in self.connections)
        return sum(1 for client in clients if client and client[0] == address)

    def _seconds_to_answer(self) -> float:
        return self.answer_seconds

    def _watch(self) -> None:
        """Sets a new deadline when the connection has come to another stage."""
        is_waiting = self.cycle is None or self.cycle.response_complete
        if self._stage == (self.cycle, is_waiting):
            return
        self._stage = (self.cycle, is_waiting)
        if self._deadline:
            self._deadline.cancel()
        seconds = self.header_seconds if is_waiting else self._seconds_to_answer()
        # Not close(): that would wait for a peer that does not read.
        self._deadline = self.loop.call_later(seconds, self.transport.abort)


class PatientProtocol(GuardedProtocol):
    """For people, whose files take as long as their line needs; whoever asks for another path than one of `patient` is
    held to the deadlines of all."""

    patient: ClassVar[tuple[str, ...]] = ()
    file_seconds: ClassVar[float] = 1800.0

    def _seconds_to_answer(self) -> float:
        is_file = self.cycle is not None and self.cycle.scope["path"].startswith(self.patient)
        return self.file_seconds if is_file else self.answer_seconds


def patient_protocol(paths: tuple[str, ...]) -> type[PatientProtocol]:
    """Patient with whoever asks for a path that begins with one of `paths`."""
    return type("_Patient", (PatientProtocol,), {"patient": paths})
