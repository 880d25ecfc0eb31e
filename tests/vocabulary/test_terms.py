"""Words come from files, say where they come from, and are defined once."""

from datetime import date

import pytest

from entente.vocabulary import (
    LANGUAGES,
    DatedEntry,
    DatedList,
    UnknownWord,
    UnreadableVocabulary,
    Vocabulary,
    house_vocabulary,
    read_vocabulary,
)

COLOURS = """
[list.colour]
source = "a painter"
verified = true
[list.colour.term.red]
en = "Red"
fr = "Rouge"
es = "Rojo"
warmth = 3
[mapping.native-colour]
version = "2"
source = "another painter"
to = "colour"
[mapping.native-colour.codes]
"Crimson" = "red"
[dated.forbidden]
source = "a law"
[[dated.forbidden.entry]]
code = "red"
since = 2020-01-01
until = 2020-12-31
reference = "s. 1"
"""


def vocabulary(text: str) -> Vocabulary:
    return read_vocabulary("test.toml", text.encode(), "sha256:0")


def more_colours(code: str) -> Vocabulary:
    return vocabulary(
        f'[list.colour]\nsource = "a second painter"\n[list.colour.term.{code}]\nen="x"\nfr="y"\nes="z"\n'
    )


def test_a_file_gives_lists_mappings_and_dated_lists() -> None:
    words = vocabulary(COLOURS)
    red = words.list("colour").term("red")
    assert [red.label(language) for language in LANGUAGES] == ["Red", "Rouge", "Rojo"]
    assert red.attributes == {"warmth": 3}
    assert words.mappings["native-colour"].codes == {"Crimson": "red"}
    assert words.mappings["native-colour"].version == "2"
    assert words.dated["forbidden"].digest == "sha256:0"


@pytest.mark.parametrize(
    ("on", "is_there"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2020, 12, 31), True),
        (date(2021, 1, 1), False),
    ],
)
def test_what_is_on_a_dated_list_depends_on_the_day(on: date, is_there: bool) -> None:  # noqa: FBT001  # a case
    assert vocabulary(COLOURS).dated["forbidden"].holds("red", on) is is_there


def test_a_dated_entry_may_be_open_at_either_end() -> None:
    entries = (DatedEntry("a", None, date(2020, 1, 1), "r"), DatedEntry("b", date(2020, 1, 1), None, "r"))
    dated = DatedList("list", "source", is_verified=True, digest="d", entries=entries)
    assert dated.holds("a", date(1, 1, 1))
    assert dated.holds("b", date(9999, 1, 1))
    assert not dated.holds("a", date(2020, 1, 2))
    assert not dated.holds("c", date(2020, 1, 1))


def test_two_files_add_terms_to_one_list_and_name_both_sources_once() -> None:
    joined = vocabulary(COLOURS).joined([more_colours("blue"), more_colours("green")])
    assert sorted(joined.list("colour").terms) == ["blue", "green", "red"]
    assert joined.list("colour").source == "a painter; a second painter"
    assert not joined.list("colour").is_verified


def test_a_term_or_mapping_that_is_defined_twice_is_refused() -> None:
    with pytest.raises(UnreadableVocabulary, match="red"):
        vocabulary(COLOURS).joined([more_colours("red")])
    with pytest.raises(UnreadableVocabulary, match="native-colour"):
        vocabulary(COLOURS).joined([vocabulary(COLOURS.partition("[mapping")[1] + COLOURS.partition("[mapping")[2])])


@pytest.mark.parametrize(
    "text",
    [
        COLOURS.replace('fr = "Rouge"\n', ""),
        COLOURS.replace('source = "a painter"\n', ""),
        COLOURS.replace('reference = "s. 1"\n', ""),
        COLOURS.replace('version = "2"\n', ""),
        COLOURS + "\n[list.colour]\n",
        "list = 3",
        "not toml at all",
    ],
)
def test_an_incomplete_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnreadableVocabulary, match=r"test\.toml"):
        vocabulary(text)


def test_an_unknown_word_is_answered_with_the_name_of_its_list() -> None:
    with pytest.raises(UnknownWord, match="`drug`"):
        house_vocabulary().list("drug").term("aspirin")
    with pytest.raises(UnknownWord, match="`colours`"):
        house_vocabulary().list("colours")


def test_a_label_of_an_unknown_code_is_the_code() -> None:
    assert house_vocabulary().label("drug", "aspirin", "fr") == "aspirin"
    assert house_vocabulary().label("colours", "red", "fr") == "red"
    assert house_vocabulary().label("drug", "heroin", "fr") == "H\u00e9ro\u00efne"


def test_every_party_has_a_kind_a_country_and_roles_that_exist() -> None:
    words = house_vocabulary()
    for party in words.list("party").terms.values():
        words.list("party-kind").term(party.attributes["kind"])
        words.list("country").term(party.attributes["country"])
        assert party.attributes["roles"]
        for role in party.attributes["roles"]:
            words.list("party-role").term(role)
        assert party.code.partition(".")[0] == party.attributes["country"]


def test_every_word_of_the_house_is_said_in_three_languages() -> None:
    silent = [
        f"{code_list.name}.{term.code} in {language}"
        for code_list in house_vocabulary().lists.values()
        for term in code_list.terms.values()
        for language in LANGUAGES
        if not term.labels[language].strip()
    ]
    assert silent == []
