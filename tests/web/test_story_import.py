"""An officer of CBP sends a file with more than ten kinds of errors, corrects it, and sees what of it leaves; at CBSA
it arrives."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from playwright.sync_api import Error as BrowserError

from entente.cli.staging import build
from entente.records.faults import FAULTS as SENTENCES
from entente.vocabulary import LANGUAGES
from node.test_bad_rows import FAULTS, row
from story.tables import totals
from story.world import CBP, CBSA, world_of
from web.browser import Visitor, check, chromium, read
from web.story_given import Account, Nodes, Words, at_the_door, look_until, menu, serving, sign_in, state_reason
from web.test_imports import corrected

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SOUTHERN = 12_000
"""So many good rows, none of which leaves, take long enough to be read that somebody can watch."""
NAME = "the week.csv"
FILE = b"\n".join(
    (
        totals(1000, SOUTHERN).replace(b"Northern Border", b"Southwest Border").rstrip().replace(b"\r\n", b"\n"),
        row(0),
        *(bad for bad, _, _ in FAULTS.values()),
    )
)
FIRST_BAD = 1 + SOUTHERN + 1 + 1
"""The line: after the titles, the rows of the south and one good row of the north."""
LEAVING = 1 + len(FAULTS)

OFFICER = Account(party=CBP, name="the-officer", roles=["officer"])
ANALYST = Account(party=CBSA, name="the-analyst", roles=["analyst"])
READING_SECONDS = 45


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agreement on totals is in force between both."""
    folder = tmp_path_factory.mktemp("story")
    build(folder / "stage")
    with world_of(folder / "stage", folder / "world") as world:
        world.settle()
    return folder / "world"


def send(page: Page, file: Path) -> None:
    page.locator("#file").set_input_files(file)
    with page.expect_navigation():
        page.locator("form[enctype] button").click()


def watch(seen: Visitor, words: Words) -> None:
    """The progress is there, also after a reload, and ends by itself."""
    page = seen.page
    progress = page.locator("#progress")
    staying = words.say(
        "You may leave this page or close the browser: reading goes on, and all who import see it here."
    )
    assert staying in read(progress.locator("xpath=.."))
    page.reload()
    assert page.locator("progress").is_visible()
    assert staying in read(progress.locator("xpath=.."))
    with standing_still(page):
        check(seen)
    expect(progress).to_have_count(0, timeout=READING_SECONDS * 1000)


@contextmanager
def standing_still(page: Page) -> Iterator[None]:
    """What the page asks for by itself waits, so that it can be looked at."""
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    page.route("**/progress*", hold)
    yield
    page.unroute("**/progress*", hold)
    for one in held:
        with suppress(BrowserError):  # what the page gave up by itself in the meantime is settled
            one.continue_()


def numbers(page: Page) -> list[int]:
    """Kept, unchanged, bad; however the language writes them."""
    return [int(re.sub(r"\D", "", text)) for text in page.locator("main .stat-value").all_inner_texts()]


def sentence(words: Words, text: str) -> str:
    """A pattern of the sentence in that language, whatever stands in its places."""
    pieces = re.split(r"\{[a-z]+\}", words.translated(text))
    return ".+".join(re.escape(piece) for piece in pieces)


def read_the_report(page: Page, words: Words) -> None:
    """Every bad row stands there with its line, its column, what is wrong and what to do, each of another kind."""
    rows = [one.locator("th, td").all_inner_texts() for one in report(page).all()]
    assert len(rows) == len(FAULTS)
    for place, (code, (line, column, _, wrong, cure)) in enumerate(zip(FAULTS, rows, strict=True)):
        assert int(re.sub(r"\D", "", line)) == FIRST_BAD + place
        assert column.strip()
        assert re.fullmatch(sentence(words, SENTENCES[code][0]), wrong, re.DOTALL), (code, wrong)
        assert re.fullmatch(sentence(words, SENTENCES[code][1]), cure, re.DOTALL), (code, cure)
    assert len({wrong for *_, wrong, _ in rows}) >= 10


def report(page: Page) -> Locator:
    return page.locator("section[aria-labelledby=bad-rows] tbody tr")


def download_and_correct(page: Page, folder: Path) -> Path:
    """The file as an officer saves it after correcting what the notes name."""
    with page.expect_download() as found:
        page.locator("#correct").locator("xpath=..").locator("a[href$='/bad-rows.csv']").click()
    assert found.value.suggested_filename.startswith("the week.")
    file = folder / "corrected.csv"
    file.write_bytes(corrected(found.value.path().read_bytes().decode()).encode())
    return file


def the_officer_corrects(seen: Visitor, words: Words, folder: Path) -> None:
    page, file = seen.page, folder / NAME
    file.write_bytes(FILE)
    sign_in(seen, OFFICER, words)
    menu(page, words, "Records").click()
    state_reason(page, words, "statistics", "the week's file")
    menu(page, words, "Imports").click()
    check(seen)
    send(page, file)
    watch(seen, words)
    assert numbers(page) == [SOUTHERN + 1, 0, len(FAULTS)]
    check(seen)
    read_the_report(page, words)
    first = page.url
    send(page, download_and_correct(page, folder))
    assert page.url != first
    expect(page.locator("#left")).to_be_visible(timeout=READING_SECONDS * 1000)
    assert numbers(page) == [len(FAULTS), 0, 0]
    assert report(page).count() == 0


def the_officer_sees_it_leave(seen: Visitor, words: Words) -> None:
    """Each record of the north has left, and the partner has signed for it."""
    page = seen.page
    here = page.locator("#left tbody tr")
    confirmed = here.locator(f"td[data-label='{words.say('Confirmed')}']")
    expect(confirmed).to_have_text(str(len(FAULTS)), timeout=READING_SECONDS * 1000)
    assert words.label("party", CBSA) in read(here)
    check(seen)
    here.get_by_role("link").click()
    disclosures = page.locator("#messages tbody tr").filter(has_text=words.label("message-type", "disclosure"))
    assert disclosures.count() == LEAVING
    assert disclosures.filter(has_text=words.label("message-state", "accepted")).count() == LEAVING
    check(seen)
    menu(page, words, "Imports").click()
    assert page.locator("#list").is_visible()
    assert page.locator("main tbody tr").first.get_by_role("link", name=NAME, exact=True).is_visible()


def the_partner_has_it(browser: Browser, nodes: Nodes, words: Words) -> None:
    with at_the_door(browser, nodes, CBSA, words.language) as seen:
        page = seen.page
        sign_in(seen, ANALYST, words)
        menu(page, words, "Records").click()
        state_reason(page, words, "statistics", "a file of this test")
        rows = page.locator("main tbody tr")
        look_until(page, rows.nth(LEAVING - 1))
        assert rows.count() == LEAVING
        assert {one.get_attribute("title") for one in rows.locator("abbr").all()} == {words.label("party", CBP)}
        check(seen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_officer_corrects_a_bad_file_and_sees_its_records_leave(
    agreed: Path, tmp_path: Path, browser: Browser, language: str
) -> None:
    words = Words(language)
    with ExitStack() as stack:
        nodes = stack.enter_context(serving(agreed, tmp_path / "nodes", (OFFICER, ANALYST), language))
        seen = stack.enter_context(at_the_door(browser, nodes, CBP, language))
        the_officer_corrects(seen, words, tmp_path)
        the_officer_sees_it_leave(seen, words)
        the_partner_has_it(browser, nodes, words)
