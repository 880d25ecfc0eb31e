"""Every word has three labels, in its own language, and says where it comes from."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from entente.vocabulary import LANGUAGES
from house.sources import PACKAGE, name


def word_files() -> list[Path]:
    """The vocabulary files of the house and of every workstream."""
    return sorted(
        path
        for path in PACKAGE.rglob("*.toml")
        if {"list", "mapping", "dated"} & tomllib.loads(path.read_text("utf-8")).keys()
    )


def terms(words: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{list_name}.{code}": term
        for list_name, code_list in words.get("list", {}).items()
        for code, term in code_list.get("term", {}).items()
    }


@pytest.mark.parametrize("path", word_files(), ids=name)
def test_every_term_has_three_labels(path: Path) -> None:
    without = [
        f"{code} in {language}"
        for code, term in terms(tomllib.loads(path.read_text("utf-8"))).items()
        for language in LANGUAGES
        if not str(term.get(language, "")).strip()
    ]
    assert without == []


@pytest.mark.parametrize("path", word_files(), ids=name)
def test_every_list_names_its_source_and_says_whether_it_was_checked(path: Path) -> None:
    words = tomllib.loads(path.read_text("utf-8"))
    for table in ("list", "mapping", "dated"):
        for list_name, content in words.get(table, {}).items():
            assert len(content.get("source", "")) >= 5, f"{table}.{list_name} has no source"
            assert isinstance(content.get("verified", False), bool), f"{table}.{list_name}: verified is true or false"


@pytest.mark.parametrize("path", word_files(), ids=name)
def test_every_dated_entry_names_its_reference(path: Path) -> None:
    for list_name, content in tomllib.loads(path.read_text("utf-8")).get("dated", {}).items():
        without = [entry["code"] for entry in content["entry"] if not entry.get("reference")]
        assert without == [], list_name


def test_lists_are_not_simply_copied_from_one_language_to_another() -> None:
    """Names of substances and agencies may coincide in two languages; a whole list that does was not translated."""
    for path in word_files():
        for list_name, content in tomllib.loads(path.read_text("utf-8")).get("list", {}).items():
            labels = [(term.get("en"), term.get("fr"), term.get("es")) for term in content.get("term", {}).values()]
            if len(labels) >= 4:
                assert any(en != fr for en, fr, _ in labels), f"{name(path)}: {list_name} has no French of its own"
                assert any(en != es for en, _, es in labels), f"{name(path)}: {list_name} has no Spanish of its own"
