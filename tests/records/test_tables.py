"""No line, quote or encoding takes the rest of a file with it, and memory stays bounded."""

import csv
import io
import subprocess
import sys
import textwrap
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.records import MAX_LINE_BYTES, Fault
from entente.records.tables import MAX_ROW_LINES, Row, rows

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


def read(data: bytes) -> list[Row | Fault]:
    return list(rows(io.BytesIO(data)))


def cells(data: bytes) -> list[list[str]]:
    return [row.cells for row in read(data) if isinstance(row, Row)]


def faults(data: bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read(data) if isinstance(fault, Fault)]


class Dribble:
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._stream, self._step = io.BytesIO(data), step

    def read(self, size: int, /) -> bytes:
        return self._stream.read(min(size, self._step))


class Endless:
    """`size` bytes without a line end, made as they are read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int, /) -> bytes:
        given = min(size, self._left)
        self._left -= given
        return b"x" * given


def test_rows_have_lines_and_cells() -> None:
    assert read(b"a,b\r\n\r\n1,\n2,3") == [
        Row(1, ["a", "b"], "a,b"),
        Row(3, ["1", ""], "1,"),
        Row(4, ["2", "3"], "2,3"),
    ]


def test_a_byte_order_mark_belongs_to_no_column() -> None:
    assert cells(b'\xef\xbb\xbf"a",b\n') == [["a", "b"]]


def test_a_quoted_cell_may_hold_commas_quotes_and_line_ends() -> None:
    data = b'a,"x, ""y""\r\nz",c\r\nd,e,f\r\n'
    assert cells(data) == [["a", 'x, "y"\nz', "c"], ["d", "e", "f"]]
    assert read(data)[1] == Row(3, ["d", "e", "f"], "d,e,f")


def test_a_quote_inside_a_cell_is_text_and_swallows_nothing() -> None:
    """Inches: 12" and 3". Counting quotes would join the two lines and everything between them into one row."""
    assert cells(b'1,12" pipe\n2,x\n3,3" pipe\n') == [["1", '12" pipe'], ["2", "x"], ["3", '3" pipe']]


def test_an_open_quote_costs_one_line() -> None:
    data = b'a,b\n1,"x\n2,y\n3,z\n'
    assert cells(data) == [["a", "b"], ["2", "y"], ["3", "z"]]
    assert faults(data) == [(2, "open-quote")]


def test_two_open_quotes_cost_two_lines() -> None:
    data = b'1,"x\n2,y\n3,"z""\n4,w\n'
    assert cells(data) == [["2", "y"], ["4", "w"]]
    assert faults(data) == [(1, "open-quote"), (3, "open-quote")]


def test_an_open_quote_before_a_line_in_another_encoding_costs_both_and_no_more() -> None:
    data = b'1,"x\n2,y\n3,\xe9\n4,z"\n5,w\n'
    assert cells(data) == [["2", "y"], ["4", 'z"'], ["5", "w"]]
    assert faults(data) == [(1, "open-quote"), (3, "wrong-encoding")]


def test_a_file_full_of_open_quotes_is_read_in_linear_time() -> None:
    """Every line closes the quote before it and opens the next: the search for the end could start over at each."""
    lines = 150_000
    began = time.process_time()
    found = read(b'a","\n' * lines)
    assert time.process_time() - began < 20
    assert len(found) == lines
    assert all(isinstance(item, Fault) and item.code == "open-quote" for item in found)


def test_a_quote_spans_at_most_so_many_lines() -> None:
    data = b'1,"' + b"\n" * (MAX_ROW_LINES + 1) + b'2,y"\n3,z\n'
    assert faults(data) == [(1, "open-quote")]
    assert cells(data)[-1] == ["3", "z"]


def test_a_wrong_encoding_is_named_by_byte_and_position() -> None:
    fault = read("a\nMontr\u00e9al\n".encode("cp1252"))[1]
    assert isinstance(fault, Fault)
    assert (fault.line, fault.row, fault.details["byte"], fault.details["position"]) == (
        2,
        "Montr\u00e9al",
        "0xE9",
        "6",
    )
    assert "Windows-1252" in fault.reason()
    assert fault.cure().startswith("Save the file as UTF-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_a_fault_and_not_rubbish(encoding: str) -> None:
    found = read("a,b\n1,2\n".encode(encoding))
    assert all(isinstance(item, Fault) and item.code in {"utf-16", "not-text"} for item in found)
    assert found[0].code == ("utf-16" if encoding == "utf-16" else "not-text")  # type: ignore[union-attr]  # just asserted


def test_a_nul_costs_one_line() -> None:
    assert faults(b"a\nb\0\nc\n") == [(2, "not-text")]
    assert cells(b"a\nb\0\nc\n") == [["a"], ["c"]]


def test_a_stray_return_is_a_fault_outside_quotes_and_text_inside() -> None:
    data = b'a,b\n1,2\r3,4\n"5\r6",7\n8,9\n'
    assert faults(data) == [(2, "stray-return")]
    assert cells(data) == [["a", "b"], ["5\r6", "7"], ["8", "9"]]


def test_a_cell_may_be_longer_than_the_csv_module_allows() -> None:
    long = "x" * 200_000
    assert cells(f'a,"{long}"\nb,c\n'.encode()) == [["a", long], ["b", "c"]]


@pytest.mark.parametrize("step", [1024, 65_536, 1_000_003])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_limit_of_a_line_does_not_depend_on_how_a_pipe_cuts_it(step: int, end: bytes) -> None:
    fits, too_long = b"x" * MAX_LINE_BYTES, b"y" * (MAX_LINE_BYTES + 1)
    found = list(rows(Dribble(end.join((b"a", fits, too_long, b"b")), step)))
    assert [(row.line, row.text[:1]) for row in found if isinstance(row, Row)] == [(1, "a"), (2, "x"), (4, "b")]
    assert [(fault.line, fault.code) for fault in found if isinstance(fault, Fault)] == [(3, "line-too-long")]


def test_a_long_line_without_end_keeps_memory_bounded() -> None:
    tracemalloc.start()
    found = list(rows(Endless(30 * MAX_LINE_BYTES)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [item.code for item in found if isinstance(item, Fault)] == ["line-too-long"]
    assert len(found) == 1
    assert peak < 6 * MAX_LINE_BYTES


@pytest.mark.slow
def test_a_pipe_of_200_megabytes_without_line_end_does_not_grow_the_process() -> None:
    program = textwrap.dedent(
        """
        import resource, sys
        from entente.records.tables import rows
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        codes = [fault.code for fault in rows(sys.stdin.buffer)]
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *codes)
        """
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(200):
            process.stdin.write(b"x" * 1_000_000)
        process.stdin.close()
        grown, *codes = process.stdout.read().decode().split()
    assert codes == ["line-too-long"]
    assert int(grown) * (1 if sys.platform == "linux" else 1 / 1024) < 16 * 1024  # kilobytes


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
TABLE = st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=12)


def written(table: list[list[str]], quoting: int) -> bytes:
    target = io.StringIO()
    csv.writer(target, quoting=quoting, lineterminator="\n").writerows(table)  # type: ignore[arg-type]  # csv constants
    return target.getvalue().encode()


@UNHURRIED
@given(TABLE, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_the_csv_module_writes_is_read_back(table: list[list[str]], quoting: int) -> None:
    table = [["first", "row"], *(row for row in table if any(cell.strip() for cell in row) or quoting == csv.QUOTE_ALL)]
    expected = [row for row in table if ",".join(row).strip()]
    assert cells(written(table, quoting)) == expected


@UNHURRIED
@given(st.lists(st.sampled_from(['"', ",", "\n", "a", " ", "\u00e9"]), max_size=40).map("".join))
def test_whatever_comes_every_line_is_in_a_row_or_in_a_fault(data: str) -> None:
    """Nothing is lost: the texts of rows and faults, in order, are the lines of the file."""
    found = read(("x\n" + data).encode())
    texts = [line for item in found for line in (item.row if isinstance(item, Fault) else item.text).split("\n")]
    lines = [line for line in ("x\n" + data).split("\n") if line.strip()]
    assert [text for text in texts if text.strip()] == lines


@UNHURRIED
@given(st.lists(st.sampled_from(['"', ",", "\n", "a", "\u00e9"]), max_size=40).map("".join))
def test_a_row_is_what_the_csv_module_makes_of_its_text(data: str) -> None:
    for item in read(data.encode()):
        if isinstance(item, Row):
            assert item.cells == next(csv.reader(io.StringIO(item.text, newline="")))


@UNHURRIED
@given(st.binary(max_size=200), st.integers(1, 7))
def test_any_bytes_give_rows_and_faults_and_never_an_exception(data: bytes, step: int) -> None:
    assert list(rows(Dribble(data, step))) == read(data)
