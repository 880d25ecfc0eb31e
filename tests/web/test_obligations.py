"""Obligations and the end of retention on the screen: what is owed is found page by page; nothing is erased unasked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entente.node.retention import OFF, ON, SWITCH, holds, preview, switch
from entente.node.retention_rules import RULES
from entente.store import DutyRow
from story.notices_given import Hands
from web.given import DEA, RCMP, Given, client_of
from web.reading import main, words
from web.served import Browser, Served, served

AFTER_ALL_DAYS = timedelta(days=40 * 365)


@pytest.fixture
def here(given: Given, tmp_path: Path) -> Iterator[Served]:
    """A copy of the RCMP's node, and its clock."""
    import shutil

    shutil.copytree(given.folder / "rcmp", tmp_path / "rcmp")
    with served(tmp_path / "rcmp", Hands(given.now), given.people) as found:
        yield found


@contextmanager
def at(found: Served, given: Given, role: str) -> Iterator[Browser]:
    held = given.sessions[role]
    with client_of(found, held) as client:
        client.follow_redirects = True
        yield Browser(client, held.form_token)


def past(found: Served, given: Given) -> int:
    """Every received record is past its day from now on, as if it had come long ago; how many there are."""
    with found.node.store.writing() as tx:
        tx.put_setting(SWITCH, OFF)
        rows = tx.current_records(own=False)
        for row in rows:
            early = replace(row, version=row.version + 1, retain_until=(given.now - timedelta(days=9)).date())
            tx.add_records([early])
    return len(rows)


def kept(found: Served) -> int:
    with found.node.store.reading() as tx:
        return sum(bool(row.body) for row in tx.current_records(own=False))


def test_what_is_owed_stands_in_one_list_with_its_filters(here: Served, given: Given) -> None:
    with at(here, given, "analyst") as browser:
        page = browser.get("/obligations")
        shown = words(main(page))
        assert "Erasure at the end of retention" in shown
        assert "Answer to what was sent" in shown
        assert f'href="/records/{given.received["record"]}"' in page.text
        only = words(main(browser.get("/obligations", kind="answer", partner=DEA)))
        assert "Answer to what was sent" in only
        assert "Early warning" not in only.partition("Obligations, the soonest due first")[2]
        late = browser.get("/obligations", overdue="yes")
        assert "Overdue" in late.text
        assert "Nothing of this is owed" in words(main(browser.get("/obligations", partner="us.cbp")))


def test_a_list_of_many_is_read_page_by_page_and_none_is_left_out(here: Served, given: Given) -> None:
    rows = [
        DutyRow(
            direction="owed-by-us",
            partner=DEA,
            about=f"sha256:{number:064x}",
            record_id="0" * 32,
            record_version=1,
            agreement="sha256:" + "0" * 64,
            due=given.now + timedelta(days=number // 7),
            state="owed",
            outcome="",
            note="",
            is_simulated=True,
            created_at=given.now,
        )
        for number in range(120)
    ]
    with here.node.store.writing() as tx:
        before = len(tx.duties_due(given.now + AFTER_ALL_DAYS, limit=999))
        tx.put_duties(rows)
    seen: list[str] = []
    with at(here, given, "analyst") as browser:
        page = browser.get("/obligations", kind="answer")
        while True:
            seen += [part.partition('"')[0] for part in main(page).split('href="/notices/')[1:]]
            address = main(page).partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
            if 'rel="next"' not in main(page):
                break
            page = browser.get(address.replace("&amp;", "&"))
    assert len(seen) == len(set(seen)) == 120 + before


def test_the_home_screen_and_the_status_tell_what_is_past_its_day(here: Served, given: Given) -> None:
    number = past(here, given)
    with at(here, given, "officer") as browser:
        home = words(main(browser.get("/")))
        assert f"{number} records past their day" in home or f"records past their day {number}" in home
        assert 'action="/retention/run"' not in browser.get("/retention").text


def test_nothing_is_erased_until_somebody_is_sure(here: Served, given: Given) -> None:
    number = past(here, given)
    assert number > 1
    with at(here, given, "privacy-officer") as browser:
        shown = words(main(browser.get("/retention")))
        assert "Erases nothing by itself" in shown
        assert f"Records to erase: {number}. It cannot be undone." in shown
        unsure = browser.post("/retention/run", None)
        assert (unsure.status_code, "say first that you are sure" in words(main(unsure))) == (422, True)
        switched = browser.post("/retention/switch", None, to="on")
        assert switched.status_code == 422
        assert kept(here) == number
        done = browser.post("/retention/run", None, sure="yes")
        assert f"Records erased: {number}." in words(main(done))
    assert kept(here) == 0


def test_a_new_rule_of_the_agency_is_confirmed_by_a_person_who_is_sure(here: Served, given: Given) -> None:
    past(here, given)
    switch(here.node, ON, "somebody")
    (here.node.config.folder / RULES).write_text("[days]\ntest-count = 1\n")
    with at(here, given, "privacy-officer") as browser:
        shown = main(browser.get("/retention"))
        assert "nobody has confirmed it" in words(shown)
        assert browser.post("/retention/switch", None, to="on").status_code == 422
        assert not preview(here.node).is_confirmed
        browser.post("/retention/switch", None, to="on", sure="yes")
    assert preview(here.node).is_confirmed


def test_a_record_is_held_with_a_reason_and_let_go(here: Served, given: Given) -> None:
    number, record = past(here, given), given.received["record"]
    with at(here, given, "privacy-officer") as browser:
        browser.get("/retention")
        for form in ({"record": record, "why": ""}, {"record": "unknown", "why": "a court"}):
            assert browser.post("/retention/hold", None, **form).status_code == 422
        page = browser.post("/retention/hold", None, record=record, why="a court asked for it")
        assert "a court asked for it" in words(main(page))
        assert [hold.record_id for hold in holds(here.node)] == [record]
        browser.post("/retention/run", None, sure="yes")
        assert (kept(here), number > 1) == (1, True)
        browser.post("/retention/release", None, record=record, why="the case is closed")
    assert holds(here.node) == []


def test_notices_tell_how_long_answers_take_and_out_of_how_many(here: Served, given: Given) -> None:
    with at(here, given, "analyst") as browser:
        shown = words(main(browser.get("/notices")))
    assert "How long answers take" in shown
    assert "0 of" in shown
    assert RCMP not in shown
