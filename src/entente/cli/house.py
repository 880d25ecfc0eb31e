"""The composition root: every workstream's kinds, words, readers and questions, put together once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from entente.analysis import Question
from entente.errors import InputFault
from entente.node.intake import Source
from entente.node.work import Node, open_node
from entente.records import Catalogue, Reader
from entente.workstreams import ALL, build_catalogue

HALF = 0.5


class NoSuchReader(InputFault):
    """There is no reader `{name}`. Use one of: {known}."""


class NoReaderFits(InputFault):
    """No reader knows the columns of {source}. Name one with --format: {known}."""


class NoSuchQuestion(InputFault):
    """There is no question `{name}`. `entente question list` shows: {known}."""


@cache
def catalogue() -> Catalogue:
    return build_catalogue(ALL)


_opened: list[Node] = []


def node_in(folder: Path) -> Node:
    """The node in `folder`, opened until the verb ends. Raises NoNodeHere and what the store raises."""
    node = open_node(folder, catalogue())
    _opened.append(node)
    return node


def close_nodes() -> None:
    """Closes every node that `node_in` opened."""
    while _opened:
        _opened.pop().close()


def questions() -> list[Question]:
    return [question for workstream in ALL for question in workstream.questions]


def question_called(name: str) -> Question:
    """Raises NoSuchQuestion."""
    found = [question for question in questions() if question.name == name]
    if not found:
        raise NoSuchQuestion(name=name, known=", ".join(question.name for question in questions()))
    return found[0]


def readers() -> list[Reader]:
    return [reader for workstream in ALL for reader in workstream.readers]


def reader_called(name: str) -> Reader:
    """Raises NoSuchReader."""
    found = [reader for reader in readers() if reader.name == name]
    if not found:
        raise NoSuchReader(name=name, known=", ".join(reader.name for reader in readers()))
    return found[0]


def reader_for(name: str, source: Source) -> Reader:
    """The reader `name`, or the one whose columns fit the first line of `source` best, which then says what is
    missing.

    Raises NoSuchReader; NoReaderFits when none has half of its columns there, or two fit alike.
    """
    if name:
        return reader_called(name)
    titles = [title.strip() for title in source.titles()]
    fitting = sorted(((_fit(reader, titles), reader.name) for reader in readers()), reverse=True)
    (best, found), (second, _) = fitting[:2]
    if best < HALF or best == second:
        raise NoReaderFits(source=source.name, known=", ".join(reader.name for reader in readers()))
    return reader_called(found)


def _fit(reader: Reader, titles: Sequence[str]) -> float:
    """The share of the columns that `reader` needs and that are there."""
    return sum(any(name in titles for name in names) for names in reader.columns.values()) / len(reader.columns)
