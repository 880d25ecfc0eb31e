"""Generated worlds over the tiny catalogue of `parts`: agreements, records with good and odd values, and asks.

A world grows from one number, so that a failing one is told by its number and thousands are tried in seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from agreements.parts import CLINIC, ELSEWHERE, FIND, HERE, NOON, SIGHTING, THERE, record
from entente.agreements import (
    NO_LIMITS,
    Agreement,
    Approval,
    Ask,
    Condition,
    Limits,
    Occasion,
    Provision,
    Release,
)
from entente.records import Kind, Record, Value

T = TypeVar("T")
PARTIES = (HERE, THERE, ELSEWHERE)
PURPOSES = ("statistics", "investigation", "prosecution", "rescue")
OCCASIONS: tuple[Occasion, ...] = ("standing", "on-request", "on-hit", "emergency")
KINDS = (FIND, SIGHTING, CLINIC)
KIND_NAMES = tuple(kind.name for kind in KINDS)
DAYS = (date(2025, 12, 31), date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3), date(2027, 1, 1))
BIRTHS = (date(2008, 5, 1), date(2008, 5, 2), date(2008, 5, 3), date(2004, 2, 29), date(2030, 1, 1))
CLASSES = ("substance", "quantity", "location", "identity", "free-text", "operational", "health", "financial")
SELECTORS = (
    *(f"class:{name}" for name in CLASSES),
    *(f"{kind.name}.{field.name}" for kind in KINDS for field in kind.fields),
)
RELEASES: tuple[Release, ...] = ("automatic", "automatic", "officer", "two-officers")
CAVEATS = ("no-onward", "no-onward", "not-evidence", "intelligence-only", "statistical-use-only")
CANARY = "canary-"
UNKNOWN = f"sha256:{'0' * 64}"
"""The digest of a text that nobody has."""

ODD: tuple[Any, ...] = (
    None,
    "NORTH",
    "ON",
    True,
    7.5,
    Decimal("NaN"),
    ["north"],
    "x" * 10_000,
    date.min,
    NOON.replace(tzinfo=None),
)
"""What a value must never be: absent, in other letters, of another type, not a number, very long."""

_CONDITIONS: Sequence[tuple[str, str, tuple[Any, ...], Mapping[str, str]]] = (
    ("border", "equals", ("north", "south"), {}),
    ("border", "one_of", (("north",), ("north", "south")), {}),
    ("drug", "equals", ("heroin", "ketamine"), {}),
    ("drug", "listed_in", ("watched",), {}),
    ("drug", "listed_in", ("watched",), {"on": "found_on"}),
    ("drug", "not_listed_in", ("watched",), {}),
    ("mass_g", "at_least", (Decimal(0), Decimal(10), Decimal("12.5")), {}),
    ("mass_g", "at_most", (Decimal(0), Decimal(10), Decimal("12.5")), {}),
    ("pieces", "equals", (0, 1, 2, 3), {}),
    ("found_on", "before", DAYS, {}),
    ("told_at", "after", DAYS, {}),
    ("is_final", "equals", (True, False), {}),
    ("routes", "includes", ("north", "south"), {}),
    ("routes", "only", (("north",), ("north", "south")), {}),
    ("drug", "controlled_in", ("nl", "ca", "us"), {}),
    ("drug", "controlled_in", ("nl", "ca"), {"on": "found_on"}),
    ("mass_g", "at_least", (Decimal("0.01"), Decimal("0.0125")), {"unit": "kg"}),
    ("worth", "at_least", (Decimal(10_000),), {"unit": "CAD", "unit_in": "currency"}),
    ("worth", "at_most", (Decimal(10_000),), {"unit": "CAD", "unit_in": "currency"}),
    ("found_on", "age_days_at_most", (0, 1, 30), {}),
    ("told_at", "age_days_at_least", (0, 1, 30), {}),
    ("born_on", "is_minor", (True, False), {}),
    ("born_on", "is_minor", (True, False), {"on": "found_on"}),
    ("subject", "is_person", (True, False), {}),
    ("consent", "consent_given", (True,), {}),
    ("land", "within", ("ca", "us", "ca-bc"), {}),
    ("record.sure", "equals", ("confirmed", "reported"), {}),
    ("record.recorded_at", "age_days_at_most", (0, 30), {}),
    ("place", "is_present", (True,), {}),
)
_GOOD: Mapping[str, Callable[[Random], Value]] = {
    "border": lambda rng: rng.choice(("north", "south")),
    "drug": lambda rng: rng.choice(("heroin", "ketamine", "cocaine", "other")),
    "mass_g": lambda rng: rng.choice((Decimal(0), Decimal(10), Decimal("12.5"), Decimal(99))),
    "pieces": lambda rng: rng.randint(0, 3),
    "visits": lambda rng: rng.randint(0, 3),
    "found_on": lambda rng: rng.choice(DAYS),
    "seen_on": lambda rng: rng.choice(DAYS),
    "told_at": lambda rng: datetime.combine(rng.choice(DAYS), NOON.time(), UTC) - timedelta(hours=13),
    "is_final": lambda rng: rng.random() < 0.5,
    "routes": lambda rng: rng.choice((("north",), ("south",), ("north", "south"))),
    "born_on": lambda rng: rng.choice(BIRTHS),
    "consent": lambda rng: rng.choice(("given", "refused", "withdrawn", "not-asked")),
    "subject": lambda rng: rng.choice(("person", "organisation", "thing")),
    "land": lambda rng: rng.choice(("ca", "ca-bc", "us", "us-va")),
    "worth": lambda rng: rng.choice((Decimal(0), Decimal(10_000), Decimal(10_001))),
    "currency": lambda rng: rng.choice(("CAD", "CAD", "USD")),
}


def some(rng: Random, values: Sequence[T], least: int = 1) -> tuple[T, ...]:
    return tuple(rng.sample(values, rng.randint(least, min(3, len(values)))))


def conditions(rng: Random, *, may_ask_presence: bool) -> tuple[Condition, ...]:
    """None, one or two conditions on fields of `find`; on a record of another kind they can never be judged."""
    chosen = rng.sample(_CONDITIONS if may_ask_presence else _CONDITIONS[:-1], rng.choice((0, 0, 0, 1, 1, 2)))
    return tuple(
        Condition(field=field, test=test, value=rng.choice(values), **more) for field, test, values, more in chosen
    )


def permit(rng: Random, name: str, *, may_ask_presence: bool = True) -> Provision:
    first, last = sorted(rng.choices(DAYS, k=2))
    is_dated = rng.random() < 0.3
    release = rng.choice(RELEASES)
    special: dict[str, Any] = {}
    if rng.random() < 0.1:
        special = {"occasion": "emergency", "release": "officer", "purposes": ("rescue",)}
    elif release != "automatic" and rng.random() < 0.3:
        special = {"training_days": rng.choice((1, 365))}
    plain = Provision(
        id=name,
        reference="art.",
        text={"en": "."},
        effect="permit",
        giver=some(rng, PARTIES),
        receiver=some(rng, PARTIES),
        kinds=some(rng, KIND_NAMES),
        fields=some(rng, SELECTORS),
        purposes=some(rng, PURPOSES),
        valid_from=first if is_dated else date(2026, 1, 1),
        valid_until=last if is_dated else date(2028, 12, 31),
        when=conditions(rng, may_ask_presence=may_ask_presence),
        occasion=rng.choice(("standing", "standing", "on-request", "on-hit")),
        release=release,
        caveats=some(rng, CAVEATS, 0),
        duties={duty: rng.randint(1, 99) for duty in some(rng, ("retain_days", "feedback_days"), 0)},
        legal_bases=some(rng, ("ca.customs-act-107", "us.5-usc-552a-b-7"), 0),
        on_behalf_of=some(rng, PARTIES) if rng.random() < 0.1 else None,
    )
    return replace(plain, **special)


def forbid(rng: Random, name: str, *, may_ask_presence: bool = True) -> Provision:
    first, last = sorted(rng.choices(DAYS, k=2))
    return Provision(
        id=name,
        reference="art.",
        text={"en": "."},
        effect="forbid",
        giver=some(rng, PARTIES),
        receiver=rng.choice((None, some(rng, PARTIES))),
        kinds=rng.choice((None, some(rng, KIND_NAMES))),
        fields=rng.choice((None, some(rng, SELECTORS), some(rng, SELECTORS))),
        purposes=rng.choice((None, some(rng, PURPOSES))),
        valid_from=first,
        valid_until=last,
        when=conditions(rng, may_ask_presence=may_ask_presence),
        scope=rng.choice(("parties", "all-partners")),
    )


def agreement(rng: Random, number: int = 0, *, may_ask_presence: bool = True, max_forbids: int = 2) -> Agreement:
    parties = rng.choice((PARTIES, PARTIES[:2], (HERE, ELSEWHERE)))
    provisions = (
        *(permit(rng, f"p{n}", may_ask_presence=may_ask_presence) for n in range(rng.randint(1, 4))),
        *(forbid(rng, f"f{n}", may_ask_presence=may_ask_presence) for n in range(rng.randint(0, max_forbids))),
    )
    return Agreement(
        name=f"agreement-{number}",
        version=1,
        predecessor=None,
        is_model=False,
        title={"en": "."},
        text={"en": "."},
        authoritative=("en",),
        parties=parties,
        also_signed_by=(),
        zone=rng.choice(("America/Toronto", "UTC")),
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        provisions=provisions,
        source=repr((number, parties, provisions)).encode(),
    )


def agreements(rng: Random, *, most: int = 3, may_ask_presence: bool = True) -> list[Agreement]:
    return [agreement(rng, number, may_ask_presence=may_ask_presence) for number in range(rng.randint(1, most))]


def succeeding(rng: Random, texts: Sequence[Agreement]) -> list[Agreement]:
    """`texts`, of which some stand in place of others, or of one that is not among them."""
    digests = [*(text.digest for text in texts), UNKNOWN]
    return [replace(text, succeeds=frozenset(some(rng, digests, 0)) - {text.digest}) for text in texts]


def any_record(rng: Random, *, kinds: Sequence[Kind] = KINDS, is_full: bool = False) -> Record:
    """A record whose text fields hold canaries that name their field."""
    kind = rng.choice(kinds)
    values = {
        field.name: _GOOD[field.name](rng) if field.name in _GOOD else f"{CANARY}{field.name}"
        for field in kind.fields
        if is_full or field.is_required or rng.random() < 0.8
    }
    said_by = HERE if is_full or rng.random() < 0.9 else ELSEWHERE
    return record(values, kind=kind, said_by=said_by)


def odd(about: Record, field: str, value: Any) -> Record:
    """`about` with an odd value in `field`; None takes it out."""
    values = {name: found for name, found in about.values.items() if name != field}
    return replace(about, values=values if value is None else {**values, field: value})


def limits(rng: Random, agreements: Sequence[str] = ()) -> Limits:
    """What a record may inherit: mostly nothing; sometimes purposes, caveats, or some of `agreements` (digests)."""
    if rng.random() < 0.6:
        return NO_LIMITS
    return Limits(
        purposes=rng.choice((None, (), some(rng, PURPOSES), PURPOSES)),
        caveats=some(rng, ("no-onward", "intelligence-only"), 0),
        agreements=some(rng, agreements, 0) if agreements else (),
        retain_days=rng.choice((None, 5, 500)),
    )


def limited(rng: Random, kind: Kind) -> Kind:
    """`kind` as if its workstream had limited it."""
    return replace(
        kind, only_for=rng.choice((None, some(rng, PURPOSES))), caveats=some(rng, ("public-health-only",), 0)
    )


def ask(rng: Random, about: Record | None = None) -> Ask:
    """Mostly an ask that has a fair chance: from HERE to THERE, for statistics, on a good day."""
    chosen = about or any_record(rng)
    moment = NOON + timedelta(days=rng.choice((0, 0, 0, 0, 1, -200)), hours=rng.choice((0, 11)))
    people = rng.sample(("o1", "o2", "o3"), rng.choice((0, 0, 1, 2, 3)))
    return Ask(
        record=chosen,
        kind=next(kind for kind in KINDS if kind.name == chosen.kind),
        giver=rng.choice((HERE, HERE, HERE, HERE, THERE)),
        receiver=rng.choice((THERE, THERE, THERE, ELSEWHERE, HERE)),
        receiver_roles=rng.choice((frozenset({"enforcement"}), frozenset({"health"}))),
        purpose=rng.choice(("statistics", "statistics", "investigation", "prosecution", "rescue")),
        occasion=rng.choice(OCCASIONS),
        moment=moment,
        approvals=tuple(Approval(officer=name, at=moment, passed=passes(rng, moment)) for name in people),
        limits=limits(rng),
        chain=rng.choice(((), (), (ELSEWHERE,), (ELSEWHERE, THERE))),
    )


def passes(rng: Random, moment: datetime) -> tuple[tuple[str, date], ...]:
    """What an officer was trained for: mostly all that there is, lately."""
    days = rng.choice((0, 0, 1, 100, 400))
    return tuple((f"agreement-{number}", moment.date() - timedelta(days=days)) for number in range(rng.randint(0, 4)))


def open_ask(rng: Random) -> Ask:
    """An ask about a full record of ours, so that provisions have something to give."""
    found = ask(rng, any_record(rng, kinds=(FIND,), is_full=True))
    return replace(
        found, giver=HERE, receiver=THERE, purpose="statistics", occasion="on-request", moment=NOON, chain=()
    )


def either_ask(rng: Random) -> Ask:
    return open_ask(rng) if rng.random() < 0.5 else ask(rng)
