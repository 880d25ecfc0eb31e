"""The screens as an OpenAPI 3.1 document: every route with what it needs, for tools that test or document it.

Pages are for people; what they hold is described by docs/screens.md. Forms are named by their pages, so the document
says of a form only that it has text fields and the token of the page it stands on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from entente.web.screens import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from entente.web.routes import Route

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
_SEE_OTHER = "303"
_ANSWERS = {
    "200": "A page or a file.",
    _SEE_OTHER: "Another page: the one to go on with, the sign-in, or where a reason is stated.",
    "400": "The form cannot be read.",
    "403": "No role of this person may do this, or the form is of another page.",
    "404": "There is nothing here, or nothing that this person may see.",
    "405": "Another method is used here.",
    "408": "The form did not come in time.",
    "409": "What the form is about has changed.",
    "413": "The form or the file is too large.",
    "422": "The page says what is wrong with the form.",
    "429": "Too often; the page says when again.",
    "503": "The database or the disk does not answer now.",
}


def document(routes: Sequence[Route] = ROUTES) -> dict[str, Any]:
    """The document of `routes`, whose server is the address of the screens."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, path, routes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Entente: the screens of a node", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "entente-session"}}},
    }


def _operation(route: Route, path: str, routes: Sequence[Route]) -> dict[str, Any]:
    """`x-permission` is the permission that one of the person's roles must give (entente.node.roles)."""
    described: dict[str, Any] = {
        "operationId": _name(route.method, path),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in _PARAMETER.findall(route.path)
        ],
        "responses": {status: {"description": why} for status, why in _ANSWERS.items()},
        "security": [] if route.is_public else [{"session": []}],
        "x-permission": route.needs,
        "x-states-reason": route.reads,
    }
    described["responses"]["200"]["links"] = dict(_onward(path, routes))
    if route.method == "POST":
        fields = {"type": "object", "properties": {"form_token": {"type": "string"}}, "required": ["form_token"]}
        schema = {**fields, "additionalProperties": {"type": "string"}}
        described["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
        described["responses"][_SEE_OTHER]["links"] = dict(_links(routes))
    return described


def _onward(path: str, routes: Sequence[Route]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pages of the same part of the screens that need no name."""
    part = path.split("/")[1].partition(".")[0]
    for route in routes:
        if route.method == "GET" and "{" not in route.path and route.path.split("/")[1].partition(".")[0] == part:
            yield _name("goes on to", route.path), {"operationId": _name("GET", route.path)}


def _links(routes: Sequence[Route]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where a form may lead: pages with one name in their path, which the field Location holds."""
    for route in routes:
        path = _PARAMETER.sub(r"{\1}", route.path)
        names = _PARAMETER.findall(path)
        if route.method == "GET" and len(names) == 1 and path.endswith("}"):
            before = path.partition("{")[0]
            found = f"$response.header.Location#regex:{re.escape(before)}([^/?]+)"
            yield _name("goes to", path), {"operationId": _name("GET", path), "parameters": {names[0]: found}}


def _name(method: str, path: str) -> str:
    return re.sub(r"\W+", "-", f"{method} {path}").strip("-").lower()
