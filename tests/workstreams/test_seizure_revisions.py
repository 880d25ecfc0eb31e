"""Revisions: figure by figure between two publications, over the periods that both cover."""

from decimal import Decimal
from typing import Any

import pytest

from entente.workstreams.seizures.questions.revisions import OnePublicationOnly
from workstreams.seizures_given import ask, cbp, cell, rows, totals

AMO = "Air and Marine Operations"
MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")


def whole_year(year: str, pounds: str = "1", **parts: Any) -> list[str]:
    return [cell(year, month, pounds=pounds, **parts) for month in MONTHS]


def changes(*files: bytes, limits: tuple[str, ...] = ()) -> list[tuple[str, str, str, object, object]]:
    return [
        (row["source_old"], row["change"], row["drug"], row["mass_lb_difference"], row["events_difference"])
        for row in rows("seizures.revisions", totals(*files), *limits)
    ]


def test_a_changed_figure_is_shown_with_its_difference() -> None:
    old = cbp(cell(pounds="5", events=2), cell(month="NOV"))
    new = cbp(cell(pounds="4.5", events=3), cell(month="NOV"))
    assert changes(old, new) == [("0.csv", "changed", "fentanyl", Decimal("-0.5"), 1)]
    answer = ask("seizures.revisions", totals(old, new))
    assert [(one.value, one.of) for one in answer.denominators if one.name == "cells-revised"] == [(1, 2)]


def test_a_figure_that_came_or_went_has_no_difference() -> None:
    old = cbp(cell(), cell(drug="Lsd"), cell(month="NOV"))
    new = cbp(cell(), cell(drug="Khat (Catha Edulis)"), cell(month="NOV"))
    assert changes(old, new) == [("0.csv", "added", "khat", None, None), ("0.csv", "removed", "lsd", None, None)]


def test_a_new_month_is_not_a_revision_and_an_old_year_left_out_is_none_either() -> None:
    old = cbp(cell("2018", "OCT"), cell("2019", "OCT"), cell("2019", "NOV", pounds="2"))
    new = cbp(cell("2019", "OCT"), cell("2019", "NOV", pounds="3"), cell("2019", "DEC"))
    assert changes(old, new) == [("0.csv", "changed", "fentanyl", 1, 0)]


def test_the_publication_that_ends_earlier_is_the_older_however_the_files_are_given() -> None:
    old, new = cbp(cell(pounds="1")), cbp(cell(pounds="2"), cell(month="NOV"))
    assert changes(old, new) == [("0.csv", "changed", "fentanyl", 1, 0)]
    assert changes(new, old) == [("1.csv", "changed", "fentanyl", 1, 0)]


def test_three_publications_are_compared_one_after_the_other_and_each_table_for_itself() -> None:
    first, second, third = cbp(cell(pounds="1")), cbp(cell(pounds="2")), cbp(cell(pounds="4"))
    other = cbp(cell(component=AMO, pounds="7"))
    assert changes(first, other, second, third) == [
        ("0.csv", "changed", "fentanyl", 1, 0),
        ("2.csv", "changed", "fentanyl", 2, 0),
    ]


def test_noise_of_rounding_may_be_left_out() -> None:
    old, new = cbp(cell(pounds="4.56")), cbp(cell(pounds="4.5600000000000005"))
    assert changes(old, new) == [("0.csv", "changed", "fentanyl", Decimal("5e-16"), 0)]
    assert changes(old, new, limits=("at_least_g=0.001",)) == []
    many = cbp(cell(pounds="4.56", events=2))
    assert len(changes(old, many, limits=("at_least_g=0.001",))) == 1


def test_a_provisional_figure_that_became_final_unchanged_was_not_revised() -> None:
    assert changes(cbp(cell("2026 (FYTD)")), cbp(cell("2026"))) == []


def test_equal_publications_differ_in_nothing_and_one_alone_cannot_be_compared() -> None:
    one = cbp(cell())
    assert changes(one, one + b"\n") == []
    with pytest.raises(OnePublicationOnly, match=r"0\.csv"):
        changes(one)
    with pytest.raises(OnePublicationOnly):
        changes(one, cbp(cell(component=AMO)))
