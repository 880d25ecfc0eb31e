"""Test counts from NFLIS queries and from our own table, and all that can be wrong in them."""

from datetime import date

import pytest

from entente.records import NotATable
from workstreams.substances_given import CSV_HEADER, codes, counts, kept

USUAL = {
    "LABTYPE": '"Local/Municipal,State"',
    "RPTAGGR": "DrugReport  ",
    "YYYY": "2019",
    "PERIOD": "SA2 (JUL - DEC)",
    "DRUG_REPORTS": "12",
    "QUERY_RUN_DATE": "2024-01-15 10:00:00",
    "SUBSTANCE_ID": "3803",
    "SUBSTANCE_DESCRIPTION": "XYLAZINE HYDROCHLORIDE",
    "BASE_ID": "1547",
    "BASE_DESCRIPTION": "Xylazine ",
    "DRUG_CATEGORY_CODE": "2",
    "DRUG_CATEGORY_DESCRIPTION": "Depressants and Tranquilizers",
    "STATE": "PA",
    "STATE_LONG_NAME": "Pennsylvania",
    "STATE_FIPS": "42",
}


def query(**changed: str) -> bytes:
    return f"{','.join(USUAL)}\n{','.join((USUAL | changed).values())}\n".encode()


def test_a_row_of_a_query() -> None:
    (record,) = kept(query(), "nflis-dqs")
    assert record.values == {
        "publication": "nflis-dqs-2024-01-15",
        "jurisdiction": "us-pa",
        "jurisdiction_name": "Pennsylvania",
        "substance": "xylazine",
        "substance_native": "XYLAZINE HYDROCHLORIDE",
        "substance_base": "Xylazine",
        "category": "Depressants and Tranquilizers",
        "reported": 12,
        "period_start": date(2019, 7, 1),
        "period_end": date(2019, 12, 31),
        "basis": "reports",
        "laboratories": "Local/Municipal,State",
    }
    assert record.kind_version == 2


def test_a_substance_without_a_code_keeps_its_base_and_a_state_that_is_not_told_its_place() -> None:
    (record,) = kept(query(BASE_DESCRIPTION="para-Fluorofentanyl", STATE="XX", STATE_FIPS=""), "nflis-dqs")
    assert "substance" not in record.values
    assert (record.values["substance_base"], record.values["jurisdiction"]) == ("para-Fluorofentanyl", "us-xx")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"YYYY": "19"}, "not-a-half-year"),
        ({"YYYY": "2019.0"}, "not-a-half-year"),
        ({"PERIOD": "ANNUAL"}, "not-a-half-year"),
        ({"DRUG_REPORTS": "-1"}, "negative"),
        ({"DRUG_REPORTS": ""}, "missing-value"),
        ({"DRUG_REPORTS": "12 reports"}, "not-whole"),
        ({"QUERY_RUN_DATE": "yesterday"}, "date-order"),
        ({"QUERY_RUN_DATE": "2024-02-30 10:00:00"}, "not-a-date"),
        ({"RPTAGGR": "Case"}, "unknown-code"),
        ({"SUBSTANCE_DESCRIPTION": " "}, "missing-value"),
        ({"BASE_DESCRIPTION": " "}, "missing-value"),
        ({"STATE": "Pennsylvania"}, "not-a-region"),
        ({"STATE_FIPS": "forty-two"}, "not-a-number"),
        ({"SUBSTANCE_ID": "XYLAZINE"}, "not-a-number"),
        ({"SUBSTANCE_DESCRIPTION": "FENTANYL, OTHER"}, "too-many-cells"),
    ],
)
def test_a_bad_row_of_a_query_waits(changed: dict[str, str], code: str) -> None:
    data = query(**changed) + query().splitlines()[1]
    assert codes(data, "nflis-dqs") == [code]
    assert len(kept(data, "nflis-dqs")) == 1


def test_a_query_of_other_columns_is_refused() -> None:
    with pytest.raises(NotATable, match="DRUG_REPORTS"):
        kept(query().replace(b"DRUG_REPORTS", b"CASES"), "nflis-dqs")


def test_a_row_of_our_own_table() -> None:
    (record,) = kept(counts("lab,ca-bc,New thing,,2024-01-01,2024-03-31,100,0,samples"), "test-count-csv")
    assert record.values == {
        "publication": "lab",
        "jurisdiction": "ca-bc",
        "substance_native": "New thing",
        "tested": 100,
        "reported": 0,
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 3, 31),
        "basis": "samples",
    }


@pytest.mark.parametrize("name", ["Xylazine", "XYLAZINE", "xilacina"])
def test_a_name_that_is_known_has_a_code_however_it_is_written(name: str) -> None:
    (record,) = kept(counts(f"lab,ca-bc,{name},,2024-01-01,2024-03-31,,4,samples"), "test-count-csv")
    assert (record.values["substance"], record.values["substance_native"]) == ("xylazine", name)


def test_what_is_empty_is_not_told_and_columns_may_be_left_out() -> None:
    (record,) = kept(counts("lab,ca-bc,X,,2024-01-01,2024-03-31,,,samples"), "test-count-csv")
    assert not {"tested", "reported"} & set(record.values)
    header = CSV_HEADER.replace("substance_code,", "").replace("tested,", "")
    (record,) = kept(f"{header}\nlab,ca-bc,X,2024-01-01,2024-03-31,3,reports\n".encode(), "test-count-csv")
    assert record.values["reported"] == 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("lab,ca-bc,X,,2024-03-31,2024-01-01,5,1,samples", "ends-before-start"),
        ("lab,ca-bc,X,,2024-01-01,2024-03-31,5,6,samples", "above-denominator"),
        ("lab,ca-bc,X,x,2024-01-01,2024-03-31,5,1,samples", "unknown-code"),
        ("lab,ca-bc,X,,2024-01-01,2024-03-31,5,1,people", "unknown-code"),
        ("lab,ca-bc,X,,31.01.2024,2024-03-31,5,1,samples", "date-order"),
        ("lab,ca-bc,X,,2024-01-01,2024-03-31,5,1.5,samples", "not-whole"),
        ('lab,ca-bc,X,,2024-01-01,2024-03-31,"1,500",1,samples', "grouped-number"),
        (",ca-bc,X,,2024-01-01,2024-03-31,5,1,samples", "missing-value"),
        ("lab,,X,,2024-01-01,2024-03-31,5,1,samples", "missing-value"),
    ],
)
def test_a_bad_row_of_our_own_table_waits(row: str, code: str) -> None:
    data = counts(row, "lab,ca-bc,Y,,2024-01-01,2024-03-31,5,1,samples")
    assert codes(data, "test-count-csv") == [code]
    assert len(kept(data, "test-count-csv")) == 1


def test_one_item_may_give_several_reports() -> None:
    assert kept(counts("lab,ca-bc,X,,2024-01-01,2024-03-31,5,6,reports"), "test-count-csv")


def test_two_counts_of_one_substance_place_and_period_contradict_each_other() -> None:
    data = counts("lab,a,X,,2024-01-01,2024-03-31,5,1,samples", "lab,a,X,,2024-01-01,2024-03-31,5,2,samples")
    assert codes(data, "test-count-csv") == ["contradicting-row"]
