"""Queries and requests of partners, as they arrive: judged by the texts alone, counted, and kept for later.

INVARIANT: nothing here reads a record, so neither the receipt nor the time it takes tells anything about one. What is
looked up is looked up by the regular work of the node (entente.node.looking_up); requests wait for a person.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from entente.agreements import Agreement
from entente.exchange import QUERY, Message, Question, envelope_bytes, read_question
from entente.node.in_force import agreements_now
from entente.node.probing import OVER_BUDGET, suspect
from entente.node.questioning import (
    OF_US,
    QUERY_TYPE,
    a_day,
    answer_by,
    is_fit,
    provided,
    start_of_day,
)
from entente.node.taken import Taken
from entente.node.work import Node, Work
from entente.signing import Json, canonical, digest
from entente.store import AskingRow

TICK_SECONDS = 10
"""Answers leave at whole multiples of this, by the clock, whatever they say."""


def tick_after(moment: datetime) -> datetime:
    """The tick on which the answer to what came at `moment` leaves: half a tick later at the earliest."""
    passed = moment.astimezone(UTC).timestamp()
    ticks = int(passed // TICK_SECONDS) + 1
    if ticks * TICK_SECONDS - passed < TICK_SECONDS / 2:
        ticks += 1
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=ticks * TICK_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrived:
    """A question of `speaker` under an `agreement` that is in force between us."""

    speaker: str
    message: Message
    question: Question
    agreement: Agreement

    @property
    def purpose(self) -> str:
        return self.message.purpose or ""


def take_question(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """A query or a request arrives."""
    question = read_question(body, is_query=message.type == QUERY_TYPE)
    facts: dict[str, Json] = {
        "type": message.type,
        "agreement": message.agreement,
        "purpose": message.purpose,
        "kind": question.kind,
        "legal_basis": question.legal_basis,
        "urgency": message.urgency,
    }
    agreement = next((one for one in agreements_now(node, work, speaker) if one.digest == message.agreement), None)
    if agreement is None or not {speaker, node.party} <= set(agreement.parties):
        return Taken("refused", "no-agreement", facts)
    arrived = _Arrived(speaker=speaker, message=message, question=question, agreement=agreement)
    if why := _unfit(node, work, arrived):
        return Taken("refused", why, facts)
    if _is_over_budget(node, work, arrived):
        suspect(work, speaker, agreement, arrived.purpose, OVER_BUDGET)
        return Taken("refused", OVER_BUDGET, facts)
    work.tx.put_asking(_row(node, work, arrived, body))
    selector: list[Json] = [[field, value] for field, value in question.selector]
    return Taken("accepted", "", facts | {"selector": digest(canonical(selector)), "why": question.reason})


def _unfit(node: Node, work: Work, asked: _Arrived) -> str:
    """Why it may not be asked at all, as a code; empty where it may."""
    question, kind = asked.question, node.catalogue.kinds.get(asked.question.kind)
    if question.legal_basis not in node.catalogue.vocabulary.list("legal-basis").terms:
        return "unknown-legal-basis"
    if kind is None or not provided(
        asked.agreement,
        asked.message.type,
        node.party,
        asked.speaker,
        kind=kind.name,
        purpose=asked.purpose,
        now=work.now,
    ):
        return "not-provided-for"
    names = [field for field, _ in question.selector]
    return "" if question.record is not None or is_fit(kind, names) else "unfit-selector"


def _is_over_budget(node: Node, work: Work, asked: _Arrived) -> bool:
    agreement, type_ = asked.agreement, asked.message.type
    since = start_of_day(agreement, work.now)
    number = work.tx.asking_number(asked.speaker, agreement.digest, asked.purpose, type_, since)
    return number >= a_day(agreement, asked.purpose, type_, node.catalogue.vocabulary)


def _row(node: Node, work: Work, asked: _Arrived, body: bytes) -> AskingRow:
    """INVARIANT: when it is due here follows from our own reading of the agreement, not from what the asker says."""
    message = asked.message
    return AskingRow(
        direction=OF_US,
        partner=asked.speaker,
        about=digest(envelope_bytes(message)),
        type=message.type,
        agreement=asked.agreement.digest,
        purpose=asked.purpose,
        kind=asked.question.kind,
        urgency=message.urgency,
        due=answer_by(asked.agreement, message.urgency, work.now, node.catalogue.vocabulary),
        state=QUERY.start,
        body=body,
        outcome="",
        reason="",
        note="",
        who="",
        found=canonical([]),
        approvals=canonical([]),
        is_simulated=message.is_simulated,
        created_at=work.now,
        leaves_at=tick_after(work.now) if message.type == QUERY_TYPE else None,
    )
