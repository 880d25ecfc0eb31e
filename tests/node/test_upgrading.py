"""`entente store upgrade`: an older schema is updated, a current one left alone, a missing database never made anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.moving import upgrade_store
from entente.node.work import Node
from entente.store import EmptyStore, OlderSchema, Store, open_store
from entente.workstreams import ALL, build_catalogue


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    config = Config(
        folder=tmp_path, party="ca.cbsa", domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:8801"
    )
    made = create_node(config, build_catalogue(ALL))
    yield made
    made.close()


class StoreOfAnOlderVersion:
    """Refuses to read until it is migrated, as a store does after the program was updated."""

    is_old = True

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self.is_old:
            raise OlderSchema(where="node.sqlite", found="0001", known="0002")
        yield

    def migrate(self) -> None:
        self.is_old = False


def test_a_current_database_is_left_alone(node: Node) -> None:
    assert upgrade_store(node) is False


def test_an_older_database_is_updated_once(node: Node) -> None:
    old = replace(node, store=cast("Store", StoreOfAnOlderVersion()))
    assert upgrade_store(old) is True
    assert upgrade_store(old) is False


def test_a_database_that_is_not_there_is_not_made_anew(node: Node, tmp_path: Path) -> None:
    """An empty database in place of a lost one would look like a node that never held anything."""
    lost = replace(node, store=open_store(f"sqlite:{tmp_path / 'lost.sqlite'}"))
    with pytest.raises(EmptyStore):
        upgrade_store(lost)
