"""A power cut at any moment: what the store said is kept is there, nothing is half, and SQLite finds its file sound."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from entente.store import EmptyStore, open_store
from store.power import CALLS, Call, Disk, calls_in
from store.power_writer import ROWS, TRANSACTIONS, body_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace, which writes down what reaches the disk"),
]
CUTS = 200
SEED = 20261122


def traced(folder: Path, how: str) -> list[Call]:
    folder.mkdir()
    command = ["strace", "-y", "-xx", "-s", "10000000", "-o", str(folder / "trace"), "-e", f"trace={CALLS}"]
    command += [sys.executable, "-m", "store.power_writer", f"sqlite:{folder / 'n.db'}", how]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, check=False)
    if b"ptrace" in done.stderr and done.returncode:
        pytest.skip(f"strace may not look here: {done.stderr.decode()}")
    assert done.stdout.split()[-1] == str(TRANSACTIONS - 1).encode(), done.stderr
    return list(calls_in(folder / "trace"))


def states(calls: list[Call], folder: Path) -> Iterator[tuple[int, dict[str, bytes]]]:
    """The last transaction that was acknowledged before a cut, and what the disk may hold then."""
    chance = random.Random(SEED)
    disk, last, is_ready = Disk(str(folder)), -1, False
    ready = next(place for place, call in enumerate(calls) if call.said == "ready\n")
    cuts = set(chance.sample(range(ready, len(calls)), CUTS))
    for place, call in enumerate(calls):
        disk.take(call)
        is_ready = is_ready or place == ready
        if call.said.startswith("kept "):
            last = int(call.said.split()[1])
        if place in cuts or (is_ready and call.said):
            for kept in (0.0, 0.5, 0.9, 1.0):
                yield last, disk.after_a_cut(chance, kept)


def rebuilt(files: dict[str, bytes], target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for path, data in files.items():
        if not path.endswith("-shm"):  # memory that processes share; SQLite makes it anew
            (target / Path(path).name).write_bytes(data)
    return target / "n.db"


def fault_in(file: Path, last: int) -> str:
    """What is wrong with a database that was found after a cut; empty when nothing is."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            (told,) = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.Error as error:
            return f"damaged: {error}"
    if told != "ok":
        return f"damaged: {told}"
    try:
        store = open_store(f"sqlite:{file}")
    except EmptyStore as error:
        return str(error)
    with store.reading() as tx:
        found = int(tx.setting("last") or -1)
        ids = [f"{number}-{row}" for number in range(TRANSACTIONS) for row in range(ROWS)]
        kept = {row.id: row.body for id_ in ids if (row := tx.record(id_)) is not None}
    store.close()
    if not last <= found <= last + 1:
        return f"the last transaction is {found}, and {last} was acknowledged"
    whole = {f"{number}-{row}": body_of(number, row, found) for number in range(found + 1) for row in range(ROWS)}
    return "" if kept == whole else "a transaction is half there"


def test_what_was_acknowledged_survives_a_power_cut_and_nothing_is_half(tmp_path: Path) -> None:
    calls = traced(tmp_path / "traced", "careful")
    tried, faults = 0, []
    for last, files in states(calls, tmp_path / "traced"):
        tried += 1
        if fault := fault_in(rebuilt(files, tmp_path / "found"), last):
            faults.append(fault)
    assert (tried > 4 * CUTS, faults) == (True, [])


def test_the_same_search_finds_what_a_careless_store_loses(tmp_path: Path) -> None:
    """Without this, the test above would pass because nobody looked well."""
    calls = traced(tmp_path / "traced", "careless")
    found = (fault_in(rebuilt(files, tmp_path / "found"), last) for last, files in states(calls, tmp_path / "traced"))
    assert next(filter(None, found), "") != ""
