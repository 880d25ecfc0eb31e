"""An exercise on a terminal: the question, what is told after the answer, and both as JSON."""

from dataclasses import asdict
from datetime import date

from entente.agreements.guiding.exercises import Exercise, Mark, solution, story
from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, out, say
from entente.node.summaries import told
from entente.node.training import Attempt


def show_question(attempt: Attempt, number: int, one: Exercise) -> None:
    """The facts, and the fields that the record holds, with their numbers."""
    out()
    out(say("Exercise {number} of {total}", number=number, total=len(attempt.exercises)))
    for label, value in story(one, catalogue().vocabulary, PHRASES, date.isoformat):
        out("  " + say("{name}: {value}", name=label, value=value))
    out("  " + say("The record holds:"))
    for place, (field, value) in enumerate(_held(one), 1):
        out(f"    {place:2}  " + say("{name}: {value}", name=field, value=value))


def _held(one: Exercise) -> list[tuple[str, str]]:
    """Each field of the record with its value, in words."""
    words, kind = catalogue(), one.case.kind
    return [
        (_label(one, field.name), told(words, field, one.case.values[field.name], PHRASES.language))
        for field in kind.fields
        if field.name in one.case.values
    ]


def _label(one: Exercise, field: str) -> str:
    return catalogue().vocabulary.label("field", f"{one.case.kind.name}.{field}", PHRASES.language)


def show_solution(attempt: Attempt, number: int, one: Exercise, found: Mark) -> None:
    """Right or wrong in every part, and why."""
    out()
    right, wrong = say("right"), say("wrong")
    out(say("Exercise {number}: {result}", number=number, result=right if found.is_right else wrong))
    outcome = catalogue().vocabulary.label("decision-outcome", one.case.answer, PHRASES.language)
    out("  " + say("Outcome: {outcome} ({result})", outcome=outcome, result=right if found.is_outcome_right else wrong))
    out("  " + say("Fields: {result}", result=right if found.are_fields_right else wrong))
    if found.given_wrongly:
        out("    " + say("Does not go: {fields}", fields=", ".join(_label(one, name) for name in found.given_wrongly)))
    if found.kept_wrongly:
        out("    " + say("Goes: {fields}", fields=", ".join(_label(one, name) for name in found.kept_wrongly)))
    why = solution(one, attempt.course.agreement, catalogue().vocabulary, PHRASES)
    for sentence in (why.says, *why.sentences):
        out(f"  {sentence}")
    for clause in why.clauses:
        out(f"  {clause.provision}  {clause.reference}")
        out(f"      {clause.text.strip()}")


def show_result(attempt: Attempt) -> None:
    values = {"right": attempt.right, "asked": len(attempt.exercises), "needed": attempt.needed}
    out()
    if attempt.is_passed:
        out(say("Passed: {right} of {asked} right, {needed} were needed.", **values))
    else:
        out(say("Not passed: {right} of {asked} right, {needed} are needed. You may begin again at once.", **values))


def attempt_json(attempt: Attempt) -> dict[str, object]:
    """An exercise that is not answered yet says nothing of its solution."""
    marks = attempt.marks
    return {
        "agreement": attempt.course.name,
        "digest": attempt.course.agreement.digest,
        "exercises": [
            _exercise_json(attempt, one, marks[place] if place < len(marks) else None)
            for place, one in enumerate(attempt.exercises)
        ],
        "right": attempt.right,
        "needed": attempt.needed,
        "is_finished": attempt.is_finished,
        "is_passed": attempt.is_passed,
    }


def _exercise_json(attempt: Attempt, one: Exercise, found: Mark | None) -> dict[str, object]:
    asked: dict[str, object] = {
        "exercise": one.id,
        "facts": dict(story(one, catalogue().vocabulary, PHRASES, date.isoformat)),
        "record": {name: value for name, (_, value) in zip(one.held, _held(one), strict=True)},
    }
    if found is None:
        return asked
    why = solution(one, attempt.course.agreement, catalogue().vocabulary, PHRASES)
    return {
        **asked,
        "is_right": found.is_right,
        "outcome": one.case.answer,
        "fields": list(one.case.fields),
        "mark": asdict(found),
        "why": asdict(why),
    }
