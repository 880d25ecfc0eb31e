"""Laws of guidance, over generated worlds: it promises nothing that deciding does not keep, and says what hangs on
facts only where it does."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from math import prod
from random import Random

from agreements import worlds
from agreements.parts import FIND, HERE, NOON, THERE, catalogue, decided
from entente.agreements import Agreement, Approval, Ask, guide, sketch
from entente.records import Record, Value
from laws.test_decision_laws import law

MORE_DAYS = (date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2026, 4, 2))
OF_AGE = (date(2022, 2, 28), date(2022, 3, 1), date(2031, 1, 1), date(2048, 1, 1))
"""On which somebody of worlds.BIRTHS is a minor, or no more."""
POOLS: Mapping[str, tuple[Value | None, ...]] = {
    "border": ("north", "south", None),
    "place": ("Lacolle", None),
    "drug": ("heroin", "ketamine", "cocaine", "other", None),
    "mass_g": (*map(Decimal, ("0", "9.99", "10", "11", "12.5", "13")), None),
    "pieces": (0, 1, 2, 3, 4, None),
    "found_on": (*worlds.DAYS, *MORE_DAYS, *OF_AGE, None),
    "told_at": (*(datetime(day.year, day.month, day.day, 15, tzinfo=UTC) for day in (*worlds.DAYS, *MORE_DAYS)), None),
    "is_final": (True, False, None),
    "routes": (("north",), ("south",), ("north", "south"), None),
    "born_on": (*worlds.BIRTHS, date(2000, 1, 1), date(2020, 1, 1), None),
    "consent": ("given", "refused", None),
    "subject": ("person", "thing", None),
    "land": ("ca", "ca-bc", "us", "us-va", None),
    "worth": (*map(Decimal, (0, 9_999, 10_000, 10_001)), None),
    "currency": ("CAD", "USD", None),
    "record.sure": ("confirmed", "reported"),
    "record.recorded_at": (NOON, datetime(2025, 1, 1, tzinfo=UTC)),
}
MOST_TRIED = 1500


def asked(rng: Random) -> tuple[Ask, frozenset[str]]:
    """A record of ours of which only some is known, and what is."""
    full = worlds.any_record(rng, kinds=(FIND,), is_full=True)
    known = frozenset(name for name in full.values if rng.random() < 0.6)
    stated = {name: value for name, value in full.values.items() if name in known and rng.random() < 0.8}
    ask = replace(worlds.open_ask(rng), record=sketch(FIND, stated, HERE, NOON), approvals=())
    return replace(ask, occasion=rng.choice(worlds.OCCASIONS), purpose=rng.choice(worlds.PURPOSES)), known


def completed(ask: Ask, values: Mapping[str, Value | None]) -> Record:
    told = {name: value for name, value in values.items() if value is not None}
    return sketch(FIND, {**ask.record.values, **told}, HERE, NOON)


def may_go(ask: Ask, texts: Collection[Agreement], officers: int) -> frozenset[str]:
    """Of what the record holds, what goes when so many officers have approved, who are trained for everything."""
    passed = tuple((text.name, NOON.date()) for text in texts)
    approvals = tuple(Approval(officer=str(number), at=NOON, passed=passed) for number in range(officers))
    return frozenset(decided(replace(ask, approvals=approvals), *texts).fields) & ask.record.values.keys()


def random_values(rng: Random, ask: Ask, known: Collection[str]) -> dict[str, Value | None]:
    """Any record that agrees with what is known, as far as conditions can tell."""
    other = worlds.any_record(rng, kinds=(FIND,)).values
    values: dict[str, Value | None] = {name: value for name, value in other.items() if name not in known}
    values |= {name: rng.choice(POOLS[name]) for name in POOLS if name not in known and rng.random() < 0.5}
    return values


@law
def test_what_is_certain_holds_however_the_rest_turns_out(rng: Random) -> None:
    texts, (ask, known) = worlds.agreements(rng), asked(rng)
    found = guide(ask, texts, catalogue().vocabulary, known)
    for _ in range(4):
        turned_out = replace(ask, record=completed(ask, random_values(rng, ask, known)))
        held = turned_out.record.values.keys()
        goes = [may_go(turned_out, texts, officers) for officers in (0, 1, 2)]
        assert found.fields("goes") & held <= goes[0]
        assert found.fields("asks") & held <= frozenset().union(*goes)
        assert found.fields("stays").isdisjoint(frozenset().union(*goes))


def every_way(ask: Ask, known: Collection[str], unknown: Collection[str]) -> Iterator[Record]:
    """Each record that agrees with what is known; what nothing asks about is held, whatever it says."""
    rest = {field.name: worlds.CANARY for field in FIND.fields if field.name not in {*known, *unknown}}
    for chosen in product(*(POOLS[name] for name in unknown)):
        yield completed(ask, {**rest, **dict(zip(unknown, chosen, strict=True))})


@law
def test_what_depends_goes_in_one_way_and_stays_in_another(rng: Random) -> None:
    texts, (ask, known) = worlds.agreements(rng, most=2), asked(rng)
    found = guide(ask, texts, catalogue().vocabulary, known)
    open_fields = found.fields("depends")
    if not found.is_exact or prod(len(POOLS[name]) for name in found.unknown) > MOST_TRIED:
        return
    seen: dict[str, set[bool]] = {name: set() for name in open_fields}
    for record in every_way(ask, known, found.unknown):
        if all(len(ends) == 2 for ends in seen.values()):
            break
        goes = frozenset().union(*(may_go(replace(ask, record=record), texts, officers) for officers in (0, 1, 2)))
        for name in open_fields & record.values.keys():
            seen[name].add(name in goes)
    if open_fields:
        assert {name: ends for name, ends in seen.items() if ends != {True, False}} == {}


@law
def test_of_a_record_at_hand_guidance_says_what_deciding_says(rng: Random) -> None:
    texts, ask = worlds.agreements(rng), replace(worlds.either_ask(rng), approvals=())
    found = guide(ask, texts, catalogue().vocabulary)
    goes = [may_go(ask, texts, officers) for officers in (0, 1, 2)]
    assert found.fields("goes") == goes[0]
    assert found.fields("asks") == frozenset().union(*goes) - goes[0]
    assert found.fields("depends") == frozenset()
    assert found.fields("stays") == ask.record.values.keys() & {f.name for f in ask.kind.fields} - frozenset().union(
        *goes
    )
    assert found.unknown == ()


@law
def test_guidance_names_no_value(rng: Random) -> None:
    """INVARIANT: nothing a record says is in what the guide says of it."""
    texts, ask = worlds.agreements(rng), replace(worlds.either_ask(rng), approvals=())
    found = guide(ask, texts, catalogue().vocabulary)
    said = repr((found.parts, found.refusal, found.unknown, found.now.to_json(), found.then.to_json()))
    assert worlds.CANARY not in said
    assert THERE in said or ask.receiver != THERE
