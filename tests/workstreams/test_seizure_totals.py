"""Totals: what is added, what is kept apart, and what is said about what is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.analysis import CountedTwice, Held, NotAllowed, SimulatedAmongReal, records_table
from entente.vocabulary import UNITS
from workstreams.seizures_given import CATALOGUE, ask, cbp, cell, records, rows, totals

AMO = "Air and Marine Operations"
MONTHS = ("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP")


def whole_year(year: str, pounds: str = "1", **parts: Any) -> list[str]:
    return [cell(year, month, pounds=pounds, **parts) for month in MONTHS]


def test_the_way_of_counting_is_a_group_even_when_nobody_asks_for_it() -> None:
    table = totals(cbp(cell(pounds="2")), cbp(cell(component=AMO, pounds="3")))
    for by in ("fiscal_year_us", "drug", "region", "month"):
        found = rows("seizures.totals", table, f"by={by}")
        assert [(row["counting"], row["mass_lb"]) for row in found] == [("amo", 3), ("ofo-usbp", 2)]
    assert "overlapping-counts" in ask("seizures.totals", table).cautions


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("fiscal_year_us", [2019, 2020]),
        ("fiscal_year_ca", ["2018-19", "2019-20"]),
        ("calendar_year", [2018, 2019]),
        ("month", ["2018-12", "2019-03", "2019-04", "2019-10"]),
    ],
)
def test_years_are_derived_from_days(by: str, groups: list[object]) -> None:
    table = totals(cbp(cell(month="DEC"), cell(month="MAR"), cell(month="APR"), cell("2020", "OCT")))
    found = rows("seizures.totals", table, f"by={by}")
    assert [row[by] for row in found] == groups
    assert sum(row["events"] for row in found) == 4


def test_groups_come_in_one_order_however_they_are_asked_for() -> None:
    table = totals(cbp(cell(), cell(drug="Lsd"), cell(region="Southwest Border")))
    one = ask("seizures.totals", table, "by=region,fiscal_year_us,drug")
    other = ask("seizures.totals", table, "by=drug,fiscal_year_us,region")
    assert one.rows.equals(other.rows)
    assert one.rows.column_names[:4] == ["fiscal_year_us", "region", "drug", "counting"]


def test_limits_leave_out_what_does_not_fit() -> None:
    table = totals(
        cbp(
            cell(pounds="1"),
            cell(drug="Lsd", pounds="2"),
            cell(region="Southwest Border", pounds="4"),
            cell(month="NOV", pounds="8"),
            cell(component="U.S. Border Patrol", pounds="16"),
        )
    )

    def pounds(*limits: str) -> Decimal:
        return sum((row["mass_lb"] for row in rows("seizures.totals", table, *limits)), Decimal(0))

    assert pounds() == 31
    assert pounds("drug=fentanyl") == 29
    assert pounds("drug=fentanyl,lsd", "region=northern-border") == 27
    assert pounds("component=usbp") == 16
    assert pounds("from=2018-11-01") == 8
    assert pounds("until=2018-10-31") == 23
    assert pounds("until=2018-10-30") == 0


def test_a_group_with_one_provisional_month_is_provisional() -> None:
    found = rows("seizures.totals", totals(cbp(cell("2025", "SEP"), cell("2026 (FYTD)", "OCT"))), "by=drug")
    assert [(row["status"], row["months"]) for row in found] == [("provisional", 2)]


def test_what_a_partner_withheld_is_not_zero() -> None:
    """A received record may lack its mass, its region or its status; the answer says how many do."""
    told, silent = records(cbp(cell(pounds="2"), cell(drug="Lsd", pounds="5")))
    hidden = replace(silent, values={"drug": "lsd", "period_start": silent.values["period_start"]})
    table = records_table(
        CATALOGUE.kind("seizure-total"), [told, Held(record=hidden, via="us.cbp", caveats=("no-onward",))]
    )
    by_drug = {row["drug"]: row for row in rows("seizures.totals", table, "by=drug,region")}
    assert (by_drug["lsd"]["mass_lb"], by_drug["lsd"]["events"], by_drug["lsd"]["region"]) == (None, None, None)
    assert (by_drug["lsd"]["rows_without_mass"], by_drug["lsd"]["rows_without_events"]) == (1, 1)
    assert by_drug["lsd"]["status"] is None
    answer = ask("seizures.totals", table)
    assert {"mass-not-told", "events-not-told"} <= set(answer.cautions)
    assert answer.provenance.caveats == ("no-onward",)
    assert [(part.name, part.value, part.of) for part in answer.denominators] == [
        ("cells-used", 2, 2),
        ("cells-with-mass", 1, 2),
        ("cells-with-events", 1, 2),
    ]


def test_an_answer_rests_only_on_the_records_it_used() -> None:
    own = records(cbp(cell()))
    other = Held(
        record=records(cbp(cell(drug="Lsd")))[0], via="us.dea", agreement="sha256:1", caveats=("not-evidence",)
    )
    table = records_table(CATALOGUE.kind("seizure-total"), [*own, other])
    assert ask("seizures.totals", table, "drug=fentanyl").provenance.caveats == ()
    assert ask("seizures.totals", table, "drug=lsd").provenance.caveats == ("not-evidence",)


def test_a_period_that_crosses_the_border_of_a_year_belongs_to_none() -> None:
    (record,) = records(cbp(cell(month="SEP")))
    longer = replace(record, values={**record.values, "period_end": date(2019, 10, 31)})
    table = records_table(CATALOGUE.kind("seizure-total"), [longer])
    (row,) = rows("seizures.totals", table, "by=fiscal_year_us,fiscal_year_ca,calendar_year,month")
    assert (row["fiscal_year_us"], row["month"]) == (None, None)
    assert (row["fiscal_year_ca"], row["calendar_year"], row["months"]) == ("2019-20", 2019, 2)


def test_two_publications_that_overlap_are_not_added() -> None:
    table = totals(cbp(cell(), cell(month="NOV")), cbp(cell(pounds="2"), cell(month="DEC")))
    with pytest.raises(CountedTwice, match=r"1 records .* 0\.csv and again in 1\.csv"):
        ask("seizures.totals", table)


@pytest.mark.parametrize("setting", ["drug=fentanil", "by=year", "by=", "region=north", "component=cbp"])
def test_a_word_that_is_not_known_is_answered_with_those_that_are(setting: str) -> None:
    with pytest.raises(NotAllowed, match="Use one of: "):
        ask("seizures.totals", totals(cbp(cell())), setting)


FIGURE = st.tuples(
    st.sampled_from(["2019", "2020", "2021 (FYTD)"]),
    st.sampled_from(MONTHS),
    st.sampled_from(["Fentanyl", "Lsd", "Other Drugs**"]),
    st.sampled_from(["Northern Border", "Southwest Border"]),
    st.sampled_from(["Office of Field Operations", AMO]),
)


@settings(deadline=None, max_examples=12)
@given(st.dictionaries(FIGURE, st.tuples(st.integers(0, 999), st.integers(0, 10**12)), min_size=1, max_size=25))
def test_however_figures_are_grouped_their_sum_is_the_same(figures: dict[tuple[str, ...], tuple[int, int]]) -> None:
    """Grouping neither loses nor doubles: sums over the groups equal the plain sum, for each way of counting."""
    lines = [
        cell(year, month, drug, region=region, component=component, events=events, pounds=f"{units}e-8")
        for (year, month, drug, region, component), (events, units) in figures.items()
    ]
    table = totals(cbp(*lines))
    for by in ("fiscal_year_us", "fiscal_year_ca,drug", "month,region,drug", "component"):
        found = rows("seizures.totals", table, f"by={by}")
        for counting, component in (("amo", AMO), ("ofo-usbp", "Office of Field Operations")):
            mine = [value for key, value in figures.items() if key[4] == component]
            groups = [row for row in found if row["counting"] == counting]
            assert sum(row["events"] for row in groups) == sum(events for events, _ in mine)
            assert sum(int(row["mass_lb"].scaleb(8)) for row in groups) == sum(units for _, units in mine)
            assert sum(row["rows"] for row in groups) == len(mine)


def test_pounds_and_kilograms_are_one_mass() -> None:
    (row,) = rows("seizures.totals", totals(cbp(cell(pounds="0.8514252558440001"))))
    assert row["mass_lb"] == Decimal("0.8514252558440001")
    assert row["mass_kg"] * 1000 == Decimal(8514252558440001 * 45359237).scaleb(-21)
    assert UNITS["lb"].factor == Decimal("453.59237")


def test_a_simulated_record_spoils_the_table_even_where_the_question_would_leave_it_out() -> None:
    own, other = records(cbp(cell(), cell(drug="Lsd")))
    table = records_table(CATALOGUE.kind("seizure-total"), [own, replace(other, is_simulated=True)])
    with pytest.raises(SimulatedAmongReal):
        ask("seizures.totals", table, "drug=fentanyl")
