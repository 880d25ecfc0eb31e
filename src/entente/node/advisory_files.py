"""The files of an advisory: text, page, e-mail, and the proof that it stands in the ledger; and its way by e-mail."""

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage

from entente.errors import InputFault, Misconfigured, Unavailable
from entente.exchange import Sealed
from entente.node.advising import HANDED_OVER, Advisory, HandedOverAlready, advisory, hand_over, write_out
from entente.node.advisory_said import Letter, Surroundings, as_mail, as_page, as_text, letter
from entente.node.creating import is_loopback
from entente.node.ledger_view import proof_of
from entente.node.owing import text_of
from entente.node.work import Node
from entente.signing import canonical

TEXT, PAGE, MAIL, PROOF = "advisory.txt", "advisory.html", "advisory.eml", "advisory.proof"
FILES = (TEXT, PAGE, MAIL, PROOF)
_SECONDS = 30.0
_TLS_PORT = 465


class MailIsOff(Misconfigured):
    """This node sends no e-mail: `smtp_host` and `smtp_from` are not set in its node.toml. Hand the advisory over in
    another way, or set both."""


class NoMailAddress(InputFault):
    """No e-mail address of {party} is known here. Give one with `entente partners outside add`, or hand the advisory
    over in another way."""


class MailNotSent(Unavailable):
    """The mail server {host} did not take the advisory: {why}. It is not recorded as handed over; try again, or hand
    it over in another way."""


def files_of(node: Node, number: str, who: str) -> Mapping[str, bytes]:
    """By file name. Raises what `write_out` and publishing raise."""
    one, sealed = write_out(node, number, who)
    found = _letter(node, one, sealed)
    mail = as_mail(found, sender=node.config.smtp_from, receiver=one.party.email, at=one.row.created_at)
    return {
        TEXT: as_text(found).encode("utf-8"),
        PAGE: as_page(found).encode("utf-8"),
        MAIL: mail.as_bytes(),
        PROOF: _proof(node, one, sealed),
    }


def send_mail(node: Node, number: str, who: str) -> Advisory:
    """Sends it to the receiver's address and records that it was handed over. Raises MailIsOff, NoMailAddress,
    MailNotSent and what `write_out` and `hand_over` raise.

    INVARIANT: off this machine nothing travels without TLS to a server whose certificate fits its name.
    """
    config = node.config
    if not (config.smtp_host and config.smtp_from):
        raise MailIsOff
    before = advisory(node, number)
    if not before.party.email:
        raise NoMailAddress(party=before.row.partner)
    if before.row.state == HANDED_OVER:
        raise HandedOverAlready(number=number)
    one, sealed = write_out(node, number, who)
    found = _letter(node, one, sealed)
    mail = as_mail(found, sender=config.smtp_from, receiver=one.party.email, at=one.row.created_at)
    try:
        _send(config.smtp_host, config.smtp_port, mail)
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(host=config.smtp_host, why=type(error).__name__) from error
    return hand_over(node, number, how="e-mail", to=one.party.email, who=who)


def _send(host: str, port: int, mail: EmailMessage) -> None:
    context = ssl.create_default_context()
    if port == _TLS_PORT:
        with smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context) as server:
            server.send_message(mail)
        return
    with smtplib.SMTP(host, port, timeout=_SECONDS) as server:
        if not is_loopback(host):
            server.starttls(context=context)
        server.send_message(mail)


def _letter(node: Node, one: Advisory, sealed: Sealed) -> Letter:
    with node.store.reading() as tx:
        text = text_of(node, tx, one.message.agreement or "") if one.message else None
    around = Surroundings(
        party=one.party,
        number=one.number,
        replaces=one.replaces,
        agreement=f"{text.name} v{text.version}" if text else "",
        zone=text.zone if text else "UTC",
        contact=node.config.advisory_contact,
    )
    return letter(sealed, around, node.catalogue)


def _proof(node: Node, one: Advisory, sealed: Sealed) -> bytes:
    """Canonical JSON: the signed message, and the `.tlog-proof` that the entry about it stands in the ledger, with what
    opens that entry."""
    with node.store.reading() as tx:
        index = next(row.index for row in tx.entries_about(one.row.id) if row.type in ("disclosed", "sent"))
    return canonical({"sealed": sealed.to_json(), "proof": proof_of(node, index, has_facts=True).decode("utf-8")})
