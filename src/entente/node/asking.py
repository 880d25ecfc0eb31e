"""Step 7: a question is asked of our own records and of those partners let us hold, for a purpose they allow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from entente.analysis import Answer, Arguments, Held, Question, limited, records_table, run_question
from entente.errors import InputFault
from entente.node.limits import limits_of
from entente.node.looking import Look, check_look, log_look, record_of
from entente.node.work import Node
from entente.records import Kind
from entente.signing import Json, canonical, digest, parse
from entente.store import RecordRow, Transaction

PAGE = 1000


class PurposeMissing(InputFault):
    """Received records may only be used for the purposes their agreement names, and none was given. Say it with
    --purpose; the list `purpose` has the codes."""


class PurposeForbidden(InputFault):
    """Records of the kind {kind} serve {purposes} and nothing else, whoever asks; {purpose} is not among them. No
    agreement and no officer can change that."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records a question sees: `is_own` leaves out what partners gave; `is_simulated` True or False chooses at a
    node that holds both simulated and real ones, None takes what there is."""

    is_own: bool = False
    is_simulated: bool | None = None


EVERYTHING = Scope()


def ask(
    node: Node, look: Look, question: Question, arguments: Arguments, purpose: str, *, scope: Scope = EVERYTHING
) -> Answer:
    """The answer over this node's current records; received ones only where `purpose` is among theirs.

    Raises NoReason, PurposeMissing, PurposeForbidden, UnknownWord, SimulatedAmongReal and what the question raises. The
    look and the question are logged.
    """
    check_look(look)
    kinds = [node.catalogue.kind(name) for name in question.needs]
    _check_purpose(node, kinds, purpose)
    tables, ids = {}, []
    with node.store.reading() as tx:
        for kind in kinds:
            held = list(_held(node, tx, kind, purpose, scope))
            ids += [f"{item.record.id}/{item.record.version}" for item in held]
            tables[kind.name] = records_table(kind, held)
    answer = run_question(question, tables, arguments)
    asked: dict[str, Json] = {name: str(value) for name, value in arguments.items() if value is not None}
    with node.writing() as work:
        log_look(work, look, ", ".join(question.needs), ids)
        facts: dict[str, Json] = {"who": look.who, "why": look.why, "purpose": purpose, "parameters": asked}
        work.write("question-asked", question.name, facts | {"records": digest(canonical(ids))})
    return answer


def _check_purpose(node: Node, kinds: list[Kind], purpose: str) -> None:
    if not purpose:
        raise PurposeMissing
    node.catalogue.vocabulary.list("purpose").term(purpose)
    for kind in kinds:
        if kind.only_for is not None and purpose not in kind.only_for:
            raise PurposeForbidden(kind=kind.name, purposes=", ".join(kind.only_for), purpose=purpose)


def _held(node: Node, tx: Transaction, kind: Kind, purpose: str, scope: Scope) -> Iterator[Held]:
    after = ""
    while rows := tx.current_records(kind.name, own=True if scope.is_own else None, after=after, limit=PAGE):
        for row in rows:
            if scope.is_simulated is not None and row.is_simulated is not scope.is_simulated:
                continue
            held = limited(_one(node, row), kind)
            if held.purposes is None or purpose in held.purposes:
                yield held
        after = rows[-1].id


def _one(node: Node, row: RecordRow) -> Held:
    """For a received record the digest of its message is left out: an answer names one source, not every message."""
    record = record_of(node, row)
    if row.via is None or row.handling is None:
        limits = limits_of(row)
        return Held(record=record, caveats=limits.caveats, purposes=limits.purposes)
    handling = parse(row.handling)
    return Held(
        record=replace(record, provenance=replace(record.provenance, source_digest="")),
        via=row.via,
        agreement=handling["agreement"],
        caveats=tuple(handling["caveats"]),
        purposes=tuple(handling["purposes"]),
    )
