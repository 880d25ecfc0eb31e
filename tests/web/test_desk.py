"""The release desk on the screen: who sees what would leave, who may let it go, and what becomes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from entente.node.people import add_person, change_password, reset_password, set_language, set_officer
from entente.node.releases import waiting
from entente.node.work import Node
from web.given import RCMP, SECOND, Given, alone, client_of
from web.reading import main, words
from web.served import PASSWORD, Browser, Served

ONE, TWO = f"{RCMP}/liaison-1", f"{RCMP}/liaison-2"
FIRST = "the-releasing-officer"
STRUCK_2_1 = "Neither the analyst, the submitter, the place nor notes on the exhibit are given"


@pytest.fixture
def here(given: Given, tmp_path: Path) -> Iterator[Served]:
    with alone(given, tmp_path / "rcmp") as found:
        yield found


@contextmanager
def at(found: Served, given: Given, role: str = "releasing-officer") -> Iterator[Browser]:
    """The browser of somebody whose session is open."""
    held = given.sessions[role]
    with client_of(found, held) as client:
        client.follow_redirects = True
        yield Browser(client, held.form_token)


@contextmanager
def second(found: Served) -> Iterator[Browser]:
    """That of the other releasing officer, who signs in and says why."""
    with httpx.Client(base_url=found.url, headers={"origin": found.url}, follow_redirects=True, timeout=30) as client:
        browser = Browser(client)
        browser.sign_in(SECOND)
        browser.state_reason("threat-assessment", "the desk")
        yield browser


def seen_on(page: httpx.Response) -> str:
    """What the form of approval brings back."""
    _, _, rest = page.text.partition('name="seen" value="')
    return rest.partition('"')[0]


def approve(browser: Browser, number: str, officer: str = "") -> httpx.Response:
    seen = seen_on(browser.get(f"/desk/{number}"))
    return browser.post(f"/desk/{number}/approve", seen=seen, officer=officer)


def state(node: Node, number: str) -> tuple[str, int]:
    """What it has become, and how many messages wait to be sent."""
    with node.store.reading() as tx:
        row = tx.release(number)
        assert row is not None
        return row.state, sum(count for _, _, kept, count in tx.outbox_counts() if kept == "queued")


def officers(node: Node) -> list[str]:
    with node.store.reading() as tx:
        entries = [row for row in tx.entries(0, 100_000) if row.type == "released"]
        return [str(row.opening) for row in entries]


def test_the_desk_says_what_waits_for_whom_and_how_many_must_agree(given: Given, here: Served) -> None:
    for role in ("releasing-officer", "privacy-officer"):
        with at(here, given, role) as browser:
            told = words(main(browser.get("/desk")))
            assert given.own["release"] in browser.get("/desk").text
            assert told.count("0 of 2") == 3
            assert "U.S. Drug Enforcement Administration" in told
            assert "Simulated" in told


def test_a_release_shows_each_value_its_provision_and_what_stays_with_the_clause_that_keeps_it(
    given: Given, here: Served
) -> None:
    with at(here, given) as browser:
        page = browser.get(f"/desk/{given.own['release']}")
        told = words(main(page))
    assert "Colour white" in told
    assert "Mass (g) 4.7" in told
    assert "seized-drug-samples v1, provision 1.1" in told
    assert "Place of seizure, Submitting unit, Notes on the exhibit" in told
    assert (
        f"seized-drug-samples v1, provision 2.1 Art. 2(1); Privacy Act (Canada), s. 8; 5 U.S.C. 552a(b) {STRUCK_2_1}"
        in told
    )
    assert "Days it may be kept: 1,825" in told
    assert "Days until feedback is due: 30" in told
    assert "2 more officers are needed" in told
    for value in ("Vancouver", "SIMULATED unit", "SIMULATED notes", "SIM-1"):
        assert value not in page.text


def test_the_clause_is_read_in_the_readers_language(given: Given, here: Served) -> None:
    set_language(here.node, FIRST, "fr", by="test")
    with at(here, given) as browser:
        assert "ni la personne qui a remis" in browser.get(f"/desk/{given.own['release']}").text


def test_who_may_only_read_is_offered_no_button(given: Given, here: Served) -> None:
    with at(here, given, "privacy-officer") as browser:
        page = browser.get(f"/desk/{given.own['release']}").text
    assert "/approve" not in page
    assert "/refuse" not in page


def test_one_officer_is_not_enough_and_the_second_lets_it_go(given: Given, here: Served) -> None:
    number = given.own["release"]
    _, before = state(here.node, number)
    with at(here, given) as browser:
        assert "One more officer is needed" in approve(browser, number).text
        assert state(here.node, number) == ("waiting", before)
        told = words(main(browser.get(f"/desk/{number}")))
        assert f"{ONE} (Liaison officer (simulated))" in told
        assert "You have approved." in told
        assert seen_on(browser.get(f"/desk/{number}")) == ""
    with second(here) as browser:
        page = browser.get(f"/desk/{number}")
        assert "With your approval it leaves." in page.text
        assert "Released: it leaves with the next delivery." in approve(browser, number).text
        assert state(here.node, number) == ("released", before + 1)
        assert "It has been released." in browser.get(f"/desk/{number}").text
        assert number not in browser.get("/desk").text


def test_nobody_approves_in_the_name_of_another_by_typing_it(given: Given, here: Served) -> None:
    number = given.own["release"]
    with at(here, given) as browser:
        approve(browser, number, officer=TWO)
        again = browser.post(f"/desk/{number}/approve", seen=_fresh(here, given, number), officer=TWO)
    assert again.status_code == 422
    assert "has approved this release already" in again.text
    (told,) = officers(here.node)
    assert ONE in told
    assert TWO not in told
    assert state(here.node, number)[0] == "waiting"


def _fresh(here: Served, given: Given, number: str) -> str:
    """What another officer's page would bring back."""
    with second(here) as browser:
        return seen_on(browser.get(f"/desk/{number}"))


def test_who_has_just_given_the_other_a_password_does_not_make_two(given: Given, here: Served) -> None:
    """An administrator who releases as well could come in as the colleague whose password is new."""
    number = given.own["release"]
    once = reset_password(here.node, SECOND, by=FIRST)
    change_password(here.node, SECOND, once, PASSWORD)
    with second(here) as browser:
        assert "One more officer is needed" in approve(browser, number).text
    with at(here, given) as browser:
        answer = approve(browser, number)
    assert answer.status_code == 422
    assert f"`{FIRST}` and `{SECOND}` may be one person" in words(answer.text)
    assert state(here.node, number) == ("waiting", 0)


def test_without_an_officer_on_the_account_nothing_is_approved_or_refused_and_the_page_says_who_helps(
    given: Given, here: Served
) -> None:
    number = given.own["release"]
    with at(here, given) as browser:
        seen = seen_on(browser.get(f"/desk/{number}"))
        set_officer(here.node, FIRST, "", by="test")
        page = browser.get(f"/desk/{number}").text
        assert "/approve" not in page
        assert "Ask an administrator of this node to name one" in page
        for path in ("approve", "refuse"):
            answer = browser.post(f"/desk/{number}/{path}", seen=seen, why="a reason")
            assert answer.status_code == 422
            assert "Your account names no officer" in answer.text
    assert (state(here.node, number)[0], officers(here.node)) == ("waiting", [])


@pytest.mark.parametrize("seen", ["", "sha256:0"])
def test_what_was_not_shown_is_not_approved_and_is_shown_as_it_is_now(given: Given, here: Served, seen: str) -> None:
    number = given.own["release"]
    with at(here, given) as browser:
        answer = browser.post(f"/desk/{number}/approve", seen=seen)
        assert answer.status_code == 422
        assert "is no longer what was shown, so nothing was approved" in answer.text
        assert "Colour" in answer.text
        assert seen_on(answer) == seen_on(browser.get(f"/desk/{number}"))
    assert officers(here.node) == []


def test_a_refusal_without_a_reason_is_sent_back_and_one_with_a_reason_settles_it(given: Given, here: Served) -> None:
    number = given.own["release"]
    with at(here, given) as browser:
        empty = browser.post(f"/desk/{number}/refuse", why="  ")
        assert empty.status_code == 422
        assert 'aria-describedby="why-hint why-error"' in empty.text
        assert state(here.node, number)[0] == "waiting"
        assert "Done: it does not leave" in browser.post(f"/desk/{number}/refuse", why="before a court").text
        page = browser.get(f"/desk/{number}").text
    assert "It was refused, and nothing left." in page
    assert "/approve" not in page
    assert state(here.node, number)[0] == "refused"


def test_an_older_version_can_only_be_refused(given: Given, here: Served) -> None:
    newest = given.own["release"]
    with here.node.store.reading() as tx:
        row = tx.release(newest)
        assert row is not None
        (old,) = [one for one in tx.releases("waiting") if one.record_id == row.record_id and one.id != newest]
    with at(here, given) as browser:
        assert old.id not in browser.get("/desk").text
        page = browser.get(f"/desk/{old.id}").text
        assert "Replaced by version 2" in page
        assert f"/desk/{old.id}/approve" not in page
        assert f"/desk/{old.id}/refuse" in page
        assert browser.post(f"/desk/{old.id}/approve", seen="x").status_code == 422


def test_what_is_set_aside_says_what_to_do_and_is_taken_off_with_a_note(given: Given, here: Served) -> None:
    rows = list(waiting(here.node))
    with here.node.store.writing() as tx:
        for row, kept in zip(rows[:2], ("recall-needed", "too-large"), strict=True):
            tx.put_release(replace(row, state=kept))
    with at(here, given) as browser:
        told = words(main(browser.get("/desk")))
        assert "Tell the partner that what it holds is no longer so" in told
        assert "Shorten its texts and import it again" in told
        for row in rows[:2]:
            page = browser.get(f"/desk/{row.id}").text
            assert f"/desk/{row.id}/approve" not in page
            assert browser.post(f"/desk/{row.id}/approve", seen="x").status_code == 422
            browser.post(f"/desk/{row.id}/refuse", why="told by telephone")
            assert state(here.node, row.id)[0] == "refused"


def test_the_list_can_be_narrowed_to_one_partner_and_an_empty_desk_teaches(given: Given, here: Served) -> None:
    with at(here, given) as browser:
        assert given.own["release"] in browser.get("/desk", partner="us.dea").text
        other = browser.get("/desk", partner="us.cbp").text
        assert given.own["release"] not in other
        assert "Nothing waits for this partner" in other
        for row in waiting(here.node):
            browser.post(f"/desk/{row.id}/refuse", why="a reason")
        assert "Nothing waits for release" in browser.get("/desk").text


def test_the_desk_is_not_for_everybody_and_values_need_a_reason(given: Given, here: Served) -> None:
    number = given.own["release"]
    for role in ("officer", "analyst", "administrator"):
        with at(here, given, role) as browser:
            assert browser.get("/desk").status_code == 403
            assert browser.get(f"/desk/{number}").status_code == 403
    with client_of(here, given.silent["releasing-officer"]) as client:
        assert client.get("/desk").status_code == 200
        assert client.get(f"/desk/{number}").headers["location"].startswith("/reason")
    with at(here, given) as browser:
        assert browser.get("/desk/0000000000000000").status_code == 404


def test_a_name_with_markup_in_an_officers_reason_or_a_partner_filter_stays_text(given: Given, here: Served) -> None:
    with at(here, given) as browser:
        assert "<b>x" not in browser.get("/desk", partner="<b>x").text
        answer = browser.post(f"/desk/{given.own['release']}/approve", seen='"><script>alert(1)</script>')
        assert "<script>alert" not in answer.text


def test_a_releasing_officer_who_is_new_reads_and_is_told_what_is_missing(here: Served) -> None:
    _, once = add_person(here.node, "somebody-new", ["releasing-officer"], by="test")
    change_password(here.node, "somebody-new", once, PASSWORD)
    with httpx.Client(base_url=here.url, headers={"origin": here.url}, follow_redirects=True, timeout=30) as client:
        browser = Browser(client)
        browser.sign_in("somebody-new")
        assert "Your account names no officer" in browser.get("/desk").text
