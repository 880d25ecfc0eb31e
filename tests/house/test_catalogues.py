"""Every text for people exists in three languages, says the same in each, and keeps its values and commands."""

import ast
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from catalogue import (
    LANGUAGES,
    NotALiteral,
    literal,
    modules,
    read,
    said,
    said_in,
    templates,
    updated,
    waiting,
    wanted,
)
from entente.vocabulary import phrasebook
from house.sources import name

CODE = re.compile(r"`[^`]*`")
WRITTEN_ALIKE: Mapping[str, frozenset[str]] = {
    "fr": frozenset(
        {
            "Bulletin",
            "national",
            "Bulletins",
            "Format",
            "Menu",
            "Message",
            "Note",
            "Obligations",
            "Occasion",
            "Pages",
            "Parties",
            "Permission",
            "Question",
            "Signatures",
            "Source",
            "Type",
            "Version {version}",
            "Versions",
            "code",
            "message",
            "parties",
            "permission",
            "question",
            "source",
            "type",
            "version",
            "version {version}",
            "{kind} {id}, version {version}",
            "{name}, version {version}",
        }
    ),
    "es": frozenset({"Bytes", "Real", "error", "no"}),
}
"""English words that are French or Spanish words too."""


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def translations(language: str) -> list[tuple[str, str]]:
    done = [message for message in read(language) if message.id and message.string and not message.fuzzy]
    return [(str(message.id), str(message.string)) for message in done]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_text_and_no_other(language: str) -> None:
    assert {str(message.id) for message in read(language) if message.id} == wanted().keys(), "run: make catalogue"


@pytest.mark.parametrize("language", LANGUAGES)
def test_updating_a_catalogue_keeps_every_translation(language: str) -> None:
    """A text that changed a little keeps its translation as a draft; one that is new waits empty."""
    before = dict(translations(language))
    english = next(text for text in before if len(text) > 40)
    rewritten = english[:-1] + "!"
    ids = {message_id: ["somewhere.py"] for message_id in [*wanted(), rewritten, "Nothing like it."]}
    del ids[english]

    after = {str(message.id): message for message in read_po(BytesIO(updated(language, ids))) if message.id}

    assert after.keys() == ids.keys()
    assert (after[rewritten].string, after[rewritten].fuzzy) == (before.pop(english), True)
    assert after["Nothing like it."].string == ""
    assert {kept: after[kept].string for kept in before} == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_waits_for_a_translator(language: str) -> None:
    assert waiting(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_values_and_commands(language: str) -> None:
    lost = [
        (english, text)
        for english, text in translations(language)
        if placeholders(english) != placeholders(text) or sorted(CODE.findall(english)) != sorted(CODE.findall(text))
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_a_sentence_where_the_text_is_one(language: str) -> None:
    cut = [(english, text) for english, text in translations(language) if english[-1:] == "." and text[-1:] != "."]
    assert cut == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english(language: str) -> None:
    """But for what is written alike in both languages, and texts that have no words beside their values."""
    same = {english for english, text in translations(language) if english == text and _words(english)}
    assert same <= WRITTEN_ALIKE[language]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}|`[^`]*`", "", text))


def test_texts_are_literals_with_all_their_values() -> None:
    """A text put together at run time is in no catalogue; a value that is missing hides the text behind a KeyError."""
    wrong = []
    for path, module in modules().items():
        for call in said(module):
            where, text = f"{name(path)}:{call.lineno}", call.args[0]
            if isinstance(text, ast.JoinedStr | ast.BinOp):
                wrong.append(f"{where}: the text is put together at run time")
            elif isinstance(text, ast.Constant) and all(keyword.arg for keyword in call.keywords):
                given = {keyword.arg or "" for keyword in call.keywords}
                if placeholders(str(text.value)) != given:
                    wrong.append(f"{where}: wants {sorted(placeholders(str(text.value)))}, gets {sorted(given)}")
    assert wrong == []


def test_texts_of_templates_have_all_their_values() -> None:
    wrong = []
    for path, template in templates().items():
        for call in said_in(template):
            given, wants = {keyword.key for keyword in call.kwargs}, placeholders(literal(path, call))
            if wants != given or call.dyn_args or call.dyn_kwargs or len(call.args) > 1:
                wrong.append(f"{path.name}:{call.lineno}: wants {sorted(wants)}, gets {sorted(given)}")
    assert wrong == []


@pytest.mark.parametrize("text", ['"Open " ~ name', "title", '"Open" if x else "Closed"', '"Open %s"|format(name)', ""])
def test_a_text_that_a_template_puts_together_is_an_error(text: str) -> None:
    (call,) = said_in(Environment().parse("{% if true %}{{ ui.tag(say(" + text + ")) }}{% endif %}"))
    with pytest.raises(NotALiteral, match=r"page\.html:1"):
        literal(Path("page.html"), call)


def test_texts_are_found_wherever_a_template_says_them() -> None:
    template = Environment().parse(
        """{% extends "x.html" %}{% macro m() %}{{ say("one") }}{% endmacro %}{% block b %}{% call ui.m(say("two")) %}
        {{ visit.say("three", a=say("four")) }}{% endcall %}{% set x = say("five") %}{% for y in z %}
        {{ y or say("six") }}{% endfor %}{% endblock %}"""
    )
    found = {literal(Path("page.html"), call) for call in said_in(template)}
    assert found == {"one", "two", "three", "four", "five", "six"}


def test_a_translated_text_is_said_with_its_values() -> None:
    text = phrasebook("fr").say(
        "There is no kind of record called `{kind}` here. Use one of: {known}.", kind="x", known="y"
    )
    assert "`x`" in text
    assert "There is" not in text
