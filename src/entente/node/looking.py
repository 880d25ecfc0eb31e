"""Reading records: every look is written down with who and why, before anything is shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from entente.errors import InputFault
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import canonical, digest, parse
from entente.store import AccessRow, DecisionRow, EntryRow, ExplanationRow, RecordRow


class NoReason(InputFault):
    """Records are read for a reason, and none was given. Say it with --why, for example --why "monthly trend
    meeting"."""


class NoSuchRecord(InputFault):
    """This node holds no record `{record}`. `entente records list` shows the ids."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and why; both are kept in the access log and in the ledger."""

    who: str
    why: str


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
    (`line` is the line of the file). Raises NoReason, UnknownKind."""
    if kind is not None:
        node.catalogue.kind(kind)
    check_look(look)
    with node.writing() as work:
        rows = list(islice(_fitting(work, kind, after, where or {}, own=own), limit))
        log_look(work, look, kind or "all", [row.id for row in rows])
    return rows


def _fitting(
    work: Work, kind: str | None, after: str, where: Mapping[str, str], *, own: bool | None
) -> Iterator[RecordRow]:
    while page := work.tx.current_records(kind, own=own, after=after):
        for row in page:
            if not where or _has(parse(row.body), where):
                yield row
        after = page[-1].id


def _has(body: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    known = {"line": body["provenance"]["line"], **body["values"]}
    return all(str(known.get(name)) == value for name, value in where.items())


def look_at_one(node: Node, look: Look, record_id: str) -> Dossier:
    """Raises NoReason, NoSuchRecord."""
    check_look(look)
    with node.writing() as work:
        versions = work.tx.versions(record_id)
        if not versions:
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
    work.write("read", look.who, {"why": look.why, "kind": kind, "count": len(ids), "ids": fixed})


def record_of(node: Node, row: RecordRow) -> Record:
    """The record in `row`, with the types of its kind."""
    return Record.from_json(parse(row.body), node.catalogue.kind(row.kind))


def check_look(look: Look) -> None:
    """Raises NoReason."""
    if not look.why.strip():
        raise NoReason
