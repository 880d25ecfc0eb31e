"""Roads from A by B to C: what A gives B, and B could give C, although A does not give it to C or even forbids it.

Two ways: the record itself, passed on; and a finding that B makes of it. What stops each stands beside it: the
third-party rule, the agreement that a finding is bound to, purposes, caveats, forbids, and what a provision says that
findings may rest on. A road that nothing stops is a warning, and an error where A forbids it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from entente.agreements.agreement import Agreement, ProvisionRef, reference_to
from entente.agreements.care.conflict import Conflict
from entente.agreements.care.reach import Pair, Rule, forbids_in, is_bound, kinds_of, pairs_of, permits_in, purposes_of
from entente.agreements.care.satisfiable import Part, together
from entente.agreements.deciding.caveats import allowed
from entente.agreements.deciding.conditions import Condition
from entente.agreements.texts.remarks import Severity
from entente.records import Catalogue, Kind

Way = tuple[str, str, str]
"""From whom, over whom, to whom."""

Missing = tuple[str, str]
"""A field, and a purpose that it is not given for."""

RESTS_ON = "rests_on"
"""The field in which a finding names the kinds of record it was found in."""


SHOWN = 3
"""So many roads are written out in a sentence."""


@dataclass(frozen=True, slots=True)
class _Leg:
    """`first` gives `kind` on; `second` could give on what came, or what was found in it."""

    first: Rule
    second: Rule
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Road:
    """One way along a leg. `missing` are fields and purposes for which the origin does not give them to the last
    itself; `is_forbidden`: it must not."""

    way: Way
    leg: _Leg
    is_finding: bool
    missing: frozenset[Missing]
    is_forbidden: bool
    stops: tuple[str, ...]


class _Map:
    """All texts that stand side by side; what was worked out once is kept."""

    def __init__(self, texts: Sequence[Agreement], catalogue: Catalogue) -> None:
        self.catalogue, self.words = catalogue, catalogue.vocabulary
        self.permits = [rule for text in texts for rule in permits_in(text)]
        self.forbids = [rule for text in texts for rule in forbids_in(text)]
        self._pairs = [(rule, frozenset(pairs_of(rule))) for rule in self.permits]
        self._given: dict[tuple[Pair, str, str], frozenset[str]] = {}
        self._kept_back: dict[tuple[Pair, str, str], frozenset[str]] = {}

    def legs(self) -> Iterator[tuple[Rule, Rule, list[Way]]]:
        """Each two permits of which the second gives on from where the first gives to, with the ways."""
        for (first, pairs), (second, others) in product(self._pairs, repeat=2):
            ways = [(*pair, to) for pair in pairs for via, to in others if via == pair[1] and to != pair[0]]
            if ways and first.span.meet(second.span):
                yield first, second, sorted(ways)

    def missing(self, pair: Pair, kind: Kind, fields: Iterable[str], purposes: Collection[str]) -> frozenset[Missing]:
        """Of `fields` and `purposes` those for which the first does not give the second itself, or must not."""
        return frozenset(
            (field, purpose)
            for field in fields
            for purpose in purposes
            if field not in self._gives(pair, kind, purpose) or field in self._forbids(pair, kind, purpose)
        )

    def is_forbidden(self, pair: Pair, kind: Kind, fields: Iterable[str], purposes: Iterable[str]) -> bool:
        """True when some provision, whatever its conditions, keeps the first from giving the second one of `fields`."""
        return any(not self._forbids(pair, kind, purpose).isdisjoint(fields) for purpose in purposes)

    def _gives(self, pair: Pair, kind: Kind, purpose: str) -> frozenset[str]:
        key = (pair, kind.name, purpose)
        if key not in self._given:
            here = [rule for rule, pairs in self._pairs if pair in pairs]
            serving = [rule for rule in here if purpose in purposes_of(rule, kind, self.words)]
            self._given[key] = frozenset().union(*(rule.provision.fields_of(kind) for rule in serving))
        return self._given[key]

    def _forbids(self, pair: Pair, kind: Kind, purpose: str) -> frozenset[str]:
        key = (pair, kind.name, purpose)
        if key not in self._kept_back:
            here = [rule for rule in self.forbids if rule.span and is_bound(rule, pair)]
            binding = [rule for rule in here if rule.provision.is_for(purpose)]
            self._kept_back[key] = frozenset().union(*(rule.provision.fields_of(kind) for rule in binding))
        return self._kept_back[key]


def on_roads(texts: Sequence[Agreement], catalogue: Catalogue) -> Iterator[Conflict]:
    """The roads among `texts`: open ones by provision, stopped ones together by text, kind and what stops
    them."""
    groups: dict[tuple[object, ...], list[_Road]] = {}
    for road in _roads(_Map(texts, catalogue)):
        is_against = road.is_forbidden and not road.stops
        key = (_between(road), road.leg.kind.name, road.is_finding, is_against, road.stops)
        groups.setdefault(key, []).append(road)
    for group in groups.values():
        yield _conflict(group)


def _between(road: _Road) -> tuple[ProvisionRef, ...]:
    refs = [reference_to(rule.agreement, rule.provision) for rule in (road.leg.first, road.leg.second)]
    return tuple(replace(ref, provision="") if road.stops else ref for ref in refs)


def _conflict(group: Sequence[_Road]) -> Conflict:
    road, ways = group[0], tuple(sorted({found.way for found in group}))
    severity: Severity = "note"
    if not road.stops:
        severity = "error" if road.is_forbidden and not road.is_finding else "warning"
    code = f"road-of-{'finding' if road.is_finding else 'record'}-{'stopped' if road.stops else 'open'}"
    if road.is_forbidden and not road.stops:
        code += "-though-forbidden"
    missing = [found for one in group for found in one.missing]
    values = {
        "kind": road.leg.kind.name,
        "path": _path(ways),
        "stops": ", ".join(road.stops),
        "firsts": _listed(one.leg.first.provision.id for one in group),
        "seconds": _listed(one.leg.second.provision.id for one in group),
        "fields": _listed(field for field, _ in missing),
        "purposes": _listed(purpose for _, purpose in missing),
    }
    return Conflict(severity=severity, code=code, between=_between(road), values=values, roads=ways)


def _path(ways: Sequence[Way]) -> str:
    """A few of `ways`, and whether there are more."""
    shown = "; ".join(" → ".join(way) for way in ways[:SHOWN])
    return f"{shown}; …" if len(ways) > SHOWN else shown


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words)))


def _roads(world: _Map) -> Iterator[_Road]:
    for first, second, ways in world.legs():
        for kind in kinds_of(first, world.catalogue):
            yield from _roads_of_record(world, _Leg(first, second, kind), ways)
            if second.provision.on_behalf_of is None and kind.field(RESTS_ON) is None:
                for made in kinds_of(second, world.catalogue):
                    yield from _roads_of_finding(world, _Leg(first, second, kind), made, ways)


def _roads_of_record(world: _Map, leg: _Leg, ways: Sequence[Way]) -> Iterator[_Road]:
    """The origin's own record, passed on as it is."""
    kind, behalf = leg.kind, leg.second.provision.on_behalf_of or ()
    fields = leg.first.provision.fields_of(kind) & leg.second.provision.fields_of(kind)
    purposes = purposes_of(leg.second, kind, world.words)
    if not fields or not purposes:
        return
    limits = _limits(leg, kind, world)
    for way in ways:
        pair, is_delegated = (way[0], way[2]), way[0] in behalf
        if kind.field(RESTS_ON) is not None and not is_delegated:
            continue  # a finding of its own is no record of somebody else's
        is_forbidden = world.is_forbidden(pair, kind, fields, purposes)
        is_meant = is_delegated and not is_forbidden  # the origin signed that it may be passed on
        missing = world.missing(pair, kind, fields, purposes)
        if not is_meant and missing:
            stops = limits if is_delegated else ("third-party",)
            yield _Road(way, leg, is_finding=False, missing=missing, is_forbidden=is_forbidden, stops=stops)


def _roads_of_finding(world: _Map, leg: _Leg, made: Kind, ways: Sequence[Way]) -> Iterator[_Road]:
    """A finding of the kind `made` that rests on the origin's record."""
    purposes = purposes_of(leg.second, made, world.words)
    if made.field(RESTS_ON) is None or not purposes:
        return
    fields = leg.first.provision.fields_of(leg.kind)
    stops = (*_bound_to(leg), *_limits(leg, made, world), *_against_resting(world, leg, made))
    forbids = _forbids_of_resting(world, leg, made)
    for way in ways:
        pair, last = (way[0], way[2]), (way[1], way[2])
        missing = world.missing(pair, leg.kind, fields, purposes)
        if missing:
            by_forbid = ("forbid",) if any(is_bound(forbid, last) for forbid in forbids) else ()
            is_forbidden = world.is_forbidden(pair, leg.kind, fields, purposes)
            all_stops = (*stops, *by_forbid)
            yield _Road(way, leg, is_finding=True, missing=missing, is_forbidden=is_forbidden, stops=all_stops)


def _bound_to(leg: _Leg) -> tuple[str, ...]:
    """A finding goes only under a text that stands for the one its records came by."""
    return () if leg.second.agreement.stands_for([leg.first.agreement.digest]) else ("agreement",)


def _limits(leg: _Leg, made: Kind, world: _Map) -> tuple[str, ...]:
    """Purposes and caveats that go with what came."""
    came = purposes_of(leg.first, leg.kind, world.words)
    goes = [purpose for purpose in purposes_of(leg.second, made, world.words) if purpose in came]
    if not goes:
        return ("purpose",)
    caveats = (*leg.first.provision.caveats, *leg.kind.caveats)
    return () if allowed(goes, caveats, world.words) else ("caveat",)


def _against_resting(world: _Map, leg: _Leg, made: Kind) -> tuple[str, ...]:
    """The permit itself may give no finding that rests on the kind."""
    second = leg.second
    parts = [Part((*second.provision.when, _resting_on(leg.kind)), second.agreement.zone)]
    found = together(parts, made, world.words, second.span)
    return ("rests-on",) if found.moment is None and found.is_certain else ()


def _forbids_of_resting(world: _Map, leg: _Leg, made: Kind) -> list[Rule]:
    """Forbids that take all of it, whenever the finding rests on the kind."""
    resting, given = {_resting_on(leg.kind)}, leg.second.provision.fields_of(made)
    purposes = purposes_of(leg.second, made, world.words)
    return [
        forbid
        for forbid in world.forbids
        if {*forbid.provision.when} <= resting
        and given <= forbid.provision.fields_of(made)
        and all(forbid.provision.is_for(purpose) for purpose in purposes)
        and forbid.span.first <= leg.second.span.first
        and leg.second.span.end <= forbid.span.end
    ]


def _resting_on(kind: Kind) -> Condition:
    return Condition(field=RESTS_ON, test="includes", value=kind.name)
