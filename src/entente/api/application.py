"""The node's HTTP application: partners' endpoints, the published ledger, and whether the node is alive and ready."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from entente.api.described import ANYTHING, BATCH, VIEW, signed
from entente.errors import EntenteError
from entente.exchange import MAX_BATCH_BYTES, PROBLEM_TYPE, BatchTooLarge, HttpResponse, Problem, problem_of
from entente.ledger import CHECKPOINT_PATH
from entente.node.announcing import given_out
from entente.node.answering import Asked, answer_messages, answer_reconciliation, answer_witnessing
from entente.node.work import Node

log = logging.getLogger("entente")
Handler = Callable[[Node, Asked], HttpResponse]
BODY_SECONDS = 30.0  # for a whole body; who is slower comes again


@dataclass(frozen=True, slots=True)
class PartnerEndpoint:
    """What partners' nodes send a signed body to."""

    path: str
    handler: Handler
    summary: str
    described: dict[str, Any]


_PARTNERS = (
    PartnerEndpoint(
        "/exchange/v1/messages",
        answer_messages,
        "A signed batch of messages; answered by a signed receipt.",
        signed("messages", BATCH, compared="reconciliation", published="checkpoint"),
    ),
    PartnerEndpoint(
        "/exchange/v1/reconciliation",
        answer_reconciliation,
        "Compares what both sides hold of a stream.",
        signed("reconciliation", VIEW, again="messages"),
    ),
    PartnerEndpoint(
        "/exchange/v1/witness",
        answer_witnessing,
        "Cosigns the asking partner's checkpoint.",
        signed("witness", ANYTHING, published="checkpoint"),
    ),
)


def application(node: Node, *, body_seconds: float = BODY_SECONDS) -> FastAPI:
    """The application for `node`; its OpenAPI document is at /openapi.json."""
    app = FastAPI(title="Entente node", version="1", docs_url=None, redoc_url=None)
    app.add_exception_handler(EntenteError, _on_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    for partner_endpoint in _PARTNERS:
        app.add_api_route(
            partner_endpoint.path,
            _answering(node, partner_endpoint.handler, body_seconds),
            methods=["POST"],
            summary=partner_endpoint.summary,
            response_class=Response,
            openapi_extra=partner_endpoint.described,
        )
    _add_ledger(app, node)
    _add_health(app, node)
    return app


def _answering(node: Node, handler: Handler, body_seconds: float) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(body_seconds):
                body = await _limited_body(request)
        except TimeoutError:
            return _told(Problem(code="body-too-slow", status=408, detail="The body did not come in time."))
        asked = Asked(method=request.method, path=_target(request), headers=_lines(request), body=body)
        answer = await run_in_threadpool(handler, node, asked)
        return Response(answer.body, answer.status, dict(answer.headers))

    return endpoint


def _add_ledger(app: FastAPI, node: Node) -> None:
    @app.get("/ledger/{path:path}", operation_id="ledger", summary="The published ledger (C2SP tlog-tiles).")
    def ledger(path: str) -> Response:
        data = given_out(node, path)
        return Response(data, media_type="application/octet-stream") if data is not None else _told(_NOT_FOUND)

    @app.get("/exchange/v1/checkpoint", operation_id="checkpoint", summary="The published checkpoint, signed.")
    def checkpoint() -> Response:
        note = given_out(node, CHECKPOINT_PATH)
        return Response(note, media_type="text/plain; charset=utf-8") if note is not None else _told(_NOT_FOUND)


def _add_health(app: FastAPI, node: Node) -> None:
    @app.get("/healthz", summary="The process is alive.")
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary="The node can read its store.")
    def readyz() -> dict[str, str]:
        with node.store.reading() as tx:
            tx.setting("party")
        return {"status": "ready"}


def _target(request: Request) -> str:
    """Path and query as they were asked for: both are signed."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def _limited_body(request: Request) -> bytes:
    """The body; a partner cannot fill our memory. Raises BatchTooLarge."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BATCH_BYTES:
            raise BatchTooLarge(size=f"more than {MAX_BATCH_BYTES}", unit="bytes", limit=MAX_BATCH_BYTES)
    return bytes(body)


def _lines(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)


_NOT_FOUND = Problem(code="not-found", status=404, detail="There is nothing at this address.")
_OTHERS = {404: _NOT_FOUND, 405: Problem(code="method-not-allowed", status=405, detail="Use another HTTP method here.")}


async def _on_error(_: Request, error: Exception) -> Response:
    log.warning("%s", error)
    return _told(problem_of(error)) if isinstance(error, EntenteError) else Response(status_code=500)


async def _on_http_error(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _told(_OTHERS.get(status) or Problem(code="bad-request", status=status, detail="This cannot be answered."))


async def _on_disconnect(_: Request, __: Exception) -> Response:
    """Nobody is there to read it; the partner comes again."""
    return Response(status_code=400)


def _told(problem: Problem) -> Response:
    return Response(problem.to_wire(), problem.status, media_type=PROBLEM_TYPE)
