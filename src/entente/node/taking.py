"""What becomes of one message that arrived in order: each type of message that this node handles, in one place."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from entente.agreements import Holding, OfficerSignature, accept
from entente.errors import EntenteError, Unavailable
from entente.exchange import Arrival, Message
from entente.node.agreeing import keep_agreement, keep_signature
from entente.node.in_force import agreements_between, roles_of
from entente.node.work import Node, Work
from entente.signing import Json, canonical, digest, parse
from entente.store import RecordRow

log = logging.getLogger("entente")


@dataclass(frozen=True, slots=True)
class Taken:
    """An event of the table INBOUND with its reason code, and what the ledger entry says beside it."""

    event: str
    reason: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


def take(node: Node, work: Work, speaker: str, arrival: Arrival) -> Taken:
    """Acts on the message; one that cannot be acted on is put aside with its reason, and the queue goes on."""
    message, body = arrival.message, arrival.sealed.body
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
    except Exception:  # handlers write last, so nothing is half done; one message never stops those behind it
        log.exception("message %s of the stream from %s", message.seq, speaker)
        return Taken("quarantined", "internal")


def _take_record(node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    holding = accept(
        body,
        sender=speaker,
        receiver=node.party,
        receiver_roles=roles_of(node.catalogue.vocabulary, node.party),
        agreements=agreements_between(node, work.tx, speaker, work.now),
        catalogue=node.catalogue,
        moment=work.now,
        is_simulated=message.is_simulated,
    )
    if not isinstance(holding, Holding):
        return Taken("refused", holding.code)
    if holding.agreement != message.agreement or holding.provisions != message.provisions:
        return Taken("refused", "envelope-and-body-differ")
    record = holding.record
    held = work.tx.record(record.id)
    facts: dict[str, Json] = {"record": record.id, "version": record.version, "agreement": holding.agreement}
    if held is not None and held.via != speaker:
        return Taken("refused", "record-of-another", facts)
    if held is None or held.version < record.version:
        work.tx.add_records([_row(holding, speaker)])
    elif held.version == record.version and held.content_digest != record.content_digest:
        return Taken("quarantined", "same-version-other-content", facts)
    return Taken("accepted", "", facts)


def _row(holding: Holding, speaker: str) -> RecordRow:
    record = holding.record
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
    agreement = node.agreement(digest(source), source)
    if not {speaker, node.party} <= set(agreement.parties):
        return Taken("refused", "not-a-party")
    keep_agreement(work, agreement)
    return Taken("accepted", "", {"agreement": agreement.digest})


def _take_signature(_: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    signature = OfficerSignature.from_json(_object(body))
    if signature.party != speaker:
        return Taken("refused", "signature-of-another-party")
    if signature.agreement != message.agreement:
        return Taken("refused", "envelope-and-body-differ")
    if all(row.digest != signature.agreement for row in work.tx.agreements()):
        return Taken("quarantined", "agreement-not-held")
    keep_signature(work, signature, body)
    return Taken("accepted", "", {"agreement": signature.agreement})


def _object(body: bytes) -> dict[str, Any]:
    value = parse(body)
    return value if isinstance(value, dict) else {}


def _code(error: EntenteError | None) -> str:
    """The name of the error as a code: BadSignature -> bad-signature."""
    name = type(error).__name__
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).strip("-")


Handler = Callable[[Node, Work, str, Message, bytes], Taken]
_HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "disclosure": _take_record,
        "correction": _take_record,
        "agreement-proposal": _take_proposal,
        "agreement-signature": _take_signature,
    }
)
