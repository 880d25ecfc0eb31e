"""Both nodes are killed hundreds of times while one discloses its records to the other over a rough line: it ends as if
nothing had happened.

A life ends at any moment, or exactly before or after something becomes durable: a transaction or a file of the ledger.
Requests are lost, cut, repeated, answered to nobody, or come late behind newer ones. How many records: in CI RECORDS,
with ENTENTE_KILL_RECORDS=100000 as many as an agency has in years.
"""

import os
import random
import shutil
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from attacks.lives import Life, Midwife
from attacks.wire import GOOD, ROUGH, Wire
from entente.cli.house import catalogue, reader_called
from entente.cli.staging import build
from entente.node.config import read_config, write_config
from entente.node.intake import import_table, opened
from entente.node.keyring import our_log_keys
from entente.node.moving import move_store
from entente.node.reconciling import reconcile_all
from entente.node.verifying import verify_files, verify_store
from entente.node.work import Node, open_node
from entente.store import Transaction
from every.databases import postgres_schema
from story.tables import totals

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

GIVER, RECEIVER = "us.cbp", "ca.cbsa"
RECORDS = int(os.environ.get("ENTENTE_KILL_RECORDS", "12000"))
KILLS = 200
CHUNKS = 400
"""So many pages and batches the disclosure has, undisturbed."""
SEED = int(os.environ.get("ENTENTE_KILL_SEED", "20261123"))
SIGNATURES = 2  # of the giver's officers, which go first
MOST_BYTES = 1_000_000_000
NEARLY_ALL = 0.9
STILL_SECONDS = 60
"""Nothing may stand still for so long: half of a courier's lease, for what a dead one had in hand must not wait for its
end."""

Fixed = tuple[str, int, str, bytes | None]


@dataclass
class Pair:
    """Two nodes in `homes`, which live behind wires; `total` messages are there when all is disclosed."""

    homes: dict[str, Path]
    total: int
    wires: dict[str, Wire]
    lives: dict[str, Life]
    chance: random.Random
    nodes: dict[str, Node]
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return sum(self.ends.values())

    def progress(self) -> float:
        """How much of the disclosure is done: 0 to 1; half of it is offering, half is taking in."""
        with self.nodes[GIVER].store.reading() as tx:
            sent = tx.position(RECEIVER).sent_seq
        with self.nodes[RECEIVER].store.reading() as tx:
            return (sent + tx.position(GIVER).received_seq) / (2 * self.total)

    def begin(self, party: str) -> None:
        """A life of any length; `suffer` cuts it short where more is done than kills are."""
        life = self.lives[party]
        if self.chance.random() < 0.7:
            self.ends["at a boundary"] += 1
            life.begin(self.chance.randrange(1, 200), is_before=self.chance.random() < 0.5, seconds=30)
        else:
            self.ends["at any moment"] += 1
            life.begin(seconds=self.chance.uniform(0.0, 20))

    def suffer(self, kills: int) -> None:
        """Lives until both have died `kills` times together, the last time when nearly all is done: kills keep step
        with the disclosure, however fast the machine is."""
        for party in self.lives:
            self.begin(party)
        looked_at = 0.0
        while self.kills < kills:
            for party, life in self.lives.items():
                if not life.goes_on():
                    life.kills += 1
                    self.begin(party)
            now = time.monotonic()
            if now - looked_at > 0.3:
                looked_at, is_ahead = now, self.progress() > NEARLY_ALL * self.kills / kills
                for life in self.lives.values() if is_ahead else ():
                    life.ends_at = min(life.ends_at, now + self.chance.uniform(0, 0.5))
            time.sleep(0.01)
        for life in self.lives.values():
            life.kill()

    def recover(self, seconds: float) -> None:
        """Both live on, over a good line, until the last receipt is there."""
        for wire in self.wires.values():
            wire.faults = {GOOD: 1.0}
        for life in self.lives.values():
            life.begin()
        until, moved_at, before = time.monotonic() + seconds, time.monotonic(), -1.0
        while not self.is_settled():
            now, done = time.monotonic(), self.progress()
            if done > before:
                moved_at, before = now, done
            assert now < until, f"not settled within {seconds} s: {done:.3f} done"
            assert now - moved_at < STILL_SECONDS, f"nothing moves at {done:.3f}: {self.logs()}"
            assert all(life.goes_on() for life in self.lives.values()), self.logs()
            time.sleep(0.2)

    def is_settled(self) -> bool:
        """Every record was offered, and the last message of both has its receipt: none is settled before another."""
        with self.nodes[GIVER].store.reading() as tx:
            if tx.position(RECEIVER).sent_seq < self.total:
                return False
        return all(self._has_receipts(party) for party in self.nodes)

    def _has_receipts(self, party: str) -> bool:
        other = RECEIVER if party == GIVER else GIVER
        with self.nodes[party].store.reading() as tx:
            last = tx.position(other).sent_seq
            return [state for _, state, _ in tx.outbox_states(other, last, last + 1)] == ["accepted"]

    def logs(self) -> str:
        return "\n".join((home / "serve.log").read_text("utf-8")[-1500:] for home in self.homes.values())


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_kills_everywhere_end_like_an_undisturbed_disclosure(engine: str, tmp_path: Path) -> None:
    disclose_and_compare(engine, tmp_path, RECORDS, KILLS, seconds=1800)


def test_a_few_kills_end_like_an_undisturbed_disclosure(tmp_path: Path) -> None:
    disclose_and_compare("sqlite", tmp_path, 1200, 16, seconds=600)


def disclose_and_compare(engine: str, folder: Path, records: int, kills: int, seconds: float) -> None:
    began = time.monotonic()
    kept = keep_records(folder / "kept", records)
    chunk = max(4, records // (CHUNKS * kills // KILLS))
    with Midwife.at_work() as midwife, ExitStack() as stack:
        with pair_of(kept, folder / "quiet", midwife, chunk, records) as quiet:
            quiet.recover(seconds)
            wanted = seen(quiet)
        quiet_s = time.monotonic()
        stores = {p: stack.enter_context(postgres_schema()) for p in (GIVER, RECEIVER)} if engine == "postgres" else {}
        with pair_of(kept, folder / "killed", midwife, chunk, records, stores) as pair:
            for wire in pair.wires.values():
                wire.faults = ROUGH
            pair.suffer(kills)
            at = pair.progress()
            killed_s = time.monotonic()
            pair.recover(seconds)
            found = seen(pair)
            settled_s = time.monotonic()
            compared = [one.differences for node in pair.nodes.values() for one in reconcile_all(node)]
            for life in pair.lives.values():
                life.stop()
            check_ledgers(pair)
            peaks = {party: life.peak_bytes for party, life in pair.lives.items()}
            sys.stdout.write(
                f"\n{engine}, seed {SEED}: {records} records, chunks of {chunk}; {dict(pair.ends)} kills in "
                f"{killed_s - quiet_s:.0f} s, the last when {at:.0%} was done; settled {settled_s - killed_s:.0f} s "
                f"later; undisturbed {quiet_s - began:.0f} s with the import; "
                f"line {dict(pair.wires[RECEIVER].seen)}; most memory "
                f"{ {party: f'{peak / 1e6:.0f} MB' for party, peak in peaks.items()} }\n"
            )
    assert found == wanted
    assert compared == [(), ()]
    assert max(peaks.values()) < MOST_BYTES
    assert 0.55 < at < 1, "kills were not all along the disclosure: both offering and taking in"


def keep_records(folder: Path, number: int) -> Path:
    """A stage whose giver holds `number` records of the northern border; no agreement is in force yet."""
    stage = build(folder)
    file = folder / "totals.csv"
    file.write_bytes(totals(0, number).replace(b"Southwest Border", b"Northern Border"))
    file.write_bytes(file.read_bytes().replace(b"Coastal/Interior", b"Northern Border"))
    with closing(open_node(stage.nodes[GIVER], catalogue())) as node, opened(str(file)) as source:
        done = import_table(node, source, reader_called("cbp-drug-seizures"), "test", is_simulated=True)
    assert done.kept == number
    return folder


@contextmanager
def pair_of(
    kept: Path, folder: Path, midwife: Midwife, chunk: int, records: int, stores: dict[str, str] | None = None
) -> Iterator[Pair]:
    """A copy of the stage at the addresses that its partners know, each behind a wire; in `stores` where given.

    `chunk` records are offered, and messages sent, at a time.
    """
    shutil.copytree(kept, folder)
    homes = {GIVER: folder / "cbp", RECEIVER: folder / "cbsa"}
    chance = random.Random(SEED)
    with ExitStack() as stack:
        wires, lives, nodes = {}, {}, {}
        for party, home in homes.items():
            config = read_config(home)
            if stores:
                _move(home, stores[party])
            port = urlsplit(config.screens).port or 0
            write_config(replace(read_config(home), screens=""))
            listener = stack.enter_context(socket.create_server(("127.0.0.1", urlsplit(config.url).port or 0)))
            wire = Wire(listener, ("127.0.0.1", port), random.Random(chance.random()))
            wires[party] = stack.enter_context(wire.working())
            lives[party] = Life(midwife, home, "127.0.0.1", port, chunk)
            stack.callback(lives[party].kill)
            nodes[party] = stack.enter_context(closing(open_node(home, catalogue())))
        yield Pair(homes, records + SIGNATURES, wires, lives, chance, nodes)


def _move(home: Path, address: str) -> None:
    with closing(open_node(home, catalogue())) as node:
        moved, _, _ = move_store(node, address, lambda _table, _rows: None)
    write_config(moved)


def seen(pair: Pair) -> dict[str, object]:
    """What both hold and have sent, but for what no two runs have alike: moments, salts and signatures."""
    found: dict[str, object] = {}
    for party, node in pair.nodes.items():
        with node.store.reading() as tx:
            found[f"{party} holds"] = frozenset(_records(tx))
            other = RECEIVER if party == GIVER else GIVER
            sent = Counter((row.type, row.state, row.record_id, row.record_version) for row in tx.outbox(other))
            found[f"{party} sent"] = sent
            found[f"{party} received"] = Counter((row.type, row.state, row.reason) for row in tx.inbox(other))
            assert all(number == 1 for (_, _, record, _), number in sent.items() if record), "something went twice"
    return found


def _records(tx: Transaction) -> Iterator[Fixed]:
    after = ""
    while page := tx.current_records(after=after, limit=1000):
        for row in page:
            yield row.id, row.version, row.content_digest, row.handling
        after = page[-1].id


def check_ledgers(pair: Pair) -> None:
    """Both ledgers verify; every message has its one leaf, and every leaf its message."""
    for party, node in pair.nodes.items():
        assert verify_store(node).problems == (), party
        assert verify_files(node.config.ledger, our_log_keys(node)).problems == (), party
        other = RECEIVER if party == GIVER else GIVER
        with node.store.reading() as tx:
            disclosed = [row.id for row in tx.outbox(other) if row.record_id is not None]
            received = [(row.ledger_index, row.id) for row in tx.inbox(other)]
            assert _subjects(tx, "disclosed") == Counter(disclosed), party
            assert Counter(number for _, number in received) == _subjects(tx, "received"), party
            assert _told_wrongly(tx, received) == [], party


def _subjects(tx: Transaction, type_: str) -> Counter[str]:
    size = tx.ledger_head().size
    return Counter(entry.subject for entry in tx.entries(0, size) if entry.type == type_)


def _told_wrongly(tx: Transaction, received: Sequence[tuple[int, str]]) -> list[int]:
    """Messages whose receipt names a leaf that is about something else."""
    subjects = dict(received)
    size = tx.ledger_head().size
    told = {entry.index: entry.subject for entry in tx.entries(0, size) if entry.index in subjects}
    return [index for index, message in subjects.items() if told.get(index) != message]
