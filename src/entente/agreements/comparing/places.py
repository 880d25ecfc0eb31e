"""The finite space in which two texts are compared: who could give what kind of record to whom, for what, when, on
which days."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, permutations, product
from typing import get_args

from entente.agreements.agreement import Agreement, Occasion, Provision
from entente.agreements.comparing.boundaries import boundary_days
from entente.agreements.deciding.decision import Ask
from entente.records import Catalogue, Kind, Provenance, Record
from entente.vocabulary import Vocabulary

OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where texts can differ. `said_by` is empty for what the giver said itself; `occasion` is empty where it has no
    say: a forbid binds on all of them, emergencies apart."""

    giver: str
    receiver: str
    kind: str
    field: str
    purpose: str
    occasion: str
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """All places of one kind of record that one ask is about; `place` with an empty field."""

    kind: Kind
    place: Place


def stretches(old: Agreement, new: Agreement, vocabulary: Vocabulary) -> Iterator[tuple[date, date]]:
    """First and last days between which neither text changes what it does by itself, in order, of all days on which
    one of them is valid."""
    start, end = min(old.valid_from, new.valid_from), max(old.valid_until, new.valid_until)
    conditions = [condition for text in (old, new) for found in text.provisions for condition in found.when]
    edges = {start, *boundary_days(conditions, vocabulary)}
    for text in (old, new):
        edges |= {text.valid_from, _next(text.valid_until)}
        edges |= {day for found in text.provisions for day in (found.valid_from, _next(found.valid_until))}
    inside = [day for day in sorted(edges) if start <= day <= end]
    yield from ((first, _before(after)) for first, after in pairwise(inside))
    yield inside[-1], end


def given_spaces(old: Agreement, new: Agreement, catalogue: Catalogue) -> Iterator[Space]:
    """Where one of the texts could give something."""
    permits = [found for text in (old, new) for found in text.provisions if found.effect == "permit"]
    kinds = sorted({name for found in permits for name in found.kinds or ()} & catalogue.kinds.keys())
    purposes = sorted({name for found in permits for name in found.purposes or ()})
    for giver, receiver in permutations(sorted({*old.parties, *new.parties}), 2):
        between = [found for found in permits if found.is_between(giver, receiver)]
        others = {party for found in between for party in found.on_behalf_of or () if party not in (giver, receiver)}
        for kind, purpose, occasion, said_by in product(kinds, purposes, OCCASIONS, ("", *sorted(others))):
            if between:
                yield Space(catalogue.kinds[kind], Place(giver, receiver, kind, "", purpose, occasion, said_by))


def forbidden_spaces(old: Agreement, new: Agreement, catalogue: Catalogue) -> Iterator[Space]:
    """Where one of the texts could forbid what some agreement gives; none where both forbid in the same words."""
    forbids = [[bare(found) for found in text.provisions if found.effect == "forbid"] for text in (old, new)]
    if forbids[0] == forbids[1] and set(old.parties) == set(new.parties):
        return
    both = [found for part in forbids for found in part]
    named = {name for found in both for name in (catalogue.kinds if found.kinds is None else found.kinds)}
    for giver, receiver in _pairs(old, new, both, catalogue.vocabulary):
        for kind in sorted(named & catalogue.kinds.keys()):
            for purpose in catalogue.vocabulary.list("purpose").terms:
                yield Space(catalogue.kinds[kind], Place(giver, receiver, kind, "", purpose, ""))


def bare(provision: Provision) -> Provision:
    """What it does, without what it is called and how it is worded."""
    return replace(provision, id="", reference="", text={}, roles=(), is_verified=False)


def _pairs(
    old: Agreement, new: Agreement, forbids: Collection[Provision], vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    """Who could give to whom; to agencies that are no party only where a forbid is for all partners."""
    parties = sorted({*old.parties, *new.parties})
    is_wide = any(found.scope == "all-partners" for found in forbids)
    receivers = sorted({*parties, *vocabulary.list("party").terms}) if is_wide else parties
    yield from ((giver, receiver) for giver in parties for receiver in receivers if giver != receiver)


def probe(space: Space, day: date, vocabulary: Vocabulary) -> Ask:
    """What is asked at `space`. What others said is asked as it came from them, with nobody in between."""
    place, moment = space.place, datetime.combine(day, time(12), UTC)
    party = vocabulary.list("party").terms.get(place.receiver)
    return Ask(
        record=_record(space.kind, place.said_by or place.giver, moment),
        kind=space.kind,
        giver=place.giver,
        receiver=place.receiver,
        receiver_roles=frozenset(party.attributes.get("roles", ()) if party else ()),
        purpose=place.purpose,
        occasion=next((name for name in OCCASIONS if name == place.occasion), "standing"),
        moment=moment,
    )


def _record(kind: Kind, said_by: str, moment: datetime) -> Record:
    nowhere = Provenance(source="", source_digest="", line=1, reader="", mapping_version="")
    return Record(
        id="0" * 32,
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=said_by,
        recorded_at=moment,
        sure="reported",
        provenance=nowhere,
        values={},
    )


def _next(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _before(day: date) -> date:
    return day if day == date.min else day - timedelta(days=1)
