"""How far a provision reaches: between whom, for what, which fields, when; and where a forbid meets a permit.

Conditions are left to `satisfiable`: what is said here holds of every record for which they are true.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from entente.agreements.agreement import EMERGENCY, RELEASES, RESCUE, Agreement, Provision
from entente.agreements.care.satisfiable import Span, span_of
from entente.agreements.deciding.caveats import allowed
from entente.records import Catalogue, Kind
from entente.vocabulary import Vocabulary

Pair = tuple[str, str]
"""Giver and receiver."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision of an agreement."""

    agreement: Agreement
    provision: Provision

    @property
    def span(self) -> Span:
        return span_of(self.agreement, self.provision)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where a forbid takes away what a permit gives, of one kind."""

    kind: Kind
    fields: tuple[str, ...]
    pairs: tuple[Pair, ...]
    purposes: tuple[str, ...]
    span: Span


def permits_in(agreement: Agreement) -> tuple[Rule, ...]:
    return tuple(Rule(agreement, found) for found in agreement.provisions if found.effect == "permit")


def forbids_in(agreement: Agreement) -> tuple[Rule, ...]:
    return tuple(Rule(agreement, found) for found in agreement.provisions if found.effect == "forbid")


def kinds_of(rule: Rule, catalogue: Catalogue) -> tuple[Kind, ...]:
    """The kinds of which it speaks of any field."""
    names = rule.provision.kinds if rule.provision.kinds is not None else tuple(catalogue.kinds)
    found = [catalogue.kinds[name] for name in names if name in catalogue.kinds]
    return tuple(kind for kind in found if rule.provision.fields_of(kind))


def pairs_of(permit: Rule) -> tuple[Pair, ...]:
    """Between whom it permits. What it gives on behalf of nobody but these two, it does not give."""
    bound, behalf = set(permit.agreement.parties), permit.provision.on_behalf_of
    pairs = product(permit.provision.giver, permit.provision.receiver or ())
    return tuple(
        pair
        for pair in pairs
        if set(pair) <= bound
        and permit.provision.is_between(*pair)
        and (behalf is None or not set(pair).issuperset(behalf))
    )


def purposes_of(permit: Rule, kind: Kind, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What it gives `kind` for: no purpose that the kind may not serve or that a caveat rules out."""
    named = [found for found in permit.provision.purposes or () if kind.only_for is None or found in kind.only_for]
    return allowed(named, (*permit.provision.caveats, *kind.caveats), vocabulary)


def is_bound(forbid: Rule, pair: Pair) -> bool:
    """True when it speaks of the two and binds the giver: as `route` has it."""
    parties = set(forbid.agreement.parties)
    binds = pair[0] in parties if forbid.provision.scope == "all-partners" else set(pair) <= parties
    return binds and forbid.provision.is_between(*pair)


def binds_rescue(forbid: Provision) -> bool:
    """True when it stands in an emergency too: only where it names that purpose."""
    return forbid.purposes is not None and RESCUE in forbid.purposes


def meeting(permit: Rule, forbid: Rule, kind: Kind, vocabulary: Vocabulary) -> Meeting | None:
    """What `forbid` takes away of what `permit` gives of `kind`, conditions aside; None where they do not meet."""
    fields = permit.provision.fields_of(kind) & forbid.provision.fields_of(kind)
    pairs = tuple(pair for pair in pairs_of(permit) if is_bound(forbid, pair))
    given = purposes_of(permit, kind, vocabulary)
    if permit.provision.occasion == EMERGENCY and not binds_rescue(forbid.provision):
        given = ()
    purposes = tuple(found for found in given if forbid.provision.is_for(found))
    span = permit.span.meet(forbid.span)
    if not (fields and pairs and purposes and span):
        return None
    return Meeting(kind, tuple(sorted(fields)), pairs, purposes, span)


def covering(permit: Rule, forbids: Sequence[Rule], catalogue: Catalogue) -> tuple[Rule, ...]:
    """Those of `forbids` that together take away all that `permit` gives, whatever a record holds; none where
    something is left. One that does it alone is named alone."""
    always = [forbid for forbid in forbids if _always_beside(forbid, permit)]
    for forbid in always:
        if _is_covered(permit, [forbid], catalogue):
            return (forbid,)
    touching = [
        f for f in always if any(meeting(permit, f, k, catalogue.vocabulary) for k in kinds_of(permit, catalogue))
    ]
    return tuple(touching) if len(touching) > 1 and _is_covered(permit, touching, catalogue) else ()


def _always_beside(forbid: Rule, permit: Rule) -> bool:
    """True when it stands wherever the conditions of `permit` are true."""
    if not forbid.provision.when:
        return True
    is_alike = forbid.agreement.zone == permit.agreement.zone
    return is_alike and {*forbid.provision.when} <= {*permit.provision.when}


def _is_covered(permit: Rule, forbids: Sequence[Rule], catalogue: Catalogue) -> bool:
    span = permit.span
    if not span:
        return False
    for kind in kinds_of(permit, catalogue):
        for pair, purpose in product(pairs_of(permit), purposes_of(permit, kind, catalogue.vocabulary)):
            here = [f for f in forbids if _strikes(f, permit, pair, purpose)]
            for name in permit.provision.fields_of(kind):
                spans = [f.span.meet(span) for f in here if name in f.provision.fields_of(kind)]
                if not _fills(span, spans):
                    return False
    return True


def _strikes(forbid: Rule, permit: Rule, pair: Pair, purpose: str) -> bool:
    """INVARIANT: where `permit` may also serve in an emergency, a forbid counts only if it stands there."""
    serves_rescue = purpose == RESCUE and permit.provision.occasion in ("standing", EMERGENCY)
    is_standing = binds_rescue(forbid.provision) or not serves_rescue
    return is_standing and forbid.provision.is_for(purpose) and is_bound(forbid, pair)


def _fills(span: Span, parts: Iterable[Span]) -> bool:
    """True when `parts` leave no moment of `span` out."""
    reached: datetime = span.first
    for part in sorted((part for part in parts if part), key=lambda part: part.first):
        if part.first > reached:
            return False
        reached = max(reached, part.end)
    return reached >= span.end


def needless(agreement: Agreement, catalogue: Catalogue) -> Iterator[tuple[Provision, Provision]]:
    """Permits that change nothing, each with the laxer one of the same text that gives all they give."""
    permits = [found for found in agreement.provisions if found.effect == "permit"]
    for place, one in enumerate(permits):
        for other_place, other in enumerate(permits):
            is_twin = _includes(one, other, agreement, catalogue) and other_place > place
            if one is not other and not is_twin and _includes(other, one, agreement, catalogue):
                yield one, other
                break


def _includes(wide: Provision, narrow: Provision, agreement: Agreement, catalogue: Catalogue) -> bool:
    """True when no decision needs `narrow` beside `wide`: it gives nothing more and imposes nothing more."""
    kinds = kinds_of(Rule(agreement, narrow), catalogue)

    def _serves(found: Provision, kind: Kind) -> tuple[str, ...]:
        return purposes_of(Rule(agreement, found), kind, catalogue.vocabulary)

    pairs = [set(pairs_of(Rule(agreement, found))) for found in (narrow, wide)]
    days = [span_of(agreement, found) for found in (narrow, wide)]
    return (
        bool(kinds)
        and all(narrow.fields_of(kind) <= wide.fields_of(kind) for kind in kinds)
        and pairs[0] <= pairs[1]
        and days[1].first <= days[0].first < days[0].end <= days[1].end
        and {*wide.when} <= {*narrow.when}
        and {*(narrow.purposes or ())} == {*(wide.purposes or ())}
        and all({*_serves(narrow, kind)} <= {*_serves(wide, kind)} for kind in kinds)
        and wide.occasion in ("standing", narrow.occasion)
        and _asks_less(wide, narrow)
        and _imposes_all(wide, narrow)
    )


def _asks_less(wide: Provision, narrow: Provision) -> bool:
    """Of people: no more officers, no stricter training, and on behalf of no fewer parties."""
    is_trained = wide.training_days is None or (
        narrow.training_days is not None and wide.training_days >= narrow.training_days
    )
    behalf = (wide.on_behalf_of, narrow.on_behalf_of)
    is_for_all = behalf == (None, None) or (None not in behalf and {*(behalf[1] or ())} <= {*(behalf[0] or ())})
    return RELEASES.index(wide.release) <= RELEASES.index(narrow.release) and is_trained and is_for_all


def _imposes_all(wide: Provision, narrow: Provision) -> bool:
    return (
        {*narrow.caveats} <= {*wide.caveats}
        and {*narrow.legal_bases} <= {*wide.legal_bases}
        and all(wide.duties.get(name, days + 1) <= days for name, days in narrow.duties.items())
    )
