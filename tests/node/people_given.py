"""A node with a clock that is set by hand, two officers, and people."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from entente.cli.house import catalogue
from entente.ledger import read_opening
from entente.node import passwords
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.partnering import add_officer
from entente.node.people import add_person, change_password
from entente.node.work import Node
from entente.signing import PrivateKey

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
OFFICERS = ("us.cbp/liaison-1", "us.cbp/liaison-2")
GOOD = "four blue kettles walk home"


@dataclass
class Clock:
    now: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **span: float) -> None:
        self.now += timedelta(**span)


@contextmanager
def node_at(folder: Path, clock: Clock, store: str = "sqlite:node.sqlite") -> Iterator[Node]:
    config = Config(folder=folder, party="us.cbp", domain="demo", store=store, url="http://127.0.0.1:1")
    node = create_node(config, catalogue(), clock)
    for number, officer in enumerate(OFFICERS):
        add_officer(node, officer, "Liaison officer", PrivateKey(bytes([number + 1]) * 32))
    yield node
    node.close()
    shutil.rmtree(folder)


def hash_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost next to nothing; what they really cost is a test of its own."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODYS", quick.hash("nobody's"))


def somebody(node: Node, name: str, *roles: str, password: str = GOOD) -> None:
    """An account that has chosen its password."""
    _, given = add_person(node, name, roles or ("officer",), by="owner")
    change_password(node, name, given, password)


def facts(node: Node, kind: str) -> Sequence[dict[str, Any]]:
    """What the ledger says in entries of one type, oldest first."""
    with node.store.reading() as tx:
        openings = [read_opening(row.opening) for row in tx.entries(0, 1000) if row.type == kind and row.opening]
    return [{**opening.facts, "subject": opening.subject} for opening in openings]


def all_bytes(node: Node) -> bytes:
    """All bytes of a node's SQLite database."""
    return b"".join(file.read_bytes() for file in sorted(node.config.folder.glob("node.sqlite*")))
