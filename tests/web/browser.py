"""Chromium as people use it: what it complains about, what it asks of others, and whether everybody can read a page.

Needs Debian's chromium, playwright and what `tools/assets` fetched; without them tests skip with a reason, in CI they
fail.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, sync_playwright

from entente.web.guard import cookie_name
from house.sources import ROOT
from web.given import Held
from web.served import Served

AXE = ROOT / ".venv" / "web" / "node_modules" / "axe-core" / "axe.min.js"
STYLES = ROOT / "src" / "entente" / "web" / "static" / "vendor" / "css" / "uswds.min.css"
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WIDE, NARROW, HIGH = 1280, 360, 900

_LOOK = """async rules => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']});
  const told = (rule, node) => `${rule}: ${node.target.join(' ')}: ${node.failureSummary}`;
  return found.violations.flatMap(one => one.nodes.map(node => told(one.id, node)));
}"""
_TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  const scrolls = element => element.closest('.table-wrap, .usa-sr-only') !== null;
  const wide = [...document.body.querySelectorAll('*')]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > room + 1)
    .filter(element => !scrolls(element))
    .map(element => `${element.tagName} ${element.className} ends at ${element.getBoundingClientRect().right}`);
  const width = document.documentElement.scrollWidth;
  return width > room ? [...wide, `the page is ${width} wide, the screen ${room}`] : wide;
}"""
_PRINTED = """() => [...document.querySelectorAll('nav, .masthead form, .menu, .usa-skipnav, button')]
  .filter(element => element.checkVisibility())
  .map(element => `${element.tagName} ${element.className} would be printed`)"""


def read(here: Locator) -> str:
    """What stands there once the whole page has come: a browser shows the beginning of a page before its end."""
    here.wait_for(state="attached")
    here.page.wait_for_load_state("domcontentloaded")
    return here.inner_text()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Skips, or fails in CI, where something is missing."""
    path = shutil.which("chromium")
    missing = [
        name
        for name, is_there in (
            ("Debian's package chromium", path is not None),
            (f"{AXE.name}, which tools/assets fetches", AXE.is_file()),
            (f"{STYLES.name}, which tools/assets fetches", STYLES.is_file()),
        )
        if not is_there
    ]
    if missing:
        reason = f"needs {' and '.join(missing)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person at one browser window. `complaints`: errors of scripts and of loading, and requests to others."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Raises AssertionError when the page answers with an error."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 400, f"{path} answers {answer.status}: {self.page.inner_text('main')}"

    def at(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HIGH})

    def forgive(self, status: int) -> None:
        """Chromium complains of every page that answers with an error; this one was to do so, once."""
        told = f"console: Failed to load resource: the server responded with a status of {status} "
        until = time.monotonic() + 5
        while not any(one.startswith(told) for one in self.complaints) and time.monotonic() < until:
            self.page.wait_for_timeout(20)
        (one,) = self.complaints
        assert one.startswith(told)
        self.complaints.clear()

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def note_error(self, error: Any) -> None:
        self.complaints.append(f"script: {error}")

    def note_request(self, request: Request) -> None:
        if urlsplit(request.url)[:2] != urlsplit(self.url)[:2] and not request.url.startswith("data:"):
            self.complaints.append(f"asks elsewhere: {request.url}")


@contextmanager
def window(browser: Browser, url: str, *, language: str = "en", has_scripts: bool = True) -> Iterator[Visitor]:
    """A window of somebody who has not signed in. INVARIANT: nothing goes wrong in it unnoticed, nothing leaves it."""
    context = browser.new_context(
        locale=language, viewport={"width": WIDE, "height": HIGH}, java_script_enabled=has_scripts
    )
    try:
        seen = Visitor(context.new_page(), url)
        context.on("console", seen.note_console)
        context.on("weberror", lambda found: seen.note_error(found.error))
        context.on("request", seen.note_request)
        yield seen
        assert seen.complaints == [], "\n".join(seen.complaints)
    finally:
        context.close()


@contextmanager
def visitor(
    browser: Browser, found: Served, held: Held | None, *, language: str = "en", has_scripts: bool = True
) -> Iterator[Visitor]:
    """A window of somebody with this session."""
    with window(browser, found.url, language=language, has_scripts=has_scripts) as seen:
        _bring_in(seen.page.context, found, held)
        yield seen


def _bring_in(context: BrowserContext, found: Served, held: Held | None) -> None:
    if held is not None:
        name = cookie_name(found.node.party, found.url)
        context.add_cookies([{"name": name, "value": held.cookie, "url": found.url, "httpOnly": True}])


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def check(seen: Visitor) -> None:
    """Everybody can read the page in the window: axe finds nothing at either width, nothing is wider than a small
    telephone, and paper shows no menu. Leaves the window wide."""
    page, wrong = seen.page, []
    page.evaluate(_axe())
    for width in (NARROW, WIDE):
        seen.at(width)
        wrong += [f"{width} px: {one}" for one in page.evaluate(_LOOK, list(RULES))]
        wrong += [f"{width} px: {one}" for one in page.evaluate(_TOO_WIDE)]
    page.emulate_media(media="print")
    wrong += page.evaluate(_PRINTED)
    page.emulate_media(media="screen")
    assert wrong == [], "\n".join(wrong)
