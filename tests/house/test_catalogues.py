"""Every text for people exists in three languages, says the same in each, and keeps its values and commands."""

import ast
import re
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from catalogue import LANGUAGES, modules, read, said, updated, waiting, wanted
from entente.vocabulary import phrasebook
from house.sources import name

CODE = re.compile(r"`[^`]*`")


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
def test_nothing_longer_than_two_words_is_left_in_english(language: str) -> None:
    """Single words may coincide ("source", "version", "record" never does); sentences do not."""
    same = [english for english, text in translations(language) if english == text and len(_words(english)) > 2]
    assert same == []


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


def test_a_translated_text_is_said_with_its_values() -> None:
    text = phrasebook("fr").say(
        "There is no kind of record called `{kind}` here. Use one of: {known}.", kind="x", known="y"
    )
    assert "`x`" in text
    assert "There is" not in text
