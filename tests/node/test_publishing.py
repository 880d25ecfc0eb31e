"""The published ledger heals: damaged files are written anew, the checkpoint comes last, and never from an older or
another database."""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from entente.ledger import CHECKPOINT_PATH, parse_checkpoint
from entente.node import publishing
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.keyring import our_log_keys
from entente.node.publishing import LedgerDiffers, LedgerShrank, PublishedElsewhere, publish
from entente.node.verifying import verify_files
from entente.node.work import Node
from entente.store import open_store
from entente.workstreams import ALL, build_catalogue


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    config = Config(
        folder=tmp_path / "node",
        party="ca.cbsa",
        domain="demo",
        store="sqlite:node.sqlite",
        url="http://127.0.0.1:8801",
    )
    made = create_node(config, build_catalogue(ALL))
    yield made
    made.close()


def grow(node: Node, entries: int) -> None:
    with node.writing() as work:
        for number in range(entries):
            work.write("kept", f"r{number}", {"number": number})


def is_sound(node: Node, size: int) -> bool:
    verdict = verify_files(node.config.ledger, our_log_keys(node))
    return verdict.is_intact and verdict.size == size


def test_a_ledger_grows_file_by_file(node: Node) -> None:
    size = publish(node)
    for step in (1, 254, 1, 1, 255, 300):
        grow(node, step)
        size += step
        assert publish(node) == size
        assert is_sound(node, size)


def test_growing_leaves_what_is_complete_alone(node: Node) -> None:
    grow(node, 600)
    publish(node)
    full = node.config.ledger / "tile" / "entries" / "000"
    before = full.stat().st_ino
    grow(node, 3)
    publish(node)
    assert full.stat().st_ino == before


@pytest.mark.parametrize("path", ["tile/1/000.p/2", "checkpoint"])
@pytest.mark.parametrize("damage", ["empty", "short", "changed", "gone", "not text"])
def test_what_new_files_build_on_heals_by_itself(node: Node, path: str, damage: str) -> None:
    grow(node, 600)
    publish(node)
    spoil(node.config.ledger / path, damage)
    grow(node, 3)
    size = publish(node)
    assert is_sound(node, size)


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001", "tile/entries/000", "tile/1/000.p/2", "checkpoint"])
@pytest.mark.parametrize("damage", ["empty", "changed", "gone"])
def test_any_file_heals_when_all_are_checked(
    node: Node, path: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    grow(node, 600)
    size = publish(node, every_file=True)
    assert caplog.messages == []  # nothing was there to heal
    spoil(node.config.ledger / path, damage)
    with caplog.at_level(logging.WARNING):
        assert publish(node, every_file=True) == size
    assert is_sound(node, size)
    assert ["damaged" in message for message in caplog.messages] == [True]


def test_a_lost_folder_is_written_anew(node: Node) -> None:
    grow(node, 300)
    publish(node)
    node.config.ledger.rename(node.config.folder / "elsewhere")
    assert is_sound(node, publish(node))


def spoil(file: Path, damage: str) -> None:
    data = file.read_bytes()
    made = {"empty": b"", "short": data[:40], "changed": bytes([data[0] ^ 1]) + data[1:], "not text": b"\xff" * 64}
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(made[damage])


@pytest.mark.parametrize("damage", ["", "empty", "gone"])
def test_an_older_database_publishes_nothing_even_without_a_checkpoint(node: Node, tmp_path: Path, damage: str) -> None:
    old = tmp_path / "old.sqlite"
    grow(node, 20)
    node.store.backup(str(old))
    grow(node, 300)
    publish(node)
    if damage:
        spoil(node.config.ledger / CHECKPOINT_PATH, damage)
    restored = replace(node, store=open_store(f"sqlite:{old}"))
    with pytest.raises(LedgerShrank, match="it is an older copy"):
        publish(restored)
    restored.store.close()


@pytest.mark.parametrize("more", [280, 300, 310])
def test_a_database_with_another_history_publishes_nothing(node: Node, tmp_path: Path, more: int) -> None:
    """An older copy that went on by itself: as long as what was published, or longer, but not its continuation."""
    old = tmp_path / "old.sqlite"
    grow(node, 20)
    node.store.backup(str(old))
    grow(node, 280)
    size = publish(node)
    note = (node.config.ledger / CHECKPOINT_PATH).read_bytes()
    restored = replace(node, store=open_store(f"sqlite:{old}"))
    grow(restored, more)
    with pytest.raises(LedgerDiffers):
        publish(restored)
    restored.store.close()
    assert (node.config.ledger / CHECKPOINT_PATH).read_bytes() == note
    assert is_sound(node, size)


def test_files_and_their_names_are_durable_before_the_checkpoint(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        file = Path(f"/proc/self/fd/{descriptor}").readlink()
        done.append(f"sync {file.relative_to(node.config.folder)}")
        fsync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        done.append(f"name {target.relative_to(node.config.folder)}")
        return rename(self, target)

    grow(node, 9)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    publish(node)
    at = done.index("name ledger/checkpoint")
    tiles = [step.removeprefix("name ") for step in done if step.startswith("name ledger/tile/")]
    assert tiles
    for tile in tiles:
        named = done.index(f"name {tile}")
        assert done.index(f"sync {tile}.new") < named
        folders = [f"sync {folder}" for folder in Path(tile).parents if folder != Path()]
        assert all(named < done.index(folder) < at for folder in folders)
    assert done.index("sync ledger/checkpoint.new") < at
    assert done[-1] == "sync ledger"


@contextmanager
def another_publisher(node: Node) -> Iterator[None]:
    with (node.config.folder / "publish.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_only_one_publishes_at_a_time(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "WAIT_SECONDS", 0.1)
    publish(node)
    grow(node, 3)
    with another_publisher(node), pytest.raises(PublishedElsewhere, match="Another process"):
        publish(node)
    assert is_sound(node, publish(node))


def test_publishers_side_by_side_leave_the_newest_checkpoint(node: Node) -> None:
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(8):
                grow(node, 40)
                publish(node)
        except BaseException as error:  # noqa: BLE001 - told by the assertion below
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    with node.store.reading() as tx:
        size = tx.ledger_head().size
    assert parse_checkpoint((node.config.ledger / CHECKPOINT_PATH).read_bytes()).size == size
    assert is_sound(node, size)
