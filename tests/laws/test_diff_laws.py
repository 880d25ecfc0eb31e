"""Laws of comparing two texts: what `differences` says is exactly what somebody who tries everything out would see.

The trying knows nothing of boundaries and situations: it decides about records made of the values that the generated
conditions name, and values beside them, under one text and the other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations_with_replacement, product
from math import prod
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements import worlds
from agreements.parts import CLINIC, FIND, SIGHTING, catalogue, record
from agreements.worlds import OCCASIONS, PARTIES, PURPOSES
from entente.agreements import Agreement, Approval, Ask, Decider, Decision, Provision
from entente.agreements.comparing.differences import BARS, GAINS, LOSSES, Difference, differences
from entente.agreements.comparing.places import Place
from entente.records import Kind, Record, Value

MOST_RECORDS = 400
VALUES: Mapping[str, Sequence[Value | None]] = {
    "border": ("north", "south", None),
    "drug": ("heroin", "ketamine", "cocaine", "marijuana", "xylazine", "other", None),
    "mass_g": (*map(Decimal, ("0", "5", "10", "11", "12.5", "99")), None),
    "pieces": (0, 1, 2, 3, 4, None),
    "found_on": (
        *(day + timedelta(days=step) for day in worlds.DAYS for step in (-1, 0, 1)),
        date(1960, 1, 1),
        date(2019, 12, 31),
        date(2024, 12, 31),
        date(2025, 1, 1),
        None,
    ),
    "told_at": (
        *(datetime.combine(day, time(hour), UTC) for day in worlds.DAYS for hour in (3, 12)),
        datetime(2025, 6, 1, tzinfo=UTC),
        datetime(2027, 6, 1, tzinfo=UTC),
        None,
    ),
    "is_final": (True, False, None),
    "routes": (("north",), ("south",), ("north", "south"), (), None),
    "place": ("x", None),
    "born_on": (*worlds.BIRTHS, date(2000, 1, 1), None),
    "consent": ("given", "refused", None),
    "subject": ("person", "organisation", None),
    "land": ("ca", "ca-bc", "us", "us-va", None),
    "worth": (*map(Decimal, ("0", "9999", "10000", "10001")), None),
    "currency": ("CAD", "USD", None),
    "record.sure": ("confirmed", "reported", "doubtful"),
}
OTHERS: Mapping[str, Value] = {
    "number": "1",
    "notes": "x",
    "person": "x",
    "clinic": "1",
    "visits": 3,
    "seen_on": date(2026, 1, 1),
}


def law(test: Callable[[Random], None]) -> Callable[[int], None]:
    """Tries `test` between some pairs of versions, and among the slow tests between a hundred."""

    @pytest.mark.parametrize("examples", [6, pytest.param(100, marks=pytest.mark.slow)])
    def run(examples: int) -> None:
        @settings(max_examples=examples, deadline=None)
        @given(st.integers(0, 2**48))
        def tried(number: int) -> None:
            test(Random(number))

        tried()

    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    return run


def versions(rng: Random) -> tuple[Agreement, Agreement]:
    """Mostly a text and the same with some provisions changed, added or dropped; at times two with little in common."""
    old = worlds.agreement(rng)
    if rng.random() < 0.2:
        return old, worlds.agreement(rng)
    provisions = [_changed(rng, found) for found in old.provisions if rng.random() < 0.9]
    if rng.random() < 0.4:
        provisions.append(rng.choice((worlds.permit, worlds.forbid))(rng, "new"))
    return old, replace(old, version=2, provisions=tuple(provisions), source=old.source + repr(provisions).encode())


def _changed(rng: Random, found: Provision) -> Provision:
    if rng.random() < 0.5:
        return found
    other = (worlds.permit if found.effect == "permit" else worlds.forbid)(rng, found.id)
    names = ("when", "fields", "purposes", "giver", "receiver", "kinds", "valid_until", "scope")
    more = (
        ("release", "caveats", "duties", "legal_bases", "training_days", "on_behalf_of")
        if found.effect == "permit"
        else ()
    )
    name = rng.choice(("when", "when", *names[:-1], *more) if found.effect == "permit" else names)
    return replace(found, **{name: getattr(other, name)})


def _values(name: str, day: date) -> Sequence[Value | None]:
    """What is tried in a field; of days also those that lie as far back as some generated condition asks."""
    back = [day - timedelta(days=days) for days in (-1, 0, 1, 2, 29, 30, 31, 400)]
    if name == "record.recorded_at":
        return [datetime.combine(one, time(14), UTC) for one in back if one <= day]
    if name == "told_at":
        return [*VALUES[name], *(datetime.combine(one, time(14), UTC) for one in back)]
    if name == "born_on":
        eighteen = [one.replace(year=one.year - 18) for one in back[:4]]
        return [*VALUES[name], *eighteen, *back[:3]]
    return [*VALUES[name], *back] if name == "found_on" else VALUES[name]


def _records(kind: Kind, texts: Sequence[Agreement], giver: str, day: date) -> list[Record] | None:
    """A record for each way to fill the fields that some condition reads; None where there are too many."""
    read = {
        name
        for text in texts
        for found in text.provisions
        if found.kinds is None or kind.name in found.kinds
        for condition in found.when
        for name in condition.reads
        if name.startswith("record.") or kind.field(name)
    }
    names = sorted(read)
    if prod(len(_values(name, day)) for name in names) > MOST_RECORDS:
        return None
    full = {field.name: next(iter(VALUES.get(field.name, [OTHERS.get(field.name)]))) for field in kind.fields}
    found = []
    for row in product(*(_values(name, day) for name in names)):
        values: dict[str, Any] = {**full, **dict(zip(names, row, strict=True))}
        of_record = {
            name: values.pop(f"record.{name}") for name in ("sure", "recorded_at") if f"record.{name}" in values
        }
        about = {name: value for name, value in values.items() if value is not None}
        found.append(replace(record(about, kind=kind, said_by=giver), **of_record))
    return found


TEAMS: Sequence[tuple[int | None, ...]] = [
    team for number in range(3) for team in combinations_with_replacement((None, 0, 100), number)
]
"""Officers who approve: of each, how many days ago the exercises were passed; None: never."""


def _ask(place: Place, about: Record, moment: datetime, team: Sequence[int | None]) -> Ask:
    party = catalogue().vocabulary.list("party").term(place.receiver)
    return Ask(
        record=about,
        kind=catalogue().kind(about.kind),
        giver=place.giver,
        receiver=place.receiver,
        receiver_roles=frozenset(party.attributes["roles"]),
        purpose=place.purpose,
        occasion=next(name for name in OCCASIONS if name == (place.occasion or "standing")),
        moment=moment,
        approvals=tuple(
            Approval(officer=str(number), at=moment, passed=_passed(days, moment)) for number, days in enumerate(team)
        ),
    )


def _passed(days: int | None, moment: datetime) -> tuple[tuple[str, date], ...]:
    return () if days is None else (("agreement-0", moment.date() - timedelta(days=days)),)


def _moment(day: date) -> datetime:
    """When it is that day at home in both zones that generated texts have."""
    return datetime.combine(day, time(14), UTC)


def _any_place(rng: Random) -> tuple[Place, date]:
    giver, receiver = rng.sample(PARTIES, 2)
    kind = rng.choice((FIND, FIND, FIND, SIGHTING, CLINIC))
    day = rng.choice(worlds.DAYS) + timedelta(days=rng.choice((-1, 0, 0, 1, 40)))
    said_by = rng.choice([name for name in PARTIES if name != giver]) if rng.random() < 0.1 else ""
    return Place(giver, receiver, kind.name, "", rng.choice(PURPOSES), rng.choice(OCCASIONS), said_by), day


def _given(decision: Decision) -> set[str]:
    return {name for name in (*decision.fields, *decision.waiting) if name in decision.ask.record.values}


def _handling(decision: Decision) -> tuple[object, ...]:
    return (decision.caveats, dict(decision.duties), decision.purposes, decision.legal_bases)


def _seen(texts: tuple[Agreement, Agreement], place: Place, day: date) -> dict[str, set[str]] | None:
    """By field, what somebody sees who tries everything out at this place: `gain`, `loss`, `handled`."""
    records = _records(catalogue().kind(place.kind), texts, place.said_by or place.giver, day)
    if records is None:
        return None
    seen: dict[str, set[str]] = {}
    deciders = [Decider((text,), catalogue().vocabulary) for text in texts]
    for about in records:
        for team in TEAMS:
            ask = _ask(place, about, _moment(day), team)
            before, after = (decider.decide(ask) for decider in deciders)
            old, new = _given(before), _given(after)
            for name in old ^ new:
                seen.setdefault(name, set()).add("gain" if name in new else "loss")
            for name in old & new:
                goes = (name in before.fields, name in after.fields)
                if goes[0] != goes[1] or (all(goes) and _handling(before) != _handling(after)):
                    seen.setdefault(name, set()).add("handled")
    return seen


def _said(found: Sequence[Difference], place: Place, day: date) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for one in found:
        if replace(one.place, field="") == place and one.first <= day <= one.last:
            marks = {"gain": one.what.change in GAINS, "loss": one.what.change in LOSSES}
            marks["handled"] = one.what.is_handled_otherwise
            said[one.place.field] = {name for name, is_so in marks.items() if is_so}
    return said


@law
def test_what_differs_is_exactly_what_somebody_sees_who_tries_everything(rng: Random) -> None:
    texts = versions(rng)
    found = differences(*texts, catalogue())
    given = [one for one in found if one.what.change not in BARS]
    spots = [(replace(one.place, field=""), rng.choice((one.first, one.last))) for one in given]
    for place, day in [*rng.sample(spots, min(2, len(spots))), _any_place(rng), _any_place(rng)]:
        seen = _seen(texts, place, day)
        if seen is not None:
            assert _said(given, place, day) == seen, (place, day)


def test_nothing_is_said_to_go_back_to_whoever_said_it() -> None:
    """World 17896845 gives DEA what CBP said; to CBP itself it never goes."""
    found = differences(*versions(Random(17896845)), catalogue())
    assert {one.place.said_by for one in found} - {""}
    assert [one.place for one in found if one.place.said_by == one.place.receiver] == []


WIDE = (*PARTIES, "mx.government")


def _open(kind: Kind) -> Agreement:
    """An agreement under which everybody gives everybody everything of `kind`: what still stays is forbidden."""
    everything = Provision(
        id="all",
        reference="",
        text={},
        effect="permit",
        giver=WIDE,
        receiver=WIDE,
        kinds=(kind.name,),
        fields=tuple(f"{kind.name}.{field.name}" for field in kind.fields),
        purposes=tuple(catalogue().vocabulary.list("purpose").terms),
        valid_from=date(2000, 1, 1),
        valid_until=date(2100, 1, 1),
        release="automatic",
    )
    empty = replace(worlds.agreement(Random(0)), name="open", zone="UTC", parties=WIDE, source=kind.name.encode())
    return replace(empty, provisions=(everything,), valid_from=date(2000, 1, 1), valid_until=date(2100, 1, 1))


def _barred(texts: tuple[Agreement, Agreement], place: Place, day: date) -> dict[str, set[str]] | None:
    kind = catalogue().kind(place.kind)
    records = _records(kind, texts, place.giver, day)
    if records is None:
        return None
    other, seen = _open(kind), dict[str, set[str]]()
    deciders = [Decider((other, text), catalogue().vocabulary) for text in texts]
    for about in records:
        ask = replace(_ask(place, about, _moment(day), (0, 0)), under=other.digest)
        stays = [
            {one.field for one in decider.decide(ask).withheld if one.by and one.field in about.values}
            for decider in deciders
        ]
        for name in stays[0] ^ stays[1]:
            seen.setdefault(name, set()).add("more" if name in stays[1] else "fewer")
    return seen


@law
def test_what_is_forbidden_differs_exactly_where_another_agreement_gives_less_or_more(rng: Random) -> None:
    texts = versions(rng)
    found = [one for one in differences(*texts, catalogue()) if one.what.change in BARS]
    spots = [(replace(one.place, field=""), rng.choice((one.first, one.last))) for one in found]
    elsewhere, day = _any_place(rng)
    other = replace(
        elsewhere, receiver=rng.choice([name for name in WIDE if name != elsewhere.giver]), occasion="", said_by=""
    )
    marks = {"barred": {"more"}, "unbarred": {"fewer"}, "rebarred": {"more", "fewer"}}
    for place, on in [*rng.sample(spots, min(2, len(spots))), (other, day)]:
        said = {
            one.place.field: marks[one.what.change]
            for one in found
            if replace(one.place, field="") == place and one.first <= on <= one.last
        }
        seen = _barred(texts, place, on)
        if seen is not None:
            assert said == seen, (place, on)


@law
def test_turned_round_gains_are_losses(rng: Random) -> None:
    old, new = versions(rng)
    there, back = differences(old, new, catalogue()), differences(new, old, catalogue())
    turned = {"begins": "ends", "widens": "narrows", "barred": "unbarred"}
    turned |= {after: before for before, after in turned.items()}
    assert [(one.place, one.first, one.last, turned.get(one.what.change, one.what.change)) for one in there] == [
        (one.place, one.first, one.last, one.what.change) for one in back
    ]
    assert [(one.what.before, one.what.after) for one in there] == [(one.what.after, one.what.before) for one in back]


@law
def test_a_text_in_another_order_with_other_numbers_does_the_same(rng: Random) -> None:
    old = worlds.agreement(rng)
    shuffled = rng.sample(old.provisions, len(old.provisions))
    renamed = tuple(replace(found, id=f"n{place}", text={"en": "!"}) for place, found in enumerate(shuffled))
    assert differences(old, replace(old, provisions=renamed, source=b"other"), catalogue()) == []


@pytest.mark.slow
def test_the_versions_reach_every_change() -> None:
    """Laws over versions between which nothing ever changes would prove nothing."""
    wanted = {"begins", "ends", "widens", "narrows", "handled", "barred", "unbarred"}
    for number in range(200):
        wanted -= {one.what.change for one in differences(*versions(Random(number)), catalogue())}
        if not wanted:
            return
    pytest.fail(f"never seen: {wanted}")
