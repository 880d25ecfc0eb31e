"""The route table with something in it: what each path parameter names, and a form for everything that is sent."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from types import MappingProxyType

import httpx

from entente.agreements import model_bytes
from entente.node.roles import PERMISSIONS, ROLES
from entente.web.routes import Route
from entente.web.screens import ROUTES
from web.given import SAMPLES, Given, client_of
from web.served import Served

SIDES = ("own", "received", "other")
PAGES = [route for route in ROUTES if route.method == "GET"]
SENT = [route for route in ROUTES if route.method == "POST"]

SORTS: Mapping[str, str] = MappingProxyType(
    {
        "record_id": "record",
        "finding_id": "finding",
        "about": "notice",
        "party": "partner",
        "index": "entry",
        "name": "person",
        "number": "release",
        "intake_id": "import",
        "digest": "agreement",
        "reader": "format",
        "course": "course",
        "place": "place",
        "emergency": "emergency",
        "question": "question",
        "id": "evidence",
        "advisory": "advisory",
        "bulletin": "bulletin",
    }
)
"""What each parameter of a path names, in the words of web.given."""

LIMITED = frozenset({"record", "finding"})
"""Whose received ones need `read-received` and a purpose that their agreement names."""

FORMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "/sign-in": {"name": "the-officer", "password": "not the right one"},
        "/sign-in/passkey/begin": {},
        "/sign-in/passkey": {"answer": "{}"},
        "/account/passkeys/begin": {"title": "telephone"},
        "/account/passkeys": {"answer": "{}"},
        "/account/passkeys/remove": {"passkey": "none"},
        "/account/service": {},
        "/account/service/remove": {"issuer": "https://id.example.gov", "subject": "somebody"},
        "/account/sessions/end": {},
        "/sign-out": {},
        "/language": {"language": "es", "back": "/help"},
        "/account/password": {"old": "not the old one", "new": "eleven quiet herons", "again": "eleven quiet herons"},
        "/reason": {"purpose": "statistics", "why": "another file", "back": "/help"},
        "/findings/look": {"question": "substances.growth", "until": "2025-09-30", "records": "simulated"},
        "/findings/{finding_id}/accept": {"version": "1", "note": "seen in two laboratories"},
        "/findings/{finding_id}/dismiss": {"version": "1", "note": "one laboratory changed its method"},
        "/findings/{finding_id}/again": {},
        "/findings/{finding_id}/bulletin": {"add_en": "Take care.", "keep": ""},
        "/bulletins/{bulletin}/approve": {"version": "1"},
        "/bulletins/{bulletin}/withdraw": {},
        "/bulletins/{bulletin}/files": {},
        "/notices/{about}/acknowledge": {"note": "seen"},
        "/notices/{about}/answer": {"outcome": "confirmed", "note": "the same here"},
        "/retention/run": {"sure": "yes"},
        "/retention/switch": {"to": "off"},
        "/retention/hold": {"record": "0" * 32, "why": "a court asked for it"},
        "/retention/release": {"record": "0" * 32, "why": "the case is closed"},
        "/ask": {
            "type": "query",
            "partner": "us.dea",
            "field0": "sample.number",
            "value0": "SIM-8",
            "purpose": "threat-assessment",
            "legal_basis": "ca.customs-act-107",
            "reason": "file 12",
        },
        "/asked/{question}/grant": {"seen": "what stands in the page"},
        "/asked/{question}/refuse": {"reason": "not-available", "note": "the exhibit is before a court"},
        "/imports": {"simulated": "yes"},
        "/desk/{number}/approve": {"seen": "what stands in the page"},
        "/desk/{number}/refuse": {"why": "the exhibit is before a court"},
        "/partners/{party}/compare": {"does": "look"},
        "/records/{record_id}/emergency": {"partner": "us.dea", "field": "substance_suspected", "why": "it may kill"},
        "/records/{record_id}/recall": {"reason": "wrong", "wanted": "mark", "note": "weighed twice", "sure": "yes"},
        "/advisories/{advisory}/files": {},
        "/advisories/{advisory}/record": {"what": "acknowledged", "by": "M. Roy", "how": "telephone"},
        "/emergencies/{emergency}/review": {"judgement": "right", "note": "somebody would have taken it"},
        "/may-i-share": {"kind": "sample", "partner": "us.dea", "purpose": "threat-assessment", "fact-mass_g": "2"},
        "/agreements/preview": {"partner": "us.dea", "purpose": "threat-assessment", "draft": "file", "officers": "2"},
        "/training/{course}/begin": {},
        "/training/{course}/answer": {"exercise": "the one that is asked", "outcome": "wait"},
        "/ledger/verify": {},
        "/ledger/{index}/again": {},
        "/new-person": {"name": "somebody-new", "roles": "officer", "language": "fr"},
        "/people/{name}/roles": {"roles": "analyst"},
        "/people/{name}/officer": {"officer": ""},
        "/people/{name}/password": {},
        "/people/{name}/passkeys": {},
        "/people/{name}/service": {"subject": "somebody"},
        "/people/{name}/service/remove": {"issuer": "https://id.example.gov", "subject": "somebody"},
        "/people/{name}/disable": {},
        "/people/{name}/enable": {},
    }
)
"""A form for every path to which something is sent."""


FILES: Mapping[str, tuple[str, bytes]] = MappingProxyType(
    {
        "/imports": ("samples.csv", SAMPLES.encode()),
        "/agreements/preview": ("draft.toml", model_bytes("seized-drug-samples")),
    }
)
"""Where the form takes a file: its name and its bytes."""


STANDS_ON = frozenset({"/desk/{number}/approve"})
"""Whose form carries what its page, one step up, was showing."""


MOST: Mapping[str, str] = MappingProxyType(
    {
        "read-desk": "releasing-officer",
        "read-partners": "administrator",
        "import": "officer",
        "recall": "releasing-officer",
        "read-advisories": "releasing-officer",
    }
)
"""The role that can do most, by what a page needs; elsewhere the first of those who may open it."""


def parameters(route: Route) -> Sequence[str]:
    return re.findall(r"\{(\w+)(?::\w+)?\}", route.path)


def sort_of(route: Route) -> str:
    """What the path names; empty where it names nothing."""
    return next((SORTS.get(name, name) for name in parameters(route)), "")


def sides_of(route: Route) -> Sequence[str]:
    """Which sides there are of what the path names."""
    if not parameters(route):
        return ("own",)
    return SIDES if sort_of(route) in ("record", "finding", "notice") else ("own", "other")


def filled(route: Route, given: Given, side: str = "own") -> str:
    """The path with names of one side."""
    names: Mapping[str, str] = getattr(given, side)
    path = route.path
    for parameter in parameters(route):
        path = re.sub(rf"\{{{parameter}(:\w+)?\}}", names[SORTS[parameter]].replace(":", "%3A"), path)
    return path


def form_for(route: Route, given: Given, found: Served) -> dict[str, str]:
    """What somebody would send who stands on the page with the form: what was typed, and what the page put into it."""
    form, path = dict(FORMS.get(route.path, {})), filled(route, given)
    if route.path not in STANDS_ON:
        return form
    with client_of(found, given.sessions[roles_for(route)[0]]) as client:
        page = client.get(path.rpartition("/")[0])
    (shown,) = re.findall(rf'<form[^>]*action="{re.escape(path)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown)
    return {**form, **{name: unescape(value) for name, value in hidden if name != "form_token"}}


def roles_for(route: Route) -> Sequence[str]:
    """The roles that may use the route."""
    return [role for role in ROLES if route.needs is None or role in PERMISSIONS[route.needs]]


def reader_of(route: Route) -> str:
    """The role for which the page has most."""
    wanted = (MOST.get(route.needs or "", "analyst"), "analyst", "privacy-officer", "administrator")
    return next(role for role in wanted if role in roles_for(route))


def readable_sides(route: Route) -> Sequence[str]:
    """Those of which `reader_of` reads something."""
    sees_received = sort_of(route) not in LIMITED or reader_of(route) in PERMISSIONS["read-received"]
    return [side for side in sides_of(route) if side == "own" or (side == "received" and sees_received)]


def in_short(answer: httpx.Response) -> str:
    """What a page says, without its frame: for the message of a failing test."""
    main = re.search(r"<main[^>]*>(.*)</main>", answer.text, re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", main[1] if main else answer.text[:500])
    return f"{answer.status_code} {answer.request.url.path}: {' '.join(words.split())[:500]}"


def named(route: Route) -> str:
    """The name of the route in a list of tests."""
    return f"{route.method} {route.path}"
