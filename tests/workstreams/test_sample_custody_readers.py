"""Exhibits, their parts, transfers, tests and profiles: what can be wrong in a row."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from entente.cli.house import reader_for
from entente.node.intake import opened
from entente.records import Fault, Record
from workstreams.samples_given import READERS, SAMPLES, outcomes, row

REQUIRED = {
    "exhibit-csv": {"number": "E-1"},
    "sub-sample-csv": {"number": "A-1", "taken_from": "E-1", "level": "aliquot"},
    "custody-csv": {"item_number": "E-1", "handed_over_at": "2024-04-05T10:00-07:00"},
    "lab-test-csv": {"sample_number": "S-1", "substance": "fentanyl", "outcome": "found"},
    "profile-csv": {"sample_number": "S-1", "peak": "P1", "amount": "0"},
}


def one(reader: str, **cells: str) -> Record | Fault:
    titles = ",".join((*READERS[reader].columns, *READERS[reader].optional))
    (found,) = outcomes(row(titles, **{**REQUIRED[reader], **cells}), reader)
    return found


@pytest.mark.parametrize("reader", REQUIRED)
def test_what_must_be_there_is_enough(reader: str) -> None:
    found = one(reader)
    assert isinstance(found, Record), found


@pytest.mark.parametrize("reader", REQUIRED)
def test_each_cell_that_must_be_filled_is_missed(reader: str) -> None:
    for column in REQUIRED[reader]:
        found = one(reader, **{column: ""})
        assert isinstance(found, Fault), column
        assert found.reason()


@pytest.mark.parametrize(
    ("reader", "cells", "field", "code"),
    [
        ("exhibit-csv", {"net_g": "3", "gross_g": "2"}, "net_g", "above-denominator"),
        ("exhibit-csv", {"pieces": "2.5"}, "pieces", "not-whole"),
        ("exhibit-csv", {"origin_declared": "Wonderland"}, "origin_declared", "unknown-code"),
        ("sub-sample-csv", {"level": "crumb"}, "level", "unknown-code"),
        ("custody-csv", {"handed_over_at": "2024-04-05T10:00"}, "handed_over_at", "time-without-zone"),
        ("custody-csv", {"received_at": "2024-04-05T09:00-07:00"}, "received_at", "before-other-day"),
        ("custody-csv", {"seal_state": "fine"}, "seal_state", "unknown-code"),
        ("lab-test-csv", {"amount_percent": "120"}, "amount_percent", "above-hundred"),
        ("lab-test-csv", {"outcome": "not-found", "amount_percent": "3"}, "amount_percent", "incomplete-pair"),
        ("lab-test-csv", {"uncertainty_percent": "1"}, "uncertainty_percent", "incomplete-pair"),
        ("lab-test-csv", {"outcome": "negative"}, "outcome", "unknown-code"),
        ("profile-csv", {"amount": "-1"}, "amount", "negative"),
        ("profile-csv", {"detection_limit": "1 500"}, "detection_limit", "grouped-number"),
    ],
)
def test_what_cannot_be_waits_with_its_reason(reader: str, cells: dict[str, str], field: str, code: str) -> None:
    found = one(reader, **cells)
    assert isinstance(found, Fault), found
    assert (found.field, found.code) == (field, code)
    assert "{" not in found.reason() + found.cure()


def test_a_transfer_is_kept_in_universal_time_and_may_be_under_way() -> None:
    found = one("custody-csv", from_unit="A", to_unit="B", mass_out_g="0.500")
    assert isinstance(found, Record)
    assert found.values["handed_over_at"] == datetime(2024, 4, 5, 17, tzinfo=UTC)
    assert "received_at" not in found.values
    assert found.values["mass_out_g"] == Decimal("0.500")


def test_two_transfers_of_one_item_are_two_and_the_same_moment_is_one() -> None:
    text = "item_number,handed_over_at,from_unit,to_unit\n"
    text += "E,2024-04-05T10:00Z,A,B\nE,2024-04-06T10:00Z,B,C\nE,2024-04-05T10:00Z,A,D\n"
    found = outcomes(text.encode(), "custody-csv")
    assert [isinstance(item, Record) for item in found] == [True, True, False]


@pytest.mark.parametrize("reader", [*REQUIRED, "sample-csv", "lab-result-csv"])
def test_a_file_is_known_by_its_columns(reader: str) -> None:
    with opened(str(SAMPLES.folder.joinpath("examples", f"{reader}.csv"))) as source:
        assert reader_for("", source).name == reader
