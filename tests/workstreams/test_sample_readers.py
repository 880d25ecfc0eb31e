"""Single samples and what laboratories found in them: what is read, and all that can be wrong in it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from entente.cli.house import reader_for
from entente.node.intake import opened
from entente.records import Fault, NotATable, Record
from workstreams.samples_given import RESULT_HEADER, SAMPLE_HEADER, outcomes, result, row, sample

Outcomes = list[Record | Fault]


def values(found: Outcomes) -> dict[str, object]:
    (record,) = found
    assert isinstance(record, Record), record
    return dict(record.values)


def fault(found: Outcomes) -> tuple[str, str]:
    (one,) = found
    assert isinstance(one, Fault), one
    assert "{" not in one.reason() + one.cure()
    return one.field, one.code


def test_a_full_row_of_a_sample() -> None:
    found = sample(
        seized_on="2024-03-31",
        received_on="2024-03-31",
        substance_suspected="fentanyl",
        form="powder",
        colour="white",
        mass_g="0.50",
        seizure_number="E-1",
        place="A crossing",
        submitter="A unit",
        exhibit_notes="one of three bags",
    )
    assert values(found) == {
        "number": "S-1",
        "seized_on": date(2024, 3, 31),
        "received_on": date(2024, 3, 31),
        "substance_suspected": "fentanyl",
        "form": "powder",
        "colour": "white",
        "mass_g": Decimal("0.50"),
        "seizure_number": "E-1",
        "place": "A crossing",
        "submitter": "A unit",
        "exhibit_notes": "one of three bags",
    }


def test_a_full_row_of_a_result() -> None:
    found = result(
        reported_on="2024-04-22", role="major", purity_percent="8.25", method="gc-ms", profile="P-7", analyst="A name"
    )
    assert values(found) == {
        "sample_number": "S-1",
        "substance": "fentanyl",
        "reported_on": date(2024, 4, 22),
        "role": "major",
        "purity_percent": Decimal("8.25"),
        "method": "gc-ms",
        "profile": "P-7",
        "analyst": "A name",
    }


def test_what_is_empty_is_not_known_and_zero_is_a_figure() -> None:
    assert values(sample()) == {"number": "S-1"}
    assert values(sample(mass_g="0"))["mass_g"] == 0
    assert values(result()) == {"sample_number": "S-1", "substance": "fentanyl"}
    assert values(result(purity_percent="0"))["purity_percent"] == 0
    assert values(result(purity_percent="100"))["purity_percent"] == 100


@pytest.mark.parametrize(
    ("column", "cell", "grams"), [("mass_mg", "112.5", "0.1125"), ("mass_kg", "1.2", "1200"), ("mass_g", " 3 ", "3")]
)
def test_a_mass_in_any_of_its_columns_is_kept_in_grams_exactly(column: str, cell: str, grams: str) -> None:
    assert values(sample(**{column: cell}))["mass_g"] == Decimal(grams)


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"number": " "}, "number", "missing-value"),
        ({"seized_on": "31/03/2024"}, "seized_on", "date-order"),
        ({"received_on": "2024-02-30"}, "received_on", "not-a-date"),
        ({"seized_on": "2024-03-31", "received_on": "2024-03-30"}, "received_on", "before-other-day"),
        ({"substance_suspected": "Fentanol"}, "substance_suspected", "unknown-code"),
        ({"form": "brick"}, "form", "unknown-code"),
        ({"mass_g": "-1"}, "mass_g", "negative"),
        ({"mass_g": "12 g"}, "mass_g", "unit-in-number"),
        ({"mass_mg": '"1,200.5"'}, "mass_mg", "grouped-number"),
        ({"mass_g": "some"}, "mass_g", "not-a-number"),
        ({"mass_g": "1", "mass_mg": "1000"}, "mass_mg", "given-twice"),
    ],
)
def test_a_sample_that_cannot_be_read_waits_with_its_reason(cells: dict[str, str], field: str, code: str) -> None:
    assert fault(sample(**cells)) == (field, code)


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"sample_number": ""}, "sample_number", "missing-value"),
        ({"substance": ""}, "substance", "missing-value"),
        ({"substance": "nitazene"}, "substance", "unknown-code"),
        ({"reported_on": "yesterday"}, "reported_on", "date-order"),
        ({"role": "most"}, "role", "unknown-code"),
        ({"method": "GC/MS"}, "method", "unknown-code"),
        ({"purity_percent": "100.1"}, "purity_percent", "above-hundred"),
        ({"purity_percent": "8%"}, "purity_percent", "not-a-number"),
        ({"purity_percent": "-8"}, "purity_percent", "negative"),
    ],
)
def test_a_result_that_cannot_be_read_waits_with_its_reason(cells: dict[str, str], field: str, code: str) -> None:
    assert fault(result(**cells)) == (field, code)


def test_a_bad_row_loses_no_other_and_two_results_of_one_sample_are_two_records() -> None:
    rows = ["S-1,fentanyl,2024-04-22", "S-1,xylazine,2024-04-22", "S-1,fentanyl,2024-04-23", "S-2,,2024-04-22"]
    found = outcomes("\n".join(["sample_number,substance,reported_on", *rows]).encode(), "lab-result-csv")
    assert [one.code if isinstance(one, Fault) else one.values["substance"] for one in found] == [
        "fentanyl",
        "xylazine",
        "contradicting-row",
        "missing-value",
    ]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("number,seized_on,received_on", "the column `substance_suspected` is missing"),
        (f"{SAMPLE_HEADER},mass", "it does not know the column `mass`"),
        (SAMPLE_HEADER.replace(",", ";"), "separated by ';'"),
        (f"{SAMPLE_HEADER},number", "stands there twice"),
    ],
)
def test_a_table_of_other_columns_is_refused_before_anything_is_kept(header: str, why: str) -> None:
    with pytest.raises(NotATable, match=why):
        outcomes(f"{header}\n".encode(), "sample-csv")


@pytest.mark.parametrize(("header", "reader"), [(SAMPLE_HEADER, "sample-csv"), (RESULT_HEADER, "lab-result-csv")])
def test_the_reader_is_found_by_the_columns(header: str, reader: str, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_bytes(row(header))
    with opened(str(file)) as source:
        assert reader_for("", source).name == reader
