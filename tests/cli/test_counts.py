"""A first-time user with only a CSV of counts: one command, an explained table of alarms, and a picture."""

import csv
import gzip
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from story.world import Ran, entente

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "docs" / "weekly-counts.csv"
NAME = "substances.aberration"
COMMAND = "entente question run substances.aberration --table counts=docs/weekly-counts.csv --param from=2026-W36"
SVG = "{http://www.w3.org/2000/svg}"


def ask(*options: object, name: str = NAME, file: Path = COUNTS) -> Ran:
    return entente("question", "run", name, "--table", f"counts={file}", *options)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "counts.csv"


def test_the_readme_shows_the_command_and_what_it_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    shown = (ROOT / "README.md").read_text("utf-8")
    assert COMMAND in shown
    done = ask("--param", "from=2026-W36")
    assert done.code == 0
    assert "\n".join(f"    {line}".rstrip() for line in done.out.rstrip("\n").split("\n")) in shown


def test_the_answer_as_a_file_has_the_promised_columns_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    out = tmp_path / "alarms.csv"
    assert ask("--param", "from=2026-W36", "--out", out).code == 0
    found = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    promised = ["series", "period", "count", "expected", "bound", "p", "q", "alarm", "because", "simulated"]
    assert list(found[0]) == promised
    assert [(row["series"], row["period"]) for row in found if row["alarm"] == "true"] == [
        ("East", "2026-W36"), ("East", "2026-W37"), ("East", "2026-W38"),
    ]  # fmt: skip


def test_a_picture_is_well_formed_says_what_it_shows_and_marks_alarms_by_shape(tmp_path: Path) -> None:
    picture = tmp_path / "counts.svg"
    assert ask("--param", "from=2026-W36", "--plot", picture).code == 0
    root = ET.fromstring(picture.read_bytes())
    assert root.find(f"{SVG}title") is not None
    assert "East: alarm in 2026-W36, 2026-W37, 2026-W38." in (root.findtext(f"{SVG}desc") or "")
    marks = [one for one in root.iter(f"{SVG}text") if one.get("class") == "chart-alarm"]
    assert [mark.text for mark in marks] == ["!", "!", "!"]
    assert {one.get("class") for one in root.iter(f"{SVG}path")} >= {"chart-expected", "chart-bound", "chart-line"}
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_a_page_has_the_table_of_its_picture_and_loads_nothing(tmp_path: Path) -> None:
    page = tmp_path / "counts.html"
    assert ask("--param", "from=2026-W37", "--plot", page).code == 0
    text = page.read_text("utf-8")
    assert text.count("<table>") == 4
    assert "above the bound of" in text
    assert not re.search(r"<script|src=|href=|url\(", text)


def test_a_name_in_the_file_is_text_in_the_picture(file: Path, tmp_path: Path) -> None:
    rows = "".join(f"<script>x</script>,{week},{week % 3}\n" for week in range(12))
    file.write_text("series,period,count\n" + rows, "utf-8")
    page = tmp_path / "counts.html"
    assert ask("--param", "method=ears-c1", "--plot", page, file=file).code == 0
    assert "<script" not in page.read_text("utf-8")


def test_bad_rows_are_told_and_the_others_are_used(file: Path) -> None:
    file.write_text("series,period,count\n" + "".join(f"a,{n},{n % 4}\n" for n in range(12)) + "a,soon,1\n", "utf-8")
    done = ask("--param", "method=ears-c1", file=file)
    assert done.code == 0
    assert "line 14: `soon` in period is not a period." in done.err
    assert "12 counts from counts.csv" in done.out


def test_a_parquet_file_and_a_packed_one_give_the_same_answer(tmp_path: Path) -> None:
    rows = [(name, week, (week * 7) % 5) for name in ("a", "b") for week in range(1, 15)]
    plain, packed, parquet = tmp_path / "x.csv", tmp_path / "y.csv.gz", tmp_path / "z.parquet"
    plain.write_text("series,period,count\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows), "utf-8")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    series, period, count = zip(*rows, strict=True)
    pq.write_table(pa.table({"series": series, "period": period, "count": count}), parquet)
    answers = [ask("--param", "method=ears-c2", "--json", file=one).json["rows"] for one in (plain, packed, parquet)]
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 28


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--plot", "counts.png"), ".svg, .html"),
        (("--param", "method=guess"), "farrington-flexible"),
        (("--param", "method=cusum-share"), "tested"),
        (("--param", "from=yesterday"), "2020-W40"),
        (("--param", "series=Centre"), "East"),
    ],
)
def test_what_cannot_be_done_says_what_can(options: tuple[str, str], said: str) -> None:
    refused = ask(*options)
    assert (refused.code, refused.out) == (3, "")
    assert said in refused.err


def test_questions_say_that_a_plain_table_will_do() -> None:
    assert "test-count or counts" in entente("question", "list").out
    assert "--table counts=FILE" in entente("question", "show", NAME).out


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "counts.parquet"
    broken.write_bytes(b"PAR1 and no more")
    refused = ask(file=broken)
    assert refused.code == 3
    assert "Parquet" in refused.err
