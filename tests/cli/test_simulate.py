"""`entente simulate`: files per party, the truth apart from them, and a score in words and as JSON."""

import json
from pathlib import Path

import pytest

from entente.simulation.world import PLANTED
from story.world import Ran, entente


def simulated(folder: Path, *options: object) -> Ran:
    return entente("simulate", "--seed", 1, "--out", folder, *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "world"
    assert simulated(made).code == 0
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_folder_per_party_and_the_truth_apart(folder: Path) -> None:
    told = json.loads((folder / "truth.json").read_text("utf-8"))
    assert files(folder).keys() == {"truth.json", *(f"{file['party']}/{file['name']}" for file in told["files"])}
    assert files(folder).keys() >= {"ca.phac/drug-checking.csv", "us.cbp/drug-seizures.csv", "us.cbp/test-counts.csv"}
    assert (told["seed"], told["scale"], told["planted"][0]["subject"]) == (1, 1.0, PLANTED)


def test_the_same_seed_writes_the_same_bytes_and_the_truth_may_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    done = simulated(tmp_path / "again", "--truth", tmp_path / "hidden.json")
    assert "SIMULATED" in done.out
    assert "hidden.json" in done.out
    written = files(tmp_path / "again")
    assert written | {"truth.json": (tmp_path / "hidden.json").read_bytes()} == files(folder)
    assert "truth.json" not in written


def test_nothing_is_overwritten_and_then_nothing_is_written(folder: Path) -> None:
    (folder / "ca.phac" / "drug-checking.csv").unlink()
    before = files(folder)
    refused = simulated(folder)
    assert refused.code == 3
    assert "never overwrite" in refused.err
    assert files(folder) == before


def test_nothing_hidden_on_demand(tmp_path: Path) -> None:
    assert simulated(tmp_path / "flat", "--no-plant", "--months", 18, "--scale", 0.5).code == 0
    told = json.loads((tmp_path / "flat" / "truth.json").read_text("utf-8"))
    assert (told["planted"], told["scale"]) == ([], 0.5)
    assert PLANTED not in (tmp_path / "flat" / "us.dea" / "test-counts.csv").read_text("utf-8")


WRONG = {
    "no folder": ((), 3, "--out"),
    "too few months": (("--out", "x", "--months", "3"), 2, "18"),
    "too large": (("--out", "x", "--scale", "1e9"), 2, "100"),
    "no such assumption": (("--out", "x", "--assume", "tea=1"), 3, "plant_reports_a_month"),
    "score without a truth": (("score", "--findings", "x.json"), 2, "--truth"),
    "score of no file": (("score", "--truth", "none.json", "--findings", "x.json"), 6, "none.json"),
    "pooled over nothing": (("pooled", "--seeds", "0"), 2, "seeds"),
}


@pytest.mark.parametrize(("options", "code", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_says_what_is_right(
    options: tuple[str, ...], code: int, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = entente("simulate", *options)
    assert refused.code == code
    assert named in refused.err
    assert list(tmp_path.iterdir()) == []


def test_no_import_reads_the_truth(folder: Path, home: Path) -> None:
    refused = entente("import", folder / "truth.json", "--node", home)
    assert refused.code == 3
    assert entente("status", "--node", home, "--json").json["records"] == []


def test_a_question_to_the_files_is_scored_against_the_truth(folder: Path, tmp_path: Path) -> None:
    tables: list[object] = []
    for party in ("ca.cbsa", "ca.rcmp", "us.cbp", "us.dea"):
        tables += ["--table", f"test-count={folder / party / 'test-counts.csv'}"]
    found = tmp_path / "found.json"
    assert entente("question", "run", "substances.growth", *tables, "--out", found).code == 0
    assert json.loads(found.read_text("utf-8"))["provenance"]["is_simulated"] is True
    given = ("--truth", folder / "truth.json", "--findings", found)
    told = entente("simulate", "score", *given, "--json").json
    assert len(told["found"]) + len(told["missed"]) == 1
    shown = entente("simulate", "score", *given)
    assert shown.code == 0
    assert PLANTED in shown.out
    assert "false alarms" in shown.out


def test_the_score_in_words(folder: Path, tmp_path: Path) -> None:
    row = {"question": "substances.growth", "place": "all", "period_end": "2025-09-30", "review": "open"}
    found = tmp_path / "findings.json"
    found.write_text(json.dumps([row | {"subject": PLANTED}, row | {"subject": "SIMULATED SUBSTANCE B"}]), "utf-8")
    done = entente("simulate", "score", "--truth", folder / "truth.json", "--findings", found)
    assert f"Found: {PLANTED} by substances.growth on 2025-09-30, 364 days (12.0 months)" in done.out
    assert "False alarm: SIMULATED SUBSTANCE B" in done.out
    assert "new in the tables" in done.out
    bad = entente("simulate", "score", "--truth", found, "--findings", found)
    assert bad.code == 3
    assert "findings.json is not the truth" in bad.err


def test_the_comparison_goes_to_the_screen_and_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    done = entente("simulate", "pooled", "--seeds", 1, "--first-seed", 1001, "--processes", 1, "--out", out)
    assert done.code == 0
    assert "1 of 1 worlds" in done.err
    assert "every agency alone is silent" in done.out
    figures = json.loads(out.read_text("utf-8"))
    assert figures["seeds"] == [1001]
    assert figures["only_together"]["of"] == 1
