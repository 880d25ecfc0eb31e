"""May I share this, on the screen: the answer with its provisions, whom to ask, and what never stands in an address."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from entente.node.people import set_language
from entente.node.roles import ROLES
from web.browser import check, chromium, visitor
from web.given import DEA, PURPOSE, Given, alone, client_of
from web.reading import main, page, words
from web.served import Browser, Served

SAMPLE = {"kind": "sample", "partner": DEA, "purpose": PURPOSE}
KNOWN = {"fact-substance_suspected": "fentanyl", "fact-seized_on": "2026-03-10"}
LISTED = "/may-i-share?kind=sample&partner=us.dea&purpose=threat-assessment"


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with alone(given, tmp_path_factory.mktemp("share") / "rcmp") as found:
        yield found


@pytest.fixture
def browser(given: Given, shown: Served) -> Iterator[Browser]:
    with client_of(shown, given.sessions["officer"]) as client:
        client.follow_redirects = True
        yield Browser(client, given.sessions["officer"].form_token)


def stated(browser: Browser, **facts: str) -> httpx.Response:
    """The form of what is known, sent."""
    return browser.post("/may-i-share", None, **{**SAMPLE, **KNOWN, **facts})


def told(browser: Browser, **question: str) -> str:
    answer = browser.get("/may-i-share", **question)
    assert answer.status_code == 200
    return words(main(answer))


def test_everybody_who_reads_agreements_may_ask(given: Given, shown: Served) -> None:
    for role in ROLES:
        assert "Your question" in words(page(given, shown, "/may-i-share", role))


def test_without_facts_it_says_on_what_it_depends(browser: Browser) -> None:
    said = told(browser, **SAMPLE)
    assert "It depends. If this is so: Suspected substance" in said
    assert "Then it may go once two releasing officers agree." in said
    assert "seized-drug-samples v1, provision 2.1 forbids it." in said
    assert "Neither the analyst, the submitter, the place nor notes on the exhibit are given" in said
    assert "Guidance and no release: nothing has left." in said


def test_what_others_said_is_theirs_to_share(browser: Browser) -> None:
    said = told(browser, **SAMPLE, said_by="ca.provincial-police")
    assert "As said by" in said
    assert "To share it or to permit it, as it is theirs" in said


def test_facts_settle_it_and_stand_in_no_address(browser: Browser) -> None:
    answer = stated(browser)
    said = words(main(answer))
    assert "Ask two releasing officers. Once both agree, a part of it may go" in said
    assert "the-releasing-officer" in said
    assert "the-newcomer" not in said
    assert "Not to be used as evidence" in said
    assert answer.url.query == b""
    assert "fentanyl" not in "".join(part for part in answer.text.split('"') if part.startswith("/"))
    not_listed = stated(browser, **{"fact-substance_suspected": "xylazine"})
    assert "No. Nothing of it may go" in words(main(not_listed))


def test_what_cannot_be_read_is_said_at_its_field(browser: Browser) -> None:
    answer = stated(browser, **{"fact-seized_on": "last week"})
    assert answer.status_code == 422
    assert "not a date" in words(main(answer))
    for wrong in ({"partner": "nobody"}, {"urgency": "hurry"}, {"kind": "letter"}):
        assert browser.get("/may-i-share", **{**SAMPLE, **wrong}).status_code == 422


def test_another_purpose_is_named_where_it_would_help(browser: Browser) -> None:
    said = told(browser, **{**SAMPLE, "purpose": "prosecution"})
    assert "No. Nothing of it may go" in said
    assert "If it is truly for “Criminal investigation”: it depends on what is not known yet." in said
    assert "What would make it possible To " not in said


def test_where_nothing_is_in_force_it_says_who_could_change_that(browser: Browser) -> None:
    said = told(browser, **{**SAMPLE, "partner": "us.cbp"})
    assert "so nothing leaves" in said
    assert "To propose an agreement or a new version" in said
    assert "ca.rcmp/liaison-1" in said


def test_a_flag_of_an_attempted_suicide_goes_to_nobody_here(browser: Browser) -> None:
    for urgency, purpose in (("routine", PURPOSE), ("life", "rescue")):
        said = told(browser, kind="occurrence", partner=DEA, purpose=purpose, urgency=urgency)
        assert "No. Nothing of it may go" in said
        assert "Flag: attempted suicide" in said.split("Stays here", 1)[1]


def test_of_a_record_it_is_a_look_for_those_who_may_read_it(given: Given, shown: Served, browser: Browser) -> None:
    question = {"partner": DEA, "purpose": PURPOSE}
    path = f"/records/{given.own['record']}/may-i-share"
    said = words(main(browser.get(path, **question)))
    assert "Ask two releasing officers" in said
    assert "Vancouver" not in said
    assert "It was said by U.S. Drug Enforcement Administration" in words(
        main(browser.get(f"/records/{given.received['record']}/may-i-share", **question))
    )
    assert f'href="{path}"' in browser.get(f"/records/{given.own['record']}").text
    with client_of(shown, given.sessions["administrator"]) as client:
        assert client.get(path, params=question).status_code == 403
    with client_of(shown, given.sessions["releasing-officer"]) as client:
        assert client.get(f"/records/{given.received['record']}/may-i-share", params=question).status_code == 404
    with client_of(shown, given.others["officer"]) as client:
        assert client.get(f"/records/{given.received['record']}/may-i-share", params=question).status_code == 404


@pytest.fixture(scope="module")
def window() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_everybody_can_read_an_answer(window: Chromium, shown: Served, given: Given, language: str) -> None:
    set_language(shown.node, given.people["officer"], language, by="test")
    try:
        with visitor(window, shown, given.sessions["officer"], has_scripts=True) as seen:
            seen.open(LISTED)
            check(seen)
            seen.page.select_option("#fact-substance_suspected", "fentanyl")
            seen.page.fill("#fact-seized_on", "2026-03-10")
            seen.page.press("#fact-seized_on", "Enter")
            seen.page.wait_for_load_state()
            assert seen.page.locator("h2#answer").count() == 1
            check(seen)
    finally:
        set_language(shown.node, given.people["officer"], "en", by="test")
