"""A new node: folder, keys, database, and its first ledger entry."""

import ipaddress
from urllib.parse import urlsplit

from entente.errors import InputFault, Misconfigured
from entente.node.config import CONFIG, Config, write_config
from entente.node.identity import create_keys, read_identity
from entente.node.work import Clock, Node, utc_now
from entente.records import Catalogue
from entente.store import open_store


class NodeExists(InputFault):
    """There is a node in {folder} already. Use another folder; a node is never overwritten."""


class DatabaseInUse(Misconfigured):
    """The database {store} belongs to the node of {party}. Give every node a database or a PostgreSQL schema of its
    own."""


class PlainAddress(Misconfigured):
    """{url} is neither https nor on this machine. Partners are only answered over TLS 1.3: use https://, or
    127.0.0.1 for a
    trial."""


def create_node(config: Config, catalogue: Catalogue, clock: Clock = utc_now) -> Node:
    """Creates the node that `config` describes. Raises NodeExists, UnknownWord, PlainAddress, DatabaseInUse and
    what the
    store raises; a folder that could not be completed has no node.toml."""
    if (config.folder / CONFIG).exists():
        raise NodeExists(folder=config.folder)
    catalogue.vocabulary.list("party").term(config.party)
    check_address(config.url)
    config.folder.mkdir(parents=True, exist_ok=True)
    store = open_store(config.store_url)
    store.migrate()
    with store.reading() as tx:
        owner = tx.setting("party")
    if owner is not None:
        store.close()
        raise DatabaseInUse(store=config.store.rsplit("@")[-1], party=owner)
    create_keys(config)
    node = Node(config, read_identity(config), store, catalogue, clock)
    with node.writing() as work:
        work.tx.put_setting("party", config.party)
        facts = {
            "domain": config.domain,
            "node_key": node.identity.node_key.public.key_id,
            "log": node.identity.log_vkey,
        }
        work.write("configuration", config.party, facts)
    write_config(config)
    return node


def check_address(url: str) -> None:
    """Raises PlainAddress unless `url` is https, or http on loopback."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise PlainAddress(url=url)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
