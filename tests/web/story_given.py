"""Nodes for stories: two served processes that answer each other, people at both, and what they read in their
language."""

import shutil
import socket
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

from entente.agreements import model_bytes
from entente.cli.house import catalogue
from entente.cli.staging import Stage, served
from entente.node.config import read_config, write_config
from entente.node.people import add_person
from entente.node.work import open_node
from entente.vocabulary import phrasebook
from story.world import Ran, entente, tell_address
from web.browser import Visitor, window
from web.served import PASSWORD

RCMP, DEA = "ca.rcmp", "us.dea"
PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody at the node of `party`, whose password is PASSWORD."""

    party: str
    name: str
    roles: Sequence[str]
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What pages say in one language. INVARIANT: it is that language, not English that nobody has translated."""

    language: str

    def say(self, text: str, **values: object) -> str:
        return self.translated(text).format(**values)

    def translated(self, text: str) -> str:
        """With its places as they are."""
        found = str(phrasebook(self.language).translate(text))
        assert (found == text) == (self.language == "en"), f"{self.language}: {text}"
        return found

    def label(self, words: str, code: str) -> str:
        """Raises AssertionError where the vocabulary has no word for it."""
        found = catalogue().vocabulary.label(words, code, self.language)
        assert found != code
        return found

    def provision(self, model: str, number: str) -> str:
        """The text of a provision of a model agreement."""
        found = next(one for one in tomllib.loads(model_bytes(model).decode())["provision"] if one["id"] == number)
        return str(found["text"][self.language]).strip()


@dataclass(frozen=True)
class Nodes:
    """The processes, and the addresses where people sign in, by party."""

    stage: Stage
    screens: Mapping[str, str]

    def run(self, party: str, *arguments: object) -> Ran:
        """A verb at the machine of `party`."""
        return entente(*arguments, "--node", self.stage.nodes[party])

    def import_file(self, party: str, name: str, data: bytes) -> None:
        file = self.stage.folder / name
        file.write_bytes(data)
        done = self.run(party, "import", file, "--simulated", "--json")
        assert done.code == 0, done.err

    def database(self, party: str) -> bytes:
        return b"".join(file.read_bytes() for file in sorted(self.stage.nodes[party].glob("node.sqlite*")))


@contextmanager
def serving(template: Path, folder: Path, accounts: Sequence[Account], language: str) -> Iterator[Nodes]:
    """A copy of the stage in `template`, at new addresses, as processes of their own; everybody reads `language`."""
    shutil.copytree(template, folder)
    stage = Stage(folder, {one.party: folder / one.party.partition(".")[2] for one in accounts})
    ports = iter(_free_ports(2 * len(stage.nodes)))
    for home in stage.nodes.values():
        url, screens = (f"http://127.0.0.1:{next(ports)}" for _ in range(2))
        write_config(replace(read_config(home), url=url, screens=screens))
    urls = {party: read_config(home).url for party, home in stage.nodes.items()}
    for party, home in stage.nodes.items():
        with closing(open_node(home, catalogue())) as node:
            for other, url in urls.items():
                tell_address(node, other, url)
            for one in accounts:
                if one.party == party:
                    add_person(
                        node, one.name, one.roles, officer=one.officer, language=language, by="test", lasting=PASSWORD
                    )
    with served(stage):
        screens_at = {party: read_config(home).screens for party, home in stage.nodes.items()}
        for address in screens_at.values():
            _wait_for(address)
        yield Nodes(stage, screens_at)


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_for(url: str) -> None:
    until, parts = time.monotonic() + PATIENCE_SECONDS, urlsplit(url)
    while True:
        try:
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.05)
        else:
            return


@contextmanager
def at_the_door(
    browser: Browser, nodes: Nodes, party: str, language: str, *, has_scripts: bool = True
) -> Iterator[Visitor]:
    """Somebody who has opened the page for signing in at `party`."""
    with window(browser, nodes.screens[party], language=language, has_scripts=has_scripts) as seen:
        seen.open("/sign-in")
        yield seen


def sign_in(seen: Visitor, account: Account, words: Words) -> None:
    page = seen.page
    page.get_by_label(words.say("Name"), exact=True).fill(account.name)
    page.get_by_label(words.say("Password"), exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name=words.say("Sign in"), exact=True).click()
    assert page.get_attribute("html", "lang") == words.language


def state_reason(page: Page, words: Words, purpose: str, why: str) -> None:
    page.get_by_label(words.say("Purpose"), exact=True).select_option(label=words.label("purpose", purpose))
    page.get_by_label(words.say("Reason"), exact=True).fill(why)
    page.get_by_role("button", name=words.say("Continue"), exact=True).click()


def menu(page: Page, words: Words, text: str) -> Locator:
    """A link of the menu at the side."""
    return page.locator(".nav-side").get_by_role("link", name=words.say(text), exact=True)


def look_until(page: Page, wanted: Locator) -> None:
    """Loads the page again until it shows what has to arrive first."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not wanted.first.is_visible():
        assert time.monotonic() < until, f"{wanted} did not come: {page.inner_text('main')}"
        page.wait_for_timeout(200)
        page.reload()
