"""What a version changes, on the screen: beside the one before it or another text, and for which of our records."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.node.agreeing import add_agreement
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.people import set_language
from entente.signing import digest
from web.given import RCMP, Given, alone, client_of
from web.reading import main, page, words
from web.served import Served, served

SNAPSHOTS = Path(__file__).parents[1] / "agreements" / "snapshots"
VERSION_1, VERSION_2 = ((SNAPSHOTS / f"seized-drug-samples-v{number}.toml").read_bytes() for number in (1, 2))
OLD, NEW = digest(VERSION_1), digest(VERSION_2)


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with alone(given, tmp_path_factory.mktemp("diff") / "rcmp") as found:
        add_agreement(found.node, VERSION_1)
        add_agreement(found.node, VERSION_2)
        yield found


def test_everybody_reads_what_a_new_version_changes(given: Given, shown: Served) -> None:
    for role in given.people:
        assert f"/agreements/{NEW}/diff" in page(given, shown, f"/agreements/{NEW}", role)
        told = words(page(given, shown, f"/agreements/{NEW}/diff", role))
        assert "Compared with seized-drug-samples, version 1" in told
        assert "now gives the U.S. Drug Enforcement Administration, for prosecution, these fields" in told
        assert "own records touched" not in told


def test_it_is_read_in_the_language_of_the_reader(given: Given, shown: Served) -> None:
    try:
        set_language(shown.node, given.people["officer"], "fr", by="test")
        told = words(page(given, shown, f"/agreements/{NEW}/diff", "officer"))
    finally:
        set_language(shown.node, given.people["officer"], "en", by="test")
    assert "ne communique plus à la Gendarmerie royale du Canada" in told


def test_whose_version_before_is_not_held_is_compared_with_a_text_that_is_chosen(given: Given, shown: Served) -> None:
    told = words(page(given, shown, f"/agreements/{OLD}/diff"))
    assert "The version before this one is not held here." in told
    back = words(page(given, shown, f"/agreements/{OLD}/diff?with={NEW}"))
    assert "Compared with seized-drug-samples, version 2" in back
    assert "no longer gives the U.S. Drug Enforcement Administration, for prosecution" in back


def test_a_text_that_is_not_held_is_told(given: Given, shown: Served) -> None:
    with client_of(shown, given.sessions["officer"]) as client:
        answer = client.get(f"/agreements/{NEW}/diff", params={"with": "nothing-of-this-name"})
    assert answer.status_code == 422
    assert "nothing-of-this-name" in words(main(answer))


def test_who_may_preview_sees_which_of_our_records_it_touches_and_the_look_is_logged(
    given: Given, shown: Served
) -> None:
    told = page(given, shown, f"/agreements/{NEW}/diff/records", "releasing-officer")
    assert "own records touched" in words(told)
    assert 'href="/records/' in told
    assert "none of our own records is touched." in words(told)
    chosen = page(given, shown, f"/agreements/{NEW}/diff/records?on=2027-03-04", "releasing-officer")
    assert "Counted as of March 4, 2027" in words(chosen)


def test_a_node_with_one_text_has_nothing_to_compare(tmp_path: Path) -> None:
    config = Config(
        folder=tmp_path / "new", party=RCMP, domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:1"
    )
    create_node(config, catalogue()).close()
    with served(config.folder) as found, found.browser("officer") as browser:
        add_agreement(found.node, VERSION_1)
        told = words(main(browser.get(f"/agreements/{OLD}/diff")))
    assert "There is nothing to compare it with" in told
