"""A node's records move to another database, or its database gets the schema of this program."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from entente.node.config import Config
from entente.node.serving import only_server
from entente.node.work import Node
from entente.store import OlderSchema, move, open_store


def move_store(node: Node, target: str, progress: Callable[[str, int], None]) -> tuple[Config, str, Mapping[str, int]]:
    """Copies everything to the store at `target`, compares counts and digests; the new configuration, where
    that is without secrets, and rows by table.

    The old store stays as it was until somebody removes it. Raises ServedAlready while the node is served, and what the
    stores raise; then nothing has changed.
    """
    config = replace(node.config, store=target)
    with only_server(node):
        store = open_store(config.store_url)
        try:
            store.migrate()
            counts = move(node.store, store, progress)
        finally:
            store.close()
    return config, store.where, counts.rows


def upgrade_store(node: Node) -> bool:
    """Updates an older schema; False when there was nothing to do.

    Raises ServedAlready while the node is served, EmptyStore when the database is not there, and what the store raises.
    """
    with only_server(node):
        try:
            with node.store.reading():
                return False
        except OlderSchema:
            node.store.migrate()
            return True
