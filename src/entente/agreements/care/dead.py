"""Provisions that change no decision, or none under their own text: always forbidden, needless, ruled out by their own
caveats, striking nothing.

INVARIANT: never a false alarm. Tests take such provisions out and hold the decisions equal.
"""

from collections.abc import Iterator

from entente.agreements.agreement import EMERGENCY, Agreement, Provision
from entente.agreements.care.reach import Rule, covering, forbids_in, kinds_of, meeting, needless, permits_in
from entente.agreements.care.satisfiable import Part, impossible_fields, together
from entente.agreements.deciding.caveats import ruling_out
from entente.agreements.texts.remarks import Remark, Severity
from entente.records import Catalogue


def remark(severity: Severity, code: str, provision: Provision, key: str, **values: str) -> Remark:
    """A remark on `key` of `provision`."""
    return Remark(severity=severity, code=code, part=provision.id, key=key, values=values)


def on_dead(agreement: Agreement, catalogue: Catalogue) -> Iterator[Remark]:
    """Remarks on the provisions of `agreement` that do nothing, permit by permit, then forbid by forbid."""
    forbids = forbids_in(agreement)
    for permit in permits_in(agreement):
        by = covering(permit, forbids, catalogue)
        if by:
            named = ", ".join(forbid.provision.id for forbid in by)
            yield remark("error", "always-forbidden", permit.provision, "effect", by=named)
        yield from _on_caveats(permit.provision, catalogue)
        yield from _on_emergency(permit, [forbid for forbid in forbids if forbid not in by], catalogue)
    for one, other in needless(agreement, catalogue):
        yield remark("warning", "needless", one, "effect", by=other.id)
    for forbid in forbids:
        if forbid.provision.scope == "parties" and not _strikes_any(forbid, catalogue):
            yield remark("note", "strikes-nothing", forbid.provision, "effect")


def on_impossible(agreement: Agreement, provision: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    """Conditions that can never all be true, by kind."""
    for name in provision.kinds or ():
        found = impossible_fields(agreement, provision, catalogue.kinds[name], catalogue.vocabulary)
        if found:
            yield remark("error", "unsatisfiable", provision, "when", value=", ".join(found), kind=name)


def can_meet(permit: Rule, forbid: Rule, catalogue: Catalogue) -> bool:
    """False when `forbid` can never take anything from `permit`."""
    return any(_can_meet_in(permit, forbid, kind.name, catalogue) for kind in kinds_of(permit, catalogue))


def _can_meet_in(permit: Rule, forbid: Rule, kind_name: str, catalogue: Catalogue) -> bool:
    kind = catalogue.kinds[kind_name]
    found = meeting(permit, forbid, kind, catalogue.vocabulary)
    if found is None:
        return False
    parts = [
        Part(permit.provision.when, permit.agreement.zone),
        Part(forbid.provision.when, forbid.agreement.zone, stands_on_unknown=True),
    ]
    tried = together(parts, kind, catalogue.vocabulary, found.span)
    return tried.moment is not None or not tried.is_certain


def _strikes_any(forbid: Rule, catalogue: Catalogue) -> bool:
    return any(can_meet(permit, forbid, catalogue) for permit in permits_in(forbid.agreement))


def _on_caveats(permit: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    words = catalogue.vocabulary
    ruled = {found: ruling_out(found, permit.caveats, words) for found in permit.purposes or ()}
    lost = [found for found, by in ruled.items() if by]
    if lost:
        severity: Severity = "error" if len(lost) == len(ruled) else "warning"
        caveats = ", ".join(dict.fromkeys(caveat for by in ruled.values() for caveat in by))
        yield remark(severity, "ruled-out-by-caveat", permit, "caveats", value=", ".join(lost), by=caveats)


def _on_emergency(permit: Rule, forbids: list[Rule], catalogue: Catalogue) -> Iterator[Remark]:
    if permit.provision.occasion == EMERGENCY:
        for forbid in forbids:
            if can_meet(permit, forbid, catalogue):
                yield remark("warning", "emergency-struck", permit.provision, "effect", by=forbid.provision.id)
