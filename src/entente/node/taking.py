"""What becomes of one message that arrived in order: each type of message that this node handles, in one place."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from entente.agreements import RESCUE, Holding, Officer, OfficerSignature, Suspension, accept, signing_officer
from entente.errors import EntenteError, Unavailable
from entente.exchange import KEY_CHANGE, Arrival, Message, read_feedback
from entente.node.agreeing import SUSPENSION, keep_agreement, keep_signature, keep_suspension
from entente.node.answering_questions import take_question
from entente.node.granting import take_redisclosure_request
from entente.node.in_force import agreements_now, roles_of
from entente.node.listing import listing_row
from entente.node.offering import offer_onward
from entente.node.officers import all_officers, ended_keys, is_in_time
from entente.node.owing import NOTICE, Said, asked_before, asks, duty_about, hear, owe
from entente.node.querying import note_told, question_of, take_answer, take_refusal
from entente.node.questioning import QUERY_TYPE, REQUEST_TYPE
from entente.node.recall_taking import take_erasure_receipt, take_recall
from entente.node.recalled import barred_by
from entente.node.redisclosing import take_redisclosure_grant
from entente.node.shelving import ripen
from entente.node.succeeding import take_key_change
from entente.node.taken import Handler, Taken
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import AskingRow, RecordRow

log = logging.getLogger("entente")
MAX_TEXT_BYTES = 256 * 1024
MAX_UNSIGNED_TEXTS = 50
"""Texts that nobody here has signed; more of them would cost every later message time."""


def take(node: Node, work: Work, speaker: str, arrival: Arrival) -> Taken:
    """Acts on the message; one that cannot be acted on is put aside with its reason, and the queue goes on.

    INVARIANT: whatever can fail in a handler comes before the first thing that it writes, so nothing is half done.
    """
    message, body = arrival.message, arrival.sealed.body
    work.message_id = arrival.sealed.id
    if message is None or arrival.fault is not None:
        return Taken(arrival.event, _code(arrival.fault))
    if body is None:
        return Taken("expired", "taken-back")
    if message.is_simulated and not node.is_demo:
        return Taken("refused", "simulated-record")
    return _handle(node, work, speaker, message, body)


def _handle(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    handler = _HANDLERS.get(message.type)
    if handler is None:
        return Taken("quarantined", "type-not-handled-yet")
    try:
        return handler(node, work, speaker, message, body)
    except Unavailable:  # our own trouble: the whole batch comes again
        raise
    except EntenteError as error:
        return Taken("quarantined", _code(error))
    except Exception:  # a defect of ours; one message never stops those behind it
        log.exception("message %s of the stream from %s", message.seq, speaker)
        return Taken("quarantined", "internal")


def _take_record(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    holding = accept(
        body,
        sender=speaker,
        receiver=node.party,
        receiver_roles=roles_of(node.catalogue.vocabulary, node.party),
        agreements=agreements_now(node, work, speaker),
        catalogue=node.catalogue,
        moment=work.now,
        is_simulated=message.is_simulated,
    )
    if not isinstance(holding, Holding):
        return Taken("refused", holding.code)
    if not _agrees(message, holding):
        return Taken("refused", "envelope-and-body-differ")
    if message.type == NOTICE and not node.catalogue.kind(holding.record.kind).is_notice:
        return Taken("refused", "not-a-notice")
    if barred := barred_by(node, work.tx, holding.record, speaker):
        return Taken(*barred)
    holding = replace(
        holding, record=_beside_others(work, holding, speaker, is_correction=message.type == "correction")
    )
    if asked := question_of(work, speaker, message):
        holding = replace(holding, record=_as_answer(work, holding, asked))
    row = _row(holding.record, holding, speaker)
    held = work.tx.record(row.id)
    facts: dict[str, Json] = {"record": row.id, "version": row.version, "agreement": holding.agreement}
    event, reason = _beside(held, row)
    if event == "accepted" and asks(message, holding):
        if message.type == NOTICE and asked_before(work, speaker, holding.record):
            return Taken("refused", "asked-before", facts)
        facts |= owe(work, duty_about(node, work, speaker, message, holding))
    if event == "accepted" and (held is None or held.version < row.version):
        work.tx.add_records([row])
        work.tx.put_listing([listing_row(node, row, holding.record)])
        offer_onward(node, work, row, holding.record)
    if event == "accepted" and asked:
        note_told(work, asked, (row.id, row.version))
    return Taken(event, reason, facts)


def _beside(held: RecordRow | None, row: RecordRow) -> Said:
    """Whether `row` may stand beside the version that is held."""
    if held is None or held.version < row.version:
        return "accepted", ""
    if held.version > row.version:
        return "refused", "newer-version-held"
    if held.content_digest != row.content_digest:
        return "quarantined", "same-version-other-content"
    if held.handling != row.handling:
        return "quarantined", "same-version-other-handling"
    return "accepted", ""


def _take_feedback(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """The partner says what became of a notice. Which outcomes there are is asked before whose notice it is."""
    said = read_feedback(body)
    if said.outcome is not None and said.outcome not in node.catalogue.vocabulary.list("outcome").terms:
        return Taken("quarantined", "unknown-outcome")
    event, reason = hear(work, speaker, message, said)
    return Taken(event, reason, {"about": message.about, "stage": said.stage, "outcome": said.outcome})


def _agrees(message: Message, holding: Holding) -> bool:
    """The envelope names the agreement, provisions, purpose and caveats of the body it carries."""
    return (
        holding.agreement == message.agreement
        and holding.provisions == message.provisions
        and message.purpose in holding.may_use_for
        and set(message.caveats) <= set(holding.caveats)
    )


def _without_collision(work: Work, record: Record, speaker: str) -> Record:
    """The record under an id of its own where its id is already that of a record from elsewhere.

    Ids are unguessable, so this only happens when somebody hands on an id they were given: nobody is told that it is
    known here, and nobody can take an id away from its originator.
    """
    held = work.tx.record(record.id)
    if held is None or held.via == speaker:
        return record
    return replace(record, id=digest(canonical([speaker, record.id]))[7:39])


def _beside_others(work: Work, holding: Holding, speaker: str, *, is_correction: bool) -> Record:
    """As `_without_collision`; what came for a rescue stands beside what came of the same record for other purposes.

    INVARIANT: a rescue never waits in quarantine because the partner told us of the same record before, nor does what
    came for it widen what else we may do. A correction takes the place of what it corrects all the same.
    """
    record = _without_collision(work, holding.record, speaker)
    if holding.may_use_for != (RESCUE,) or (is_correction and work.tx.record(record.id) is not None):
        return record
    told = replace(record, id=digest(canonical([speaker, record.id, RESCUE]))[7:39])
    held = work.tx.record(told.id)
    if held is None or held.version != told.version or held.content_digest == told.content_digest:
        return told
    # Other fields of the same version: the officer chose more of them later.
    return replace(record, id=digest(canonical([speaker, record.id, RESCUE, told.content_digest]))[7:39])


def _as_answer(work: Work, holding: Holding, asked: AskingRow) -> Record:
    """What we asked for stands beside what was told of the same version before: it may hold other fields, or be held
    under other conditions."""
    record = holding.record
    held = work.tx.record(record.id)
    if held is None or held.version != record.version:
        return record
    if (held.content_digest, held.handling) == (record.content_digest, canonical(holding.handling())):
        return record
    return replace(record, id=digest(canonical([record.id, asked.about]))[7:39])


def _row(record: Record, holding: Holding, speaker: str) -> RecordRow:
    return RecordRow(
        id=record.id,
        version=record.version,
        kind=record.kind,
        said_by=record.said_by,
        digest=record.digest,
        content_digest=record.content_digest,
        body=record.body,
        recorded_at=record.recorded_at,
        is_simulated=record.is_simulated,
        via=speaker,
        handling=canonical(holding.handling()),
        retain_until=holding.retain_until,
    )


def _take_proposal(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """A text is kept so that our officers can read and sign it; by itself it permits nothing."""
    source = str(_object(body).get("source", "")).encode("utf-8")
    if digest(source) != message.agreement:
        return Taken("refused", "envelope-and-body-differ")
    if len(source) > MAX_TEXT_BYTES:
        return Taken("refused", "text-too-long")
    signed = {row.agreement for row in work.tx.agreement_signatures() if row.party == node.party}
    if sum(row.digest not in signed for row in work.tx.agreements()) >= MAX_UNSIGNED_TEXTS:
        return Taken("quarantined", "too-many-unsigned-texts")
    agreement = node.agreement(digest(source), source)
    if not {speaker, node.party} <= set(agreement.signatories):
        return Taken("refused", "not-a-party")
    if all(row.digest != agreement.digest for row in work.tx.agreements()):
        keep_agreement(work, agreement)
        ripen(work.tx, speaker, work.now)
    return Taken("accepted", "", {"agreement": agreement.digest})


def _take_signature(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """INVARIANT: only what a pinned officer of the speaker really signed is kept: a node's key is not an officer's."""
    signature = OfficerSignature.from_json(_object(body))
    found = _signer(node, work, speaker, message, signature)
    if isinstance(found, Taken):
        return found
    is_news = all(row.body != body for row in work.tx.agreement_signatures(signature.agreement))
    keep_signature(work, signature, body)
    if is_news:
        ripen(work.tx, speaker, work.now)
    return Taken("accepted", "", {"agreement": signature.agreement})


def take_suspension(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """INVARIANT: only what a pinned officer of the speaker really signed stops anything; from then on it does at once,
    for what waits here too (entente.node.taking_back)."""
    suspension = Suspension.from_json(_object(body))
    found = _signer(node, work, speaker, message, suspension)
    if isinstance(found, Taken):
        return found
    keep_suspension(work, suspension, found.public_key, body)
    return Taken("accepted", "", {"agreement": suspension.agreement})


def _signer(
    node: Node, work: Work, speaker: str, message: Message, statement: OfficerSignature | Suspension
) -> Officer | Taken:
    """The pinned officer of the speaker who made `statement`, else what becomes of the message."""
    if statement.party != speaker:
        return Taken("refused", "signature-of-another-party")
    if statement.agreement != message.agreement:
        return Taken("refused", "envelope-and-body-differ")
    row = next((row for row in work.tx.agreements() if row.digest == statement.agreement), None)
    if row is None:
        return Taken("quarantined", "agreement-not-held")
    text = node.agreement(row.digest, row.source)
    if speaker not in text.signatories:
        return Taken("refused", "not-a-party")
    at = statement.signed_at if isinstance(statement, OfficerSignature) else statement.suspended_at
    found = signing_officer(statement, all_officers(work.tx), text.local_day(at))
    if not is_in_time(statement, ended_keys(work.tx)):
        found = None
    return found or Taken("quarantined", "not-signed-by-a-pinned-officer")


def _object(body: bytes) -> dict[str, Any]:
    value = parse(body)
    return value if isinstance(value, dict) else {}


def _code(error: EntenteError | None) -> str:
    """The name of the error as a code: BadSignature -> bad-signature."""
    name = type(error).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).strip("-")


_HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "disclosure": _take_record,
        "notification": _take_record,
        "correction": _take_record,
        "feedback": _take_feedback,
        QUERY_TYPE: take_question,
        REQUEST_TYPE: take_question,
        "answer": take_answer,
        "refusal": take_refusal,
        "recall": take_recall,
        "erasure-receipt": take_erasure_receipt,
        "redisclosure-request": take_redisclosure_request,
        "redisclosure-grant": take_redisclosure_grant,
        "agreement-proposal": _take_proposal,
        "agreement-signature": _take_signature,
        SUSPENSION: take_suspension,
        KEY_CHANGE: take_key_change,
    }
)
