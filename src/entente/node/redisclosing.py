"""A holder asks the originator whether a record may go to somebody else; with a yes it goes, if an agreement permits.

The grant lifts the originator's caveat for one record, one receiver, one purpose, some fields and some days. Everything
else is decided as ever: the text with the receiver must speak for the originator, and a forbid still forbids.
"""

from collections.abc import Sequence
from dataclasses import replace

from entente.agreements import Approval, Ask, Decision, decide, disclose, shown
from entente.errors import InputFault, Unavailable
from entente.exchange import Message
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.exchange.redisclosures import (
    RedisclosureGrant,
    RedisclosureRequest,
    read_redisclosure_grant,
    redisclosure_request_bytes,
)
from entente.node.heard import stale
from entente.node.in_force import agreements_now, roles_of
from entente.node.looking import record_of
from entente.node.offering import sent_versions, write_decisions
from entente.node.onward import bound
from entente.node.outgoing import Outgoing
from entente.node.releases import named_officer
from entente.node.taken import Taken
from entente.node.training_results import trained_for
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, parse
from entente.store import RecordRow, RedisclosureRow

ASKED, ASKED_OF_US = "asked", "asked-of-us"
OPEN, GRANTED, REFUSED = "asked", "granted", "refused"
_PREFIX = "sha256:"


class NotFromOthers(InputFault):
    """The record `{record}` did not come from a partner, or its content is not held any more. Only what its originator
    gave is asked about; `entente records list` shows what is held."""


class CameThroughOthers(InputFault):
    """The record `{record}` came from {via}, and {said_by} said it. Ask {said_by} on another way; this node cannot
    reach the originator with the message that brought it."""


class NoSuchRedisclosure(InputFault):
    """No request to hand a record on begins with `{request}`. `entente redisclosure list` shows them."""


class SeveralRedisclosures(InputFault):
    """{number} requests begin with `{request}`. Give more of the id; `entente redisclosure list --json` shows it
    whole."""


class NotGranted(InputFault):
    """The request `{request}` is {state}, and nothing was handed on. Wait for the originator's grant, or ask again."""


class GrantOver(InputFault):
    """The grant of {partner} ended on {day}. Ask again with `entente redisclosure ask`."""


class NotHeardFrom(Unavailable):
    """This node has not heard within the hour whether {partner} has written anything more, so it does not know what
    {partner} has signed since. Try again in a minute while the node is served."""


class NotPermittedOnward(InputFault):
    """{partner} granted it, but it may not go to {recipient}: {why}. A grant lifts the originator's caveat only; look
    at the agreement with {recipient}."""


class UnfitWhy(InputFault):
    """The text is empty, longer than {limit} characters or holds characters that steer a screen. Say why in a few
    words, typed anew."""


def ask(node: Node, record_id: str, recipient: str, purpose: str, why: str) -> RedisclosureRow:
    """Asks the originator of a received record whether it may go to `recipient` for `purpose`.

    Raises NotFromOthers, CameThroughOthers, UnfitWhy, UnknownWord.
    """
    node.catalogue.vocabulary.list("purpose").term(purpose)
    node.catalogue.vocabulary.list("party").term(recipient)
    check_why(why)
    with node.writing() as work:
        row = _held(work, record_id)
        brought = [one for one in work.tx.received_of(record_id) if one.partner == row.via and one.state == "accepted"]
        if not brought:
            raise NotFromOthers(record=record_id)
        agreement = str(parse(row.handling or b"{}").get("agreement", ""))
        outgoing = Outgoing(node, work, row.via or "")
        message = outgoing.send(
            "redisclosure-request",
            redisclosure_request_bytes(RedisclosureRequest(recipient=recipient, why=why.strip())),
            about=brought[-1].id,
            agreement=agreement,
            purpose=purpose,
            is_simulated=row.is_simulated,
        )
        outgoing.close()
        asked = RedisclosureRow(
            direction=ASKED,
            partner=row.via or "",
            id=message,
            about=brought[-1].id,
            record_id=record_id,
            recipient=recipient,
            purpose=purpose,
            why=why.strip(),
            agreement=agreement,
            state=OPEN,
            fields=canonical([]),
            granted_until=None,
            answer="",
            is_simulated=row.is_simulated,
            created_at=work.now,
        )
        work.tx.put_redisclosure(asked)
    return asked


def take_redisclosure_grant(_node: Node, work: Work, speaker: str, message: Message, body: bytes) -> Taken:
    """INVARIANT: a grant counts for exactly what was asked of its sender, and once."""
    grant = read_redisclosure_grant(body)
    asked = [row for row in work.tx.redisclosures(ASKED) if (row.partner, row.id) == (speaker, message.about)]
    if not asked:
        return Taken("refused", "nothing-owed")
    row = asked[0]
    if (row.recipient, row.purpose) != (grant.recipient, message.purpose):
        return Taken("refused", "envelope-and-body-differ")
    if row.state != OPEN:
        return Taken("refused", "already-answered")
    work.tx.put_redisclosure(answered(row, grant, work))
    return Taken("accepted", "", {"about": message.about, "granted": grant.is_granted})


def requests(node: Node, direction: str | None = None) -> Sequence[RedisclosureRow]:
    """What was asked by us (ASKED), of us (ASKED_OF_US) or both: open ones first, the oldest at the top."""
    with node.store.reading() as tx:
        return sorted(tx.redisclosures(direction), key=lambda row: (row.state != OPEN, row.created_at))


def use(node: Node, request: str, officer: str) -> RedisclosureRow:
    """`officer` hands the record on under the grant. Raises NoSuchRedisclosure, SeveralRedisclosures, NotGranted,
    GrantOver, NotHeardFrom, NotFromOthers, NotPermittedOnward, NotAReleasingOfficer, MessageTooLarge."""
    with node.writing() as work:
        officer, row = named_officer(node, work, officer), request_called(work, request, ASKED)
        if row.state != GRANTED or row.granted_until is None:
            raise NotGranted(request=request, state=row.state)
        if row.granted_until < work.now.date():
            raise GrantOver(partner=row.partner, day=row.granted_until)
        if row.partner in stale(work.tx, work.now):
            raise NotHeardFrom(partner=row.partner)
        record = record_of(node, _held(work, row.record_id))
        decision = _decide(node, work, row, record, officer)
        going = sorted(set(parse(row.fields)) & set(shown(record, decision)))
        if not going:
            why = ", ".join(decision.because) or "-"
            raise NotPermittedOnward(partner=row.partner, recipient=row.recipient, why=why)
        outgoing = Outgoing(node, work, row.recipient, [record.id])
        outgoing.disclose(
            disclose(record, node.catalogue.kind(record.kind), decision, only=going),
            decision.mask,
            is_correction=bool(sent_versions(work, record, decision)),
        )
        outgoing.close()
        write_decisions(work, row.recipient, row.purpose, [record], [decision])
        facts: dict[str, Json] = {
            "grant": row.id,
            "recipient": row.recipient,
            "officer": officer,
            "fields": list(going),
        }
        work.write("redisclosed", record.id, facts)
        return row


def _decide(node: Node, work: Work, row: RedisclosureRow, record: Record, officer: str) -> Decision:
    """The officer who uses the grant is one who approves; whoever is needed beside is not replaced by it."""
    agreements = agreements_now(node, work, row.recipient)
    binds = bound(_held(work, record.id), work.now.date())
    asked = Ask(
        record=record,
        kind=node.catalogue.kind(record.kind),
        giver=node.party,
        receiver=row.recipient,
        receiver_roles=roles_of(node.catalogue.vocabulary, row.recipient),
        purpose=row.purpose,
        occasion="on-request",
        moment=work.now,
        approvals=(Approval(officer=officer, at=work.now, passed=trained_for(agreements, work.now)),),
        limits=binds.limits,
        chain=binds.chain,
    )
    return decide(asked, agreements, node.catalogue.vocabulary)


def answered(row: RedisclosureRow, grant: RedisclosureGrant, work: Work) -> RedisclosureRow:
    return replace(
        row,
        state=GRANTED if grant.is_granted else REFUSED,
        fields=canonical(list(grant.fields)),
        granted_until=grant.until,
        answer=grant.why,
        answered_at=work.now,
    )


def _held(work: Work, record_id: str) -> RecordRow:
    row = work.tx.record(record_id)
    if row is None or row.via is None or not row.body:
        raise NotFromOthers(record=record_id)
    if row.via != row.said_by:
        raise CameThroughOthers(record=record_id, via=row.via, said_by=row.said_by)
    return row


def request_called(work: Work, request: str, direction: str) -> RedisclosureRow:
    begins = _PREFIX + request.removeprefix(_PREFIX)
    found = [row for row in work.tx.redisclosures(direction) if begins != _PREFIX and row.id.startswith(begins)]
    if len(found) > 1:
        raise SeveralRedisclosures(request=request, number=len(found))
    if not found:
        raise NoSuchRedisclosure(request=request)
    return found[0]


def check_why(why: str) -> None:
    if not why.strip() or not is_note(why.strip()):
        raise UnfitWhy(limit=MAX_NOTE_CHARACTERS)
