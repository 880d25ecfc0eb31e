"""What a served node does by itself: regular work when it is this process's turn, messages and files always.

Several processes may serve one node where its database is PostgreSQL. One of them has the turn, noted in the database
for a few seconds and renewed; when it dies, the next one takes over. Deliveries have leases of their own (courier).
"""

import logging
import math
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from entente.errors import EntenteError
from entente.node.courier import Courier, Delivered, make_due
from entente.node.jobs import JOBS, Job
from entente.node.listing import relist
from entente.node.publishing import publish
from entente.node.work import Node
from entente.store import JobRow, TurnRow

log = logging.getLogger("entente")
TICK_SECONDS = 0.3
PUBLISH_AGAIN_SECONDS = 10.0  # what was refused may have read the whole ledger
TURN = timedelta(seconds=15)
RENEW_SECONDS = 5.0
NOTED_SECONDS = 60.0
"""Of jobs that run more often than this only what changes is noted: not each tick is worth a write."""
REGULAR = "regular-work"
PUBLISH, DELIVER = "publish", "deliver"


def run_courier(node: Node, stop: threading.Event, *, is_alone: bool = True) -> None:
    """Sweeps, delivers and publishes until `stop`; a fault is logged and tried again, never fatal.

    `is_alone`: no other process serves this node, so whatever somebody had in hand is nobody's any more.
    """
    working = Working(node, is_alone=is_alone)
    working.start()
    try:
        while not stop.is_set():
            working.tick()
            stop.wait(TICK_SECONDS)
    finally:
        working.close()


class Working:
    """The work of one process."""

    def __init__(self, node: Node, *, is_alone: bool) -> None:
        self._node, self._is_alone = node, is_alone
        self._courier = Courier(node)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._due_at = dict.fromkeys((job.name for job in JOBS), 0.0)
        self._publish_at, self._every_file = 0.0, True
        self._has_turn, self._renew_at = False, 0.0
        self._said: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        self._failures: dict[str, int] = {}

    def start(self) -> None:
        """What another courier has in hand is left to it; where there is none, nobody has anything in hand."""
        if self._is_alone:
            self._try("make due", lambda: make_due(self._node))
        self._try("list", lambda: relist(self._node))

    def tick(self) -> None:
        """Everything that is due, once."""
        for job in JOBS:
            if time.monotonic() >= self._due_at[job.name] and self._is_our_turn():
                self._do(job)
        self._try(DELIVER, lambda: self._tell_faults(self._courier.deliver_all()))
        if time.monotonic() >= self._publish_at:
            is_published = self._noted(PUBLISH, partial(publish, self._node, every_file=self._every_file), 0.0)
            self._every_file = self._every_file and not is_published
            self._publish_at = time.monotonic() + (0 if is_published else PUBLISH_AGAIN_SECONDS)

    def close(self) -> None:
        self._courier.close()

    def _is_our_turn(self) -> bool:
        """Renews the turn when it is time to; what the database cannot tell is not ours."""
        if time.monotonic() >= self._renew_at:
            had = self._has_turn
            self._has_turn = self._try("turn", self._take_turn) and self._has_turn
            self._renew_at = time.monotonic() + RENEW_SECONDS
            if self._has_turn and not had and not self._is_alone:
                self._try("turn", self._follow_others)
        return self._has_turn

    def _take_turn(self) -> None:
        now = self._node.clock()
        row = TurnRow(name=REGULAR, worker=self._name, until=now + TURN)
        with self._node.store.writing() as tx:
            self._has_turn = tx.take_turn(row, now, by_force=self._is_alone and self._renew_at == 0.0)

    def _follow_others(self) -> None:
        """INVARIANT: what another process did within its interval is not done again because the turn changed."""
        seconds = {job.name: job.seconds for job in JOBS}
        with self._node.store.reading() as tx:
            rows = [row for row in tx.jobs() if row.due_at is not None and row.name in seconds]
        for row in rows:
            rest = ((row.due_at or row.ended_at) - self._node.clock()).total_seconds()
            self._due_at[row.name] = time.monotonic() + min(max(rest, 0.0), seconds[row.name])

    def _do(self, job: Job) -> None:
        self._noted(job.name, partial(job.run, self._node), job.seconds)
        self._due_at[job.name] = time.monotonic() + job.seconds

    def _noted(self, name: str, act: Callable[[], object], seconds: float) -> bool:
        """Whether it went well; how it went is kept for people and for machines that watch."""
        began, before = self._node.clock(), self._faults.get(name, "")
        is_good = self._try(name, act)
        self._failures[name] = 0 if is_good else self._failures.get(name, 0) + 1
        if seconds >= NOTED_SECONDS or self._faults[name] != before:
            self._try("note", lambda: self._note(name, began, seconds))
        return is_good

    def _note(self, name: str, began: datetime, seconds: float) -> None:
        now = self._node.clock()
        row = JobRow(
            name=name,
            started_at=began,
            ended_at=now,
            due_at=now + timedelta(seconds=seconds) if math.isfinite(seconds) else None,
            fault=self._faults[name],
            failures=self._failures[name],
        )
        with self._node.store.writing() as tx:
            tx.put_job(row)

    def _try(self, step: str, act: Callable[[], object]) -> bool:
        """Whether it went well.

        INVARIANT: nothing that goes wrong here ends the courier, or the node would answer but never deliver.
        """
        try:
            act()
        except EntenteError as error:
            self._tell(step, str(error))
            self._faults[step] = type(error).__name__
        except Exception as error:  # noqa: BLE001 - a defect in one step; the log has its traceback
            self._tell(step, repr(error), is_defect=True)
            self._faults[step] = type(error).__name__
        else:
            self._tell(step, "")
            self._faults[step] = ""
        return not self._faults[step]

    def _tell_faults(self, done: Sequence[Delivered]) -> None:
        for one in done:
            self._tell(one.party, str(one.fault or ""))

    def _tell(self, about: str, text: str, *, is_defect: bool = False) -> None:
        """Logs `text` when it is news: a fault that lasts would fill the log."""
        if text and self._said.get(about) != text:
            log.warning("%s: %s", about, text, exc_info=is_defect)
        self._said[about] = text
