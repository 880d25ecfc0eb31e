"""`entente training`: exercises in a terminal or from a file, and who passed."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from entente.agreements import model_bytes, read_cases
from entente.cli import training
from entente.cli.house import catalogue
from story.world import Ran, entente

MODEL, OFFICER = "customs-seizure-statistics", "us.cbp/liaison-1"
CASES = {one.id: one for one in read_cases(model_bytes(MODEL, "decisions.toml"), catalogue())}


class Verb:
    """`entente training` at one node, as one officer."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: object, who: str = OFFICER) -> Ran:
        return entente("training", *arguments, "--who", who, "--node", self.home)


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Verb:
    """The node holds a model agreement and has an officer."""
    entente("agreements", "add", MODEL, "--node", home)
    entente("partners", "officer", OFFICER, "--key", tmp_path / "key", "--node", home)
    return Verb(home)


def answers(asked: Any, file: Path, *, wrong: int = 0) -> Path:
    """A file that answers what is asked, the first `wrong` of it wrongly."""
    given = {}
    for place, one in enumerate(asked["exercises"]):
        case = CASES[one["exercise"]]
        outcome = case.answer if place >= wrong else "wait" if case.answer != "wait" else "release"
        given[case.id] = {"outcome": outcome, "fields": list(case.fields)}
    file.write_text(json.dumps(given), "utf-8")
    return file


def test_an_officer_passes_with_a_file_of_answers(run: Verb, tmp_path: Path) -> None:
    listed = run("list", "--json").json
    assert [(one["agreement"], one["results"]["attempts"]) for one in listed] == [(MODEL, 0)]
    asked = run("start", MODEL, "--json").json
    assert (len(asked["exercises"]), asked["is_finished"]) == (5, False)
    assert [key for one in asked["exercises"] for key in one if key not in ("exercise", "facts", "record")] == []
    done = run("start", MODEL, "--answers", answers(asked, tmp_path / "answers.json", wrong=1))
    assert (done.code, "Passed: 4 of 5 right" in done.out) == (0, True), done
    assert run("list", "--json").json[0]["results"]["right"] == 4
    found = run("progress", "--why", "who may release", "--json").json
    assert list(found) == [OFFICER]
    assert found[OFFICER][MODEL]


def test_who_does_not_pass_is_told_so_by_the_exit_code(run: Verb, tmp_path: Path) -> None:
    asked = run("start", MODEL, "--json").json
    done = run("start", MODEL, "--json", "--answers", answers(asked, tmp_path / "answers.json", wrong=2))
    assert (done.code, done.json["is_passed"], done.json["right"]) == (1, False, 3)
    first = done.json["exercises"][0]
    assert first["why"]["says"] == CASES[first["exercise"]].says["en"]
    assert first["mark"]["is_outcome_right"] is False


BAD_ANSWERS = (
    ("{", "line 1"),
    ("[]", "list"),
    ("{}", "outcome"),
    ('{"ID": {"outcome": "perhaps"}}', "ID: outcome"),
    ('{"ID": {"outcome": ["wait"]}}', "ID: outcome"),
    ('{"ID": {"outcome": "wait", "fields": ["no-such-field"]}}', "ID: fields"),
    ('{"ID": {"outcome": "wait", "fields": "drug"}}', "ID: fields"),
)
"""What is written into a file, where ID is the exercise that is asked, and what is said of it."""


def test_a_file_that_does_not_answer_everything_answers_nothing(run: Verb, tmp_path: Path) -> None:
    first = run("start", MODEL, "--json").json["exercises"][0]["exercise"]
    for written, why in BAD_ANSWERS:
        file = tmp_path / "answers.json"
        file.write_text(written.replace("ID", first), "utf-8")
        done = run("start", MODEL, "--answers", file)
        assert done.code == 3, written
        assert why.replace("ID", first) in done.err
    assert "is_right" not in run("start", MODEL, "--json").out


def test_somebody_at_a_terminal_reads_why_after_every_answer(run: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = run("start", MODEL, "--json").json
    typed = ""
    for one in asked["exercises"]:
        case = CASES[one["exercise"]]
        numbers = [str(place) for place, name in enumerate(one["record"], 1) if name in case.fields]
        typed += {"release": "g", "wait": "w", "withhold": "n"}[case.answer] + "\n" + ",".join(numbers) + "\n"
    monkeypatch.setattr(training, "is_at_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("perhaps\n" + typed.replace("\n", "\n99\n", 1)))
    done = run("start", MODEL)
    assert (done.code, "Passed: 5 of 5 right" in done.out) == (0, True), done
    first = asked["exercises"][0]["exercise"]
    assert (
        done.out.index("Exercise 1 of 5") < done.out.index(CASES[first].says["en"]) < done.out.index("Exercise 2 of 5")
    )


def test_nothing_is_asked_where_nobody_sits_and_of_nobody_unknown(run: Verb) -> None:
    assert "--answers" in run("start", MODEL).err
    assert "officer of us.cbp" in run("start", MODEL, "--json", who="a-passer-by").err
    assert run("progress").code == 3


def test_golden_decisions_of_ones_own_are_brought_once_they_are_met(run: Verb, tmp_path: Path) -> None:
    file = tmp_path / "decisions.toml"
    file.write_bytes(model_bytes(MODEL, "decisions.toml"))
    assert f"{len(CASES)} golden decisions" in run("add", MODEL, file).out
    file.write_bytes(model_bytes(MODEL, "decisions.toml").replace(b'answer = "release"', b'answer = "withhold"'))
    assert run("add", MODEL, file).code == 3
    assert "decisions.toml" in run("add", MODEL, tmp_path / "nowhere" / "decisions.toml").err
