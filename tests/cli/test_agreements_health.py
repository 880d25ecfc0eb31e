"""`entente agreements conflicts` and `health`."""

from pathlib import Path

from agreements.parts import HEAD, source
from story.world import entente

PERMIT = """
    [[provision]]
    id = "1.1"
    reference = "art. 1"
    text.en = "Totals go."
    effect = "permit"
    giver = ["us.cbp"]
    receiver = ["ca.cbsa"]
    kinds = ["seizure-total"]
    fields = ["seizure-total.drug", "seizure-total.mass_g"]
    purposes = ["statistics"]
    occasion = "standing"
    release = "automatic"
    caveats = ["no-onward"]
    duties = { retain_days = 365, feedback_days = 30 }
"""
FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9"
    text.en = "No totals."
    effect = "forbid"
    kinds = ["seizure-total"]
"""


def written(folder: Path, name: str, provision: str) -> str:
    file = folder / f"{name}.toml"
    file.write_bytes(source(HEAD.replace('name = "test"', f'name = "{name}"'), provision))
    return str(file)


def test_texts_that_speak_against_each_other_leave_with_one(tmp_path: Path) -> None:
    one, other = written(tmp_path, "totals", PERMIT), written(tmp_path, "no-totals", FORBID)
    told = entente("agreements", "conflicts", one, other)
    assert told.code == 1
    assert "Read side by side: totals v1, no-totals v1." in told.out
    assert "error: totals v1, 1.1 gives nothing: no-totals v1, 9.1 forbids all of it to ca.cbsa." in told.out
    assert "For example a record of the kind `seizure-total`, on 2026-01-01" in told.out
    (found,) = entente("agreements", "conflicts", one, other, "--json").json["conflicts"]
    assert (found["code"], found["about"][0]["between"]) == ("forbidden-whole", [["us.cbp", "ca.cbsa"]])
    assert found["example"]["giver"] == "us.cbp"


def test_the_models_fit_together(home: Path) -> None:
    models = [line.partition(":")[0] for line in entente("agreements", "models").out.splitlines()]
    told = entente("agreements", "conflicts", *models, "--json")
    assert told.code == 0
    assert {one["severity"] for one in told.json["conflicts"]} <= {"note", "warning"}


def test_without_texts_those_of_the_node_are_read(home: Path) -> None:
    assert "They say nothing against each other." in entente("agreements", "conflicts", "-n", str(home)).out
    entente("agreements", "add", "customs-seizure-statistics", "-n", str(home))
    told = entente("agreements", "conflicts", "-n", str(home), "--json")
    assert [text["name"] for text in told.json["texts"]] == ["customs-seizure-statistics"]


def test_health_says_what_is_missing_where_why_and_who_said_so(tmp_path: Path) -> None:
    told = entente("agreements", "health", written(tmp_path, "totals", PERMIT))
    assert told.code == 0
    assert told.out.splitlines()[0] == "6 of 12 points"
    assert "not met: Every reference has been checked against its source (1.1)" in told.out
    assert "The vast majority of the agreements reviewed had no audit provision." in told.out
    assert "met: What is given may not be passed on" in told.out
    assert "does not apply: It says what holds for children" in told.out


def test_sources_that_nobody_has_read_are_marked(tmp_path: Path) -> None:
    text = written(tmp_path, "totals", PERMIT.replace(", feedback_days = 30", ""))
    assert (
        "Source, not checked by this project: European Court of Auditors" in entente("agreements", "health", text).out
    )


def test_health_of_a_text_of_the_node_for_machines(home: Path) -> None:
    entente("agreements", "add", "customs-seizure-statistics", "-n", str(home))
    found = entente("agreements", "health", "customs-seizure-statistics", "-n", str(home), "--json").json
    assert found["name"] == "customs-seizure-statistics"
    states = [point["state"] for point in found["points"]]
    assert found["met"] == states.count("met")
    assert found["applicable"] == len(states) - states.count("not-applicable")
    assert all(point["why"] and point["source"]["citation"] for point in found["points"])
