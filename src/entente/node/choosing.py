"""Which reader reads a table and which question is asked: among all of the house, by name or by the columns."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from entente.analysis import Question
from entente.errors import InputFault
from entente.node.intake import Source
from entente.records import Reader

HALF = 0.5
_SEPARATORS = (",", ";", "\t", "|")


class NoSuchReader(InputFault):
    """There is no reader `{name}`. Use one of: {known}."""


class NoReaderFits(InputFault):
    """No reader knows the columns of {source}. Compare them with the format you mean, or choose the reader yourself (on
    the command line with --format): {known}."""


class NoSuchQuestion(InputFault):
    """There is no question `{name}`. `entente question list` shows: {known}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all workstreams together can read and ask; the command line puts it together and hands it to the doors."""

    readers: tuple[Reader, ...]
    questions: tuple[Question, ...]


def question_called(questions: Sequence[Question], name: str) -> Question:
    """Raises NoSuchQuestion."""
    found = next((question for question in questions if question.name == name), None)
    if found is None:
        raise NoSuchQuestion(name=name, known=", ".join(question.name for question in questions))
    return found


def reader_called(readers: Sequence[Reader], name: str) -> Reader:
    """Raises NoSuchReader."""
    found = next((reader for reader in readers if reader.name == name), None)
    if found is None:
        raise NoSuchReader(name=name, known=_names(readers))
    return found


def reader_for(readers: Sequence[Reader], name: str, source: Source) -> Reader:
    """The reader `name`, or the one whose columns fit the first line of `source` best, which then says what is
    missing, or that the cells are separated by another sign. Of readers whose columns fit alike, the one that knows
    most of the columns there.

    Raises NoSuchReader; NoReaderFits when none has half of its columns there, or two still fit alike.
    """
    if name:
        return reader_called(readers, name)
    first = source.first_line()
    for separator in _SEPARATORS:
        if found := _fitting(readers, _titles(first, separator)):
            return found
    raise NoReaderFits(source=source.name, known=_names(readers))


def _fitting(readers: Sequence[Reader], titles: Sequence[str]) -> Reader | None:
    fits = [(_share(reader, titles), _known(reader, titles)) for reader in readers]
    best = max(fits, default=(0, 0))
    return readers[fits.index(best)] if best[0] >= HALF and fits.count(best) == 1 else None


def _share(reader: Reader, titles: Sequence[str]) -> float:
    """Of the columns that `reader` needs, those that are there."""
    return sum(any(name in titles for name in names) for names in reader.columns.values()) / len(reader.columns)


def _known(reader: Reader, titles: Sequence[str]) -> int:
    """Of the columns that are there, those that `reader` knows."""
    known = {name for names in (*reader.columns.values(), *reader.optional.values()) for name in names}
    return sum(title in known for title in titles)


def _titles(line: str, separator: str) -> list[str]:
    try:
        return [title.strip() for title in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def _names(readers: Sequence[Reader]) -> str:
    return ", ".join(reader.name for reader in readers)
