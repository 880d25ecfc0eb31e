"""One record: what it says and why it may be seen, who gets what of it, its versions and what happened to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from entente.node.agreeing import agreement_names
from entente.node.duties import Duty, duties
from entente.node.grounds import FieldReason
from entente.node.limits import held_under
from entente.node.listing import ID_LETTERS, readable
from entente.node.looking import Dossier, NoSuchRecord, look_at_one, purposes_of
from entente.node.owing import BY_US
from entente.node.reasons import reasons_in
from entente.node.releases import set_aside, waiting
from entente.node.summaries import summary
from entente.records import Kind, Record
from entente.web.values import field_label, labels, value_text
from entente.web.visit import Visit
from entente.web.why import FieldShown, own_fields, partner_shown, received_fields

MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`changes` from the version before: (field, old text, new text), each empty where nothing is stated; None for the
    first version and where one of both cannot be read."""

    number: int
    recorded_at: datetime
    address: str
    is_shown: bool
    changes: Sequence[tuple[str, str, str]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How the record may be used: `under` are (name, address) of agreements; `purposes` None for no limit."""

    under: Sequence[tuple[str, str]]
    purposes: str | None
    caveats: Sequence[str]


def show_record(visit: Visit) -> Response:
    """INVARIANT: what the person's role or purpose leaves out is not found, of any version."""
    dossier = look_at_one(visit.node, visit.look, visit.path["record_id"], own=visit.own)
    found = reasons_in(visit.node, visit.look, dossier, _version_asked(visit, dossier))
    row = next(one for one in dossier.versions if one.version == found.version)
    record, kind = readable(visit.node, row), visit.node.catalogue.kinds.get(row.kind)
    is_own = row.via is None
    told = _duties(visit, row.id)
    return visit.page(
        "record.html",
        row=row,
        record=record,
        heading=_heading(visit, row.id, row.kind, record),
        is_own=is_own,
        is_erased=not row.body,
        newest=dossier.versions[-1].version,
        is_finding=row.kind == "finding",
        because=found.said(visit.node.catalogue.vocabulary, visit.book),
        fields=list(_fields(visit, kind, record, found.fields, is_own=is_own)),
        unstated=_unstated(visit, kind, record) if is_own else [],
        partners=[partner_shown(visit, one, _desk(visit, row.id)) for one in found.partners],
        versions=list(_versions(visit, dossier, found.version)),
        use=_use(visit, row, kind),
        entries=_entries(dossier),
        duties=told,
        owed=[duty for duty in told if _may_answer(visit, duty)],
    )


def _version_asked(visit: Visit, dossier: Dossier) -> int | None:
    """The version in the address, None where none is named. Raises NoSuchRecord."""
    text = visit.query.get("version", "").strip()
    found = next((row.version for row in dossier.versions if str(row.version) == text), None)
    if text and found is None:
        raise NoSuchRecord(record=f"{dossier.versions[-1].id}/{text}")
    return found


def _heading(visit: Visit, record_id: str, kind: str, record: Record | None) -> str:
    told = summary(visit.node.catalogue, kind, record.values, visit.language) if record else ""
    return told or visit.say("Record {record}", record=record_id[:ID_LETTERS])


def _fields(
    visit: Visit, kind: Kind | None, record: Record | None, reasons: Sequence[FieldReason], *, is_own: bool
) -> Iterator[FieldShown]:
    if kind is None or record is None:
        return iter(())
    if is_own:
        return own_fields(visit, kind, record.values)
    return received_fields(visit, kind, record.values, reasons)


def _unstated(visit: Visit, kind: Kind | None, record: Record | None) -> Sequence[str]:
    """Labels of what our record does not state."""
    if kind is None or record is None:
        return []
    return [field_label(visit, kind.name, one.name) for one in kind.fields if one.name not in record.values]


def _desk(visit: Visit, record_id: str) -> Mapping[tuple[str, str], str]:
    """Numbers of what waits on the desk for this record, by partner and purpose, for those who may read the desk. What
    waits for a party without a node was not decided upon yet, so it stands under no purpose too."""
    if not visit.may("read-desk"):
        return {}
    rows = (*set_aside(visit.node), *waiting(visit.node))
    found = [row for row in rows if row.record_id == record_id]
    return {(row.partner, purpose): row.id for row in found for purpose in (row.purpose, "")}


def _versions(visit: Visit, dossier: Dossier, shown: int) -> Iterator[Version]:
    """The newest first."""
    rows = dossier.versions
    records = [readable(visit.node, row) for row in rows]
    for place in reversed(range(len(rows))):
        row, before = rows[place], records[place - 1] if place else None
        yield Version(
            number=row.version,
            recorded_at=row.recorded_at,
            address=f"/records/{row.id}?version={row.version}",
            is_shown=row.version == shown,
            changes=_changes(visit, before, records[place]),
        )


def _changes(visit: Visit, old: Record | None, new: Record | None) -> Sequence[tuple[str, str, str]] | None:
    if old is None or new is None:
        return None
    kind = visit.node.catalogue.kind(new.kind)
    changes = [
        (
            field_label(visit, kind.name, field.name),
            value_text(visit, kind.name, field, old.values[field.name]) if field.name in old.values else "",
            value_text(visit, kind.name, field, new.values[field.name]) if field.name in new.values else "",
        )
        for field in kind.fields
        if old.values.get(field.name) != new.values.get(field.name)
    ]
    if old.sure != new.sure:
        before, now = (labels(visit, "confidence", (one.sure,)) for one in (old, new))
        changes.append((visit.say("How sure"), before, now))
    return changes


def _use(visit: Visit, row: Any, kind: Kind | None) -> Use:
    names, limits = agreement_names(visit.node), held_under(row)
    purposes = purposes_of(visit.node, row)
    caveats = dict.fromkeys((*limits.caveats, *(kind.caveats if kind else ())))
    return Use(
        under=[(names.get(text, text), f"/agreements/{text}") for text in limits.agreements],
        purposes=labels(visit, "purpose", purposes) if purposes is not None else None,
        caveats=[labels(visit, "caveat", (code,)) for code in caveats],
    )


def _entries(dossier: Dossier) -> Sequence[tuple[int, str, datetime]]:
    """(index, type, time) of the last ledger entries about the record, the newest first."""
    last = sorted(dossier.entries, key=lambda entry: entry.index, reverse=True)[:MOST_ENTRIES]
    return [(entry.index, entry.type, entry.at) for entry in last]


def _duties(visit: Visit, record_id: str) -> Sequence[Duty]:
    return duties(visit.node, record_id=record_id) if visit.may("read-notices") else []


def _may_answer(visit: Visit, duty: Duty) -> bool:
    is_open = duty.row.direction == BY_US and duty.row.state in ("owed", "acknowledged")
    return is_open and visit.may("answer-notices")
