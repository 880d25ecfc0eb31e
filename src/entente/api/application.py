"""The node's HTTP application: partners' endpoints, the published ledger, and whether the node is alive and ready."""

from collections.abc import Callable
from pathlib import PurePosixPath

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from entente.errors import EntenteError, OurFault
from entente.exchange import MAX_BATCH_BYTES, PROBLEM_TYPE, BatchTooLarge, HttpResponse, problem_of
from entente.node.answering import Asked, answer_messages, answer_reconciliation
from entente.node.publishing import published
from entente.node.work import Node

Handler = Callable[[Node, Asked], HttpResponse]


def application(node: Node) -> FastAPI:
    """The application for `node`; its OpenAPI document is at /openapi.json."""
    app = FastAPI(title="Entente node", version="1", docs_url=None, redoc_url=None)
    app.add_exception_handler(EntenteError, _on_error)

    def partner_endpoint(path: str, handler: Handler, summary: str) -> None:
        async def endpoint(request: Request) -> Response:
            body = await _limited_body(request)
            if len(body) > MAX_BATCH_BYTES:
                return _too_large(len(body))
            asked = Asked(method=request.method, path=request.url.path, headers=_lines(request), body=body)
            answer = await run_in_threadpool(handler, node, asked)
            return Response(answer.body, answer.status, dict(answer.headers))

        app.add_api_route(path, endpoint, methods=["POST"], summary=summary, response_class=Response)

    partner_endpoint(
        "/exchange/v1/messages", answer_messages, "A signed batch of messages; answered by a signed receipt."
    )
    partner_endpoint("/exchange/v1/reconciliation", answer_reconciliation, "Compares what both sides hold of a stream.")

    @app.get("/ledger/{path:path}", summary="The published ledger: checkpoint, tiles (C2SP tlog-tiles).")
    def ledger(path: str) -> Response:
        data = published(node, PurePosixPath(path))
        return Response(data, media_type="application/octet-stream") if data is not None else Response(status_code=404)

    @app.get("/healthz", summary="The process is alive.")
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary="The node can read its store.")
    def readyz() -> dict[str, str]:
        with node.store.reading() as tx:
            tx.setting("party")
        return {"status": "ready"}

    return app


async def _limited_body(request: Request) -> bytes:
    """The body, cut off just past the limit: a partner cannot fill our memory."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BATCH_BYTES:
            break
    return body


def _lines(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)


def _too_large(size: int) -> Response:
    return _problem(BatchTooLarge(size=size, unit="bytes", limit=MAX_BATCH_BYTES))


async def _on_error(_: Request, error: Exception) -> Response:
    return _problem(error if isinstance(error, EntenteError) else OurFault())


def _problem(error: EntenteError) -> Response:
    problem = problem_of(error)
    return Response(problem.to_wire(), problem.status, media_type=PROBLEM_TYPE)
