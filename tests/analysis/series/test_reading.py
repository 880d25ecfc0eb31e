"""Plain tables of counts: bad rows say line, column, reason and cure; what nobody counted is never zero."""

import numpy as np
import pytest

from analysis.series.tables import faults, plain
from entente.analysis.series import Counted, counted
from entente.analysis.series.counted import OtherPeriods, TooManyPeriods
from entente.vocabulary import LANGUAGES, phrasebook

GOOD = "series,period,count,tested,reported\na,2024-W01,3,10,2024-W02\n"


def arrays(text: str, **options: object) -> Counted:
    found = counted(plain(text).rows, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ("a,2024-W60,1,,", "period", "not-a-period"),
        ("a,2023-W53,1,,", "period", "no-such-week"),
        ("a,202403,1,,", "period", "week-or-month"),
        ("a,2024-03,1,,", "period", "other-step"),
        ("a,,1,,", "period", "missing-value"),
        (",2024-W03,1,,", "series", "missing-value"),
        ("a,2024-W03,-1,,", "count", "negative"),
        ("a,2024-W03,1.5,,", "count", "not-whole"),
        ("a,2024-W03,many,,", "count", "not-a-number"),
        ('a,2024-W03,"1,000",,', "count", "grouped-number"),
        ("a,2024-W03,99999999999999999,,", "count", "too-many-digits"),
        ("a,2024-W03,11,10,", "count", "above-denominator"),
        ("a,2024-W03,1,,2024-W02", "reported", "before-other-day"),
        ("a,2024-W01,3,10,2024-W02", "", "duplicated-row"),
        ("a,2024-W01,4,10,2024-W02", "", "contradicting-row"),
    ],
)
def test_a_bad_row_says_where_why_and_what_to_do_in_three_languages(row: str, field: str, code: str) -> None:
    (fault,) = faults(GOOD + row + "\n")
    assert (fault.line, fault.field, fault.code) == (3, field, code)
    said = {language: fault.reason(phrasebook(language).translate) for language in LANGUAGES}
    cures = {language: fault.cure(phrasebook(language).translate) for language in LANGUAGES}
    assert len(set(said.values())) == len(set(cures.values())) == len(LANGUAGES)


def test_a_gap_and_an_empty_count_are_not_zero() -> None:
    found = arrays("series,period,count\na,2024-W01,0\na,2024-W03,\na,2024-W04,2\nb,2024-W02,1\n")
    assert found.counts.tolist() == [[0, 0, 0, 2], [0, 1, 0, 0]]
    assert found.is_gone.tolist() == [[False, True, True, False], [True, False, True, True]]


def test_a_gap_is_zero_where_the_reader_says_so_but_an_empty_count_is_not() -> None:
    found = arrays("series,period,count\na,2024-W01,1\na,2024-W03,\na,2024-W04,2\n", absent_is_zero=True)
    assert found.is_gone.tolist() == [[False, False, True, False]]


def test_nothing_tested_is_no_looking() -> None:
    found = arrays("series,period,count,tested\na,2024-01,0,0\na,2024-02,0,5\na,2024-03,1,\n")
    assert found.is_gone.tolist() == [[True, False, True]]


REVISED = "series,period,count,reported\na,1,5,1\na,1,9,3\na,1,7,2\na,2,4,2\n"


@pytest.mark.parametrize(("as_of", "counts"), [("", [9, 4]), ("2", [7, 4]), ("1", [5])])
def test_the_newest_report_counts_or_the_newest_of_then(as_of: str, counts: list[int]) -> None:
    assert arrays(REVISED, as_of=as_of).counts.tolist() == [counts]


def test_rows_in_any_order_make_the_same_arrays() -> None:
    head, *rows = REVISED.splitlines()
    turned = arrays("\n".join([head, *reversed(rows)]))
    assert np.array_equal(turned.counts, arrays(REVISED).counts)


def test_a_table_may_have_one_series_without_a_name() -> None:
    assert arrays("week,cases\n2024-W01,1\n2024-W02,2\n").names == ("all",)


def test_week_53_is_a_week_of_its_own() -> None:
    found = arrays("period,count\n2020-W52,1\n2020-W53,2\n2021-W01,3\n")
    assert found.counts.tolist() == [[1, 2, 3]]
    assert found.axis.text(1) == "2020-W53"


def test_weeks_named_by_a_day_are_weeks() -> None:
    found = arrays("period,count\n2024-01-07,1\n2024-01-14,2\n2024-01-28,3\n")
    assert (found.axis.step, found.counts.tolist()) == ("week", [[1, 2, 0, 3]])
    assert found.is_gone.tolist() == [[False, False, True, False]]


def test_days_become_whole_weeks_and_begun_ones_are_left_out() -> None:
    rows = "".join(f"2024-01-{day:02},1\n" for day in range(3, 31))  # Wednesday 3 to Tuesday 30
    weeks = arrays("period,count\n" + rows).in_weeks()
    assert [weeks.axis.text(place) for place in range(weeks.axis.size)] == [
        "2024-W01",
        "2024-W02",
        "2024-W03",
        "2024-W04",
    ]
    assert weeks.counts.tolist() == [[0, 7, 7, 7]]
    assert weeks.is_gone.tolist() == [[True, False, False, False]]


def test_a_mistyped_year_does_not_fill_the_memory() -> None:
    rows = "".join(f"s{number},1,1\n" for number in range(200))
    with pytest.raises(TooManyPeriods):
        arrays("series,period,count\n" + rows + "s1,999999999,1\n")


def test_as_of_is_written_as_the_reports_are() -> None:
    with pytest.raises(OtherPeriods):
        arrays(REVISED, as_of="2024-W01")
