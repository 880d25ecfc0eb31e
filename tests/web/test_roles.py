"""Every route, for every role, nobody and a newcomer, with what is ours, what came and what nobody here knows.

All of it follows from the route table and from entente.node.roles; a route that cannot be tested fails here.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from _pytest.mark import ParameterSet

from entente.node.roles import PERMISSIONS, ROLES
from entente.node.work import Node
from entente.web.guard import ALWAYS, PASSWORD_PATH
from entente.web.routes import Route
from entente.web.screens import ROUTES
from web.filled import (
    FILES,
    FORMS,
    LIMITED,
    PAGES,
    SENT,
    SORTS,
    filled,
    form_for,
    in_short,
    named,
    parameters,
    roles_for,
    sides_of,
    sort_of,
)
from web.given import NEWCOMER, Given, Held, alone, client_of, together
from web.served import Served

NOBODY = "nobody"
EVERYBODY = (*ROLES, NEWCOMER, NOBODY)
GUARDED = ("/sign-in", PASSWORD_PATH, "/reason")
LET_IN = frozenset({200, 303, 422})
"""Answers of a screen itself; 422 where it refuses what was typed."""


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One copy for all that changes nothing."""
    with alone(given, tmp_path_factory.mktemp("shown") / "rcmp") as found:
        yield found


def held_by(given: Given, who: str) -> Held | None:
    return given.sessions.get(who)


def send(
    found: Served, route: Route, path: str, held: Held | None, form: Mapping[str, str], **headers: str
) -> httpx.Response:
    with client_of(found, held, **headers) as client:
        if route.method == "GET":
            answer = client.get(path)
            leads_up = answer.status_code == 303 and path.startswith(f"{_place(answer)}/")
            return client.get(answer.headers["location"]) if leads_up else answer
        if route.path in FILES:
            return client.post(path, data=dict(form), files={"file": FILES[route.path]})
        return client.post(path, data=dict(form))


def form_of(given: Given, found: Served, route: Route, held: Held | None) -> dict[str, str]:
    return {**form_for(route, given, found), "form_token": held.form_token if held else ""}


def kept(node: Node) -> object:
    """Everything that a screen could change."""
    with node.store.reading() as tx:
        return (
            tx.ledger_head(),
            list(tx.accounts()),
            list(tx.duties()),
            list(tx.intakes()),
            list(tx.releases()),
            list(tx.agreements()),
            list(tx.outbox_counts()),
            list(tx.record_counts()),
        )


def expected(route: Route, who: str, side: str) -> str:
    """`in`, or the status that is answered, or where the visitor is sent."""
    if route.is_public:
        return "in"
    if who == NOBODY:
        return "/sign-in" if route.method == "GET" else "401"
    if who == NEWCOMER:
        return "in" if route.path in ALWAYS else PASSWORD_PATH
    if who not in roles_for(route):
        return "403"
    has_it = side == "own" or (
        side == "received" and (sort_of(route) not in LIMITED or who in PERMISSIONS["read-received"])
    )
    return "in" if has_it else "404"


def refused_sides(route: Route, who: str) -> list[str]:
    return [side for side in sides_of(route) if expected(route, who, side) != "in"]


def each(route: Route, who: str, *marks: pytest.MarkDecorator) -> ParameterSet:
    return pytest.param(route, who, marks=marks, id=f"{named(route)}-{who}")


def each_let_in() -> Iterator[ParameterSet]:
    """A node of its own for each; of those who may send a form, the first among the fast tests."""
    for route in SENT:
        allowed = [who for who in EVERYBODY if expected(route, who, "own") == "in"]
        yield from (each(route, who, *([pytest.mark.slow] if who != allowed[0] else [])) for who in allowed)


def seen(answer: httpx.Response) -> str:
    if _place(answer) in GUARDED:
        return _place(answer)
    return "in" if answer.status_code in LET_IN else str(answer.status_code)


def _place(answer: httpx.Response) -> str:
    """Where the visitor is sent; htmx, which asks for a part of a page, by a header of its own."""
    place = answer.headers.get("hx-redirect") or answer.headers.get("location") or ""
    return str(place).partition("?")[0]


def of_the_route(found: str, route: Route) -> str:
    """Some screens lead to those pages by themselves."""
    return "in" if route.path in ("/sign-out", "/sign-in", "/reason", PASSWORD_PATH) and found != "401" else found


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_every_route_can_be_filled_and_sent(route: Route) -> None:
    missing = [name for name in parameters(route) if name not in SORTS]
    assert missing == [], f"tests/web/filled.py does not say what {missing} name"
    assert route.method == "GET" or route.path in FORMS, "tests/web/filled.py has no form for it"
    assert route.needs is None or route.needs in PERMISSIONS


def test_every_visitor_and_side_is_walked() -> None:
    """A form refuses or lets in each of them; at a page all of them knock."""
    refused = {(named(route), who) for route in SENT for who in EVERYBODY if refused_sides(route, who)}
    let_in = {(named(route), who) for route in SENT for who in EVERYBODY if expected(route, who, "own") == "in"}
    assert refused | let_in == {(named(route), who) for route in SENT for who in EVERYBODY}


def test_no_form_is_kept_for_a_route_that_is_gone() -> None:
    assert FORMS.keys() == {route.path for route in SENT}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("route", PAGES, ids=named)
def test_a_page_opens_for_whom_it_is_meant(given: Given, shown: Served, route: Route, who: str) -> None:
    held = held_by(given, who)
    for headers in ({}, {"hx-request": "true"}):
        found = {side: send(shown, route, filled(route, given, side), held, {}, **headers) for side in sides_of(route)}
        told = {side: seen(answer) for side, answer in found.items()}
        assert told == {side: expected(route, who, side) for side in sides_of(route)}


@pytest.mark.parametrize(
    ("route", "who"), [each(route, who) for route in PAGES if route.reads for who in roles_for(route)]
)
def test_values_are_shown_to_nobody_who_has_not_said_why(given: Given, shown: Served, route: Route, who: str) -> None:
    answer = send(shown, route, filled(route, given), given.silent[who], {})
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/reason")


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("route", [route for route in ROUTES if sort_of(route) in LIMITED], ids=named)
def test_what_came_for_other_purposes_is_not_there(given: Given, shown: Served, route: Route, who: str) -> None:
    held = given.others[who]
    answer = send(shown, route, filled(route, given, "received"), held, form_of(given, shown, route, held))
    assert answer.status_code == (404 if who in roles_for(route) else 403)


@pytest.mark.parametrize(
    ("route", "who"), [each(route, who) for route in SENT for who in EVERYBODY if refused_sides(route, who)]
)
def test_who_may_not_do_it_changes_nothing(given: Given, shown: Served, route: Route, who: str) -> None:
    held = held_by(given, who)
    form = form_of(given, shown, route, held)
    before = kept(shown.node)
    for side in refused_sides(route, who):
        answer = send(shown, route, filled(route, given, side), held, form)
        assert seen(answer) == expected(route, who, side), side
    assert kept(shown.node) == before


@pytest.mark.parametrize(("route", "who"), [*each_let_in()])
def test_who_may_do_it_is_let_in(given: Given, tmp_path: Path, route: Route, who: str) -> None:
    held = held_by(given, who)
    with together(given, tmp_path / "world") as (_, found):
        for side in sides_of(route):
            if expected(route, who, side) == "in":
                answer = send(found, route, filled(route, given, side), held, form_of(given, found, route, held))
                assert of_the_route(seen(answer), route) == "in", (side, in_short(answer))


def _forged(given: Given, who: str, found: Served) -> Mapping[str, tuple[dict[str, str], dict[str, str]]]:
    """(form fields, headers) by what is wrong with them."""
    token = {"form_token": given.sessions[who].form_token}
    other = next(one for one in ROLES if one != who)
    return {
        "no token": ({}, {}),
        "an empty token": ({"form_token": ""}, {}),
        "the token of another session": ({"form_token": given.others[who].form_token}, {}),
        "the token of somebody else": ({"form_token": given.sessions[other].form_token}, {}),
        "from elsewhere": (token, {"origin": "https://elsewhere.example"}),
        "from nowhere": (token, {"origin": "null"}),
        "from another port": (token, {"origin": found.url + "1"}),
        "from another scheme": (token, {"origin": found.url.replace("http:", "https:")}),
        "without an origin": (token, {"origin": ""}),
        "from another site": (token, {"origin": "https://elsewhere.example", "sec-fetch-site": "same-origin"}),
        "for another host": (token, {"host": "elsewhere.example"}),
    }


@pytest.mark.parametrize("route", SENT, ids=named)
def test_a_form_that_our_pages_did_not_make_changes_nothing(given: Given, shown: Served, route: Route) -> None:
    who = roles_for(route)[0]
    typed, before = form_for(route, given, shown), kept(shown.node)
    for wrong, (fields, headers) in _forged(given, who, shown).items():
        form = {**typed, **fields}
        answer = send(shown, route, filled(route, given), given.sessions[who], form, **headers)
        assert answer.status_code in (403, 422), wrong
        assert "Set-Cookie" not in answer.headers, wrong
    assert kept(shown.node) == before
    with client_of(shown, given.sessions[who]) as client:
        assert client.get("/help").status_code == 200
