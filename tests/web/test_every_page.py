"""Every page of the route table in Chromium: in three languages, wide and narrow, on paper, with and without
JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from entente.node.people import set_language
from entente.vocabulary import LANGUAGES
from entente.web.routes import Route
from web.browser import check, chromium, visitor
from web.filled import PAGES, filled, in_short, readable_sides, reader_of
from web.given import Given, Held, alone, client_of
from web.served import Served

pytestmark = pytest.mark.browser
FIRST = ("/", "/sign-in", "/records", "/records/{record_id}", "/imports", "/desk/{number}")
"""Pages that are looked at in English among the fast tests; the others, and other languages, among the slow ones."""

PLACES = [pytest.param(route, side, id=f"{route.path}-{side}") for route in PAGES for side in readable_sides(route)]

READINGS = [
    pytest.param(
        route,
        side,
        language,
        id=f"{route.path}-{side}-{language}",
        marks=() if language == "en" and route.path in FIRST else pytest.mark.slow,
    )
    for language in LANGUAGES
    for route in PAGES
    for side in readable_sides(route)
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


@pytest.mark.parametrize(("route", "side", "language"), READINGS)
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


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("spoils", "told"),
    [
        ("document.querySelector('main').append(new Image())", "image-alt"),
        ("document.querySelector('h1').style.color = '#eee'", "color-contrast"),
        ("document.querySelector('h1').style.minWidth = '500px'", "H1 .* ends at 5"),
        ("document.querySelector('main').append(document.createElement('nav'), 'x')", "NAV  would be printed"),
    ],
)
def test_the_check_sees(shown: Served, browser: Browser, spoils: str, told: str) -> None:
    with visitor(browser, shown, None) as seen:
        seen.open("/sign-in")
        seen.page.evaluate(f"() => {{ {spoils} }}")
        seen.page.evaluate("() => document.querySelectorAll('nav').forEach(nav => nav.append('words'))")
        with pytest.raises(AssertionError, match=told):
            check(seen)


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        ("new Image().src = 'http://127.0.0.1:9/picture.png'", "picture.png"),
        ("fetch('https://elsewhere.example/').catch(() => 0)", "elsewhere.example"),
        ("setTimeout(() => { throw new Error('a defect') })", "a defect"),
        ("console.error('a complaint')", "a complaint"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')", "style"),
    ],
)
def test_the_window_notices(shown: Served, browser: Browser, happens: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        _see(shown, browser, happens)


def _see(shown: Served, browser: Browser, happens: str) -> None:
    with visitor(browser, shown, None) as seen:
        seen.open("/sign-in")
        seen.page.evaluate(f"() => {{ {happens} }}")
        seen.page.wait_for_timeout(300)
