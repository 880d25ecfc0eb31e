"""Bad rows as a file: notes in front, rows as written; corrected and sent again, everything is kept."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from entente.cli.house import catalogue, readers
from entente.node.bad_rows import bad_rows, faults, waiting_rows
from entente.node.choosing import reader_for
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.intake import import_table, opened
from entente.node.work import Node
from entente.store import IntakeRow
from entente.vocabulary import LANGUAGES, phrasebook
from story.tables import HEADER

ENGLISH = phrasebook("en")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    folder = tmp_path / "node"
    config = Config(folder=folder, party="us.cbp", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1")
    made = create_node(config, catalogue())
    yield made
    made.close()


def imported(node: Node, data: bytes, *, corrects: str = "") -> IntakeRow:
    file = node.config.folder / "table.csv"
    file.write_bytes(data)
    with opened(str(file)) as source:
        chosen = reader_for(readers(), "", source)
        return import_table(node, source, chosen, "officer", corrects=corrects, is_simulated=True)


def bad_file(node: Node, intake: IntakeRow, language: str = "en") -> bytes:
    return "".join(bad_rows(node, intake, phrasebook(language))).encode()


def in_a_spreadsheet(data: bytes) -> list[list[str]]:
    """The cells as a program that opens CSV shows them."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def row(number: int, pounds: str = "1.25", *, year: str = "2025", office: str = "", drug: str = "Fentanyl") -> bytes:
    office = office or f"SIMULATED OFFICE {number}"
    cells = (year, "SEP", "Office of Field Operations", "Northern Border", "Other", office, drug, "1", pounds)
    return ",".join(cells).encode()


# What stands in the file, and what an officer writes into its place.
FAULTS: dict[str, tuple[bytes, str, str]] = {
    "negative": (row(1, "-4.2"), ",-4.2", ",4.2"),
    "grouped-number": (row(2, '"1,234.5"'), '"1,234.5"', "1234.5"),
    "unit-in-number": (row(3, "12 kg"), "12 kg", "26.46"),
    "not-a-number": (row(4, "some"), ",some", ",7"),
    "not-a-fiscal-year": (row(5, year="last"), "last,SEP", "2024,SEP"),
    "wrong-encoding": (row(6, office="SAINT-ÉLOI").decode().encode("latin-1"), "", ""),
    "too-few-cells": (row(7).removesuffix(b",1.25"), "OFFICE 7,Fentanyl,1", "OFFICE 7,Fentanyl,1,3"),
    "too-many-cells": (row(8, "1,234.5"), "1,234.5", "1234.5"),
    "open-quote": (row(9).replace(b"SIMULATED", b'"SIMULATED'), '"SIMULATED OFFICE 9', "SIMULATED OFFICE 9"),
    "stray-return": (row(10).replace(b"ICE 10", b"ICE\r10"), "ICE\r10", "ICE 10"),
    "not-text": (row(11, "1\0"), "1\0", "1"),
    "unknown-code": (row(12, drug="Fentanil"), "Fentanil", "Fentanyl"),
}


def test_bad_rows_are_corrected_in_their_file_and_all_are_kept(node: Node) -> None:
    first = imported(node, b"\n".join([HEADER.encode(), row(0), *(bad for bad, _, _ in FAULTS.values())]))
    assert (first.kept, first.quarantined) == (1, len(FAULTS))
    assert {fault.code for fault in faults(node, first.id)} == FAULTS.keys()
    text = bad_file(node, first).decode()
    for _, wrong, right in FAULTS.values():
        assert wrong in text
        # the notes name values too; what an officer corrects is the row behind them
        text = text[: text.rindex(wrong)] + right + text[text.rindex(wrong) + len(wrong) :] if wrong else text
    second = imported(node, text.encode(), corrects=first.id)
    assert list(faults(node, second.id)) == []
    assert (second.kept, second.unchanged, second.quarantined) == (len(FAULTS), 0, 0)
    assert waiting_rows(node) == 0


def test_a_file_that_is_sent_back_as_it_is_waits_again_with_its_own_lines(node: Node) -> None:
    kept_as_they_are = {"wrong-encoding"}  # they were written anew, in UTF-8
    first = imported(node, b"\n".join([HEADER.encode(), row(0), *(bad for bad, _, _ in FAULTS.values())]))
    again = imported(node, bad_file(node, first), corrects=first.id)
    found = list(faults(node, again.id))
    assert {fault.code for fault in found} == FAULTS.keys() - kept_as_they_are
    assert sorted(fault.line for fault in found) == [fault.line for fault in found]
    assert found[0].line == 2
    assert again.kept == 1


def test_fewer_rows_may_come_back_and_each_has_the_line_of_its_new_file(node: Node) -> None:
    first = imported(node, b"\n".join([HEADER.encode(), row(0), row(1, "-1"), row(2, "-2"), row(3, "-3")]))
    assert [fault.line for fault in faults(node, first.id)] == [3, 4, 5]
    lines = bad_file(node, first).splitlines(keepends=True)
    again = imported(node, lines[0] + lines[3], corrects=first.id)
    assert [(fault.line, fault.value) for fault in faults(node, again.id)] == [(2, "-3")]
    assert waiting_rows(node) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_has_three_notes_in_the_readers_language_and_then_the_columns_as_they_were(
    node: Node, language: str
) -> None:
    intake = imported(node, b"\n".join([HEADER.encode(), row(1, "-4.2")]))
    data = bad_file(node, intake, language)
    titles, (line, what, cure, *cells) = in_a_spreadsheet(data)
    assert all(title.startswith("#") for title in titles[:3])
    assert titles[3:] == HEADER.split(",")
    assert (line, cells) == ("2", row(1, "-4.2").decode().split(","))
    (fault,) = faults(node, intake.id)
    translate = phrasebook(language).translate
    assert (what, cure) == (fault.reason(translate), fault.cure(translate))
    assert data.startswith(b"\xef\xbb\xbf"), "a spreadsheet would not know UTF-8"


def test_a_second_round_carries_no_notes_of_the_first(node: Node) -> None:
    first = imported(node, b"\n".join([HEADER.encode(), row(1, "-4.2"), row(2, "x")]))
    second = imported(node, bad_file(node, first, "fr"), corrects=first.id)
    titles, *rows = in_a_spreadsheet(bad_file(node, second))
    assert titles[3:] == HEADER.split(",")
    assert [cells[3:] for cells in rows] == [row(1, "-4.2").decode().split(","), row(2, "x").decode().split(",")]


def test_notes_that_the_sender_wrote_stay_where_they_are(node: Node) -> None:
    intake = imported(node, b"#mine," + HEADER.encode() + b"\nask Jo," + row(1, "-4.2"))
    titles, cells = in_a_spreadsheet(bad_file(node, intake))
    assert (titles[3], cells[3]) == ("#mine", "ask Jo")


def formulas(data: bytes, separator: str) -> list[str]:
    """What a spreadsheet would compute among the notes."""
    found = []
    for line in data.decode("utf-8-sig").split("\r\n")[1:]:
        notes = line.split(",2025,")[0]
        found += [cell for cell in notes.split(separator) if cell.strip(' "').startswith(("=", "+", "-", "@"))]
    return found


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "x;=HYPERLINK(9)", 'y"";+1', "a|-1", "\t=1", "\uff1d1+1"])
def test_no_value_of_a_row_becomes_a_formula_in_the_notes(node: Node, value: str) -> None:
    quoted = '"' + value.replace('"', '""') + '"'
    intake = imported(node, b"\n".join([HEADER.encode(), row(1, quoted)]))
    data = bad_file(node, intake)
    assert intake.quarantined == 1
    assert [formulas(data, separator) for separator in (",", ";", "|", "\t")] == [[], [], [], []]
    assert in_a_spreadsheet(data)[1][-1] == value, "the row itself stays as written"


def test_a_row_with_an_open_quote_takes_no_other_along_in_a_spreadsheet(node: Node) -> None:
    broken = row(1).replace(b"SIMULATED", b'"SIMULATED')
    intake = imported(node, b"\n".join([HEADER.encode(), broken, row(2, "-1"), row(3, "-2")]))
    rows = in_a_spreadsheet(bad_file(node, intake))
    assert [cells[0] for cells in rows[1:]] == ["3", "4", "2"]


def test_a_row_over_several_lines_comes_back_whole(node: Node) -> None:
    intake = imported(node, b"\n".join([HEADER.encode(), row(1, "-1", office='"SIMULATED\n\nOFFICE"'), row(2, "-1")]))
    rows = in_a_spreadsheet(bad_file(node, intake))
    assert (rows[1][8], rows[2][8]) == ("SIMULATED\n\nOFFICE", "SIMULATED OFFICE 2")


def test_a_line_too_long_to_be_kept_is_named_though_its_text_is_gone(node: Node) -> None:
    intake = imported(node, HEADER.encode() + b"\n" + b"x" * (1024 * 1024 + 2))
    again = imported(node, bad_file(node, intake), corrects=intake.id)
    assert [fault.code for fault in faults(node, again.id)] == ["too-few-cells"]


def test_thousands_of_bad_rows_are_written_page_by_page(node: Node) -> None:
    intake = imported(node, b"\n".join([HEADER.encode(), *(row(number, "-1") for number in range(2500))]))
    lines = bad_rows(node, intake, ENGLISH)
    assert sum(1 for _ in lines) == 2501


def test_rows_wait_until_a_finished_import_corrects_them(node: Node) -> None:
    first = imported(node, b"\n".join([HEADER.encode(), row(1, "-1"), row(2, "-2")]))
    other = imported(node, b"\n".join([HEADER.encode(), row(3, "-1")]))
    assert waiting_rows(node) == 3
    second = imported(node, b"\n".join([HEADER.encode(), row(1), row(2, "-2")]), corrects=first.id)
    assert waiting_rows(node) == 2
    with node.writing() as work:
        work.tx.put_intake(_failed(second, other.id))
    assert waiting_rows(node) == 2, "what failed corrects nothing"
    imported(node, b"\n".join([HEADER.encode(), row(2)]), corrects=second.id)
    assert waiting_rows(node) == 1


def _failed(row: IntakeRow, corrects: str) -> IntakeRow:
    return replace(row, id="later", state="failed", corrects=corrects, quarantined=0)


Edit = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data.removeprefix(b"\xef\xbb\xbf"),
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: _saved_again(data, csv.QUOTE_ALL),
        lambda data: _saved_again(data, csv.QUOTE_MINIMAL),
    ],
    ids=["without the mark", "other line ends", "all quoted", "few quoted"],
)
def test_however_a_program_saves_the_file_it_is_read(node: Node, edit: Edit) -> None:
    first = imported(node, b"\n".join([HEADER.encode(), row(1, '"-1,5"'), row(2, "-2", office='"A ""B"", C"')]))
    data = edit(bad_file(node, first))
    right = data.replace(b'"-1,5"', b"1.5").replace(b",-2", b",2").replace(b'"-2"', b"2")
    second = imported(node, right, corrects=first.id)
    assert (second.kept, second.quarantined) == (2, 0)


def _saved_again(data: bytes, quoting: int) -> bytes:
    saved = io.StringIO(newline="")
    csv.writer(saved, quoting=quoting).writerows(in_a_spreadsheet(data))  # type: ignore[arg-type]  # csv constants
    return ("\ufeff" + saved.getvalue()).encode()
