"""A promise of the threat model names the test that shows it; every attack test is named."""

import re

from house.sources import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PROMISE = re.compile(r"^\*\*\d+\. .*?(?=^\*\*\d+\. |^## )", re.MULTILINE | re.DOTALL)
PROVEN = re.compile(
    r"## ([^\n]+)\n(?:(?!\n## ).)*?\| Guarantee \| Proven by \|\n\|---\|---\|\n((?:\|[^\n]+\n)+)", re.DOTALL
)


def text() -> str:
    return PAGE.read_text("utf-8")


def test_every_test_that_is_named_exists() -> None:
    missing = [
        f"{path}::{test}"
        for path, test in NAMED.findall(text())
        if not (ROOT / path).is_file() or (test and f"def {test}(" not in (ROOT / path).read_text("utf-8"))
    ]
    assert missing == []


def test_every_attack_is_named() -> None:
    named = {path for path, _ in NAMED.findall(text())}
    attacks = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "attacks").glob("test_*.py")}
    assert sorted(attacks - named) == []


def test_every_promise_names_a_test() -> None:
    promises = PROMISE.findall(text())
    assert [one.split("\n")[0] for one in promises if not NAMED.search(one)] == []
    assert [int(one[2:].split(".")[0]) for one in promises] == list(range(1, len(promises) + 1))
    assert len(promises) > 10


def test_every_guarantee_of_a_table_names_a_test_or_follows_one_that_does() -> None:
    tables = {title: rows.strip().split("\n") for title, rows in PROVEN.findall(text())}
    assert len(tables) == text().count("| Guarantee | Proven by |")
    bare = [row for rows in tables.values() for row in rows if not NAMED.search(row) and "| the same" not in row]
    assert bare == []
