"""The list of records on the screen: found by words and choices, page by page, and no more than role and purpose
allow."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import QueryParams

from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node
from entente.web.choices import choices_in
from web.given import DEA, Given, alone, client_of
from web.reading import address, answer, ids, main, number_found, page, words
from web.served import Served, served


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The screens of the RCMP; nothing that these tests do changes what it holds."""
    with alone(given, tmp_path_factory.mktemp("records") / "rcmp") as found:
        yield found


def test_a_list_tells_what_it_is_who_said_it_and_what_a_received_one_is_held_under(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?kind=sample&order=kind")
    assert number_found(told) == "5 records"
    assert given.received["record"] in ids(told)
    assert given.own["record"] in ids(told)
    assert "Fentanyl · Powder" in told
    assert "under seized-drug-samples v1" in told
    assert told.count("Simulated</span>") >= 5


def test_whoever_may_not_read_received_records_is_told_of_none(given: Given, shown: Served) -> None:
    officer, releasing = (page(given, shown, "/records?kind=sample", role) for role in ("officer", "releasing-officer"))
    assert (number_found(officer), number_found(releasing)) == ("5 records", "4 records")
    assert given.received["record"] not in releasing
    assert "Drug Enforcement" in officer
    assert "Drug Enforcement" not in releasing
    assert "Whose" not in words(releasing)
    for path in ("/records?side=received", f"/records?said_by={DEA}"):
        assert number_found(page(given, shown, path, "releasing-officer")) == "0 records"


def test_a_purpose_that_was_not_given_leaves_received_records_out_of_list_counts_and_file(
    given: Given, shown: Served
) -> None:
    with client_of(shown, given.others["analyst"]) as client:
        told, file = main(client.get("/records?kind=sample")), client.get("/records.csv?kind=sample").text
    assert number_found(told) == "4 records"
    assert given.received["record"] not in told + file
    assert "Drug Enforcement" not in told


@pytest.mark.parametrize("text", ["fentanyl", "FENTA powder", "échantillon fentanyl", "muestra fent"])
def test_words_of_any_language_find_it_by_their_beginning(given: Given, shown: Served, text: str) -> None:
    told = answer(given, shown, str(httpx.URL("/records", params={"q": text})))
    assert given.own["record"] in ids(main(told))


def test_the_home_page_leads_to_what_it_counted(given: Given, shown: Served) -> None:
    assert number_found(page(given, shown, "/records?side=received&order=recorded-desc")) != "0 records"
    told = page(given, shown, f"/records?said_by={DEA}&order=recorded-desc")
    assert "received" in told
    assert "Royal Canadian Mounted Police</a>" not in told


def test_choices_are_added_and_taken_away_by_links_that_can_be_shared(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?q=fent")
    one = page(given, shown, address(told, "Sample"))
    two = page(given, shown, address(one, "Laboratory test count"))
    shared = address(one, "Laboratory test count")
    assert "kind=sample" in shared
    assert "kind=test-count" in shared
    assert "q=fent" in shared
    alone_, both = (int(number_found(html).split()[0]) for html in (one, two))
    assert both > alone_ > 0
    assert number_found(page(given, shown, address(two, "Kind: Laboratory test count"))) == number_found(one)
    assert number_found(page(given, shown, address(two, "Clear all"))) == number_found(page(given, shown, "/records"))


def test_facets_count_what_they_lead_to(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?q=fentanyl")
    counts = re.findall(r'<li><a href="([^"]*)"><span>[^<]*</span> <span class="count">(\d+)</span>', told)
    assert len(counts) > 6
    for href, count in counts:
        assert number_found(page(given, shown, href)).split()[0] == count, href


def test_days_bound_a_list_on_both_sides(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?kind=sample&since=2026-03-11&until=2026-03-15")
    assert number_found(told) == "1 record"
    assert "from March 11, 2026" in words(told)


def test_columns_sort_both_ways_and_say_how(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?kind=sample")
    assert re.search(r'aria-sort="descending"><a[^>]*>Recorded', told)
    by_day = page(given, shown, address(told, "Day"))
    assert re.search(r'aria-sort="descending"><a[^>]*>Day', by_day)
    turned = page(given, shown, address(by_day, "Day"))
    assert re.search(r'aria-sort="ascending"><a[^>]*>Day', turned)
    assert ids(turned) == ids(by_day)[::-1]


def test_every_record_stands_on_exactly_one_page(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?kind=test-count&order=day")
    first, seen = told, ids(told)
    while "Next page" in told:
        told = page(given, shown, address(told, "Next page"))
        assert "Back to the first page" in told
        seen += ids(told)
    assert len(seen) == len(set(seen)) == int(number_found(first).split()[0].replace(",", "")) > 50
    assert ids(page(given, shown, address(told, "Back to the first page"))) == ids(first)


def test_whatever_is_changed_the_list_begins_at_its_first_page(given: Given, shown: Served) -> None:
    told = page(given, shown, "/records?kind=test-count")
    later = page(given, shown, address(told, "Next page"))
    for text in ("Day", "Kind", "Laboratory test count", "Download all"):
        assert "after=" not in address(later, text)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("since=tomorrow", "`tomorrow` is not a day"),
        ("until=2026-02-30", "`2026-02-30` is not a day"),
        ("order=sideways", "sideways"),
        ("kind=unicorns", "unicorns"),
        ("side=theirs", "`theirs` does not say whose"),
        ("after=nonsense", "nonsense"),
        ("place=a%00b", "cannot"),
    ],
)
def test_what_cannot_be_used_is_said_above_the_form_and_what_was_typed_is_kept(
    given: Given, shown: Served, query: str, says: str
) -> None:
    told = answer(given, shown, f"/records?q=fent&year=2026&{query}")
    assert told.status_code == 422
    html = main(told)
    assert says in html.partition("<form")[0]
    assert 'value="fent"' in html
    assert '<input type="hidden" name="year" value="2026">' in html
    assert ids(html) == []
    file = answer(given, shown, f"/records.csv?{query}")
    assert file.status_code == (200 if "after" in query else 422), "a file has no pages"


def test_a_day_that_is_none_is_marked_and_stays_in_its_field(given: Given, shown: Served) -> None:
    html = main(answer(given, shown, "/records?since=tomorrow"))
    field = re.search(r'<input[^>]*name="since"[^>]*>', html)
    assert field
    assert 'value="tomorrow"' in field[0]
    assert 'aria-describedby="since-error"' in field[0]


def test_what_is_typed_is_never_markup(given: Given, shown: Served) -> None:
    told = answer(given, shown, "/records?q=%3Cscript%3Ealert(1)%3C/script%3E&place=%22%3E%3Cb%3E")
    assert told.status_code == 200
    assert "<script>alert" not in told.text
    assert '"><b>' not in told.text


def test_a_live_search_replaces_the_results_and_its_address_can_be_shared(given: Given, shown: Served) -> None:
    asks = {"hx-request": "true", "hx-request-type": "partial"}
    told = answer(given, shown, "/records?q=fent&since=&until=&kind=sample", **asks)
    assert told.headers["hx-push-url"] == "/records?q=fent&kind=sample"
    assert "<html" not in told.text
    assert "<form" not in told.text
    assert re.search(r'id="found"[^>]*>3 records', told.text)
    whole = answer(given, shown, "/records?q=fent", **{"hx-request": "true", "hx-request-type": "full"})
    assert "<html" in whole.text, "going back shows the whole page"
    bad = answer(given, shown, "/records?since=no", **asks)
    assert (bad.status_code, "is not a day" in bad.text) == (422, True)


def test_the_form_works_without_javascript_and_carries_the_choices_along(given: Given, shown: Served) -> None:
    html = page(given, shown, "/records?kind=sample&kind=finding&simulated=true")
    form = html.partition('action="/records"')[2].partition("</form>")[0]
    assert form.startswith(' method="get"')
    assert re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', form) == [
        ("kind", "sample"),
        ("kind", "finding"),
        ("simulated", "true"),
    ]


def test_nothing_found_says_what_to_take_away(given: Given, shown: Served) -> None:
    html = page(given, shown, "/records?q=unobtainium&kind=sample&since=2026-01-01")
    assert number_found(html) == "0 records"
    assert number_found(page(given, shown, address(html, "without “words: unobtainium”"))) != "0 records"
    for text in ("without “Kind: Sample”", "without “from January 1, 2026”", "all records"):
        assert address(html, text).startswith("/records")


def test_a_node_that_holds_nothing_teaches_how_records_come(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    config = Config(folder=folder, party="ca.cbsa", domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:1")
    with closing(create_node(config, catalogue())):
        pass
    with served(folder) as found:
        for role, link in (("officer", "/imports"), ("releasing-officer", "/help")):
            with found.browser(role) as browser:
                html = main(browser.get("/records"))
            assert "No record yet" in html
            assert f'href="{link}"' in html
            assert "Download all" not in html


def test_the_file_has_what_the_list_found(given: Given, shown: Served) -> None:
    query = "kind=sample&q=fent&order=day"
    told = answer(given, shown, f"/records.csv?{query}")
    assert told.headers["content-disposition"].startswith("attachment; filename*=UTF-8''records-")
    lines = list(csv.DictReader(io.StringIO(told.content.decode("utf-8-sig"))))
    assert [line["id"] for line in lines] == ids(page(given, shown, f"/records?{query}"))
    assert {line["simulated"] for line in lines} == {"yes"}
    assert answer(given, shown, "/records.csv", "releasing-officer").status_code == 403
    assert "records.csv" not in page(given, shown, "/records", "releasing-officer")


def test_addresses_repeat_nothing_and_hold_no_empty_choice() -> None:
    choices = choices_in(QueryParams("q=+a+&kind=x&kind=x&kind=&since=&order=day&after=1~2&other=3"))
    assert choices.address() == "/records?q=a&order=day&kind=x"
    assert choices.toggled("kind", "x").address() == "/records?q=a&order=day"
    assert choices.toggled("simulated", "true").toggled("simulated", "false").one("simulated") == "false"
    assert len(choices_in(QueryParams([("kind", str(n)) for n in range(999)])).all("kind")) == 50
