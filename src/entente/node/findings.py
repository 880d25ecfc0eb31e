"""Findings: what a question alarms about is kept with its evidence, a person reviews it, and only then it is told.

A finding is a record of our own. It is found open; accepting or dismissing it is a new version; provisions that speak
of accepted findings then take it to partners as a notification. Asked again with other evidence, it is open again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from entente.analysis import FINDING, Answer, Arguments, Found, Question, found_in, settings_in, settings_text
from entente.errors import InputFault
from entente.node.asking import EVERYTHING, Scope, ask
from entente.node.keeping import keep
from entente.node.limits import inherited, limits_body
from entente.node.looking import Look, check_purpose, log_look, may_be_used, record_of
from entente.node.work import Node
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.signing import canonical, digest
from entente.store import EvidenceRow, RecordRow, Transaction

READER = "entente-question"
METHOD_VERSION = "1"
REVIEW_FIELDS = ("review", "reviewed_on", "reviewed_by", "review_note")
PURPOSE, OWN = "purpose", "own"
"""Settings that a node adds: for what it was asked, and whether of our own records alone."""


class DoesNotFind(InputFault):
    """The question {question} answers, but does not look for anything. `entente question list` marks those that find;
    ask the others with `entente question run`."""


class NoSuchFinding(InputFault):
    """This node holds no finding `{finding}`. `entente findings list` shows those it holds."""


class SeveralFindings(InputFault):
    """{number} findings begin with `{finding}`. Give more of the id; `entente findings list --json` shows it whole."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The answer to a question that finds, and the findings it led to; `number_new` of them were not known before, or
    not with these figures."""

    answer: Answer
    findings: Sequence[RecordRow]
    number_new: int


@dataclass(frozen=True, slots=True)
class Held:
    """A finding as this node holds it. `stale`: how many records behind it have a newer version now; `recalled`: how
    many were erased or called back."""

    row: RecordRow
    values: Mapping[str, Value]
    stale: int
    recalled: int = 0


def look_for(
    node: Node, look: Look, question: Question, arguments: Arguments, purpose: str, *, scope: Scope = EVERYTHING
) -> Looked:
    """Asks `question` and keeps what it finds, open for review; also what alarmed before and does so no longer.

    Raises DoesNotFind and what asking raises.
    """
    if not question.finds:
        raise DoesNotFind(question=question.name)
    answer = ask(node, look, question, arguments, purpose, scope=scope)
    limits = limits_body(inherited(answer))
    settings = settings_text({**answer.parameters, PURPOSE: purpose, OWN: "yes" if scope.is_own else None})
    with node.writing() as work:
        found = [(_record(node, work.now, one, answer), one) for one in found_in(answer, settings)]
        kept = [(one, record) for record, one in found if one.is_alarm or work.tx.record(record.id) is not None]
        done = keep(node, work, [_as_reviewed(node, work.tx, record, limits) for _, record in kept], limits)
        rows = [_current(work.tx, record.id) for _, record in kept]
        for row, (one, _) in zip(rows, kept, strict=True):
            work.tx.add_evidence(list(_evidence(row, one.evidence)))
    return Looked(answer, rows, done.kept)


def asked_with(values: Mapping[str, Value]) -> tuple[Sequence[str], str, Scope]:
    """How to look for a finding again: `name=value` texts for its question, the purpose, and whose records."""
    settings = dict(settings_in(str(values["settings"])))
    purpose, own = settings.pop(PURPOSE, ""), settings.pop(OWN, "")
    texts = [f"{name}={value}" for name, value in settings.items()]
    return [*texts, f"until={values['period_end']}"], purpose, Scope(is_own=own == "yes")


def findings(node: Node, look: Look, *, review: str | None = None, own: bool | None = None) -> Sequence[Held]:
    """Findings held here that may serve the purpose of the look, newest period first; those that wait for review with
    review=OPEN. Raises NoReason, UnknownWord."""
    check_purpose(node, look)
    with node.writing() as work:
        rows = (row for row in _rows(work.tx, own=own) if may_be_used(node, row, look.purpose))
        held = [_held(node, work.tx, row) for row in rows]
        shown = [one for one in held if review is None or one.values.get("review") == review]
        log_look(work, look, FINDING.name, [one.row.id for one in shown])
    return sorted(shown, key=lambda one: (str(one.values.get("period_end", "")), one.row.id), reverse=True)


def finding(node: Node, look: Look, name: str, *, own: bool | None = None) -> Held:
    """The finding whose id begins with `name`, as far as the person may see it (as entente.node.looking.look_at_one).

    Raises NoReason, UnknownWord, NoSuchFinding, SeveralFindings.
    """
    check_purpose(node, look)
    with node.writing() as work:
        row = find(
            work.tx, name, may_see=lambda row: own in (None, row.via is None) and may_be_used(node, row, look.purpose)
        )
        held = _held(node, work.tx, row)
        log_look(work, look, FINDING.name, [held.row.id])
    return held


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


def _as_reviewed(node: Node, tx: Transaction, record: Record, limits: bytes) -> Record:
    """With the review of the version we hold, if that says the same under the same limits; then nothing changes."""
    row = tx.record(record.id)
    if row is None or row.handling != limits:
        return record
    held = record_of(node, row).values
    told = {name: value for name, value in held.items() if name not in REVIEW_FIELDS}
    if told != {name: value for name, value in record.values.items() if name not in REVIEW_FIELDS}:
        return record
    return replace(record, values=held)


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
    gone = tx.unsupported_evidence(row.id, row.version)
    return Held(row, record_of(node, row).values, len(tx.stale_evidence(row.id, row.version)), len(gone))


def _current(tx: Transaction, record: str) -> RecordRow:
    row = tx.record(record)
    if row is None:  # it was kept in this transaction
        raise NoSuchFinding(finding=record)
    return row


def find(tx: Transaction, name: str, may_see: Callable[[RecordRow], bool] = lambda _: True) -> RecordRow:
    """The finding whose id begins with `name`; those that whoever asks may not see are not counted either. Raises
    NoSuchFinding, SeveralFindings."""
    found = [row for row in _rows(tx) if row.id.startswith(name) and may_see(row)] if name else []
    if len(found) > 1:
        raise SeveralFindings(finding=name, number=len(found))
    if not found:
        raise NoSuchFinding(finding=name)
    return found[0]
