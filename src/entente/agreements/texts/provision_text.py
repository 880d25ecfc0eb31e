"""Reads one provision. A permit says everything; a forbid may leave out whom, what and what for, and then means any."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from entente.agreements.agreement import EMERGENCY, RELEASES, RESCUE, Effect, Occasion, Provision, Scope
from entente.agreements.texts.condition_text import read_conditions
from entente.agreements.texts.tables import Table
from entente.records import Catalogue, Kind

_SHARED = (
    *("id", "reference", "legal_bases", "verified", "text", "effect", "giver", "receiver"),
    *("kinds", "fields", "purposes", "when", "valid_from", "valid_until"),
)
PERMIT_KEYS = (*_SHARED, "on_behalf_of", "occasion", "release", "training_days", "caveats", "duties")
FORBID_KEYS = (*_SHARED, "scope")
PROVISION_KEYS = (*PERMIT_KEYS, "scope")
"""Every key of a provision."""

ROLE = "role:"
"""Before the code of a role that stands for all parties who have it."""

_ID = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What an agreement says above its provisions: its parties, who else signs, authoritative languages, and first and
    last day."""

    parties: tuple[str, ...]
    also_signed_by: tuple[str, ...]
    authoritative: tuple[str, ...]
    dates: tuple[date, date]


def read_provision(table: Table, catalogue: Catalogue, frame: Frame) -> Provision:
    """The provision in `table`; problems are noted on its page."""
    table.only(PROVISION_KEYS)
    effect = table.one_of("effect", get_args(Effect))
    is_permit = effect != "forbid"
    parties = frame.parties
    for key in sorted(table.values.keys() & set(PROVISION_KEYS) - set(PERMIT_KEYS if is_permit else FORBID_KEYS)):
        table.note("not-in-a-permit" if is_permit else "not-in-a-forbid", key)
    scope = "parties" if is_permit else table.one_of("scope", get_args(Scope), "parties")
    kinds = table.codes("kinds", catalogue.kinds, "unknown-kind", is_required=is_permit)
    spoken_of = [
        catalogue.kinds[name] for name in (catalogue.kinds if kinds is None else kinds) if name in catalogue.kinds
    ]
    giver = _actors(table, "giver", parties, catalogue, "not-a-party", is_required=is_permit)
    receiver = _receivers(table, catalogue, parties, scope=scope, is_permit=is_permit)
    found = Provision(
        id=_id(table),
        reference=table.text("reference"),
        text=table.by_language("text", frame.authoritative),
        effect="permit" if is_permit else "forbid",
        giver=giver or (() if is_permit else parties),
        receiver=receiver,
        kinds=kinds,
        fields=_fields(table, catalogue, spoken_of, is_permit=is_permit),
        purposes=_list(table, "purposes", "purpose", "unknown-purpose", catalogue, is_required=is_permit),
        when=read_conditions(table, catalogue, None if kinds is None else spoken_of),
        valid_from=frame.dates[0],
        valid_until=frame.dates[1],
        scope="all-partners" if scope == "all-partners" else "parties",
        is_verified=table.flag("verified"),
        legal_bases=_list(table, "legal_bases", "legal-basis", "unknown-legal-basis", catalogue, is_required=False)
        or (),
        roles=_roles(table),
        release=RELEASES[_release(table)] if is_permit else RELEASES[-1],
        occasion=_occasion(table) if is_permit else "standing",
        caveats=_list(table, "caveats", "caveat", "unknown-caveat", catalogue, is_required=False) or (),
        duties=_duties(table, catalogue),
        on_behalf_of=_originators(table, frame, giver or ()),
        training_days=table.whole("training_days") if "training_days" in table.values else None,
    )
    if is_permit:
        _check_release(table, found)
    return found


def _check_release(table: Table, permit: Provision) -> None:
    """INVARIANT: an emergency waits for one named officer and for nothing else."""
    if permit.training_days is not None and permit.release == "automatic":
        table.note("training-of-nobody", "training_days")
    if permit.occasion != EMERGENCY:
        return
    if permit.release != "officer" or permit.training_days is not None:
        table.note("emergency-waits", "release", value=permit.release)
    if permit.purposes != (RESCUE,):
        table.note("emergency-is-rescue", "purposes")


def _id(table: Table) -> str:
    found = table.text("id")
    if found and not _ID.fullmatch(found):
        table.note("bad-id", "id", value=found)
    return found


def _actors(
    table: Table, key: str, known: Collection[str], catalogue: Catalogue, code: str, *, is_required: bool
) -> tuple[str, ...] | None:
    """The parties that `key` names by their codes or by `role:`, each once; those of a role are among `known`."""
    found: dict[str, None] = {}
    words = table.words(key, is_required=is_required)
    for word in words or ():
        role = word.removeprefix(ROLE)
        if not word.startswith(ROLE):
            if word not in known:
                table.note(code, key, value=word)
            found[word] = None
        elif role not in catalogue.vocabulary.list("party-role").terms:
            table.note("unknown-role", key, value=word)
        else:
            having = parties_with(role, catalogue)
            found.update((party, None) for party in known if party in having)
            if not having & set(known):
                table.note("role-of-nobody", key, value=word)
    return None if words is None else tuple(found)


def parties_with(role: str, catalogue: Catalogue) -> frozenset[str]:
    """All known parties that have the role."""
    terms = catalogue.vocabulary.list("party").terms
    return frozenset(code for code, term in terms.items() if role in term.attributes.get("roles", ()))


def _roles(table: Table) -> tuple[str, ...]:
    lists = [found for key in ("giver", "receiver") if isinstance(found := table.values.get(key), list)]
    named = [word for words in lists for word in words if isinstance(word, str)]
    return tuple(dict.fromkeys(word for word in named if word.startswith(ROLE)))


def _receivers(
    table: Table, catalogue: Catalogue, parties: tuple[str, ...], *, scope: str, is_permit: bool
) -> tuple[str, ...] | None:
    """None: anybody. A forbid for all partners may name agencies that are no parties."""
    if scope == "all-partners":
        known = catalogue.vocabulary.list("party").terms
        return _actors(table, "receiver", known, catalogue, "unknown-party", is_required=False)
    return _actors(table, "receiver", parties, catalogue, "not-a-party", is_required=is_permit)


def _originators(table: Table, frame: Frame, giver: tuple[str, ...]) -> tuple[str, ...] | None:
    """INVARIANT: only who signs a text can be spoken for in it."""
    signatories = (*frame.parties, *frame.also_signed_by)
    found = table.codes("on_behalf_of", signatories, "not-a-signatory", is_required=False)
    for party in sorted({*(found or ())}.intersection(giver)):
        table.note("gives-its-own", "on_behalf_of", value=party)
    return found


def _list(
    table: Table, key: str, list_name: str, code: str, catalogue: Catalogue, *, is_required: bool
) -> tuple[str, ...] | None:
    return table.codes(key, catalogue.vocabulary.list(list_name).terms, code, is_required=is_required)


def _fields(table: Table, catalogue: Catalogue, kinds: list[Kind], *, is_permit: bool) -> tuple[str, ...] | None:
    selectors = table.words("fields", is_required=is_permit)
    for selector in selectors or ():
        _check_selector(table, selector, catalogue, {kind.name: kind for kind in kinds})
    return selectors


def _check_selector(table: Table, selector: str, catalogue: Catalogue, kinds: Mapping[str, Kind]) -> None:
    prefix, mark, name = selector.partition(":")
    if mark:
        if prefix != "class":
            table.note("bad-selector", "fields", value=selector)
        elif name not in catalogue.vocabulary.list("field-class").terms:
            table.note("unknown-class", "fields", value=name)
        return
    kind_name, mark, field_name = selector.partition(".")
    if not mark:
        table.note("bad-selector", "fields", value=selector)
    elif kind_name not in kinds:
        table.note("kind-not-named", "fields", value=selector, kind=kind_name)
    elif kinds[kind_name].field(field_name) is None:
        known = ", ".join(field.name for field in kinds[kind_name].fields)
        table.note("unknown-field", "fields", value=selector, known=known)


def _occasion(table: Table) -> Occasion:
    found = table.one_of("occasion", get_args(Occasion))
    return next((name for name in get_args(Occasion) if name == found), "standing")


def _release(table: Table) -> int:
    found = table.one_of("release", RELEASES)
    return next((place for place, name in enumerate(RELEASES) if name == found), len(RELEASES) - 1)


def _duties(table: Table, catalogue: Catalogue) -> Mapping[str, int]:
    duties = table.of_type("duties", dict, "table of days", is_required=False)
    known = catalogue.vocabulary.list("duty").terms
    for name, days in (duties or {}).items():
        if name not in known:
            table.note("unknown-duty", "duties", value=name, known=", ".join(sorted(known)))
        elif type(days) is not int or days < 1:
            table.note("not-days", "duties", value=name)
    return {name: days for name, days in (duties or {}).items() if type(days) is int}
