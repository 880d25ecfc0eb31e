"""One cell becomes one exact value or a fault with a cure; nothing is guessed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.records import (
    FAULTS,
    CellFault,
    Value,
    choice,
    date_iso,
    decimal_plain,
    mapped,
    text,
    time_iso,
    whole_number,
    yes_no,
)
from entente.records.faults import UnsayableFault, needed
from entente.vocabulary import NativeMapping, house_vocabulary

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


DRUGS = house_vocabulary().list("drug")
NAMES = NativeMapping("names", "1", "a publisher", "drug", {"Lsd": "lsd"})


def pounds(cell: str) -> Decimal:
    return decimal_plain("mass_lb", cell, unit="lb")


def fault_of(read: Callable[[str], Value], cell: str) -> CellFault:
    with pytest.raises(CellFault) as caught:
        read(cell)
    return caught.value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.5", "12.5"),
        (" 12.50 ", "12.50"),
        ("+3", "3"),
        (".5", "0.5"),
        ("7.", "7"),
        ("0", "0"),
        ("-0", "0"),
        ("2.20462262e-05", "0.0000220462262"),
        ("1E3", "1000"),
        ("0.8514252558440001", "0.8514252558440001"),
    ],
)
def test_a_plain_number_is_read_exactly(cell: str, value: str) -> None:
    assert format(pounds(cell), "f") == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1,234.5", "grouped-number"),
        ("1.234,5", "grouped-number"),
        ("1 234.5", "grouped-number"),
        ("1\u202f234,5", "grouped-number"),
        ("1\u2019234.5", "grouped-number"),
        ("12,5", "grouped-number"),
        ("12 kg", "unit-in-number"),
        ("12kg", "unit-in-number"),
        ("1,234.5 lb", "unit-in-number"),
        ("-3", "negative"),
        ("-0.001", "negative"),
        ("", "missing-value"),
        ("   ", "missing-value"),
        ("twelve", "not-a-number"),
        ("1_000", "not-a-number"),
        ("nan", "not-a-number"),
        ("Infinity", "not-a-number"),
        ("1.2.3", "not-a-number"),
        ("\u0661\u0662", "not-a-number"),
        ("1e99", "too-many-digits"),
        ("123456789012345", "too-many-digits"),
        ("0." + "1" * 25, "too-many-digits"),
    ],
)
def test_what_is_not_a_plain_number_is_a_fault(cell: str, code: str) -> None:
    assert fault_of(pounds, cell).code == code


def test_a_unit_in_a_number_is_answered_with_the_unit_of_the_column() -> None:
    fault = fault_of(pounds, "12 kg").at(7, "row")
    assert fault.reason() == "`12 kg` in mass_lb carries a unit, but a plain number in lb is expected."
    assert fault.cure() == "Convert the amount to lb and write the number alone."


@pytest.mark.parametrize(
    ("cell", "code"), [("1.5", "not-whole"), ("12 kg", "not-whole"), ("-1", "negative"), ("1,000", "grouped-number")]
)
def test_a_count_is_a_whole_number(cell: str, code: str) -> None:
    assert fault_of(lambda cell: whole_number("pieces", cell), cell).code == code


def test_a_count_may_be_written_with_an_empty_fraction() -> None:
    assert whole_number("pieces", "3.0") == 3
    assert type(whole_number("pieces", "3.0")) is int


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/03/2024", "date-order"),
        ("03/31/2024", "date-order"),
        ("31.03.2024", "date-order"),
        ("2024-3-31", "date-order"),
        ("20240331", "date-order"),
        ("2024-13-01", "not-a-date"),
        ("2023-02-29", "not-a-date"),
        ("", "missing-value"),
    ],
)
def test_another_order_of_day_and_month_is_refused_not_guessed(cell: str, code: str) -> None:
    assert fault_of(lambda cell: date_iso("seized_on", cell), cell).code == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2024-03-31T14:00", "time-without-zone"),
        ("2024-03-31 14:00:30", "time-without-zone"),
        ("2024-03-31", "not-a-time"),
        ("14:00", "not-a-time"),
        ("31/03/2024 14:00Z", "not-a-time"),
        ("2024-03-31T2:00 PM", "not-a-time"),
        ("2024-03-31T24:30Z", "not-a-time"),
        ("2024-02-30T14:00Z", "not-a-time"),
        ("2024-03-31T14:00+99:00", "not-a-time"),
        ("0001-01-01T00:00+14:00", "not-a-time"),
        ("", "missing-value"),
    ],
)
def test_a_moment_needs_day_hour_and_zone(cell: str, code: str) -> None:
    assert fault_of(lambda cell: time_iso("last_seen_at", cell), cell).code == code


@pytest.mark.parametrize("cell", ["2024-03-31T14:00-04:00", " 2024-03-31 18:00Z ", "2024-03-31T18:00:00+00:00"])
def test_one_moment_may_be_written_in_several_zones(cell: str) -> None:
    assert time_iso("last_seen_at", cell) == datetime(2024, 3, 31, 18, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["Yes", "true", "1", "y", "oui"])
def test_yes_and_no_are_written_out(cell: str) -> None:
    assert yes_no("flag", " yes ") is True
    assert yes_no("flag", "no") is False
    assert fault_of(lambda cell: yes_no("flag", cell), cell).code == "not-yes-or-no"


@UNHURRIED
@given(st.dates())
def test_an_iso_date_is_read(day: date) -> None:
    assert date_iso("seized_on", f" {day.isoformat()} ") == day


@UNHURRIED
@given(st.decimals(min_value=0, max_value=Decimal("9e13"), places=18, allow_nan=False))
def test_any_decimal_in_range_is_read_exactly(number: Decimal) -> None:
    assert pounds(str(number)) == number


@UNHURRIED
@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_fault(cell: str) -> None:
    readers: list[Callable[[str], Value]] = [
        pounds,
        lambda cell: whole_number("pieces", cell),
        lambda cell: date_iso("day", cell),
        lambda cell: choice("drug", cell, DRUGS),
        lambda cell: mapped("drug", cell, NAMES),
        lambda cell: text("place", cell),
        lambda cell: time_iso("at", cell),
        lambda cell: yes_no("flag", cell),
    ]
    for read in readers:
        try:
            read(cell)
        except CellFault as fault:
            said = fault.at(1, cell)
            assert said.reason()
            assert said.cure()


def test_codes_and_names_are_taken_as_they_stand() -> None:
    assert choice("drug", "fentanyl", DRUGS) == "fentanyl"
    assert mapped("drug", "Lsd", NAMES) == "lsd"
    assert fault_of(lambda cell: mapped("drug", cell, NAMES), "lsd ?").details == {"list": "drug"}
    assert fault_of(lambda cell: choice("drug", cell, DRUGS), "Fentanyls").code == "unknown-code"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_code_may_be_written_as_its_label_in_any_capitals(language: str) -> None:
    label = DRUGS.terms["heroin"].label(language)
    assert [choice("drug", cell, DRUGS) for cell in (label, label.upper(), f" {label} ")] == ["heroin"] * 3


def test_every_fault_has_a_reason_and_a_cure_that_are_sentences() -> None:
    for code, sentences in FAULTS.items():
        for sentence in sentences:
            assert sentence.endswith("."), code
        assert all(name.isidentifier() for name in needed(code)), code


@pytest.mark.parametrize(
    ("code", "details", "why"),
    [
        ("above-denominator", {"of": "10"}, "its sentence needs other"),
        ("above-denominator", {}, "its sentence needs of, other"),
        ("more-than-all", {}, "no fault has the code more-than-all"),
    ],
)
def test_a_fault_that_could_not_be_said_is_refused_at_once(code: str, details: dict[str, str], why: str) -> None:
    with pytest.raises(UnsayableFault) as caught:
        CellFault("scanned", code, "11", **details)
    assert f"`{code}` of the field `scanned`, which cannot be said: {why}." in str(caught.value)
    assert "records/faults.py" in str(caught.value)
