"""Whether conditions can hold together is never guessed: what is told impossible no record makes true, and what is told
possible comes with a record."""

from random import Random

import pytest

from agreements import worlds
from agreements.parts import FIND, HEAD, PERMIT, agreement, catalogue, changed
from entente.agreements.care.satisfiable import Part, impossible_fields, span_of, together
from entente.agreements.deciding.conditions import Setting, conjunction
from entente.agreements.deciding.judging import judging

CASES = range(400)
MINOR_THEN_AND_NOT = """[
    { field = "found_on", is_minor = true, on = "told_at" },
    { field = "found_on", is_minor = false, on = "told_at" },
]"""
LISTED_ON_ONE_DAY_ONLY = """[
    { field = "drug", listed_in = "watched", on = "found_on" },
    { field = "drug", not_listed_in = "watched", on = "told_at" },
]"""


def impossible(when: str, **changes: str) -> bool:
    text = agreement(changed(PERMIT, when=when, **changes))
    (provision,) = text.provisions
    return bool(impossible_fields(text, provision, FIND, catalogue().vocabulary))


@pytest.mark.parametrize(
    "when",
    [
        '[{ field = "mass_g", at_least = 1, unit = "kg" }, { field = "mass_g", at_most = 999 }]',
        '[{ field = "found_on", age_days_at_least = 30 }, { field = "found_on", age_days_at_most = 29 }]',
        '[{ field = "found_on", age_days_at_most = 10 }, { field = "found_on", before = 2025-12-01 }]',
        '[{ field = "found_on", is_minor = true }, { field = "found_on", is_minor = false }]',
        '[{ field = "found_on", is_minor = true }, { field = "found_on", before = 2000-01-01 }]',
        MINOR_THEN_AND_NOT,
        '[{ field = "record.sure", equals = "confirmed" }, { field = "record.sure", equals = "reported" }]',
    ],
)
def test_what_can_never_hold_together_is_found(when: str) -> None:
    assert impossible(when)


@pytest.mark.parametrize(
    "when",
    [
        '[{ field = "mass_g", at_least = 1, unit = "kg" }, { field = "mass_g", at_most = 1000 }]',
        '[{ field = "mass_g", at_least = 1, unit = "oz" }, { field = "mass_g", at_most = 28.35 }]',
        '[{ field = "found_on", age_days_at_least = 30 }, { field = "found_on", age_days_at_most = 30 }]',
        '[{ field = "found_on", age_days_at_least = 400 }, { field = "found_on", after = 2027-01-01 }]',
        '[{ field = "found_on", is_minor = false }, { field = "found_on", after = 2010-11-01 }]',
        '[{ field = "found_on", is_minor = true, on = "told_at" }, { field = "found_on", is_minor = false }]',
        LISTED_ON_ONE_DAY_ONLY,
        '[{ field = "drug", listed_in = "watched", on = "found_on" }, { field = "drug", not_listed_in = "watched" }]',
        '[{ field = "record.recorded_at", age_days_at_most = 1 }, { field = "record.sure", equals = "confirmed" }]',
    ],
)
def test_what_can_hold_together_is_left_alone(when: str) -> None:
    assert not impossible(when)


def test_a_day_that_the_provision_never_sees_makes_conditions_impossible() -> None:
    when = '[{ field = "found_on", age_days_at_most = 5 }, { field = "found_on", after = 2026-06-30 }]'
    assert not impossible(when)
    assert impossible(when, valid_until="2026-06-01")


def test_a_list_that_changes_within_the_days_of_the_provision_is_seen() -> None:
    when = '[{ field = "drug", equals = "ketamine" }, { field = "drug", listed_in = "watched" }]'
    head = changed(HEAD, valid_from="2019-01-01")  # ketamine was on the list from 2020 to 2024
    text = agreement(changed(PERMIT, when=when), head=head)
    assert impossible_fields(text, text.provisions[0], FIND, catalogue().vocabulary) == ()
    assert impossible(when)


def test_what_is_told_impossible_no_record_makes_true_and_what_is_possible_has_one() -> None:
    words, told = catalogue().vocabulary, 0
    for number in CASES:
        rng = Random(number)
        text = worlds.agreement(rng)
        for provision in text.provisions:
            span = span_of(text, provision)
            found = together([Part(provision.when, text.zone)], FIND, words, span)
            assert found.is_certain
            for _ in range(6) if found.moment is None and span else ():
                about, asked = worlds.any_record(rng, kinds=(FIND,)), worlds.either_ask(rng).moment
                if span.first <= asked < span.end:
                    told += 1
                    setting = Setting(FIND, words, text.zone, text.local_day(asked))
                    assert conjunction(judging(c, setting)(about.values) for c in provision.when) is not True
            if found.moment is not None:
                assert span.first <= found.moment < span.end
                setting = Setting(FIND, words, text.zone, text.local_day(found.moment))
                assert conjunction(judging(c, setting)(found.values) for c in provision.when) is True
    assert told > 10


def test_a_forbid_stands_where_it_cannot_be_judged() -> None:
    mass = '[{ field = "mass_g", at_least = 1 }]'
    both = '[{ field = "border", equals = "north" }, { field = "border", equals = "south" }]'
    text, never = agreement(changed(PERMIT, when=mass)), agreement(changed(PERMIT, when=both)).provisions[0].when
    (permit,) = text.provisions
    words, span, part = catalogue().vocabulary, span_of(text, permit), Part(permit.when, text.zone)
    assert together([part, Part(never, text.zone)], FIND, words, span).moment is None
    found = together([part, Part(never, text.zone, stands_on_unknown=True)], FIND, words, span)
    assert found.moment == span.first
    assert found.values.keys() == {"mass_g"}
