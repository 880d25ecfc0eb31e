"""The composition root: every workstream's kinds, words, readers and questions, put together once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from entente.analysis import Question
from entente.node import choosing
from entente.node.choosing import House
from entente.node.intake import Source
from entente.node.work import Node, open_node
from entente.records import Catalogue, Reader
from entente.workstreams import ALL, build_catalogue


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


@cache
def house() -> House:
    """What all workstreams together can read and ask."""
    return House(
        readers=tuple(reader for workstream in ALL for reader in workstream.readers),
        questions=tuple(question for workstream in ALL for question in workstream.questions),
    )


def questions() -> Sequence[Question]:
    return house().questions


def question_called(name: str) -> Question:
    """Raises NoSuchQuestion."""
    return choosing.question_called(questions(), name)


def readers() -> Sequence[Reader]:
    return house().readers


def reader_called(name: str) -> Reader:
    """Raises NoSuchReader."""
    return choosing.reader_called(readers(), name)


def reader_for(name: str, source: Source) -> Reader:
    """The reader `name`, or the one whose columns fit best. Raises NoSuchReader, NoReaderFits."""
    return choosing.reader_for(readers(), name, source)
