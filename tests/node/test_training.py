"""Training at a node: an attempt survives a reload, is passed by right answers alone, and becomes a record that only
the person and the duty to release see."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from entente.agreements import CasesUnreadable, explain_json, model_bytes
from entente.agreements.guiding.exercises import Given
from entente.cli.house import catalogue
from entente.node.agreeing import NoSuchAgreement, keep_agreement
from entente.node.looking import Look, NoReason, NoSuchRecord, look_at_list, look_at_one, record_of
from entente.node.previewing import preview_for
from entente.node.searching import Asked, search
from entente.node.training import (
    Attempt,
    CasesNotMet,
    NoExercises,
    NotTheExercise,
    UnknownTrainee,
    add_cases,
    answer,
    attempt_of,
    begin,
    check_trainee,
    courses,
)
from entente.node.training_results import KIND, NO_RESULTS, results_of_all
from entente.node.work import Node
from entente.signing import digest
from entente.store import RecordRow
from entente.vocabulary import phrasebook
from node.people_given import OFFICERS, START, Clock, facts, node_at, somebody

MODEL = "customs-seizure-statistics"
OTHER_NAME = "statistics-at-home"
WHO = "the-trainee"
WORDS, BOOK = catalogue().vocabulary, phrasebook("en")
EVERYTHING = b"""
[[provision]]
id = "1.1"
reference = "Art. 1"
text.en = "All results of training are given."
text.fr = "Tous les r\xc3\xa9sultats sont communiqu\xc3\xa9s."
effect = "permit"
giver = ["us.cbp"]
receiver = ["ca.cbsa"]
kinds = ["training-attempt"]
fields = ["class:identity", "class:operational", "class:time", "class:statistical"]
purposes = ["statistics"]
occasion = "standing"
release = "officer"
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock) -> Iterator[Node]:
    """Holds a shipped model, and the same text under a name of its own."""
    with node_at(tmp_path / "cbp", clock) as found:
        for source in (model_bytes(MODEL), renamed()):
            keep(found, source)
        yield found


def keep(node: Node, source: bytes) -> None:
    with node.writing() as work:
        keep_agreement(work, node.agreement(digest(source), source))


def renamed() -> bytes:
    return model_bytes(MODEL).replace(f'name = "{MODEL}"'.encode(), f'name = "{OTHER_NAME}"'.encode())


def second_version() -> bytes:
    first = model_bytes(MODEL)
    return first.replace(b"version = 1\n", f'version = 2\npredecessor = "{digest(first)}"\n'.encode(), 1)


def do(node: Node, attempt: Attempt, *, wrong: int = 0, who: str = WHO) -> Attempt:
    """Answers what is left of the attempt, the first `wrong` of it wrongly."""
    while (one := attempt.current) is not None:
        is_wrong = len(attempt.answers) < wrong
        given = Given("wait" if one.case.answer != "wait" else "release") if is_wrong else right(attempt)
        attempt = answer(node, who, attempt.course.name, one.id, given, door="test")
    return attempt


def right(attempt: Attempt) -> Given:
    assert attempt.current is not None
    return Given(attempt.current.case.answer, frozenset(attempt.current.case.fields))


def records(node: Node) -> list[RecordRow]:
    with node.store.reading() as tx:
        return list(tx.current_records(KIND))


def passes(node: Node, who: str = WHO) -> dict[str, date]:
    """When `who` last passed, by agreement."""
    return {course.name: found.passed_on for course, found in courses(node, who) if found.passed_on is not None}


def test_an_attempt_goes_on_where_it_was_left(node: Node) -> None:
    attempt = begin(node, WHO, MODEL)
    assert (len(attempt.exercises), attempt.answers) == (5, ())
    first = attempt.exercises[0]
    after = answer(node, WHO, MODEL, first.id, right(attempt), door="test")
    again = attempt_of(node, WHO, MODEL)
    assert again is not None
    assert (again.exercises, again.answers) == (attempt.exercises, after.answers)
    assert begin(node, WHO, MODEL).answers == after.answers
    assert begin(node, "somebody-else", MODEL).answers == ()


def test_an_exercise_is_answered_once(node: Node) -> None:
    attempt = begin(node, WHO, MODEL)
    first = attempt.exercises[0]
    answer(node, WHO, MODEL, first.id, Given("wait"), door="test")
    with pytest.raises(NotTheExercise):
        answer(node, WHO, MODEL, first.id, right(attempt), door="test")
    with pytest.raises(NotTheExercise):
        answer(node, WHO, MODEL, "no-such-exercise", Given("wait"), door="test")
    again = attempt_of(node, WHO, MODEL)
    assert again is not None
    assert [one.outcome for one in again.answers] == ["wait"]
    finished = do(node, again)
    with pytest.raises(NotTheExercise):
        answer(node, WHO, MODEL, finished.exercises[-1].id, Given("wait"), door="test")
    assert len(records(node)) == 1


def test_four_of_five_right_pass_and_three_do_not(node: Node, clock: Clock) -> None:
    assert not do(node, begin(node, WHO, MODEL), wrong=2).is_passed
    assert passes(node) == {}
    clock.goes_on(days=1)
    done = do(node, begin(node, WHO, MODEL), wrong=1)
    assert (done.is_passed, done.right, done.needed) == (True, 4, 4)
    assert passes(node) == {MODEL: date(2026, 11, 23)}
    assert passes(node, "somebody-else") == {}
    clock.goes_on(days=1)
    do(node, begin(node, WHO, MODEL), wrong=5)
    assert passes(node) == {MODEL: date(2026, 11, 23)}, "who fails later has still passed"
    clock.goes_on(days=1)
    do(node, begin(node, WHO, MODEL))
    assert passes(node) == {MODEL: date(2026, 11, 25)}


def test_a_new_attempt_asks_otherwise(node: Node) -> None:
    seen = set()
    for _ in range(6):
        seen.add(tuple(one.id for one in do(node, begin(node, WHO, MODEL)).exercises))
    assert len(seen) > 1


def test_a_finished_attempt_is_a_record_with_an_entry_in_the_ledger(node: Node) -> None:
    done = do(node, begin(node, WHO, MODEL), wrong=1)
    (row,) = records(node)
    values = record_of(node, row).values
    assert (values["person"], values["agreement"], values["asked"], values["right"]) == (WHO, MODEL, 5, 4)
    assert (values["needed"], values["is_passed"], values["finished_at"]) == (4, True, START)
    assert values["exercises"] == " ".join(one.id for one in done.exercises)
    assert values["agreement_digest"] == digest(model_bytes(MODEL))
    (entry,) = [one for one in facts(node, "kept") if one["kind"] == KIND]
    assert (entry["subject"], entry["record"]) == (row.id, row.digest)


def test_no_purpose_shows_the_results_of_others(node: Node) -> None:
    do(node, begin(node, WHO, MODEL))
    (row,) = records(node)
    for purpose in node.catalogue.vocabulary.list("purpose").terms:
        look = Look("the-analyst", "curious", purpose)
        assert look_at_list(node, look, KIND) == []
        assert search(node, look, Asked(text=WHO)).total == 0
        with pytest.raises(NoSuchRecord):
            look_at_one(node, look, row.id)


def test_no_provision_gives_the_results_to_a_partner(node: Node) -> None:
    do(node, begin(node, WHO, MODEL))
    text = model_bytes(MODEL).partition(b"[[provision]]")[0] + EVERYTHING
    found = preview_for(
        node, Look("chief", "a draft"), "ca.cbsa", "statistics", draft=node.agreement(digest(text), text), officers=2
    )
    assert (found.outcomes["release"], found.outcomes["wait"], found.outcomes["withhold"]) == (0, 0, 1)
    told = [sentence for body in found.explanations.values() for sentence in explain_json(body, WORDS, BOOK)]
    assert "This kind of record serves no purpose of any agreement." in told


def test_everybodys_results_are_a_look_with_a_reason(node: Node) -> None:
    do(node, begin(node, WHO, MODEL), wrong=1)
    with pytest.raises(NoReason):
        results_of_all(node, Look("the-privacy-officer", ""))
    assert facts(node, "read") == []
    found = results_of_all(node, Look("the-privacy-officer", "who may release this month"))
    assert found == {WHO: {MODEL: date(2026, 11, 22)}}
    (entry,) = facts(node, "read")
    assert (entry["subject"], entry["kind"], entry["count"]) == ("the-privacy-officer", KIND, 1)


def test_ones_own_results_stand_beside_every_agreement(node: Node) -> None:
    do(node, begin(node, WHO, MODEL), wrong=2)
    do(node, begin(node, "somebody-else", MODEL), who="somebody-else")
    found = {course.name: (course, results) for course, results in courses(node, WHO)}
    course, results = found[MODEL]
    assert len(course.exercises) > 5
    assert (results.attempts, results.asked, results.right, results.passed_on) == (1, 5, 3, None)
    assert found[OTHER_NAME] == (found[OTHER_NAME][0], NO_RESULTS)
    assert found[OTHER_NAME][0].exercises == ()


def test_a_text_of_ones_own_has_exercises_once_it_meets_its_golden_decisions(node: Node) -> None:
    with pytest.raises(NoExercises):
        begin(node, WHO, OTHER_NAME)
    cases = model_bytes(MODEL, "decisions.toml")
    with pytest.raises(CasesUnreadable):
        add_cases(node, OTHER_NAME, b"[[case]]\n", by="chief")
    with pytest.raises(CasesNotMet) as caught:
        add_cases(node, OTHER_NAME, cases.replace(b'answer = "wait"', b'answer = "withhold"'), by="chief")
    assert caught.value.values["number"]
    assert facts(node, "configuration")[1:] == []
    number = add_cases(node, OTHER_NAME, cases, by="chief")
    (entry,) = facts(node, "configuration")[1:]
    assert (entry["by"], entry["subject"], entry["body"]) == ("chief", digest(renamed()), digest(cases))
    assert do(node, begin(node, WHO, OTHER_NAME)).is_passed
    assert [len(course.exercises) for course, _ in courses(node, WHO)] == [number, number]


def test_of_a_models_golden_decisions_those_are_asked_that_the_held_text_meets(node: Node) -> None:
    keep(node, second_version().replace(b'release = "officer"', b'release = "two-officers"'))
    (course, _), *_ = courses(node, WHO)
    assert course.agreement.version == 2
    assert 0 < len(course.exercises) < model_bytes(MODEL, "decisions.toml").count(b"[[case]]")


def test_an_open_attempt_ends_when_the_text_changes(node: Node) -> None:
    begin(node, WHO, MODEL)
    keep(node, second_version())
    assert attempt_of(node, WHO, MODEL) is None


def test_only_what_is_held_and_only_who_is_known_here(node: Node) -> None:
    with pytest.raises(NoSuchAgreement):
        begin(node, WHO, "no-such-agreement")
    with pytest.raises(UnknownTrainee):
        check_trainee(node, "a-passer-by")
    somebody(node, "m.tremblay")
    for known in ("m.tremblay", OFFICERS[0]):
        check_trainee(node, known)
