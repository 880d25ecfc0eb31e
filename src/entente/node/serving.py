"""A served node: the HTTP server, and a courier that sweeps, delivers and publishes until it is told to stop."""

import fcntl
import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from entente.errors import EntenteError, Misconfigured
from entente.node.courier import Courier, Delivered, make_due
from entente.node.listing import relist
from entente.node.publishing import publish
from entente.node.sweeping import sweep
from entente.node.work import Node

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger("entente")
TICK_SECONDS = 0.3
PUBLISH_AGAIN_SECONDS = 10.0  # what was refused may have read the whole ledger
MAX_CONNECTIONS = 100  # each may hold one body of at most MAX_BATCH_BYTES in memory


class ServedAlready(Misconfigured):
    """The node in {folder} is served already, by process {process}. Two processes with one identity would contradict
    each other: stop that one first."""


class CertificateMissing(Misconfigured):
    """The address {url} is https, but node.toml names no certificate. Set tls_certificate and tls_key to PEM files."""


class AddressInUse(Misconfigured):
    """The node cannot listen at {url}: {why}. Stop the program that does, or give this node another address in
    node.toml; after a new `url` its partners need a new card."""


@contextmanager
def only_server(node: Node) -> Iterator[None]:
    """Holds the node's lock file while it is served. Raises ServedAlready."""
    with (node.config.folder / "serve.lock").open("a+") as file:
        _lock(node, file)
        yield


def is_served(lock: Path) -> bool:
    """Whether some process holds this lock file of a node."""
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _lock(node: Node, file: IO[str]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        raise ServedAlready(folder=node.config.folder, process=file.read().strip() or "?") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def run_courier(node: Node, stop: threading.Event) -> None:
    """Sweeps, delivers and publishes until `stop`; a fault is logged and tried again, never fatal."""
    courier = Courier(node)
    said: dict[str, str] = {}
    _try(said, "make due", lambda: make_due(node))
    _try(said, "list", lambda: relist(node))
    publish_at, every_file = 0.0, True
    while not stop.is_set():
        _try(said, "sweep", lambda: sweep(node))
        _try(said, "deliver", lambda: _tell_faults(said, courier.deliver_all()))
        if time.monotonic() >= publish_at:
            is_published = _try(said, "publish", partial(publish, node, every_file=every_file))
            every_file = every_file and not is_published
            publish_at = time.monotonic() + (0 if is_published else PUBLISH_AGAIN_SECONDS)
        stop.wait(TICK_SECONDS)
    courier.close()


def _try(said: dict[str, str], step: str, act: Callable[[], object]) -> bool:
    """Whether it went well.

    INVARIANT: nothing that goes wrong here ends the courier, or the node would answer but never deliver.
    """
    try:
        act()
    except EntenteError as error:
        _tell(said, step, str(error))
    except Exception as error:  # noqa: BLE001 - a defect in one step; the log has its traceback
        _tell(said, step, repr(error), is_defect=True)
    else:
        _tell(said, step, "")
        return True
    return False


def _tell_faults(said: dict[str, str], done: Sequence[Delivered]) -> None:
    for one in done:
        _tell(said, one.party, str(one.fault or ""))


def _tell(said: dict[str, str], about: str, text: str, *, is_defect: bool = False) -> None:
    """Logs `text` when it is news: a fault that lasts would fill the log."""
    if text and said.get(about) != text:
        log.warning("%s: %s", about, text, exc_info=is_defect)
    said[about] = text


@dataclass(frozen=True, slots=True)
class Door:
    """An application and the address at which it answers; large files go and come at paths that begin with one of
    `patient`."""

    application: object
    url: str
    patient: tuple[str, ...] = ()


def serve(node: Node, doors: Sequence[Door]) -> None:
    """Answers at every door and delivers until the process is told to end (SIGTERM, SIGINT).

    Raises ServedAlready, AddressInUse, CertificateMissing and what the store raises.
    """
    configs = [_server_config(node, door) for door in doors]
    with node.store.reading():
        pass  # a database that cannot be used is told now, not at a partner's first message
    with only_server(node), ExitStack() as stack:
        listeners = [stack.enter_context(_listening(door.url)) for door in doors]
        _serve(node, list(zip(configs, listeners, strict=True)))


def _server_config(node: Node, door: Door) -> "uvicorn.Config":
    """Raises CertificateMissing."""
    import uvicorn

    from entente.node.listening import GuardedProtocol, patient_protocol

    is_https = urlsplit(door.url).scheme == "https"
    if is_https and not node.config.tls_certificate:
        raise CertificateMissing(url=door.url)
    config = uvicorn.Config(
        door.application,  # type: ignore[arg-type]  # uvicorn's own type for ASGI callables is not exported
        http=patient_protocol(door.patient) if door.patient else GuardedProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=node.config.tls_certificate if is_https else None,
        ssl_keyfile=(node.config.tls_key or None) if is_https else None,
        timeout_graceful_shutdown=5,
        limit_concurrency=MAX_CONNECTIONS,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    return config


def _serve(node: Node, doors: Sequence[tuple["uvicorn.Config", socket.socket]]) -> None:
    """The first door answers in this thread, where signals arrive; the others end with it."""
    import uvicorn

    stop = threading.Event()
    courier = threading.Thread(target=run_courier, args=(node, stop), name="courier", daemon=True)
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
        _try({}, "publish", lambda: publish(node))


def _listening(url: str) -> socket.socket:
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 443)
    try:
        return socket.create_server(address, family=socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
    except OSError as error:
        raise AddressInUse(url=url, why=error.strerror or error) from error
