"""The asked side's desk: an officer grants what a partner asks for, as far as the provisions go, or refuses it.

A request waits here until then; so does a query whose answer could not tell what was found. What is granted goes as
ordinary disclosures about the question, under provisions "on request".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from entente.agreements import Approval, Decision, disclose
from entente.errors import InputFault
from entente.exchange import QUERY, REQUEST, Question, Refusal, next_state, read_question, refusal_bytes
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.node.duties import UnfitNote
from entente.node.in_force import agreements_now
from entente.node.looking_up import decided, matching
from entente.node.offering import write_decisions
from entente.node.outgoing import Outgoing
from entente.node.owing import text_of
from entente.node.questioning import OF_US, OPEN, QUERY_TYPE, REQUEST_TYPE
from entente.node.releases import (
    ChangedSinceShown,
    approval_of,
    earlier_approvals,
    kept_approval,
    named_officer,
    texts_in_force,
)
from entente.node.training_results import check_trained, passes_of, trained_for
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import AskingRow

ON_REQUEST = "on-request"
NOT_TOLD = "not-told"
SOMEBODY = "+"
"""An officer who is taken to agree."""
_PREFIX = "sha256:"


class NoQuestionHere(InputFault):
    """No partner has asked anything under `{about}` that waits here. `entente ask list` shows what does."""


class SeveralQuestions(InputFault):
    """{number} questions begin with `{about}`. Give more of the id; `entente ask list --json` shows it whole."""


class NothingToGrant(InputFault):
    """This node holds nothing of its own that was asked for under `{about}`. Refuse it with the reason `not-available`;
    under an agreement that neither confirms nor denies, the partner reads no reason."""


class NotGrantable(InputFault):
    """Nothing of what was asked for may go: {why}. Refuse it, or look at the agreement."""


class UnknownReason(InputFault):
    """`{reason}` is not a reason to refuse. Use one of: {known}; `entente words refusal-reason` explains them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that was asked for, and what may go of it once one more officer agrees; `fields` of those it holds and
    that were wanted."""

    record: Record
    decision: Decision
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """`records` went; where none did, `more` officers have to agree."""

    row: AskingRow
    records: int
    more: int = 0


def open_question(work: Work, about: str) -> AskingRow:
    """The question that waits here whose id begins with `about`. Raises NoQuestionHere, SeveralQuestions."""
    begins = _PREFIX + about.removeprefix(_PREFIX)
    found = [row for row in work.tx.askings(OF_US) if begins != _PREFIX and row.about.startswith(begins)]
    waiting = [row for row in found if is_for_people(row)]
    if len(waiting) > 1:
        raise SeveralQuestions(about=about, number=len(waiting))
    if not waiting:
        raise NoQuestionHere(about=about)
    return waiting[0]


def is_for_people(row: AskingRow) -> bool:
    """Whether `row`, asked of us, waits for a person."""
    return bool(row.body) and row.state in OPEN and (row.type == REQUEST_TYPE or row.state == "desk")


def candidates(node: Node, work: Work, row: AskingRow, *, officer: str = SOMEBODY) -> Sequence[Candidate]:
    """What was asked for and what would go of it if `officer` agreed too."""
    question = read_question(row.body, is_query=row.type == QUERY_TYPE)
    agreements = agreements_now(node, work, row.partner)
    given = _given(node, work, row)
    if officer == SOMEBODY:
        given = [*given, Approval(officer=officer, at=work.now, passed=trained_for(agreements, work.now))]
    return [
        _candidate(question, decided(node, row, held, agreements, occasion=ON_REQUEST, approvals=tuple(given)))
        for held in matching(node, work.tx, row, question)
    ]


def grant(node: Node, about: str, officer: str, *, seen: str | None = None) -> Granted:
    """`officer` gives what may go. Raises NoQuestionHere, SeveralQuestions, NotAReleasingOfficer, ApprovedAlready,
    ChangedSinceShown, NothingToGrant, NotGrantable, TrainingMissing, MessageTooLarge."""
    with node.writing() as work:
        return grant_within(node, work, about, officer, seen=seen)


def grant_within(
    node: Node, work: Work, about: str, officer: str, *, seen: str | None = None, account: str = ""
) -> Granted:
    """`grant` as a part of a larger transaction, by the `account` that is signed in, if one is.

    INVARIANT: one account agrees once, whichever officers it has acted as.
    """
    officer, row = named_officer(node, work, officer), open_question(work, about)
    if seen is not None and seen != fixed(candidates(node, work, row)):
        raise ChangedSinceShown(release=row.about)
    row = _approved(node, work, row, officer, account)
    found = candidates(node, work, row, officer=officer)
    if not found:
        raise NothingToGrant(about=about)
    going = [one for one in found if one.decision.outcome == "release" and one.fields]
    if not going:
        return _not_yet(work, row, found)
    outgoing = Outgoing(node, work, row.partner)
    for one in going:
        kind = node.catalogue.kind(one.record.kind)
        disclosure = disclose(one.record, kind, one.decision, only=one.fields)
        outgoing.disclose(disclosure, one.decision.mask, about=row.about)
    outgoing.close()
    write_decisions(work, row.partner, row.purpose, [one.record for one in going], [one.decision for one in going])
    ids: list[Json] = [[one.record.id, one.record.version] for one in going]
    _settle(work, row, "granted", officer, {"records": ids, **({"by": account} if account else {})})
    return Granted(row=row, records=len(going))


def refuse_request(node: Node, about: str, officer: str, reason: str, note: str = "") -> AskingRow:
    """`officer` refuses, with a reason of the list `refusal-reason`. Raises NoQuestionHere, SeveralQuestions,
    NotAReleasingOfficer, UnknownReason, UnfitNote."""
    with node.writing() as work:
        return refuse_within(node, work, about, officer, reason, note=note)


def refuse_within(
    node: Node, work: Work, about: str, officer: str, reason: str, *, note: str = "", account: str = ""
) -> AskingRow:
    """`refuse_request` as a part of a larger transaction.

    INVARIANT: under an agreement that neither confirms nor denies, every refusal reads the same, and a query that was
    answered is followed by nothing; the true reason stays in our own ledger.
    """
    known = node.catalogue.vocabulary.list("refusal-reason").terms
    if reason not in known:
        raise UnknownReason(reason=reason, known=", ".join(known))
    if not is_note(note):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)
    officer, row = named_officer(node, work, officer), open_question(work, about)
    if row.type == REQUEST_TYPE:
        said = Refusal(reason=NOT_TOLD) if _is_discreet(node, work, row) else Refusal(reason=reason, note=note)
        outgoing = Outgoing(node, work, row.partner)
        outgoing.send(
            "refusal",
            refusal_bytes(said),
            about=row.about,
            agreement=row.agreement,
            is_simulated=row.is_simulated,
        )
        outgoing.close()
    facts: dict[str, Json] = {"reason": reason, "note": note, **({"by": account} if account else {})}
    return _settle(work, replace(row, reason=reason, note=note), "refused", officer, facts)


def fixed(found: Sequence[Candidate]) -> str:
    """Fixes what was shown: the records and what would go of them."""
    return digest(canonical([[one.record.digest, list(one.fields), one.decision.outcome] for one in found]))


def _candidate(question: Question, decided_upon: tuple[Record, Decision]) -> Candidate:
    record, decision = decided_upon
    going = decision.fields if decision.outcome == "release" else decision.waiting
    names = tuple(name for name in going if name in record.values and name in (question.fields or going))
    return Candidate(record=record, decision=decision, fields=names)


def _given(node: Node, work: Work, row: AskingRow) -> list[Approval]:
    """The approvals that count under today's agreements."""
    texts = texts_in_force(node, work, row.partner)
    return [approval_of(one) for one in parse(row.approvals) if one["under"] == texts]


def _approved(node: Node, work: Work, row: AskingRow, officer: str, account: str) -> AskingRow:
    texts, agreements = texts_in_force(node, work, row.partner), agreements_now(node, work, row.partner)
    given = earlier_approvals(node, work, row.approvals, officer, account=account, texts=texts, needs=2)
    who = account or officer
    approval = Approval(officer=officer, at=work.now, passed=passes_of(node, work.tx, who, agreements))
    for one in candidates(node, work, row):
        check_trained(one.decision, agreements, approval, who)
    by = {"account": account} if account else {}
    return replace(row, approvals=canonical([*given, {**kept_approval(approval), "under": texts, **by}]))


def _not_yet(work: Work, row: AskingRow, found: Sequence[Candidate]) -> Granted:
    """One officer has agreed, and more have to. Raises NotGrantable where none would help."""
    waiting = [one.decision for one in found if one.decision.outcome == "wait" and one.fields]
    if not waiting:
        why = [label for one in found for label in one.decision.because]
        raise NotGrantable(why=", ".join(dict.fromkeys(why)) or "no-provision")
    more = max(decision.needs for decision in waiting)
    officers: list[Json] = [one["officer"] for one in parse(row.approvals)]
    facts: dict[str, Json] = {"partner": row.partner, "officer": officers[-1], "left": more}
    work.write("released", row.about, facts)
    work.tx.put_asking(row)
    return Granted(row=row, records=0, more=more)


def _is_discreet(node: Node, work: Work, row: AskingRow) -> bool:
    """By the text that it was asked under, in force or not."""
    text = text_of(node, work.tx, row.agreement)
    return text is None or text.is_discreet


def _settle(work: Work, row: AskingRow, event: str, officer: str, facts: dict[str, Json]) -> AskingRow:
    machine, step = (QUERY, "settled") if row.type == QUERY_TYPE else (REQUEST, event)
    row = replace(row, state=next_state(machine, row.state, step), who=officer, settled_at=work.now)
    work.tx.put_asking(row)
    about: dict[str, Json] = {"partner": row.partner, "type": row.type, "purpose": row.purpose, "officer": officer}
    work.write("request-granted" if event == "granted" else "request-refused", row.about, about | facts)
    return row
