"""A node's records move to another database; the old one stays as it was until somebody removes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from entente.node.config import Config
from entente.node.serving import only_server
from entente.node.work import Node
from entente.store import move, open_store


def move_store(node: Node, target: str, progress: Callable[[str, int], None]) -> tuple[Config, Mapping[str, int]]:
    """Copies everything to the store at `target`, compares counts and digests; the new configuration and rows by table.

    Raises ServedAlready while the node is served, and what the stores raise; then nothing has changed.
    """
    config = replace(node.config, store=target)
    with only_server(node):
        store = open_store(config.store_url)
        store.migrate()
        counts = move(node.store, store, progress)
        store.close()
    return config, counts.rows
