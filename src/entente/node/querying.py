"""Asking partners: queries and requests that leave this node, and what comes back about them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from entente.agreements import Agreement
from entente.errors import InputFault
from entente.exchange import (
    QUERY,
    REQUEST,
    Machine,
    Message,
    Question,
    next_state,
    question_bytes,
    read_answer_to,
    read_refusal,
)
from entente.exchange.queries import MAX_REASON_CHARACTERS, MAX_VALUE_CHARACTERS, is_reason, is_value
from entente.node.in_force import agreements_now
from entente.node.outgoing import Outgoing
from entente.node.questioning import BY_US, QUERY_TYPE, REQUEST_TYPE, answer_by, is_fit, provided
from entente.node.taken import Taken
from entente.node.work import Node, Work
from entente.records import Kind
from entente.signing import Json, canonical, digest, parse
from entente.store import AskingRow, OutboxRow

MACHINES: Mapping[str, Machine] = {QUERY_TYPE: QUERY, REQUEST_TYPE: REQUEST}


class NothingProvides(InputFault):
    """Nothing was asked: no provision in force lets {partner} tell us of the kind {kind} for this purpose when we
    ask ({occasion}). Choose another purpose, or look what the agreements say: `entente agreements explain`."""


class NotIdentifying(InputFault):
    """Nothing was asked: these values do not identify one thing of the kind {kind}. Give {fields}."""


class NotAskable(InputFault):
    """Nothing was asked: nothing of the kind {kind} can be asked for by its values. Choose another kind."""


class UnfitQuestion(InputFault):
    """Nothing was asked: the reason has at most {reason} characters and is not empty, a value at most {value}, and
    neither holds characters that steer a screen. Correct it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an officer asks of `partner`, for a `purpose` and of a class of `urgency`; `who` asks."""

    partner: str
    question: Question
    purpose: str
    who: str
    urgency: str = "normal"
    is_simulated: bool | None = None


def ask_query(node: Node, wish: Wish) -> AskingRow:
    """Asks whether the partner holds it. Raises UnknownKind, UnknownWord, NothingProvides, NotIdentifying, NotAskable,
    UnfitQuestion."""
    return _ask(node, wish, QUERY_TYPE)


def ask_request(node: Node, wish: Wish) -> AskingRow:
    """Asks to be given it. Raises what `ask_query` raises."""
    return _ask(node, wish, REQUEST_TYPE)


def _ask(node: Node, wish: Wish, type_: str) -> AskingRow:
    question, words = wish.question, node.catalogue.vocabulary
    kind = node.catalogue.kind(question.kind)
    for name, code in (("purpose", wish.purpose), ("legal-basis", question.legal_basis), ("urgency", wish.urgency)):
        words.list(name).term(code)
    _check(kind, question)
    is_simulated = node.is_demo if wish.is_simulated is None else wish.is_simulated
    with node.writing() as work:
        agreement = _under(node, work, wish, type_)
        due = answer_by(agreement, wish.urgency, work.now, words)
        body, outgoing = question_bytes(question), Outgoing(node, work, wish.partner)
        about = outgoing.send(
            type_,
            body,
            agreement=agreement.digest,
            purpose=wish.purpose,
            urgency=wish.urgency,
            due=due,
            is_simulated=is_simulated,
        )
        outgoing.close()
        row = AskingRow(
            direction=BY_US,
            partner=wish.partner,
            about=about,
            type=type_,
            agreement=agreement.digest,
            purpose=wish.purpose,
            kind=kind.name,
            urgency=wish.urgency,
            due=due,
            state=MACHINES[type_].start,
            body=body,
            outcome="",
            reason="",
            note="",
            who=wish.who,
            found=canonical([]),
            approvals=canonical([]),
            is_simulated=is_simulated,
            created_at=work.now,
        )
        work.tx.put_asking(row)
        work.write("asked", about, _facts(row, question))
    return row


def _facts(row: AskingRow, question: Question) -> dict[str, Json]:
    selector: list[Json] = [[field, value] for field, value in question.selector]
    return {
        "partner": row.partner,
        "type": row.type,
        "agreement": row.agreement,
        "purpose": row.purpose,
        "kind": row.kind,
        "urgency": row.urgency,
        "legal_basis": question.legal_basis,
        "who": row.who,
        "why": question.reason,
        "record": question.record,
        "selector": digest(canonical(selector)),
    }


def _check(kind: Kind, question: Question) -> None:
    names = [field for field, _ in question.selector]
    if not is_reason(question.reason) or not all(is_value(value) for _, value in question.selector):
        raise UnfitQuestion(reason=MAX_REASON_CHARACTERS, value=MAX_VALUE_CHARACTERS)
    if question.record is None and not is_fit(kind, names):
        if not kind.selectors and not kind.weak_selectors:
            raise NotAskable(kind=kind.name)
        strong, weak = ", ".join(kind.selectors), " + ".join(kind.weak_selectors)
        raise NotIdentifying(kind=kind.name, fields=" / ".join(filter(None, (strong, weak))))


def _under(node: Node, work: Work, wish: Wish, type_: str) -> Agreement:
    """The agreement in force under which `wish` may be asked."""
    for agreement in agreements_now(node, work, wish.partner):
        if {wish.partner, node.party} <= set(agreement.parties) and provided(
            agreement,
            type_,
            wish.partner,
            node.party,
            kind=wish.question.kind,
            purpose=wish.purpose,
            now=work.now,
        ):
            return agreement
    label = node.catalogue.vocabulary.label
    occasion = "on-hit" if type_ == QUERY_TYPE else "on-request"
    raise NothingProvides(partner=wish.partner, kind=wish.question.kind, occasion=label("occasion", occasion, "en"))


def take_answer(_node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """The partner has answered a query of ours; what it tells of comes in disclosures of their own."""
    answer, row = read_answer_to(body), _ours(work, speaker, message)
    facts: dict[str, Json] = {"about": message.about, "outcome": answer.outcome}
    if row is None or row.type != QUERY_TYPE:
        return Taken("refused", "nothing-asked", facts)
    if why := _other(row, message):
        return Taken("refused", why, facts)
    if row.state == "answered":
        is_same = row.outcome == answer.outcome
        return Taken("accepted", "", facts) if is_same else Taken("refused", "already-answered", facts)
    state = next_state(QUERY, row.state, "answered")
    work.tx.put_asking(replace(row, state=state, outcome=answer.outcome, settled_at=work.now))
    return Taken("accepted", "", facts)


def take_refusal(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """The partner does not give what we asked for, and says why."""
    refusal, row = read_refusal(body), _ours(work, speaker, message)
    facts: dict[str, Json] = {"about": message.about, "reason": refusal.reason}
    if refusal.reason not in node.catalogue.vocabulary.list("refusal-reason").terms:
        return Taken("quarantined", "unknown-reason", facts)
    if row is None:
        return Taken("refused", "nothing-asked", facts)
    if why := _other(row, message):
        return Taken("refused", why, facts)
    if (row.state, "refused") not in MACHINES[row.type].steps:
        is_same = (row.state, row.reason, row.note) == ("refused", refusal.reason, refusal.note)
        return Taken("accepted", "", facts) if is_same else Taken("refused", "already-answered", facts)
    work.tx.put_asking(replace(row, state="refused", reason=refusal.reason, note=refusal.note, settled_at=work.now))
    return Taken("accepted", "", facts)


def _ours(work: Work, speaker: str, message: Message) -> AskingRow | None:
    """INVARIANT: a question to somebody else is not told from one that was never asked."""
    return work.tx.asking(BY_US, speaker, message.about or "")


def _other(row: AskingRow, message: Message) -> str:
    if row.agreement != message.agreement or (message.purpose is not None and row.purpose != message.purpose):
        return "other-agreement"
    return "" if row.is_simulated is message.is_simulated else "simulated-flag"


def question_of(work: Work, speaker: str, message: Message) -> AskingRow | None:
    """The question of ours that a record from `speaker` answers; None where it answers none."""
    row = _ours(work, speaker, message) if message.about else None
    return row if row is not None and row.is_simulated is message.is_simulated else None


def note_told(work: Work, asked: AskingRow, told: tuple[str, int]) -> None:
    """A record was taken in that answers `asked`."""
    found: list[Json] = [*parse(asked.found), [*told]]
    row = replace(asked, found=canonical(found))
    if row.type == REQUEST_TYPE and (row.state, "granted") in REQUEST.steps:
        row = replace(row, state="granted", settled_at=work.now)
    work.tx.put_asking(row)


def follow_question(work: Work, row: OutboxRow, state: str, reason: str) -> None:
    """The partner's receipt settled a query or request of ours: one that it did not take in is refused."""
    asked = work.tx.asking(BY_US, row.partner, row.id) if row.type in MACHINES else None
    if asked is None:
        return
    if state in ("refused", "expired") and (asked.state, "refused") in MACHINES[asked.type].steps:
        work.tx.put_asking(replace(asked, state="refused", reason=reason or "taken-back", settled_at=work.now))
