"""An archive is whole and unchanged or it is refused with the place; nothing of a record stands in it to read."""

import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from entente.errors import EntenteError
from entente.node.archive_keys import KEYS, SECRET, OlderKeys, destroy_keys
from entente.node.archive_lines import ArchiveChanged, ArchiveCut
from entente.node.archiving import Archived, ArchiveExists, archive
from entente.node.config import CONFIG, Config
from entente.node.creating import NodeExists, create_node
from entente.node.identity import KeyOpenToOthers
from entente.node.listing import relist
from entente.node.restoring import KeysMissing, KeysThere, Restored, restore
from entente.node.work import Node, open_node
from entente.store import LEFT_OUT, TABLES, open_store
from entente.workstreams import ALL, build_catalogue
from every.given import message, record
from every.test_every_move import fill

CANARY = b'{"name":"canary-in-a-body"}'


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    config = Config(
        folder=tmp_path / "node", party="us.cbp", domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:1"
    )
    made = create_node(config, build_catalogue(ALL))
    with made.writing() as work:
        work.tx.add_records([record(f"r{n}", body=b'{"name":"canary-%d"}' % n) for n in range(500)])
        for n in range(500):
            work.write("kept", f"canary-r{n}", {"record": f"canary-in-an-opening-{n}"})
        work.tx.queue([message(n, record_id=f"r{n}", sealed=CANARY) for n in range(1, 200)])
    relist(made)
    yield made
    made.close()


def written(node: Node, tmp_path: Path) -> Archived:
    return archive(node, tmp_path / "one.archive")


def brought_back(node: Node, file: Path, folder: Path) -> Restored:
    return restore(file, folder, node.catalogue, keys=node.config.keys)


def test_every_row_comes_back_and_the_archive_itself_tells_nothing(node: Node, tmp_path: Path) -> None:
    done = written(node, tmp_path)
    told = done.file.read_bytes()
    assert (b"canary" in told, done.file.stat().st_mode & 0o777) == (False, 0o600)
    back = brought_back(node, done.file, tmp_path / "again")
    assert {**done.rows} == {table: back.rows.get(table, 0) for table in done.rows}
    again = open_node(tmp_path / "again", node.catalogue)
    with node.store.reading() as old, again.store.reading() as new:
        for table in TABLES.keys() - {"entry", "ledger_head", "checkpoint", "setting"}:
            assert list(old.dump(table)) == list(new.dump(table)), table
        size = old.ledger_head().size
        assert list(old.entries(0, size)) == list(new.entries(0, size))
        assert [entry.type for entry in new.entries(size, size + 9)] == ["restored"]
    again.close()


def test_an_archive_holds_every_table_of_a_full_database(node: Node, tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'full.db'}")
    store.migrate()
    fill(store, 250)
    done = written(replace(node, store=store), tmp_path)
    with store.reading() as tx:
        held = {table: len(list(tx.dump(table))) for table in TABLES}
    store.close()
    assert held["session"] == 1  # who is signed in is not brought back
    held = {table: number for table, number in held.items() if table not in LEFT_OUT}
    assert done.rows == held
    with pytest.raises(EntenteError, match="frontier"):  # all rows come back equal, but this ledger is made up
        brought_back(node, done.file, tmp_path / "again")
    assert not (tmp_path / "again" / CONFIG).exists()


@pytest.mark.parametrize(
    ("spoil", "error", "told"),
    [
        (lambda lines: lines[:-1], ArchiveCut, "ends after line"),
        (lambda lines: [*lines[:-1], lines[-1][:-5]], ArchiveCut, "ends after line"),
        (lambda lines: [lines[0]], ArchiveCut, "ends after line 1,"),
        (lambda _: [], ArchiveCut, "ends after line 0"),
        (lambda lines: [*lines[:4], *lines[5:]], ArchiveChanged, "line 5: it belongs elsewhere"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], ArchiveChanged, "line 4: it belongs"),
        (lambda lines: [*lines[:3], lines[3].replace(b'"shown"', b'"Shown"'), *lines[4:]], ArchiveChanged, "line 4"),
        (lambda lines: [*lines, lines[1]], ArchiveChanged, "after the end"),
    ],
)
def test_an_archive_that_was_cut_or_changed_is_refused_with_the_place(
    node: Node, tmp_path: Path, spoil: Callable[[list[bytes]], list[bytes]], error: type[Exception], told: str
) -> None:
    file = written(node, tmp_path).file
    file.write_bytes(b"".join(spoil(file.read_bytes().splitlines(keepends=True))))
    with pytest.raises(error, match=told):
        brought_back(node, file, tmp_path / "again")
    assert not (tmp_path / "again" / "node.sqlite").exists()


def test_every_changed_byte_is_found(node: Node, tmp_path: Path) -> None:
    file = written(node, tmp_path).file
    whole = file.read_bytes()
    for place in range(0, len(whole), len(whole) // 25):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises((ArchiveChanged, ArchiveCut)):
            brought_back(node, file, tmp_path / "again")
        shutil.rmtree(tmp_path / "again")


def test_without_its_keys_and_with_older_ones_no_archive_opens(node: Node, tmp_path: Path) -> None:
    archive(node, tmp_path / "first.archive")
    shutil.copytree(node.config.keys, tmp_path / "older")
    with node.writing() as work:
        work.tx.add_records([record("new")])
    file = archive(node, tmp_path / "second.archive").file
    with pytest.raises(OlderKeys):
        restore(file, tmp_path / "a", node.catalogue, keys=tmp_path / "older")
    with pytest.raises(KeysMissing):
        restore(file, tmp_path / "b", node.catalogue)
    assert not any((tmp_path / folder / CONFIG).exists() for folder in "ab")
    with pytest.raises(KeysThere):
        brought_back(node, file, tmp_path / "a")
    shutil.copy(node.config.keys / KEYS, tmp_path / "a" / "keys" / KEYS)
    assert restore(file, tmp_path / "a", node.catalogue).party == "us.cbp"
    with pytest.raises(NodeExists):
        restore(file, tmp_path / "a", node.catalogue)


def test_keys_are_their_owners_alone(node: Node, tmp_path: Path) -> None:
    written(node, tmp_path)
    assert [(node.config.keys / name).stat().st_mode & 0o777 for name in (SECRET, KEYS)] == [0o600, 0o600]
    (node.config.keys / SECRET).chmod(0o640)
    with pytest.raises(KeyOpenToOthers):
        archive(node, tmp_path / "two.archive")


def test_no_backup_overwrites_and_none_leaves_half_a_file(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(node, tmp_path).file
    with pytest.raises(ArchiveExists):
        archive(node, file)
    assert archive(node, tmp_path).file.name.startswith("entente-us.cbp-")
    monkeypatch.setattr("entente.node.archiving.to_values", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        archive(node, tmp_path / "half.archive")
    assert list(tmp_path.glob("half*")) == []


def test_what_is_erased_while_a_backup_runs_is_not_in_it(node: Node, tmp_path: Path) -> None:
    def erased_meanwhile(table: str, _: int) -> None:
        if table == "setting":  # before records are read, after the snapshot
            with node.writing() as work:
                work.tx.erase_record("r7")
                destroy_keys(node, {"r7"})

    file = archive(node, tmp_path / "one.archive", erased_meanwhile).file
    back = brought_back(node, file, tmp_path / "again")
    assert back.erased["record"] >= 1
    again = open_node(tmp_path / "again", node.catalogue)
    with again.store.reading() as tx:
        held = {row.id for row in tx.current_records(limit=1000) if row.body}
    again.close()
    assert held == {f"r{n}" for n in range(500)} - {"r7"}


def test_what_comes_back_after_its_erasure_is_in_later_archives_only(node: Node, tmp_path: Path) -> None:
    first = archive(node, tmp_path / "first.archive").file
    with node.writing() as work:
        work.tx.erase_record("r7")
        destroy_keys(node, {"r7"})
        work.tx.add_records([record("r7", 2, body=b'{"name":"said again"}')])
    second = archive(node, tmp_path / "second.archive").file
    bodies = {}
    for file in (first, second):
        brought_back(node, file, tmp_path / file.stem)
        again = open_node(tmp_path / file.stem, node.catalogue)
        with again.store.reading() as tx:
            bodies[file.stem] = [row.body for row in tx.versions("r7")]
        again.close()
    assert bodies == {"first": [b""], "second": [b"", b'{"name":"said again"}']}


@pytest.mark.slow
def test_a_backup_needs_little_memory(node: Node, tmp_path: Path) -> None:
    with node.writing() as work:
        for start in range(0, 2000, 200):
            work.tx.add_records(
                [record(f"big{n}", body=b'{"name":"%s"}' % (b"a" * 10_000)) for n in range(start, start + 200)]
            )
    tracemalloc.start()
    file = written(node, tmp_path).file
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    brought_back(node, file, tmp_path / "again")
    _, peak_back = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert max(peak, peak_back) < 20_000_000  # of a file of 40 MB
