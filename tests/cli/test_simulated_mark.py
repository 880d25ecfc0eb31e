"""A file that says it is simulated is treated so, whoever forgets to say it."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from entente.node.config import read_config, write_config
from story.tables import totals
from story.world import Ran, entente


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A table of six rows, each of which says that it is simulated."""
    header, *lines = totals(0, 6).decode("utf-8").splitlines()
    path = tmp_path / "marked.csv"
    path.write_text("\n".join([f"{header},simulated", *(f"{line},yes" for line in lines)]) + "\n", "utf-8")
    return path


@pytest.fixture
def production(home: Path) -> Path:
    write_config(replace(read_config(home), domain="production"))
    return home


def imported(file: Path, home: Path, *options: object) -> Ran:
    return entente("import", file, "--node", home, *options)


def test_an_import_without_the_option_keeps_simulated_records_and_says_so(home: Path, marked: Path) -> None:
    done = imported(marked, home)
    assert done.code == 0
    assert "6 records kept" in done.out
    assert "SIMULATED" in done.out
    (first, *_) = entente("records", "list", "--why", "a test", "--node", home, "--json").json
    assert "SIMULATED" in entente("records", "show", first["id"], "--why", "a test", "--node", home).out


def test_a_production_node_refuses_the_file_before_anything_is_kept(production: Path, marked: Path) -> None:
    refused = imported(marked, production)
    assert refused.code == 3
    assert "production node of us.cbp" in refused.err
    status = entente("status", "--node", production, "--json").json
    assert status["records"] == []
    assert sum(status["quarantined"].values()) == 0


def test_a_production_node_is_not_fooled_by_a_header_too_long_to_peek_at(production: Path, marked: Path) -> None:
    text = marked.read_text("utf-8")
    marked.write_text(text.replace(",simulated", "," + " " * 70_000 + "simulated", 1), "utf-8")
    refused = imported(marked, production, "--format", "cbp-drug-seizures")
    assert refused.code == 3
    assert entente("status", "--node", production, "--json").json["records"] == []


def test_a_mix_is_quarantined_row_by_row_with_its_cure(home: Path, marked: Path) -> None:
    lines = marked.read_text("utf-8").splitlines()
    lines[3] = lines[3].removesuffix("yes") + "no"
    marked.write_text("\n".join(lines) + "\n", "utf-8")
    (found,) = imported(marked, home, "--json").json
    (fault,) = found["quarantined"]
    assert (found["kept"], fault["line"], fault["code"]) == (5, 4, "not-simulated")
    assert "without this column" in fault["cure"]


def test_an_answer_from_the_file_is_simulated_on_the_screen_and_in_every_export(marked: Path, tmp_path: Path) -> None:
    asked = ("question", "run", "seizures.totals", "--table", f"seizure-total={marked}")
    assert "SIMULATED" in entente(*asked).out
    assert entente(*asked, "--json").json["provenance"]["is_simulated"] is True
    out = tmp_path / "answer.csv"
    assert entente(*asked, "--out", out).code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert rows
    assert {row["simulated"] for row in rows} == {"yes"}


def test_it_never_stands_beside_real_rows_in_one_answer(marked: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_bytes(totals(6, 9))
    both = ("--table", f"seizure-total={marked}", "--table", f"seizure-total={real}")
    refused = entente("question", "run", "seizures.totals", *both)
    assert refused.code == 3
    assert "never mixes" in refused.err


def test_an_export_of_real_rows_has_no_such_column(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_bytes(totals(0, 6))
    out = tmp_path / "answer.csv"
    assert entente("question", "run", "seizures.totals", "--table", f"seizure-total={real}", "--out", out).code == 0
    assert "simulated" not in out.read_text("utf-8").splitlines()[0].split(",")
