"""Training: one exercise at a time, its explanation after the answer, and the result; everybody for themselves.

The answer page is reached by a redirect, so that a reload answers nothing; who passed when is for whoever may read it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.agreements.guiding.exercises import Exercise, Given, Solution, solution, story
from entente.node.training import (
    Attempt,
    NotTheExercise,
    answer,
    attempt_of,
    begin,
    course,
    courses,
)
from entente.node.training_results import NO_RESULTS, results_of_all
from entente.web.provisions import worded
from entente.web.rendering import day
from entente.web.routes import get, post
from entente.web.values import field_label, value_text

if TYPE_CHECKING:
    from entente.agreements import Outcome
    from entente.web.visit import Visit

DOOR = "screens"
OUTCOMES: Mapping[str, Outcome] = {"release": "release", "wait": "wait", "withhold": "withhold"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One exercise in words: its `number` of all, what decides beside the record, and (field, label, value) of each
    field that the record holds."""

    exercise: Exercise
    number: int
    facts: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str, str]]


def list_courses(visit: Visit) -> Response:
    found = [(one, worded(visit, one.agreement.title)[0], results) for one, results in courses(visit.node, visit.who)]
    return visit.page("training.html", found=found)


def show_course(visit: Visit) -> Response:
    """The exercise that is asked now; before it how this goes, after the last the result. Raises NoSuchAgreement."""
    attempt = attempt_of(visit.node, visit.who, visit.path["course"])
    if attempt is None:
        return _introduction(visit)
    if attempt.current is not None:
        return _question(visit, attempt, attempt.current)
    title, _ = worded(visit, attempt.course.agreement.title)
    return visit.page("training_result.html", attempt=attempt, title=title)


def begin_attempt(visit: Visit) -> Response:
    """Raises NoSuchAgreement, NoExercises."""
    name = visit.path["course"]
    begin(visit.node, visit.who, name)
    return visit.go(f"/training/{name}")


def give_answer(visit: Visit) -> Response:
    """Raises NoSuchAgreement, NotTheExercise."""
    name, outcome = visit.path["course"], visit.text("outcome")
    attempt = attempt_of(visit.node, visit.who, name)
    if attempt is None or attempt.current is None or attempt.current.id != visit.text("exercise"):
        raise NotTheExercise
    typed = visit.form.getlist("fields")
    fields = frozenset(name for name in attempt.current.held if name in typed)
    if outcome not in OUTCOMES:
        problem = visit.say("Choose what becomes of it.")
        return _question(visit, attempt, attempt.current, fields=fields, problem=problem)
    given = Given(OUTCOMES[outcome], fields)
    after = answer(visit.node, visit.who, name, attempt.current.id, given, door=DOOR)
    return visit.go(f"/training/{name}/answers/{len(after.answers)}")


def show_answer(visit: Visit) -> Response:
    """What was right, what was wrong, and why; an answer that was not given leads to what is asked now. Raises
    NoSuchAgreement."""
    attempt, place = attempt_of(visit.node, visit.who, visit.path["course"]), visit.path["place"]
    if attempt is None or place not in map(str, range(1, len(attempt.answers) + 1)):
        return visit.go(f"/training/{visit.path['course']}")
    at = int(place) - 1
    one, title = attempt.exercises[at], worded(visit, attempt.course.agreement.title)[0]
    return visit.page(
        "training_answer.html",
        attempt=attempt,
        title=title,
        asked=_asked(visit, one, at + 1),
        given=attempt.answers[at],
        mark=attempt.marks[at],
        why=_solution(visit, attempt, one),
    )


def show_results(visit: Visit) -> Response:
    """When each person last passed; the look is logged."""
    found = [
        (person, name, passed_on)
        for person, of in sorted(results_of_all(visit.node, visit.look).items())
        for name, passed_on in sorted(of.items())
    ]
    return visit.page("training_results.html", found=found)


def _introduction(visit: Visit) -> Response:
    found = course(visit.node, visit.path["course"])
    results = next((one for held, one in courses(visit.node, visit.who) if held.name == found.name), NO_RESULTS)
    title, _ = worded(visit, found.agreement.title)
    return visit.page("training_begin.html", course=found, title=title, results=results)


def _question(
    visit: Visit, attempt: Attempt, one: Exercise, *, fields: Collection[str] = (), problem: str = ""
) -> Response:
    return visit.page(
        "training_question.html",
        status=422 if problem else 200,
        attempt=attempt,
        title=worded(visit, attempt.course.agreement.title)[0],
        asked=_asked(visit, one, len(attempt.answers) + 1),
        chosen=list(fields),
        problem=problem,
    )


def _asked(visit: Visit, one: Exercise, number: int) -> Asked:
    kind = one.case.kind
    return Asked(
        exercise=one,
        number=number,
        facts=story(one, visit.node.catalogue.vocabulary, visit.book, lambda value: day(value, visit.language)),
        fields=[
            (
                field.name,
                field_label(visit, kind.name, field.name),
                value_text(visit, kind.name, field, one.case.values[field.name]),
            )
            for field in kind.fields
            if field.name in one.case.values
        ],
    )


def _solution(visit: Visit, attempt: Attempt, one: Exercise) -> Solution:
    return solution(one, attempt.course.agreement, visit.node.catalogue.vocabulary, visit.book)


ROUTES = (
    get("/training", list_courses, needs="read-agreements"),
    get("/training/{course}", show_course, needs="read-agreements"),
    post("/training/{course}/begin", begin_attempt, needs="read-agreements"),
    post("/training/{course}/answer", give_answer, needs="read-agreements"),
    get("/training/{course}/answers/{place}", show_answer, needs="read-agreements"),
    get("/training-results", show_results, needs="read-training", reads=True),
)
