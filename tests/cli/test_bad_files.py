"""A file that is not as it should be: what, where, why, what to do; nothing valid lost, nothing half kept."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from story.tables import HEADER, totals
from story.world import Ran, entente

GOOD = b"2025,SEP,Office of Field Operations,Northern Border,Other,SIMULATED OFFICE %d,Fentanyl,1,1.25\n"


def row(pounds: str = "1.25", *, year: str = "2025", office: str = "SIMULATED OFFICE X") -> bytes:
    cells = (year, "SEP", "Office of Field Operations", "Northern Border", "Other", office, "Fentanyl", "1", pounds)
    return (",".join(cells) + "\n").encode()


def table(*lines: bytes, header: str = HEADER) -> bytes:
    """Two good rows around `lines`, which stand from line 3 on."""
    return b"".join([header.encode() + b"\n", GOOD % 1, *lines, GOOD % 2])


def importing(home: Path, data: bytes, *options: object) -> Ran:
    file = home.parent / "table.csv"
    file.write_bytes(data)
    return entente("import", file, "--simulated", "--node", home, *options)


def kept(home: Path) -> int:
    records = entente("status", "--node", home, "--json").json["records"]
    return sum(found["number"] for found in records)


# One bad row between two good ones: the code, and what is said of line 3 and what to do about it.
BAD_ROWS = {
    "negative weight": (row("-4.2"), "negative", "`-4.2` in Sum Qty (lbs) is below zero", "Check the sign"),
    "grouped digits": (row('"1,234.5"'), "grouped-number", "`1,234.5` in Sum Qty (lbs) groups", "without separators"),
    "unit in the cell": (row("12 kg"), "unit-in-number", "`12 kg` in Sum Qty (lbs) carries a unit", "Convert"),
    "no number": (row("some"), "not-a-number", "`some` in Sum Qty (lbs) is not a number", "Write digits"),
    "another year": (row(year="last"), "not-a-fiscal-year", "`last` in FY is not a fiscal year", "Write it as"),
    "wrong encoding": (row(office="SAINT-X").replace(b"X", b"\xc9"), "wrong-encoding", "0xC9", "UTF-8"),
    "duplicated row": (GOOD % 1, "duplicated-row", "the same as line 2", "Remove one"),
    "contradicting row": (row("9", office="SIMULATED OFFICE 1"), "contradicting-row", "line 2", "Keep the right one"),
    "too few cells": (b"2025,SEP\n", "too-few-cells", "2 cells instead of 9", "Compare it with the header"),
    "open quote": (b'"2025,SEP\n', "open-quote", "quote", "Close the quote"),
    "NUL": (row("1\0"), "not-text", "NUL", "UTF-8"),
    "a line beyond the limit": (b"x" * (1024 * 1024 + 1) + b"\n", "line-too-long", "1048576 bytes", "line ends"),
}  # fmt: skip


@pytest.mark.parametrize(("bad", "code", "what", "cure"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_waits_with_line_reason_and_cure_and_loses_no_other(
    home: Path, bad: bytes, code: str, what: str, cure: str
) -> None:
    done = importing(home, table(bad), "--json")
    assert done.code == 0
    (found,) = done.json
    (fault,) = found["quarantined"]
    assert (found["kept"], fault["line"], fault["code"]) == (2, 3, code)
    assert what in fault["reason"]
    assert cure in fault["cure"]
    assert kept(home) == 2
    (waiting,) = entente("records", "quarantine", "--node", home, "--json").json
    assert (waiting["line"], waiting["reason"]) == (3, fault["reason"])
    assert code in entente("status", "--node", home, "--json").json["quarantined"]


def test_the_other_order_of_days_is_never_guessed(home: Path) -> None:
    data = b"number,seized_on,drug\nA-1,2025-03-04,fentanyl\nA-2,03/04/2025,fentanyl\nA-3,2025-02-30,fentanyl\n"
    done = importing(home, data, "--json").json[0]
    assert done["kept"] == 1
    assert [fault["code"] for fault in done["quarantined"]] == ["date-order", "not-a-date"]
    assert "YYYY-MM-DD" in done["quarantined"][0]["reason"]
    assert "2024-03-31" in done["quarantined"][0]["cure"]


def test_on_a_screen_the_rows_stand_in_a_table_and_all_of_them_in_a_file(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    done = importing(home, table(*(row(f"-{number}") for number in range(1, 13))), "--bad-rows", bad)
    assert "2 records kept, 0 unchanged, 12 rows in quarantine" in done.out
    assert "... and 2 more" in done.out
    assert done.err == ""  # no progress bar, no colours: this is not a terminal
    assert "\x1b" not in done.out
    lines = bad.read_text("utf-8-sig").splitlines()
    assert len(lines) == 13
    assert lines[0] == f'"#line","#what is wrong","#what to do",{HEADER}'
    assert "`-12` in Sum Qty (lbs) is below zero" in lines[-1]
    assert lines[-1].endswith("," + row("-12").decode().strip())


def test_the_file_of_bad_rows_is_corrected_and_imported_like_any_other(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    (first,) = importing(home, table(row("-4.2"), row("some", office="Y")), "--bad-rows", bad, "--json").json
    bad.write_bytes(bad.read_bytes().replace(b",-4.2", b",4.2").replace(b",some", b",7"))
    corrected = entente("import", bad, "--simulated", "--corrects", first["id"], "--node", home, "--json").json[0]
    assert (corrected["kept"], corrected["quarantined"]) == (2, [])
    refused = entente("import", bad, "--simulated", "--corrects", "i-9", "--node", home)
    assert (refused.code, "no import `i-9`" in refused.err) == (3, True)


def test_each_of_several_files_has_bad_rows_of_its_own(home: Path, tmp_path: Path) -> None:
    seizures = b"number,seized_on,drug\nA-1,03/04/2025,fentanyl\n"
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    files[0].write_bytes(table(row("-1")))
    files[1].write_bytes(seizures)
    done = entente("import", *files, "--simulated", "--node", home, "--bad-rows", tmp_path / "bad.csv")
    assert done.code == 0
    assert row("-1").strip() in (tmp_path / "bad-1.csv").read_bytes()
    assert b",A-1,03/04/2025,fentanyl" in (tmp_path / "bad-2.csv").read_bytes()


def test_notes_begin_with_a_hash_in_every_language(home: Path, tmp_path: Path) -> None:
    bad, file = tmp_path / "bad.csv", tmp_path / "a.csv"
    file.write_bytes(table(row("-1")))
    options = ("--simulated", "--node", str(home), "--bad-rows", str(bad))
    command = [sys.executable, "-m", "entente.cli", "import", str(file), *options]
    subprocess.run(command, env={**os.environ, "ENTENTE_LANGUAGE": "fr"}, check=True, capture_output=True)
    titles = bad.read_text("utf-8-sig").splitlines()[0].split(",")[:3]
    assert all(title.startswith('"#') for title in titles)
    assert '"#line"' not in titles


# The whole file does not fit: exit code 3, the column by name, nothing kept.
BAD_HEADERS = {
    "missing column": (HEADER.replace("Drug Type,", ""), "the column `Drug Type` is missing"),
    "extra column": (HEADER + ",Remarks", "it does not know the column `Remarks`"),
    "column twice": (HEADER + ",FY", "`FY` stands there twice"),
}


@pytest.mark.parametrize(("header", "why"), BAD_HEADERS.values(), ids=BAD_HEADERS)
@pytest.mark.parametrize("named", [(), ("--format", "cbp-drug-seizures")], ids=["found", "named"])
def test_a_table_with_other_columns_is_refused_by_name(
    home: Path, header: str, why: str, named: tuple[str, ...]
) -> None:
    refused = importing(home, table(header=header), *named)
    assert refused.code == 3
    assert "table.csv" in refused.err
    assert why in refused.err
    assert "--format" in refused.err
    assert (kept(home), entente("records", "quarantine", "--node", home, "--json").json) == (0, [])


WHOLE_FILES = {
    "another table": (b"a,b,c\n1,2,3\n", (), "No reader knows the columns of table.csv"),
    "empty": (b"", ("--format", "cbp-drug-seizures"), "it is empty"),
    "other separator": (table().replace(b",", b";"), (), "separated by ';' instead of commas"),
    "UTF-16": (table().decode().encode("utf-16"), ("--format", "cbp-drug-seizures"), "written in UTF-16"),
    "broken gzip header": (b"\x1f\x8b" + b"x" * 50, ("--format", "cbp-drug-seizures"), "cannot be unpacked"),
    "no such reader": (table(), ("--format", "nothing"), "There is no reader `nothing`"),
}


@pytest.mark.parametrize(("data", "options", "why"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_a_file_that_is_no_such_table_is_refused_and_nothing_is_kept(
    home: Path, data: bytes, options: tuple[str, ...], why: str
) -> None:
    refused = importing(home, data, *options)
    assert refused.code == 3
    assert why in refused.err
    assert kept(home) == 0


@pytest.mark.parametrize("file", ["no-such-file.csv", "."])
def test_a_file_that_cannot_be_opened_is_named(home: Path, file: str) -> None:
    refused = entente("import", file, "--node", home)
    assert refused.code == 3
    assert f"{file} cannot be read" in refused.err


def test_an_archive_cut_off_keeps_what_came_before_and_says_so(home: Path) -> None:
    packed = gzip.compress(totals(0, 2000))
    refused = importing(home, packed[:-200])
    assert refused.code == 3
    assert "cannot be unpacked" in refused.err
    assert "import it again" in refused.err
    some = kept(home)
    assert 0 < some < 2000
    assert importing(home, packed).code == 0
    assert kept(home) == 2000


def test_a_packed_file_is_read_like_a_plain_one(home: Path) -> None:
    assert importing(home, gzip.compress(totals(0, 3)), "--json").json[0]["kept"] == 3


def test_the_second_file_may_fail_and_the_first_is_kept_and_told(home: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(totals(0, 3))
    bad.write_bytes(b"a,b\n")
    done = entente("import", good, bad, "--simulated", "--node", home)
    assert done.code == 3
    assert "good.csv: 3 records kept" in done.out
    assert "bad.csv" in done.err
    assert kept(home) == 3


def _piped(home: Path, pieces: list[tuple[bytes, int]]) -> tuple["subprocess.Popen[bytes]", bytes, bytes]:
    """`entente import -` in a process of its own, fed with pieces, each written so many times."""
    command = [sys.executable, "-m", "entente.cli", "import", "-", "--simulated", "--json", "--node", str(home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    try:
        for piece, times in pieces:
            for _ in range(times):
                process.stdin.write(piece)
                process.stdin.flush()
    except BrokenPipeError:
        pass  # it has seen enough
    out, err = process.communicate(timeout=120)
    return process, out, err


MIB = 1024 * 1024


def test_an_endless_line_from_a_pipe_is_one_fault_in_bounded_memory(home: Path) -> None:
    # The kernel counts the memory of the process that starts another one into the peak of the one it starts.
    # and of all that were started before, only the largest is told.
    usual_mib = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    )
    good = HEADER.encode() + b"\n" + GOOD % 1
    process, out, err = _piped(home, [(good, 1), (b"x" * MIB, 300), (b"\n" + GOOD % 2, 1)])
    assert (process.returncode, err) == (0, b"")
    (done,) = json.loads(out)
    assert (done["kept"], [(f["line"], f["code"]) for f in done["quarantined"]]) == (2, [(3, "line-too-long")])
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\npeak memory of an import with a line of 300 MiB: {peak_mib:.0f} MiB")  # noqa: T201 - belongs in the log
    assert peak_mib < max(250, usual_mib + 20), "a line of 300 MiB was held"


def test_a_pipe_that_never_ends_its_first_line_is_refused_at_the_limit(home: Path) -> None:
    process, out, err = _piped(home, [(b"x" * MIB, 300)])
    assert process.returncode == 3
    assert out == b""
    assert b"Traceback" not in err
    assert b"--format" in err


def test_a_pipe_that_comes_in_drops_is_read_to_its_end(home: Path) -> None:
    data = totals(0, 3)
    process, out, _ = _piped(home, [(data[place : place + 7], 1) for place in range(0, len(data), 7)])
    assert process.returncode == 0
    assert json.loads(out)[0]["kept"] == 3
