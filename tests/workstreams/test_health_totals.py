"""Totals: each sample once, nothing of nothing, and what is said about what is not known."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from entente.analysis import Held, records_table
from entente.workstreams.health.questions.counts import SampleCountedTwice
from workstreams.health_given import KIND, STAMP, ask, counts, daily, kept, month, rows, service


def by_month(*lines: str, limits: tuple[str, ...] = ("substance=xylazine",)) -> list[tuple[Any, ...]]:
    found = rows("health.totals", counts(service(*lines)), "by=month", *limits)
    return [(row["month"], row["positive"], row["tested"]) for row in found]


def test_what_was_tested_is_counted_once_however_many_substances_were_found() -> None:
    table = counts(
        daily(
            "2030-01-03,major,Diazepam,2,60",
            "2030-01-03,minor,Diazepam,3,60",
            "2030-01-03,minor,Caffeine,9,60",
            "2030-01-04,major,Diazepam,1,40",
        ),
        reader="wedinos-daily",
    )
    found = {row["substance"]: row for row in rows("health.totals", table)}
    assert (found["diazepam"]["positive"], found["diazepam"]["tested"]) == (6, 100)
    assert found["diazepam"]["share"] == Decimal("0.06")


def test_a_period_without_a_row_is_zero_of_those_tested() -> None:
    assert by_month(month(1, positive=3), month(2, "Fentanyl", 50, 80), month(3, positive=4, tested=200)) == [
        ("2029-01", 3, 100),
        ("2029-02", 0, 80),
        ("2029-03", 4, 200),
    ]


def test_a_period_in_which_nobody_tested_is_not_there() -> None:
    assert [row[0] for row in by_month(month(1, positive=3), month(3, positive=4))] == ["2029-01", "2029-03"]


def test_a_service_that_never_names_a_substance_did_not_look_for_it() -> None:
    other = month(1, "Fentanyl", 30, 900, publication="strips")
    assert by_month(month(1, positive=3), other) == [("2029-01", 3, 100)]


def test_what_is_found_of_an_untold_number_is_in_no_share() -> None:
    table = counts(service(month(1, positive=50, tested=""), month(2, positive=10, tested=100)))
    (row,) = rows("health.totals", table)
    assert (row["positive"], row["tested"], row["share"]) == (60, 100, Decimal("0.1"))
    assert (row["periods"], row["periods_without_tested"]) == (1, 1)
    assert "tested-not-told" in ask("health.totals", table).cautions


def test_a_count_that_is_not_told_leaves_the_share_unknown() -> None:
    table = counts(service(month(1, positive="", tested=100), month(2, positive=10, tested=100)))
    (row,) = rows("health.totals", table)
    assert (row["positive"], row["share"], row["rows_without_positive"]) == (10, None, 1)
    assert "counts-not-told" in ask("health.totals", table).cautions


def test_nothing_tested_has_no_share() -> None:
    (row,) = rows("health.totals", counts(service(month(1, positive=0, tested=0))))
    assert (row["tested"], row["share"]) == (0, None)


def test_substances_are_one_whatever_their_capitals_and_never_added_to_each_other() -> None:
    table = counts(service(month(1, "XYLAZINE", 1), month(2, "xylazine", 2), month(1, "Fentanyl", 70)))
    found = rows("health.totals", table, "by=region")
    assert [(row["substance"], row["positive"]) for row in found] == [("fentanyl", 70), ("xylazine", 3)]


def test_limits_leave_out_what_does_not_fit() -> None:
    table = counts(
        service(
            month(1, positive=1),
            month(1, positive=2, role="major"),
            month(1, positive=4, region="ca-on"),
            month(2, positive=8),
            month(1, positive=16, publication="other"),
        )
    )

    def found(*limits: str) -> int:
        return sum(row["positive"] for row in rows("health.totals", table, *limits))

    assert found() == 31
    assert found("role=major") == 2
    assert found("role=major,minor", "place=CA-ON") == 4
    assert found("publication=other") == 16
    assert found("from=2029-02-01") == 8
    assert found("until=2029-01-31") == 23
    assert found("substance=fentanyl") == 0


def test_parts_in_a_sample_have_the_samples_as_denominator() -> None:
    table = counts(service(month(1, positive=1), month(1, positive=2, role="major")))
    found = rows("health.totals", table, "by=role")
    assert [(row["role"], row["positive"], row["tested"]) for row in found] == [("major", 2, 100), ("minor", 1, 100)]


def test_a_period_across_two_years_belongs_to_neither() -> None:
    table = counts(service("s,ca,Xylazine,minor,2029-12-15,2030-01-14,50,5"))
    (row,) = rows("health.totals", table)
    assert (row["calendar_year"], row["positive"], row["tested"]) == (None, 5, 50)


@pytest.mark.parametrize(
    "second",
    [
        "service,ca-bc,Fentanyl,major,2029-01-15,2029-02-14,90,9",  # periods overlap
        "service,ca-bc,Fentanyl,major,2029-01-01,2029-01-28,90,9",  # two numbers tested in the same days
    ],
)
def test_a_sample_that_would_count_twice_is_refused(second: str) -> None:
    table = counts(service(month(1, positive=3)), service(second))
    for question in ("health.totals", "health.growth", "health.first-seen"):
        with pytest.raises(SampleCountedTwice, match="service counts the samples of ca-bc twice"):
            ask(question, table)


def test_a_publication_that_two_parties_say_is_refused() -> None:
    own = kept(service(month(1, positive=3)))
    theirs = [replace(record, said_by="us.cdc") for record in own]
    with pytest.raises(SampleCountedTwice):
        ask("health.totals", records_table(KIND, [*own, *(Held(record=record) for record in theirs)]))
    assert STAMP.said_by == "ca.phac"
