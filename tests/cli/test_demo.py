"""`entente demo`: five processes, and one JSON summary of what crossed, what none saw alone, and what came back."""

import csv
import gzip
import io
import json
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from story.world import CBP, CBSA, Ran, entente
from workstreams.substances_given import public_file

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

RCMP, DEA, PHAC = "ca.rcmp", "us.dea", "ca.phac"
EVERYBODY = {CBSA, RCMP, PHAC, CBP, DEA}
PLANTED = "SIMULATED SUBSTANCE A"
NFLIS = (
    "lab-samples/nflis_fentanyl_family_by_state_halfyear_2017_2023.csv.gz",
    "lab-samples/nflis_opioids_xylazine_by_state_halfyear_1997_2022.csv.gz",
)
WEDINOS = "lab-samples/wedinos_daily_substance_counts_2024.csv.gz"


def demo(folder: Path, *options: object) -> Ran:
    return entente("demo", "--check", "--dir", folder, *options)


def withheld(summary: Any, party: str) -> dict[str, str]:
    return {row["field"]: row["because"] for row in summary["nodes"][party]["withheld"]}


def test_five_agencies_see_together_what_none_sees_alone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = demo(folder)
    assert (done.code, done.err) == (0, "")
    summary = done.json
    assert summary["is_simulated"]
    assert (summary["is_settled"], summary["ledger_problems"]) == (True, 0)
    assert (summary["pairs_compared"], summary["reconciliation_differences"]) == (20, 0)
    _check_finding(summary)
    _check_what_came_back(summary)
    _check_sample(summary)
    _check_records(summary)

    credentials = folder / "officers.keys"
    assert credentials.stat().st_mode & 0o777 == 0o600
    secrets = list(json.loads(credentials.read_text("utf-8")).values())
    assert len(set(secrets)) == 2 * len(EVERYBODY)
    assert [secret for secret in secrets if secret in done.out] == []

    found = entente("findings", "list", "--node", folder / "rcmp", "--why", "test", "--json")
    (folder / "found.json").write_text(found.out, "utf-8")
    truth = folder / "files" / "truth.json"
    scored = entente("simulate", "score", "--truth", truth, "--findings", folder / "found.json", "--json")
    assert (scored.code, scored.json["false_alarms"]) == (0, [])
    assert {one["subject"] for one in scored.json["found"]} == {PLANTED}


def _check_finding(summary: Any) -> None:
    """The seed of the demo is one of those where it holds; `entente simulate pooled` says of how many it does."""
    assert {party: one["is_alarm"] for party, one in summary["alone"].items()} == dict.fromkeys(
        EVERYBODY - {PHAC}, False
    )
    assert (summary["pooled"]["subject"], summary["pooled"]["is_alarm"]) == (PLANTED, True)


def _check_what_came_back(summary: Any) -> None:
    assert set(summary["told"][RCMP]) == EVERYBODY - {RCMP}
    states = {answer["partner"]: (answer["state"], answer["outcome"]) for answer in summary["answers"]}
    assert states[PHAC] == ("answered", "warning-issued")
    assert {states[party] for party in (CBSA, CBP, DEA)} == {("acknowledged", None)}
    assert (summary["findings_flagged_by_correction"], summary["is_correction_told"]) == (1, True)


def _check_sample(summary: Any) -> None:
    """One sample went, when two officers had agreed, and came back answered; everything else waits on the desk."""
    sample, nodes = summary["sample"], summary["nodes"]
    assert sample["released_by"] == [f"{RCMP}/liaison-1", f"{RCMP}/liaison-2"]
    (told,) = sample["answers"]
    assert (told["partner"], told["state"], told["outcome"]) == (DEA, "answered", "confirmed")
    kept = nodes[RCMP]["records_kept"]
    assert sample["waiting"] == nodes[RCMP]["waiting_for_people"] == kept["own sample"] + kept["own lab-result"] - 1
    assert sample["waiting"] > 10
    assert nodes[DEA]["records_kept"]["received sample"] == 1
    held = {party for party in EVERYBODY for name in nodes[party]["records_kept"] if name == "received sample"}
    assert held == {DEA}


def _check_records(summary: Any) -> None:
    nodes = summary["nodes"]
    assert nodes[PHAC]["records_kept"]["own drug-checking-count"] > 0
    assert [party for party in EVERYBODY if "received drug-checking-count" in nodes[party]["records_kept"]] == []
    for party in EVERYBODY:
        given = sum(nodes[other]["records_kept"].get("own test-count", 0) for other in EVERYBODY - {party})
        assert nodes[party]["records_kept"]["received test-count"] == given
    assert set(nodes[CBP]["quarantined"]) == {"negative", "grouped-number", "unit-in-number", "not-a-number"}
    assert nodes[CBSA]["quarantined"] == {"date-order": 1}
    assert withheld(summary, CBP)["area"] == "2.1"
    assert withheld(summary, CBSA)["officer_notes"] == "2.2"
    assert nodes[CBSA]["waiting_for_people"] == nodes[CBSA]["records_kept"]["own seizure"]
    assert summary["northern_border_at_receiver"]


def test_the_screen_fits_on_a_screen_and_shows_ways_on(tmp_path: Path) -> None:
    done = entente("demo", "--dir", tmp_path / "run")
    assert done.code == 0
    assert done.out.startswith("Creating five nodes")
    assert "SIMULATED" in done.out
    assert "ALARM" in done.out
    assert len(done.out.splitlines()) <= 70
    assert "Two officers of RCMP let a sample go; DEA: Confirmed by our own records." in done.out
    assert "entente ledger verify" in done.out


@pytest.mark.public_data
def test_real_files_beside_simulated_ones_give_the_published_figures_and_never_meet_them(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = demo(folder, "--data", _data())
    assert done.code == 0
    summary = done.json
    assert (summary["has_real_files"], summary["is_settled"], summary["ledger_problems"]) == (True, True, 0)
    assert summary["reconciliation_differences"] == 0
    assert summary["nodes"][CBSA]["records_kept"].get("own seizure-total", 0) == 0
    pounds = {
        (row["fiscal_year_us"], row["counting"]): str(Decimal(row["mass_lb"]).quantize(Decimal("0.1")))
        for row in summary["northern_border_at_receiver"]
    }
    assert (pounds[2024, "ofo-usbp"], pounds[2025, "ofo-usbp"]) == ("43.0", "77.1")
    _check_finding(summary)  # of simulated records only, though real ones lie beside them
    expected = _state_and_half_year_sums()
    for party in ("dea", "rcmp"):  # who imported them, and who received them
        assert _nflis(folder / party) == expected
    assert _wedinos(folder / "phac") == _daily_sums()
    refused = entente(
        *("findings", "look", "substances.growth", "--node", folder / "rcmp"),
        *("--purpose", "early-warning", "--why", "t"),
    )
    assert refused.code == 3
    assert "never mixes" in refused.err


def _data() -> Path:
    """The folder of the public files; skips where it is not there, fails in CI."""
    public_file(WEDINOS)
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    return Path(os.environ.get("ENTENTE_DATA", beside))


def _state_and_half_year_sums() -> dict[tuple[str, str], int]:
    """Counted with the standard library alone; both queries, added as the question adds what stands in one place."""
    found: Counter[tuple[str, str]] = Counter()
    for name in NFLIS:
        for row in csv.DictReader(io.StringIO(public_file(name).decode("utf-8"))):
            found[f"us-{row['STATE'].lower()}", f"{row['YYYY']}-H{row['PERIOD'][2]}"] += int(row["DRUG_REPORTS"])
    return dict(found)


def _nflis(home: Path) -> dict[tuple[str, str], int]:
    settings = ("--param", "by=place,half_year")
    told = ("--records", "real", "--purpose", "statistics", "--why", "test", "--json")
    rows = entente("question", "run", "substances.totals", *settings, "--node", home, *told).json["rows"]
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[row["place"], row["half_year"]] += row["reported"]
    return dict(found)


def _daily_sums() -> dict[str, int]:
    """Samples by substance in any role, by the file's own names."""
    found: Counter[str] = Counter()
    path = _data() / WEDINOS
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["substance"].strip().casefold()] += int(row["n_samples"])
    return dict(found)


def _wedinos(home: Path) -> dict[str, int]:
    told = ("--records", "real", "--purpose", "early-warning", "--why", "test", "--json")
    rows = entente("question", "run", "health.totals", "--node", home, *told).json["rows"]
    found: Counter[str] = Counter()
    for row in rows:
        found[row["substance"].casefold()] += row["positive"]
    return dict(found)
