"""What a question is: what it needs, what may be set, and the function that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from entente.analysis.answer import Answer
from entente.analysis.engine import Engine
from entente.analysis.tables import Table

Argument = str | int | Decimal | date | tuple[str, ...] | None
Arguments = Mapping[str, Argument]
ParameterType = Literal["code", "codes", "integer", "decimal", "date", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that may be set. Its help is the term `question.parameter` of the list `parameter`.

    `code` takes one and `codes` a comma list of allowed values: those in `allowed`, or else the codes of the list
    `vocabulary`. `default` is what counts when it is not set; None sets no limit.
    """

    name: str
    type: ParameterType
    default: Argument = None
    allowed: tuple[str, ...] = ()
    vocabulary: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Where records of `kind` tell what a chart of a finding shows.

    `subject`: fields of which one names the subject; `count` counts it, and `of` says out of how many.
    """

    kind: str
    subject: tuple[str, ...]
    count: str
    of: str


Answering = Callable[[Mapping[str, Table], Arguments, Engine], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its answer. `name` is `workstream.question`; title, help and method note are its term in the list
    `question`.

    `needs` are kinds by name. `takes_versions`: the tables may hold several versions of one thing; any other question
    would count them twice and refuses. `finds`: its answer has the columns of entente.analysis.finding, and rows that
    alarm become findings, whose `series` can be drawn over time.
    """

    name: str
    needs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    answer: Answering
    takes_versions: bool = False
    finds: bool = False
    series: tuple[Series, ...] = ()
    instead: str = ""

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)
