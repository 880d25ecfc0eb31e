"""The walk through the browser: every screen of a node, for every role and purpose, by every path that leads on."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace

from entente.cli.house import house
from entente.node.roles import ROLES
from entente.node.work import Node
from entente.web import screens
from entente.web.routes import Route
from entente.web.screens import ROUTES
from story.drug_checking_given import canary
from story.world import answering
from web.filled import FORMS, SORTS
from web.served import Browser, Served, make_people

MOST = 3
CHANGING = ("/account/password", "/account/sessions/end", "/language", "/reason", "/sign-in", "/sign-out")
"""What would end this walk, or change who walks and why."""
_PARAMETER = re.compile(r"\{(\w+)\}")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[,.\u00a0\u202f ](?=\d{3})")


@dataclass(frozen=True)
class Page:
    """What somebody in `role` saw at `path`, having stated `purpose`; without what stood in the path itself."""

    role: str
    purpose: str
    path: str
    status: int
    text: str


def browse(node: Node, purposes: tuple[str, ...], typed: tuple[str, ...]) -> Iterator[Page]:
    """Every page: for every role with the first of `purposes`, for an analyst with all of them. `typed` are ids that
    somebody knows and tries, whether the node holds them or not."""
    named = _named(node, typed)
    with _screens_of(node) as served:
        for role in ROLES:
            with served.browser(role) as browser:
                for purpose in purposes if role == "analyst" else purposes[:1]:
                    browser.state_reason(purpose)
                    for route in ROUTES:
                        yield from _pages(browser, route, named, role, purpose)


def _pages(browser: Browser, route: Route, named: Mapping[str, list[str]], role: str, purpose: str) -> Iterator[Page]:
    if route.method == "POST" and (route.path in CHANGING or route.path.startswith("/people/")):
        return
    for path in _paths(route.path, named):
        if route.method == "GET":
            answer = browser.get(path)
        else:
            files = {"file": ("counts.csv", canary())} if route.path == "/imports" else None
            answer = browser.post(path, files, **FORMS[route.path])
        text = answer.text
        for part in path.split("/"):
            text = text.replace(part, "") if len(part) > 7 else text
        yield Page(role, purpose, path, answer.status_code, _BETWEEN_DIGITS.sub("", text))


def _paths(template: str, named: Mapping[str, list[str]]) -> Iterator[str]:
    found = _PARAMETER.search(template)
    if found is None:
        yield template
        return
    for value in named[SORTS[found[1]]]:
        yield template.replace(found[0], value)


def _named(node: Node, typed: tuple[str, ...]) -> dict[str, list[str]]:
    """What the paths can name: the first of everything the node holds, and what somebody typed."""
    with node.store.reading() as tx:
        size = tx.ledger_head().size
        records = [row.id for row in tx.current_records(limit=MOST)]
        findings = [row.id for row in tx.current_records("finding", limit=MOST)]
        return {
            "record": [*records, *typed, *findings],
            "finding": findings or ["0" * 32],
            "notice": [row.about for row in tx.duties()][:MOST] or ["sha256:" + "0" * 64],
            "partner": [row.party for row in tx.partners()],
            "entry": [str(index) for index in range(max(0, size - MOST), size)],
            "person": ["the-analyst"],
            "release": [row.id for row in tx.releases()][:MOST] or ["0" * 16],
            "import": [row.id for row in tx.intakes()][:MOST] or ["20260101T000000000000"],
            "agreement": [row.digest for row in tx.agreements()],
            "format": [reader.name for reader in house().readers],
            "course": sorted({row.name for row in tx.agreements()}),
            "place": ["1"],
            "emergency": [row.id for row in tx.releases("emergency")][:MOST] or ["0" * 16],
            "question": [row.about for row in tx.askings()][:MOST] or ["sha256:" + "0" * 64],
            "evidence": [row.id for row in tx.accusations()][:MOST] or ["sha256:" + "0" * 64],
            "advisory": ["ca.industry-1"],
            "bulletin": [row.id for row in tx.current_records("bulletin", limit=MOST)] or ["0" * 32],
        }


@contextmanager
def _screens_of(node: Node) -> Iterator[Served]:
    """The screens of a node that is open already, over its own store."""
    with ExitStack() as stack:
        listener = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        seen = replace(node, config=replace(node.config, screens=url))
        stack.enter_context(answering(screens(seen, house()), listener))
        yield Served(seen, url, make_people(seen))
