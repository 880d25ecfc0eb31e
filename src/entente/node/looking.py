"""Reading records: every look is written down with who and why, before anything is shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from entente.errors import InputFault
from entente.node.limits import limits_of
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import AccessRow, DecisionRow, EntryRow, ExplanationRow, RecordRow


class NoReason(InputFault):
    """Records are read for a reason, and none was given. Say it with --why, for example --why "monthly trend
    meeting"."""


class NoSuchRecord(InputFault):
    """No record `{record}` can be shown to you for what you stated. The list of records (`entente records list`)
    has those that can; another stated purpose may show others."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and why; both are kept in the access log and in the ledger.

    With a `purpose` (list `purpose`) only records are seen that may be used for it; empty: whatever they may serve.
    """

    who: str
    why: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that a node knows about one record: versions, what was decided for whom and why, and its ledger entries."""

    versions: Sequence[RecordRow]
    decisions: Sequence[tuple[DecisionRow, ExplanationRow | None]]
    entries: Sequence[EntryRow]


def look_at_list(
    node: Node,
    look: Look,
    kind: str | None,
    *,
    own: bool | None = None,
    after: str = "",
    limit: int = 100,
    where: Mapping[str, str] | None = None,
) -> Sequence[RecordRow]:
    """Current records in order of id, after `after`; with `where` only those with these values, as they are signed
    (`line` is the line of the file). Raises NoReason, UnknownWord, UnknownKind."""
    if kind is not None:
        node.catalogue.kind(kind)
    check_purpose(node, look)
    with node.writing() as work:
        may_serve = (row for row in _current(work, kind, after, own=own) if may_be_used(node, row, look.purpose))
        rows = list(islice((row for row in may_serve if not where or _has(parse(row.body), where)), limit))
        log_look(work, look, kind or "all", [row.id for row in rows])
    return rows


def _current(work: Work, kind: str | None, after: str, *, own: bool | None) -> Iterator[RecordRow]:
    while page := work.tx.current_records(kind, own=own, after=after):
        yield from page
        after = page[-1].id


def _has(body: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    known = {"line": body["provenance"]["line"], **body["values"]}
    return all(str(known.get(name)) == value for name, value in where.items())


def look_at_one(node: Node, look: Look, record_id: str, *, own: bool | None = None) -> Dossier:
    """The record, of which the person may see our own (`own` True), received ones (False) or both (None).

    INVARIANT: nobody is told of a record that they may not see; it is NoSuchRecord, as one that is not there.
    Raises NoReason, UnknownWord, NoSuchRecord.
    """
    check_purpose(node, look)
    with node.writing() as work:
        held = work.tx.versions(record_id)
        versions = [row for row in held if may_be_used(node, row, look.purpose)]
        if not versions or versions[-1] is not held[-1] or own not in (None, versions[-1].via is None):
            raise NoSuchRecord(record=record_id)
        decisions = [(row, work.tx.explanation(row.mask)) for row in work.tx.decisions(record_id)]
        entries = work.tx.entries_about(record_id)
        log_look(work, look, versions[-1].kind, [record_id])
    return Dossier(versions, decisions, entries)


def log_look(work: Work, look: Look, kind: str, ids: Sequence[str]) -> None:
    """Writes the look into the access log and the ledger."""
    fixed = digest(canonical(list(ids)))
    row = AccessRow(at=work.now, who=look.who, why=look.why, kind=kind, count=len(ids), ids_digest=fixed)
    work.tx.log_access(row)
    purpose: dict[str, Json] = {"purpose": look.purpose} if look.purpose else {}
    work.write("read", look.who, {"why": look.why, **purpose, "kind": kind, "count": len(ids), "ids": fixed})


def purposes_of(node: Node, row: RecordRow) -> tuple[str, ...] | None:
    """What `row` may be used for here: a received record what its handling names, one of ours what its kind and what
    it rests on leave; None for no limit.

    INVARIANT: a received record without handling may be used for nothing.
    """
    if row.via is not None:
        return tuple(parse(row.handling)["purposes"]) if row.handling is not None else ()
    kind = node.catalogue.kinds.get(row.kind)
    by_kind, by_rest = kind.only_for if kind else None, limits_of(row).purposes
    if by_kind is None or by_rest is None:
        return by_rest if by_kind is None else by_kind
    return tuple(purpose for purpose in by_kind if purpose in by_rest)


def may_be_used(node: Node, row: RecordRow, purpose: str) -> bool:
    """True where `row` may be used for `purpose`; an empty one asks nothing."""
    found = purposes_of(node, row) if purpose else None
    return found is None or purpose in found


def record_of(node: Node, row: RecordRow) -> Record:
    """The record in `row`, with the types of its kind."""
    return Record.from_json(parse(row.body), node.catalogue.kind(row.kind))


def check_purpose(node: Node, look: Look) -> None:
    """Raises NoReason, and UnknownWord for a purpose that is none."""
    check_look(look)
    if look.purpose:
        node.catalogue.vocabulary.list("purpose").term(look.purpose)


def check_look(look: Look) -> None:
    """Raises NoReason."""
    if not look.why.strip():
        raise NoReason
