"""Who read what, why and when: for the privacy officer alone, complete, page by page and as a file."""

import csv
import io
import re
from itertools import count

from entente.node.access_view import accesses
from entente.node.looking import Look, look_at_list
from entente.vocabulary import house_vocabulary
from web.conftest import Pair
from web.served import Served


def read(here: Served, who: str, why: str = "monthly trend meeting", purpose: str = "statistics") -> None:
    look_at_list(here.node, Look(who, why, purpose), None)


def test_each_access_stands_there_with_person_purpose_reason_and_number(pair: Pair) -> None:
    read(pair.here, "night-shift")
    with pair.here.browser("privacy-officer") as browser:
        page = " ".join(browser.get("/accesses").text.split())
    assert "night-shift" in page
    assert "monthly trend meeting" in page
    assert house_vocabulary().label("purpose", "statistics", "en") in page
    assert "9 records" in page


def test_only_the_privacy_officer_reads_it(pair: Pair) -> None:
    for role in pair.here.people:
        with pair.here.browser(role) as browser:
            expected = 200 if role == "privacy-officer" else 403
            assert browser.get("/accesses").status_code == expected
            assert browser.get("/accesses/file").status_code == expected


def test_one_person_is_found_by_the_whole_name_and_nobody_else_is_shown(pair: Pair) -> None:
    read(pair.here, "night-shift")
    read(pair.here, "the-analyst", why="case 4711")
    with pair.here.browser("privacy-officer") as browser:
        page = browser.get("/accesses", who="The-Analyst").text
        assert "case 4711" in page
        assert "monthly trend meeting" not in page
        nobody = browser.get("/accesses", who="the-anal").text
    assert "the-anal has read nothing" in nobody
    assert "Show everybody" in nobody


def test_before_anybody_has_read_the_page_says_what_will_stand_there(pair: Pair) -> None:
    with pair.here.browser("privacy-officer") as browser:
        page = browser.get("/accesses").text
    assert "Nobody has read a record yet" in page
    assert "Download as CSV" not in page


def test_paging_shows_every_access_once(pair: Pair) -> None:
    for number in range(53):
        read(pair.here, "night-shift", why=f"look {number}.")
    with pair.here.browser("privacy-officer") as browser:
        page, seen = browser.get("/accesses", who="night-shift"), []
        for _ in count():
            seen += [int(found) for found in re.findall(r"look (\d+)\.", page.text)]
            following = re.search(r'href="(/accesses\?[^"]*before=\d+)"[^>]* rel="next"', page.text)
            if following is None:
                break
            page = browser.get(following[1].replace("&amp;", "&"))
    assert seen == list(range(52, -1, -1))


def test_the_file_holds_all_of_it_and_no_formula(pair: Pair) -> None:
    read(pair.here, "night-shift", why='=HYPERLINK("http://example.org")')
    read(pair.here, "night-shift", why="monthly, in short; nothing else")
    with pair.here.browser("privacy-officer") as browser:
        answer = browser.get("/accesses/file", who="night-shift")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["why"] for row in rows] == ["monthly, in short; nothing else", '\'=HYPERLINK("http://example.org")']
    assert [int(row["ledger_entry"]) for row in rows] == [one.index for one in accesses(pair.here.node, "night-shift")]


def test_what_cannot_be_a_name_finds_nobody_and_breaks_nothing(pair: Pair) -> None:
    with pair.here.browser("privacy-officer") as browser:
        for odd in ("\x00", "'; DROP TABLE entry; --", "é" * 300, "<b>x</b>"):
            answer = browser.get("/accesses", who=odd)
            assert answer.status_code == 200
            assert "<b>x</b>" not in answer.text
        assert browser.get("/accesses", before="9" * 30).status_code == 200
