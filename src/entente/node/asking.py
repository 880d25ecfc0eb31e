"""Step 7: a question is asked of our own records and of those partners let us hold, for a purpose they allow."""

from collections.abc import Iterator
from dataclasses import replace

from entente.analysis import Answer, Arguments, Held, Question, records_table, run_question
from entente.errors import InputFault
from entente.node.looking import Look, check_look, log_look, record_of
from entente.node.work import Node
from entente.signing import Json, canonical, digest, parse
from entente.store import RecordRow, Transaction

PAGE = 1000


class PurposeMissing(InputFault):
    """Received records may only be used for the purposes their agreement names, and none was given. Say it with
    --purpose; the list `purpose` has the codes."""


def ask(node: Node, look: Look, question: Question, arguments: Arguments, purpose: str) -> Answer:
    """The answer over this node's current records; received ones only where `purpose` is among theirs.

    Raises NoReason, PurposeMissing, UnknownWord and what the question raises. The look and the question are logged.
    """
    check_look(look)
    if not purpose:
        raise PurposeMissing
    node.catalogue.vocabulary.list("purpose").term(purpose)
    tables, ids = {}, []
    with node.store.reading() as tx:
        for name in question.needs:
            held = list(_held(node, tx, name, purpose))
            ids += [f"{item.record.id}/{item.record.version}" for item in held]
            tables[name] = records_table(node.catalogue.kind(name), held)
    answer = run_question(question, tables, arguments)
    asked: dict[str, Json] = {name: str(value) for name, value in arguments.items() if value is not None}
    with node.writing() as work:
        log_look(work, look, ", ".join(question.needs), ids)
        facts: dict[str, Json] = {"who": look.who, "why": look.why, "purpose": purpose, "parameters": asked}
        work.write("question-asked", question.name, facts | {"records": digest(canonical(ids))})
    return answer


def _held(node: Node, tx: Transaction, kind: str, purpose: str) -> Iterator[Held]:
    after = ""
    while rows := tx.current_records(kind, after=after, limit=PAGE):
        for row in rows:
            held = _one(node, row)
            if held.purposes is None or purpose in held.purposes:
                yield held
        after = rows[-1].id


def _one(node: Node, row: RecordRow) -> Held:
    """For a received record the digest of its message is left out: an answer names one source, not every message."""
    record = record_of(node, row)
    if row.handling is None:
        return Held(record=record)
    handling = parse(row.handling)
    return Held(
        record=replace(record, provenance=replace(record.provenance, source_digest="")),
        via=row.via,
        agreement=handling["agreement"],
        caveats=tuple(handling["caveats"]),
        purposes=tuple(handling["purposes"]),
    )
