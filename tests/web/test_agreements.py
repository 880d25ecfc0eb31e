"""Agreements on the screen: what is in force and why not, what a text says and does, what could be given to whom."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from entente.agreements import model_bytes
from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.people import set_language
from entente.node.work import Node
from entente.signing import digest
from web.given import DEA, RCMP, UNSIGNED, Given, alone, client_of
from web.reading import main, page, words
from web.served import Browser, Served, served

HELD, TRENDS = (digest(model_bytes(name)) for name in ("seized-drug-samples", "drug-trends"))
DRAFT = model_bytes("seized-drug-samples")
RELEASING = "releasing-officer"


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with alone(given, tmp_path_factory.mktemp("agreements") / "rcmp") as found:
        yield found


@pytest.fixture
def browser(given: Given, shown: Served) -> Iterator[Browser]:
    held = given.sessions[RELEASING]
    with client_of(shown, held) as client:
        client.follow_redirects = True
        yield Browser(client, held.form_token)


def asked(browser: Browser, **question: str) -> str:
    answer = browser.get("/agreements/preview", **{"partner": DEA, "purpose": "threat-assessment"} | question)
    assert answer.status_code == 200
    return words(main(answer))


def tamper(node: Node) -> None:
    """What somebody does who can write to the database file."""
    with closing(sqlite3.connect(node.store.where.removeprefix("sqlite:"))) as connection, connection:
        connection.execute("UPDATE agreement SET source = CAST(source || ' ' AS BLOB) WHERE digest = ?", (HELD,))


def test_everybody_reads_which_texts_are_in_force_with_whom_and_who_has_yet_to_sign(
    given: Given, shown: Served
) -> None:
    for role in given.people:
        told = words(page(given, shown, "/agreements", role))
        assert "Model agreement on samples of seized drugs and their analysis" in told
        assert "in force with DEA Two officers of each have yet to sign: CBSA, HC, PHAC, MX, NL, CBP, CDC." in told
        assert "not in force Two officers of each have yet to sign: CBSA, HC, PHAC, RCMP, CBP, CDC, DEA." in told
        assert "January 1, 2026 \N{EN DASH} December 31, 2028 America/Toronto" in told


def test_a_text_shows_its_articles_what_they_do_and_who_signed(given: Given, shown: Served) -> None:
    told = words(page(given, shown, f"/agreements/{HELD}"))
    assert "This is a model, written for the Entente project." in told
    assert f"Digest of the text {HELD}" in told
    assert "Authoritative text English, French" in told
    assert "ca.rcmp/liaison-1 (Liaison officer (simulated)), Royal Canadian Mounted Police" in told
    assert "everything of the class: Quantity" in told
    assert "Date of seizure (Sample)" in told
    assert "Suspected substance was on this list on the day “Date of seizure”: Canada, Controlled Drugs" in told
    assert "Who lets it go By two releasing officers" in told
    assert "Days it may be kept: 1,825" in told
    assert "Provision 2.1 forbids" in told
    assert "To anybody" in told


def test_a_provision_can_be_linked_to_and_an_unsigned_text_says_who_must_sign(given: Given, shown: Served) -> None:
    assert 'id="provision-2.1"' in page(given, shown, f"/agreements/{HELD}")
    told = words(page(given, shown, f"/agreements/{digest(model_bytes(UNSIGNED))}"))
    assert "In force between us and nobody" in told
    assert "Health Canada: 0 of 2" in told
    assert "Nobody has signed it." in told


def test_a_reader_of_another_language_reads_the_clause_and_learns_which_text_is_authoritative(
    given: Given, shown: Served
) -> None:
    try:
        set_language(shown.node, given.people["officer"], "es", by="test")
        told = page(given, shown, f"/agreements/{HELD}", "officer")
    finally:
        set_language(shown.node, given.people["officer"], "en", by="test")
    assert "Ni el analista, ni quien entregó la muestra" in told
    assert 'lang="en"' not in told


def test_the_download_is_the_exact_bytes_that_are_signed(given: Given, shown: Served) -> None:
    with client_of(shown, given.sessions["officer"]) as client:
        answer = client.get(f"/agreements/{HELD}/text.toml")
        assert client.get(f"/agreements/{given.other['agreement']}").status_code == 404
    assert digest(answer.content) == HELD
    assert "seized-drug-samples-v1.toml" in answer.headers["content-disposition"]


def test_a_text_that_was_changed_after_it_was_signed_raises_the_alarm_and_is_not_shown(
    given: Given, tmp_path: Path
) -> None:
    with alone(given, tmp_path / "rcmp") as found:
        tamper(found.node)
        told = words(page(given, found, "/agreements"))
        assert "A text was changed after it was signed" in told
        assert f"is not the one with the digest {HELD} that was signed" in told
        with client_of(found, given.sessions["officer"]) as client:
            for path in (f"/agreements/{HELD}", f"/agreements/{HELD}/text.toml"):
                answer = client.get(path)
                assert answer.status_code == 500
                assert "Call your security officer" in answer.text


def test_a_node_without_agreements_teaches_how_one_comes(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    config = Config(folder=tmp_path / "new", party=RCMP, domain="demo", store="sqlite:node.sqlite", url=url)
    create_node(config, catalogue()).close()
    with served(config.folder) as found, found.browser("officer") as browser:
        told = words(main(browser.get("/agreements")))
    assert "No agreement yet" in told
    assert "two officers of each party sign it" in told


def test_a_preview_counts_what_would_go_wait_and_stay_and_shows_values(browser: Browser) -> None:
    alone, with_two = asked(browser), asked(browser, officers="2")
    assert "274 would go 3 would wait for people 2 would stay" in alone
    assert "277 would go 0 would wait for people 2 would stay" in with_two
    assert (
        "Sample forbidden: seized-drug-samples v1, provision 2.1 Notes on the exhibit (1), Place of seizure (4)"
        in with_two
    )
    assert "Sample Colour (3), Physical form (3), Mass (g) (3)" in with_two
    assert "It goes under drug-trends v1, provision" in with_two
    for value in ("Vancouver", "Toronto", "SIMULATED unit"):
        assert value not in with_two


def test_a_preview_on_a_day_on_which_nothing_is_in_force_says_why_nothing_goes(browser: Browser) -> None:
    told = asked(browser, on="2025-01-01")
    assert "0 would go 0 would wait for people" in told
    assert "Why nothing would go, by one record" in told
    assert "No agreement between Royal Canadian Mounted Police and U.S. Drug Enforcement Administration" in told


def test_a_preview_under_one_held_text_weighs_it_alone(browser: Browser) -> None:
    told = asked(browser, draft=HELD, officers="2")
    assert "Under seized-drug-samples, version 1, alone." in told
    assert "3 would go" in told


def test_a_draft_from_a_file_is_weighed_and_kept_nowhere(shown: Served, browser: Browser) -> None:
    draft = DRAFT.replace(b'"class:object", "class:quantity"', b'"class:quantity"')
    browser.get("/agreements/preview", draft="file")
    form = {"partner": DEA, "purpose": "threat-assessment", "officers": "2"}
    answer = browser.post("/agreements/preview", files={"file": ("draft.toml", draft)}, **form)
    told = words(main(answer))
    assert answer.status_code == 200
    assert "3 would go" in told
    assert "Sample Mass (g) (3), Received by the laboratory on (3)" in told
    with shown.node.store.reading() as tx:
        assert digest(draft) not in [row.digest for row in tx.agreements()]


def test_a_file_that_is_no_agreement_is_sent_back_with_every_place_and_what_to_do(browser: Browser) -> None:
    form = {"partner": DEA, "purpose": "threat-assessment"}
    broken = DRAFT.replace(b'purposes = ["threat-assessment"', b'purposes = ["anything"').replace(b"zone", b"zones")
    answer = browser.post("/agreements/preview", files={"file": ("draft.toml", broken)}, **form)
    told = words(main(answer))
    assert answer.status_code == 422
    assert "This text cannot be used" in told
    assert "anything" in told
    assert "in 1.1" in told
    assert "zones" in told
    nothing = browser.post("/agreements/preview", partner=DEA, purpose="threat-assessment")
    assert (nothing.status_code, "No file came with the form" in nothing.text) == (422, True)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"on": "yesterday"}, "is not a day"),
        ({"partner": "xx.nobody"}, "is not in the list"),
        ({"purpose": "curiosity"}, "is not in the list"),
    ],
)
def test_what_cannot_be_asked_is_said_and_stays_typed(browser: Browser, question: dict[str, str], says: str) -> None:
    answer = browser.get("/agreements/preview", **{"partner": DEA, "purpose": "threat-assessment"} | question)
    assert answer.status_code == 422
    assert says in answer.text


def test_only_records_that_may_be_read_for_ones_own_purpose_are_weighed(given: Given, shown: Served) -> None:
    """Findings on what others gave may not serve every purpose."""
    question = f"/agreements/preview?partner={DEA}&purpose=threat-assessment"
    counts = []
    for sessions in (given.sessions, given.others):
        with client_of(shown, sessions[RELEASING]) as client:
            told = words(main(client.get(question)))
            counts.append(sum(int(word) for word in told.partition("would stay")[0].split()[-8:] if word.isdigit()))
    assert counts[0] > counts[1]


def test_a_preview_is_for_the_desk_alone_and_every_one_is_in_the_ledger(given: Given, shown: Served) -> None:
    for role in ("officer", "analyst", "administrator"):
        with client_of(shown, given.sessions[role]) as client:
            assert client.get("/agreements/preview").status_code == 403
            assert "/agreements/preview" not in client.get("/agreements").text
    with shown.node.store.reading() as tx:
        before = tx.ledger_head().size
    page(given, shown, f"/agreements/preview?partner={DEA}&purpose=threat-assessment", RELEASING)
    with shown.node.store.reading() as tx:
        assert tx.ledger_head().size == before + 1
