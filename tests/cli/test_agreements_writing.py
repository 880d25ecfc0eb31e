"""`entente agreements new`, `test`, `format` and `schema`: what authors of agreements have beside their editor."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from entente.agreements import model_bytes
from entente.cli import agreements_writing
from story.world import Ran, entente

OPTIONS = (
    *("--title", "Finds", "--parties", "ca.cbsa,us.cbp", "--kinds", "seizure-total", "--purposes", "statistics"),
    *("--zone", "America/Toronto", "--from", "2026-01-01", "--until", "2028-12-31"),
)
MODEL = "customs-seizure-statistics"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "finds"
    assert entente("agreements", "new", folder, *OPTIONS).code == 0
    return folder


def tried(*arguments: object) -> Ran:
    return entente("agreements", "test", *arguments)


def test_a_new_agreement_passes_its_own_tests(draft: Path) -> None:
    assert sorted(file.name for file in draft.iterdir()) == [
        "README.md",
        "agreement.schema.json",
        "agreement.toml",
        "decisions.schema.json",
        "decisions.toml",
    ]
    ran = tried(draft)
    assert ran.code == 0
    assert "3 of 3 golden decisions are met." in ran.out
    assert "Untried: 1.2" in ran.out
    assert entente("agreements", "check", draft / "agreement.toml").code == 0
    assert "$schema" in json.loads((draft / "agreement.schema.json").read_text())


def test_nothing_is_written_over(draft: Path) -> None:
    before = (draft / "agreement.toml").read_bytes()
    ran = entente("agreements", "new", draft, *OPTIONS)
    assert ran.code == 3
    assert "not written over" in ran.err
    assert (draft / "agreement.toml").read_bytes() == before


def test_where_nobody_can_be_asked_what_is_missing_is_said(tmp_path: Path) -> None:
    ran = entente("agreements", "new", tmp_path / "x", "--title", "Finds", "--zone", "UTC")
    assert ran.code == 2
    assert "--parties, --kinds, --purposes, --from, --until" in ran.err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--parties", "ca.cbsa,xx.nobody", "xx.nobody"),
        ("--kinds", "finds", "seizure"),
        ("--until", "soon", "YYYY-MM-DD"),
    ],
)
def test_a_word_that_does_not_exist_is_refused_with_those_that_do(
    tmp_path: Path, option: str, value: str, named: str
) -> None:
    ran = entente("agreements", "new", tmp_path / "x", *OPTIONS, option, value)
    assert ran.code == 3
    assert named in ran.err
    assert not (tmp_path / "x").exists()


def test_at_a_terminal_numbers_and_codes_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(question: str, default: str | None = None) -> str:
        answers = {"Title": "Finds", "Parties": "us.cbp, 1", "Kinds": "seizure-total", "Firs": "2026-01-01"}
        answers["Last"] = "2028-12-31"
        return next((text for start, text in answers.items() if question.startswith(start)), default or "")

    monkeypatch.setattr(agreements_writing, "is_at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)
    ran = entente("agreements", "new", tmp_path / "x")
    assert ran.code == 0, ran.err
    assert "   1  " in ran.out
    assert tried(tmp_path / "x").code == 0


def test_one_bad_folder_keeps_no_other_from_being_tried(draft: Path) -> None:
    bad, empty = draft.parent / "bad", draft.parent / "no-cases"
    for folder in (bad, empty):
        folder.mkdir()
    (bad / "agreement.toml").write_bytes(model_bytes(MODEL).replace(b"class:substance", b"class:subtsance"))
    (bad / "decisions.toml").write_bytes(model_bytes(MODEL, "decisions.toml"))
    (empty / "agreement.toml").write_bytes(model_bytes(MODEL))
    ran = tried(draft.parent, MODEL)
    assert ran.code == 1
    assert "column" in ran.out
    assert "`subtsance` is not a class of fields." in ran.out
    assert "decisions.toml cannot be read" in ran.out
    of_model = model_bytes(MODEL, "decisions.toml").count(b"[[case]]")
    assert re.search(rf"\b{of_model + 3} of {of_model + 3} golden decisions are met\.", ran.out)
    assert f"Could not be tried: {bad}, {empty}" in ran.out


def test_what_is_not_met_is_explained_for_people_and_machines(draft: Path, tmp_path: Path) -> None:
    file = draft / "decisions.toml"
    file.write_text(file.read_text().replace('answer = "wait"', 'answer = "release"'))
    report = tmp_path / "report.xml"
    ran = tried(draft, "--junit", report)
    assert ran.code == 1
    assert "NOT MET  waits-for-officers" in ran.out
    assert "answer should be release, but is wait." in ran.out
    assert "2 of 3 golden decisions are met." in ran.out
    suite = ET.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "0")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "answer: release / wait"
    (found,) = tried(draft, "--json").json
    assert [case["is_met"] for case in found["cases"]] == [False, True, True]
    assert found["cases"][0]["explained"]
    assert found["untried"][0]["provision"] == "1.2"


def test_check_tells_line_and_column_to_machines_too(draft: Path) -> None:
    text = draft / "agreement.toml"
    text.write_text(text.read_text().replace('"seizure-total.region"', '"seizure-total.regoin"'))
    remarks = entente("agreements", "check", text, "--json").json["remarks"]
    row = text.read_text().split("\n")[remarks[0]["line"] - 1]
    assert row[remarks[0]["column"] - 1 :].startswith('"seizure-total.regoin"')


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    ran = tried(tmp_path)
    assert ran.code == 1
    assert "`entente agreements new`" in ran.out


def test_a_text_is_laid_out_and_then_stays(draft: Path) -> None:
    text = draft / "agreement.toml"
    good = text.read_bytes()
    text.write_bytes(good.replace(b"version = 1", b"version=1"))
    assert entente("agreements", "format", text, "--check").code == 1
    assert b"version=1" in text.read_bytes()
    assert entente("agreements", "format", text, draft / "decisions.toml").code == 0
    assert text.read_bytes() == good
    ran = entente("agreements", "format", text, "--check")
    assert (ran.code, ran.out) == (0, "Everything is laid out already.\n")


def test_a_text_that_the_node_holds_is_not_laid_out(home: Path, draft: Path) -> None:
    text = draft / "agreement.toml"
    text.write_bytes(text.read_bytes().replace(b"version = 1", b"version=1"))
    assert entente("agreements", "add", text, "--node", home).code == 0
    ran = entente("agreements", "format", text, "--node", home)
    assert ran.code == 3
    assert b"version=1" in text.read_bytes()


def test_what_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = \n")
    ran = entente("agreements", "format", tmp_path / "a.toml")
    assert ran.code == 3
    assert "line 1, column 5" in ran.err


def test_the_schemas_are_printed_and_written(tmp_path: Path) -> None:
    assert "provision" in entente("agreements", "schema").json["properties"]
    file = tmp_path / "cases.json"
    assert entente("agreements", "schema", "--cases", "--out", file).code == 0
    assert "case" in json.loads(file.read_text())["properties"]
