"""Do texts that stand side by side fit together? What one permits and another forbids, different handling of the same
records, two texts under one name; and by which roads something could reach whom its giver never meant (`roads`).

INVARIANT: what is reported as forbidden comes with a record that shows it, and nothing of the kind is left out: tests
compare with decisions on generated records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from entente.agreements.agreement import EMERGENCY, Agreement, ProvisionRef, reference_to
from entente.agreements.care.conflict import Conflict, Example, told
from entente.agreements.care.reach import (
    Meeting,
    Rule,
    covering,
    forbids_in,
    kinds_of,
    meeting,
    pairs_of,
    permits_in,
    purposes_of,
)
from entente.agreements.care.roads import on_roads
from entente.agreements.care.satisfiable import Found, Part, together
from entente.agreements.care.worth_trying import any_value
from entente.agreements.deciding.caveats import closed
from entente.agreements.texts.remarks import Severity
from entente.records import Catalogue, Field, Kind

_RANK: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}


def conflicts(agreements: Sequence[Agreement], catalogue: Catalogue) -> tuple[Conflict, ...]:
    """What `agreements` say against each other, the gravest first. Between two versions of one text only their days are
    compared: the newer one takes the place of the older between all who sign it."""
    texts = list({text.digest: text for text in agreements}.values())
    found = [*_on_names(texts)]
    for one, other in permutations(texts, 2):
        if one.name != other.name:
            found.extend(_on_forbids(one, other, catalogue))
    for one, other in combinations(texts, 2):
        if one.name != other.name:
            found.extend(_on_handling(one, other, catalogue))
    found.extend(on_roads(texts, catalogue))
    return tuple(sorted(found, key=lambda conflict: (_RANK[conflict.severity], conflict.between, conflict.code)))


def _on_names(texts: Sequence[Agreement]) -> Iterator[Conflict]:
    for one, other in combinations(sorted(texts, key=lambda text: (text.name, text.version, text.digest)), 2):
        between = tuple(ProvisionRef(text.name, text.version, "", text.digest) for text in (one, other))
        if one.name != other.name:
            continue
        if one.version == other.version:
            values = {"name": one.name, "version": str(one.version)}
            yield Conflict(severity="error", code="same-version", between=between, values=values)
        elif one.valid_from <= other.valid_until and other.valid_from <= one.valid_until:
            first, last = max(one.valid_from, other.valid_from), min(one.valid_until, other.valid_until)
            values = {"name": one.name, "first": first.isoformat(), "last": last.isoformat()}
            yield Conflict(severity="note", code="versions-overlap", between=between, values=values)


def _on_forbids(one: Agreement, other: Agreement, catalogue: Catalogue) -> Iterator[Conflict]:
    """What `one` permits and `other` forbids."""
    forbids = forbids_in(other)
    for permit in permits_in(one):
        if covering(permit, forbids_in(one), catalogue):
            continue  # its own text leaves nothing of it: `check` says so
        all_of_it = covering(permit, forbids, catalogue)
        for forbid in forbids:
            seen = [found for kind in kinds_of(permit, catalogue) if (found := _seen(permit, forbid, kind, catalogue))]
            if seen:
                yield _forbidden(permit, forbid, seen, is_whole=forbid in all_of_it)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A permit and a forbid meet, in a record that `found` describes and that holds `field`. `is_judged`: no condition
    of the forbid is unknown."""

    met: Meeting
    field: Field
    found: Found
    is_judged: bool


def _seen(permit: Rule, forbid: Rule, kind: Kind, catalogue: Catalogue) -> _Seen | None:
    met = meeting(permit, forbid, kind, catalogue.vocabulary)
    if met is None:
        return None
    read = {name for found in (*permit.provision.when, *forbid.provision.when) for name in found.reads}
    names = sorted(met.fields, key=lambda name: name in read)
    tried = names[: max(1, sum(name in read for name in names) + 1)]  # one that no condition reads stands for all such
    for is_judged, name in product((True, False), tried):
        parts = [
            Part(permit.provision.when, permit.agreement.zone),
            Part(forbid.provision.when, forbid.agreement.zone, stands_on_unknown=not is_judged),
        ]
        found = together(parts, kind, catalogue.vocabulary, met.span, held=name)
        field = kind.field(name)
        if field is not None and (found.moment is not None or not found.is_certain):
            return _Seen(met, field, found, is_judged and found.moment is not None)
    return None


def _forbidden(permit: Rule, forbid: Rule, seen: Sequence[_Seen], *, is_whole: bool) -> Conflict:
    severity: Severity = "warning"
    code = "forbidden"
    if permit.provision.occasion == EMERGENCY:
        severity, code = "error", "emergency-stopped"
    elif is_whole:
        severity, code = "error", "forbidden-whole"
    elif not any(one.is_judged for one in seen):
        severity, code = "note", "forbidden-unjudged"
    shown = max(seen, key=lambda one: (one.found.moment is not None, one.is_judged))
    return Conflict(
        severity=severity,
        code=code,
        between=_between(permit, forbid),
        values=told(one.met for one in seen),
        meetings=tuple(one.met for one in seen),
        example=_example(permit, shown),
    )


def _between(*rules: Rule) -> tuple[ProvisionRef, ...]:
    return tuple(reference_to(rule.agreement, rule.provision) for rule in rules)


def _example(permit: Rule, seen: _Seen) -> Example | None:
    if seen.found.moment is None:
        return None
    giver, receiver = seen.met.pairs[0]
    return Example(
        kind=seen.met.kind,
        field=seen.field.name,
        values={seen.field.name: any_value(seen.field), **seen.found.values},
        giver=giver,
        receiver=receiver,
        purpose=seen.met.purposes[0],
        occasion=permit.provision.occasion,
        moment=seen.found.moment,
        chain=tuple(party for party in permit.provision.on_behalf_of or () if party not in (giver, receiver))[:1],
    )


def _on_handling(one: Agreement, other: Agreement, catalogue: Catalogue) -> Iterator[Conflict]:
    """The same records given under both texts, to be handled differently."""
    for first, second in product(permits_in(one), permits_in(other)):
        if (first.provision.on_behalf_of is None) == (second.provision.on_behalf_of is None):
            common = [met for kind in kinds_of(first, catalogue) if (met := _common(first, second, kind, catalogue))]
            if common:
                yield from _differences(first, second, common, catalogue)


def _common(first: Rule, second: Rule, kind: Kind, catalogue: Catalogue) -> Meeting | None:
    """What both give of `kind`; `purposes` are those of both."""
    fields = first.provision.fields_of(kind) & second.provision.fields_of(kind)
    pairs = tuple(pair for pair in pairs_of(first) if pair in pairs_of(second))
    span = first.span.meet(second.span)
    if not (fields and pairs and span):
        return None
    parts = [Part(rule.provision.when, rule.agreement.zone) for rule in (first, second)]
    found = together(parts, kind, catalogue.vocabulary, span)
    if found.moment is None and found.is_certain:
        return None
    served = [purposes_of(rule, kind, catalogue.vocabulary) for rule in (first, second)]
    return Meeting(kind, tuple(sorted(fields)), pairs, tuple(x for x in served[0] if x in served[1]), span)


def _differences(first: Rule, second: Rule, common: Sequence[Meeting], catalogue: Catalogue) -> Iterator[Conflict]:
    between, about = _between(first, second), told(common)
    days = [rule.provision.duties.get("retain_days") for rule in (first, second)]
    if days[0] != days[1]:
        yield _retention(between, about, days, tuple(common))
    apart = tuple(met for met in common if not met.purposes)
    if apart:
        named = [", ".join(rule.provision.purposes or ()) for rule in (first, second)]
        values = {**told(apart), "purposes_one": named[0], "purposes_other": named[1]}
        yield Conflict(severity="note", code="purposes-apart", between=between, values=values, meetings=apart)
    caveats = [{*closed(rule.provision.caveats, catalogue.vocabulary)} for rule in (first, second)]
    shared = tuple(met for met in common if met.purposes)
    if shared and caveats[0] != caveats[1]:
        values = {**told(shared), "caveats": ", ".join(sorted(caveats[0] ^ caveats[1]))}
        yield Conflict(severity="note", code="caveats-differ", between=between, values=values, meetings=shared)


def _retention(
    between: tuple[ProvisionRef, ...], about: Mapping[str, str], days: Sequence[int | None], common: tuple[Meeting, ...]
) -> Conflict:
    fewest = min(found for found in days if found is not None)
    if None in days:
        ordered = between if days[1] is None else between[::-1]
        values = {**about, "days": str(fewest)}
        return Conflict(severity="warning", code="retention-missing", between=ordered, values=values, meetings=common)
    values = {**about, "days_one": str(days[0]), "days_other": str(days[1]), "days": str(fewest)}
    return Conflict(severity="warning", code="retention-differs", between=between, values=values, meetings=common)
