"""`check`: what a text says that its authors may not have meant. Reading problems first; a readable text is then
thought through.

The points of health (retention, third-party caveat, vague items) are those that reviews of real arrangements found
missing: Office of the Privacy Commissioner of Canada before the House of Commons, ETHI 40-2, meeting 20.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from entente.agreements.agreement import Agreement, Provision, selected
from entente.agreements.lines import Lines
from entente.agreements.remarks import Remark, Severity
from entente.agreements.satisfiable import impossible_fields
from entente.agreements.text import AgreementUnreadable, read_agreement
from entente.records import Catalogue, Kind
from entente.vocabulary import LANGUAGES

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
    lines = Lines(data.decode("utf-8"))
    places = {provision.id: place for place, provision in enumerate(agreement.provisions)}
    placed = [replace(remark, line=_line(remark, lines, places)) for remark in found]
    return tuple(sorted(placed, key=lambda remark: _RANK[remark.severity]))


def _line(remark: Remark, lines: Lines, places: Mapping[str, int]) -> int | None:
    return lines.of("provision", places[remark.part], remark.key) if remark.part else lines.of("", 0, remark.key)


def _on_provision(agreement: Agreement, provision: Provision, catalogue: Catalogue) -> Iterator[Remark]:
    kinds = [catalogue.kinds[name] for name in provision.kinds or ()]
    yield from _on_parties(agreement, provision)
    yield from _on_days(agreement, provision)
    yield from _on_fields(provision, kinds)
    yield from _on_conditions(provision, kinds, catalogue)
    if provision.effect == "permit":
        yield from _on_obligations(provision)
        yield from _on_telling(provision, kinds)
        yield from _on_kinds(provision, kinds, catalogue)
        yield from _on_forbids(agreement, provision, kinds)
    if not provision.is_verified:
        yield _remark("note", "unverified-reference", provision, "reference", reference=provision.reference)


def _remark(severity: Severity, code: str, provision: Provision, key: str, **values: str) -> Remark:
    return Remark(severity=severity, code=code, part=provision.id, key=key, values=values)


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


def _on_conditions(provision: Provision, kinds: list[Kind], catalogue: Catalogue) -> Iterator[Remark]:
    for name in impossible_fields(provision, kinds, catalogue.vocabulary):
        yield _remark("error", "unsatisfiable", provision, "when", value=name)
    for condition in provision.when:
        listed = catalogue.vocabulary.dated.get(str(condition.value)) if "listed_in" in condition.test else None
        if listed is not None and not listed.is_verified:
            yield _remark(
                "note", "stands-on-unverified-list", provision, "when", value=listed.name, source=listed.source
            )


def _on_obligations(permit: Provision) -> Iterator[Remark]:
    if "retain_days" not in permit.duties:
        yield _remark("warning", "no-retention", permit, "duties")
    if "no-onward" not in permit.caveats:
        yield _remark("warning", "no-third-party-caveat", permit, "caveats")


def _on_telling(permit: Provision, kinds: list[Kind]) -> Iterator[Remark]:
    read = {name for found in permit.when for name in (found.field, found.on) if name is not None}
    for name in sorted(read):
        if any(name not in permit.fields_of(kind) for kind in kinds):
            yield _remark("warning", "outcome-tells", permit, "when", value=name)


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


def _on_forbids(agreement: Agreement, permit: Provision, kinds: list[Kind]) -> Iterator[Remark]:
    for forbid in agreement.provisions:
        if forbid.effect == "forbid" and not forbid.when and _covers(forbid, permit, kinds):
            yield _remark("error", "always-forbidden", permit, "effect", by=forbid.id)


def _covers(forbid: Provision, permit: Provision, kinds: list[Kind]) -> bool:
    """True when `forbid` takes away all that `permit` gives, on every day and for every party and purpose."""
    pairs = [pair for pair in product(permit.giver, permit.receiver or ()) if permit.is_between(*pair)]
    return (
        forbid.valid_from <= permit.valid_from
        and permit.valid_until <= forbid.valid_until
        and all(forbid.is_between(*pair) for pair in pairs)
        and all(forbid.is_for(purpose) for purpose in permit.purposes or ())
        and all(permit.fields_of(kind) <= forbid.fields_of(kind) for kind in kinds)
    )
