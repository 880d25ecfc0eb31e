"""`/metrics` for machines that watch the node: at an address of its own on this machine, never at the partners'."""

from urllib.parse import urlsplit

from fastapi import FastAPI, Response

from entente.errors import Misconfigured
from entente.node.creating import check_address, is_loopback
from entente.node.metrics import metrics
from entente.node.work import Node

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class MetricsOffMachine(Misconfigured):
    """{url} can be reached from other machines, and the metrics tell how much this node works and with whom. Use an
    address such as http://127.0.0.1:9464, and let a collector on this machine read it."""


def watching(node: Node, url: str) -> FastAPI:
    """The application for `url`. Raises MetricsOffMachine, UnusableAddress."""
    check_address(url)
    if not is_loopback(urlsplit(url).hostname or ""):
        raise MetricsOffMachine(url=url)
    app = FastAPI(title="Entente metrics", openapi_url=None)

    @app.get("/metrics")
    def told() -> Response:
        return Response(metrics(node), media_type=TEXT)

    return app
