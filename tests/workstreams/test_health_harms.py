"""Counts of harms: what is suppressed is no zero, what is pending stands beside what was reported, and near is near."""

import gzip
import os
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from entente.analysis import Answer, joined, parse_parameters, records_table, run_question
from entente.records import Record
from workstreams.health_given import CATALOGUE, QUESTIONS, faults, kept, outcomes

CANADA, VSRR, WONDER = "canada-substance-harms", "vsrr-provisional", "wonder-monthly"
NEW = "Substance,Source,Specific_Measure,Region,PRUID,Time_Period,Year_Quarter,Aggregator,Disaggregator,Unit,Value"
OLD = NEW.replace("Specific_Measure,", "Specific_Measure,Type_Event,")
OWN = "publication,substances,event,region,area,period_start,period_end,value,percent_pending"


def new(value: str, region: str = "Yukon", period: str = "2021 Q3") -> bytes:
    return f"{NEW}\nOpioids,Deaths,Overall numbers,{region},60,By quarter,{period},,,Number,{value}\n".encode()


def old(value: str, region: str = "Yukon") -> bytes:
    event = "Total apparent opioid toxicity deaths"
    return f"{OLD}\nOpioids,Deaths,Overall numbers,{event},{region},60,By quarter,2021 Q3,,,Number,{value}\n".encode()


def one(data: bytes, reader: str = CANADA) -> Record:
    (record,) = kept(data, reader)
    return record


@pytest.mark.parametrize("data", [new("Suppr."), old("-1")])
def test_a_suppressed_cell_has_no_value_and_says_why(data: bytes) -> None:
    values = one(data).values
    assert values["told"] == "suppressed"
    assert "value" not in values


@pytest.mark.parametrize("data", [new(""), old("-2")])
def test_a_cell_that_is_not_available_is_not_suppressed(data: bytes) -> None:
    values = one(data).values
    assert values["told"] == "not-available"
    assert "value" not in values


def test_zero_is_a_count() -> None:
    assert one(new("0")).values["value"] == Decimal(0)


def test_both_editions_name_the_same_cell() -> None:
    """Otherwise nobody could tell what was revised."""
    for region in ("Yukon", "Territories"):
        assert one(new("3", region)).id == one(old("4", region)).id
    assert one(new("3", '"Whitehorse, Yukon"')).id == one(old("4", "Whitehorse Yukon")).id


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021 Q4", date(2021, 10, 1), date(2021, 12, 31)),
        ("2020 (Jan to Feb)", date(2020, 1, 1), date(2020, 2, 29)),
    ],
)
def test_a_period_has_its_days(written: str, first: date, last: date) -> None:
    values = one(new("3", period=written)).values
    assert (values["period_start"], values["period_end"]) == (first, last)


@pytest.mark.parametrize("written", ["2021 Q5", "2021 (Mar to Feb)", "2021 (Jan to Foo)", "21", "2021-22"])
def test_a_period_that_is_none_waits(written: str) -> None:
    assert [fault.code for fault in faults(new("3", period=written), CANADA)] == ["not-a-published-period"]


def test_what_is_expected_stands_beside_what_was_reported() -> None:
    header = (
        "State,Year,Month,Period,Indicator,Data Value,Percent Complete,Percent Pending Investigation,Predicted Value"
    )
    row = 'MD,2018,January,12 month-ending,Number of Drug Overdose Deaths,"2,211",99.5+,0.43,"2,225"'
    values = one(f"{header}\n{row}\n".encode(), VSRR).values
    assert (values["value"], values["predicted"]) == (Decimal(2211), Decimal(2225))
    assert (values["percent_complete"], values["percent_pending"]) == (Decimal("99.5"), Decimal("0.43"))
    assert (values["period_start"], values["period_end"]) == (date(2017, 2, 1), date(2018, 1, 31))
    city = one(f"{header}\n{row.replace('MD', 'YC')}\n".encode(), VSRR).values
    assert (city["region"], city["area"]) == ("us-ny", "New York City")


def test_an_empty_month_is_not_told() -> None:
    header = "Date,State Name,Deaths,Provisional,Partial,State"
    values = one(f"{header}\n2018-02-01,Alaska,,,,AK\n".encode(), WONDER).values
    assert values["told"] == "not-available"
    assert "status" not in values


def harms(*rows: str) -> bytes:
    return "\n".join((OWN, *(f"map,opioids,suspected-overdose,{row}" for row in rows), "")).encode()


def checked(*rows: str) -> bytes:
    header = "publication,region,substance,role,period_start,period_end,tested,positive"
    return "\n".join((header, *rows, "")).encode()


def nearby(counts: bytes, chemistry: bytes, *settings: str) -> Answer:
    readers = {"harm-count": ("harm-count-csv", counts), "drug-checking-count": ("drug-checking-csv", chemistry)}
    question = QUESTIONS["health.nearby"]
    tables = {}
    for name in question.needs:
        kind = CATALOGUE.kind(name)
        reader, data = readers.get(name, ("", b""))
        tables[name] = joined([records_table(kind, kept(data, reader) if reader else [])])
    return run_question(question, tables, parse_parameters(question, settings, CATALOGUE.vocabulary))


SPIKE = "ca-bc,,2030-02-10,2030-02-16,27,"


@pytest.mark.parametrize(
    ("row", "is_near"),
    [
        ("svc,ca-bc,x,minor,2030-01-13,2030-01-13,50,4", True),  # the 28th day before
        ("svc,ca-bc,x,minor,2030-01-12,2030-01-12,50,4", False),
        ("svc,ca-bc,x,minor,2030-02-23,2030-02-23,50,4", True),  # the 7th day after
        ("svc,ca-bc,x,minor,2030-02-24,2030-02-24,50,4", False),
        ("svc,ca,x,minor,2030-02-10,2030-02-10,50,4", True),
        ("svc,ca-ab,x,minor,2030-02-10,2030-02-10,50,4", False),
        ("svc,us,x,minor,2030-02-10,2030-02-10,50,4", False),
        ("svc,ca-bc,x,minor,2030-02-10,2030-02-10,9,4", False),  # too few tested to be shown
        ("svc,ca-bc,x,minor,2030-02-10,2030-02-10,50,0", False),
    ],
)
def test_near_is_near_in_time_and_place(row: str, is_near: bool) -> None:  # noqa: FBT001
    assert bool(nearby(harms(SPIKE), checked(row)).rows.num_rows) is is_near


def test_a_suppressed_week_is_no_quiet_week() -> None:
    counts = harms(SPIKE, "ca-bc,,2030-02-03,2030-02-09,suppressed,")
    answer = nearby(counts, checked("svc,ca-bc,x,minor,2030-02-10,2030-02-10,50,4"), "days=14")
    (row,) = answer.rows.to_pylist()
    assert (row["harms"], row["harm_cells_suppressed"]) == (27, 1)
    assert "harms-suppressed" in answer.cautions
    assert {part.name: (part.value, part.of) for part in answer.denominators}["harm-cells-told"] == (1, 2)


def test_the_limits_of_drug_checking_go_with_the_answer() -> None:
    answer = nearby(harms(SPIKE), checked("svc,ca-bc,x,minor,2030-02-10,2030-02-10,50,4"))
    assert answer.provenance.purposes == ("early-warning",)
    assert "public-health-only" in answer.provenance.caveats


def public_file(name: str) -> bytes:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    path = Path(os.environ.get("ENTENTE_DATA", beside)) / "health" / name
    if not path.exists():
        pytest.skip(f"{path} is not there; ENTENTE_DATA may name its folder")
    return gzip.decompress(path.read_bytes())


@pytest.mark.public_data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reader", "told"),
    [
        ("canada_substance_harms_to_2023.csv.gz", CANADA, (12_950, 1_853, 4_485)),
        ("canada_substance_harms_vintage_2023-03.csv.gz", CANADA, (11_855, 2_373, 707)),
        ("us_vsrr_provisional_overdose_counts_vintage_2019.csv.gz", VSRR, (13_320, 0, 0)),
        ("us_overdose_deaths_vsrr_wonder_2018_2023.csv.gz", VSRR, (3_672, 0, 0)),
        ("us_overdose_deaths_vsrr_wonder_2018_2023.csv.gz", WONDER, (3_490, 0, 182)),
    ],
)
def test_the_public_files_are_read_whole(name: str, reader: str, told: tuple[int, int, int]) -> None:
    """In the edition of 2023 three rows stand twice: as a quarter and as its months."""
    found = outcomes(public_file(name), reader, name)
    records = [item for item in found if isinstance(item, Record)]
    counted = Counter(record.values["told"] for record in records)
    assert tuple(counted[code] for code in ("told", "suppressed", "not-available")) == told
    assert len(found) - len(records) == (3 if "2023-03" in name else 0)
