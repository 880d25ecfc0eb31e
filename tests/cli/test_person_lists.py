"""A list of records about persons tells neither who they are nor what they suffer from."""

from importlib.resources import files
from pathlib import Path

import pytest

from story.world import entente

EXAMPLE = str(files("entente.workstreams.operations") / "examples" / "occurrence-csv.csv")
PERSONAL = ("EXAMPLE PERSON 1", "2011-05-02", "insulin", "mental", "coat", "suicide")


@pytest.mark.parametrize("asked", [("--kind", "occurrence"), ("--search", "EX-O-1")])
def test_the_list_names_the_occurrence_and_its_record_the_person(home: Path, asked: tuple[str, str]) -> None:
    assert entente("import", EXAMPLE, "--node", home).code == 0
    shown = entente("records", "list", *asked, "--why", "a test", "--node", home).out
    assert "EX-O-1 · Maine · 2026-01-11" in shown
    assert [word for word in PERSONAL if word in shown] == []
    (first, *_) = entente("records", "list", *asked, "--why", "a test", "--node", home, "--json").json
    one = entente("records", "show", first["id"], "--why", "a test", "--node", home)
    assert (one.code, one.err) == (0, "")


def test_nobody_is_found_by_what_they_suffer_from(home: Path) -> None:
    assert entente("import", EXAMPLE, "--node", home).code == 0
    found = entente("records", "list", "--search", "insulin", "--why", "a test", "--node", home, "--json")
    assert found.json == []
