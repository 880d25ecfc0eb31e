"""The application of the screens: the route table, and what happens around every answer."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from traceback import format_tb
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from entente.errors import EntenteError, OurFault
from entente.node.asking import PurposeForbidden
from entente.node.pace import Paces
from entente.node.passkeys import check_possible
from entente.node.service import service_of
from entente.node.signing_in import session_of
from entente.node.uploads import Uploads
from entente.web.assets import check_assets
from entente.web.guard import (
    MAX_FIELD_BYTES,
    MAX_FIELDS,
    BodyTooSlow,
    GoTo,
    OtherPlace,
    check_form,
    check_person,
    check_place,
    cookie_name,
    headers_for,
    language_of,
    limited,
    step_cookie,
)
from entente.web.mistakes import NothingHere, Unexpected, UnreadableForm, status_of, title_of
from entente.web.screens import ROUTES
from entente.web.visit import SEE_OTHER, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from entente.node.choosing import House
    from entente.node.service import Service
    from entente.node.work import Node
    from entente.web.routes import Route

log = logging.getLogger("entente")
STATIC = "/static"
YEAR_SECONDS = 31_536_000


@dataclass(frozen=True, slots=True)
class _Screens:
    """What every visit needs; `url` is the address of the screens."""

    node: Node
    house: House
    uploads: Uploads
    url: str
    paces: Paces
    service: Service | None


def screens(node: Node, house: House, *, routes: Sequence[Route] = ROUTES, place: str = "") -> FastAPI:
    """The screens of `node`, which answer at the address `screens` of its configuration; `place` names a further
    process that serves them. Raises AssetMissing, UnfitService, NoPasskeysHere."""
    check_assets()
    if node.config.sign_in != "password":
        check_possible(node.config.screens)
    uploads = Uploads(node, house.readers, place=place)
    paces = Paces(node.config.searches_per_hour)
    held = _Screens(node, house, uploads, node.config.screens, paces, service_of(node))

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(uploads.resume)
        try:
            yield
        finally:
            await run_in_threadpool(uploads.close)

    app = FastAPI(title="Entente", openapi_url=None, lifespan=living)
    app.mount(STATIC, StaticFiles(directory=str(files("entente.web").joinpath("static"))))
    for route in routes:
        app.add_api_route(
            route.path, _endpoint(held, route), methods=[route.method], response_model=None, include_in_schema=False
        )
    app.add_exception_handler(HTTPException, _not_found(held))
    app.add_middleware(_Headed, told=headers_for(held.url))
    return app


def _endpoint(held: _Screens, route: Route) -> Callable[[Request], Awaitable[Response]]:
    """INVARIANT: whoever sends a form may send it when all of it has come, not only when it began to come."""

    async def endpoint(request: Request) -> Response:
        visit = _stranger(held, request)
        try:
            check_place(request, held.url)
            visit = await run_in_threadpool(_visit, held, request)
            check_person(route, request, visit.person, visit.session)
            if route.method == "GET":
                return await run_in_threadpool(route.answer, visit)
            async with limited(request, route.max_bytes, route.form_seconds).form(
                max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
            ) as form:
                visit = replace(await run_in_threadpool(_visit, held, request), form=form)
                check_person(route, request, visit.person, visit.session)
                check_form(form.get("form_token"), visit.session)
                return await run_in_threadpool(route.answer, visit)
        except ClientDisconnect:
            return Response(status_code=400)
        except BodyTooSlow:
            return Response(status_code=408)
        except Exception as mishap:  # noqa: BLE001 - every one is told to the visitor, and a defect to the log
            return await run_in_threadpool(_after, visit, route, mishap)

    return endpoint


def _stranger(held: _Screens, request: Request) -> Visit:
    """Before anything is known of a request, and for what comes from elsewhere: shows nothing of whoever is signed
    in."""
    language = language_of(request, None, held.node.config.language)
    return Visit(
        node=held.node,
        house=held.house,
        uploads=held.uploads,
        language=language,
        here="/",
        paces=held.paces,
        service=held.service,
    )


def _visit(held: _Screens, request: Request) -> Visit:
    token = request.cookies.get(cookie_name(held.node.party, held.url), "")
    found = session_of(held.node, token) if token else None
    person, session = found or (None, None)
    return Visit(
        node=held.node,
        house=held.house,
        uploads=held.uploads,
        language=language_of(request, person, held.node.config.language),
        here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        person=person,
        session=session,
        path=dict(request.path_params),
        query=request.query_params,
        is_part=_wants_part(request),
        address=request.client.host if request.client else "",
        step=request.cookies.get(step_cookie(held.node.party, held.url), ""),
        paces=held.paces,
        service=held.service,
    )


def _wants_part(request: Request) -> bool:
    """htmx asks for the whole page too: when somebody goes back."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-request-type") != "full"


def _after(visit: Visit, route: Route, mishap: Exception) -> Response:
    """The answer where the handler gave none."""
    if isinstance(mishap, GoTo) and visit.is_part:  # a whole page does not belong into a part of one
        return Response(headers={"hx-redirect": mishap.path})
    if isinstance(mishap, GoTo):
        return RedirectResponse(mishap.path, SEE_OTHER)
    if isinstance(mishap, EntenteError):
        return _told(visit, mishap)
    if isinstance(mishap, HTTPException):  # what was sent is no form
        return _told(visit, UnreadableForm())
    where = "".join(format_tb(mishap.__traceback__))  # not what the error says: that may be a value of a record
    log.error("%s %s: %s\n%s", route.method, route.path, type(mishap).__name__, where)
    return _told(visit, Unexpected())


def _told(visit: Visit, error: EntenteError) -> Response:
    if isinstance(error, OurFault):
        log.warning("%s", error)
    status, text = status_of(error), error.said(visit.book.translate)
    return visit.page(
        "error.html",
        part="content",
        status=status,
        title=title_of(status, visit.say),
        text=text,
        may_restate=status == 404 or isinstance(error, PurposeForbidden),
    )


def _not_found(held: _Screens) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        visit = _stranger(held, request)
        with suppress(OtherPlace):
            check_place(request, held.url)
            visit = await run_in_threadpool(_visit, held, request)
        status = error.status_code if isinstance(error, HTTPException) else 500
        told = NothingHere() if status in (404, 405) else Unexpected()
        page = await run_in_threadpool(_told, visit, told)
        page.status_code = status
        return page

    return answer


class _Headed:
    """Every answer leaves with the headers of entente.web.guard; our own files may be kept by the browser."""

    def __init__(self, app: ASGIApp, told: Mapping[str, str]) -> None:
        self._app, self._told = app, told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._told)
                if scope["path"].startswith(f"{STATIC}/") and message["status"] == 200:
                    is_versioned = bool(scope["query_string"])
                    headers["cache-control"] = f"public, max-age={YEAR_SECONDS}" if is_versioned else "no-cache"
            await send(message)

        await self._app(scope, receive, sending)
