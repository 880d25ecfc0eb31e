"""Training: exercises from golden decisions, one after the other, and what became of an attempt.

An attempt is kept at the node after every answer, so that it survives a reload. INVARIANT: an exercise is answered
once, its explanation comes after its answer, and an attempt that was begun is finished before another begins.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from entente.agreements import ENGINE, Agreement, Case, CasesUnreadable, model_bytes, model_names, read_cases, run_cases
from entente.agreements.guiding.exercises import TERMS, Exercise, Given, Mark, Terms, drawn, exercises_from, mark
from entente.errors import InputFault
from entente.node.agreeing import NoSuchAgreement
from entente.node.in_force import standings
from entente.node.training_results import NO_RESULTS, Results, keep_result, results_in
from entente.node.work import Node, Work
from entente.records import Value
from entente.signing import Json, canonical, digest, parse
from entente.store import Transaction

CASES = "training-cases:{}"
"""The setting with the golden decisions that were brought for a text, by its digest."""
ATTEMPT = "training:{}:{}"
"""The setting with the open or last attempt of a person, by person and name of the agreement."""
SEED_BYTES = 16


class NoExercises(InputFault):
    """There are no exercises for the agreement `{name}` at this node. Bring golden decisions that its text meets, with
    `entente training add`."""


class CasesNotMet(InputFault):
    """Golden decisions that are not what the text of `{name}` held here decides: {number}, the first `{first}`. Nothing
    was kept. Run `entente agreements check` on text and decisions, correct them, and add them again."""


class NotTheExercise(InputFault):
    """This exercise is not the one that is asked now: it has been answered, or another attempt has begun. Nothing was
    counted; open the training of this agreement anew."""


class UnknownTrainee(InputFault):
    """`{who}` is neither an account nor an officer of {party} at this node, so no result could be kept. Give --who the
    name of an account (`entente people list`) or the role id of an officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The exercises of one agreement: `agreement` is the text they are of. `within_days`: whoever releases under it
    must have passed within so many days, None where no provision asks that."""

    agreement: Agreement
    exercises: tuple[Exercise, ...]
    within_days: int | None
    terms: Terms = TERMS

    @property
    def name(self) -> str:
        return self.agreement.name

    @property
    def number(self) -> int:
        """How many exercises an attempt asks."""
        return min(self.terms.exercises, len(self.exercises))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`exercises` in the order they are asked; the first of them have `answers`."""

    course: Course
    exercises: tuple[Exercise, ...]
    answers: tuple[Given, ...]
    seed: str

    @property
    def current(self) -> Exercise | None:
        """The exercise that is asked now; None once all are answered."""
        return self.exercises[len(self.answers)] if not self.is_finished else None

    @property
    def is_finished(self) -> bool:
        return len(self.answers) == len(self.exercises)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Of what has been answered."""
        return tuple(mark(one, given) for one, given in zip(self.exercises, self.answers, strict=False))

    @property
    def right(self) -> int:
        return sum(one.is_right for one in self.marks)

    @property
    def needed(self) -> int:
        return self.course.terms.needed(len(self.exercises))

    @property
    def is_passed(self) -> bool:
        return self.is_finished and self.right >= self.needed


def courses(node: Node, who: str) -> Sequence[tuple[Course, Results]]:
    """Every agreement held here, also one without exercises, with the results of `who`; in order of name."""
    with node.store.reading() as tx:
        results = results_in(node, tx, who).get(who, {})
        return [(_course(node, tx, text), results.get(text.name, NO_RESULTS)) for text in _texts(node, tx)]


def course(node: Node, name: str) -> Course:
    """Raises NoSuchAgreement."""
    with node.store.reading() as tx:
        return _course_named(node, tx, name)


def attempt_of(node: Node, who: str, name: str) -> Attempt | None:
    """The open or last attempt of `who`; None where there is none, or where its text or its exercises have changed.
    Raises NoSuchAgreement."""
    with node.store.reading() as tx:
        return _attempt(tx, who, _course_named(node, tx, name))


def begin(node: Node, who: str, name: str) -> Attempt:
    """A new attempt, or the open one, which goes on. Raises NoSuchAgreement, NoExercises."""
    with node.writing() as work:
        found = _course_named(node, work.tx, name)
        if not found.exercises:
            raise NoExercises(name=name)
        before = _attempt(work.tx, who, found)
        if before is not None and not before.is_finished:
            return before
        seed = os.urandom(SEED_BYTES).hex()
        asked = drawn(found.exercises, seed, found.terms.exercises)
        attempt = Attempt(course=found, exercises=asked, answers=(), seed=seed)
        _keep(work, who, attempt)
    return attempt


def answer(node: Node, who: str, name: str, exercise: str, given: Given, *, door: str) -> Attempt:
    """`who` answers the exercise that is asked now; with the last one the result becomes a record, in the same
    transaction. `door` says where it was answered. Raises NoSuchAgreement, NotTheExercise."""
    with node.writing() as work:
        before = _attempt(work.tx, who, _course_named(node, work.tx, name))
        if before is None or before.current is None or before.current.id != exercise:
            raise NotTheExercise
        after = replace(before, answers=(*before.answers, given))
        _keep(work, who, after)
        if after.is_finished:
            keep_result(node, work, _values(who, after, work.now), door)
    return after


def add_cases(node: Node, name: str, data: bytes, *, by: str) -> int:
    """Keeps golden decisions for the text called `name`; how many. INVARIANT: the text meets every one of them.

    Raises NoSuchAgreement, CasesUnreadable, CasesNotMet.
    """
    with node.writing() as work:
        text = _text(node, work.tx, name)
        results = run_cases(text, read_cases(data, node.catalogue), node.catalogue)
        wrong = [one for one in results if not one.is_met]
        if wrong:
            raise CasesNotMet(number=len(wrong), name=name, first=wrong[0].case.id)
        work.tx.put_setting(CASES.format(text.digest), data.decode("utf-8"))
        facts: dict[str, Json] = {"by": by, "name": text.name, "what": "training", "body": digest(data)}
        work.write("configuration", text.digest, facts)
    return len(results)


def check_trainee(node: Node, who: str) -> None:
    """Raises UnknownTrainee for a name under which nobody could release."""
    with node.store.reading() as tx:
        officers = {row.officer for row in tx.officers() if row.party == node.party}
        if who not in officers and tx.account(who) is None:
            raise UnknownTrainee(who=who, party=node.party)


def _texts(node: Node, tx: Transaction) -> list[Agreement]:
    """One text for each name: of those in force with us the newest version, else the newest that is held."""
    best: dict[str, tuple[bool, Agreement]] = {}
    for text, standing in standings(node, tx, node.clock()):
        found = (bool(standing.partners_of(node.party)), text)
        held = best.get(text.name)
        if held is None or (found[0], text.version) > (held[0], held[1].version):
            best[text.name] = found
    return [text for _, (_, text) in sorted(best.items())]


def _text(node: Node, tx: Transaction, name: str) -> Agreement:
    found = next((text for text in _texts(node, tx) if text.name == name), None)
    if found is None:
        raise NoSuchAgreement(name=name)
    return found


def _course_named(node: Node, tx: Transaction, name: str) -> Course:
    return _course(node, tx, _text(node, tx, name))


def _course(node: Node, tx: Transaction, text: Agreement) -> Course:
    days = [one.training_days for one in text.provisions if one.training_days is not None]
    exercises = exercises_from(text, _cases(node, tx, text), node.catalogue)
    return Course(agreement=text, exercises=exercises, within_days=min(days, default=None))


def _cases(node: Node, tx: Transaction, text: Agreement) -> tuple[Case, ...]:
    """What was brought for this text, else the golden decisions of the shipped model of its name; none where this
    program cannot read them any more."""
    brought = tx.setting(CASES.format(text.digest))
    if not brought and text.name not in model_names():
        return ()
    try:
        return read_cases(brought.encode() if brought else model_bytes(text.name, "decisions.toml"), node.catalogue)
    except CasesUnreadable:
        return ()


def _values(who: str, attempt: Attempt, now: datetime) -> dict[str, Value]:
    """What the record of an attempt says that ends now."""
    text = attempt.course.agreement
    return {
        "person": who,
        "agreement": text.name,
        "agreement_version": text.version,
        "agreement_digest": text.digest,
        "finished_at": now,
        "exercises": " ".join(one.id for one in attempt.exercises),
        "asked": len(attempt.exercises),
        "right": attempt.right,
        "needed": attempt.needed,
        "is_passed": attempt.is_passed,
        "engine": ENGINE,
    }


def _attempt(tx: Transaction, who: str, course: Course) -> Attempt | None:
    kept: dict[str, Any] = parse((tx.setting(ATTEMPT.format(who, course.name)) or "{}").encode())
    known = {one.id: one for one in course.exercises}
    if kept.get("agreement") != course.agreement.digest or not set(kept["asked"]) <= set(known):
        return None
    return Attempt(
        course=course,
        exercises=tuple(known[one] for one in kept["asked"]),
        answers=tuple(Given(one["outcome"], frozenset(one["fields"])) for one in kept["answers"]),
        seed=kept["seed"],
    )


def _keep(work: Work, who: str, attempt: Attempt) -> None:
    body: dict[str, Json] = {
        "agreement": attempt.course.agreement.digest,
        "seed": attempt.seed,
        "asked": [one.id for one in attempt.exercises],
        "answers": [{"outcome": one.outcome, "fields": sorted(one.fields)} for one in attempt.answers],
    }
    work.tx.put_setting(ATTEMPT.format(who, attempt.course.name), canonical(body).decode())
