"""A served node: the HTTP servers, beside the work that it does by itself (working), until it is told to stop.

Where the database is PostgreSQL several processes may serve one node, each at addresses of its own.
"""

import fcntl
import logging
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from entente.errors import EntenteError, Misconfigured
from entente.node.creating import check_address
from entente.node.publishing import publish
from entente.node.work import Node
from entente.node.working import run_courier

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger("entente")
MAX_CONNECTIONS = 100  # each may hold one body of at most MAX_BATCH_BYTES in memory


class ServedAlready(Misconfigured):
    """The node in {folder} is served already, by process {process}. Two processes with one identity would contradict
    each other: stop that one first."""


class CertificateMissing(Misconfigured):
    """The address {url} is https, but node.toml names no certificate. Set tls_certificate and tls_key to PEM files."""


class CertificateUnusable(Misconfigured):
    """A certificate or key that node.toml names cannot be used: {why}. Check that the settings whose names begin with
    `tls_` name PEM files that this user can read, and that certificate and key belong together."""


class ClientsWithoutTls(Misconfigured):
    """node.toml sets tls_client_ca, but {url} is not https, so no certificate can be asked for. Set an https address,
    or let the proxy before the node ask."""


class AddressInUse(Misconfigured):
    """The node cannot listen at {url}: {why}. Stop the program that does, or give this node another address in
    node.toml; after a new `url` its partners need a new card."""


@contextmanager
def only_server(node: Node) -> Iterator[None]:
    """Holds the node's lock file alone, as a server does or somebody who changes its database. Raises ServedAlready."""
    with (node.config.folder / "serve.lock").open("a+") as file:
        _lock(node, file, fcntl.LOCK_EX)
        yield


@contextmanager
def one_server(node: Node, *, may_share: bool) -> Iterator[bool]:
    """Holds the lock file while the node is served; True where no other process serves it yet.

    With `may_share` others may serve it too, and `only_server` is refused as long as one of them does. Raises
    ServedAlready.
    """
    with (node.config.folder / "serve.lock").open("a+") as file:
        try:
            _lock(node, file, fcntl.LOCK_EX)
            is_alone = True
        except ServedAlready:
            if not may_share:
                raise
            is_alone = False
        if may_share:
            _lock(node, file, fcntl.LOCK_SH)
        yield is_alone


def is_served(lock: Path) -> bool:
    """Whether some process holds this lock file of a node."""
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _lock(node: Node, file: IO[str], how: int) -> None:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        raise ServedAlready(folder=node.config.folder, process=file.read().strip() or "?") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


@dataclass(frozen=True, slots=True)
class Door:
    """An application and the address at which it answers; large files go and come at paths that begin with one of
    `patient`. `client_ca`: who comes shows a certificate of these authorities (a PEM file)."""

    application: object
    url: str
    patient: tuple[str, ...] = ()
    client_ca: str = ""


def serve(node: Node, doors: Sequence[Door]) -> None:
    """Answers at every door and delivers until the process is told to end (SIGTERM, SIGINT).

    A node in PostgreSQL may be served by several processes, a node in SQLite by one.

    Raises ServedAlready, AddressInUse, PlainAddress, CertificateMissing, CertificateUnusable, ClientsWithoutTls and
    what the store raises.
    """
    check_address(node.config.url)
    configs = [server_config(node, door) for door in doors]
    with node.store.reading():
        pass  # a database that cannot be used is told now, not at a partner's first message
    with one_server(node, may_share=is_shared(node)) as is_alone, ExitStack() as stack:
        listeners = [stack.enter_context(_listening(door.url)) for door in doors]
        _serve(node, list(zip(configs, listeners, strict=True)), is_alone=is_alone)


def is_shared(node: Node) -> bool:
    """Whether several processes may use its database at once: PostgreSQL, not a file."""
    return "://" in node.config.store


def server_config(node: Node, door: Door) -> "uvicorn.Config":
    """How uvicorn answers at `door`: over TLS 1.3, or in plain HTTP on loopback. Raises PlainAddress,
    CertificateMissing, CertificateUnusable, ClientsWithoutTls."""
    import uvicorn

    from entente.node.listening import GuardedProtocol, patient_protocol

    check_address(door.url)
    is_https = urlsplit(door.url).scheme == "https"
    if door.client_ca and not is_https:
        raise ClientsWithoutTls(url=door.url)
    if is_https and not node.config.tls_certificate:
        raise CertificateMissing(url=door.url)
    config = uvicorn.Config(
        door.application,  # type: ignore[arg-type]  # uvicorn's own type for ASGI callables is not exported
        http=patient_protocol(door.patient) if door.patient else GuardedProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips="127.0.0.1",  # said here, or the environment would decide whose word on addresses counts
        ssl_certfile=node.config.tls_certificate if is_https else None,
        ssl_keyfile=(node.config.tls_key or None) if is_https else None,
        ssl_ca_certs=(door.client_ca or None) if is_https else None,
        ssl_cert_reqs=ssl.CERT_REQUIRED if is_https and door.client_ca else ssl.CERT_NONE,
        timeout_graceful_shutdown=5,
        limit_concurrency=MAX_CONNECTIONS,
    )
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise CertificateUnusable(why=error.strerror or error) from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    return config


def _serve(node: Node, doors: Sequence[tuple["uvicorn.Config", socket.socket]], *, is_alone: bool) -> None:
    """The first door answers in this thread, where signals arrive; the others end with it."""
    import uvicorn

    stop = threading.Event()
    work = partial(run_courier, node, stop, is_alone=is_alone)
    courier = threading.Thread(target=work, name="courier", daemon=True)
    courier.start()
    (first, listener), *others = [(uvicorn.Server(config), listener) for config, listener in doors]
    threads = [threading.Thread(target=server.run, args=([heard],), daemon=True) for server, heard in others]
    for thread in threads:
        thread.start()
    try:
        first.run([listener])
    finally:
        for server, _ in others:
            server.should_exit = True
        for thread in threads:
            thread.join(timeout=10)
        stop.set()
        courier.join(timeout=10)
        _publish_last(node)


def _publish_last(node: Node) -> None:
    try:
        publish(node)
    except (EntenteError, OSError) as error:
        log.warning("publish: %s", error)


def _listening(url: str) -> socket.socket:
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 443)
    try:
        return socket.create_server(address, family=socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
    except OSError as error:
        raise AddressInUse(url=url, why=error.strerror or error) from error
