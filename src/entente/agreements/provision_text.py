"""Reads one provision. A permit says everything; a forbid may leave out whom, what and what for, and then means any."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from entente.agreements.agreement import RELEASES, Effect, Occasion, Provision, Scope
from entente.agreements.condition_text import read_conditions
from entente.agreements.tables import Table
from entente.records import Catalogue, Kind

_SHARED = ("id", "reference", "verified", "text", "effect", "giver", "receiver", "kinds", "fields", "purposes", "when")
_DATES = ("valid_from", "valid_until")
PERMIT_KEYS = (*_SHARED, *_DATES, "occasion", "release", "caveats", "duties")
FORBID_KEYS = (*_SHARED, *_DATES, "scope")
PROVISION_KEYS = (*PERMIT_KEYS, "scope")
"""Every key of a provision."""

_ID = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What an agreement says above its provisions: its parties, authoritative languages, and first and last day."""

    parties: tuple[str, ...]
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
    return Provision(
        id=_id(table),
        reference=table.text("reference"),
        text=table.by_language("text", frame.authoritative),
        effect="permit" if is_permit else "forbid",
        giver=_parties(table, "giver", parties, is_permit=is_permit) or (() if is_permit else parties),
        receiver=_receivers(table, catalogue, parties, scope=scope, is_permit=is_permit),
        kinds=kinds,
        fields=_fields(table, catalogue, spoken_of, is_permit=is_permit),
        purposes=_list(table, "purposes", "purpose", "unknown-purpose", catalogue, is_required=is_permit),
        when=read_conditions(table, catalogue, None if kinds is None else spoken_of),
        valid_from=frame.dates[0],
        valid_until=frame.dates[1],
        occasion=_occasion(table) if is_permit else "standing",
        release=RELEASES[_release(table)] if is_permit else RELEASES[-1],
        caveats=_list(table, "caveats", "caveat", "unknown-caveat", catalogue, is_required=False) or (),
        duties=_duties(table, catalogue),
        scope="all-partners" if scope == "all-partners" else "parties",
        is_verified=table.flag("verified"),
    )


def _id(table: Table) -> str:
    found = table.text("id")
    if found and not _ID.fullmatch(found):
        table.note("bad-id", "id", value=found)
    return found


def _parties(table: Table, key: str, parties: tuple[str, ...], *, is_permit: bool) -> tuple[str, ...] | None:
    return table.codes(key, parties, "not-a-party", is_required=is_permit)


def _receivers(
    table: Table, catalogue: Catalogue, parties: tuple[str, ...], *, scope: str, is_permit: bool
) -> tuple[str, ...] | None:
    """None: anybody. A forbid for all partners may name agencies that are no parties."""
    if scope == "all-partners":
        known = catalogue.vocabulary.list("party").terms
        return table.codes("receiver", known, "unknown-party", is_required=False)
    return _parties(table, "receiver", parties, is_permit=is_permit)


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
