"""One record on the screen: why it may be seen, field by field; who gets what of ours; its versions and its traces."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from entente.node.duties import duties
from entente.node.owing import TO_US
from entente.node.people import set_language
from web.given import Given, alone, client_of
from web.reading import address, answer, ids, main, page, words
from web.served import Served

UNKNOWN = "0" * 32


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The screens of the RCMP; nothing that these tests do changes what it holds."""
    with alone(given, tmp_path_factory.mktemp("record") / "rcmp") as found:
        yield found


def field(html: str, name: str) -> str:
    """What stands in the place of a field, markup and all."""
    found = re.search(rf"<dt>{re.escape(name)}</dt><dd>(.*?)</dd>", html)
    assert found, f"no field {name}"
    return found[1]


# One record of ours


def test_of_our_own_record_everything_is_shown_and_what_is_not_stated(given: Given, shown: Served) -> None:
    told = words(page(given, shown, f"/records/{given.own['record']}"))
    assert "It is a record of our own agency." in told
    assert "Date of seizure March 10, 2026" in told
    assert "Vancouver" in told
    assert "4.7 g" in told
    assert "Not stated: Seizure number." in told
    assert "samples corrected.csv, line 2" in told


def test_who_gets_what_names_the_provision_that_keeps_a_field_back(given: Given, shown: Served) -> None:
    html = page(given, shown, f"/records/{given.own['record']}")
    gets = html.partition('id="gets"')[2].partition("</table>")[0]
    told = words(gets)
    assert "Waits for release" in told
    assert "After release: Date of seizure" in told
    assert (
        "Place of seizure, Submitting unit, Notes on the exhibit Forbidden by seized-drug-samples v1, provision 2.1."
        in told
    )
    assert re.search(r'href="/agreements/sha256:[0-9a-f]{64}#provision-1\.1"', gets)
    assert "Of a sample of a substance that was controlled in Canada" in told, "the clause itself"
    assert "2 more releasing officers are needed" in told


def test_what_waits_leads_to_the_desk_for_those_who_may_read_it(given: Given, shown: Served) -> None:
    path, desk = f"/records/{given.own['record']}", f'href="/desk/{given.own["release"]}"'
    assert desk in page(given, shown, path, "releasing-officer")
    assert desk in page(given, shown, path, "privacy-officer")
    assert "/desk/" not in page(given, shown, path, "analyst")


def test_ledger_entries_are_links_for_those_who_may_read_the_ledger(given: Given, shown: Served) -> None:
    path = f"/records/{given.own['record']}"
    assert "/ledger/" not in page(given, shown, path, "officer")
    html = page(given, shown, path, "privacy-officer")
    entry = re.search(r'href="(/ledger/\d+)"', html)
    assert entry
    assert "Record corrected" in html
    assert answer(given, shown, entry[1], "privacy-officer").status_code == 200


def test_versions_tell_what_changed_and_an_older_one_can_be_read(given: Given, shown: Served) -> None:
    path = f"/records/{given.own['record']}"
    newest = words(page(given, shown, path))
    assert "Mass (g) \N{EN DASH} 4.2 g → 4.7 g" in newest
    assert "shown here" in newest
    older = page(given, shown, f"{path}?version=1")
    assert "This is version 1; there is a newer one." in words(older)
    assert address(older, "Show version 2") == path
    assert '<span class="as-written">4.2 g</span>' in older
    for version in ("3", "0", "x", "-1", "1 OR 1", "9" * 40):
        assert answer(given, shown, str(httpx.URL(path, params={"version": version}))).status_code == 404


def test_a_finding_leads_to_its_evidence(given: Given, shown: Served) -> None:
    html = page(given, shown, f"/records/{given.own['finding']}")
    assert f'href="/findings/{given.own["finding"]}"' in html
    assert "serves nothing but" in html, "the limits of what it rests on"


def test_answers_that_partners_owe_about_a_record_are_told(given: Given, shown: Served) -> None:
    told = duties(shown.node, TO_US)[0]
    html = page(given, shown, f"/records/{told.row.record_id}")
    assert "U.S. Drug Enforcement Administration owes us" in html
    assert f'href="/notices/{told.about}"' in html


# One that a partner gave


def test_every_field_of_a_received_record_says_why_it_may_be_seen(given: Given, shown: Served) -> None:
    html = page(given, shown, f"/records/{given.received['record']}")
    assert "U.S. Drug Enforcement Administration gave it to us under seized-drug-samples v1." in html
    assert "It may be used for: Criminal investigation" in html
    mass = field(html, "Mass (g)")
    assert "7 g" in mass
    assert "Why may I see this" in mass
    assert "gave Mass (g) under seized-drug-samples v1, provision 1.2" in mass
    assert re.search(r'href="/agreements/sha256:[0-9a-f]{64}#provision-1\.2"', mass)
    assert re.search(r"<blockquote>[^<]{40,}</blockquote>", mass)


def test_a_struck_field_stands_in_its_place_with_the_provision_that_struck_it(given: Given, shown: Served) -> None:
    html = page(given, shown, f"/records/{given.received['record']}")
    place = field(html, "Place of seizure")
    assert "struck-bar" in place
    assert "Forbidden by seized-drug-samples v1, provision 2.1." in place
    assert re.search(r'href="/agreements/sha256:[0-9a-f]{64}#provision-2\.1"', place)
    assert "Neither the analyst, the submitter, the place" in place, "the clause itself"
    number = words(field(html, "Sample number"))
    assert "withheld No provision gives it." in number
    assert "Not permitted by any provision between U.S. Drug Enforcement Administration and" in number
    assert [value for value in ("SIM-8", "Laredo") if value in html] == []


def test_what_did_not_come_is_not_called_withheld_where_nobody_can_know(given: Given, shown: Served) -> None:
    counts = page(given, shown, "/records?kind=test-count&side=received")
    absent = field(page(given, shown, f"/records/{ids(counts)[0]}"), "Category of the source")
    assert "struck" not in absent
    assert "did not come" in absent
    assert "does not state it, or a condition on what we cannot see withheld it" in absent


def test_an_answer_that_we_owe_is_one_step_away_for_those_who_may_give_it(given: Given, shown: Served) -> None:
    owed = next(duty for duty in duties(shown.node, record_id=given.received["record"]))
    path, answers = f"/records/{given.received['record']}", f'<a class="usa-button" href="/notices/{owed.about}"'
    assert answers in page(given, shown, path, "officer")
    assert "it was due on December" in page(given, shown, path, "officer")
    assert answers not in page(given, shown, path, "privacy-officer")


def test_handling_stands_with_the_record(given: Given, shown: Served) -> None:
    told = words(page(given, shown, f"/records/{given.received['record']}"))
    assert "Held under seized-drug-samples v1" in told
    assert "Not to be used as evidence" in told
    assert "May be kept until" in told


@pytest.mark.parametrize(
    ("role", "side", "status"),
    [
        ("officer", "received", 200),
        ("privacy-officer", "received", 200),
        ("releasing-officer", "own", 200),
        ("releasing-officer", "received", 404),
        ("administrator", "own", 403),
        ("administrator", "received", 403),
        ("analyst", "other", 404),
    ],
)
def test_who_may_read_which_record(given: Given, shown: Served, role: str, side: str, status: int) -> None:
    record = getattr(given, side)["record"]
    told = answer(given, shown, f"/records/{record}", role)
    assert told.status_code == status
    if status != 200:
        assert "Methamphetamine" not in told.text
        assert "Fentanyl" not in told.text


def test_a_record_given_for_other_purposes_is_not_there(given: Given, shown: Served) -> None:
    """The same answer as for a record that nobody has."""
    with client_of(shown, given.others["analyst"]) as client:
        found = [client.get(f"/records/{name}") for name in (given.received["record"], UNKNOWN)]
        assert client.get(f"/records/{given.own['record']}").status_code == 200
        versions = client.get(f"/records/{given.received['record']}?version=1")
    assert [one.status_code for one in (*found, versions)] == [404, 404, 404]
    assert main(found[0]).replace(given.received["record"], UNKNOWN) == main(found[1]).replace(
        given.received["record"], UNKNOWN
    )


def test_names_that_no_record_has_are_not_found(given: Given, shown: Served) -> None:
    for name in ("%00", "a%00b", "..%5c", "%F0%9F%98%80", "x" * 3000, "%3Cb%3E"):
        told = answer(given, shown, f"/records/{name}")
        assert told.status_code in (404, 422), name
        assert "<b>" not in told.text


def test_a_record_is_told_in_the_language_of_its_reader(given: Given, tmp_path: Path) -> None:
    with alone(given, tmp_path / "rcmp") as found:
        set_language(found.node, given.people["analyst"], "fr", by="test")
        told = words(page(given, found, f"/records/{given.received['record']}"))
    assert "Méthamphétamine · Poudre" in told
    assert "20 mars 2026" in told
    assert "Enquête criminelle" in told


# One that was erased


def test_an_erased_record_says_so_and_shows_no_value(given: Given, tmp_path: Path) -> None:
    with alone(given, tmp_path / "rcmp") as found:
        for side in ("own", "received"):
            record = getattr(given, side)["record"]
            with found.node.writing() as work:
                work.tx.erase_record(record)
            html = page(given, found, f"/records/{record}")
            assert "What it said has been erased" in html
            assert "What it says" not in html
            assert "4.7" not in html
            assert record not in main(answer(given, found, "/records?kind=sample"))
