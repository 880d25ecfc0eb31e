"""Exercises of training, made from golden decisions: what is asked, how an answer is marked, what is told after it.

The question is built from the facts of a case, never from what the case says: that often tells the answer. Which
exercises are asked, and in what order, follows from a seed that is an argument.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.deciding.decision import Decision, Outcome
from entente.agreements.golden.cases import Case, run_cases
from entente.agreements.telling.explain import explain
from entente.records import Catalogue
from entente.signing import digest
from entente.vocabulary import Phrasebook, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an attempt asks and what passing it takes. Source: set by Entente, configurable; no law names these numbers.

    `exercises` are asked, or all there are where there are fewer; `right_percent` of them must be right.
    """

    exercises: int = 5
    right_percent: int = 80

    def needed(self, asked: int) -> int:
        """How many of `asked` exercises must be right."""
        return -(-asked * self.right_percent // 100)


TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Exercise:
    """A golden decision that the text meets, and the decision itself, which holds the reasons."""

    case: Case
    decision: Decision

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def held(self) -> tuple[str, ...]:
        """The fields that the record holds, in the order of its kind."""
        return tuple(field.name for field in self.case.kind.fields if field.name in self.case.values)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered: the outcome, and the fields that go or, where it waits, would go."""

    outcome: Outcome
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """`given_wrongly`: fields that were said to go and do not; `kept_wrongly`: fields that go and were not named."""

    is_outcome_right: bool
    given_wrongly: tuple[str, ...]
    kept_wrongly: tuple[str, ...]

    @property
    def are_fields_right(self) -> bool:
        return not self.given_wrongly and not self.kept_wrongly

    @property
    def is_right(self) -> bool:
        """Right is what is right in every part."""
        return self.is_outcome_right and self.are_fields_right


@dataclass(frozen=True, slots=True)
class Clause:
    """A provision that the answer follows from, in `language`: the reader's, or one in which the text is written."""

    provision: str
    reference: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Solution:
    """What is told after the answer: the case in words, its reasons in short form, the explanation of the decision, and
    the provisions named."""

    says: str
    because: tuple[str, ...]
    sentences: tuple[str, ...]
    clauses: tuple[Clause, ...]


def exercises_from(agreement: Agreement, cases: Sequence[Case], catalogue: Catalogue) -> tuple[Exercise, ...]:
    """Those of `cases` that `agreement` meets, as exercises; what it does not meet teaches nothing true of it."""
    results = run_cases(agreement, tuple(cases), catalogue)
    return tuple(Exercise(one.case, one.decision) for one in results if one.is_met)


def drawn(exercises: Sequence[Exercise], seed: str, number: int) -> tuple[Exercise, ...]:
    """`number` of `exercises`, or all, in an order that `seed` decides.

    Every outcome has its turn, so that nobody passes by always saying the same.
    """

    def place(one: Exercise) -> str:
        return digest(f"{seed} {one.id}".encode())

    by_outcome: dict[Outcome, list[Exercise]] = {}
    for one in sorted(exercises, key=place):
        by_outcome.setdefault(one.case.answer, []).append(one)
    turns = (one for turn in zip_longest(*by_outcome.values()) for one in turn if one is not None)
    return tuple(sorted(list(turns)[:number], key=place))


def mark(exercise: Exercise, given: Given) -> Mark:
    """How `given` compares with the golden decision: exact in the outcome, all fields."""
    goes = set(exercise.case.fields)
    return Mark(
        is_outcome_right=given.outcome == exercise.case.answer,
        given_wrongly=tuple(sorted(given.fields - goes)),
        kept_wrongly=tuple(sorted(goes - given.fields)),
    )


def story(
    exercise: Exercise, vocabulary: Vocabulary, book: Phrasebook, day: Callable[[date], str]
) -> list[tuple[str, str]]:
    """Everything that decides beside the values of the record, as (name, value) in the reader's language; `day` writes
    a day."""
    case, words = exercise.case, _Labels(vocabulary, book)
    say, label = book.say, words.label
    told = [
        (say("Record"), label("kind", case.kind.name)),
        *_origin(exercise, words, day),
        (say("Giver"), label("party", case.giver)),
        (say("Receiver"), label("party", case.receiver)),
        (say("Purpose"), label("purpose", case.purpose)),
        (say("Occasion"), label("occasion", case.occasion)),
        (say("Day"), day(case.on)),
        (say("Officers who have agreed"), _officers(case.officers, book)),
    ]
    if case.officers and exercise.decision.shared.asked.get("trained"):
        told.append((say("They have passed these exercises"), say("yes") if case.is_trained else say("no")))
    if case.signed is not None:
        told.append((say("Signed by"), words.labels("party", case.signed) or say("nobody")))
    return told


@dataclass(frozen=True, slots=True)
class _Labels:
    vocabulary: Vocabulary
    book: Phrasebook

    def label(self, list_name: str, code: str) -> str:
        return self.vocabulary.label(list_name, code, self.book.language)

    def labels(self, list_name: str, codes: Sequence[str]) -> str:
        return ", ".join(self.label(list_name, code) for code in codes)


def _origin(exercise: Exercise, words: _Labels, day: Callable[[date], str]) -> Iterator[tuple[str, str]]:
    """Who says it, through whom it came, when it was written down and how sure it is, where that is out of the
    ordinary."""
    case, say = exercise.case, words.book.say
    if case.said_by != case.giver:
        yield say("Said by"), words.label("party", case.said_by)
    if case.through:
        yield say("Came through"), words.labels("party", case.through)
    if case.recorded_on not in (None, case.on):
        yield say("Written down on"), day(case.recorded_on or case.on)
    if case.sure != "reported":
        yield say("How sure"), words.label("confidence", case.sure)


def _officers(number: int, book: Phrasebook) -> str:
    return {0: book.say("none"), 1: book.say("one")}.get(number) or book.say("two different ones")


def solution(exercise: Exercise, agreement: Agreement, vocabulary: Vocabulary, book: Phrasebook) -> Solution:
    """What may be told only after the answer."""
    case, named = exercise.case, set(_named(exercise))
    return Solution(
        says=case.says.get(book.language) or next(iter(case.says.values())),
        because=case.because,
        sentences=tuple(explain(exercise.decision, vocabulary, book)),
        clauses=tuple(_clause(agreement, found, book.language) for found in agreement.provisions if found.id in named),
    )


def _named(exercise: Exercise) -> Iterator[str]:
    """Ids of the provisions under which something goes, that are a reason, or that forbid what the record holds."""
    decision = exercise.decision
    yield from decision.provisions
    yield from (reason.provision.provision for reason in decision.shared.reasons if reason.provision)
    for field in decision.withheld:
        if field.field in exercise.case.values:
            yield from (found.provision.provision for found in field.by)


def _clause(agreement: Agreement, provision: Provision, language: str) -> Clause:
    known = (language, *agreement.authoritative, *provision.text)
    written = next(one for one in known if provision.text.get(one))
    return Clause(provision.id, provision.reference, provision.text[written], written)
