"""Parties without a node: a company, a courier, a hospital. Their officers sign texts on their own machines and hand
over files; nobody ever calls such a party."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from entente.agreements import OfficerSignature, signing_officer
from entente.errors import InputFault, Tampered
from entente.node.agreeing import keep_signature
from entente.node.identity import OFFICER_ENTRIES
from entente.node.in_force import standings
from entente.node.offering import standing_purposes
from entente.node.officers import all_officers, ended_keys, is_in_time, name_officer
from entente.node.work import Node
from entente.records.kinds import STEERING
from entente.signing import Json, NotCanonical, PrivateKey, PublicKey, Signature, UnusableKey, canonical, parse
from entente.store import OfficerRow, OutsideRow, Transaction
from entente.vocabulary import LANGUAGES

OFFICER_CONTEXT = "outside-officer-v1"
MOST_CHARACTERS = 200
"""Of a name, an address, or words about who said something."""


class HasNode(InputFault):
    """{party} has a node, or is this one, so it is told over the exchange. Give an advisory only to a party without a
    node."""


class NotOutside(InputFault):
    """{party} is not known here as a party without a node. `entente partners outside list` shows those that are."""


class UnfitOutside(InputFault):
    """What was given for the party `{party}` cannot be used: `{value}` is empty, too long, or holds characters that do
    not belong there. Correct it."""


class BadOfficerFile(InputFault):
    """The file {source} does not name an officer: {why}. Ask the officer for the file that
    `entente partners outside officer` writes."""


class BadSignatureFile(InputFault):
    """The file {source} cannot be taken: {why}. Ask the officer to sign the very text that this node holds, with
    `entente agreements sign-file`."""


class SignatureNotTheirs(Tampered):
    """The signature in {source} was not made with the key of an officer of {party} who is pinned here and in office on
    that day. Nothing was kept; call the officer."""


def officer_file(party: str, officer: str, *, title: str, key: PrivateKey, since: date, until: date) -> bytes:
    """What an officer of a party without a node hands over: who signs, and with which key; signed with that key, so
    that a slip in copying shows."""
    body: dict[str, Json] = {
        "party": party,
        "officer": officer,
        "title": title,
        "public_key": key.public.to_text(),
        "valid_from": since.isoformat(),
        "valid_until": until.isoformat(),
    }
    return canonical({"officer": body, "signature": key.sign(OFFICER_CONTEXT, canonical(body)).to_json()})


def read_officer_file(source: str, data: bytes) -> OfficerRow:
    """Raises BadOfficerFile, BadSignature. Whether to believe it is a person's decision."""
    try:
        whole: dict[str, Any] = parse(data.strip())
        body, signature = whole["officer"], Signature.from_json(whole["signature"])
        row = _officer_row(body)
        key = PublicKey.from_text(row.public_key)
    except (NotCanonical, UnusableKey, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadOfficerFile(source=source, why=error) from error
    key.verify(OFFICER_CONTEXT, canonical(body), signature)
    return row


def add_outside(node: Node, row: OutsideRow, officers: Sequence[OfficerRow]) -> None:
    """Keeps the party, or what is new about it, and pins `officers` of it beside those who are pinned. Raises
    UnknownWord, HasNode, UnfitOutside, BadOfficerFile."""
    node.catalogue.vocabulary.list("party").term(row.party)
    _check(row)
    for officer in officers:
        if officer.party != row.party:
            raise BadOfficerFile(source=officer.officer, why=f"it names {officer.party}")
    with node.writing() as work:
        if row.party == node.party or any(known.party == row.party for known in work.tx.partners()):
            raise HasNode(party=row.party)
        work.tx.put_outside(row)
        work.write("outside-added", row.party, {"name": row.name, "email": row.email, "language": row.language})
        for officer in officers:
            name_officer(work, officer)
            key_id = PublicKey.from_text(officer.public_key).key_id
            work.write("officer-named", officer.officer, {"title": officer.title, "key": key_id})


def take_signature(node: Node, source: str, data: bytes) -> OfficerSignature:
    """Keeps the signature of an officer of a party without a node. Raises BadSignatureFile, NotOutside,
    SignatureNotTheirs.

    INVARIANT: only what a pinned officer of that party really signed is kept, and never for a party with a node.
    """
    signature = _read_signature(source, data)
    with node.writing() as work:
        outside_of(work.tx, signature.party)
        row = next((row for row in work.tx.agreements() if row.digest == signature.agreement), None)
        if row is None:
            raise BadSignatureFile(source=source, why="it is over a text that this node does not hold")
        text = node.agreement(row.digest, row.source)
        if not {signature.party, node.party} <= set(text.signatories):
            raise BadSignatureFile(source=source, why="the text does not name both parties")
        day = text.local_day(signature.signed_at)
        signer = signing_officer(signature, all_officers(work.tx), day)
        if signer is None or not is_in_time(signature, ended_keys(work.tx)):
            raise SignatureNotTheirs(source=source, party=signature.party)
        keep_signature(work, signature, canonical(signature.to_json()))
    return signature


def outside_of(tx: Transaction, party: str) -> OutsideRow:
    """Raises NotOutside."""
    row = tx.outside_party(party)
    if row is None:
        raise NotOutside(party=party)
    return row


def outside_parties(node: Node) -> Sequence[OutsideRow]:
    with node.store.reading() as tx:
        return tx.outside_parties()


def purposes_towards(node: Node) -> Mapping[str, Sequence[str]]:
    """By party without a node, the purposes for which a provision in force lets something go to it now."""
    with node.store.reading() as tx:
        found = standings(node, tx, node.clock())
        return {
            row.party: list(
                standing_purposes(
                    [how.narrowed(text) for text, how in found if how.bears_on(node.party, row.party)],
                    node.party,
                    row.party,
                )
            )
            for row in tx.outside_parties()
        }


def _read_signature(source: str, data: bytes) -> OfficerSignature:
    try:
        return OfficerSignature.from_json(parse(data.strip()))
    except (NotCanonical, InputFault, TypeError, AttributeError) as error:
        raise BadSignatureFile(source=source, why=error) from error


def _officer_row(body: Mapping[str, Any]) -> OfficerRow:
    if set(body) != OFFICER_ENTRIES | {"party"} or not all(isinstance(value, str) for value in body.values()):
        raise TypeError("its entries are not those of an officer")
    if STEERING.search("".join(body.values())):
        raise ValueError("it holds characters that steer a screen")
    row: dict[str, Any] = dict(body)
    row |= {name: date.fromisoformat(body[name]) for name in ("valid_from", "valid_until")}
    return OfficerRow(**row)


def _check(row: OutsideRow) -> None:
    if not row.name.strip() or len(row.name) > MOST_CHARACTERS or STEERING.search(row.name):
        raise UnfitOutside(party=row.party, value=row.name)
    local, at, domain = row.email.partition("@")
    is_plain = row.email.isascii() and row.email.isprintable() and not set(row.email) & set(' ,;<>()[]"\\')
    if row.email and not (local and at and domain and is_plain and len(row.email) <= MOST_CHARACTERS):
        raise UnfitOutside(party=row.party, value=row.email)
    if row.language not in LANGUAGES:
        raise UnfitOutside(party=row.party, value=row.language)
