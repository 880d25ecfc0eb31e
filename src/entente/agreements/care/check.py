"""`check`: what a text says that its authors may not have meant. Reading problems first; a readable text is then
thought through.

The points of health (retention, third-party caveat, vague items) are those that reviews of real arrangements found
missing: Office of the Privacy Commissioner of Canada before the House of Commons, ETHI 40-2, meeting 20.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from entente.agreements.agreement import Agreement, Provision, selected
from entente.agreements.care.dead import can_meet, on_dead, on_impossible
from entente.agreements.care.dead import remark as _remark
from entente.agreements.care.reach import Rule, kinds_of, permits_in
from entente.agreements.deciding.caveats import closed
from entente.agreements.deciding.conditions import field_of, lists_read
from entente.agreements.deciding.readings import terms_of
from entente.agreements.texts.lines import Lines, spot_of
from entente.agreements.texts.remarks import Remark, Severity
from entente.agreements.texts.text import AgreementUnreadable, read_agreement
from entente.records import Catalogue, Field, Kind
from entente.vocabulary import LANGUAGES, UNITS, Vocabulary

_RANK: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}


def check(data: bytes, catalogue: Catalogue) -> tuple[Remark, ...]:
    """Remarks on the agreement in `data`: errors first, then warnings and notes, each in the order of the text."""
    try:
        agreement = read_agreement(data, catalogue)
    except AgreementUnreadable as unreadable:
        return unreadable.problems
    found = [*_on_languages(agreement)]
    for provision in agreement.provisions:
        found.extend(_on_provision(agreement, provision, catalogue))
    found.extend(on_dead(agreement, catalogue))
    found.extend(_on_uncovered(agreement, catalogue))
    lines = Lines(data.decode("utf-8"))
    places = {provision.id: place for place, provision in enumerate(agreement.provisions)}
    placed = [_placed(remark, lines, places) for remark in found]
    return tuple(sorted(placed, key=lambda remark: _RANK[remark.severity]))


def _placed(remark: Remark, lines: Lines, places: Mapping[str, int]) -> Remark:
    table = ("provision", places[remark.part]) if remark.part else ("", 0)
    spot = spot_of(lines, remark.code, table, (remark.key,), remark.values)
    return replace(remark, line=spot.line, column=spot.column) if spot else remark


def _on_provision(agreement: Agreement, provision: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    kinds = [catalogue.kinds[name] for name in provision.kinds or ()]
    yield from _on_parties(agreement, provision)
    yield from _on_days(agreement, provision)
    yield from _on_fields(provision, kinds)
    yield from on_impossible(agreement, provision, catalogue)
    yield from _on_lists(provision, catalogue)
    yield from _on_tests(provision, kinds, catalogue.vocabulary)
    if provision.effect == "permit":
        yield from _on_obligations(provision, catalogue)
        yield from _on_telling(provision, kinds)
        yield from _on_kinds(provision, kinds, catalogue)
    else:
        yield from _on_telling_by_forbid(agreement, provision, catalogue)
    if not provision.is_verified:
        yield _remark("note", "unverified-reference", provision, "reference", reference=provision.reference)


def _on_languages(agreement: Agreement) -> Iterator[Remark]:
    for language in LANGUAGES:
        for part, text in [("", agreement.title), *((found.id, found.text) for found in agreement.provisions)]:
            if language not in text:
                key = "text" if part else "title"
                yield Remark(
                    severity="note", code="language-missing", part=part, key=key, values={"language": language}
                )


def _on_parties(agreement: Agreement, provision: Provision) -> Iterator[Remark]:
    receivers = provision.receiver if provision.receiver is not None else agreement.parties
    if not any(provision.is_between(giver, receiver) for giver, receiver in product(provision.giver, receivers)):
        yield _remark("error", "binds-nobody", provision, "receiver")


def _on_days(agreement: Agreement, provision: Provision) -> Iterator[Remark]:
    if provision.valid_from > agreement.valid_until or provision.valid_until < agreement.valid_from:
        yield _remark("error", "never-valid", provision, "valid_from")
    elif provision.valid_from < agreement.valid_from or provision.valid_until > agreement.valid_until:
        window = {"valid_from": str(agreement.valid_from), "valid_until": str(agreement.valid_until)}
        yield _remark("warning", "dates-outside", provision, "valid_until", **window)


def _on_fields(provision: Provision, kinds: list[Kind]) -> Iterator[Remark]:
    for kind in kinds:
        if not provision.fields_of(kind):
            yield _remark("error", "gives-nothing", provision, "fields", kind=kind.name)
    for selector in provision.fields or ():
        if kinds and not any(selected((selector,), kind) for kind in kinds):
            yield _remark("warning", "selects-nothing", provision, "fields", value=selector)


def _on_lists(provision: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    read = {listed.name: listed for found in provision.when for listed in lists_read(found, catalogue.vocabulary)}
    for name, listed in read.items():
        if not listed.is_verified:
            yield _remark("note", "stands-on-unverified-list", provision, "when", value=name, source=listed.source)


def _on_tests(provision: Provision, kinds: list[Kind], words: Vocabulary) -> Iterator[Remark]:
    """Tests that can be made, and hardly mean what they say."""
    for condition in provision.when:
        if condition.unit_in is not None and not _is_unit(condition.unit or ""):
            known = ", ".join(UNITS)
            yield _remark("warning", "odd-unit", provision, "when", value=condition.unit or "", known=known)
        fields = [field for kind in kinds if (field := field_of(kind, condition.field))]
        if condition.test == "within" and not any(_has_levels(field, words) for field in fields):
            yield _remark("warning", "flat-list", provision, "when", value=condition.field)


def _is_unit(code: str) -> bool:
    return code in UNITS or re.fullmatch("[A-Z]{3}", code) is not None


def _has_levels(field: Field, words: Vocabulary) -> bool:
    return any("within" in term.attributes for term in terms_of(field, words).values())


def _on_obligations(permit: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    if "retain_days" not in permit.duties:
        yield _remark("warning", "no-retention", permit, "duties")
    if "no-onward" not in closed(permit.caveats, catalogue.vocabulary):
        yield _remark("warning", "no-third-party-caveat", permit, "caveats")


def _on_telling(permit: Provision, kinds: list[Kind]) -> Iterator[Remark]:
    for name in _told(permit):
        if any(name not in permit.fields_of(kind) for kind in kinds):
            yield _remark("warning", "outcome-tells", permit, "when", value=name)


def _on_telling_by_forbid(agreement: Agreement, forbid: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    """What stays away tells as well: permits that give what the forbid takes, but not what it looks at."""
    limited = [found for found in permits_in(agreement) if can_meet(found, Rule(agreement, forbid), catalogue)]
    for name in _told(forbid):
        silent = [found.provision.id for found in limited if _is_silent_about(name, found, forbid, catalogue)]
        if silent:
            yield _remark("warning", "absence-tells", forbid, "when", value=name, permits=", ".join(silent))


def _is_silent_about(name: str, permit: Rule, forbid: Provision, catalogue: Catalogue) -> bool:
    kinds = [kind for kind in kinds_of(permit, catalogue) if forbid.fields_of(kind)]
    return any(name not in permit.provision.fields_of(kind) for kind in kinds)


def _told(provision: Provision) -> list[str]:
    """What its conditions look at, except how sure the source is, which every disclosure says."""
    return sorted({name for found in provision.when for name in found.reads} - {"record.sure"})


def _on_uncovered(agreement: Agreement, catalogue: Catalogue) -> Iterator[Remark]:
    """Fields of kinds that the text names, of which no provision says anything: they stay, and nobody wrote why."""
    named = dict.fromkeys(name for found in agreement.provisions for name in found.kinds or ())
    for kind in (catalogue.kinds[name] for name in named):
        covered = {name for found in agreement.provisions for name in found.fields_of(kind)}
        left = [field.name for field in kind.fields if field.name not in covered]
        if left:
            values = {"kind": kind.name, "fields": ", ".join(left)}
            yield Remark(severity="note", code="uncovered-field", values=values)


def _on_kinds(permit: Provision, kinds: list[Kind], catalogue: Catalogue) -> Iterator[Remark]:
    parties = catalogue.vocabulary.list("party").terms
    for kind in kinds:
        for receiver in permit.receiver or ():
            if kind.holder_role and kind.holder_role not in parties[receiver].attributes.get("roles", ()):
                values = {"value": receiver, "kind": kind.name, "role": kind.holder_role}
                yield _remark("error", "receiver-lacks-role", permit, "receiver", **values)
        if kind.only_for is not None and not set(kind.only_for) & set(permit.purposes or ()):
            values = {"kind": kind.name, "known": ", ".join(kind.only_for)}
            yield _remark("error", "never-serves", permit, "purposes", **values)
        if kind.is_about_person and permit.release == "automatic":
            yield _remark("warning", "raised-to-officer", permit, "release", kind=kind.name)
        by_class = tuple(found for found in permit.fields or () if found.startswith("class:"))
        if len(selected(by_class, kind)) == len(kind.fields):
            yield _remark("warning", "vague", permit, "fields", kind=kind.name)
