"""Exercises: asked by their facts alone, drawn by a seed, marked exactly, and explained after the answer."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from agreements.parts import PERMIT, agreement, changed, source
from agreements.parts import catalogue as tiny
from agreements.test_cases import CASE
from entente.agreements import Agreement, model_bytes, model_names, read_agreement, read_cases
from entente.agreements.guiding.exercises import Exercise, Given, Terms, drawn, exercises_from, mark, solution, story
from entente.cli.house import catalogue
from entente.vocabulary import LANGUAGES, phrasebook

MODEL = "seized-drug-samples"


def of_model(name: str = MODEL) -> tuple[Agreement, tuple[Exercise, ...]]:
    text = read_agreement(model_bytes(name), catalogue())
    cases = read_cases(model_bytes(name, "decisions.toml"), catalogue())
    return text, exercises_from(text, cases, catalogue())


def called(exercise_id: str) -> Exercise:
    return next(one for one in of_model()[1] if one.id == exercise_id)


@pytest.mark.parametrize("name", model_names())
def test_every_golden_decision_of_a_model_is_an_exercise_with_a_right_answer(name: str) -> None:
    _, exercises = of_model(name)
    assert len(exercises) == len(read_cases(model_bytes(name, "decisions.toml"), catalogue()))
    for one in exercises:
        assert mark(one, Given(one.case.answer, frozenset(one.case.fields))).is_right
        assert set(one.case.fields) <= set(one.held)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_holds_nothing_of_what_the_case_says(language: str) -> None:
    text, exercises = of_model()
    book = phrasebook(language)
    for one in exercises:
        told = solution(one, text, catalogue().vocabulary, book)
        asked = str(story(one, catalogue().vocabulary, book, date.isoformat))
        assert told.says not in asked
        assert not any(sentence in asked for sentence in told.sentences)


def test_a_case_that_the_text_does_not_meet_is_no_exercise() -> None:
    words = tiny()
    met, other = CASE, changed(CASE, id='"it-waits"', answer='"wait"')
    cases = read_cases(source(met, other), words)
    assert [one.id for one in exercises_from(agreement(PERMIT), cases, words)] == ["a-find-goes"]


def test_who_says_it_and_who_has_signed_are_told_where_they_decide() -> None:
    exercise, book = called("sample-released"), phrasebook("en")
    told = dict(story(exercise, catalogue().vocabulary, book, date.isoformat))
    assert told["Officers who have agreed"] == "two different ones"
    assert told["Day"] == "2026-05-04"
    assert not {"Said by", "Signed by"} & told.keys()
    case = replace(
        exercise.case,
        said_by="us.cbp",
        through=("us.dea",),
        recorded_on=date(2026, 1, 31),
        sure="doubtful",
        signed=("ca.rcmp",),
        officers=0,
    )
    told = dict(story(Exercise(case, exercise.decision), catalogue().vocabulary, book, date.isoformat))
    assert "Customs" in told["Said by"]
    assert "Drug Enforcement" in told["Came through"]
    assert (told["Written down on"], told["How sure"]) == ("2026-01-31", "Doubtful")
    assert "Mounted Police" in told["Signed by"]
    assert told["Officers who have agreed"] == "none"


@pytest.mark.parametrize(("trained", "told", "answer"), [("true", "yes", "release"), ("false", "no", "wait")])
def test_whether_the_officers_were_trained_is_told_where_the_agreement_asks_it(
    trained: str, told: str, answer: str
) -> None:
    text = agreement(changed(PERMIT, release='"officer"', training_days="365"))
    because = '["1.1"]'
    case = changed(CASE, ask_officers="1", ask_trained=trained, answer=f'"{answer}"', because=because)
    (one,) = exercises_from(text, read_cases(source(case), tiny()), tiny())
    facts = dict(story(one, tiny().vocabulary, phrasebook("en"), date.isoformat))
    assert facts["They have passed these exercises"] == told


@pytest.mark.parametrize(
    ("given", "outcome", "wrongly_given", "wrongly_kept"),
    [
        (Given("release", frozenset({"seized_on", "form", "substance_suspected"})), True, (), ()),
        (Given("wait", frozenset({"seized_on", "form", "substance_suspected"})), False, (), ()),
        (Given("release", frozenset({"seized_on", "form"})), True, (), ("substance_suspected",)),
        (Given("release", frozenset({"seized_on", "form", "substance_suspected", "number"})), True, ("number",), ()),
        (Given("withhold"), False, (), ("form", "seized_on", "substance_suspected")),
    ],
)
def test_right_is_the_outcome_and_every_field(
    given: Given, *, outcome: bool, wrongly_given: tuple[str, ...], wrongly_kept: tuple[str, ...]
) -> None:
    found = mark(called("cannabis-seized-before-it-left-the-list"), given)
    assert (found.is_outcome_right, found.given_wrongly, found.kept_wrongly) == (outcome, wrongly_given, wrongly_kept)
    assert found.is_right == (outcome and not wrongly_given and not wrongly_kept)


def test_a_seed_draws_the_same_always_and_another_seed_draws_otherwise() -> None:
    _, exercises = of_model()
    once = [one.id for one in drawn(exercises, "seed", 5)]
    assert once == [one.id for one in drawn(tuple(reversed(exercises)), "seed", 5)]
    assert len(set(once)) == 5
    others = {tuple(one.id for one in drawn(exercises, f"seed {number}", 5)) for number in range(20)}
    assert len(others) > 15
    assert {one for draw in others for one in draw} == {one.id for one in exercises}


def test_nobody_passes_by_always_saying_the_same() -> None:
    _, exercises = of_model()
    terms = Terms()
    for number in range(50):
        asked = drawn(exercises, str(number), terms.exercises)
        outcomes = Counter(one.case.answer for one in asked)
        assert max(outcomes.values()) < terms.needed(len(asked))


def test_of_few_exercises_all_are_asked() -> None:
    _, exercises = of_model()
    assert {one.id for one in drawn(exercises[:2], "x", 5)} == {one.id for one in exercises[:2]}
    assert [Terms().needed(asked) for asked in (1, 2, 4, 5)] == [1, 2, 4, 4]
    assert Terms(right_percent=100).needed(5) == 5


@pytest.mark.parametrize(("language", "word"), [("en", "Cannabis"), ("fr", "cannabis"), ("es", "cannabis")])
def test_after_the_answer_it_is_told_why_in_the_language_of_the_reader(language: str, word: str) -> None:
    text, _ = of_model()
    told = solution(
        called("cannabis-seized-after-it-left-the-list"), text, catalogue().vocabulary, phrasebook(language)
    )
    assert word in told.says
    assert told.because == ("unmet:1.1:condition+officers",)
    (clause,) = told.clauses
    assert (clause.provision, clause.language) == ("1.1", language)
    assert clause.text == text.provisions[0].text[language]
    assert len(told.sentences) > 1


def test_a_clause_is_shown_in_a_language_in_which_it_is_written() -> None:
    cases = read_cases(source(CASE), tiny())
    (one,) = exercises_from(agreement(PERMIT), cases, tiny())
    (clause,) = solution(one, agreement(PERMIT), tiny().vocabulary, phrasebook("fr")).clauses
    assert clause.language == "en"
