"""The public tables of CBP in both layouts, our own table of single seizures, and all that can be wrong in them."""

from datetime import date
from decimal import Decimal

import pytest

from entente.records import Fault, NotATable, Record
from workstreams.seizures_given import CBP_HEADER, cbp, cell, outcomes

BRANCH_HEADER = CBP_HEADER.replace("Area of Responsibility", "Branch")
EVENT_HEADER = "number,seized_on,drug,amount,unit,mass_lb,mass_kg,mass_g,pieces,place,region,officer_notes"


def kept(data: bytes, reader: str = "cbp-drug-seizures") -> list[Record]:
    return [item for item in outcomes(data, reader) if isinstance(item, Record)]


def codes(data: bytes, reader: str = "cbp-drug-seizures") -> list[str]:
    return [item.code for item in outcomes(data, reader) if isinstance(item, Fault)]


def event(row: str) -> bytes:
    return f"{EVENT_HEADER}\n{row}\n".encode()


def test_a_row_of_the_nationwide_table() -> None:
    (record,) = kept(
        cbp("2019,OCT,Office of Field Operations,Northern Border,Land Only,X OFFICE,Lsd,3,8.3799469484296")
    )
    assert record.values == {
        "publication": "cbp-drug-seizures",
        "reported_by": "us.cbp",
        "component": "ofo",
        "counting": "ofo-usbp",
        "status": "final",
        "period_start": date(2018, 10, 1),
        "period_end": date(2018, 10, 31),
        "region": "northern-border",
        "land_filter": "land",
        "area": "X OFFICE",
        "drug": "lsd",
        "drug_native": "Lsd",
        "events": 3,
        "mass_g": Decimal(83799469484296 * 45359237).scaleb(-18),
        "mass_native": Decimal("8.3799469484296"),
        "mass_unit": "lb",
    }
    assert record.provenance.mapping_version == "2026-11-21"


def test_a_row_of_the_air_and_marine_table_is_counted_apart() -> None:
    row = '2020,FEB,Air and Marine Operations,Coastal/Interior,Land,"Operation, Turks And Caicos",Cocaine,1,2'
    (record,) = kept(cbp(row, header=BRANCH_HEADER))
    values = record.values
    assert (values["counting"], values["component"], values["publication"]) == ("amo", "amo", "cbp-amo-drug-seizures")
    assert (values["area"], values["land_filter"]) == ("Operation, Turks And Caicos", "land")
    assert (values["period_start"], values["period_end"]) == (date(2020, 2, 1), date(2020, 2, 29))


@pytest.mark.parametrize(
    ("fiscal_year", "month", "first", "status"),
    [
        ("2019", "OCT", date(2018, 10, 1), "final"),
        ("2019", "DEC", date(2018, 12, 1), "final"),
        ("2019", "JAN", date(2019, 1, 1), "final"),
        ("2019", "SEP", date(2019, 9, 1), "final"),
        ("FY2019", "Sep", date(2019, 9, 1), "final"),
        ("2026 (FYTD)", "OCT", date(2025, 10, 1), "provisional"),
        ("2026(FYTD)", "APR", date(2026, 4, 1), "provisional"),
        ("FY 2026 (FYTD)", "APR", date(2026, 4, 1), "provisional"),
    ],
)
def test_a_fiscal_year_and_a_month_give_days(fiscal_year: str, month: str, first: date, status: str) -> None:
    (record,) = kept(cbp(cell(fiscal_year, month)))
    assert (record.values["period_start"], record.values["status"]) == (first, status)


@pytest.mark.parametrize(
    "native", ["Other Drugs**", "OTHER DRUGS", "Khat (Catha Edulis)", "Lsd", "LSD", "Methamphetamine"]
)
def test_the_name_of_the_drug_is_kept_as_it_is_written(native: str) -> None:
    (record,) = kept(cbp(cell(drug=native)))
    assert record.values["drug_native"] == native


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (cell("19"), "not-a-fiscal-year"),
        (cell("2026 FYTD?"), "not-a-fiscal-year"),
        (cell("0000"), "not-a-fiscal-year"),
        (cell(month="OKT"), "not-a-month"),
        (cell(month="13"), "not-a-month"),
        (cell(drug="Fentanyl citrate"), "unknown-code"),
        (cell(component="Coast Guard"), "unknown-code"),
        (cell(region="Northern"), "unknown-code"),
        (cell(area=" "), "missing-value"),
        (cell(pounds="12 kg"), "unit-in-number"),
        (cell(pounds='"1,234.5"'), "grouped-number"),
        (cell(pounds="1,234.5"), "too-many-cells"),
        (cell(pounds="-3"), "negative"),
        (cell(pounds=""), "missing-value"),
        (cell(pounds="nan"), "not-a-number"),
        (cell(events=-1), "negative"),
        (cell() + ",x", "too-many-cells"),
        ("2019,OCT", "too-few-cells"),
    ],
)
def test_a_bad_row_waits_and_the_others_are_kept(row: str, code: str) -> None:
    data = cbp(row, cell(month="NOV"))
    assert codes(data) == [code]
    assert len(kept(data)) == 1


def test_a_unit_in_the_pounds_column_is_answered_with_pounds() -> None:
    fault = outcomes(cbp(cell(pounds="12 kg")))[0]
    assert isinstance(fault, Fault)
    assert fault.reason() == "`12 kg` in Sum Qty (lbs) carries a unit, but a plain number in lb is expected."
    assert fault.cure() == "Convert the amount to lb and write the number alone."


def test_the_same_figure_twice_is_kept_once() -> None:
    data = cbp(cell(), cell(), cell(pounds="2"))
    assert codes(data) == ["duplicated-row", "contradicting-row"]
    assert len(kept(data)) == 1


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (CBP_HEADER.replace(",Region", ""), "`Region` is missing"),
        (CBP_HEADER.replace("Sum Qty (lbs)", "Sum Qty (kg)"), "`Sum Qty \\(lbs\\)` is missing"),
        (CBP_HEADER + ",Value (USD)", "`Value \\(USD\\)`"),
        (CBP_HEADER + ",Branch", "twice"),
        (EVENT_HEADER, "`FY` is missing"),
    ],
)
def test_another_table_is_refused_as_a_whole(header: str, why: str) -> None:
    with pytest.raises(NotATable, match=why):
        outcomes(cbp(cell(), header=header))


@pytest.mark.parametrize("header", [CBP_HEADER.upper(), CBP_HEADER.replace("FY,", " FY ,"), BRANCH_HEADER.upper()])
def test_other_spellings_of_the_header_are_known(header: str) -> None:
    assert len(kept(cbp(cell(), header=header))) == 1


@pytest.mark.parametrize(
    ("row", "mass_g", "amount", "unit", "pieces"),
    [
        ("1,2024-03-31,lsd,1.5,kg,,,,,,,", "1500", "1.5", "kg", None),
        ("1,2024-03-31,lsd,,,2,,,,,,", "907.18474", "2", "lb", None),
        ("1,2024-03-31,lsd,,,,0.25,,,,,", "250", "0.25", "kg", None),
        ("1,2024-03-31,lsd,,,,,7,,,,", "7", "7", "g", None),
        ("1,2024-03-31,lsd,2,dozen,,,,,,,", None, "2", "dozen", 24),
        ("1,2024-03-31,lsd,0.5,l,,,,,,,", None, "0.5", "l", None),
        ("1,2024-03-31,lsd,,,1,,,40,,,", "453.59237", "1", "lb", 40),
        ("1,2024-03-31,lsd,,,,,,40,,,", None, None, None, 40),
        ("1,2024-03-31,lsd,,,,,,,,,", None, None, None, None),
    ],
)
def test_an_amount_is_given_in_one_of_several_ways(
    row: str, mass_g: str | None, amount: str | None, unit: str | None, pieces: int | None
) -> None:
    (record,) = kept(event(row), "seizure-csv")
    values = record.values
    assert values.get("mass_g") == (None if mass_g is None else Decimal(mass_g))
    assert values.get("amount") == (None if amount is None else Decimal(amount))
    assert (values.get("amount_unit"), values.get("pieces")) == (unit, pieces)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,31/03/2024,lsd,1,kg,,,,,,,", "date-order"),
        ("1,03-31-2024,lsd,1,kg,,,,,,,", "date-order"),
        ("1,2024-02-30,lsd,1,kg,,,,,,,", "not-a-date"),
        ("1,2024-03-31,,1,kg,,,,,,,", "missing-value"),
        (",2024-03-31,lsd,1,kg,,,,,,,", "missing-value"),
        ("1,2024-03-31,lsd,12 kg,kg,,,,,,,", "unit-in-number"),
        ("1,2024-03-31,lsd,,,12 kg,,,,,,", "unit-in-number"),
        ('1,2024-03-31,lsd,,,"1,234.5",,,,,,', "grouped-number"),
        ("1,2024-03-31,lsd,,,-3,,,,,,", "negative"),
        ("1,2024-03-31,lsd,1,stone,,,,,,,", "unknown-unit"),
        ("1,2024-03-31,lsd,1,,,,,,,,", "incomplete-pair"),
        ("1,2024-03-31,lsd,,kg,,,,,,,", "incomplete-pair"),
        ("1,2024-03-31,lsd,1,kg,2,,,,,,", "given-twice"),
        ("1,2024-03-31,lsd,,,2,1,,,,,", "given-twice"),
        ("1,2024-03-31,lsd,2,piece,,,,3,,,", "given-twice"),
        ("1,2024-03-31,lsd,1.5,piece,,,,,,,", "not-whole"),
        ("1,2024-03-31,lsd,,,,,,2.5,,,", "not-whole"),
        ("1,2024-03-31,aspirin,1,kg,,,,,,,", "unknown-code"),
        ("1,2024-03-31,lsd,1,kg,,,,,,north,", "unknown-code"),
    ],
)
def test_a_bad_seizure_waits_with_its_reason_and_cure(row: str, code: str) -> None:
    data = event(f"{row}\n2,2024-03-31,Fentanyl,1,kg,,,,,Somewhere,northern-border,note")
    (fault,) = [item for item in outcomes(data, "seizure-csv") if isinstance(item, Fault)]
    assert (fault.line, fault.code) == (2, code)
    assert "{" not in fault.reason() + fault.cure()
    assert [record.values["number"] for record in kept(data, "seizure-csv")] == ["2"]


def test_a_drug_is_a_code_or_a_known_name_and_stays_as_written() -> None:
    (record,) = kept(event("1,2024-03-31,H\u00e9ro\u00efne,1,kg,,,,,,,"), "seizure-csv")
    assert (record.values["drug"], record.values["drug_native"]) == ("heroin", "H\u00e9ro\u00efne")


def test_a_drug_name_in_another_encoding_names_the_byte() -> None:
    data = f"{EVENT_HEADER}\n1,2024-03-31,H\u00e9ro\u00efne,1,kg,,,,,,,\n2,2024-03-31,lsd,1,kg,,,,,,,\n".encode(
        "cp1252"
    )
    assert codes(data, "seizure-csv") == ["wrong-encoding"]
    assert len(kept(data, "seizure-csv")) == 1


def test_optional_columns_may_be_left_out_and_unknown_ones_may_not_come_in() -> None:
    (record,) = kept(b"drug,number,seized_on\nlsd,1,2024-03-31\n", "seizure-csv")
    assert dict(record.values) == {"number": "1", "seized_on": date(2024, 3, 31), "drug": "lsd", "drug_native": "lsd"}
    with pytest.raises(NotATable, match="`telephone`"):
        outcomes(b"drug,number,seized_on,telephone\nlsd,1,2024-03-31,5\n", "seizure-csv")
    with pytest.raises(NotATable, match="`seized_on` is missing"):
        outcomes(b"drug,number\nlsd,1\n", "seizure-csv")
