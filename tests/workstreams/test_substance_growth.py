"""Growth and first detections: denominators, what was not looked at, and what would be counted twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from entente.analysis import Table, joined
from entente.workstreams.substances.questions.cells import OverlappingCounts
from workstreams.findings_given import found_alarms
from workstreams.substances_given import CATALOGUE, ask, count, counts, months, rows, table

GROWTH, FIRST = "substances.growth", "substances.first-seen"


def steady(name: str, each: int, tested: int | str = 100, first: int = 0, last: int = 18, **where: str) -> list[str]:
    return [count(month, name, each, tested, **where) for month in months(first, last)]


def grew(*lines: str, settings: tuple[str, ...] = ("until=2021-06-30",)) -> dict[str, dict[str, Any]]:
    return {row["subject"]: row for row in rows(GROWTH, table(counts(*lines)), settings=settings)}


# Growth


def test_more_testing_is_no_growth() -> None:
    lines = [*steady("X", 2, 100, 0, 12), *steady("X", 20, 1000, 12, 18)]
    found = grew(*lines)["X"]
    assert (found["observed"], found["value"], found["alarm"]) == (120, Decimal(1), False)


def test_a_larger_share_of_what_was_tested_is_growth_and_becomes_a_finding() -> None:
    lines = [*steady("X", 2, 100, 0, 12), *steady("X", 9, 100, 12, 18), *steady("Y", 30)]
    answer = ask(GROWTH, table(counts(*lines)), settings=("until=2021-06-30",))
    (found,) = found_alarms(answer)
    assert (found.values["subject"], found.values["denominator"], found.values["of"]) == ("X", "tested", 600)
    assert found.values["rests_on"] == ("test-count",)
    assert len(found.evidence) == 18


def test_a_month_without_a_row_was_not_looked_at_where_tested_is_told() -> None:
    """Rows only from the months in which it was found must not look like zeros in the others."""
    lines = [*steady("Y", 30), *steady("X", 5, 100, 10, 18)]
    found = grew(*lines)["X"]
    assert (found["base_observed"], found["base_of"], found["value"]) == (10, 200, Decimal(1))


def test_a_substance_first_looked_for_now_is_not_compared() -> None:
    assert "NEW" not in grew(*steady("Y", 30), *steady("New", 5, 100, 12, 18))


def test_zero_found_is_counted_where_it_was_looked_for() -> None:
    found = grew(*steady("Y", 30), *steady("New", 0, 100, 0, 12), *steady("New", 5, 100, 12, 18))["NEW"]
    assert (found["base_observed"], found["base_of"], found["value"], found["alarm"]) == (0, 1200, None, True)


def test_of_reports_listed_an_absent_substance_is_zero_once_it_was_listed_anywhere() -> None:
    lines = [*steady("Y", 50, ""), count("2020-02", "X", 1), *steady("X", 20, "", 12, 18)]
    found = grew(*lines)["X"]
    assert (found["denominator"], found["base_observed"], found["base_of"]) == ("listed-reports", 1, 11 * 50 + 1)
    assert found["of"] == 6 * 70
    assert found["alarm"]


def test_of_reports_listed_a_substance_never_listed_before_is_not_compared() -> None:
    assert "X" not in grew(*steady("Y", 50, ""), *steady("X", 20, "", 12, 18))


def test_the_denominator_says_that_it_is_only_a_list() -> None:
    told = ask(GROWTH, table(counts(*steady("Y", 50, ""))))
    assert "listed-only" in told.cautions
    assert "listed-only" not in ask(GROWTH, table(counts(*steady("Y", 50)))).cautions


def test_agencies_that_write_differently_are_counted_together() -> None:
    lines = [
        *steady("Xylazine", 2, 100, 0, 12),
        *steady(" XYLAZINE", 9, 100, 12, 18),
        *steady("xilacina", 3, 100, place="mx"),
    ]
    found = grew(*lines)
    assert list(found) == ["xylazine"]
    assert (found["xylazine"]["observed"], found["xylazine"]["strata"]) == (54 + 18, 2)


def test_what_is_asked_for_may_be_written_in_any_way() -> None:
    lines = [*steady("Xylazine", 2), *steady("Y", 3), *steady("Xylazine", 4, place="us-ny")]
    for settings in (("subject=XYLAZINE", "place=CA-BC"), ("subject=xylazine", "place=ca")):
        (row,) = rows(GROWTH, table(counts(*lines)), settings=settings)
        assert (row["subject"], row["observed"], row["place"]) == ("xylazine", 12, settings[1][6:])


# Counted twice


def two_queries() -> Table:
    given = ((2, "old"), (3, "new"))
    return joined([table(counts(*steady("X", each, publication=name))) for each, name in given])


def test_two_publications_of_the_same_days_are_refused_until_one_is_chosen() -> None:
    with pytest.raises(OverlappingCounts, match="X in ca-bc twice"):
        ask(GROWTH, two_queries())
    (row,) = rows(GROWTH, two_queries(), settings=("publication=new",))
    assert row["observed"] == 18


def test_two_agencies_may_count_the_same_place() -> None:
    both = joined([table(counts(*steady("X", 2, publication=name)), said_by=name) for name in ("us.dea", "us.cbp")])
    (row,) = rows(GROWTH, both)
    assert (row["observed"], row["strata"]) == (24, 2)


def test_a_year_beside_its_months_is_refused() -> None:
    year = "lab,ca-bc,X,,2020-01-01,2020-12-31,1200,24,samples"
    with pytest.raises(OverlappingCounts):
        grew(*steady("X", 2, first=1), year)


def test_a_country_beside_its_provinces_is_refused() -> None:
    with pytest.raises(OverlappingCounts, match="ca-bc"):
        grew(*steady("X", 2), *steady("X", 9, 500, place="ca"))


def test_totals_show_publications_apart() -> None:
    found = rows("substances.totals", two_queries(), settings=("by=subject",))
    assert [(row["publication"], row["reported"]) for row in found] == [("new", 54), ("old", 36)]
    assert "several-publications" in ask("substances.totals", two_queries()).cautions


# First detections


def first(*lines: str, settings: tuple[str, ...] = ()) -> dict[tuple[str, str], dict[str, Any]]:
    found = rows(FIRST, table(counts(*lines)), settings=settings)
    return {(row["subject"], row["place"]): row for row in found}


def test_new_where_counts_had_come_for_a_year() -> None:
    found = first(*steady("Y", 30), count("2021-05", "X", 2, 100))
    row = found["X", "ca-bc"]
    assert (row["period_start"], row["observed"], row["value"]) == (date(2021, 5, 1), 2, Decimal(16))
    assert (row["looked_since"], row["alarm"]) == (date(2020, 1, 1), True)
    assert not found["Y", "ca-bc"]["alarm"]


def test_a_place_that_has_just_begun_to_count_finds_nothing_new() -> None:
    found = first(*steady("Y", 30), *steady("Y", 30, first=14, place="ca-on"), *steady("X", 3, first=14, place="ca-on"))
    assert not found["X", "ca-on"]["alarm"]
    assert found["X", "ca-on"]["looked_since"] == date(2021, 3, 1)


def test_looked_for_and_not_found_is_no_detection() -> None:
    found = first(*steady("Y", 30), *steady("X", 0, last=17), count("2021-06", "X", 1, 100))
    assert found["X", "ca-bc"]["period_start"] == date(2021, 6, 1)


def test_an_old_first_detection_is_shown_and_does_not_alarm() -> None:
    found = first(*steady("Y", 30), count("2021-05", "X", 2, 100), settings=("months=1",))
    assert not found["X", "ca-bc"]["alarm"]


def test_a_country_is_seen_as_one_place_when_asked() -> None:
    lines = [
        *steady("Y", 30),
        *steady("Y", 30, place="ca-on"),
        *steady("X", 1),
        *steady("X", 1, first=17, place="ca-on"),
    ]
    assert first(*lines)["X", "ca-on"]["alarm"]
    assert set(first(*lines, settings=("level=country",))) == {("Y", "ca"), ("X", "ca")}


def test_every_word_of_a_first_detection_is_known() -> None:
    answer = ask(FIRST, table(counts(*steady("Y", 30), count("2021-05", "X", 2, 100))))
    (found,) = found_alarms(answer)
    assert found.values["measure"] in CATALOGUE.vocabulary.list("measure").terms
    assert len(found.evidence) == 3  # itself, the other count of that month, and the first count of the place
