"""The daily counts of WEDINOS, our own table of counts, and all that can be wrong in them."""

from datetime import date

import pytest

from entente.records import NotATable
from workstreams.health_given import DAILY_HEADER, HEADER, READERS, daily, faults, kept, month, outcomes, service


def test_a_day_of_wedinos() -> None:
    (record,) = kept(daily("2024-01-11,minor,xylazine,2,32"), "wedinos-daily")
    assert record.values == {
        "publication": "wedinos",
        "region": "gb",
        "substance": "xylazine",
        "role": "minor",
        "period_start": date(2024, 1, 11),
        "period_end": date(2024, 1, 11),
        "tested": 32,
        "positive": 2,
    }


def test_a_row_of_our_own_table() -> None:
    (record,) = kept(service("Street Lab,CA-BC,Xylazine,trace,2024-01-01,2024-01-31,,0"))
    values = dict(record.values)
    assert "tested" not in values, "not told is absent, and absent is not zero"
    assert (values["publication"], values["region"], values["role"], values["positive"]) == (
        "Street Lab",
        "ca-bc",
        "trace",
        0,
    )


def test_the_source_says_what_the_data_may_serve() -> None:
    assert "public health only" in READERS["wedinos-daily"].source
    assert "Public Health Wales" in READERS["wedinos-daily"].source


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2024-01-11,minor,xylazine,33,32", "above-denominator"),
        ("2024-01-11,present,xylazine,2,32", "unknown-code"),
        ("11/01/2024,minor,xylazine,2,32", "date-order"),
        ("2024-01-11,minor,,2,32", "missing-value"),
        ("2024-01-11,minor,xylazine,,32", "missing-value"),
        ("2024-01-11,minor,xylazine,2,", "missing-value"),
        ("2024-01-11,minor,xylazine,two,32", "not-a-number"),
        ("2024-01-11,minor,xylazine,-2,32", "negative"),
        ("2024-01-11,minor,xylazine,1.5,32", "not-whole"),
        ("2024-01-11,minor,2,4-Dinitrophenol,1,32", "too-many-cells"),
    ],
)
def test_a_bad_day_waits_and_the_others_are_kept(row: str, code: str) -> None:
    data = daily(row, "2024-01-12,major,Diazepam,1,20")
    assert [fault.code for fault in faults(data, "wedinos-daily")] == [code]
    assert len(kept(data, "wedinos-daily")) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("s,ca-bc,Xylazine,minor,2024-01-01,2024-01-31,10,11", "above-denominator"),
        ("s,ca-bc,Xylazine,minor,2024-01-31,2024-01-01,10,1", "ends-before-start"),
        ("s,ca-bc,Xylazine,some,2024-01-01,2024-01-31,10,1", "unknown-code"),
        ("s,V6B 1A1,Xylazine,minor,2024-01-01,2024-01-31,10,1", "not-a-region"),
        ("s,Vancouver,Xylazine,minor,2024-01-01,2024-01-31,10,1", "not-a-region"),
        ("s,ca-bc-vancouver,Xylazine,minor,2024-01-01,2024-01-31,10,1", "not-a-region"),
        (",ca-bc,Xylazine,minor,2024-01-01,2024-01-31,10,1", "missing-value"),
        ("s,ca-bc,Xylazine,minor,2024-01-01,,10,1", "missing-value"),
        ("s,ca-bc,Xylazine,minor,2024-01-01,2024-01-31,about 10,1", "not-a-number"),
    ],
)
def test_a_bad_count_waits_and_the_others_are_kept(row: str, code: str) -> None:
    data = service(row, month(1))
    assert [fault.code for fault in faults(data)] == [code]
    assert len(kept(data)) == 1


def test_more_found_than_tested_is_answered_with_both_numbers() -> None:
    (fault,) = faults(daily("2024-01-11,minor,xylazine,33,32"), "wedinos-daily")
    assert (
        fault.reason()
        == "`33` in n_samples is more than the 32 of which they were counted, in samples_received_that_day."
    )
    assert fault.cure() == "Compare both with the publication; a part is never larger than its whole."


def test_a_small_place_is_refused_with_what_to_write() -> None:
    (fault,) = faults(service("s,Vancouver,Xylazine,minor,2024-01-01,2024-01-31,10,1"))
    assert fault.cure() == "Write it as ca or ca-bc. Smaller places are not kept for these records."


def test_one_day_has_one_number_of_samples_tested() -> None:
    data = daily(
        "2024-01-11,major,Diazepam,1,32",
        "2024-01-11,minor,xylazine,1,31",
        "2024-01-12,minor,xylazine,1,31",
        "2024-01-11,minor,Caffeine,1,32",
    )
    (fault,) = faults(data, "wedinos-daily")
    assert (fault.line, fault.code) == (3, "two-figures")
    assert fault.reason() == "tested is `31` here and 32 in line 2, though both rows are about the same days."
    assert len(kept(data, "wedinos-daily")) == 3


def test_the_tested_of_other_services_and_regions_are_their_own() -> None:
    data = service(
        month(1, tested=10),
        month(1, tested=20, publication="other"),
        month(1, tested=30, region="ca-on"),
        month(1, tested="", substance="Fentanyl"),
    )
    assert [record.values.get("tested") for record in kept(data)] == [10, 20, 30, None]


def test_the_same_count_twice_is_kept_once() -> None:
    data = service(month(1, positive=2), month(1, positive=2), month(1, positive=3))
    assert [fault.code for fault in faults(data)] == ["duplicated-row", "contradicting-row"]
    assert len(kept(data)) == 1


@pytest.mark.parametrize(
    ("reader", "header"),
    [
        ("wedinos-daily", DAILY_HEADER + ",postcode"),
        ("wedinos-daily", DAILY_HEADER.replace(",samples_received_that_day", "")),
        ("drug-checking-csv", HEADER + ",city"),
        ("drug-checking-csv", DAILY_HEADER),
    ],
)
def test_another_table_is_refused_as_a_whole(reader: str, header: str) -> None:
    with pytest.raises(NotATable):
        outcomes(f"{header}\n".encode(), reader)
