"""Imports on the screen: a bad file is taken in, its bad rows are corrected and sent again, and what leaves is seen."""

import csv
import gzip
import http.client
import io
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.import_view import leaving
from entente.node.uploads import MIB, Uploads, imports
from entente.node.work import Node
from entente.store import IntakeRow
from node.test_bad_rows import FAULTS, row
from story.tables import HEADER, northern, totals
from story.world import CBSA
from web.conftest import PEOPLE, Pair
from web.served import Browser, Served, make_people, served

TEN = b"\n".join([HEADER.encode(), row(0), *(bad for bad, _, _ in FAULTS.values())])
MAY_NOT = sorted(PEOPLE.keys() - {"officer", "analyst"})
HTMX = {"hx-request": "true", "hx-request-type": "partial"}


@pytest.fixture(scope="module", params=["demo", "production"])
def lone_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node without partners, with people; of both domains where a test asks for both."""
    folder = tmp_path_factory.mktemp(request.param) / "node"
    config = Config(
        folder=folder, party="us.cbp", domain=request.param, store="sqlite:n.sqlite", url="http://127.0.0.1:1"
    )
    with closing(create_node(config, catalogue())) as node:
        make_people(node)
    return folder


@pytest.fixture
def lone(lone_folder: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(lone_folder, tmp_path / "node")
    with served(tmp_path / "node", people=PEOPLE) as found:
        yield found


demo = pytest.mark.parametrize("lone_folder", ["demo"], indirect=True)
production = pytest.mark.parametrize("lone_folder", ["production"], indirect=True)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was received is read before the test is over."""
    monkeypatch.setattr(Uploads, "_queue", lambda _self, _job: None)


def send(browser: Browser, data: bytes, name: str = "table.csv", **form: str) -> httpx.Response:
    browser.get("/imports")
    return browser.post("/imports", files={"file": (name, data)}, **form)


def settled(browser: Browser, path: str = "") -> httpx.Response:
    """The page of an import, once it has ended."""
    path = path or str(browser.page.url.path) if browser.page else path
    until = time.monotonic() + 30
    while 'id="progress"' in (page := browser.get(path)).text:
        assert time.monotonic() < until
        time.sleep(0.02)
    return page


def numbers(page: str) -> list[str]:
    """Kept, unchanged, bad."""
    return re.findall(r'class="stat-value">([^<]*)<', page)


def corrected(text: str) -> str:
    """What an officer makes of the file of the bad rows; what is wrong stands in the notes too, before the row."""
    for _, wrong, right in FAULTS.values():
        if wrong:
            place = text.rindex(wrong)
            text = text[:place] + right + text[place + len(wrong) :]
    return text


@demo
def test_a_file_with_twelve_kinds_of_faults_is_corrected_and_everything_is_kept(lone: Served) -> None:
    with lone.browser("officer") as browser:
        send(browser, TEN, "the week.csv", simulated="yes")
        page = settled(browser)
        first = page.url.path
        assert numbers(page.text) == ["1", "0", "12"]
        assert "12 rows wait to be corrected" in page.text
        assert page.text.count('data-label="What to do"') == len(FAULTS)
        assert "<code>Sum Qty (lbs)</code>" in page.text
        assert '<code>Drug Type</code><span class="cell-note">Drug</span>' in page.text
        assert "is below zero." in page.text
        file = browser.get(f"{first}/bad-rows.csv")
        assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''the%20week.bad%20rows.csv")
        assert file.content.startswith(b'\xef\xbb\xbf"#line"')
        fixed = corrected(file.text).encode()
        browser.get(first)
        browser.post("/imports", files={"file": ("fixed.csv", fixed)}, simulated="yes", corrects=first[9:], reader="")
        second = settled(browser)
        assert numbers(second.text) == ["12", "0", "0"]
        assert f'href="{first}"' in second.text
        again = browser.get(first).text
        assert "12 kept, 0 unchanged, 0 bad rows" in again
        assert f'href="{second.url.path}"' in again
        listed = browser.get("/imports").text
        assert "bad rows corrected by" in listed
        assert "to correct" not in listed


@demo
def test_rows_sent_back_as_they_are_wait_again_but_for_what_was_only_in_another_encoding(lone: Served) -> None:
    with lone.browser("officer") as browser:
        send(browser, TEN, simulated="yes")
        first = settled(browser).url.path
        file = browser.get(f"{first}/bad-rows.csv").content
        send(browser, file, simulated="yes", corrects=first[9:])
        assert numbers(settled(browser).text) == ["1", "0", str(len(FAULTS) - 1)]


@demo
def test_progress_is_seen_by_everybody_who_imports_and_after_a_reload(lone: Served, slow: None) -> None:
    with lone.browser("officer") as browser, lone.browser("analyst") as other:
        path = send(browser, totals(0, 9), simulated="yes").url.path
        for page in (browser.get(path), browser.get(path), other.get(path)):
            assert "The file waits its turn" in page.text
            assert f'hx-get="{path}/progress' in page.text
            assert "<progress " in page.text
            assert f'<a href="{path}">Look again</a>' in page.text
            assert 'http-equiv="refresh"' not in page.text
        with lone.node.writing() as work:
            (held,) = work.tx.intakes()
            work.tx.put_intake(replace(held, state="reading", kept=4, position=held.size // 2))
        part = other.client.get(f"{path}/progress", headers=HTMX).text
        assert part.lstrip().startswith('<div id="now" hx-get=')
        assert "<html" not in part
        assert "50% of the file is read: 4 records kept so far" in part
        assert "Being read" in other.get("/imports").text


@demo
def test_the_part_that_asks_stops_when_all_is_read_and_asks_only_so_often(lone: Served, slow: None) -> None:
    with lone.browser("officer") as browser:
        path = send(browser, totals(0, 9), simulated="yes").url.path
        assert "hx-trigger" in browser.client.get(f"{path}/progress?progress=7", headers=HTMX).text
        assert "hx-trigger" not in browser.client.get(f"{path}/progress?progress=1199", headers=HTMX).text
        assert browser.get(f"{path}/progress").url.path == path
        with lone.node.writing() as work:
            (held,) = work.tx.intakes()
            work.tx.put_intake(replace(held, state="done", kept=9, finished_at=work.now))
        assert "hx-trigger" not in browser.client.get(f"{path}/progress", headers=HTMX).text


@demo
def test_two_files_are_imported_one_after_the_other(lone: Served) -> None:
    with lone.browser("officer") as one, lone.browser("analyst") as two:
        paths = [send(one, totals(0, 600), "one.csv", simulated="yes").url.path]
        paths.append(send(two, totals(600, 300), "two.csv", simulated="yes").url.path)
        assert [numbers(settled(two, path).text)[0] for path in paths] == ["600", "300"]
        listed = two.get("/imports").text
        assert listed.index("two.csv") < listed.index("one.csv")
        assert "the-officer" in listed


@demo
def test_the_same_file_twice_doubles_nothing(lone: Served) -> None:
    with lone.browser("officer") as browser:
        send(browser, totals(0, 9), simulated="yes")
        settled(browser)
        send(browser, totals(0, 9), simulated="yes")
        page = settled(browser).text
    assert numbers(page) == ["0", "9", "0"]
    assert "no record of this file is new or changed" in page


@demo
@pytest.mark.parametrize(
    ("data", "reader", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "", "No reader knows the columns of"),
        (b"a,b\n1,2\n", "sample-csv", "is not a table that the reader `sample-csv` knows"),
        (b"", "", "table.csv is empty"),
        (HEADER.encode().replace(b",", b";") + b"\n", "", "is not a table that the reader `cbp-drug-seizures` knows"),
        (HEADER.encode(), "nobodys", "There is no reader `nobodys`"),
        (HEADER.encode("utf-16"), "", "No reader knows the columns of"),
    ],
)
def test_what_is_no_table_is_refused_above_the_form_with_what_was_chosen(
    lone: Served, data: bytes, reader: str, says: str
) -> None:
    with lone.browser("officer") as browser:
        page = send(browser, data, reader=reader)
    assert page.status_code == 422
    alert = page.text.index("The file was not taken in")
    assert alert < page.text.index(says) < page.text.index('type="file"')
    if reader == "sample-csv":
        assert '<option value="sample-csv" selected>' in page.text
    assert 'value="yes" checked' not in page.text
    assert imports(lone.node) == []


@demo
def test_a_form_without_a_file_says_so(lone: Served) -> None:
    with lone.browser("officer") as browser:
        browser.get("/imports")
        assert "No file was chosen" in browser.post("/imports", simulated="yes").text
        assert "No file was chosen" in send(browser, b"", "").text
        page = browser.post("/imports", file="text where a file should be")
        assert (page.status_code, "No file was chosen" in page.text) == (422, True)


@demo
def test_more_than_any_file_may_be_is_refused_before_it_is_read(lone: Served) -> None:
    with lone.browser("officer") as browser:
        browser.get("/imports")
        head = {
            "Host": lone.url.removeprefix("http://"),
            "Origin": lone.url,
            "Cookie": "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items()),
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": str(300 * MIB),
        }
    host, _, port = lone.url.removeprefix("http://").partition(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=10)) as connection:
        connection.request("POST", "/imports", body=b"--x", headers=head)
        answer = connection.getresponse()
        assert (answer.status, b"larger than" in answer.read()) == (413, True)
    assert imports(lone.node) == []


@demo
def test_a_file_larger_than_the_node_takes_is_refused_above_the_form(
    lone_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Uploads.__init__, "__kwdefaults__", {"limit": 2048})
    shutil.copytree(lone_folder, tmp_path / "node")
    with served(tmp_path / "node", people=PEOPLE) as found, found.browser("officer") as browser:
        page = send(browser, totals(0, 90), "large.csv", reader="cbp-drug-seizures", simulated="yes")
        assert page.status_code == 422
        assert "large.csv is larger than" in page.text
        assert '<option value="cbp-drug-seizures" selected>' in page.text
        assert 'value="yes" checked' in page.text
        assert imports(found.node) == []
        assert list((tmp_path / "node" / "uploads").glob("*")) == []


@demo
def test_a_refused_correction_is_told_on_the_page_of_its_import(lone: Served) -> None:
    with lone.browser("officer") as browser:
        send(browser, TEN, simulated="yes")
        path = settled(browser).url.path
        page = send(browser, b"a,b\n1,2\n", corrects=path[9:], reader="cbp-drug-seizures")
        assert page.status_code == 422
        assert "The file was not taken in" in page.text
        assert f'name="corrects" value="{path[9:]}"' in page.text
        unknown = send(browser, TEN, corrects="20200101T000000000000-ffffffff")
        assert unknown.status_code == 404
        assert "This node knows no import" in unknown.text


@demo
@pytest.mark.parametrize("role", MAY_NOT)
def test_who_may_not_import_sees_no_import_and_sends_none(lone: Served, role: str) -> None:
    with lone.browser("officer") as browser:
        send(browser, TEN, simulated="yes")
        path = settled(browser).url.path
    with lone.browser(role) as browser:
        for address in ("/imports", path, f"{path}/progress", f"{path}/left", f"{path}/bad-rows.csv"):
            assert browser.get(address).status_code == 403, address
        assert browser.get("/imports/formats/sample-csv.csv").status_code == 403
        assert browser.post("/imports", files={"file": ("x.csv", TEN)}).status_code == 403
        assert 'href="/imports"' not in browser.get("/account").text
    assert len(imports(lone.node)) == 1


@demo
def test_a_form_of_another_session_or_without_its_token_brings_nothing_in(lone: Served) -> None:
    with lone.browser("officer") as browser:
        for token in ("", "another"):
            page = browser.post("/imports", files={"file": ("x.csv", TEN)}, form_token=token)
            assert "belongs to a session that has ended" in page.text
        elsewhere = browser.client.post(
            "/imports",
            data={"form_token": browser.token},
            files={"file": ("x.csv", TEN)},
            headers={"origin": "https://elsewhere.example"},
        )
        assert elsewhere.status_code == 403
    assert imports(lone.node) == []


@demo
def test_an_import_that_nobody_made_is_not_found(lone: Served) -> None:
    with lone.browser("officer") as browser:
        for path in ("/imports/nobodys", "/imports/nobodys/bad-rows.csv", "/imports/20200101T0000"):
            assert browser.get(path).status_code == 404, path
        assert browser.client.get("/imports/nobodys/progress", headers=HTMX).status_code == 404
        assert browser.get("/imports/formats/nobodys.csv").status_code == 404


@demo
def test_a_name_with_markup_is_shown_as_it_is_and_one_that_steers_is_refused(lone: Served) -> None:
    with lone.browser("officer") as browser:
        send(browser, totals(0, 3), "<b onclick=x>week.csv", simulated="yes")
        for page in (settled(browser).text, browser.get("/imports").text):
            assert "<b onclick" not in page
            assert "&lt;b onclick=x&gt;week.csv" in page
        refused = send(browser, totals(0, 3), "week\u202efdp.csv", simulated="yes")
        assert "a character that steers a screen" in refused.text
        assert "\u202e" not in refused.text
        assert browser.get("/imports").text.count("week") == 1 + browser.get("/imports").text.count("this week")


@demo
def test_values_that_steer_a_screen_or_are_formulas_stay_harmless(lone: Served) -> None:
    values = ("=HYPERLINK(9)", '"a\u202eb"', '"<script>alert(1)</script>"', '"x\ny"')
    data = b"\n".join([HEADER.encode(), *(row(number, value) for number, value in enumerate(values))])
    data += b"\n" + row(9, "1").replace(b"SEP", b"S\xffP\x1b[2J")
    with lone.browser("officer") as browser:
        send(browser, data, simulated="yes")
        page = settled(browser)
        file = browser.get(f"{page.url.path}/bad-rows.csv").text
    assert numbers(page.text)[2] == "5"
    assert "\u202e" not in page.text
    assert "\x1b" not in page.text
    assert "<script>alert" not in page.text
    assert "a\N{REPLACEMENT CHARACTER}b" in page.text
    for cells in csv.reader(io.StringIO(file, newline="")):
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells[:3])


@demo
def test_many_bad_rows_come_in_pages_by_line(lone: Served) -> None:
    data = b"\n".join([HEADER.encode(), *(row(number, "-1") for number in range(230))])
    with lone.browser("officer") as browser:
        send(browser, data, simulated="yes")
        page, lines = settled(browser).text, []
        while True:
            lines += [int(found) for found in re.findall(r'data-label="Line">(\d+)<', page)]
            following = re.search(r'href="([^"]*\?after=\d+)#bad-rows" rel="next"', page)
            if following is None:
                break
            page = browser.get(following[1]).text
        assert "Back to the first page" in page
        path = imports(lone.node)[0].id
        for after in ("-1", "x", "9" * 40, "999999"):
            assert browser.get(f"/imports/{path}", after=after).status_code == 200
    assert lines == list(range(2, 232))


@demo
def test_many_imports_come_in_pages_the_newest_first(lone: Served) -> None:
    with lone.node.writing() as work:
        for number in range(120):
            work.tx.put_intake(made_up(lone.node, number))
    with lone.browser("officer") as browser:
        page, seen = browser.get("/imports").text, []
        while True:
            seen += re.findall(r">table-(\d+)\.csv<", page)
            following = re.search(r'href="(/imports\?before=[^"]*)" rel="next"', page)
            if following is None:
                break
            page = browser.get(following[1]).text
    assert seen == [str(number) for number in reversed(range(120))]


def made_up(node: Node, number: int) -> IntakeRow:
    return IntakeRow(
        id=f"import-{number:03}",
        source=f"table-{number}.csv",
        source_digest="sha256:0",
        reader="cbp-drug-seizures",
        who="officer",
        started_at=node.clock() + timedelta(seconds=number),
        state="done",
    )


@demo
def test_an_import_that_fails_says_why_and_what_to_do(lone: Served) -> None:
    whole = gzip.compress(totals(0, 2000, pounds="1.5"))
    with lone.browser("officer") as browser:
        send(browser, whole[: len(whole) - 400], "half.csv.gz", simulated="yes")
        page = settled(browser).text
    assert "This import failed" in page
    assert "half.csv.gz is compressed, but cannot be unpacked" in page
    assert "Send the file again" in page
    assert "nothing doubles" in page


@production
def test_a_production_node_offers_no_simulation_and_takes_none(lone: Served) -> None:
    with lone.browser("officer") as browser:
        assert 'name="simulated"' not in browser.get("/imports").text
        refused = send(browser, totals(0, 3), simulated="yes")
        assert "Simulated records were handed to the production node" in refused.text
        send(browser, totals(0, 3))
        page = settled(browser).text
    assert numbers(page) == ["3", "0", "0"]
    assert "tag-simulated" not in page


@demo
def test_a_demonstration_node_takes_a_file_as_simulated_unless_told_otherwise(lone: Served) -> None:
    with lone.browser("officer") as browser:
        assert re.search(r'name="simulated"[^>]*value="yes" checked', browser.get("/imports").text)
        send(browser, totals(0, 1), simulated="yes")
        settled(browser)
        send(browser, totals(1, 1))
        settled(browser)
    with lone.node.store.reading() as tx:
        assert sorted(row.is_simulated for row in tx.current_records()) == [False, True]


@demo
def test_a_file_that_says_that_it_is_simulated_carries_the_mark(lone: Served) -> None:
    data = b"number,seized_on,drug,simulated\nSIM-1,2026-01-02,fentanyl,yes\n"
    with lone.browser("officer") as browser:
        send(browser, data)
        page = settled(browser).text
    assert "tag-simulated" in page


@demo
@pytest.mark.parametrize(
    ("language", "says"), [("fr", "Saisies, une par ligne"), ("es", "Incautaciones, una por fila")]
)
def test_formats_are_named_in_the_readers_language_and_given_as_empty_tables(
    lone: Served, language: str, says: str
) -> None:
    with lone.browser("officer") as browser:
        browser.post("/language", language=language, back="/imports")
        assert says in browser.get("/imports").text
        file = browser.get("/imports/formats/seizure-csv.csv")
        (titles,) = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert titles[:3] == ["number", "seized_on", "drug"]


@demo
def test_a_node_offers_only_formats_whose_records_it_may_hold(lone: Served) -> None:
    with lone.browser("officer") as browser:
        page = browser.get("/imports").text
        assert 'value="cbp-drug-seizures"' in page
        assert 'value="drug-checking-csv"' not in page
        assert "No file has been imported yet" in page


def test_an_officer_sees_records_leave_until_the_partner_has_signed(pair: Pair) -> None:
    with pair.here.browser("officer") as browser:
        send(browser, totals(100, 30), "more.csv", simulated="yes")
        page = settled(browser)
        path = page.url.path
        assert f"{northern(30)} on the way" in page.text
        assert f'hx-get="{path}/left' in page.text
        pair.world.settle()
        part = browser.client.get(f"{path}/left", headers=HTMX).text
        assert part.lstrip().startswith('<section class="panel" id="left"')
        assert "hx-trigger" not in part
        assert "all answered" in part
        assert "Canada Border Services Agency" in part
        assert re.search(rf'data-label="Confirmed">{northern(30)}<', part)
        assert browser.get(f"{path}/left").url.path == path
    (row_now, row_before) = imports(pair.here.node)
    (now,) = leaving(pair.here.node, row_now)
    assert (now.partner, now.states, now.unsettled, now.not_taken_in) == (CBSA, {"accepted": northern(30)}, 0, 0)
    (before,) = leaving(pair.here.node, row_before)
    assert sum(before.states.values()) == northern(9)
