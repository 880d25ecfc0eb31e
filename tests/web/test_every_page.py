"""Every page of the route table in Chromium: in three languages, wide and narrow, on paper, with and without
JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from entente.node.people import set_language
from entente.vocabulary import LANGUAGES
from entente.web.routes import Route
from web.browser import check, chromium, visitor
from web.filled import PAGES, filled, in_short, reader_of, sides_of
from web.given import Given, Held, alone, client_of
from web.served import Served

pytestmark = pytest.mark.browser
LANGUAGE_TESTS = [pytest.param(language, marks=() if language == "en" else pytest.mark.slow) for language in LANGUAGES]

PLACES = [
    pytest.param(route, side, id=f"{route.path}-{side}")
    for route in PAGES
    for side in sides_of(route)
    if side != "other"
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with alone(given, tmp_path_factory.mktemp("pages") / "rcmp") as found:
        yield found


def somebody(given: Given, found: Served, route: Route, language: str) -> Held | None:
    """A person who may open the page, and reads it in `language`."""
    if route.path == "/sign-in":
        return None
    role = reader_of(route)
    set_language(found.node, given.people[role], language, by="test")
    return given.sessions[role]


def is_page(found: Served, held: Held | None, path: str) -> bool:
    """Anything else is a file to keep, which says so, or a part of a page, which leads there."""
    with client_of(found, held) as client:
        answer = client.get(path)
    if answer.status_code == 303:
        assert path.startswith(answer.headers["location"])
        return False
    assert answer.status_code == 200, in_short(answer)
    if answer.headers["content-type"].startswith("text/html"):
        return True
    assert answer.headers["content-disposition"].startswith("attachment; ")
    return False


@pytest.mark.parametrize("language", LANGUAGE_TESTS)
@pytest.mark.parametrize(("route", "side"), PLACES)
def test_everybody_can_read_the_page(
    given: Given, shown: Served, browser: Browser, route: Route, side: str, language: str
) -> None:
    held, path = somebody(given, shown, route, language), filled(route, given, side)
    if not is_page(shown, held, path):
        return
    with visitor(browser, shown, held, language=language) as seen:
        seen.open(path)
        assert seen.page.get_attribute("html", "lang") == language
        check(seen)


@pytest.mark.parametrize(("route", "side"), PLACES)
def test_the_page_is_whole_without_javascript(
    given: Given, shown: Served, browser: Browser, route: Route, side: str
) -> None:
    held, path = somebody(given, shown, route, "en"), filled(route, given, side)
    if not is_page(shown, held, path):
        return
    with visitor(browser, shown, held, has_scripts=False) as seen:
        seen.open(path)
        assert seen.page.locator("h1").count() == 1
        assert seen.page.locator("h1").inner_text().strip()
        assert len(seen.page.locator("main").inner_text()) > 60
