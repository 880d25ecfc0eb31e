"""Questions of plain files, without a node."""

import csv
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from story.tables import totals
from story.world import Ran, entente
from workstreams.seizures_given import AIR_AND_MARINE, NATIONWIDE, public_file

NAME = "seizures.totals"
TENTH = Decimal("0.1")
# CBP's own figures for fentanyl: fiscal year -> pounds, events; and pounds at the northern border.
PUBLISHED = {
    "2019": ("2803.6", 814),
    "2020": ("4791.1", 1174),
    "2021": ("11201.3", 1515),
    "2022": ("14699.9", 1496),
    "2023": ("27022.9", 1351),
    "2024": ("21889.2", 1116),
    "2025": ("12027.3", 959),
}
NORTHERN = {"2024": "43.0", "2025": "77.1"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(totals(0, 9))
    return path


def ask(*options: object) -> Ran:
    return entente("question", "run", NAME, *options)


@pytest.mark.public_data
def test_the_published_figures_to_a_csv_file(tmp_path: Path) -> None:
    tables: list[object] = []
    for name in (*NATIONWIDE, *AIR_AND_MARINE):
        packed = tmp_path / f"{name}.csv.gz"
        packed.write_bytes(gzip.compress(public_file(name)))
        tables += ["--table", f"seizure-total={packed}"]
    out = tmp_path / "totals.csv"
    done = ask(*tables, "--format", "cbp-drug-seizures", "--param", "drug=fentanyl",
               "--param", "by=fiscal_year_us,region", "--out", out)  # fmt: skip
    assert (done.code, done.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert {"fiscal_year_us", "region", "mass_lb", "mass_kg", "events"} <= set(rows[0])
    ours = [row for row in rows if row["counting"] == "ofo-usbp"]
    assert len(ours) == 21
    for year, published in PUBLISHED.items():
        of_year = [row for row in ours if row["fiscal_year_us"] == year]
        pounds = sum((Decimal(row["mass_lb"]) for row in of_year), Decimal(0))
        assert (str(pounds.quantize(TENTH)), sum(int(row["events"]) for row in of_year)) == published
    northern = {row["fiscal_year_us"]: Decimal(row["mass_lb"]) for row in ours if row["region"] == "northern-border"}
    assert {year: str(northern[year].quantize(TENTH)) for year in NORTHERN} == NORTHERN
    apart = [row for row in rows if row["counting"] == "amo"]
    assert apart  # Air and Marine counts events that the others count too: never added to theirs
    assert len(apart) + len(ours) == len(rows)


def test_an_answer_goes_to_the_screen_to_json_and_to_every_kind_of_file(file: Path, tmp_path: Path) -> None:
    table = ("--table", f"seizure-total={file}")
    screen = ask(*table)
    assert screen.code == 0
    assert "9 records of seizure-total" in screen.out
    assert "\x1b" not in screen.out + screen.err
    found = ask(*table, "--json").json
    assert sum(row["events"] for row in found["rows"]) == 9
    for suffix in ("csv", "json", "parquet"):
        out = tmp_path / f"answer.{suffix}"
        done = ask(*table, "--out", out)
        assert (done.code, done.out) == (0, "")
        assert str(out) in done.err
    assert json.loads((tmp_path / "answer.json").read_text("utf-8"))["rows"] == found["rows"]
    assert pq.read_table(tmp_path / "answer.parquet").num_rows == len(found["rows"])


def test_a_table_may_name_its_own_reader(file: Path) -> None:
    assert ask("--table", f"seizure-total:cbp-drug-seizures={file}").code == 0
    refused = ask("--table", f"seizure-total:seizure-csv={file}")
    assert refused.code == 3
    assert "seizure-csv" in refused.err


def test_what_could_not_be_read_is_told_and_not_in_the_answer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"2025,SEP,Office of Field Operations,Northern Border,Other,X,Fentanyl,1,-5\n")
    done = ask("--table", f"seizure-total={file}", "--json")
    assert done.code == 0
    assert "1 rows could not be read" in done.err
    assert "line 11" in done.err
    assert sum(row["events"] for row in done.json["rows"]) == 9


def test_the_same_file_never_counts_twice_not_even_packed(file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "copy.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    for other in (file, packed):
        refused = ask("--table", f"seizure-total={file}", "--table", f"seizure-total={other}")
        assert refused.code == 3
        assert "the same bytes" in refused.err
        assert refused.out == ""
    longer = tmp_path / "longer.csv"
    longer.write_bytes(totals(0, 12))
    refused = ask("--table", f"seizure-total={file}", "--table", f"seizure-total={longer}")
    assert refused.code == 3
    assert "twice" in refused.err


WRONG = {
    "no such question": (("question", "run", "seizures.all"), "seizures.totals"),
    "no such parameter": (("question", "run", NAME, "--param", "colour=red"), "drug"),
    "no such value": (("question", "run", NAME, "--param", "drug=tea"), "fentanyl"),
    "no value": (("question", "run", NAME, "--param", "drug"), "name=value"),
    "no such group": (("question", "run", NAME, "--param", "by=moon"), "fiscal_year_us"),
    "no table": (("question", "run", NAME, "--table", "seizure-total"), "KIND=FILE"),
    "another kind": (("question", "run", NAME, "--table", "sample=x.csv"), "KIND=FILE"),
    "no such file": (("question", "run", NAME, "--table", "seizure-total=none.csv"), "none.csv"),
    "neither table nor node": (("question", "run", NAME), "--node"),
}


@pytest.mark.parametrize(("command", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_question_says_what_is_right(
    command: tuple[str, ...], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = entente(*command)
    assert refused.code in {3, 7}
    assert named in refused.err
    assert refused.out == ""


@pytest.mark.parametrize("out", ["answer.docx", "no/such/folder/answer.csv"])
def test_an_answer_that_cannot_be_written_says_why(file: Path, tmp_path: Path, out: str) -> None:
    refused = ask("--table", f"seizure-total={file}", "--out", tmp_path / out)
    assert refused.code in {3, 6}
    assert "answer" in refused.err or ".csv" in refused.err


def test_questions_introduce_themselves() -> None:
    needs = {card["question"]: card["needs"] for card in entente("question", "list", "--json").json}
    assert {"seizures.totals", "seizures.trend", "seizures.revisions"} <= needs.keys()
    listed = entente("question", "list").out
    for name, kinds in needs.items():
        assert name in listed
        if name.startswith("seizures."):
            shown = entente("question", "show", name).out
            assert kinds
            assert all(kind in shown for kind in kinds.split(", "))
