"""Pictures of every screen, in English and French, in `screenshots`; two small ones, for the README, in `docs`.

`make screenshots`; ARGS names screens to take alone (ARGS='desk record'). They show the world of the tests of screens,
all of it simulated.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from entente.node.people import set_language
from entente.web.routes import Route
from web.browser import NARROW, Visitor, chromium, visitor
from web.filled import PAGES, filled, reader_of, sides_of
from web.given import Given, alone, build_given, client_of
from web.served import Served

ROOT = Path(__file__).resolve().parents[1]
FOLDER, DOCS = ROOT / "screenshots", ROOT / "docs"
LANGUAGES = ("en", "fr")
ALSO_NARROW = frozenset({"/", "/records/{record_id}", "/desk/{number}"})
FOR_README = {"/records/{record_id}": "screen-record", "/desk/{number}": "screen-desk"}
SMALL = (1280, 1000)
SCALE = 0.7
MOST_BYTES = 120_000


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the route table: with what is ours, or with what came."""

    route: Route
    side: str

    @property
    def name(self) -> str:
        name = self.route.path.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "home"
        return name if self.side == "own" else f"{name}-{self.side}"


def main() -> None:
    """Takes all pictures, or those whose name holds one of the words given."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        given = build_given(Path(folder) / "given")
        with alone(given, Path(folder) / "rcmp") as found:
            for screen in screens():
                if not sys.argv[1:] or any(word in screen.name for word in sys.argv[1:]):
                    _take(browser, given, found, screen)


def screens() -> Iterator[Screen]:
    for route in PAGES:
        yield from (Screen(route, side) for side in sides_of(route) if side != "other")


def _take(browser: Browser, given: Given, found: Served, screen: Screen) -> None:
    """One page in every language; nothing for a file, or a part of a page."""
    route = screen.route
    held = None if route.path == "/sign-in" else given.sessions[reader_of(route)]
    path = filled(route, given, screen.side)
    with client_of(found, held) as client:
        answer = client.get(path)
    if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
        return
    for language in LANGUAGES:
        set_language(found.node, given.people[reader_of(route)], language, by="test")
        with visitor(browser, found, held, language=language) as seen:
            seen.open(path)
            _picture(seen, FOLDER / f"{screen.name}.{language}.png")
            if route.path in ALSO_NARROW:
                seen.at(NARROW)
                _picture(seen, FOLDER / f"{screen.name}.{language}.narrow.png")
            if route.path in FOR_README and screen.side == "own" and language == "en":
                _small(browser, seen, DOCS / f"{FOR_README[route.path]}.png")


def _picture(seen: Visitor, file: Path) -> None:
    seen.page.screenshot(path=file, full_page=True, animations="disabled")
    print(file.relative_to(ROOT))


def _small(browser: Browser, seen: Visitor, file: Path) -> None:
    """The top of the page, small enough for a repository."""
    width, height = SMALL
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=SCALE,
        storage_state=seen.page.context.storage_state(),
    )
    page = context.new_page()
    page.goto(seen.page.url)
    page.screenshot(path=file, animations="disabled")
    context.close()
    size = file.stat().st_size
    print(file.relative_to(ROOT), size)
    if size > MOST_BYTES:
        sys.exit(f"{file} has {size} bytes; the README wants at most {MOST_BYTES}.")


if __name__ == "__main__":
    main()
