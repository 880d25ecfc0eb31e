"""What partners and we ask each other, as people see it: lists without values, and one question with what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entente.exchange import Question, read_question
from entente.node.desk import officer_of
from entente.node.looking import Look, check_look, log_look
from entente.node.people import Person
from entente.node.questioning import OF_US, OPEN, QUERY_TYPE
from entente.node.requesting import (
    Candidate,
    Granted,
    NoQuestionHere,
    SeveralQuestions,
    candidates,
    fixed,
    grant_within,
    is_for_people,
    refuse_within,
)
from entente.node.work import Node
from entente.signing import parse
from entente.store import AskingRow

_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as of now. `is_waiting`: for a person of this node. `records` by id and version: what answered it, or
    what was found here."""

    row: AskingRow
    is_overdue: bool
    is_waiting: bool
    records: tuple[tuple[str, int], ...]

    @property
    def is_of_us(self) -> bool:
        return self.row.direction == OF_US

    @property
    def is_erased(self) -> bool:
        """What was asked is not here any more."""
        return not self.row.body

    def to_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "asked": row.direction.removeprefix("asked-"),
            "partner": row.partner,
            "about": row.about,
            "type": row.type,
            "kind": row.kind,
            "agreement": row.agreement,
            "purpose": row.purpose,
            "urgency": row.urgency,
            "state": row.state,
            "outcome": row.outcome or None,
            "reason": row.reason or None,
            "note": row.note,
            "who": row.who or None,
            "records": [list(one) for one in self.records],
            "due": row.due,
            "is_overdue": self.is_overdue,
            "is_waiting": self.is_waiting,
            "is_erased": self.is_erased,
            "is_simulated": row.is_simulated,
            "created_at": row.created_at,
            "settled_at": row.settled_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One question, read; `question` is None once it was erased. `candidates`: what would go if one more officer
    agreed, where it waits for a person; `seen` is what an approval brings back. `approved` are the officers who have
    agreed."""

    asked: Asked
    question: Question | None
    candidates: Sequence[Candidate]
    seen: str
    approved: Sequence[str]


def askings(node: Node, direction: str | None = None, *, is_open: bool | None = None) -> Sequence[Asked]:
    """Open ones first, the soonest due at the top; then the others, the newest first."""
    now = node.clock()
    with node.store.reading() as tx:
        found = [_as_of(now, row) for row in tx.askings(direction)]
    return sorted((one for one in found if is_open in (None, one.row.state in OPEN)), key=_order)


def sheet(node: Node, look: Look, about: str) -> Sheet:
    """The question whose id begins with `about`, with its values; the look is logged. Raises NoReason, NoQuestionHere,
    SeveralQuestions."""
    check_look(look)
    with node.writing() as work:
        begins = _PREFIX + about.removeprefix(_PREFIX)
        rows = [row for row in work.tx.askings() if begins != _PREFIX and row.about.startswith(begins)]
        if not rows:
            raise NoQuestionHere(about=about)
        if len(rows) > 1:
            raise SeveralQuestions(about=about, number=len(rows))
        (row,) = rows
        asked = _as_of(work.now, row)
        found = candidates(node, work, row) if asked.is_waiting else ()
        log_look(work, look, row.kind, [row.about, *(one.record.id for one in found)])
    return Sheet(
        asked=asked,
        question=read_question(row.body, is_query=row.type == QUERY_TYPE) if row.body else None,
        candidates=found,
        seen=fixed(found),
        approved=[one["officer"] for one in parse(row.approvals)],
    )


def grant_as(node: Node, person: Person, about: str, seen: str) -> Granted:
    """`person` gives what was shown, as the officer of the account that is signed in. Raises Forbidden,
    NoOfficerOfYours and what `grant` raises."""
    with node.writing() as work:
        officer = officer_of(work, person, "answer-requests")
        return grant_within(node, work, about, officer, seen=seen, account=person.name)


def refuse_as(node: Node, person: Person, about: str, reason: str, note: str) -> AskingRow:
    """`person` refuses. Raises Forbidden, NoOfficerOfYours and what `refuse_request` raises."""
    with node.writing() as work:
        officer = officer_of(work, person, "answer-requests")
        return refuse_within(node, work, about, officer, reason, note=note, account=person.name)


def _as_of(now: datetime, row: AskingRow) -> Asked:
    return Asked(
        row=row,
        is_overdue=bool(row.body) and row.state in OPEN and row.due is not None and row.due < now,
        is_waiting=row.direction == OF_US and is_for_people(row),
        records=tuple((id_, version) for id_, version in parse(row.found)),
    )


def _order(one: Asked) -> tuple[bool, float, float, str]:
    row, is_open = one.row, one.row.state in OPEN
    due = row.due.timestamp() if row.due is not None and is_open else float("inf")
    return (not is_open, due, -row.created_at.timestamp(), row.about)
