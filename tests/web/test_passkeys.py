"""Passkeys in Chromium, with an authenticator of its own: made on the account's page, asked for at the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from entente.node.passkeys import passkeys_of, remove_all
from entente.node.signing_in import sessions_of
from web.browser import Visitor, check, chromium, window
from web.served import PASSWORD, Served, served
from web.small import small_node

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@contextmanager
def at(folder: Path, **settings: Any) -> Iterator[Served]:
    with served(small_node(folder / "cbp", "lee", "admin"), people={}, host="localhost", **settings) as found:
        yield found


@contextmanager
def with_authenticator(browser: Browser, found: Served) -> Iterator[Visitor]:
    """A window whose browser has an authenticator that knows its user."""
    with window(browser, found.url) as seen:
        devices = seen.page.context.new_cdp_session(seen.page)
        devices.send("WebAuthn.enable")
        devices.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        yield seen


def type_password(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


def make_passkey(seen: Visitor) -> None:
    page = seen.page
    page.get_by_label("Name of the new passkey").fill("telephone")
    page.get_by_role("button", name="Add a passkey").click()
    check(seen)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/account")


def test_a_passkey_is_made_then_asked_for_and_removed(browser: Browser, tmp_path: Path) -> None:
    with at(tmp_path) as found, with_authenticator(browser, found) as seen:
        page = seen.page
        seen.open("/sign-in?back=/account")
        type_password(page, "lee")
        make_passkey(seen)
        assert "The passkey telephone is yours now." in page.inner_text("main")
        check(seen)
        sign_out(page)
        seen.open("/sign-in?back=/partners")
        type_password(page, "lee")
        page.wait_for_url("**/partners")  # the page asked the authenticator by itself
        (used,) = passkeys_of(found.node, "lee")
        assert used.used_at is not None
        assert [row.way for row in sessions_of(found.node, "lee")] == ["password-and-passkey"]
        seen.open("/account")
        page.get_by_role("button", name="Remove the passkey telephone").click()
        page.wait_for_url("**/account")
        assert passkeys_of(found.node, "lee") == []


def test_a_passkey_alone_is_enough_where_the_node_says_so(browser: Browser, tmp_path: Path) -> None:
    with at(tmp_path, sign_in="passkey") as found, with_authenticator(browser, found) as seen:
        page = seen.page
        seen.open("/sign-in?back=/partners")
        type_password(page, "lee")
        page.wait_for_url("**/account")
        assert "At this node everybody signs in with a passkey as well." in page.inner_text("main")
        seen.page.goto(f"{found.url}/partners")
        page.wait_for_url("**/account")
        make_passkey(seen)
        sign_out(page)
        seen.open("/sign-in?back=/partners")
        check(seen)
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/partners")
        assert "lee" in page.inner_text(".who")


def test_a_browser_without_the_passkey_stays_outside_and_says_so(browser: Browser, tmp_path: Path) -> None:
    with at(tmp_path) as found:
        with with_authenticator(browser, found) as seen:
            seen.open("/sign-in?back=/account")
            type_password(seen.page, "lee")
            make_passkey(seen)
        with with_authenticator(browser, found) as seen:
            seen.open("/sign-in")
            type_password(seen.page, "lee")
            seen.page.get_by_text("The browser gave no passkey").wait_for()
            check(seen)
            seen.page.goto(f"{found.url}/partners")
            assert "/sign-in" in seen.page.url
            assert remove_all(found.node, "lee", by="admin") == 1
            seen.open("/sign-in")
            type_password(seen.page, "lee")
            seen.page.wait_for_url(f"{found.url}/")
