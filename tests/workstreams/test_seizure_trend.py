"""Trend: whole periods against whole periods, and nothing against what was not published."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from entente.analysis import Table, records_table
from workstreams.seizures_given import CATALOGUE, ask, cbp, cell, records, rows, totals

AMO = "Air and Marine Operations"
MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")


def whole_year(year: str, pounds: str = "1", **parts: Any) -> list[str]:
    return [cell(year, month, pounds=pounds, **parts) for month in MONTHS]


def years(table: Table, *limits: str) -> dict[str, dict[str, Any]]:
    return {row["period"]: row for row in rows("seizures.trend", table, "drug=fentanyl", *limits)}


def test_a_year_is_set_against_the_one_before_and_the_mean_of_five() -> None:
    lines = [line for n, year in enumerate(range(2013, 2020)) for line in whole_year(str(year), pounds=str(2**n))]
    found = years(totals(cbp(*lines)))
    assert [found[str(year)]["mass_lb"] for year in range(2013, 2020)] == [12 * 2**n for n in range(7)]
    assert found["2013"]["mass_change"] is None
    assert (found["2013"]["mean_years"], found["2013"]["mass_rate"]) == (0, None)
    assert (found["2014"]["mass_change"], found["2014"]["mean_years"], found["2014"]["mass_rate"]) == (1, 1, 2)
    # 2019 is 64 a month; the five years before it are 2, 4, 8, 16, 32, on average 12.4
    assert (found["2019"]["mean_years"], found["2019"]["mean_mass_lb"]) == (5, Decimal("148.8"))
    assert found["2019"]["mass_rate"] == Decimal("5.161290322580645161290323")  # 64 / 12.4 to 24 places
    assert found["2019"]["events_rate"] == 1


def test_a_running_year_is_shown_but_not_compared() -> None:
    lines = [*whole_year("2024"), *whole_year("2025"), cell("2026 (FYTD)", "OCT", pounds="100")]
    answer = ask("seizures.trend", totals(cbp(*lines)))
    last = answer.rows.to_pylist()[-1]
    assert (last["period"], last["status"], last["months"], last["is_complete"]) == ("2026", "provisional", 1, False)
    assert (last["mass_change"], last["mass_rate"]) == (None, None)
    assert (last["mean_mass_lb"], last["mean_years"]) == (12, 2)
    assert {"provisional-figures", "incomplete-periods"} <= set(answer.cautions)


def test_an_incomplete_year_is_not_in_the_mean() -> None:
    lines = [*whole_year("2023")[:6], *whole_year("2024", pounds="2"), *whole_year("2025", pounds="3")]
    found = years(totals(cbp(*lines)))
    assert (found["2024"]["mass_change"], found["2024"]["mean_years"]) == (None, 0)
    assert (found["2025"]["mean_mass_lb"], found["2025"]["mean_years"], found["2025"]["mass_rate"]) == (
        24,
        1,
        Decimal("1.5"),
    )


def test_no_figure_in_a_covered_year_is_zero_and_a_year_that_is_not_covered_is_absent() -> None:
    """Lsd was published in every month of 2020 and fentanyl was not; 2021 was not published at all."""
    lines = [*whole_year("2019"), *whole_year("2020", drug="Lsd"), *whole_year("2022", pounds="5")]
    found = years(totals(cbp(*lines)))
    assert (found["2020"]["mass_lb"], found["2020"]["events"], found["2020"]["rows"]) == (0, 0, 0)
    assert found["2020"]["mass_change"] == -1
    assert "2021" not in found
    assert found["2022"]["mass_change"] is None
    assert (found["2022"]["mean_years"], found["2022"]["mean_mass_lb"]) == (2, 6)


def test_a_month_is_set_against_the_same_month_of_other_years() -> None:
    lines = [cell(year, "JAN", pounds=pounds) for year, pounds in (("2023", "1"), ("2024", "3"), ("2025", "8"))]
    lines += [cell("2025", "FEB", pounds="4")]
    found = years(totals(cbp(*lines)), "every=month")
    assert (found["2025-01"]["mean_mass_lb"], found["2025-01"]["mass_rate"]) == (2, 4)
    assert (found["2025-02"]["mass_change"], found["2025-02"]["mean_years"]) == (Decimal("-0.5"), 0)


def test_each_series_has_its_own_past() -> None:
    lines = [*whole_year("2024"), *whole_year("2025", pounds="2")]
    lines += [
        *whole_year("2024", pounds="8", region="Southwest Border"),
        *whole_year("2025", region="Southwest Border"),
    ]
    found = rows("seizures.trend", totals(cbp(*lines)), "by=region", "from=2024-10-01")
    assert [(row["region"], row["period"], row["mass_change"]) for row in found] == [
        ("northern-border", "2025", 1),
        ("southwest-border", "2025", Decimal("-0.875")),
    ]


def test_the_canadian_fiscal_year_is_complete_from_april_to_march() -> None:
    found = years(totals(cbp(*whole_year("2024"), *whole_year("2025"))), "every=fiscal_year_ca")
    assert {period: row["months"] for period, row in found.items()} == {"2023-24": 6, "2024-25": 12, "2025-26": 6}
    assert [row["is_complete"] for row in found.values()] == [False, True, False]


def test_a_mean_over_years_that_do_not_tell_the_mass_is_not_known() -> None:
    kind = CATALOGUE.kind("seizure-total")
    found = records(cbp(*whole_year("2024"), *whole_year("2025")))
    silent = [replace(one, values={k: v for k, v in one.values.items() if k != "mass_g"}) for one in found[:12]]
    table = records_table(kind, [*silent, *found[12:]])
    last = rows("seizures.trend", table)[-1]
    assert last["mean_mass_lb"] is None
    assert last["mean_events"] == 12
