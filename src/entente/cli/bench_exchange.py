"""The run behind `entente bench exchange`: two nodes, each served by a process of its own, and everything between them
as in the field: signed requests and answers, receipts, ledgers on both sides.

This program feeds the giver. All records are simulated, and every one may go: what is measured is the exchange.
"""

import csv
import io
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from entente.cli.bench_processes import Process
from entente.cli.house import catalogue, reader_called
from entente.cli.staging import GIVER, RECEIVER, Stage, build, start, wait_until_answering, wait_until_settled
from entente.errors import OurFault
from entente.node.courier import UNANSWERED
from entente.node.intake import import_table, opened
from entente.node.keeping import keep
from entente.node.work import Node, open_node, utc_now
from entente.records import Reader, Record, Stamp, read
from entente.store import OutboxRow

READER = "cbp-drug-seizures"
KIND = "seizure-total"
FIRST_DECADE = 1000
WATCH_SECONDS = 0.005
"""How often the feeder looks for a receipt; latencies are known as exactly as that."""
_STALLED_SECONDS = 300.0
_HEADER = "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)"


class ExchangeStalled(OurFault):
    """No message was settled for {seconds} seconds, and {waiting} wait. Look at {folder} and report the defect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Singles:
    """Records kept one by one at `asked` a second; `latencies` in seconds from keeping to the receipt, in order of
    size; `cpu_seconds` by process."""

    asked: float
    seconds: float
    latencies: Sequence[float]
    cpu_seconds: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Records per second, up to the last receipt."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """The latency that `share` of the records did not exceed."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """`records` imported, decided, disclosed, delivered and receipted, with `before` in the nodes already;
    `peak_bytes` by process since its start."""

    before: int
    records: int
    seconds: float
    cpu_seconds: Mapping[str, float]
    peak_bytes: Mapping[str, int]

    @property
    def rate(self) -> float:
        return self.records / self.seconds

    @property
    def cpu_per_record(self) -> float:
        """Seconds of all processes together."""
        return sum(self.cpu_seconds.values()) / self.records


@dataclass(slots=True)
class Field:
    """Both nodes served; `node` is the giver's, opened by the feeder beside its server. `schemas` stay in a PostgreSQL
    database when all is over; `fed` counts records."""

    node: Node
    servers: Mapping[str, Process]
    schemas: Sequence[str] = ()
    fed: int = 0

    def cpu_seconds(self) -> dict[str, float]:
        served = {party: process.cpu_seconds() for party, process in self.servers.items()}
        return {"feeder": time.process_time(), **served}

    def last_sent(self) -> int:
        with self.node.store.reading() as tx:
            return tx.position(RECEIVER).sent_seq

    def settled_from(self, seq: int) -> Iterator[OutboxRow]:
        """Messages from `seq` on that have their receipt, up to the first that has none."""
        with self.node.store.reading() as tx:
            for row in tx.outbox(RECEIVER, start=seq):
                if row.state in UNANSWERED:
                    return
                yield row


@contextmanager
def fielded(folder: Path, store: str = "") -> Iterator[Field]:
    """Two nodes under `folder` with an agreement in force, both served; `store` is the address of a PostgreSQL
    database, else each has its SQLite file."""
    stores = _stores(store)
    stage = build(folder, stores=stores)
    processes = {party: start(home) for party, home in stage.nodes.items()}
    try:
        for party, process in processes.items():
            wait_until_answering(stage.nodes[party], process)
        _wait_until_agreed(stage)
        node = open_node(stage.nodes[GIVER], catalogue())
        schemas = [address.rpartition("=")[2] for address in stores.values()]
        yield Field(node, {party: Process(process.pid) for party, process in processes.items()}, schemas)
        node.close()
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(timeout=60)


def singles(field: Field, seconds: float, rate: float) -> Singles:
    """Keeps one record after the other, `rate` of them a second, and watches for their receipts."""
    records = list(_records(field, round(seconds * rate)))
    first = field.last_sent() + 1
    kept_at: list[float] = []
    latencies: list[float] = []
    before, began = field.cpu_seconds(), time.monotonic()
    watcher = threading.Thread(target=_watch, args=(field, first, len(records), kept_at, latencies))
    watcher.start()
    for number, record in enumerate(records):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        kept_at.append(time.monotonic())
        with field.node.writing() as work:
            keep(field.node, work, [record])
    watcher.join()
    if len(latencies) < len(records):
        raise _stalled(field, len(records) - len(latencies))
    spent = _difference(field.cpu_seconds(), before)
    return Singles(asked=rate, seconds=time.monotonic() - began, latencies=sorted(latencies), cpu_seconds=spent)


def transfer(field: Field, records: int) -> Transfer:
    """Imports `records` while both nodes are served, until the last receipt is there."""
    file = field.node.config.folder / f"bench-{field.fed}.csv"
    file.write_bytes(_table(field.fed, records))
    earlier, last = field.fed, field.last_sent() + records
    field.fed += records
    before, began = field.cpu_seconds(), time.monotonic()
    with opened(str(file)) as source:
        import_table(field.node, source, _reader(), "bench", is_simulated=True)
    _wait_until_settled(field, last)
    seconds, spent = time.monotonic() - began, _difference(field.cpu_seconds(), before)
    file.unlink()
    peaks = {party: process.peak_bytes() for party, process in field.servers.items()}
    return Transfer(before=earlier, records=records, seconds=seconds, cpu_seconds=spent, peak_bytes=peaks)


def decades(records: int) -> list[int]:
    """How many records to transfer one after the other, so that their sums are 1,000, 10,000 and so on, `records` at
    last."""
    sums = [0, min(FIRST_DECADE, records)]
    while sums[-1] < records:
        sums.append(min(10 * sums[-1], records))
    return [after - before for before, after in pairwise(sums)]


def bodies(number: int) -> Iterator[Record]:
    """Records as `transfer` moves them."""
    yield from _read(_table(0, number), bytes(32))


def _watch(field: Field, first: int, number: int, kept_at: Sequence[float], latencies: list[float]) -> None:
    """Notes how long each message from `first` on took; gives up when nothing moves any more."""
    moved_at = time.monotonic()
    while len(latencies) < number and time.monotonic() - moved_at < _STALLED_SECONDS:
        settled = sum(1 for _ in field.settled_from(first + len(latencies)))
        now = time.monotonic()
        if settled:
            moved_at = now
            latencies.extend(now - kept_at[len(latencies)] for _ in range(settled))
        time.sleep(WATCH_SECONDS)


def _wait_until_settled(field: Field, last: int) -> None:
    """Returns once message `last` has its receipt; those before it have theirs then. Raises ExchangeStalled."""
    moved_at, worked = time.monotonic(), 0.0
    while time.monotonic() - moved_at < _STALLED_SECONDS:
        with field.node.store.reading() as tx:
            states = tx.outbox_states(RECEIVER, last, last + 1)
        if states and states[0][1] not in UNANSWERED:
            return
        now_worked = field.servers[RECEIVER].cpu_seconds()
        if now_worked > worked + 1:
            moved_at, worked = time.monotonic(), now_worked
        time.sleep(0.1)
    raise _stalled(field, last)


def _stalled(field: Field, waiting: int) -> ExchangeStalled:
    return ExchangeStalled(seconds=_STALLED_SECONDS, waiting=waiting, folder=field.node.config.folder)


def _wait_until_agreed(stage: Stage) -> None:
    """Both nodes hold all signatures: none waits in an outbox."""
    if not wait_until_settled(stage, 120):
        raise ExchangeStalled(seconds=120, waiting=sum(map(stage.unsettled, stage.nodes)), folder=stage.folder)


def _difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}


def _stores(address: str) -> dict[str, str]:
    """Two new schemas in the database at `address`; empty where there is none."""
    if not address:
        return {}
    joint = "&" if urlsplit(address).query else "?"
    run = os.urandom(4).hex()
    return {
        party: f"{address}{joint}schema=entente_bench_{run}_{role}"
        for party, role in ((GIVER, "giver"), (RECEIVER, "receiver"))
    }


def _records(field: Field, number: int) -> Iterator[Record]:
    yield from _read(_table(field.fed, number), field.node.identity.record_secret)
    field.fed += number


def _reader() -> Reader:
    return reader_called(READER)


def _read(table: bytes, secret: bytes) -> Iterator[Record]:
    stamp = Stamp(said_by=GIVER, recorded_at=utc_now(), id_key=secret, is_simulated=True)
    stream = io.BytesIO(table)
    for outcome in read(stream, reader=_reader(), catalogue=catalogue(), stamp=stamp, source="bench", source_digest=""):
        if isinstance(outcome, Record):
            yield outcome


def _table(first: int, rows: int) -> bytes:
    """Invented totals of the northern border, numbered from `first`: each is a record of its own that may go."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_HEADER.split(","))
    for number in range(first, first + rows):
        office = f"SIMULATED OFFICE {number}"
        place = ("Office of Field Operations", "Northern Border", "Other", office)
        writer.writerow((2025, "SEP", *place, "Fentanyl", 1, f"{number % 97}.25"))
    return stream.getvalue().encode("utf-8")
