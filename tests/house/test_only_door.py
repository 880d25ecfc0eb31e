"""One module makes disclosures. Constructors are open in Python: this test reads every file for the ways around."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.sources import PACKAGE, name, package_files, tree

DOOR = PACKAGE / "agreements" / "giving" / "disclose.py"
NOUN = "Disclosure"
SECRET = "_DOOR"  # the name of the key, not the key


def ways_around(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and way of everything in `module` that could make a disclosure: calls, aliases, subclasses, the key."""
    aliases = {NOUN, *_aliases(module)}
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield from _calls(node, aliases)
        elif isinstance(node, ast.ClassDef) and any(_last_name(base) in aliases for base in node.bases):
            yield node.lineno, "a subclass"
        elif _last_name(node) == SECRET or (isinstance(node, ast.alias) and node.name == SECRET):
            yield getattr(node, "lineno", 0), "the key of the door"


def _calls(call: ast.Call, aliases: set[str]) -> Iterator[tuple[int, str]]:
    called = _last_name(call.func)
    names = {_last_name(argument) for argument in call.args}
    if called in aliases:
        yield call.lineno, "a call of the class"
    elif called in ("__new__", "partial", "type", "getattr", "setattr", "__setattr__") and names & aliases:
        yield call.lineno, f"{called} of the class"


def _aliases(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield from (found.asname for found in node.names if found.name == NOUN and found.asname)
        elif isinstance(node, ast.Assign) and _last_name(node.value) == NOUN:
            yield from (_last_name(target) for target in node.targets)


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_no_other_module_makes_a_disclosure() -> None:
    found = [
        f"{name(path)}:{line}: {way}"
        for path in package_files()
        if path != DOOR
        for line, way in ways_around(tree(path))
    ]
    assert found == []


def test_the_door_itself_is_seen() -> None:
    """The check finds the one place where a disclosure is made, so it would find a second one."""
    found = [way for _, way in ways_around(tree(DOOR))]
    assert found.count("a call of the class") == 1
    assert "the key of the door" in found


@pytest.mark.parametrize(
    "source",
    [
        "Disclosure(body=b'')",
        "agreements.Disclosure(body=b'')",
        "from entente.agreements import Disclosure as D\nD(body=b'')",
        "make = Disclosure\nmake(body=b'')",
        "object.__new__(Disclosure)",
        "Disclosure.__new__(Disclosure)",
        "functools.partial(Disclosure, body=b'')",
        "class Fake(Disclosure): pass",
        "from entente.agreements.giving.disclose import _DOOR",
        "disclose._DOOR",
        "object.__setattr__(Disclosure, 'x', 1)",
    ],
)
def test_the_check_sees_every_way_around(source: str) -> None:
    assert list(ways_around(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "from entente.agreements import Disclosure, disclose\ndef send(found: Disclosure) -> None: post(found.body)",
        "isinstance(found, Disclosure)",
        "disclose(record, kind, decision)",
    ],
)
def test_reading_a_disclosure_is_everybodys(source: str) -> None:
    assert list(ways_around(ast.parse(source))) == []


def test_there_is_one_door() -> None:
    made = [path for path in package_files() if any(_is_noun(node) for node in ast.walk(tree(path)))]
    assert made == [Path(DOOR)]


def _is_noun(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == NOUN
