"""The health of a text and what texts say against each other, on the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.agreements import model_bytes
from entente.cli.house import catalogue
from entente.node.agreeing import add_agreement
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.people import set_language
from entente.signing import digest
from web.given import RCMP, Given, alone, client_of
from web.reading import main, page, words
from web.served import Served, served

HELD = digest(model_bytes("seized-drug-samples"))


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with alone(given, tmp_path_factory.mktemp("health") / "rcmp") as found:
        yield found


def test_everybody_reads_what_a_text_does_not_say_who_criticized_that_and_what_to_do(
    given: Given, shown: Served
) -> None:
    for role in given.people:
        assert f"/agreements/{HELD}/health" in page(given, shown, f"/agreements/{HELD}", role)
        told = words(page(given, shown, f"/agreements/{HELD}/health", role))
        assert "points met" in told
        assert "Every dated list has been checked against the law Where ca.cdsa, us.csa Why it matters" in told
        assert "Have these lists checked against the law" in told
        assert "Somebody may audit how it is used" in told
        assert "What it says" in told


def test_where_something_is_missing_leads_to_the_provision(given: Given, shown: Served) -> None:
    told = page(given, shown, f"/agreements/{HELD}/health")
    assert f'href="/agreements/{HELD}#provision-1.1"' in told


def test_the_points_are_read_in_the_language_of_the_reader(given: Given, shown: Served) -> None:
    english = words(page(given, shown, f"/agreements/{HELD}/health", "officer"))
    try:
        set_language(shown.node, given.people["officer"], "fr", by="test")
        french = words(page(given, shown, f"/agreements/{HELD}/health", "officer"))
    finally:
        set_language(shown.node, given.people["officer"], "en", by="test")
    assert "Why it matters" in english
    assert "Why it matters" not in french
    assert "What is on the list decides" not in french


def test_texts_are_read_side_by_side(given: Given, shown: Served) -> None:
    assert "/agreements/conflicts" in page(given, shown, "/agreements")
    told = page(given, shown, "/agreements/conflicts")
    assert "is stopped" in words(told)
    assert "RCMP → DEA → CBSA" in words(told)
    assert "the first gives the second “Sample”." in words(told)
    assert "Physical form" in words(told)
    assert "ca.rcmp" not in words(told)
    assert "Health of Model agreement on samples of seized drugs" in words(told)


def test_a_text_that_nobody_holds_has_no_health(given: Given, shown: Served) -> None:
    with client_of(shown, given.sessions["officer"]) as client:
        assert client.get(f"/agreements/{given.other['agreement']}/health").status_code == 404


def test_a_node_without_agreements_or_with_one_has_nothing_to_compare(tmp_path: Path) -> None:
    config = Config(
        folder=tmp_path / "new", party=RCMP, domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:1"
    )
    node = create_node(config, catalogue())
    node.close()
    with served(config.folder) as found, found.browser("officer") as browser:
        assert "No agreement yet" in words(main(browser.get("/agreements/conflicts")))
        add_agreement(found.node, model_bytes("seized-drug-samples"))
        assert "They say nothing against each other" in words(main(browser.get("/agreements/conflicts")))
