"""Words come from files, say where they come from, and are defined once."""

from collections import Counter
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
country = "nl"
[[dated.forbidden.entry]]
code = "red"
since = 2020-01-01
until = 2020-12-31
reference = "s. 1"
"""


def vocabulary(text: str, file: str = "test.toml") -> Vocabulary:
    return read_vocabulary(file, text.encode(), "sha256:0")


def more_colours(code: str) -> Vocabulary:
    return vocabulary(
        f'[list.colour]\nsource = "a second painter"\n[list.colour.term.{code}]\nen="x"\nfr="y"\nes="z"\n', "more.toml"
    )


def test_a_file_gives_lists_mappings_and_dated_lists() -> None:
    words = vocabulary(COLOURS)
    red = words.list("colour").term("red")
    assert [red.label(language) for language in LANGUAGES] == ["Red", "Rouge", "Rojo"]
    assert red.attributes == {"warmth": 3}
    assert words.mappings["native-colour"].codes == {"Crimson": "red"}
    assert words.mappings["native-colour"].version == "2"
    assert words.dated["forbidden"].digest == "sha256:0"
    assert words.dated["forbidden"].country == "nl"
    assert vocabulary(COLOURS.replace('country = "nl"\n', "")).dated["forbidden"].country is None


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


def test_a_term_that_is_defined_twice_is_refused_with_both_files_and_what_to_do() -> None:
    with pytest.raises(UnreadableVocabulary) as caught:
        vocabulary(COLOURS).joined([more_colours("red")])
    said = str(caught.value)
    assert "The vocabulary file more.toml" in said
    assert "the term `red` of the list `colour` is in test.toml already, for all to use; leave it out" in said


def test_a_mapping_or_dated_list_that_is_defined_twice_is_refused_with_both_files() -> None:
    _, heading, rest = COLOURS.partition("[mapping")
    _, dated_heading, dated = COLOURS.partition("[dated")
    for again, name in ((heading + rest, "native-colour"), (dated_heading + dated, "forbidden")):
        with pytest.raises(UnreadableVocabulary, match=rf"again\.toml .*`{name}` is in test\.toml already"):
            vocabulary(COLOURS).joined([vocabulary(again, "again.toml")])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (COLOURS.replace('fr = "Rouge"\n', ""), "the term `red` of the list `colour` has no `fr`"),
        (COLOURS.replace('fr = "Rouge"\n', "fr = 3\n"), "`fr` of the term `red` of the list `colour` is not a text"),
        (COLOURS.replace('source = "a painter"\n', ""), "the list `colour` has no `source`"),
        (
            COLOURS.replace('reference = "s. 1"\n', ""),
            "the entry `red` of the dated list `forbidden` has no `reference`",
        ),
        (COLOURS.replace('"nl"', "1"), "`country` of the dated list `forbidden` is not a text"),
        (COLOURS.replace('code = "red"\n', ""), "an entry of the dated list `forbidden` has no `code`"),
        (COLOURS.replace('version = "2"\n', ""), "the mapping `native-colour` has no `version`"),
        (COLOURS + "\n[list.colour]\n", "line 25"),
        ("[list]\ncolour = 3", "`colour` of `list` of the file is not a table"),
        ("[list.colour]\nsource = 's'\nterm = 3", "`term` of the list `colour` is not a table"),
        ("[dated.forbidden]\nsource = 's'\nentry = [1]", "test.toml"),
        ("list = 3", "`list` of the file is not a table"),
        ("not toml at all", "line 1"),
    ],
)
def test_an_incomplete_file_is_refused_with_what_is_missing_and_where(text: str, why: str) -> None:
    with pytest.raises(UnreadableVocabulary) as caught:
        vocabulary(text)
    assert "The vocabulary file test.toml cannot be used" in str(caught.value)
    assert why in str(caught.value)


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


def test_every_dated_list_says_in_which_country_it_is_law() -> None:
    words = house_vocabulary()
    assert {name: one.country for name, one in words.dated.items()} == {"ca.cdsa": "ca", "us.csa": "us"}
    assert {one.country for one in words.dated.values()} <= words.list("country").terms.keys()


@pytest.mark.parametrize("name", ["place", "offence-class"])
def test_what_lies_within_another_term_leads_to_one_that_lies_within_none(name: str) -> None:
    terms = house_vocabulary().list(name).terms
    within = {code: term.attributes["within"] for code, term in terms.items() if "within" in term.attributes}
    assert within
    assert set(within.values()) <= terms.keys() - within.keys()


def test_places_are_the_countries_and_codes_that_begin_with_theirs() -> None:
    words = house_vocabulary()
    places = words.list("place").terms
    inside = {code for code, place in places.items() if "within" in place.attributes}
    assert places.keys() - inside == set(words.list("country").terms)
    assert all(places[code].attributes["within"] == code.partition("-")[0] for code in inside)
    counted = Counter(code.partition("-")[0] for code in inside)
    assert counted == {"ca": 10 + 3, "us": 50 + 1 + 6}


def test_every_word_of_the_house_is_said_in_three_languages() -> None:
    silent = [
        f"{code_list.name}.{term.code} in {language}"
        for code_list in house_vocabulary().lists.values()
        for term in code_list.terms.values()
        for language in LANGUAGES
        if not term.labels[language].strip()
    ]
    assert silent == []
