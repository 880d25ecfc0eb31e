"""Asking: the tables a question needs, each thing once, simulated or real but never both; and cards of questions."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow.compute as pc

from entente.analysis.answer import Answer
from entente.analysis.engine import Engine
from entente.analysis.parameters import allowed_values
from entente.analysis.provenance import is_simulated
from entente.analysis.question import Argument, Arguments, Question
from entente.analysis.tables import Table
from entente.errors import InputFault
from entente.vocabulary import Vocabulary


class MissingTable(InputFault):
    """{question} needs records of the kind {kind}, and there is no table of them. Give one, for example by --table."""


class CountedTwice(InputFault):
    """{question} would count {things} records of the kind {kind} twice: they stand in {first} and again in {second}.
    Give only the newer of two publications that overlap."""


def run_question(
    question: Question, tables: Mapping[str, Table], arguments: Arguments, engine: Engine | None = None
) -> Answer:
    """The answer of `question` to the tables (by kind) it needs, or to the plain table that it takes instead.

    `arguments` come from parse_parameters. Raises MissingTable, CountedTwice, SimulatedAmongReal, and what the question
    raises.
    """
    needed = {}
    for kind in (question.instead,) if question.instead in tables else question.needs:
        if kind not in tables:
            raise MissingTable(question=question.name, kind=kind)
        needed[kind] = tables[kind]
        if not question.takes_versions:
            _refuse_repeats(question, needed[kind])
    is_simulated(needed.values())
    return question.answer(needed, arguments, engine or Engine())


def _refuse_repeats(question: Question, table: Table) -> None:
    things = table.rows.select(["_said_by", "_id"]).group_by(["_said_by", "_id"]).aggregate([([], "count_all")])
    twice = things.filter(pc.field("count_all") > 1)
    if twice.num_rows:
        places = table.rows.filter(pc.field("_id") == twice["_id"][0])["_source"].to_pylist()
        raise CountedTwice(
            question=question.name, kind=table.kind, things=twice.num_rows, first=places[0], second=places[1]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterCard:
    """A parameter as it is shown: `allowed` is empty where any value of the type will do."""

    name: str
    type: str
    help: str
    default: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """A question as it is shown in one language. `needs` are kinds with their labels; `instead` see Question."""

    name: str
    title: str
    help: str
    method: str
    needs: Mapping[str, str]
    parameters: tuple[ParameterCard, ...]
    instead: str


def describe(question: Question, vocabulary: Vocabulary, language: str) -> QuestionCard:
    """What `question` is about, in `language`. Raises UnknownWord when its words are missing."""
    term = vocabulary.list("question").term(question.name)
    helps = vocabulary.list("parameter")
    return QuestionCard(
        name=question.name,
        title=term.label(language),
        help=term.attributes["help"][language],
        method=term.attributes["method"][language],
        needs={kind: vocabulary.label("kind", kind, language) for kind in question.needs},
        parameters=tuple(
            ParameterCard(
                name=parameter.name,
                type=parameter.type,
                help=helps.term(f"{question.name}.{parameter.name}").label(language),
                default=argument_text(parameter.default),
                allowed=allowed_values(parameter, vocabulary),
            )
            for parameter in question.parameters
        ),
        instead=question.instead,
    )


def argument_text(argument: Argument) -> str:
    """An argument as it is written in `name=value`; empty for one that is not set."""
    if argument is None:
        return ""
    return ",".join(argument) if isinstance(argument, tuple) else str(argument)
