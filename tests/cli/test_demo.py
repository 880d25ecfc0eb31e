"""`entente demo`: two processes, and one JSON summary that says what crossed and what did not."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from story.world import CBP, CBSA, Ran, entente
from workstreams.seizures_given import NATIONWIDE, public_file

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def demo(folder: Path, *options: object) -> Ran:
    return entente("demo", "--check", "--dir", folder, *options)


def withheld(summary: Any, party: str) -> dict[str, str]:
    return {row["field"]: row["because"] for row in summary["nodes"][party]["withheld"]}


def test_the_summary_of_a_simulated_run(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = demo(folder)
    assert (done.code, done.err) == (0, "")
    summary = done.json
    assert (summary["is_simulated"], summary["is_settled"], summary["ledger_problems"]) == (True, True, 0)
    giver, receiver = summary["nodes"][CBP], summary["nodes"][CBSA]
    assert giver["records_kept"]["received"] == 0
    assert receiver["records_kept"]["received"] == giver["disclosures_sent"] == receiver["disclosures_received"] == 120
    assert set(giver["quarantined"]) == {"negative", "grouped-number", "unit-in-number", "not-a-number"}
    assert receiver["quarantined"] == {"date-order": 1}
    assert withheld(summary, CBP) == {"area": "2.1"}
    assert withheld(summary, CBSA)["officer_notes"] == "2.2"
    assert withheld(summary, CBSA)["concealment"] == "no-provision"
    for found in (giver, receiver):
        assert found["reconciliation_differences"] == 0
        assert found["ledger_size"] > 0
    assert receiver["waiting_for_people"] == 40
    assert summary["northern_border_at_receiver"]

    credentials = folder / "officers.keys"
    assert credentials.stat().st_mode & 0o777 == 0o600
    secrets = list(json.loads(credentials.read_text("utf-8")).values())
    assert len(set(secrets)) == 4
    assert [secret for secret in secrets if secret in done.out] == []

    again = demo(folder)  # made anew by every run, with other keys
    assert again.code == 0
    assert not set(secrets) & set(json.loads(credentials.read_text("utf-8")).values())


def test_the_screen_fits_on_a_screen_and_shows_ways_on(tmp_path: Path) -> None:
    done = entente("demo", "--dir", tmp_path / "run")
    assert done.code == 0
    assert done.out.startswith("Creating two nodes")
    assert "SIMULATED" in done.out
    assert len(done.out.splitlines()) <= 60
    assert "entente ledger verify" in done.out


@pytest.mark.public_data
def test_the_real_files_give_the_published_figures_at_the_node_that_imported_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data" / "seizures"
    data.mkdir(parents=True)
    for name in (*NATIONWIDE, "cbp_amo_drug_seizures_fy19_fy22", "cbp_amo_drug_seizures_fy23_fy25"):
        (data / f"{name}.csv").write_bytes(public_file(name))
    done = demo(tmp_path / "run", "--data", data.parent)
    assert done.code == 0
    summary = done.json
    assert (summary["is_simulated"], summary["is_settled"], summary["ledger_problems"]) == (False, True, 0)
    assert summary["nodes"][CBSA]["files"] == []
    assert summary["nodes"][CBSA]["records_kept"]["own"] == 0
    assert summary["nodes"][CBP]["quarantined"] == {}
    rows = summary["northern_border_at_receiver"]
    pounds = {
        (row["fiscal_year_us"], row["counting"]): str(Decimal(row["mass_lb"]).quantize(Decimal("0.1"))) for row in rows
    }
    assert (pounds[2024, "ofo-usbp"], pounds[2025, "ofo-usbp"]) == ("43.0", "77.1")
    assert {counting for _, counting in pounds} == {"ofo-usbp", "amo"}  # Air and Marine apart
    for found in summary["nodes"].values():
        assert found["reconciliation_differences"] == 0
