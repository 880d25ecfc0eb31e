"""A served node: the HTTP server, and a courier that sweeps, delivers and publishes until it is told to stop."""

import fcntl
import logging
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import urlsplit

from entente.errors import EntenteError, Misconfigured
from entente.node.courier import Courier, make_due
from entente.node.publishing import publish
from entente.node.sweeping import sweep
from entente.node.work import Node

log = logging.getLogger("entente")
TICK_SECONDS = 0.3


class ServedAlready(Misconfigured):
    """The node in {folder} is served already, by process {process}. Two processes with one identity would
    contradict each
    other: stop that one first."""


class CertificateMissing(Misconfigured):
    """The address {url} is https, but node.toml names no certificate. Set tls_certificate and tls_key to PEM files."""


@contextmanager
def only_server(node: Node) -> Iterator[None]:
    """Holds the node's lock file while it is served. Raises ServedAlready."""
    with (node.config.folder / "serve.lock").open("a+") as file:
        _lock(node, file)
        yield


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
    make_due(node)
    while not stop.is_set():
        for step in (lambda: sweep(node), courier.deliver_all, lambda: publish(node)):
            try:
                step()
            except EntenteError as error:
                log.warning("%s", error)
        stop.wait(TICK_SECONDS)
    courier.close()


def serve(node: Node, application: object) -> None:
    """Answers and delivers until the process is told to end (SIGTERM, SIGINT). Raises ServedAlready."""
    import uvicorn

    parts = urlsplit(node.config.url)
    config = uvicorn.Config(
        application,  # type: ignore[arg-type]  # uvicorn's own type for ASGI callables is not exported
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 443,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=node.config.tls_certificate or None,
        ssl_keyfile=node.config.tls_key or None,
        timeout_graceful_shutdown=5,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    elif parts.scheme == "https":
        raise CertificateMissing(url=node.config.url)
    stop = threading.Event()
    courier = threading.Thread(target=run_courier, args=(node, stop), name="courier", daemon=True)
    with only_server(node):
        courier.start()
        try:
            uvicorn.Server(config).run()
        finally:
            stop.set()
            courier.join(timeout=10)
            publish(node)
