"""A holder of a record of ours asks whether it may go to somebody else; an officer answers, for some fields and until
some day, or says no."""

from collections.abc import Collection
from datetime import date

from entente.errors import InputFault
from entente.exchange import Message, envelope_bytes, open_sealed, read_envelope
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.exchange.redisclosures import RedisclosureGrant, read_redisclosure_request, redisclosure_grant_bytes
from entente.node.outgoing import Outgoing
from entente.node.recall_taking import CARRIES
from entente.node.redisclosing import (
    ASKED_OF_US,
    OPEN,
    NotFromOthers,
    UnfitWhy,
    answered,
    check_why,
    request_called,
)
from entente.node.releases import named_officer
from entente.node.taken import Taken
from entente.node.work import Node, Work
from entente.signing import Json, canonical, digest, parse
from entente.store import RedisclosureRow


class AnsweredBefore(InputFault):
    """The request `{request}` was answered on {day}: {state}. Nothing was sent now; ask the holder to ask again."""


class UnknownGrantField(InputFault):
    """These fields did not go to {partner}, so they cannot be granted: {fields}. Name some of: {known}."""


class GrantDayMissing(InputFault):
    """A grant says until which day it holds, and none was given that is still to come. Name it with --until."""


def take_redisclosure_request(_node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """A holder asks us about a record that our message brought; an officer answers."""
    request = read_redisclosure_request(body)
    sent = work.tx.sent_message(speaker, message.about or "")
    if sent is None or sent.record_id is None or sent.type not in CARRIES or not sent.sealed:
        return Taken("refused", "nothing-given")
    held = work.tx.record(sent.record_id)
    if held is None or held.via is not None:  # nobody grants what somebody else said
        return Taken("refused", "nothing-given")
    if sent.record_id in work.tx.recalled_from(speaker, [sent.record_id]):
        return Taken("refused", "recalled")
    row = RedisclosureRow(
        direction=ASKED_OF_US,
        partner=speaker,
        id=digest(envelope_bytes(message)),
        about=sent.id,
        record_id=sent.record_id,
        recipient=request.recipient,
        purpose=message.purpose or "",
        why=request.why,
        agreement=message.agreement or "",
        state=OPEN,
        fields=canonical([]),
        granted_until=None,
        answer="",
        is_simulated=message.is_simulated,
        created_at=work.now,
    )
    work.tx.put_redisclosure(row)
    return Taken("accepted", "", {"about": message.about, "recipient": request.recipient, "purpose": message.purpose})


def grant_request(
    node: Node, request: str, officer: str, until: date | None, why: str = "", *, fields: Collection[str] = ()
) -> RedisclosureRow:
    """`officer` grants what was asked of us, until the end of the day `until` (UTC): of what went to the holder these
    fields, or all. Raises NoSuchRedisclosure, SeveralRedisclosures, AnsweredBefore, GrantDayMissing, UnknownGrantField,
    UnfitWhy, NotAReleasingOfficer."""
    with node.writing() as work:
        row = _asked_of_us(work, request)
        if until is None or until < work.now.date():
            raise GrantDayMissing
        known = _fields_told(work, row)
        unknown = sorted(set(fields) - known)
        if unknown:
            raise UnknownGrantField(partner=row.partner, fields=", ".join(unknown), known=", ".join(sorted(known)))
        chosen = tuple(sorted(set(fields) or known))
        grant = RedisclosureGrant(is_granted=True, recipient=row.recipient, fields=chosen, until=until, why=why.strip())
        return _answer(node, work, row, officer, grant)


def refuse_request(node: Node, request: str, officer: str, why: str) -> RedisclosureRow:
    """`officer` says no. Raises NoSuchRedisclosure, SeveralRedisclosures, AnsweredBefore, UnfitWhy,
    NotAReleasingOfficer."""
    check_why(why)
    with node.writing() as work:
        row = _asked_of_us(work, request)
        grant = RedisclosureGrant(is_granted=False, recipient=row.recipient, fields=(), until=None, why=why.strip())
        return _answer(node, work, row, officer, grant)


def _answer(node: Node, work: Work, row: RedisclosureRow, officer: str, grant: RedisclosureGrant) -> RedisclosureRow:
    if not is_note(grant.why):
        raise UnfitWhy(limit=MAX_NOTE_CHARACTERS)
    officer = named_officer(node, work, officer)
    about = work.tx.sent_message(row.partner, row.about)
    if about is None or not about.sealed:
        raise NotFromOthers(record=row.record_id)
    told = read_envelope(open_sealed(about.sealed).envelope)
    outgoing = Outgoing(node, work, row.partner)
    outgoing.send(
        "redisclosure-grant",
        redisclosure_grant_bytes(grant),
        about=row.id,
        agreement=told.agreement,
        provisions=told.provisions,
        purpose=row.purpose,
        is_simulated=row.is_simulated,
    )
    outgoing.close()
    row = answered(row, grant, work)
    work.tx.put_redisclosure(row)
    facts: dict[str, Json] = {
        "officer": officer,
        "partner": row.partner,
        "recipient": row.recipient,
        "purpose": row.purpose,
        "granted": grant.is_granted,
        "fields": list(grant.fields),
        "until": grant.until.isoformat() if grant.until else None,
    }
    work.write("redisclosure-decided", row.record_id, facts)
    return row


def _fields_told(work: Work, row: RedisclosureRow) -> set[str]:
    sent = work.tx.sent_message(row.partner, row.about)
    body = open_sealed(sent.sealed).body if sent is not None and sent.sealed else None
    return set(parse(body)["record"]["values"]) if body is not None else set()


def _asked_of_us(work: Work, request: str) -> RedisclosureRow:
    row = request_called(work, request, ASKED_OF_US)
    if row.answered_at is not None:
        raise AnsweredBefore(request=request, day=row.answered_at.date(), state=row.state)
    return row
