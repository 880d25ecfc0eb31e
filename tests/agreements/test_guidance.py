"""What somebody is told who asks before sharing: yes, yes without these, ask these people, it depends, no."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from agreements.parts import (
    ELSEWHERE,
    FIND,
    FULL,
    HEAD,
    HERE,
    NOON,
    PERMIT,
    SIGHTING,
    THERE,
    agreement,
    ask,
    catalogue,
    changed,
    record,
)
from entente.agreements import (
    Agreement,
    Alternative,
    Ask,
    Guidance,
    Limits,
    Neighbour,
    Telling,
    alternatives,
    guide,
    sketch,
)
from entente.records import Value
from entente.vocabulary import LANGUAGES, phrasebook

WORDS = catalogue().vocabulary
WHOLE = changed(PERMIT, fields=str([f"find.{field.name}" for field in FIND.fields]))
OFFICER = changed(PERMIT, release='"officer"')
TWO = changed(PERMIT, release='"two-officers"')
IF_NORTH = changed(PERMIT, when='[{ field = "border", equals = "north" }]')
FORBID = """
    [[provision]]
    id = "2.1"
    reference = "art. 2(1)"
    text.en = "No masses."
    effect = "forbid"
    giver = ["ca.cbsa"]
    kinds = ["find"]
    fields = ["find.mass_g"]
"""
UNLESS_FINAL = changed(FORBID, when='[{ field = "is_final", equals = false }]')
THREE = changed(HEAD, parties='["ca.cbsa", "us.cbp", "us.dea"]')


def unknown_find(**stated: Value) -> Ask:
    return replace(ask(), record=sketch(FIND, stated, HERE, NOON))


def guided(asked: Ask, *texts: Agreement, known: Mapping[str, object] | None = None) -> Guidance:
    return guide(asked, texts, WORDS, None if known is None else frozenset(known))


def told(found: Guidance, language: str = "en") -> str:
    return Telling(found, WORDS, phrasebook(language)).answer()


def test_yes_when_all_of_the_record_goes() -> None:
    found = guided(ask(), agreement(WHOLE))
    assert (found.answer, found.needs) == ("yes", 0)
    assert found.fields("goes") == FULL.keys()
    assert told(found).startswith("Yes. All of it may go to U.S. Customs and Border Protection")


def test_yes_without_what_is_forbidden_or_not_permitted() -> None:
    found = guided(ask(), agreement(PERMIT, FORBID))
    assert found.answer == "yes-without"
    assert found.fields("goes") == {"drug", "pieces", "border"}
    by_provision = {frozenset(g.ref.provision for g in part.grounds): part for part in found.parts}
    assert by_provision[frozenset({"2.1"})].fields == ("mass_g",)
    assert by_provision[frozenset()].verdict == "stays"
    assert found.is_forbidden


@pytest.mark.parametrize(("text", "number", "said"), [(OFFICER, 1, "Ask a releasing officer"), (TWO, 2, "Ask two")])
def test_ask_where_officers_must_agree(text: str, number: int, said: str) -> None:
    found = guided(ask(), agreement(text))
    assert (found.answer, found.needs) == ("ask", number)
    assert told(found).startswith(said)
    assert "a part of it" in told(found)
    assert found.then.fields == ("border", "drug", "mass_g", "pieces")
    assert found.now.fields == ()


def test_what_concerns_a_person_always_needs_one() -> None:
    text = changed(PERMIT, kinds='["sighting"]', fields='["class:identity", "class:operational", "sighting.seen_on"]')
    about = record({"number": "S-1", "person": "A person"}, kind=SIGHTING)
    found = guided(ask(about), agreement(text))
    assert (found.answer, found.needs) == ("ask", 1)
    assert found.fields("asks") == {"number", "person"}


def test_ask_the_originator_for_what_others_said() -> None:
    found = guided(ask(record(said_by=ELSEWHERE)), agreement(PERMIT))
    assert found.answer == "ask"
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.details) == ("third-party", (ELSEWHERE,))
    assert "not ours to pass on" in told(found)


def test_ask_those_who_sign_where_nothing_is_in_force() -> None:
    found = guided(ask())
    assert (found.answer, found.refusal and found.refusal.code) == ("ask", "nothing-in-force")


def test_no_where_no_provision_gives_it_or_all_is_forbidden() -> None:
    assert guided(ask(purpose="prosecution"), agreement(PERMIT)).answer == "no"
    forbidden = guided(ask(), agreement(PERMIT, changed(FORBID, fields="")))
    assert forbidden.answer == "no"
    assert told(forbidden).startswith("No. Nothing of it may go")


def test_no_where_the_limits_of_the_record_say_so() -> None:
    limited = replace(ask(), limits=Limits(purposes=("investigation",)))
    found = guided(limited, agreement(PERMIT))
    assert (found.answer, found.refusal and found.refusal.code) == ("no", "inherited-purpose")


def test_it_depends_on_what_is_not_known_and_says_on_what() -> None:
    found = guided(unknown_find(), agreement(IF_NORTH), known={})
    assert (found.answer, found.unknown) == ("depends", ("border",))
    assert "border is North." in told(found)
    assert guided(unknown_find(border="north"), agreement(IF_NORTH), known={"border": 1}).fields("goes")
    south = guided(unknown_find(border="south"), agreement(IF_NORTH), known={"border": 1})
    absent = guided(unknown_find(), agreement(IF_NORTH), known={"border": 1})
    assert south.answer == absent.answer == "no"


def test_facts_that_change_nothing_are_not_asked_for() -> None:
    only_north = changed(IF_NORTH, purposes='["prosecution"]')
    assert guided(unknown_find(), agreement(PERMIT, only_north.replace("1.1", "1.2")), known={}).unknown == ()


def test_a_forbid_that_hangs_on_a_fact_is_told_with_it() -> None:
    found = guided(unknown_find(), agreement(PERMIT, UNLESS_FINAL), known={})
    assert (found.answer, found.unknown) == ("yes-without", ("is_final",))
    (part,) = [part for part in found.parts if part.verdict == "depends"]
    assert part.fields == ("mass_g",)
    sayer = Telling(found, WORDS, phrasebook("en"))
    assert any("forbids it, unless" in sayer.ground(ground) for ground in part.grounds)
    assert "is_final is no." in sayer.question("is_final")


def test_conditions_on_two_fields_are_tried_together() -> None:
    """A list as of the day in another field: ketamine was watched until 2024."""
    watched = changed(PERMIT, when='[{ field = "drug", listed_in = "watched", on = "found_on" }]')
    text = agreement(watched)
    assert guided(unknown_find(drug="ketamine"), text, known={"drug": 1}).answer == "depends"
    assert guided(unknown_find(drug="heroin"), text, known={"drug": 1}).answer == "depends"
    assert guided(unknown_find(drug="cocaine"), text, known={"drug": 1}).answer == "no"
    later: dict[str, Value] = {"drug": "ketamine", "found_on": date(2025, 1, 1)}
    assert guided(unknown_find(**later), text, known=later).answer == "no"
    then: dict[str, Value] = {"drug": "ketamine", "found_on": date(2024, 12, 31)}
    assert guided(unknown_find(**then), text, known=then).answer == "yes-without"


def test_contradictory_conditions_never_make_hope() -> None:
    """North and south at once cannot be, whatever the border turns out to be."""
    both = changed(PERMIT, when='[{ field = "border", equals = "north" }, { field = "border", equals = "south" }]')
    assert guided(unknown_find(), agreement(both), known={}).answer == "no"


def neighbours(*texts: Agreement) -> list[Neighbour]:
    return [Neighbour(party=party, roles=frozenset({"enforcement"}), agreements=texts) for party in (THERE, ELSEWHERE)]


def others(found: Guidance, *texts: Agreement) -> list[tuple[str, str, str]]:
    here, *rest = neighbours(*texts)
    return [(one.change, one.code, one.guidance.answer) for one in alternatives(found, here, rest, WORDS)]


def test_what_would_make_it_possible_is_named_nearest_first() -> None:
    text = agreement(
        changed(PERMIT, purposes='["investigation"]'),
        changed(PERMIT, id='"1.2"', occasion='"on-request"'),
        changed(PERMIT, id='"1.3"', receiver='["us.dea"]'),
        head=THREE,
    )
    found = guided(ask(), text)
    assert found.answer == "no"
    assert others(found, text) == [
        ("occasion", "on-request", "yes-without"),
        ("purpose", "investigation", "yes-without"),
        ("receiver", ELSEWHERE, "yes-without"),
    ]


def test_no_other_receiver_is_named_where_a_forbid_keeps_it_back_or_others_said_it() -> None:
    to_dea = changed(PERMIT, id='"1.3"', receiver='["us.dea"]')
    forbidden = agreement(PERMIT, to_dea, changed(FORBID, fields="", receiver='["us.cbp"]'), head=THREE)
    assert others(guided(ask(), forbidden), forbidden) == []
    third = guided(ask(record(said_by=ELSEWHERE)), agreement(to_dea, head=THREE))
    assert others(third, agreement(to_dea, head=THREE)) == []


def test_of_what_is_not_at_hand_those_are_named_on_whose_behalf_it_would_go() -> None:
    text = agreement(changed(PERMIT, on_behalf_of='["us.dea"]'), head=THREE)
    here = neighbours(text)[0]
    unstated = guided(unknown_find(), text, known={})
    (only,) = alternatives(unstated, here, (), WORDS, frozenset())
    assert (unstated.answer, only.change, only.code) == ("no", "said-by", ELSEWHERE)
    assert only.guidance.answer == "yes-without"
    said = Telling(unstated, WORDS, phrasebook("en")).alternative(only)
    assert said.startswith("If it was said by U.S. Drug Enforcement Administration")
    assert alternatives(guided(ask(), text), here, (), WORDS) == ()  # a record at hand says by whom it was said
    theirs = replace(ask(), record=sketch(FIND, {}, ELSEWHERE, NOON))
    assert guided(theirs, text, known={}).answer == "yes-without"


def test_an_emergency_is_named_where_it_would_help() -> None:
    rescue = changed(PERMIT, occasion='"emergency"', purposes='["rescue"]', release='"officer"')
    text = agreement(rescue)
    found = guided(ask(), text)
    assert ("occasion", "emergency", "ask") in others(found, text)
    urgent = guided(ask(purpose="rescue", occasion="emergency"), text)
    assert (urgent.answer, urgent.needs) == ("ask", 1)


def test_it_is_told_in_every_language_without_a_value_of_the_record() -> None:
    text = agreement(
        PERMIT, changed(UNLESS_FINAL, id='"2.2"'), changed(IF_NORTH, id='"1.2"', purposes='["prosecution"]')
    )
    found = guided(ask(), text)
    here, *rest = neighbours(text)
    better: tuple[Alternative, ...] = alternatives(found, here, rest, WORDS)
    for language in LANGUAGES:
        sayer = Telling(found, WORDS, phrasebook(language))
        grounds = [sayer.ground(ground) for part in found.parts for ground in part.grounds]
        said = [sayer.answer(), *map(sayer.part, found.parts), *grounds, *map(sayer.alternative, better)]
        assert all(said)
        for value in ("F-1", "Lacolle", "in the spare wheel", "A person"):
            assert value not in " ".join(said)


def test_too_many_open_facts_promise_nothing() -> None:
    """More ways than can be tried: nothing is certain but what no provision speaks of."""
    routes = ", ".join(f'{{ field = "mass_g", at_least = {number} }}' for number in range(1, 40))
    pieces = ", ".join(f'{{ field = "pieces", at_most = {number} }}' for number in range(100, 180))
    days = ", ".join(f'{{ field = "found_on", after = 2026-01-{day:02} }}' for day in range(1, 29))
    text = agreement(changed(PERMIT, when=f"[{routes}, {pieces}, {days}]"))
    found = guided(unknown_find(), text, known={})
    assert not found.is_exact
    assert found.answer == "depends"
    assert found.fields("depends") == {"border", "drug", "mass_g", "pieces"}
    assert "place" in found.fields("stays")
