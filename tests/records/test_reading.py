"""`read`: records and faults side by side; a bad row loses nothing but itself."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.records import (
    Catalogue,
    CellFault,
    Fault,
    Field,
    Kind,
    NotATable,
    Reader,
    Record,
    Stamp,
    Value,
    date_iso,
    decimal_plain,
    mapped,
    read,
    text,
)
from entente.records.reading import Cells
from entente.signing import digest
from entente.vocabulary import NativeMapping, Vocabulary, house_vocabulary

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


WEIGHING = Kind(
    name="weighing",
    version=1,
    workstream="test",
    key=("number",),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="day", field_class="time", type="date", is_required=True),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug"),
        Field(name="mass_lb", field_class="quantity", type="decimal", unit="lb"),
    ),
)
NAMES = NativeMapping("names", "7", "a publisher", "drug", {"Lsd": "lsd", "Khat": "khat"})
CATALOGUE = Catalogue.of((WEIGHING,), house_vocabulary().joined([Vocabulary({}, {"names": NAMES}, {})]))
STAMP = Stamp(said_by="us.cbp", recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)


def values(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
    return {
        "number": text("Number", cells["number"]),
        "day": date_iso("Day", cells["day"]),
        "drug": mapped("Drug", cells["drug"], catalogue.vocabulary.mappings["names"]),
        "mass_lb": decimal_plain("Mass (lb)", cells["mass_lb"], unit="lb"),
    }


READER = Reader(
    name="weighings",
    kind="weighing",
    mapping_version="7",
    source="a test",
    columns={"number": ("Number", "No."), "day": ("Day",), "drug": ("Drug",), "mass_lb": ("Mass (lb)",)},
    values=values,
)
HEADER = "Number,Day,Drug,Mass (lb)"


def read_bytes(data: bytes, reader: Reader = READER) -> list[Record | Fault]:
    return list(
        read(
            io.BytesIO(data),
            reader=reader,
            catalogue=CATALOGUE,
            stamp=STAMP,
            source="weighings.csv",
            source_digest=digest(data),
        )
    )


def read_rows(*lines: str, header: str = HEADER) -> list[Record | Fault]:
    return read_bytes("\n".join((header, *lines)).encode())


def kept(found: list[Record | Fault]) -> list[Value]:
    return [item.values["number"] for item in found if isinstance(item, Record)]


def quarantined(found: list[Record | Fault]) -> list[tuple[int, str]]:
    return [(item.line, item.code) for item in found if isinstance(item, Fault)]


def test_a_row_becomes_a_record_that_knows_where_it_stood() -> None:
    data = f"{HEADER}\nA1,2024-03-31,Lsd,1.50\n".encode()
    (record,) = read_bytes(data)
    assert isinstance(record, Record)
    assert record.values["mass_lb"] == Decimal("1.50")
    assert record.values["drug"] == "lsd"
    assert (record.said_by, record.version, record.sure) == ("us.cbp", 1, "reported")
    place = record.provenance
    assert (place.source, place.source_digest, place.line) == ("weighings.csv", digest(data), 2)
    assert (place.reader, place.mapping_version) == ("weighings", "7")


def test_each_bad_row_waits_with_its_line_and_every_good_row_is_kept() -> None:
    found = read_rows(
        "A1,2024-03-31,Lsd,1",
        "A2,31/03/2024,Lsd,1",
        "A3,2024-03-31,Lsd,-1",
        'A4,2024-03-31,Lsd,"1,234.5"',
        "A5,2024-03-31,Lsd,12 kg",
        "A6,2024-03-31,LSD?,1",
        "A7,2024-03-31,Lsd",
        "A8,2024-03-31,Lsd,1,234.5",
        ",2024-03-31,Lsd,1",
        'A9,"2024-03-31,Lsd,1',
        "B1,2024-03-31,Khat,2",
    )
    assert kept(found) == ["A1", "B1"]
    assert quarantined(found) == [
        (3, "date-order"),
        (4, "negative"),
        (5, "grouped-number"),
        (6, "unit-in-number"),
        (7, "unknown-code"),
        (8, "too-few-cells"),
        (9, "too-many-cells"),
        (10, "missing-value"),
        (11, "open-quote"),
    ]


def test_a_fault_that_its_reader_cannot_say_waits_as_a_defect_and_loses_no_other_row() -> None:
    def careless(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
        if cells["number"] == "A2":
            raise CellFault("Mass (lb)", "above-denominator", cells["mass_lb"])
        return values(cells, catalogue)

    rows = f"{HEADER}\nA1,2024-03-31,Lsd,1\nA2,2024-03-31,Lsd,1\nA3,2024-03-31,Lsd,1"
    found = read_bytes(rows.encode(), replace(READER, values=careless))
    assert kept(found) == ["A1", "A3"]
    defect = found[1]
    assert isinstance(defect, Fault)
    assert (defect.line, defect.code, defect.row) == (3, "reader-defect", "A2,2024-03-31,Lsd,1")
    assert defect.reason().endswith("Mass (lb) and cannot say what: its sentence needs of, other.")
    assert "report the defect" in defect.cure()


def test_a_fault_keeps_the_row_as_written_for_the_second_try() -> None:
    fault = read_rows("A3,2024-03-31,Lsd,-1")[0]
    assert isinstance(fault, Fault)
    assert (fault.row, fault.field, fault.value) == ("A3,2024-03-31,Lsd,-1", "Mass (lb)", "-1")


def test_a_row_that_stands_there_twice_is_kept_once() -> None:
    found = read_rows("A1,2024-03-31,Lsd,1", "A1,2024-03-31,Lsd,1", "A1,2024-03-31,Lsd,2")
    assert kept(found) == ["A1"]
    assert quarantined(found) == [(3, "duplicated-row"), (4, "contradicting-row")]
    assert [item.details["first"] for item in found if isinstance(item, Fault)] == ["2", "2"]


def test_columns_may_come_in_any_order_and_under_any_known_name() -> None:
    found = read_rows("1,A1,Lsd,2024-03-31", header=" Mass (lb) ,No.,Drug,Day")
    assert kept(found) == ["A1"]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Number,Day,Drug", "the column `Mass (lb)` is missing"),
        (HEADER + ",Secret", "it does not know the column `Secret`"),
        (HEADER + ",No.", "`Number` stands there twice"),
        (HEADER.replace(",", ";"), "separated by ';' instead of commas"),
        (HEADER.replace(",", "\t"), "separated by '\\t' instead of commas"),
        ("", "it is empty"),
        ('Number,"Day', "Close the quote"),
    ],
)
def test_a_header_that_does_not_fit_is_said_before_anything_is_kept(header: str, why: str) -> None:
    with pytest.raises(NotATable) as caught:
        read_bytes(header.encode())
    assert why in str(caught.value)
    assert "weighings.csv" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_file_in_utf_16_is_told_to_become_utf_8(encoding: str) -> None:
    with pytest.raises(NotATable, match="in UTF-8"):
        read_bytes(f"{HEADER}\nA1,2024-03-31,Lsd,1\n".encode(encoding))


def test_a_line_longer_than_the_limit_is_skipped_and_the_rest_is_read() -> None:
    found = read_rows("A1,2024-03-31,Lsd,1", "x" * (1024 * 1024 + 1), "A2,2024-03-31,Lsd,1")
    assert kept(found) == ["A1", "A2"]
    assert quarantined(found) == [(3, "line-too-long")]


def test_the_id_of_a_thing_stays_and_cannot_be_guessed_without_the_nodes_key() -> None:
    first = read_rows("A1,2024-03-31,Lsd,1")[0]
    again = read_rows("A1,2024-04-01,Khat,2")[0]
    other_node = Stamp(said_by="us.cbp", recorded_at=STAMP.recorded_at, id_key=b"z" * 32, is_simulated=False)
    other = next(
        read(
            io.BytesIO(f"{HEADER}\nA1,2024-03-31,Lsd,1\n".encode()),
            reader=READER,
            catalogue=CATALOGUE,
            stamp=other_node,
            source="s",
            source_digest="d",
        )
    )
    assert isinstance(first, Record)
    assert isinstance(again, Record)
    assert isinstance(other, Record)
    assert first.id == again.id != other.id
    assert first.content_digest != again.content_digest


GOOD = st.integers(1, 10**6).map(lambda number: f"N{number},2024-03-31,Lsd,{number}.5")
BAD = st.sampled_from(
    [
        "N0,31/03/2024,Lsd,1",
        "N0,2024-03-31,Lsd,-1",
        'N0,2024-03-31,"Lsd,1',
        "N0,2024-03-31,Lsd",
        "\x00",
        "M\u00e9,2024-03-31,Lsd,1",
        'N0",2024-03-31,Lsd,"x',
    ]
)


@UNHURRIED
@given(st.lists(st.one_of(GOOD, BAD), max_size=30), st.sampled_from(["utf-8", "cp1252"]))
def test_read_never_loses_a_valid_row(lines: list[str], encoding: str) -> None:
    data = "\n".join((HEADER, *lines)).encode(encoding)
    found = read_bytes(data)
    good = {line.partition(",")[0] for line in lines if line[:1] == "N" and line[1] != "0"}
    assert good <= {str(number) for number in kept(found)}
    assert [number for number in kept(found) if str(number).startswith("N0")] == []


# Notes


@pytest.mark.parametrize("reader", [READER, replace(READER, may_ignore_others=True)], ids=["strict", "lenient"])
@pytest.mark.parametrize("title", ["#", "#line", " # what is wrong ", '"#a, b"', "#simulated", "#Number"])
def test_a_column_whose_title_begins_with_a_hash_is_a_note_that_no_reader_looks_into(
    title: str, reader: Reader
) -> None:
    data = f'{title},{HEADER},#\n=1+1,A1,2024-03-31,Lsd,1,no\n"a\nb",A2,2024-03-31,Lsd,2,\n'.encode()
    found = read_bytes(data, reader)
    assert kept(found) == ["A1", "A2"]
    assert [item.is_simulated for item in found if isinstance(item, Record)] == [False, False]


def test_a_note_never_stands_for_a_column_even_if_a_reader_calls_one_so() -> None:
    odd = replace(READER, columns={**READER.columns, "drug": ("#Drug", "Drug")})
    assert kept(read_bytes(f"#Drug,{HEADER}\nx,A1,2024-03-31,Lsd,1\n".encode(), odd)) == ["A1"]
    with pytest.raises(NotATable, match="`#Drug` is missing"):
        read_bytes(b"Number,Day,#Drug,Mass (lb)\n", odd)


def test_a_hash_within_a_title_makes_no_note() -> None:
    with pytest.raises(NotATable, match="it does not know the column `No #`"):
        read_rows("A1,2024-03-31,Lsd,1,x", header=HEADER + ",No #")


def test_a_row_counts_its_notes_among_its_cells() -> None:
    found = read_rows("a note,A1,2024-03-31,Lsd,1", "A2,2024-03-31,Lsd,1", header="#note," + HEADER)
    assert kept(found) == ["A1"]
    assert quarantined(found) == [(3, "too-few-cells")]


def test_reading_tells_the_header_as_it_was_written() -> None:
    header = '\ufeff"Number",Day,Drug,Mass (lb),"#a\nb"\r\n'
    found = read(
        io.BytesIO(header.encode()),
        reader=READER,
        catalogue=CATALOGUE,
        stamp=STAMP,
        source="s",
        source_digest="d",
    )
    assert found.header == '"Number",Day,Drug,Mass (lb),"#a\nb"'


@pytest.mark.parametrize(
    ("bad", "code", "row"),
    [
        (b"A1," + b"x" * 3000 + b"\xe9,Lsd,1", "wrong-encoding", "A1," + "x" * 3000 + "\u00e9,Lsd,1"),
        (b'A1,"' + b"x" * 3000, "open-quote", 'A1,"' + "x" * 3000),
        (b"A1," + b"x" * 3000 + b"\ry,Lsd,1", "stray-return", "A1," + "x" * 3000 + "\ry,Lsd,1"),
        (b"A1," + b"x" * 3000 + b"\0,Lsd,1", "not-text", "A1," + "x" * 3000 + "\0,Lsd,1"),
    ],
)
def test_a_row_that_is_no_clean_text_waits_whole(bad: bytes, code: str, row: str) -> None:
    (fault,) = read_bytes(HEADER.encode() + b"\n" + bad)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.row) == (code, row)


# The mark of simulated files

MARKED = HEADER + ",simulated"


def test_a_table_that_says_it_is_simulated_gives_simulated_records_whatever_the_caller_believes() -> None:
    found = read_rows("A1,2024-03-31,Lsd,1,yes", "A2,2024-03-31,Lsd,1, YES ", header=MARKED)
    assert kept(found) == ["A1", "A2"]
    assert [item.is_simulated for item in found if isinstance(item, Record)] == [True, True]
    unmarked = read_rows("A1,2024-03-31,Lsd,1")[0]
    assert isinstance(unmarked, Record)
    assert not unmarked.is_simulated


@pytest.mark.parametrize("title", ["Simulated", " simulated ", '"simulated"'])
def test_the_title_is_found_however_it_is_written_and_wherever_it_stands(title: str) -> None:
    found = read_rows("yes,A1,2024-03-31,Lsd,1", header=f"{title},{HEADER}")
    assert [item.is_simulated for item in found if isinstance(item, Record)] == [True]


def test_a_row_that_does_not_say_yes_waits_and_is_kept_neither_as_real_nor_as_simulated() -> None:
    found = read_rows("A1,2024-03-31,Lsd,1,yes", "A2,2024-03-31,Lsd,1,no", "A3,2024-03-31,Lsd,1,", header=MARKED)
    assert kept(found) == ["A1"]
    assert quarantined(found) == [(3, "not-simulated"), (4, "not-simulated")]
    fault = found[1]
    assert isinstance(fault, Fault)
    assert fault.field == "simulated"
    assert "`no`" in fault.reason()
    assert "without this column" in fault.cure()


def test_the_mark_stands_once() -> None:
    with pytest.raises(NotATable, match="`simulated` stands there twice"):
        read_rows("A1,2024-03-31,Lsd,1,yes,no", header=MARKED + ",Simulated")
