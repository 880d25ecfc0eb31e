"""Explanations: every withheld field names its provision or the absence of one, and what would make it possible."""

from dataclasses import replace
from datetime import date

import pytest

from agreements.parts import (
    CLINIC,
    ELSEWHERE,
    HEAD,
    PERMIT,
    agreement,
    ask,
    catalogue,
    changed,
    decided,
    record,
)
from entente.agreements import Agreement, Ask, Limits, explain, explain_json
from entente.signing import canonical, parse
from entente.vocabulary import phrasebook

FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9(1)"
    text.en = "No persons from the south."
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:identity"]
    when = [{ field = "border", equals = "south" }]
"""


def said(asked: Ask, *texts: Agreement, language: str = "en") -> str:
    return "\n".join(explain(decided(asked, *texts), catalogue().vocabulary, phrasebook(language)))


def withheld(asked: Ask, field: str, *provisions: str) -> str:
    lines = said(asked, agreement(*provisions)).split("\n")
    return next(line for line in lines if line.startswith("Withheld") and field in line)


def test_a_release_says_what_goes_under_what_and_how_it_is_handled() -> None:
    between = "Canada Border Services Agency and U.S. Customs and Border Protection"
    giver, receiver = between.split(" and ", 1)
    purposes = ("Criminal investigation", "Public statistics and accountability")
    stays = "number, place, found_on, told_at, is_final, routes, notes, person, "
    stays += "born_on, consent, subject, land, worth, currency"
    caveat = catalogue().vocabulary.label("caveat", "no-onward", "en")
    assert said(ask(), agreement(PERMIT)).split("\n") == [
        f"{giver} may give to {receiver} for {purposes[1]}: border, drug, mass_g, pieces.",
        "It goes under test v1, provision 1.1.",
        f"It may be used for: {', '.join(purposes)}.",
        f"Caveats: {caveat}.",
        "Days until feedback is due: 30.",
        "Days it may be kept: 365.",
        f"Withheld: {stays}. Not permitted by any provision between {between}.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"purposes": '["investigation"]'}, "It would be released for: Criminal investigation."),
        ({"occasion": '"on-hit"'}, "It would be released on another occasion: On a hit."),
        ({"valid_until": "2026-05-01"}, "It is valid from 2026-01-01 until 2026-05-01."),
        ({"release": '"officer"'}, "It needs a releasing officer."),
        ({"release": '"two-officers"'}, "It needs two releasing officers."),
        ({"when": '[{ field = "border", equals = "south" }]'}, "border is not South."),
        ({"when": '[{ field = "drug", one_of = ["lsd", "khat"] }]'}, "drug is none of: LSD, Khat (Catha edulis)."),
        ({"when": '[{ field = "mass_g", at_least = 100 }]'}, "mass_g is below 100."),
        ({"when": '[{ field = "mass_g", at_most = 0.5 }]'}, "mass_g is above 0.5."),
        ({"when": '[{ field = "found_on", before = 2026-01-01 }]'}, "found_on is not before 2026-01-01."),
        ({"when": '[{ field = "found_on", after = 2026-06-01 }]'}, "found_on is not after 2026-06-01."),
        ({"when": '[{ field = "drug", not_listed_in = "watched" }]'}, "drug is on the list watched."),
        ({"when": '[{ field = "routes", includes = "south" }]'}, "routes does not include South."),
        ({"when": '[{ field = "routes", only = ["south"] }]'}, "routes includes something other than: South."),
    ],
)
def test_a_near_miss_says_what_is_missing(change: dict[str, str], sentence: str) -> None:
    line = withheld(ask(), "place", changed(PERMIT, fields='["find.place"]', **change))
    assert line == f"Withheld: place. Nearest is test v1, provision 1.1: {sentence}"


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ('field = "drug", listed_in = "watched"', "drug was not on the list watched on the day “found_on”."),
        (
            'field = "drug", controlled_in = "nl"',
            "drug was, on the day “found_on”, on no list of",
        ),
        (
            'field = "born_on", is_minor = true',
            "is that of a person who was of full age on the day “found_on”.",
        ),
    ],
)
def test_what_failed_on_another_day_says_on_which(condition: str, sentence: str) -> None:
    bare = ask(record({"drug": "cocaine", "place": "x", "found_on": date(2026, 4, 1), "born_on": date(1990, 5, 2)}))
    when = f'[{{ {condition}, on = "found_on" }}]'
    assert sentence in withheld(bare, "place", changed(PERMIT, fields='["find.place"]', when=when))


def test_what_is_unknown_or_absent_is_said_so() -> None:
    bare = ask(record({"number": "F-2", "drug": "other", "place": "x"}))
    listed = changed(PERMIT, fields='["find.place"]', when='[{ field = "drug", listed_in = "watched" }]')
    assert "drug is not known, and the provision depends on it." in withheld(bare, "place", listed)
    present = changed(PERMIT, fields='["find.place"]', when='[{ field = "notes", is_present = true }]')
    assert "notes is missing." in withheld(bare, "place", present)
    unlisted = ask(record({"drug": "cocaine", "place": "x"}))
    assert "drug is not on the list watched." in withheld(unlisted, "place", listed)


def test_the_second_of_two_officers_is_asked_for() -> None:
    line = withheld(ask(officers=1), "place", changed(PERMIT, fields='["find.place"]', release='"two-officers"'))
    assert line.endswith("It needs a second releasing officer.")


def test_at_most_three_near_misses_the_nearest_first() -> None:
    far = '[{ field = "border", equals = "south" }, { field = "mass_g", at_least = 100 }]'
    near = '[{ field = "border", equals = "south" }]'
    provisions = [
        changed(PERMIT, id=f'"1.{number}"', fields='["find.place"]', when=when)
        for number, when in enumerate([far, near, far, near, far])
    ]
    place = next(found for found in decided(ask(), agreement(*provisions)).withheld if found.field == "place")
    assert [miss.provision.provision for miss in place.near_misses] == ["1.1", "1.3", "1.0"]


def test_a_forbid_is_named_with_what_could_not_be_judged() -> None:
    south = ask(record({"border": "south", "person": "x", "drug": "lsd"}))
    assert (
        withheld(south, "person", PERMIT, FORBID) == "Withheld: person, born_on. Forbidden by test v1, provision 9.1."
    )
    somewhere = ask(record({"person": "x", "drug": "lsd"}))
    line = withheld(somewhere, "person", PERMIT, FORBID)
    assert line.endswith("border is not known, and the provision depends on it.")


def test_reasons_for_the_whole_are_said_once() -> None:
    assert "is in force, so nothing leaves." in said(ask())
    assert "not ours to pass on" in said(ask(record(said_by=ELSEWHERE)), agreement(PERMIT))
    health = agreement(changed(PERMIT, kinds='["clinic-count"]', fields='["class:health"]'))
    about = ask(record({"clinic": "C", "visits": 3}, kind=CLINIC))
    assert "Only parties with this role may hold it: Protects health." in said(about, health)
    assert "holds nothing of what is permitted" in said(ask(record({"number": "F"})), agreement(PERMIT))
    one_way = changed(PERMIT, giver='["us.cbp"]', receiver='["ca.cbsa"]')
    assert "permits any of it" in said(ask(), agreement(one_way))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(purposes=("investigation",)), "By the limits of what it rests on, it serves nothing but: Criminal"),
        (Limits(purposes=()), "for purposes that have nothing in common, so it serves none."),
        (Limits(agreements=("sha256:1",)), "under one agreement; it goes under that one or its successor only."),
        (Limits(agreements=("sha256:1", "sha256:2")), "several agreements, and none here stands for all of them."),
    ],
)
def test_limits_are_explained(limits: Limits, sentence: str) -> None:
    told = said(replace(ask(), limits=limits), agreement(PERMIT))
    assert sentence in told
    assert "Not permitted by any provision" not in told


def test_what_a_kind_serves_is_explained() -> None:
    asked = ask(purpose="investigation")
    told = said(replace(asked, kind=replace(asked.kind, only_for=("statistics",))), agreement(PERMIT))
    assert "This kind of record serves nothing but: Public statistics and accountability." in told
    told = said(replace(asked, kind=replace(asked.kind, only_for=())), agreement(PERMIT))
    assert "This kind of record serves no purpose of any agreement." in told


def test_a_field_nobody_knows_is_reported() -> None:
    assert "never go: shoe_size." in said(ask(record({"drug": "lsd", "shoe_size": "44"})), agreement(PERMIT))


def test_a_stored_explanation_says_the_same() -> None:
    decision = decided(ask(), agreement(PERMIT, FORBID))
    stored = parse(canonical(decision.to_json()))
    words, book = catalogue().vocabulary, phrasebook("en")
    assert explain_json(stored, words, book) == explain(decision, words, book)


def test_labels_are_in_the_language_of_the_reader() -> None:
    assert "Agence des services frontaliers du Canada" in said(ask(), agreement(PERMIT), language="fr")
    assert "Agencia de Servicios Fronterizos de Canadá" in said(ask(), agreement(PERMIT), language="es")


def test_another_agreement_would_permit_it() -> None:
    small = agreement(changed(PERMIT, fields='["find.place"]'), head=changed(HEAD, name='"small"'))
    assert "one agreement must permit all that goes in a message" in said(ask(), small, agreement(PERMIT))
