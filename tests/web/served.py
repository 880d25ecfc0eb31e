"""A node whose screens answer on a real port, one person for every role, and their browsers without JavaScript."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from entente.cli.house import catalogue, house
from entente.node.config import read_config, write_config
from entente.node.people import add_person, change_password
from entente.node.roles import ROLES
from entente.node.work import Clock, Node, open_node, utc_now
from entente.web import screens
from story.world import answering

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients on loopback: reading all public authorities takes longer than what they ask."""

PASSWORD = "a long walk at the river"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Browser:
    """One person's browser: follows redirects, keeps cookies, sends the token of the page it stands on."""

    client: httpx.Client
    token: str = ""
    page: httpx.Response | None = field(default=None, repr=False)

    def get(self, path: str, **query: str) -> httpx.Response:
        return self._seen(self.client.get(path, params=query or None))

    def post(self, path: str, files: Mapping[str, tuple[str, bytes]] | None = None, **form: str) -> httpx.Response:
        sent = {"form_token": self.token, **form}
        return self._seen(self.client.post(path, data=sent, files=dict(files) if files else None))

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        self.get("/sign-in")
        answer = self.post("/sign-in", name=name, password=password)
        return self._seen(answer)

    def state_reason(self, purpose: str = "investigation", why: str = "a test") -> httpx.Response:
        self.get("/reason")
        return self.post("/reason", purpose=purpose, why=why)

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        self.page = answer
        found = _TOKEN.search(answer.text) if "html" in answer.headers.get("content-type", "") else None
        self.token = found[1] if found else self.token
        return answer


@dataclass(frozen=True)
class Served:
    """`node` with its screens at `url`; `people` by role, whose password is PASSWORD."""

    node: Node
    url: str
    people: Mapping[str, str]

    @contextmanager
    def browser(self, role: str | None = None, language: str = "en") -> Iterator[Browser]:
        """Signed in as the person with `role`, who has stated a reason; None: not signed in."""
        headers = {"origin": self.url, "accept-language": language}
        with httpx.Client(
            base_url=self.url, headers=headers, follow_redirects=True, timeout=30, verify=NO_TLS
        ) as client:
            browser = Browser(client)
            if role is not None:
                browser.sign_in(self.people[role])
                browser.state_reason()
            yield browser


def make_people(node: Node, officers: Mapping[str, str] = {}) -> dict[str, str]:
    """One person for every role, named like it, with PASSWORD; `officers` by role."""
    made = {}
    for role in ROLES:
        name = f"the-{role}"
        _, once = add_person(node, name, [role], officer=officers.get(role, ""), by="test")
        change_password(node, name, once, PASSWORD)
        made[role] = name
    return made


@contextmanager
def served(
    folder: Path,
    clock: Clock = utc_now,
    people: Mapping[str, str] | None = None,
    *,
    host: str = "127.0.0.1",
    **settings: Any,
) -> Iterator[Served]:
    """The node in `folder`, at a new address for its screens (`host` is a name of this machine), with one person for
    every role unless `people` are there. `settings` stand in its node.toml."""
    with ExitStack() as stack:
        listener = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
        url = f"http://{host}:{listener.getsockname()[1]}"
        write_config(replace(read_config(folder), screens=url, **settings))
        node = stack.enter_context(closing(open_node(folder, catalogue(), clock)))
        stack.enter_context(answering(screens(node, house()), listener))
        yield Served(node, url, people if people is not None else make_people(node))
