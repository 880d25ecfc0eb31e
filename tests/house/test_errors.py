"""Every error says what happened and what to do, in a message whose values are always there."""

import ast
import re
from functools import cache
from string import Formatter

import pytest

from catalogue import error_classes, message_of
from entente.errors import EntenteError
from house.sources import called, calls, name, package_files, tree

SENTENCE_END = re.compile(r"\.(?= \S|$)|\}(?= [A-Z`]|$)")  # a value may be a sentence of its own
FAMILIES = {"InputFault", "PartnerFault", "Tampered", "Unavailable", "Misconfigured", "OurFault"}


@cache
def errors() -> dict[str, ast.ClassDef]:
    return {error: node for error, (_, node) in error_classes({path: tree(path) for path in package_files()}).items()}


def placeholders(message: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(message) if field is not None}


def has_own_constructor(error: ast.ClassDef) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "__init__" for node in error.body)


def ancestors(error: str) -> set[str]:
    bases = {base.id for base in errors()[error].bases if isinstance(base, ast.Name)}
    return bases.union(*(ancestors(base) for base in bases if base in errors()))


@pytest.mark.parametrize("error", errors())
def test_an_error_says_what_happened_and_then_what_to_do(error: str) -> None:
    message = message_of(errors()[error])
    assert message, "the docstring is the message, so an error cannot inherit it"
    assert message.endswith((".", "}")), message
    assert len(SENTENCE_END.findall(message)) >= 2, f"no remedy: {message}"
    assert "" not in placeholders(message), "placeholders have names, so that translators may move them"


@pytest.mark.parametrize("error", sorted(errors().keys() - FAMILIES - {"EntenteError"}))
def test_an_error_belongs_to_whoever_can_act(error: str) -> None:
    assert ancestors(error) & FAMILIES


def test_no_two_errors_have_one_name() -> None:
    classes = [node.name for path in package_files() for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
    assert [error for error in errors() if classes.count(error) > 1] == []


def test_every_error_is_made_with_exactly_the_values_of_its_message() -> None:
    """A message that lacks a value would hide the error behind a KeyError."""
    wanted = {
        error: placeholders(message_of(node)) for error, node in errors().items() if not has_own_constructor(node)
    }
    wrong = [
        f"{name(path)}:{call.lineno}: {called(call)} wants {sorted(wanted[called(call)])}"
        for path, call in calls()
        if called(call) in wanted
        and (call.args or (all(keyword.arg for keyword in call.keywords) and given(call) != wanted[called(call)]))
    ]
    assert wrong == []


def given(call: ast.Call) -> set[str]:
    return {keyword.arg or "" for keyword in call.keywords}


def test_a_message_is_filled_after_translation() -> None:
    class BadThing(EntenteError):
        """The {thing} is bad. Mend the {thing}."""

    error = BadThing(thing="clock")
    assert str(error) == "The clock is bad. Mend the clock."
    assert error.said({"The {thing} is bad. Mend the {thing}.": "Réparez : {thing}."}.__getitem__) == "Réparez : clock."
