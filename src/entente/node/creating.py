"""A new node: folder, keys, database, and its first ledger entry."""

import ipaddress
from urllib.parse import urlsplit

from entente.errors import InputFault, Misconfigured
from entente.node.config import CONFIG, DOMAINS, Config, UnusableConfig, write_config
from entente.node.identity import create_keys, read_identity
from entente.node.retention import ON, SWITCH
from entente.node.work import Clock, Node, utc_now
from entente.records import Catalogue
from entente.store import open_store


class NodeExists(InputFault):
    """There is a node in {folder} already. Use another folder; a node is never overwritten."""


class DatabaseInUse(Misconfigured):
    """The database {store} belongs to the node of {party}. Give every node a database or a PostgreSQL schema of its
    own."""


class PlainAddress(Misconfigured):
    """{url} is neither https nor on this machine. Partners are only answered over TLS 1.3: use https://, or 127.0.0.1
    for a trial."""


class UnusableAddress(Misconfigured):
    """{url} is not the address of a node. Write it as https://HOST:PORT, without a slash at its end, a name or a
    query."""


def create_node(config: Config, catalogue: Catalogue, clock: Clock = utc_now) -> Node:
    """Creates the node that `config` describes. Raises NodeExists, UnknownWord, PlainAddress, UnusableAddress,
    UnusableConfig, DatabaseInUse and what the store raises; a folder that could not be completed has no node.toml."""
    if (config.folder / CONFIG).exists():
        raise NodeExists(folder=config.folder)
    catalogue.vocabulary.list("party").term(config.party)
    check_address(config.url)
    if config.screens:
        check_address(config.screens)
    if config.domain not in DOMAINS:
        raise UnusableConfig(file=config.folder / CONFIG, why=f"domain is one of {', '.join(DOMAINS)}")
    config.folder.mkdir(parents=True, exist_ok=True)
    store = open_store(config.store_url)
    store.migrate()
    with store.reading() as tx:
        owner = tx.setting("party")
    if owner is not None:
        store.close()
        raise DatabaseInUse(store=store.where, party=owner)
    create_keys(config)
    node = Node(config, read_identity(config), store, catalogue, clock)
    with node.writing() as work:
        work.tx.put_setting("party", config.party)
        work.tx.put_setting(SWITCH, ON)  # it holds nothing yet, so nobody is surprised
        facts = {
            "domain": config.domain,
            "node_key": node.identity.node_key.public.key_id,
            "log": node.identity.log_vkey,
        }
        work.write("configuration", config.party, facts)
    write_config(config)
    return node


def check_address(url: str) -> None:
    """Raises UnusableAddress, and PlainAddress unless `url` is https, or http on loopback."""
    host = _host(url)
    if not url.startswith("https:") and not is_loopback(host):
        raise PlainAddress(url=url)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_plain = not (parts.query or parts.fragment or parts.username or url.endswith("/") or parts.port == 0)
    except ValueError:
        raise UnusableAddress(url=url) from None
    if not is_plain or not parts.hostname or parts.scheme not in {"http", "https"} or not url.isascii():
        raise UnusableAddress(url=url)
    return parts.hostname


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
