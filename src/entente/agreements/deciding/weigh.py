"""From what the tests say of a record to what may go: permits add fields, forbids take them away, one agreement gives
all.

INVARIANT: a permit counts when every condition is true; a forbid stands unless one condition is false. Unknown never
widens.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from entente.agreements.agreement import EMERGENCY, RESCUE, Provision
from entente.agreements.deciding.caveats import allowed, closed
from entente.agreements.deciding.combine import (
    combined_caveats,
    combined_duties,
    combined_purposes,
    release_by,
    tighten,
    with_caveats,
    within_limits,
)
from entente.agreements.deciding.conditions import Condition, Truth, conjunction
from entente.agreements.deciding.decision import (
    Ask,
    Forbidding,
    Limits,
    Mask,
    NearMiss,
    Outcome,
    Reason,
    Unmet,
    Withheld,
)
from entente.agreements.deciding.route import Clause, Counted, Route
from entente.records import Kind
from entente.signing import canonical, digest

NEAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the provisions say of all records with the same truths: `fields` may go, `waiting` may with more officers.

    `mask` adds what a record holds: nothing permitted means nothing sent, not an empty shell.
    """

    route: Route
    truths: tuple[Truth, ...]
    counted: Counted
    asked: Mapping[str, Any]
    inherited: Limits
    permits: tuple[Clause, ...]
    refusal: Reason | None
    fields: frozenset[str]
    waiting: frozenset[str]
    used: tuple[Clause, ...]
    later: tuple[Clause, ...]
    struck: Mapping[str, tuple[Clause, ...]]
    only_for: tuple[str, ...] | None
    _masks: dict[Outcome, Mask] = field(default_factory=dict)

    def mask(self, values: Mapping[str, object]) -> Mask:
        """The decision for a record that holds `values`."""
        outcome: Outcome = "withhold"
        if not self.fields.isdisjoint(values):
            outcome = "release"
        elif not self.waiting.isdisjoint(values):
            outcome = "wait"
        found = self._masks.get(outcome)
        if found is None:
            found = self._masks[outcome] = _mask(self, outcome)
        return found


def weigh(route: Route, truths: tuple[Truth, ...], ask: Ask, counted: Counted) -> Weighed:
    """What may go of a record of which the route's tests say `truths`, when as many officers approve as `counted`."""
    permits = tuple(c for c in route.permits if c.provision.speaks_for(ask.through) and _goes_on(ask))
    met = [c for c in permits if not c.unmet and all(truths[place] is True for place in c.tests)]
    struck = _struck(route, truths)
    refusal = route.refusal or _third_party(ask, permits)
    giving = [] if refusal else _one_agreement(met, counted)
    fields = _fields(c for c in giving if c.officers <= counted.of(c)) - struck.keys()
    waiting = _fields(giving) - struck.keys() - fields
    return Weighed(
        route=route,
        truths=truths,
        counted=counted,
        asked=_asked(route, ask, counted),
        inherited=ask.limits,
        permits=permits,
        refusal=refusal,
        fields=frozenset(fields),
        waiting=frozenset(waiting),
        used=tuple(c for c in giving if c.officers <= counted.of(c) and not c.fields.isdisjoint(fields)),
        later=tuple(c for c in giving if c.officers > counted.of(c) and not c.fields.isdisjoint(waiting)),
        struck=struck,
        # Forbids were set aside for the rescue alone: what was given for it serves nothing else.
        only_for=(RESCUE,) if ask.occasion == EMERGENCY else None,
    )


def _goes_on(ask: Ask) -> bool:
    """INVARIANT: what others said goes on and never back: not to whoever said it, nor to anybody it came through."""
    return ask.receiver not in ask.through


def _third_party(ask: Ask, permits: Collection[Clause]) -> Reason | None:
    """Third-party rule: what somebody else said is not ours to pass on, unless they signed a text that says so."""
    if permits or not ask.through:
        return None
    return Reason("third-party", None, (ask.record.said_by,))


def _struck(route: Route, truths: Sequence[Truth]) -> dict[str, tuple[Clause, ...]]:
    found: dict[str, tuple[Clause, ...]] = {}
    for clause in _standing(route.forbids, truths):
        for name in clause.fields:
            found[name] = (*found.get(name, ()), clause)
    return found


def _standing(forbids: Iterable[Clause], truths: Sequence[Truth]) -> list[Clause]:
    return [c for c in forbids if conjunction(truths[place] for place in c.tests) is not False]


def _fields(clauses: Iterable[Clause]) -> set[str]:
    return {name for clause in clauses for name in clause.fields}


def _one_agreement(met: Sequence[Clause], counted: Counted) -> list[Clause]:
    """The permits of the agreement that gives most now, else most later; ties go by name, newest version, digest.

    INVARIANT: forbids have no say in the choice, so that one more forbid can never bring in another agreement's fields.
    """
    by_agreement: dict[str, list[Clause]] = {}
    for clause in met:
        by_agreement.setdefault(clause.agreement.digest, []).append(clause)

    def rank(clauses: list[Clause]) -> tuple[int, int, str, int, str]:
        now = _fields(c for c in clauses if c.officers <= counted.of(c))
        agreement = clauses[0].agreement
        return (-len(now), -len(_fields(clauses)), agreement.name, -agreement.version, agreement.digest)

    return min(by_agreement.values(), key=rank, default=[])


def _asked(route: Route, ask: Ask, counted: Counted) -> dict[str, Any]:
    texts = [text for text, _ in route.agreements]
    return {
        "kind": ask.kind.name,
        "kind_digest": _kind_digest(ask.kind),
        "giver": ask.giver,
        "receiver": ask.receiver,
        "receiver_roles": sorted(ask.receiver_roles),
        "purpose": ask.purpose,
        "occasion": ask.occasion,
        "under": ask.under,
        "limits": ask.limits.to_json(),
        **_successions(route, ask.limits),
        "officers": counted.officers,
        "trained": [[*training, given] for training, given in counted.trained],
        "chain": list(ask.through),
        "agreements": [[found.digest, day.isoformat()] for found, day in route.agreements],
        "bound": [[text.digest, sorted({ask.giver, ask.receiver, *ask.through} & {*text.parties})] for text in texts],
        "directories": [[text.digest, text.directory] for text in texts if text.directory],
        "lists": [list(named) for named in route.lists],
        "codes": [list(named) for named in route.codes],
    }


def _successions(route: Route, limits: Limits) -> dict[str, Any]:
    """Each text that stands in place of one the limits name, with that one; absent where there is none."""
    found = [[text.digest, old] for text, _ in route.agreements for old in sorted(text.succeeds & {*limits.agreements})]
    return {"succeeds": found} if found else {}


@lru_cache(maxsize=256)
def _kind_digest(kind: Kind) -> str:
    return digest(canonical(kind.to_json()))


def _mask(weighed: Weighed, outcome: Outcome) -> Mask:
    clauses = {"release": weighed.used, "wait": weighed.later, "withhold": ()}[outcome]
    provisions = [clause.provision for clause in clauses]
    names = [found.name for found in weighed.route.kind.fields]
    going = weighed.fields if outcome == "release" else frozenset()
    waiting = weighed.waiting if outcome != "withhold" else frozenset()
    touched = going or waiting
    limits = [c for c in _standing(weighed.route.limits, weighed.truths) if not c.fields.isdisjoint(touched)]
    kind, inherited = weighed.route.kind, weighed.inherited
    words = weighed.route.vocabulary
    caveats = closed(with_caveats(combined_caveats(provisions), kind, *inherited.caveats), words) if clauses else ()
    purposes = combined_purposes(provisions, [clause.provision for clause in limits])
    return Mask(
        asked=weighed.asked,
        outcome=outcome,
        agreement=clauses[0].agreement.digest if clauses else None,
        provisions=tuple(clause.ref.provision for clause in clauses),
        fields=tuple(name for name in names if name in going),
        waiting=tuple(name for name in names if name in waiting),
        withheld=tuple(_withheld(weighed, name) for name in names if name not in going),
        release=release_by(max(clause.officers for clause in clauses)) if clauses else None,
        needs=min((c.officers - weighed.counted.of(c) for c in weighed.later), default=0) if waiting else 0,
        caveats=caveats,
        duties=_duties(provisions, inherited),
        purposes=allowed(within_limits(purposes, kind.only_for, inherited.purposes, weighed.only_for), caveats, words),
        legal_bases=tuple(sorted({basis for provision in provisions for basis in provision.legal_bases})),
        reasons=_reasons(weighed, outcome),
    )


def _duties(provisions: Sequence[Provision], inherited: Limits) -> Mapping[str, int]:
    duties = combined_duties(provisions)
    if provisions and inherited.retain_days is not None:
        tighten(duties, {"retain_days": inherited.retain_days})
    return dict(sorted(duties.items()))


def _reasons(weighed: Weighed, outcome: Outcome) -> tuple[Reason, ...]:
    if weighed.refusal:
        return (weighed.refusal,)
    if outcome == "withhold" and (weighed.fields or weighed.waiting):
        return (Reason("nothing-to-give", None),)
    if outcome == "withhold":
        return _reasons_against(weighed)
    met = _fields(c for c in weighed.permits if _is_met(c, weighed))
    code, clauses = ("permits", weighed.used) if outcome == "release" else ("waits", weighed.later)
    aside = [c for c in _standing(weighed.route.set_aside, weighed.truths) if not c.fields.isdisjoint(_fields(clauses))]
    return (
        *(Reason(code, c.ref) for c in clauses),
        *(Reason("forbids", c.ref) for c in _striking(weighed, met)),
        *(Reason("set-aside", c.ref) for c in aside),
    )


def _reasons_against(weighed: Weighed) -> tuple[Reason, ...]:
    """The forbids that strike what a permit could give, then the permits that come nearest to giving the rest."""
    permits = weighed.permits
    striking = _striking(weighed, _fields(permits) if permits else weighed.struck.keys())
    open_permits = [c for c in permits if not c.fields <= weighed.struck.keys()]
    near = sorted(((_unmet(c, weighed), c.ref) for c in open_permits), key=lambda miss: (len(miss[0]), miss[1]))
    return (
        *(Reason("forbids", c.ref) for c in striking),
        *(Reason("unmet", ref, _codes(lacks)) for lacks, ref in near[:NEAR_MISSES]),
    ) or (Reason("no-provision", None),)


def _codes(lacks: Iterable[Unmet]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.code for found in lacks))


def _striking(weighed: Weighed, names: Collection[str]) -> list[Clause]:
    found = {c.ref: c for name, clauses in weighed.struck.items() if name in names for c in clauses}
    return [found[ref] for ref in sorted(found)]


def _is_met(clause: Clause, weighed: Weighed) -> bool:
    return not clause.unmet and all(weighed.truths[place] is True for place in clause.tests)


def _withheld(weighed: Weighed, name: str) -> Withheld:
    by = tuple(Forbidding(c.ref, _unknown(c, weighed)) for c in weighed.struck.get(name, ()))
    if weighed.refusal or by:
        return Withheld(name, by, ())
    near = [NearMiss(c.ref, _unmet(c, weighed)) for c in weighed.permits if name in c.fields]
    near.sort(key=lambda miss: (len(miss.unmet), miss.provision))
    return Withheld(name, (), tuple(near[:NEAR_MISSES]))


def _unknown(clause: Clause, weighed: Weighed) -> tuple[Unmet, ...]:
    paired = zip(clause.provision.when, clause.tests, strict=True)
    return tuple(
        _condition(condition, None, weighed.route.kind) for condition, place in paired if weighed.truths[place] is None
    )


def _unmet(clause: Clause, weighed: Weighed) -> tuple[Unmet, ...]:
    """What `clause` lacks; never a value of the record, so that the explanation can be shared."""
    found = list(clause.unmet)
    for condition, place in zip(clause.provision.when, clause.tests, strict=True):
        if weighed.truths[place] is not True:
            found.append(_condition(condition, weighed.truths[place], weighed.route.kind))
    given = weighed.counted.of(clause)
    if clause.officers > given:
        found.append(Unmet("officers", {"needed": clause.officers, "given": given}))
        if clause.training is not None:
            name, days = clause.training
            found.append(Unmet("training", {"agreement": name, "days": days}))
    return tuple(found) or (Unmet("one-agreement", {}),)


def _condition(condition: Condition, truth: Truth, kind: Kind) -> Unmet:
    field = kind.field(condition.field)
    vocabulary = (field and field.vocabulary) or ""
    return Unmet("condition", {**condition.to_json(), "vocabulary": vocabulary, "is_known": truth is not None})
