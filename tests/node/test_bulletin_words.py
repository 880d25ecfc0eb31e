"""Words that hurt are found in each language, however they are written, and only as words; and somebody answers."""

import pytest

from entente.cli.house import catalogue
from entente.node.bulletin_floor import FLOOR, is_given_by_public
from entente.node.bulletin_words import WORDS, WordsToAnswer, check_words, words_that_hurt
from entente.vocabulary import LANGUAGES

VOCABULARY = catalogue().vocabulary


def found(**texts: str) -> list[str]:
    return [one.written for one in words_that_hurt(texts, VOCABULARY)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_list_is_found_and_none_of_what_to_say_instead(language: str) -> None:
    for term in VOCABULARY.list(WORDS).terms.values():
        for form in term.attributes["forms"][language]:
            assert form in found(**{language: f"Xx {form.upper()}, xx."})
        assert found(**{language: term.attributes["instead"][language]}) == [], term.code


def test_what_the_catalogue_advises_hurts_nobody() -> None:
    for name in ("bulletin-advice", "harm-reduction-service"):
        for term in VOCABULARY.list(name).terms.values():
            assert found(**term.labels) == [], term.code


@pytest.mark.parametrize("text", ["The addictive substance", "un service", "Address: 12", "abused", "el servicio"])
def test_a_part_of_a_word_is_no_word(text: str) -> None:
    assert [name for language in LANGUAGES for name in found(**{language: text})] == []


def test_capitals_and_lines_hide_nothing_and_accents_tell_words_apart() -> None:
    assert found(fr="DROGUE\u0301E") == found(fr="droguée") == ["droguée"]
    assert found(fr="Des drogues plus fortes") == [], "drugs are not those who use them"
    assert found(en="drug\n  user") == ["drug user"]


def test_a_word_is_judged_by_the_language_of_its_text() -> None:
    assert found(en="vicio") == []
    assert found(es="vicio") == ["vicio"]


def test_a_kept_word_has_its_reason() -> None:
    texts = {"en": "An addict wrote to us."}
    for kept in ({}, {"addict": "  "}, {"junkie": "quoted"}):
        with pytest.raises(WordsToAnswer):
            check_words(texts, kept, VOCABULARY)
    assert check_words(texts, {"Addict": "quoted"}, VOCABULARY) == "addict: quoted"
    assert check_words({"en": "Take care."}, {}, VOCABULARY) == ""


def test_the_list_names_its_source_and_that_nobody_has_confirmed_it() -> None:
    for name in (WORDS, FLOOR):
        assert VOCABULARY.list(name).source
        assert VOCABULARY.list(name).is_verified is False


def test_a_kind_that_is_not_known_here_counts_as_given_by_the_public() -> None:
    known = catalogue()
    assert is_given_by_public(known, ("test-count", "drug-checking-count"))
    assert not is_given_by_public(known, ("test-count", "harm-count"))
    assert is_given_by_public(known, ("something-of-tomorrow",))
