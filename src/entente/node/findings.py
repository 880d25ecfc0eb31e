"""Findings: what a question alarms about is kept with its evidence, a person reviews it, and only then it is told.

A finding is a record of our own. It is found open; accepting or dismissing it is a new version; provisions that speak
of accepted findings then take it to partners as a notification. Asked again with other evidence, it is open again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from entente.analysis import ACCEPTED, DISMISSED, FINDING, OPEN, Answer, Arguments, Found, Question, found_in
from entente.errors import InputFault
from entente.node.asking import EVERYTHING, Scope, ask
from entente.node.keeping import keep
from entente.node.limits import inherited, limits_body
from entente.node.looking import Look, check_look, log_look, record_of
from entente.node.work import Node
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.signing import canonical, digest
from entente.store import EvidenceRow, RecordRow, Transaction

READER = "entente-question"
METHOD_VERSION = "1"
REVIEW_FIELDS = ("review", "reviewed_on", "reviewed_by", "review_note")
VERDICTS = (ACCEPTED, DISMISSED)


class DoesNotFind(InputFault):
    """The question {question} answers, but does not look for anything. Use one of: {known}; `entente question run` asks
    the others."""


class NoSuchFinding(InputFault):
    """This node holds no finding `{finding}`. `entente findings list` shows those it holds."""


class NotOursToReview(InputFault):
    """The finding {finding} came from {party}, which has reviewed it. Answer it with `entente duties answer`."""


class ReviewedAlready(InputFault):
    """The finding {finding} is already {review}. Look for it again when its records have changed; it is open then."""


class NotesMissing(InputFault):
    """Whoever dismisses a finding says why, and nothing was said. Add --note."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The answer to a question that finds, and the findings it led to; `number_new` of them were not known before, or
    not with these figures."""

    answer: Answer
    findings: Sequence[RecordRow]
    number_new: int


@dataclass(frozen=True, slots=True)
class Held:
    """A finding as this node holds it. `stale`: how many records behind it have a newer version now."""

    row: RecordRow
    values: Mapping[str, Value]
    stale: int


def look_for(
    node: Node, look: Look, question: Question, arguments: Arguments, purpose: str, *, scope: Scope = EVERYTHING
) -> Looked:
    """Asks `question` and keeps what it finds, open for review. Raises DoesNotFind and what asking raises."""
    if not question.finds:
        raise DoesNotFind(question=question.name, known=", ".join(node_questions(node)))
    answer = ask(node, look, question, arguments, purpose, scope=scope)
    limits = limits_body(inherited(answer))
    with node.writing() as work:
        found = [_record(node, work.now, one, answer) for one in found_in(answer)]
        records = [_as_reviewed(node, work.tx, record) for record in found]
        done = keep(node, work, records, limits)
        rows = [row for row in (work.tx.record(record.id) for record in records) if row is not None]
        for row, one in zip(rows, found_in(answer), strict=True):
            work.tx.add_evidence(list(_evidence(row, one.evidence)))
    return Looked(answer, rows, done.kept)


def node_questions(node: Node) -> Sequence[str]:
    """Names of all questions that this node's words know."""
    return tuple(node.catalogue.vocabulary.list("question").terms)


def findings(node: Node, look: Look, *, review: str | None = None, own: bool | None = None) -> Sequence[Held]:
    """Findings held here, newest period first; those that wait for review with review=OPEN. Raises NoReason."""
    check_look(look)
    with node.writing() as work:
        held = [_held(node, work.tx, row) for row in _rows(work.tx, own=own)]
        shown = [one for one in held if review is None or one.values.get("review") == review]
        log_look(work, look, FINDING.name, [one.row.id for one in shown])
    return sorted(shown, key=lambda one: (str(one.values.get("period_end", "")), one.row.id), reverse=True)


def finding(node: Node, look: Look, name: str) -> Held:
    """The finding whose id begins with `name`. Raises NoReason, NoSuchFinding."""
    check_look(look)
    with node.writing() as work:
        held = _held(node, work.tx, _find(work.tx, name))
        log_look(work, look, FINDING.name, [held.row.id])
    return held


def review(node: Node, name: str, verdict: str, who: str, note: str = "") -> RecordRow:
    """`who` accepts or dismisses the finding; what its provisions then permit is queued in the same transaction.

    Raises NoSuchFinding, NotOursToReview, ReviewedAlready, NotesMissing.
    """
    if verdict == DISMISSED and not note.strip():
        raise NotesMissing
    with node.writing() as work:
        row = _find(work.tx, name)
        record = record_of(node, row)
        if row.via is not None:
            raise NotOursToReview(finding=row.id, party=row.said_by)
        if record.values["review"] != OPEN:
            raise ReviewedAlready(finding=row.id, review=record.values["review"])
        keep(node, work, [_reviewed(record, work.now, verdict, who, note)], row.handling)
        kept = _find(work.tx, row.id)
        behind = work.tx.evidence(row.id, row.version)
        work.tx.add_evidence([replace(one, finding_version=kept.version) for one in behind])
        work.write("reviewed", row.id, {"verdict": verdict, "who": who, "version": kept.version})
    return kept


def _record(node: Node, now: datetime, found: Found, answer: Answer) -> Record:
    """INVARIANT: a finding from simulated records is simulated itself, inside its signed bytes."""
    stamp = Stamp(
        said_by=node.party,
        recorded_at=now,
        id_key=node.identity.record_secret,
        is_simulated=answer.provenance.is_simulated,
    )
    return Record(
        id=record_id(stamp, FINDING, found.values),
        version=1,
        kind=FINDING.name,
        kind_version=FINDING.version,
        said_by=node.party,
        recorded_at=now,
        sure="reported",
        provenance=Provenance(
            source=answer.question,
            source_digest=digest(canonical(list(found.evidence))),
            line=1,
            reader=READER,
            mapping_version=METHOD_VERSION,
        ),
        values=found.values,
        is_simulated=stamp.is_simulated,
    )


def _as_reviewed(node: Node, tx: Transaction, record: Record) -> Record:
    """With the review of the version we hold, if that says the same; then nothing changes."""
    row = tx.record(record.id)
    if row is None:
        return record
    held = record_of(node, row).values
    told = {name: value for name, value in held.items() if name not in REVIEW_FIELDS}
    if told != {name: value for name, value in record.values.items() if name not in REVIEW_FIELDS}:
        return record
    return replace(record, values=held)


def _reviewed(record: Record, now: datetime, verdict: str, who: str, note: str) -> Record:
    values = {**record.values, "review": verdict, "reviewed_on": now.date(), "reviewed_by": who}
    if note.strip():
        values["review_note"] = note.strip()
    return replace(record, values=values, recorded_at=now, version=1, supersedes=None)


def _evidence(row: RecordRow, behind: Sequence[str]) -> Iterator[EvidenceRow]:
    for name in behind:
        record, _, version = name.partition("/")
        yield EvidenceRow(finding_id=row.id, finding_version=row.version, record_id=record, record_version=int(version))


def _rows(tx: Transaction, *, own: bool | None = None) -> Iterator[RecordRow]:
    after = ""
    while page := tx.current_records(FINDING.name, own=own, after=after):
        yield from page
        after = page[-1].id


def _held(node: Node, tx: Transaction, row: RecordRow) -> Held:
    return Held(row, record_of(node, row).values, len(tx.stale_evidence(row.id, row.version)))


def _find(tx: Transaction, name: str) -> RecordRow:
    found = [row for row in _rows(tx) if row.id.startswith(name)] if name else []
    if len(found) != 1:
        raise NoSuchFinding(finding=name)
    return found[0]
