"""Growth and first detections: what alarms, what stays silent, and what nobody may conclude."""

import json
from io import BytesIO

import pytest
from pyarrow import parquet

from entente.analysis import EmptyWindow, Table, answer_json, written
from entente.cli.answer_screen import print_answer
from workstreams.findings_given import found_alarms
from workstreams.health_given import CATALOGUE, KIND, QUESTIONS, ask, counts, month, rows, service

WORDS = CATALOGUE.vocabulary


def series(*found: int, tested: int = 100, substance: str = "Xylazine", **parts: str) -> list[str]:
    return [month(number, substance, positive, tested, **parts) for number, positive in enumerate(found, start=1)]


def alarms(question: str, *lines: str, limits: tuple[str, ...] = ()) -> list[str]:
    return [row["subject"] for row in rows(question, counts(service(*lines)), *limits) if row["alarm"]]


def test_a_share_that_jumps_alarms_and_a_steady_one_does_not() -> None:
    jumps = series(2, 1, 3, 2, 1, 2, 2, 3, 1, 2, 2, 1, 12, 14, 13, 15, 12, 14)
    steady = series(*[30] * 18, substance="Fentanyl", role="major")
    assert alarms("health.growth", *jumps, *steady) == ["xylazine"]


def test_more_testing_is_not_growth() -> None:
    before = series(*[2] * 12, tested=100)
    after = [month(number, "Xylazine", 40, 2000) for number in range(13, 19)]
    assert alarms("health.growth", *before, *after) == []


def test_a_new_service_with_more_of_it_is_not_growth() -> None:
    """Simpson's paradox: neither region changes; a service that always sees more of it begins in the last months."""
    quiet = series(*[1] * 18)
    new = [month(number, "Xylazine", 60, 100, publication="new", region="ca-on") for number in range(13, 19)]
    assert alarms("health.growth", *quiet, *new) == []


def test_months_without_a_denominator_are_no_looking() -> None:
    before = [month(number, "Xylazine", 1, "") for number in range(1, 13)]
    after = [month(number, "Xylazine", 50, 100) for number in range(13, 19)]
    assert rows("health.growth", counts(service(*before, *after))) == []


def test_a_row_says_what_was_counted_out_of_what() -> None:
    (row,) = rows("health.growth", counts(service(*series(*[2] * 12, *[14] * 6))))
    assert (row["observed"], row["of"], row["denominator"]) == (84, 600, "tested")
    assert (row["base_observed"], row["base_of"]) == (24, 1200)
    assert row["low"] < row["value"] < row["high"]
    assert len(row["_evidence"]) == 18


def test_fewer_than_ten_tested_is_no_row() -> None:
    small = [month(number, "Xylazine", positive, 3) for number, positive in ((1, 0), (2, 0), (3, 3))]
    for question in ("health.growth", "health.first-seen"):
        answer = ask(question, counts(service(*small)), "months=1")
        assert answer.rows.num_rows == 0
        assert [(one.value, one.of) for one in answer.denominators if one.name == "above-floor"] == [(0, 1)]
        assert "small-windows-left-out" in answer.cautions


def test_a_result_that_names_no_substance_is_no_finding() -> None:
    lines = [
        line
        for name in ("No Active Component Identified", "Unable to identify", "2")
        for line in series(*[0] * 12, *[30] * 6, substance=name)
    ]
    assert rows("health.growth", counts(service(*lines))) == []
    assert rows("health.first-seen", counts(service(*lines))) == []


def test_first_seen_where_it_had_been_looked_for() -> None:
    (row,) = rows("health.first-seen", counts(service(*series(0, 0, 0, 2, 1))))
    assert (row["period_start"].isoformat(), row["period_end"].isoformat()) == ("2029-04-01", "2029-04-30")
    assert (row["observed"], row["of"], row["value"], row["tested_before"]) == (2, 100, 300, 300)
    assert (row["measure"], row["place"], row["alarm"]) == ("first-detection", "ca-bc", True)
    assert row["low"] is None
    assert len(row["_evidence"]) == 4  # also the three months in which it was looked for and not found


def test_the_chance_of_a_first_detection_is_that_of_drawing_the_late_samples_only() -> None:
    (row,) = rows("health.first-seen", counts(service(*series(0, 2, tested=50))))
    assert float(row["p"]) == pytest.approx(50 / 100 * 49 / 99, rel=1e-5)


def test_nobody_looked_before_so_nothing_is_new() -> None:
    looked, not_looked = series(0, 0, 5), [month(3, "Xylazine", 5)]
    assert alarms("health.first-seen", *looked) == ["xylazine"]
    assert alarms("health.first-seen", *not_looked) == []
    (row,) = rows("health.first-seen", counts(service(*not_looked)))
    assert (row["tested_before"], row["p"]) == (0, 1)


def test_zero_of_an_untold_number_is_not_looking() -> None:
    lines = [month(1, "Xylazine", 0, ""), month(2, "Xylazine", 0, ""), month(3, "Xylazine", 5)]
    (row,) = rows("health.first-seen", counts(service(*lines)))
    assert (row["tested_before"], row["alarm"]) == (0, False)


def test_what_was_found_in_an_untold_number_is_not_new_afterwards() -> None:
    lines = [month(1, "Xylazine", 0), month(2, "Xylazine", 0), month(3, "Xylazine", 5, ""), month(4, "Xylazine", 5)]
    assert alarms("health.first-seen", *lines) == []


def test_too_little_looking_and_old_detections_do_not_alarm() -> None:
    lines = series(0, 5, *[1] * 9, tested=99)
    assert alarms("health.first-seen", *lines, limits=("months=12",)) == []
    assert alarms("health.first-seen", *lines, limits=("months=12", "tested_before=99")) == ["xylazine"]
    assert alarms("health.first-seen", *lines, limits=("tested_before=99",)) == []


def test_each_region_has_its_own_first_time() -> None:
    lines = (*series(0, 3), *series(0, 0, 3, region="ca-on"))
    found = rows("health.first-seen", counts(service(*lines)))
    assert [(row["place"], row["period_start"].month) for row in found] == [("ca-on", 3), ("ca-bc", 2)]
    assert [row["place"] for row in rows("health.first-seen", counts(service(*lines)), "place=ca-on")] == ["ca-on"]


def test_a_first_detection_is_the_same_finding_when_it_is_looked_for_again_later() -> None:
    first = series(0, 0, 3)
    (early,) = found_alarms(ask("health.first-seen", counts(service(*first))))
    (late,) = found_alarms(ask("health.first-seen", counts(service(*first, month(4, "Xylazine", 7)))))
    key = ("question", "settings", "subject", "place", "period_end")
    assert [early.values[name] for name in key] == [late.values[name] for name in key]


@pytest.mark.parametrize("question", [q for q, found in QUESTIONS.items() if found.needs == (KIND.name,)])
def test_every_answer_says_in_every_form_that_it_serves_early_warning_alone(
    question: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask(question, counts(service(*series(0, 0, 0, 2, 1))))
    as_json = answer_json(answer, WORDS)["provenance"]
    metadata = parquet.read_schema(BytesIO(written(answer, ".parquet", WORDS))).metadata
    as_parquet = json.loads((metadata or {})[b"entente"])
    for provenance in (as_json, as_parquet["provenance"]):
        assert list(provenance["purposes"]) == ["early-warning"]
        assert list(provenance["caveats"]) == ["public-health-only"]
    print_answer(answer)
    screen = capsys.readouterr().out
    assert f"nothing else: {WORDS.label('purpose', 'early-warning', 'en')}\n" in screen
    assert f"! {WORDS.label('caveat', 'public-health-only', 'en')}\n" in screen


# What decides a finding is behind it


def ids(table: Table) -> dict[tuple[str, str], str]:
    named = table.rows.select(["_id", "substance", "period_start"]).to_pylist()
    return {(row["substance"], row["period_start"].isoformat()[:7]): f"{row['_id']}/1" for row in named}


def test_counts_of_zero_and_the_record_of_a_denominator_are_evidence() -> None:
    """Correct any of them and the finding must be looked at again."""
    zeros = [month(number, "Xylazine", 0) for number in range(1, 12)]
    others = [month(number, "Fentanyl", 30) for number in range(1, 19)]
    table = counts(service(*zeros, *others, *(month(number, "Xylazine", 14) for number in range(13, 19))))
    found = {row["subject"]: row for row in rows("health.growth", table)}["xylazine"]
    behind = {key for key, one in ids(table).items() if one in found["_evidence"]}
    assert {key for key in ids(table) if key[0] == "Xylazine"} < behind
    assert behind - {key for key in ids(table) if key[0] == "Xylazine"} == {("Fentanyl", "2029-12")}


# Nobody escapes by asking for one


def test_asking_for_one_substance_finds_what_asking_for_all_finds() -> None:
    lines = [
        line
        for number in range(12)
        for line in series(*[(5 + 7 * n * number) % 13 for n in range(18)], substance=f"Example {number}")
    ]
    for question in ("health.growth", "health.first-seen"):
        every = rows(question, counts(service(*lines)))
        for row in every[:3]:
            assert rows(question, counts(service(*lines)), f"subject={row['subject'].upper()}") == [row]


# Days far away


@pytest.mark.parametrize(
    "odd",
    [
        "service,ca-bc,Example,minor,2099-01-01,2099-01-28,100,1",
        "other,ca-on,Example,minor,2099-01-01,2099-01-28,100,1",
        "other,ca-on,Example,minor,2029-01-01,2031-12-31,100,1",
    ],
)
def test_one_odd_period_silences_nothing(odd: str) -> None:
    jumps = series(*[0] * 12, *[14] * 6)
    assert "xylazine" in alarms("health.growth", *jumps, odd)
    assert "xylazine" in alarms("health.first-seen", *jumps, odd)
    assert "outside-windows" in ask("health.growth", counts(service(*jumps, odd))).cautions
    assert "outside-windows" not in ask("health.growth", counts(service(*jumps))).cautions


@pytest.mark.parametrize(
    ("question", "name"),
    [("health.growth", "months"), ("health.growth", "base_months"), ("health.first-seen", "months")],
)
def test_a_window_of_no_months_is_refused(question: str, name: str) -> None:
    with pytest.raises(EmptyWindow, match=f"Set `{name}` to 1 or more"):
        ask(question, counts(service(*series(0, 0, 5))), f"{name}=0")


def test_where_nothing_can_be_compared_the_answer_says_so() -> None:
    assert "nothing-compared" in ask("health.growth", counts(service(month(3, "Xylazine", 5)))).cautions
    assert "nothing-compared" not in ask("health.growth", counts(service(*series(*[5] * 18)))).cautions
