"""Findings beside the truth: found, missed, false, and how late."""

import json
from typing import Any

import pytest

from entente.simulation.score import Score, score
from entente.simulation.truth import NotATruthFile, NotFindings, RealFindings, read_findings, read_truth
from entente.simulation.world import PLANTED
from simulation.worlds import world

TRUTH = read_truth("truth.json", json.dumps(world().truth).encode())
QUESTION = "substances.growth"


def row(subject: str = PLANTED, until: str = "2025-03-31", **more: Any) -> dict[str, Any]:
    return {"subject": subject, "place": "all", "period_start": "2024-10-01", "period_end": until, **more}


def answered(*rows: dict[str, Any], question: str = QUESTION, is_simulated: bool = True) -> bytes:
    return json.dumps({"question": question, "provenance": {"is_simulated": is_simulated}, "rows": rows}).encode()


def scored(*files: bytes) -> Score:
    return score(TRUTH, [read_findings("x.json", data) for data in files])


def test_an_alarm_about_what_is_planted_is_found_with_its_delay() -> None:
    done = scored(answered(row(alarm=True), row("Cocaine", alarm=False)))
    (hit,) = done.found
    assert (hit.subject, hit.question, hit.delay_days, hit.delay_months) == (PLANTED, QUESTION, 181, 5.9)
    assert (done.missed, done.false_alarms) == ((), ())


def test_of_many_looks_the_first_alarm_counts() -> None:
    looks = [answered(row(until=day, alarm=True)) for day in ("2025-05-31", "2025-02-28", "2025-09-30")]
    (hit,) = scored(*looks).found
    assert hit.found_on.isoformat() == "2025-02-28"


def test_a_silent_answer_misses_and_a_question_that_was_not_asked_misses_nothing() -> None:
    done = scored(answered(row(alarm=False)))
    assert [(question, one.subject) for question, one in done.missed] == [(QUESTION, PLANTED)]
    assert scored().missed == ()
    assert scored(answered(question="seizures.totals")).missed == ()


def test_anything_else_is_a_false_alarm_and_says_what_fooled_the_question() -> None:
    done = scored(answered(row("Cocaine", alarm=True), row("simulated substance b ", alarm=True)))
    assert [(alarm.subject, bool(alarm.noise)) for alarm in done.false_alarms] == [
        ("Cocaine", False),
        ("simulated substance b ", True),
    ]


@pytest.mark.parametrize("wrong", [{"until": "2024-09-30"}, {"place": "mx"}])
def test_the_right_name_too_early_or_in_another_place_is_a_false_alarm(wrong: dict[str, str]) -> None:
    done = scored(answered(row(alarm=True) | {"period_end": wrong.get("until", "2025-03-31")} | wrong))
    assert (len(done.found), len(done.missed), len(done.false_alarms)) == (0, 1, 1)


def test_kept_findings_count_unless_a_person_dismissed_them() -> None:
    kept = [row(question=QUESTION, review=review) for review in ("open", "dismissed", "accepted")]
    done = scored(json.dumps(kept).encode())
    assert (len(done.found), done.dismissed) == (1, 1)
    dismissed = scored(json.dumps(kept[1:2]).encode())
    assert (len(dismissed.found), len(dismissed.missed), dismissed.dismissed) == (0, 1, 1)


def test_alarms_of_questions_that_the_truth_cannot_judge_count_neither_way() -> None:
    done = scored(answered(row("Cocaine", alarm=True), question="health.first-seen"))
    assert (done.false_alarms, done.missed, done.not_judged) == ((), (), 1)


def test_where_nothing_is_planted_every_alarm_is_false() -> None:
    truth = read_truth("t", json.dumps(world(is_planted=False).truth).encode())
    done = score(truth, [read_findings("x", answered(row("Cocaine", alarm=True)))])
    assert (len(done.found), len(done.missed), len(done.false_alarms)) == (0, 0, 1)


BAD_FINDINGS = {
    "not JSON": b"{",
    "not text": b"\xff\xfe",
    "a number": b"3",
    "no rows": b'{"question": "substances.growth"}',
    "no question": b'{"rows": []}',
    "rows without alarm": answered(row()),
    "no subject": answered({"alarm": True, "place": "all", "period_end": "2025-01-31"}),
    "a bad day": answered(row(until="soon", alarm=True)),
    "rows that are no objects": b'{"question": "substances.growth", "rows": [1]}',
}


@pytest.mark.parametrize("data", BAD_FINDINGS.values(), ids=BAD_FINDINGS)
def test_a_file_that_holds_no_findings_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(NotFindings, match=r"x\.json"):
        read_findings("x.json", data)


BAD_TRUTHS = {
    "not JSON": b"",
    "another format": b'{"format": "other/1"}',
    "a list": b"[]",
    "half of it": b'{"format": "entente-truth/1", "planted": []}',
    "findings": answered(row(alarm=True)),
}


@pytest.mark.parametrize("data", BAD_TRUTHS.values(), ids=BAD_TRUTHS)
def test_a_file_that_is_no_truth_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(NotATruthFile, match=r"t\.json"):
        read_truth("t.json", data)


def test_findings_from_real_records_are_never_scored() -> None:
    with pytest.raises(RealFindings, match="real records"):
        read_findings("x.json", answered(row(alarm=True), is_simulated=False))
    with pytest.raises(RealFindings):
        read_findings("x.json", json.dumps([row(question=QUESTION, review="open", is_simulated=False)]).encode())
