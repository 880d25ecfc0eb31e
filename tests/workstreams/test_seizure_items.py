"""Events with several things seized: each counts once, every agency keeps its credit, and nothing becomes zero."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.analysis import Answer, Table, joined, parse_parameters, records_table, run_question
from entente.cli.house import reader_for
from entente.node.intake import opened
from entente.records import Fault, Record
from entente.workstreams.seizures.questions.item_revisions import OneFileOnly
from workstreams.seizures_given import CATALOGUE, QUESTIONS, SEIZURES, outcomes

HEADER = "number,item,seized_on,category,drug,mass_kg,pieces,reported_by,joint_number,lead,region,money,currency"


def line(
    number: str,
    item: str = "1",
    *,
    on: str = "2024-03-31",
    category: str = "drug",
    drug: str = "fentanyl",
    mass_kg: str = "1",
    pieces: str = "",
    by: str = "ca.cbsa",
    joint: str = "",
    lead: str = "",
    region: str = "northern-border",
    money: str = "",
    currency: str = "",
) -> str:
    if category != "drug":
        drug, mass_kg = "", ""
    return f"{number},{item},{on},{category},{drug},{mass_kg},{pieces},{by},{joint},{lead},{region},{money},{currency}"


def items(*lines: str, source: str = "a.csv") -> Table:
    found = outcomes("\n".join((HEADER, *lines, "")).encode(), "seized-item-csv", source)
    assert [one for one in found if isinstance(one, Fault)] == []
    return records_table(CATALOGUE.kind("seized-item"), [one for one in found if isinstance(one, Record)])


def codes(*lines: str) -> list[tuple[str, str]]:
    found = outcomes("\n".join((HEADER, *lines, "")).encode(), "seized-item-csv")
    return [(one.field, one.code) for one in found if isinstance(one, Fault)]


def ask(question: str, table: Table, *settings: str) -> Answer:
    chosen = QUESTIONS[f"seizures.{question}"]
    return run_question(chosen, {table.kind: table}, parse_parameters(chosen, settings, CATALOGUE.vocabulary))


def rows(question: str, table: Table, *settings: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(question, table, *settings).rows.to_pylist()
    return found


def printed(table: Table, *settings: str) -> dict[tuple[str, str | None], dict[str, Any]]:
    return {(row["category"], row["drug"]): row for row in rows("customs-day", table, *settings)}


# Reading


def test_an_item_tells_the_drug_if_it_is_one_and_money_only_as_currency() -> None:
    assert codes("A,1,2024-01-01,drug,,1,,,,,,,") == [("category", "incomplete-pair")]
    assert codes("A,1,2024-01-01,ammunition,cocaine,,5,,,,,,") == [("drug", "incomplete-pair")]
    assert codes("A,1,2024-01-01,ammunition,,,5,,,,,20,CAD") == [("money", "incomplete-pair")]
    assert codes("A,1,2024-01-01,currency,,,,,,,,20,") == [("money", "incomplete-pair")]
    assert codes("A,1,2024-01-01,currency,,,,,,,,20,$") == [("currency", "unknown-code")]
    assert codes("A,1,2024-01-01,currency,,,,,,,,20.50,CAD", "A,2,2024-01-01,currency,,,,,,,,,") == []


def test_one_event_has_one_day_one_place_and_one_joint_number() -> None:
    assert codes(line("A"), line("A", "2", on="2024-04-01")) == [("seized_on", "two-figures")]
    assert codes(line("A", joint="J-1"), line("A", "2", joint="J-2")) == [("joint_number", "two-figures")]
    assert codes(line("A"), line("A", "2", on="2024-04-01", by="us.cbp")) == []


@pytest.mark.parametrize("name", ["seizure-csv", "seized-item-csv", "counting-rule-csv"])
def test_the_reader_of_items_is_found_by_the_columns_beside_that_of_single_drugs(name: str) -> None:
    with opened(str(Path(str(SEIZURES.folder)) / "examples" / f"{name}.csv")) as source:
        assert reader_for("", source).name == name


# Counting


def test_an_event_with_several_items_is_one_event() -> None:
    found = printed(items(line("A"), line("A", "2", drug="cocaine"), line("A", "3", category="ammunition", pieces="9")))
    assert (found["drug", None]["events"], found["drug", None]["mass_kg"]) == (1, Decimal(2))
    assert found["ammunition", None]["pieces"] == 9


def test_a_joint_seizure_counts_once_by_its_lead_and_both_keep_the_credit() -> None:
    table = items(
        line("A", mass_kg="2", joint="js-7 ", lead="us.cbp"),
        line("B", mass_kg="3", joint="JS-7", lead="us.cbp", by="us.cbp"),
    )
    found = printed(table)["drug", "fentanyl"]
    assert (found["events"], found["joint_events"], found["mass_kg"]) == (1, 1, Decimal(3))
    credited = {row["credited_to"]: row["mass_kg"] for row in rows("events", table, "by=credited_to")}
    assert credited == {"ca.cbsa": Decimal(3), "us.cbp": Decimal(3)}
    told = {"joint-counted-once", "joint-reports-differ", "credits-overlap"}
    assert told <= set(ask("events", table, "by=credited_to").cautions)


def test_asked_for_one_agency_a_joint_seizure_it_reported_is_there_as_its_lead_tells_it() -> None:
    table = items(
        line("A", mass_kg="2", joint="J", lead="us.cbp"),
        line("B", mass_kg="3", joint="J", lead="us.cbp", by="us.cbp"),
        line("C", mass_kg="5", by="us.cbp"),
    )
    assert printed(table, "agency=ca.cbsa")["drug", None]["mass_kg"] == Decimal(3)
    assert printed(table, "agency=us.cbp")["drug", None]["mass_kg"] == Decimal(8)
    assert printed(table)["drug", None]["mass_kg"] == Decimal(8)


def test_no_limit_makes_another_report_count() -> None:
    """The lead calls it cocaine, the partner fentanyl: nobody who asks for fentanyl may find the partner's report."""
    table = items(
        line("A", drug="fentanyl", joint="J", lead="us.cbp"),
        line("B", drug="cocaine", joint="J", lead="us.cbp", by="us.cbp"),
    )
    assert rows("events", table, "drug=fentanyl", "by=drug") == []
    assert [row["events"] for row in rows("events", table, "drug=cocaine", "by=drug")] == [1]


def test_an_event_is_dated_by_the_report_that_counts() -> None:
    table = items(
        line("A", on="2024-03-31", joint="J", lead="us.cbp"),
        line("B", on="2024-04-01", joint="J", lead="us.cbp", by="us.cbp"),
    )
    assert [row["fiscal_year_ca"] for row in rows("events", table, "by=fiscal_year_ca")] == ["2024-25"]
    assert printed(table, "until=2024-03-31") == {}


def test_without_a_lead_that_all_name_the_first_by_its_code_counts_and_the_answer_says_so() -> None:
    table = items(line("A", joint="J", lead="us.cbp"), line("B", joint="J", lead="ca.rcmp", by="ca.rcmp", mass_kg="9"))
    assert printed(table)["drug", None]["mass_kg"] == Decimal(1)
    assert "joint-without-lead" in ask("customs-day", table).cautions


def test_alike_but_not_joined_is_counted_twice_and_told() -> None:
    table = items(line("A"), line("B", by="us.cbp"))
    assert printed(table)["drug", None]["events"] == 2
    answer = ask("customs-day", table)
    assert "possible-doubles" in answer.cautions
    assert next(one for one in answer.denominators if one.name == "events-alike").value == 2


def test_a_report_that_two_parties_hold_is_one_report() -> None:
    table = items(line("A"))
    passed_on = table.rows.set_column(
        table.rows.column_names.index("_said_by"), "_said_by", [["ca.cbsa"] * table.rows.num_rows]
    )
    both = joined([table, Table(table.kind, passed_on)])
    assert printed(both)["drug", None]["mass_kg"] == Decimal(1)


@settings(deadline=None, max_examples=8)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("ca.cbsa", "us.cbp", "ca.rcmp")),
            st.sampled_from(("", "J1", "J2")),
            st.integers(1, 9),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_joining_never_adds_and_the_credits_cover_every_event(reports: list[tuple[str, str, int]]) -> None:
    table = items(
        *(line(f"N{n}", by=by, joint=joint, mass_kg=str(mass)) for n, (by, joint, mass) in enumerate(reports))
    )
    once, each = printed(table)["drug", None], printed(table, "joint_rule=every-report")["drug", None]
    assert each["events"] == len(reports)
    assert each["mass_kg"] == sum(mass for _, _, mass in reports)
    free = [mass for _, joint, mass in reports if not joint]
    shared = {joint for _, joint, _ in reports if joint}
    assert once["events"] == len(free) + len(shared)
    by_joint = {
        joint: {
            by: sum(m for b, j, m in reports if (b, j) == (by, joint)) for by, other, _ in reports if other == joint
        }
        for joint in shared
    }
    assert once["mass_kg"] == sum(free) + sum(told[min(told)] for told in by_joint.values())
    credited = sum(row["events"] for row in rows("events", table, "by=credited_to"))
    assert credited == len(free) + sum(len(told) for told in by_joint.values())


# What the statement prints


def test_what_is_printed_stands_there_as_zero_and_what_was_not_weighed_does_not() -> None:
    found = printed(items(line("A", mass_kg="", pieces="7"), line("B", category="prohibited-weapon")))
    assert (found["restricted-firearm", None]["pieces"], found["restricted-firearm", None]["events"]) == (0, 0)
    assert found["drug", "cocaine"]["mass_lb"] == 0
    assert found["drug", "fentanyl"]["mass_lb"] is None
    assert found["drug", "fentanyl"]["items_without_amount"] == 1
    assert found["prohibited-weapon", None]["pieces"] is None


def test_the_figures_of_the_statement_come_out_of_records_that_hold_them() -> None:
    """27,149 prohibited weapons, 920 restricted firearms, 23 lb of fentanyl and 2,308 lb of cocaine, in any unit."""
    kilogram = Decimal("0.45359237")
    table = items(
        line("A", category="prohibited-weapon", pieces="27000"),
        line("B", category="prohibited-weapon", pieces="149"),
        line("C", category="restricted-firearm", pieces="920"),
        line("D", mass_kg=str(23 * kilogram)),
        line("E", drug="cocaine", mass_kg=str(2308 * kilogram)),
    )
    found = printed(table)
    assert found["prohibited-weapon", None]["pieces"] == 27_149
    assert found["restricted-firearm", None]["pieces"] == 920
    assert (found["drug", "fentanyl"]["mass_lb"], found["drug", "cocaine"]["mass_lb"]) == (23, 2308)
    assert found["drug", None]["mass_lb"] == 2331


def test_money_is_added_within_one_currency_only() -> None:
    cash = [line(n, category="currency", money=m, currency=c) for n, m, c in (("A", "5", "CAD"), ("B", "7", "USD"))]
    assert [(row["money"], row["one_currency"]) for row in rows("events", items(*cash), "by=category")] == [
        (None, None)
    ]
    by_currency = {row["currency"]: row["money"] for row in rows("customs-day", items(*cash)) if row["currency"]}
    assert by_currency == {"CAD": 5, "USD": 7}


# Revisions


def test_a_later_file_corrects_adds_and_removes_within_the_days_that_both_cover() -> None:
    first = items(line("A"), line("B"), line("C", on="2024-05-01"), source="first.csv")
    later = items(line("A", mass_kg="2"), line("C", on="2024-05-01"), line("D", on="2024-06-01"), source="later.csv")
    found = {row["number"]: row["change"] for row in rows("item-revisions", joined([first, later]))}
    assert found == {"A": "changed", "B": "removed"}


def test_one_file_alone_has_no_revisions() -> None:
    with pytest.raises(OneFileOnly):
        ask("item-revisions", items(line("A")))


# How agencies count


def rules(text: bytes) -> Table:
    found = outcomes(text, "counting-rule-csv")
    assert [one for one in found if isinstance(one, Fault)] == []
    return records_table(CATALOGUE.kind("counting-rule"), [one for one in found if isinstance(one, Record)])


def test_a_practice_counts_on_its_days_only_and_silence_is_no_likeness() -> None:
    table = rules(
        b"agency,aspect,practice,since,until\n"
        b"us.cbp,mass-unit,pounds,2018-10-01,2020-12-31\n"
        b"us.cbp,mass-unit,kilograms,2021-01-01,\n"
        b"ca.cbsa,mass-unit,kilograms,2018-10-01,\n"
    )
    days = {"2018-09-30": [], "2020-12-31": ["different"], "2021-01-01": ["same"]}
    for day, said in days.items():
        assert [row["comparability"] for row in rows("comparable", table, f"on={day}")] == said
    assert {row["comparability"] for row in rows("comparable", table, "agencies=ca.cbsa,ca.rcmp")} == {"not-told"}


def test_the_practices_that_come_along_are_dated_and_say_whether_they_were_compared() -> None:
    table = rules((Path(str(SEIZURES.folder)) / "lists" / "counting-rules.csv").read_bytes())
    told = table.rows.to_pylist()
    assert all(row["reference"] and row["is_verified"] is not None for row in told)
    found = {row["aspect"]: row["comparability"] for row in rows("comparable", table, "agencies=ca.cbsa,us.cbp")}
    assert (found["mass-unit"], found["year"], found["joint-seizures"]) == ("different", "different", "not-told")
    assert min(row["since"] for row in told) == date(2018, 4, 1)
