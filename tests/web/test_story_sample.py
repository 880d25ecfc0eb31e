"""Two officers of the RCMP let one sample go with the keyboard alone; at the DEA an analyst reads it, asks why a field
is struck, and answers."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page

from entente.cli.staging import build
from entente.node.roles import ROLES
from entente.vocabulary import LANGUAGES
from story.world import world_of
from web.browser import Visitor, check, chromium, read
from web.keyboard import Keys
from web.served import PASSWORD
from web.story_given import (
    DEA,
    RCMP,
    Account,
    Nodes,
    Words,
    at_the_door,
    look_until,
    menu,
    serving,
    sign_in,
    state_reason,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MODEL = "seized-drug-samples"
SAMPLES = b"""\
number,seized_on,received_on,substance_suspected,form,colour,mass_g,place,submitter,exhibit_notes
CANARY-NUMBER,2026-03-10,2026-03-12,fentanyl,powder,white,4.2,CANARY-PLACE,CANARY-UNIT,CANARY-NOTES
"""
CORRECTED = SAMPLES.replace(b"white,4.2", b"white,4.7")
GOES = ("seized_on", "received_on", "substance_suspected", "form", "colour", "mass_g")
STAYS = ("place", "submitter", "exhibit_notes")
"""What provision 2.1 forbids; the number is given by none."""
NOTE = "CONFIRMED-BY-TEST"

FIRST = Account(party=RCMP, name="first-officer", roles=["releasing-officer"], officer=f"{RCMP}/liaison-1")
SECOND = Account(party=RCMP, name="second-officer", roles=["releasing-officer"], officer=f"{RCMP}/liaison-2")
ANALYST = Account(party=DEA, name="the-analyst", roles=["analyst"])
ALL_SEEING = Account(party=DEA, name="all-seeing", roles=ROLES)
ACCOUNTS = (FIRST, SECOND, ANALYST, ALL_SEEING)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agreement is in force between both, and one sample of the RCMP waits for two officers."""
    folder = tmp_path_factory.mktemp("story")
    build(folder / "stage", (RCMP, DEA), (MODEL,))
    with world_of(folder / "stage", folder / "world", ("rcmp", "dea")) as world:
        world.settle()
        assert world.import_file(RCMP, "samples.csv", SAMPLES).code == 0
        world.settle()
    return folder / "world"


@dataclass(frozen=True)
class Story:
    """The story so far: both nodes, in one language, with scripts or without."""

    browser: Browser
    nodes: Nodes
    words: Words
    has_scripts: bool

    def check(self, seen: Visitor) -> None:
        """Axe is a script itself."""
        if self.has_scripts:
            check(seen)

    def window(self, stack: ExitStack, account: Account) -> Visitor:
        door = at_the_door(self.browser, self.nodes, account.party, self.words.language, has_scripts=self.has_scripts)
        return stack.enter_context(door)


def heading(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", level=1, name=text, exact=True)


def walk_to_the_release(story: Story, seen: Visitor, account: Account) -> Keys:
    """From the door to what would leave, by keyboard."""
    page, words, keys = seen.page, story.words, Keys(seen.page)
    keys.tab_to(page.get_by_label(words.say("Name"), exact=True))
    keys.type(account.name)
    keys.tab_to(page.get_by_label(words.say("Password"), exact=True))
    keys.type(PASSWORD)
    keys.go()
    assert page.get_attribute("html", "lang") == words.language
    assert read(page.locator(".who-roles")) == words.label("role", "releasing-officer")

    keys.tab_to(menu(page, words, "Release desk"))
    keys.go()
    assert heading(page, words.say("Release desk")).is_visible()
    keys.skip()
    keys.tab_to(page.locator("main tbody").get_by_role("link"))
    keys.go()
    keys.skip()
    keys.tab_to(page.get_by_label(words.say("Purpose"), exact=True))
    keys.choose("investigation")
    keys.tab_to(page.get_by_label(words.say("Reason"), exact=True))
    keys.type("a file of this test")
    keys.tab_to(page.get_by_role("button", name=words.say("Continue"), exact=True))
    keys.go("Space")
    return keys


def read_what_would_leave(story: Story, seen: Visitor) -> None:
    """Every field that leaves, with its value; every field that stays, with the words of what forbids it."""
    page, words = seen.page, story.words
    leaves = read(page.get_by_role("table"))
    stays = read(page.locator("#stays").locator("xpath=.."))
    for name in GOES:
        assert words.label("field", f"sample.{name}") in leaves
    assert words.label("drug", "fentanyl") in leaves
    for name in ("number", *STAYS):
        assert words.label("field", f"sample.{name}") in stays
    assert words.provision(MODEL, "2.1") in stays
    assert "CANARY" not in page.content()


def approve_button(story: Story, page: Page) -> Locator:
    return page.get_by_role("button", name=story.words.say("Approve"), exact=True)


def told(page: Page) -> str:
    return read(page.locator("main .usa-alert--success"))


def the_first_approves(story: Story) -> None:
    """One is not enough, and the same one twice is not two."""
    words = story.words
    with ExitStack() as stack:
        seen = story.window(stack, FIRST)
        story.check(seen)
        keys = walk_to_the_release(story, seen, FIRST)
        page = seen.page
        story.check(seen)
        read_what_would_leave(story, seen)
        other_tab = page.context.new_page()
        other_tab.goto(page.url)
        page.bring_to_front()
        keys.skip()
        keys.tab_to(approve_button(story, page))
        keys.tab_to(page.get_by_role("button", name=words.say("Refuse"), exact=True))
        keys.back_to(approve_button(story, page))
        keys.go("Space")
        assert told(page) == words.say("Approved. One more officer is needed before it leaves.")
        assert words.say("You have approved.") in read(page.locator("main"))
        story.check(seen)

        other_tab.bring_to_front()
        twice = Keys(other_tab)
        twice.skip()
        twice.tab_to(approve_button(story, other_tab))
        twice.go()
        seen.forgive(422)
        problem = "{officer} has approved this release already, and it needs {needs} different officers. Ask another "
        problem += "releasing officer."
        assert words.say(problem, officer=FIRST.officer, needs=2) in read(other_tab.get_by_role("alert"))
        assert not approve_button(story, other_tab).is_visible()


def the_second_approves(story: Story) -> None:
    """It leaves, and its page goes on saying what left and what did not."""
    words = story.words
    with ExitStack() as stack:
        seen = story.window(stack, SECOND)
        keys = walk_to_the_release(story, seen, SECOND)
        page, address = seen.page, urlsplit(seen.page.url).path
        assert FIRST.officer in read(page.locator("main"))
        keys.skip()
        keys.tab_to(approve_button(story, page))
        keys.go()
        assert told(page) == words.say("Released: it leaves with the next delivery.")
        assert words.say("Nothing waits for release") in read(page.locator("main"))
        seen.open(address)
        assert page.locator(".page-head").get_by_text(words.say("released"), exact=True).is_visible()
        read_what_would_leave(story, seen)
        story.check(seen)


def the_analyst_asks_why(story: Story) -> None:
    """What came is there; what did not says which provision struck it, in the reader's language."""
    words = story.words
    with ExitStack() as stack:
        seen = story.window(stack, ANALYST)
        page = seen.page
        sign_in(seen, ANALYST, words)
        story.check(seen)
        menu(page, words, "Records").click()
        story.check(seen)
        state_reason(page, words, "investigation", "a file of this test")
        found = page.locator("main tbody th[scope=row] a")
        look_until(page, found)
        story.check(seen)
        assert found.count() == 1
        assert page.locator("main tbody abbr").get_attribute("title") == words.label("party", RCMP)
        found.click()
        says = page.locator("#says").locator("xpath=..")
        for value in (words.label("drug", "fentanyl"), words.label("sample-form", "powder"), "white"):
            assert value in read(says)
        the_field = says.locator(".struck, div").filter(
            has=page.get_by_text(words.label("field", "sample.submitter"), exact=True)
        )
        why = the_field.last.locator("details.why")
        why.locator("summary").click()
        clause = why.locator("blockquote")
        assert clause.is_visible()
        assert read(clause).strip() == words.provision(MODEL, "2.1")
        story.check(seen)

        page.get_by_role("link", name=words.say("Give the answer"), exact=True).click()
        story.check(seen)
        page.get_by_label(words.say("What it led to"), exact=True).select_option(
            label=words.label("outcome", "confirmed")
        )
        page.get_by_label(words.say("Note to the partner"), exact=True).fill(NOTE)
        page.get_by_role("button", name=words.say("Send the answer"), exact=True).click()
        giver = words.label("party", RCMP)
        assert told(page) == words.say("{partner} is told what it led to.", partner=giver)
        assert words.label("duty-state", "answered") in read(page.locator("main"))


def the_giver_hears_of_it(story: Story) -> None:
    words = story.words
    with ExitStack() as stack:
        seen = story.window(stack, FIRST)
        page = seen.page
        sign_in(seen, FIRST, words)
        menu(page, words, "Notices").click()
        page.get_by_role("link", name=words.say("All"), exact=True).click()
        outcome = words.label("outcome", "confirmed")
        look_until(page, page.locator("main tbody").get_by_text(outcome))
        story.check(seen)
        page.locator("main tbody").get_by_role("link").click()
        assert outcome in read(page.locator("main"))
        assert NOTE in read(page.locator("main"))
        story.check(seen)


_ADDRESS = re.compile(r'(?:href|hx-get)="([^"#]+)[^"]*"')
MOST_QUERIES = 3
"""Of one address: orders and choices of a list show the same things in other ways."""


def everything_shown(seen: Visitor) -> dict[str, str]:
    """Whatever links lead to from here, page by page and file by file."""
    found: dict[str, str] = {}
    asked: Counter[str] = Counter()
    due = ["/"]
    for address in due:
        path = address.partition("?")[0]
        asked[path] += 1
        if address in found or asked[path] > MOST_QUERIES:
            continue
        answer = seen.page.context.request.get(seen.url + address)
        assert answer.ok, f"{address} answers {answer.status}"
        found[address] = answer.text()
        if "html" in answer.headers["content-type"]:
            others = (urljoin(address, html.unescape(one)) for one in _ADDRESS.findall(found[address]))
            due += (one for one in others if one.startswith("/") and not one.startswith("/static/"))
    return found


def nothing_struck_is_shown(story: Story) -> None:
    """INVARIANT: whoever may read everything at the DEA finds no struck value on any page or in any file of it."""
    with ExitStack() as stack:
        seen = story.window(stack, ALL_SEEING)
        sign_in(seen, ALL_SEEING, story.words)
        seen.open("/reason")
        state_reason(seen.page, story.words, "investigation", "a file of this test")
        pages = everything_shown(seen)
        assert [path for path, text in pages.items() if "CANARY" in text] == []
        assert [path for path in pages if path.startswith("/records/")] != []
        assert "/records.csv" in {path.partition("?")[0] for path in pages}
    assert b"CANARY" not in story.nodes.database(DEA)


WITHOUT_SCRIPTS = "en, no scripts"


@pytest.mark.parametrize("showing", [*LANGUAGES, WITHOUT_SCRIPTS])
def test_two_officers_let_a_sample_go_and_the_partner_asks_why_and_answers(
    sampled: Path, tmp_path: Path, browser: Browser, showing: str
) -> None:
    language = showing[:2]
    with serving(sampled, tmp_path / "nodes", ACCOUNTS, language) as nodes:
        story = Story(browser, nodes, Words(language), has_scripts=showing != WITHOUT_SCRIPTS)
        the_first_approves(story)
        the_second_approves(story)
        the_analyst_asks_why(story)
        the_giver_hears_of_it(story)
        nothing_struck_is_shown(story)


def test_what_was_corrected_after_it_was_shown_does_not_leave(sampled: Path, tmp_path: Path, browser: Browser) -> None:
    with serving(sampled, tmp_path / "nodes", ACCOUNTS, "en") as nodes, ExitStack() as stack:
        story = Story(browser, nodes, Words("en"), has_scripts=True)
        the_first_approves(story)
        seen = story.window(stack, SECOND)
        page, keys = seen.page, walk_to_the_release(story, seen, SECOND)
        nodes.import_file(RCMP, "corrected.csv", CORRECTED)
        keys.skip()
        keys.tab_to(approve_button(story, page))
        keys.go()
        seen.forgive(422)
        assert "the newest version waits with a number of its own" in read(page.get_by_role("alert"))
        assert story.words.say("Replaced by version {version}", version=2) in read(page.locator("main"))
        assert not approve_button(story, page).is_visible()
        seen.open("/desk")
        (waiting,) = page.locator("main tbody tr").all()
        assert story.words.say("version {version}", version=2) in read(waiting)
        assert story.words.say("{given} of {needed}", given=0, needed=2) in read(waiting)
        assert nodes.stage.status(RCMP).sent.get((DEA, "disclosure", "accepted"), 0) == 0
        assert nodes.stage.unsettled(RCMP) == 0
