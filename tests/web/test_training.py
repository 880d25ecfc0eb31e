"""Training on the screen: one exercise at a time, why after the answer, and no way to pass but right answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx
import pytest

from entente.agreements.guiding.exercises import Exercise, solution
from entente.agreements.guiding.exercises import Given as Answered
from entente.node.people import set_language
from entente.node.training import answer, attempt_of, begin, course
from entente.node.work import Node
from entente.vocabulary import LANGUAGES, phrasebook
from web.browser import check, chromium, visitor
from web.given import UNSIGNED, Given, alone, client_of
from web.reading import main, words
from web.served import Browser, Served

MODEL, WHO = "seized-drug-samples", "the-officer"
PAGE = f"/training/{MODEL}"


@pytest.fixture
def here(given: Given, tmp_path: Path) -> Iterator[Served]:
    with alone(given, tmp_path / "rcmp") as found:
        yield found


@contextmanager
def at(found: Served, given: Given, role: str = "officer") -> Iterator[Browser]:
    held = given.sessions[role]
    with client_of(found, held) as client:
        client.follow_redirects = True
        yield Browser(client, held.form_token)


def current(node: Node, who: str = WHO) -> Exercise:
    attempt = attempt_of(node, who, MODEL)
    assert attempt is not None
    assert attempt.current is not None
    return attempt.current


def send(browser: Browser, exercise: str, outcome: str, fields: tuple[str, ...] = ()) -> httpx.Response:
    form = {"form_token": browser.token, "exercise": exercise, "outcome": outcome, "fields": list(fields)}
    return browser.client.post(f"{PAGE}/answer", data=form)


def rightly(browser: Browser, node: Node) -> httpx.Response:
    one = current(node)
    return send(browser, one.id, one.case.answer, one.case.fields)


def test_somebody_passes(here: Served, given: Given) -> None:
    with at(here, given) as browser:
        assert "no attempt yet" in words(browser.get("/training").text)
        assert "in every field: 4." in words(browser.get(PAGE).text)
        browser.post(f"{PAGE}/begin")
        for number in range(1, 6):
            page = browser.get(PAGE)
            assert f"Exercise {number} of 5" in main(page)
            answered = rightly(browser, here.node)
            assert answered.url.path == f"{PAGE}/answers/{number}"
            assert "wrong" not in words(main(answered))
        result = words(browser.get(PAGE).text)
        assert "5 of 5 right; 4 were needed" in result
        assert "5 of 5" in words(browser.get("/training").text)
        assert browser.get(f"{PAGE}/answers/5").status_code == 200


def test_the_question_does_not_tell_the_answer_and_the_answer_tells_why(here: Served, given: Given) -> None:
    with at(here, given) as browser:
        browser.post(f"{PAGE}/begin")
        one, text = current(here.node), course(here.node, MODEL).agreement
        why = solution(one, text, here.node.catalogue.vocabulary, phrasebook("en"))
        told = [why.says, *why.sentences, *(clause.text.strip() for clause in why.clauses)]
        asked = unescape(browser.get(PAGE).text)
        assert [sentence for sentence in told if sentence in asked] == []
        answered = unescape(send(browser, one.id, "withhold").text)
        assert [sentence for sentence in told if sentence not in answered] == []


def test_an_answer_that_is_sent_again_counts_once_and_a_page_of_before_answers_nothing(
    here: Served, given: Given
) -> None:
    with at(here, given) as browser:
        browser.post(f"{PAGE}/begin")
        first = current(here.node)
        wrong = "wait" if first.case.answer != "wait" else "release"
        assert send(browser, first.id, wrong).status_code == 200
        again = send(browser, first.id, first.case.answer, first.case.fields)
        assert again.status_code == 422
        assert "Nothing was counted" in words(again.text)
        assert browser.post(f"{PAGE}/begin").url.path == PAGE
        attempt = attempt_of(here.node, WHO, MODEL)
        assert attempt is not None
        assert [one.outcome for one in attempt.answers] == [wrong]


def test_without_an_outcome_nothing_is_answered_and_ticks_stay(here: Served, given: Given) -> None:
    with at(here, given) as browser:
        browser.post(f"{PAGE}/begin")
        one = current(here.node)
        page = send(browser, one.id, "", one.held[:1])
        assert (page.status_code, current(here.node)) == (422, one)
        assert "Choose what becomes of it." in words(page.text)
        assert re.search(rf'id="fields-{one.held[0]}"[^>]* checked', page.text)


def test_an_answer_to_come_leads_to_what_is_asked(here: Served, given: Given) -> None:
    with at(here, given) as browser:
        browser.post(f"{PAGE}/begin")
        for place in ("0", "1", "x", "99"):
            assert browser.get(f"{PAGE}/answers/{place}").url.path == PAGE


def test_nobody_sees_or_answers_the_attempt_of_somebody_else(here: Served, given: Given) -> None:
    with at(here, given) as browser, at(here, given, "analyst") as other:
        browser.post(f"{PAGE}/begin")
        one = current(here.node)
        assert send(other, one.id, one.case.answer, one.case.fields).status_code == 422
        assert "in every field: 4." in words(other.get(PAGE).text)
        assert current(here.node) == one


def test_the_privacy_officer_sees_the_day_and_not_the_marks(here: Served, given: Given) -> None:
    _do(here.node, WHO)
    with at(here, given, "privacy-officer") as browser:
        page = words(main(browser.get("/training-results")))
        assert WHO in page
        assert "not for ranking people" in page
        assert "5 of 5" not in page
        assert "Attempt at exercises" in words(browser.get("/accesses").text)
        assert "Attempt at exercises" not in main(browser.get("/records"))


def test_a_model_that_nobody_has_signed_is_learnt_as_well(here: Served, given: Given) -> None:
    with at(here, given, "administrator") as browser:
        assert "Exercise 1 of" in browser.post(f"/training/{UNSIGNED}/begin").text


def _do(node: Node, who: str, *, wrong: int = 0) -> None:
    attempt = begin(node, who, MODEL)
    for place, one in enumerate(attempt.exercises):
        is_right = place >= wrong
        given = Answered(one.case.answer, frozenset(one.case.fields)) if is_right else Answered("wait")
        answer(node, who, MODEL, one.id, given, door="test")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_read_an_exercise_an_answer_and_a_result(here: Served, given: Given, language: str) -> None:
    set_language(here.node, WHO, language, by="test")
    with chromium() as browser, visitor(browser, here, given.sessions["officer"], language=language) as seen:
        seen.open(PAGE)
        seen.page.locator("main form button").click()
        check(seen)
        seen.page.locator("label[for=outcome-withhold]").click()
        seen.page.locator("main form button").click()
        assert "/answers/1" in seen.page.url
        check(seen)
        one = current(here.node)
        answer(here.node, WHO, MODEL, one.id, Answered("wait", frozenset(one.held[:2])), door="test")
        seen.open(f"{PAGE}/answers/2")
        check(seen)
        for _ in range(3):
            answer(here.node, WHO, MODEL, current(here.node).id, Answered("wait"), door="test")
        seen.open(PAGE)
        check(seen)
