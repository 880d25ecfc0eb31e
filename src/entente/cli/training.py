"""`entente training`: exercises on an agreement, each explained after its answer; results count for the duty to
release."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from entente.agreements.guiding.exercises import Exercise, Given
from entente.cli.house import node_in
from entente.cli.terminal import (
    HERE,
    AsJson,
    NodeFolder,
    Who,
    Why,
    is_at_terminal,
    me,
    out,
    out_json,
    say,
    table,
)
from entente.cli.training_sheet import attempt_json, show_question, show_result, show_solution
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.intake import NoSuchFile
from entente.node.looking import Look
from entente.node.training import Attempt, Course, add_cases, answer, begin, check_trainee, courses
from entente.node.training_results import Results, results_of_all
from entente.node.work import Node

app = verb(say("Exercises on agreements; a provision may require them of whoever releases."), has_parts=True)
Name = Annotated[str, typer.Argument(help=say("Name of the agreement."))]
OUTCOMES = ("release", "wait", "withhold")
DOOR = "terminal"


class NoAnswers(InputFault):
    """Nobody sits at this terminal to answer. Run it with --json to read the exercises, write the answers into a file,
    and give that with --answers."""


class UnreadableAnswers(InputFault):
    """The answers in {file} cannot be used: {why}. Write a JSON object: for the id of each exercise that is asked, an
    object with `outcome` (release, wait or withhold) and `fields`, a list of names."""


@app.command("list", help=say("Agreements with exercises, and your own results."))
def list_courses(node: NodeFolder = HERE, who: Who = "", as_json: AsJson = False) -> None:
    found = courses(node_in(node), who or me())
    if as_json:
        out_json([_course_json(one, results) for one, results in found])
        return
    rows = [
        (one.name, len(one.exercises), _required(one), results.passed_on or "-", _share(results))
        for one, results in found
    ]
    columns = (
        say("agreement"),
        say("exercises"),
        say("required to release"),
        say("last passed"),
        say("right of asked"),
    )
    table(columns, rows, empty=say("No agreement yet. `entente agreements add` adds one."))


@app.command(help=say("Answer the exercises of an agreement; an attempt that was begun goes on."))
def start(
    name: Name,
    node: NodeFolder = HERE,
    who: Who = "",
    answers: Annotated[str, typer.Option(help=say("JSON file with answers, instead of asking for them."))] = "",
    as_json: AsJson = False,
) -> None:
    home, person = node_in(node), who or me()
    check_trainee(home, person)
    if not (answers or as_json or is_at_terminal()):
        raise NoAnswers
    attempt = begin(home, person, name)
    if answers:
        attempt = _answer_all(home, person, attempt, answers)
    elif not as_json:
        attempt = _ask(home, person, attempt)
    if as_json:
        out_json(attempt_json(attempt))
    elif answers:
        for number, (one, found) in enumerate(zip(attempt.exercises, attempt.marks, strict=True), 1):
            show_solution(attempt, number, one, found)
    if not as_json:
        show_result(attempt)
    if attempt.is_finished and not attempt.is_passed:
        raise typer.Exit(1)


@app.command(help=say("When everybody last passed, by agreement; for a reason, and logged."))
def progress(node: NodeFolder = HERE, who: Who = "", why: Why = "", as_json: AsJson = False) -> None:
    found = results_of_all(node_in(node), Look(who or me(), why))
    if as_json:
        out_json(found)
        return
    rows = [
        (person, name, passed_on or "-")
        for person, of in sorted(found.items())
        for name, passed_on in sorted(of.items())
    ]
    columns = (say("person"), say("agreement"), say("last passed"))
    table(columns, rows, empty=say("Nobody has finished an attempt yet. `entente training start` begins one."))


@app.command(help=say("Bring golden decisions for a text that is held; it must meet all of them."))
def add(
    name: Name,
    file: Annotated[str, typer.Argument(help=say("File of golden decisions, decisions.toml."))],
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    number = add_cases(node_in(node), name, _read(file), by=who or me())
    out(say("{number} golden decisions are the exercises of {name} now.", number=number, name=name))


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise NoSuchFile(file=file, why=error.strerror) from error


def _ask(home: Node, person: str, attempt: Attempt) -> Attempt:
    while attempt.current is not None:
        number, one = len(attempt.answers) + 1, attempt.current
        show_question(attempt, number, one)
        given = _asked(one)
        attempt = answer(home, person, attempt.course.name, one.id, given, door=DOOR)
        show_solution(attempt, number, one, attempt.marks[-1])
    return attempt


def _asked(one: Exercise) -> Given:
    letters = {"g": OUTCOMES[0], "w": OUTCOMES[1], "n": OUTCOMES[2]}
    letter = ""
    while letter not in letters:
        letter = _typed(say("Does it go now (g), wait for officers (w), or not go (n)?")).lower()
    places: list[str] | None = None
    while places is None:
        places = _places(_typed(say("Numbers of the fields that go, with commas; none: Enter")), len(one.held))
    return _given(one, letters[letter], places)


def _typed(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, prompt_suffix=" ")).strip()


def _places(typed: str, number: int) -> list[str] | None:
    found = [part.strip() for part in typed.split(",") if part.strip()]
    return found if all(part.isdecimal() and 1 <= int(part) <= number for part in found) else None


def _given(one: Exercise, outcome: Any, places: Sequence[str]) -> Given:
    return Given(outcome, frozenset(one.held[int(place) - 1] for place in places))


def _answer_all(home: Node, person: str, attempt: Attempt, file: str) -> Attempt:
    """INVARIANT: nothing is answered unless the file answers everything that is still asked."""
    typed = _answers_in(file)
    rest = attempt.exercises[len(attempt.answers) :]
    given = [(one, _from_file(one, typed, file)) for one in rest]
    for one, found in given:
        attempt = answer(home, person, attempt.course.name, one.id, found, door=DOOR)
    return attempt


def _answers_in(file: str) -> Mapping[str, Any]:
    try:
        typed = json.loads(_read(file))
    except ValueError as error:
        raise UnreadableAnswers(file=file, why=error) from error
    if not isinstance(typed, dict):
        raise UnreadableAnswers(file=file, why=type(typed).__name__)
    return typed


def _from_file(one: Exercise, typed: Mapping[str, Any], file: str) -> Given:
    found = typed.get(one.id)
    if not isinstance(found, dict) or found.get("outcome") not in OUTCOMES:
        raise UnreadableAnswers(file=file, why=f"{one.id}: outcome")
    fields = found.get("fields", [])
    if not isinstance(fields, list) or not set(map(str, fields)) <= set(one.held):
        raise UnreadableAnswers(file=file, why=f"{one.id}: fields")
    return Given(found["outcome"], frozenset(map(str, fields)))


def _required(one: Course) -> str:
    return say("within {days} days", days=one.within_days) if one.within_days is not None else say("no")


def _share(results: Results) -> str:
    return f"{results.right}/{results.asked}" if results.asked else "-"


def _course_json(one: Course, results: Results) -> dict[str, object]:
    return {
        "agreement": one.name,
        "version": one.agreement.version,
        "digest": one.agreement.digest,
        "exercises": len(one.exercises),
        "required_within_days": one.within_days,
        "results": asdict(results),
    }
