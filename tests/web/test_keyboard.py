"""Somebody with a keyboard notices a page that hides where they are."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from web.browser import chromium
from web.keyboard import Keys

pytestmark = pytest.mark.browser

MARKED = "<style>:focus { outline: 3px solid }</style>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<style>:focus { outline: none }</style><a href=1>one</a> <a href=2 id=end>two</a>", "nobody sees"),
        (f"{MARKED}<a href=1>one</a> <a href=2 id=end style='position: absolute; left: -99em'>two</a>", "be seen"),
        (f"{MARKED}<a href=1>one</a> <a href=2 id=end>two</a><p tabindex=1>third, but first</p>", "stands before"),
        (f"{MARKED}<a href=1 style='position: relative; top: 9em'>one</a> <a href=2 id=end>two</a>", "seen above"),
        (f"{MARKED}<a href=1>one</a> <span id=end>two</span>", "the page ends"),
    ],
)
def test_what_keeps_somebody_from_a_link_is_noticed(page: Page, body: str, complaint: str) -> None:
    page.set_content(f"<main>{body}</main>")
    with pytest.raises(AssertionError, match=complaint):
        Keys(page).tab_to(page.locator("#end"))


def test_a_page_in_order_is_walked(page: Page) -> None:
    page.set_content(f"<main>{MARKED}<a href=1>one</a> <a href=2 id=end>two</a></main>")
    Keys(page).tab_to(page.locator("#end"))
    Keys(page).back_to(page.locator("a").first)
