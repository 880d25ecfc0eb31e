"""The same counts from several parties, days far away, and what is behind a finding about substances."""

from typing import Any

import pytest

from entente.analysis import Answer, EmptyWindow, Table, joined
from entente.workstreams.substances.questions.cells import ContradictedCounts, OverlappingCounts
from workstreams.substances_given import ask, count, counts, months, rows, table

GROWTH, FIRST, TOTALS = "substances.growth", "substances.first-seen", "substances.totals"
PARTIES = ("ca.cbsa", "ca.hc", "ca.rcmp")


def rising(before: int = 1, now: int = 2, tested: int | str = 1000, publication: str = "lab") -> list[str]:
    spans = ((before, months(0, 12)), (now, months(12, 18)))
    return [count(month, "EXAMPLE", each, tested, publication=publication) for each, span in spans for month in span]


def said(party: str, *lines: str) -> Table:
    return table(counts(*lines), said_by=party)


def only(answer: Answer) -> dict[str, Any]:
    (row,) = answer.rows.to_pylist()
    return {name: value for name, value in row.items() if name != "_evidence"}


# The same publication, said by several


@pytest.mark.parametrize("tested", [1000, ""])
def test_counts_that_three_parties_say_are_counted_once(tested: int | str) -> None:
    one = said("ca.hc", *rising(tested=tested))
    three = joined([said(party, *rising(tested=tested)) for party in PARTIES])
    assert only(ask(GROWTH, three)) == only(ask(GROWTH, one))
    assert rows(TOTALS, three) == rows(TOTALS, one)


def test_the_records_of_all_parties_are_behind_what_they_say_alike() -> None:
    three = joined([said(party, *rising()) for party in PARTIES])
    (row,) = rows(GROWTH, three)
    assert len(row["_evidence"]) == 3 * 18


def test_parties_that_each_say_a_part_of_a_publication_complete_each_other() -> None:
    lines = rising(2, 9)
    parts = joined([said("ca.cbsa", *lines[:14]), said("ca.hc", *lines[8:])])
    assert only(ask(GROWTH, parts)) == only(ask(GROWTH, said("ca.hc", *lines)))


def test_what_one_party_does_not_tell_contradicts_nothing() -> None:
    both = joined([said("ca.cbsa", *rising(tested="")), said("ca.hc", *rising())])
    found = only(ask(GROWTH, both))
    assert (found["denominator"], found["observed"], found["of"]) == ("tested", 12, 6000)


@pytest.mark.parametrize("question", [GROWTH, TOTALS])
def test_parties_that_contradict_each_other_are_refused(question: str) -> None:
    lines = rising()
    both = joined([said("ca.cbsa", *lines), said("ca.hc", *lines[:-1], count("2021-06", "EXAMPLE", 200, 1000))])
    with pytest.raises(ContradictedCounts, match=r"ca\.cbsa, ca\.hc do not say the same of EXAMPLE in ca-bc from 2021"):
        ask(question, both)


def test_a_contradiction_in_one_publication_leaves_the_others_to_be_asked() -> None:
    lines = rising()
    both = joined(
        [
            said("ca.cbsa", *lines),
            said("ca.hc", *lines[:-1], count("2021-06", "EXAMPLE", 200, 1000)),
            said("ca.rcmp", *rising(publication="other")),
        ]
    )
    (row,) = rows(GROWTH, both, settings=("publication=other",))
    assert row["observed"] == 12


def test_another_period_of_the_same_publication_is_refused_whoever_says_it() -> None:
    year = "lab,ca-bc,EXAMPLE,,2020-01-01,2020-12-31,12000,12,samples"
    with pytest.raises(OverlappingCounts, match="EXAMPLE in ca-bc twice"):
        ask(GROWTH, joined([said("ca.cbsa", *rising()), said("ca.hc", year)]))


def test_different_publications_of_different_parties_go_on_being_pooled() -> None:
    three = joined([said(party, *rising(publication=party)) for party in PARTIES])
    (row,) = rows(GROWTH, three)
    assert (row["observed"], row["strata"]) == (36, 3)


# Days far away


@pytest.mark.parametrize(
    "odd",
    [
        "lab,ca-bc,EXAMPLE,,2099-01-01,2099-01-31,1000,1,samples",
        "lab,us-xx,EXAMPLE,,2099-01-01,2099-01-31,1000,1,samples",
        "lab,us-xx,EXAMPLE,,2020-01-01,2099-12-31,1000,1,samples",
        "lab,us-xx,EXAMPLE,,2021-01-01,2021-12-31,1000,1,samples",
        "lab,us-xx,EXAMPLE,,9999-12-31,9999-12-31,1000,1,samples",
    ],
)
def test_one_odd_period_silences_no_alarm(odd: str) -> None:
    lines = rising(2, 9)
    usual = ask(GROWTH, table(counts(*lines)))
    answer = ask(GROWTH, table(counts(*lines, odd)))
    assert only(answer) == only(usual)
    assert only(answer)["alarm"]
    assert "outside-windows" in answer.cautions
    assert "outside-windows" not in usual.cautions


def test_one_odd_period_leaves_what_is_new_new() -> None:
    lines = [*(count(month, "Y", 9) for month in months(0, 18)), count("2021-05", "X", 2)]
    odd = "lab,us-xx,Y,,2099-01-01,2099-01-31,,1,samples"
    found = {row["subject"]: row for row in rows(FIRST, table(counts(*lines, odd))) if row["place"] == "ca-bc"}
    assert found["X"]["alarm"]
    assert not found["Y"]["alarm"]


# One of many


def test_asking_for_one_substance_finds_what_asking_for_all_finds() -> None:
    lines = [
        count(month, f"S{number}", (5 + 7 * n * number) % 13, 1000)
        for number in range(12)
        for n, month in enumerate(months(0, 18))
    ]
    every = rows(GROWTH, table(counts(*lines)))
    assert len(every) == 12
    for row in every[:4]:
        assert rows(GROWTH, table(counts(*lines)), settings=(f"subject={row['subject'].lower()}",)) == [row]


# What is behind a finding


def test_all_that_a_publication_lists_is_behind_a_share_of_it() -> None:
    others = [count(month, "OTHER", 50) for month in months(0, 18)]
    lines = [*others, count("2020-01", "EXAMPLE", 1), *(count(month, "EXAMPLE", 20) for month in months(12, 18))]
    found = {row["subject"]: row for row in rows(GROWTH, table(counts(*lines)))}["EXAMPLE"]
    assert found["denominator"] == "listed-reports"
    assert len(found["_evidence"]) == 18 + 7


def test_what_was_looked_for_and_not_found_before_is_behind_a_first_detection() -> None:
    lines = [*(count(month, "X", 0, 100) for month in months(0, 16)), count("2021-05", "X", 2, 100)]
    (row,) = rows(FIRST, table(counts(*lines)))
    assert len(row["_evidence"]) == 17


# Nothing to compare


@pytest.mark.parametrize(("question", "name"), [(GROWTH, "months"), (GROWTH, "base_months"), (FIRST, "months")])
def test_a_window_of_no_months_is_refused(question: str, name: str) -> None:
    with pytest.raises(EmptyWindow, match=f"Set `{name}` to 1 or more"):
        ask(question, table(counts(*rising())), settings=(f"{name}=0",))


def test_an_answer_without_rows_says_that_nothing_was_compared() -> None:
    late = [count(month, "EXAMPLE", 9, 100) for month in months(12, 18)]
    assert "nothing-compared" in ask(GROWTH, table(counts(*late))).cautions
    assert "nothing-compared" in ask(GROWTH, table(counts(*rising())), settings=("subject=other",)).cautions
    assert "nothing-compared" not in ask(GROWTH, table(counts(*rising()))).cautions
