"""What a provision makes the program do, in words: alike on screens and terminals, in three languages."""

import pytest

from entente.agreements import model_bytes, read_agreement
from entente.agreements.telling.provision_said import Fact, head_said, provision_said
from entente.cli.house import catalogue
from entente.vocabulary import phrasebook

EMERGENCY, NEIGHBOURS = "emergency-release", "tribal-police-neighbours"


def said(model: str, provision_id: str, language: str = "en") -> dict[str, list[str]]:
    text = read_agreement(model_bytes(model), catalogue())
    provision = text.provision(provision_id)
    assert provision is not None
    return listed(provision_said(text, provision, catalogue(), phrasebook(language)))


def listed(facts: list[Fact]) -> dict[str, list[str]]:
    return {name: [*values] for name, values in facts}


def test_a_permit_says_who_gives_what_to_whom_and_how_it_is_held() -> None:
    told = said(EMERGENCY, "1.1")
    assert "Royal Canadian Mounted Police" in told["Gives"]
    assert told["Kinds of record"] == ["Occurrence"]
    assert "Risk to life is one of: Possible, Immediate." in told["Only where"]
    assert told["When it goes"] == ["Emergency: life is at risk"]
    assert {"Who lets it go", "Legal basis", "Caveats", "What the receiver owes"} <= told.keys()


def test_a_role_is_told_with_the_parties_it_stands_for() -> None:
    text = read_agreement(model_bytes(EMERGENCY), catalogue())
    (by_role,) = (found for found in text.provisions if found.roles)
    (told,) = said(EMERGENCY, by_role.id)["Chosen by role"]
    assert told.startswith("Rescues people: ")
    assert all(catalogue().vocabulary.label("party", code, "en") in told for code in by_role.receiver or ())


def test_the_head_names_the_zone_and_who_signs_beside_the_parties() -> None:
    text = read_agreement(model_bytes(NEIGHBOURS), catalogue())
    source = model_bytes(EMERGENCY).replace(b"\nzone = ", b'\nalso_signed_by = ["us.dea"]\nzone = ', 1)
    assert listed(head_said(text, catalogue(), phrasebook("en")))["Time zone"] == [text.zone]
    head = listed(head_said(read_agreement(source, catalogue()), catalogue(), phrasebook("en")))
    assert head["Also signed by"] == ["U.S. Drug Enforcement Administration"]


@pytest.mark.parametrize("language", ["fr", "es"])
def test_it_is_said_in_the_language_of_the_reader(language: str) -> None:
    english, told = said(EMERGENCY, "1.1"), said(EMERGENCY, "1.1", language)
    assert len(told) == len(english)
    assert not told.keys() & english.keys()
