"""A provision that is told to do nothing can be taken out, and no decision is another; what was planted dead is
found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from agreements import worlds
from agreements.parts import HERE, PERMIT, THERE, agreement, catalogue, changed
from entente.agreements import Agreement, Ask, Decision, Provision, decide
from entente.agreements.care.dead import on_dead, on_impossible

WORDS = catalogue().vocabulary
ALONE = frozenset({"always-forbidden", "needless", "strikes-nothing", "ruled-out-by-caveat"})


def dead(text: Agreement) -> dict[str, str]:
    """Provisions that do nothing, with the code of the first remark that says so."""
    told = [one for one in on_dead(text, catalogue()) if one.code == "needless" or one.severity != "warning"]
    return {one.part: one.code for one in reversed(told)}


def without(text: Agreement, name: str) -> Agreement:
    return replace(text, provisions=tuple(found for found in text.provisions if found.id != name))


def result(found: Decision) -> tuple[object, ...]:
    return (found.outcome, found.fields, found.waiting, found.needs, found.caveats, found.duties, found.purposes)


def asks(rng: Random) -> Iterator[Ask]:
    for _ in range(12):
        yield worlds.either_ask(rng)


def told_dead(number: int) -> Iterator[tuple[Agreement, str, Random]]:
    rng = Random(number)
    text = worlds.agreement(rng, max_forbids=4)
    for name, code in dead(text).items():
        if code in ALONE:
            yield text, name, rng
    for provision in text.provisions:
        remarks = list(on_impossible(text, provision, catalogue()))
        if provision.effect == "permit" and len(remarks) == len(provision.kinds or ()):
            yield text, provision.id, rng


def test_what_is_told_dead_never_changes_a_decision() -> None:
    compared = released = 0
    for number in range(160):
        for text, name, rng in told_dead(number):
            for ask in asks(rng):
                before = result(decide(ask, [text], WORDS))
                assert before == result(decide(ask, [without(text, name)], WORDS)), (number, name)
                compared += 1
                released += before[0] != "withhold"
    assert compared > 500
    assert released > 10


def test_permits_that_are_forbidden_whole_by_planted_forbids_are_found() -> None:
    for number in range(150):
        rng = Random(number)
        text = worlds.agreement(rng, max_forbids=0)
        planted = rng.choice([found for found in text.provisions if _gives(found, text)] or [None])
        if planted is None:
            continue
        forbids = tuple(_pieces(planted, rng))
        found = dead(replace(text, provisions=(*text.provisions, *forbids)))
        assert found.get(planted.id) == "always-forbidden", (number, planted)


def _gives(permit: Provision, text: Agreement) -> bool:
    pairs = [(g, r) for g in permit.giver for r in permit.receiver or () if g != r and {g, r} <= set(text.parties)]
    is_valid = permit.valid_from <= text.valid_until and permit.valid_until >= text.valid_from
    kinds = [catalogue().kinds[name] for name in permit.kinds or ()]
    return bool(pairs) and is_valid and any(permit.fields_of(kind) for kind in kinds)


def _pieces(permit: Provision, rng: Random) -> Iterator[Provision]:
    """Forbids that leave nothing of `permit`, cut by day or by purpose."""
    whole = replace(permit, id="w", effect="forbid", when=(), receiver=rng.choice((None, permit.receiver)))
    if rng.random() < 0.5 and permit.valid_from < permit.valid_until:
        middle = permit.valid_from + (permit.valid_until - permit.valid_from) / 2
        yield replace(whole, id="w1", valid_until=middle)
        yield replace(whole, id="w2", valid_from=middle + timedelta(days=1))
    else:
        for purpose in permit.purposes or ():
            yield replace(whole, id=f"w-{purpose}", purposes=(purpose,))


def test_permits_planted_beside_a_laxer_one_are_found() -> None:
    for number in range(150):
        text = worlds.agreement(Random(number), max_forbids=0)
        lax = next((found for found in text.provisions if _gives(found, text)), None)
        if lax is not None:
            strict = replace(lax, id="strict", release="two-officers", duties={})
            told = on_dead(replace(text, provisions=(*text.provisions, strict)), catalogue())
            assert ("strict", "needless") in {(one.part, one.code) for one in told}, number


BASE = changed(PERMIT, id='"1.2"')


@pytest.mark.parametrize(
    ("change", "is_needless"),
    [
        ({}, True),
        ({"fields": '["find.border"]'}, True),
        ({"fields": '["find.border", "find.place"]'}, False),
        ({"release": '"officer"'}, True),
        ({"caveats": '["no-onward", "not-evidence"]'}, False),  # it adds a caveat where both apply
        ({"duties": "{ retain_days = 30, feedback_days = 30 }"}, False),
        ({"duties": "{ retain_days = 900 }"}, True),
        ({"purposes": '["statistics"]'}, False),
        ({"occasion": '"on-request"'}, True),
        ({"when": '[{ field = "border", equals = "north" }]'}, True),
        ({"valid_until": "2026-12-31"}, True),
        ({"release": '"two-officers"', "training_days": "365"}, True),
        ({"legal_bases": '["ca.privacy-act-8-2-f"]'}, False),
    ],
)
def test_a_permit_is_needless_only_when_it_neither_gives_nor_imposes_more(
    change: dict[str, str],
    is_needless: bool,  # noqa: FBT001
) -> None:
    text = agreement(PERMIT, changed(BASE, **change))
    assert (dead(text).get("1.2") == "needless") is is_needless


@pytest.mark.parametrize(
    "change",
    [
        {"valid_until": "2026-12-31"},
        {"occasion": '"on-request"'},
        {"when": '[{ field = "border", equals = "north" }]'},
        {"release": '"officer"'},
        {"caveats": '["no-onward", "statistical-use-only"]'},  # which rules out investigation
        {"fields": '["find.border"]'},
        {"receiver": '["ca.cbsa"]', "giver": '["us.cbp"]'},
    ],
)
def test_beside_one_that_gives_less_a_permit_is_needed(change: dict[str, str]) -> None:
    assert "1.2" not in dead(agreement(changed(PERMIT, **change), BASE))


@pytest.mark.parametrize(("until", "is_dead"), [("2026-12-31", True), ("2026-12-30", False)])
def test_forbids_that_leave_a_day_between_them_leave_something(until: str, is_dead: bool) -> None:  # noqa: FBT001
    forbids = (
        changed(STOP, fields="", purposes="", valid_until=until),
        changed(STOP, id='"9.2"', fields="", purposes="", valid_from="2027-01-01"),
    )
    assert (dead(agreement(PERMIT, *forbids)).get("1.1") == "always-forbidden") is is_dead


def test_a_forbid_for_all_partners_is_there_against_other_texts() -> None:
    idle = changed(STOP, fields='["class:free-text"]')
    assert dead(agreement(PERMIT, idle)) == {"9.1": "strikes-nothing"}
    assert dead(agreement(PERMIT, changed(idle, scope='"all-partners"'))) == {}


RESCUE = changed(
    PERMIT, purposes='["rescue"]', occasion='"emergency"', release='"officer"', fields='["find.place", "find.drug"]'
)
STOP = """
    [[provision]]
    id = "9.1"
    reference = "art. 9"
    text.en = "No places."
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:location"]
    purposes = ["rescue"]
"""


def test_an_emergency_is_stopped_only_by_a_forbid_that_names_rescue() -> None:
    found = {(one.part, one.code) for one in on_dead(agreement(RESCUE, STOP), catalogue())}
    assert found == {("1.1", "emergency-struck")}
    every_field = changed(STOP, fields="")
    assert dead(agreement(RESCUE, every_field)) == {"1.1": "always-forbidden"}
    for_anything = changed(every_field, purposes="")
    assert dead(agreement(RESCUE, for_anything)) == {"9.1": "strikes-nothing"}


@pytest.mark.parametrize(
    ("when", "is_idle"),
    [
        ('[{ field = "mass_g", at_most = 9 }]', True),
        ('[{ field = "mass_g", at_most = 10 }]', False),
        ('[{ field = "border", equals = "north" }]', False),
    ],
)
def test_a_forbid_that_the_conditions_of_every_permit_exclude_strikes_nothing(when: str, is_idle: bool) -> None:  # noqa: FBT001
    text = agreement(
        changed(PERMIT, when='[{ field = "mass_g", at_least = 10 }]'),
        changed(STOP, fields='["class:substance"]', purposes="", when=when),
    )
    assert dead(text) == ({"9.1": "strikes-nothing"} if is_idle else {})
    assert {HERE, THERE} == set(text.parties)
