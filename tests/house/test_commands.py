"""A remedy that names a command names one that exists; so do the documents."""

import importlib
import re
from collections.abc import Iterator

import pytest

from catalogue import wanted
from entente.cli.program import MODULES, VERBS
from house.sources import ROOT, name, text_of, tracked_files

COMMAND = re.compile(r"\bentente ((?:[a-z]+(?:-[a-z]+)*)(?: [a-z]+(?:-[a-z]+)*)?)")


def parts_of(verb: str) -> set[str]:
    """The sub-verbs of `verb`; none where it is one command."""
    module = importlib.import_module(f"entente.cli.{MODULES.get(verb, verb)}")
    commands = module.app.registered_commands
    if len(commands) == 1 and module.app.registered_callback is None:
        return set()
    groups = {group.name for group in module.app.registered_groups}
    return groups | {command.name or command.callback.__name__.replace("_", "-") for command in commands}


def commands_in(text: str) -> Iterator[str]:
    """`verb` or `verb part` of each command in backticks."""
    for span in re.findall(r"`([^`]+)`", text):
        yield from COMMAND.findall(span)


def is_known(command: str) -> bool:
    verb, _, part = command.partition(" ")
    return verb in VERBS and (not part or not parts_of(verb) or part in parts_of(verb))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_module_with_an_application(verb: str) -> None:
    parts_of(verb)


def test_remedies_name_commands_that_exist() -> None:
    unknown = [text for text in wanted() if not all(map(is_known, commands_in(text)))]
    assert unknown == []


def test_documents_name_commands_that_exist() -> None:
    unknown = [
        f"{name(path)}: {command}"
        for path in tracked_files()
        if path.suffix == ".md" and path.is_relative_to(ROOT)
        for command in commands_in(text_of(path) or "")
        if not is_known(command)
    ]
    assert unknown == []
