"""What samples answer beyond the golden answers: edges of every figure, and that links are only ever leads."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy.stats import fisher_exact

from entente.analysis import Answer, Table, parse_parameters, records_table, run_question
from entente.errors import InputFault
from entente.records import Fault, Record
from entente.workstreams.samples.questions.purity import _order
from entente.workstreams.samples.questions.scales import scales, word
from workstreams.samples_given import CATALOGUE, READERS, SAMPLES, outcomes

QUESTIONS = {question.name: question for question in SAMPLES.questions}


def table(reader: str, text: str) -> Table:
    found = outcomes(text.encode(), reader)
    assert [one for one in found if isinstance(one, Fault)] == []
    return records_table(CATALOGUE.kind(READERS[reader].kind), [one for one in found if isinstance(one, Record)])


def ask(name: str, *settings: str, **texts: str) -> Answer:
    """The answer of samples.`name` to tables by reader (with _ for -)."""
    tables = [table(reader.replace("_", "-"), text) for reader, text in texts.items()]
    question = QUESTIONS[f"samples.{name}"]
    return run_question(
        question, {one.kind: one for one in tables}, parse_parameters(question, settings, CATALOGUE.vocabulary)
    )


def rows(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.rows.to_pylist()
    return found


# Links


def profiles(seizures: int, *, within: float = 0.03, copies: int = 4) -> str:
    """Seizures of one and two samples of one batch; the last `copies` samples are of the first batches again."""
    rng = np.random.default_rng(4)
    batches = rng.normal(0, 1.6, (seizures, 7))
    of = [(place, place) for place in range(seizures) for _ in range(1 + place % 2)]
    of += [(seizures + place, 2 * place) for place in range(copies)]
    lines = ["sample_number,seizure_number,peak,amount,detection_limit"]
    for number, (seizure, batch) in enumerate(of):
        amounts = np.exp(batches[batch] + rng.normal(0, within, 7))
        for peak, amount in enumerate(amounts):
            told = "0" if amount < 0.3 else f"{amount:.4f}"
            lines.append(f"S-{number:03d},Z-{seizure:03d},P{peak},{told},0.3")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def linked() -> Answer:
    return ask("links", "one_in=20", "most=5", profile_csv=profiles(40))


def test_batches_that_two_seizures_share_are_leads_and_say_that_they_are_no_identity(linked: Answer) -> None:
    leads = [row for row in rows(linked) if row["standing"] == "lead"]
    assert leads
    true = {(2 * place, 40 + place) for place in range(4)}
    named = {(int(row["seizure_one"][2:]), int(row["seizure_other"][2:])) for row in leads}
    assert len(named & true) >= 3
    assert len(named - true) <= 1
    assert linked.cautions[:2] == ("lead-not-identity", "prior-is-assumed")
    for language, said in (("en", "not identity"), ("fr", "non pas identité"), ("es", "no identidad")):
        assert said in CATALOGUE.vocabulary.label("link-standing", "lead", language)


def test_beside_the_leads_as_many_pairs_are_shown_as_are_asked_for(linked: Answer) -> None:
    assert sum(row["standing"] == "no-lead" for row in rows(linked)) == 5
    ratios = [row["likelihood_ratio"] for row in rows(linked)]
    assert ratios == sorted(ratios, reverse=True)
    assert all(row["seizure_one"] != row["seizure_other"] for row in rows(linked))


def test_a_rarer_link_needs_more(linked: Answer) -> None:
    rare = ask("links", "one_in=1000000000", profile_csv=profiles(40))
    assert all(row["standing"] == "no-lead" for row in rows(rare))
    assert all(row["lead_group"] is None for row in rows(rare))


def test_fewer_than_ten_seizures_to_learn_from_give_no_ratio() -> None:
    answer = ask("links", profile_csv=profiles(12))
    assert "too-few-known-links" in answer.cautions
    assert {row["likelihood_ratio"] for row in rows(answer)} == {None}
    assert {row["standing"] for row in rows(answer)} == {"no-lead"}


def test_one_sample_can_be_asked_about() -> None:
    answer = ask("links", "sample=S-003", "most=4", profile_csv=profiles(8))
    assert len(rows(answer)) == 4
    assert all("S-003" in (row["sample_one"], row["sample_other"]) for row in rows(answer))


def test_samples_that_do_not_say_their_seizure_are_not_taken_for_one_seizure() -> None:
    answer = ask("links", profile_csv="sample_number,seizure_number,peak,amount\nA,,P,1\nA,,Q,2\nB,,P,1\nB,,Q,2\n")
    assert len(rows(answer)) == 1
    assert next(part for part in answer.denominators if part.name == "seizures-known").of == 2


@pytest.mark.parametrize("setting", ["rate=0", "rate=1", "one_in=1"])
def test_what_is_no_chance_is_refused(setting: str) -> None:
    with pytest.raises(InputFault, match="it is a chance"):
        ask("links", setting, profile_csv=profiles(8))


def test_a_caution_tells_of_several_laboratories() -> None:
    one = ask("links", profile_csv="sample_number,seizure_number,peak,amount,laboratory\nA,1,P,1,X\nB,2,P,1,X\n")
    two = ask("links", profile_csv="sample_number,seizure_number,peak,amount,laboratory\nA,1,P,1,X\nB,2,P,1,Y\n")
    assert "different-laboratories" not in one.cautions
    assert "different-laboratories" in two.cautions


@pytest.mark.parametrize("scale", scales())
def test_every_word_of_a_scale_is_a_word_and_ratios_rise_with_it(scale: str) -> None:
    steps = scales()[scale]
    assert [least for least, _ in steps] == sorted(least for least, _ in steps)
    assert steps[0][0] == 0
    assert {code for _, code in steps} <= CATALOGUE.vocabulary.list("link-strength").terms.keys()


def test_the_words_are_those_of_the_guideline() -> None:
    told = [word("enfsi-2015", ratio) for ratio in (0.1, 1, 2, 99.9, 100, 9_999, 10_000, 1e6)]
    assert told == [
        "against",
        "none",
        "weak",
        "moderate",
        "moderately-strong",
        "strong",
        "very-strong",
        "extremely-strong",
    ]


# Purity


@pytest.mark.parametrize(("count", "place"), [(0, 0), (5, 0), (6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (100, 40)])
def test_the_interval_of_a_median_stands_where_tables_have_it(count: int, place: int) -> None:
    assert _order(count) == place


def purities(**quarters: list[str]) -> str:
    days = {"q1": "2024-02-01", "q2": "2024-05-01", "q3": "2024-08-01", "q4": "2024-11-01"}
    lines = [
        f"{quarter}-{number},fentanyl,{days[quarter]},{cell}"
        for quarter, cells in quarters.items()
        for number, cell in enumerate(cells)
    ]
    return "sample_number,substance,reported_on,purity_percent\n" + "\n".join(lines) + "\n"


def test_a_period_with_too_few_is_stepped_over() -> None:
    found = rows(ask("purity", lab_result_csv=purities(q1=["5"] * 6, q2=["9"], q3=["7"] * 6)))
    assert [row["against"] for row in found] == [None, None, "2024-Q1"]
    assert found[2]["shift"] == 2


def test_equal_values_are_no_drift() -> None:
    found = rows(ask("purity", lab_result_csv=purities(q1=["5"] * 6, q2=["5"] * 6)))
    assert (found[1]["shift"], found[1]["p"], found[1]["q"]) == (0, 1, 1)


def test_q_is_at_least_p_and_many_periods_raise_it() -> None:
    parts = {f"q{number}": [str(number * 10 + step) for step in range(8)] for number in range(1, 5)}
    found = [row for row in rows(ask("purity", lab_result_csv=purities(**parts))) if row["p"] is not None]
    assert len(found) == 3
    assert all(row["p"] <= row["q"] < Decimal("0.01") for row in found)


# Together


def of_tests(*lines: str) -> str:
    return "sample_number,substance,outcome,reported_on\n" + "\n".join(lines) + "\n"


def pair(number: int, day: str, outcome: str) -> str:
    return f"S{number},fentanyl,found,{day}\nS{number},Xylazine,{outcome},{day}"


def test_a_laboratory_that_begins_to_test_makes_no_trend() -> None:
    """All that were tested held it, before and after; before, most were not tested."""
    before = [pair(number, "2023-02-01", "found" if number < 3 else "not-tested") for number in range(12)]
    after = [pair(20 + number, "2024-02-01", "found") for number in range(12)]
    found = rows(ask("together", "every=year", "substance=fentanyl", lab_test_csv=of_tests(*before, *after)))
    assert [(row["both_found"], row["tested_for"], row["trend"]) for row in found] == [(3, 3, None), (12, 12, None)]


def test_a_real_drift_has_a_small_p_near_that_of_an_exact_test() -> None:
    before = [pair(number, "2023-02-01", "found" if number < 4 else "not-found") for number in range(40)]
    after = [pair(50 + number, "2024-02-01", "found" if number < 16 else "not-found") for number in range(40)]
    found = rows(ask("together", "every=year", "substance=FENTANYL", lab_test_csv=of_tests(*before, *after)))
    assert float(found[1]["p"]) == pytest.approx(fisher_exact([[4, 36], [16, 24]]).pvalue, rel=0.7)
    assert found[0]["trend"] > 0


def test_pairs_never_found_together_and_pairs_with_too_few_are_not_shown() -> None:
    answer = ask("together", lab_test_csv=of_tests(*[pair(number, "2024-01-01", "not-found") for number in range(9)]))
    assert rows(answer) == []
    assert rows(ask("together", lab_test_csv=of_tests(pair(1, "2024-01-01", "found")))) == []


# Turnaround


def waits(*samples: tuple[str, str]) -> dict[str, str]:
    """(received, reported) of each sample; reported is empty while it is open."""
    first = "".join(f"S{n},,{received},\n" for n, (received, _) in enumerate(samples))
    second = "".join(f"S{n},fentanyl,{reported}\n" for n, (_, reported) in enumerate(samples) if reported)
    return {
        "sample_csv": "number,seized_on,received_on,substance_suspected\n" + first,
        "lab_result_csv": "sample_number,substance,reported_on\n" + second,
    }


def test_open_samples_keep_the_median_from_looking_short() -> None:
    """Two quick reports and four that wait for half a year: half are not reported."""
    quick = [("2024-01-01", "2024-01-06")] * 2
    found = rows(ask("turnaround", "until=2024-06-30", **waits(*quick, *[("2024-01-01", "")] * 4)))
    assert (found[0]["median_days"], found[0]["open"], found[0]["overdue"]) == (None, 4, 4)
    assert found[0]["in_time_share"] == Decimal("0.333333333333333333333333")
    assert rows(ask("turnaround", **waits(*quick)))[0]["median_days"] == 5


def test_the_last_day_in_time_is_in_time() -> None:
    found = rows(ask("turnaround", "days=10", **waits(("2024-01-01", "2024-01-11"), ("2024-01-01", "2024-01-12"))))
    assert (found[0]["in_time"], found[0]["due"]) == (1, 2)


def test_a_report_after_the_day_asked_about_has_not_come_yet() -> None:
    found = rows(ask("turnaround", "until=2024-01-05", **waits(("2024-01-01", "2024-01-11"))))
    assert (found[0]["samples_reported"], found[0]["open"], found[0]["overdue"]) == (0, 1, 0)


# For health


def test_what_health_sees_names_no_sample_no_laboratory_and_no_small_figure() -> None:
    lines = [f"S{number},fentanyl,found,2024-01-01,ca-bc,SECRET-LAB" for number in range(10)]
    header = "sample_number,substance,outcome,reported_on,region,laboratory"
    few = "S99,xylazine,found,2024-01-01,ca-yt,SECRET-LAB"
    answer = ask("composition", lab_test_csv="\n".join([header, *lines, few]) + "\n")
    assert [(row["place"], row["tested_substance"], row["tested_for"]) for row in rows(answer)] == [
        ("ca-bc", "fentanyl", 10)
    ]
    assert {column.name for column in answer.columns}.isdisjoint({"sample_number", "laboratory", "seizure_number"})
    assert "SECRET" not in str(rows(answer))
