"""Agreements: texts are added and proposed, officers sign with their own keys, signatures travel to the other
parties."""

from collections.abc import Mapping, Sequence

from entente.agreements import Agreement, OfficerSignature, Standing, sign_agreement
from entente.errors import InputFault
from entente.node.in_force import AgreementChanged, changed_texts, standings
from entente.node.outgoing import Outgoing
from entente.node.work import Node, Work
from entente.signing import PrivateKey, canonical, digest
from entente.store import AgreementRow, AgreementSignatureRow, Transaction


class NotParty(InputFault):
    """{party} is not a party to the agreement `{name}`. Only its parties add and sign it."""


class NoSuchAgreement(InputFault):
    """This node holds no agreement `{name}`. `entente agreements list` shows those it holds; `agreements add` adds
    one."""


class AmbiguousName(InputFault):
    """This node holds several texts called `{name}`: {texts}. Read them with `entente agreements explain DIGEST`, and
    name the one you mean by its digest."""


class NotThatOfficer(InputFault):
    """The key is not that of {officer} of {party}. Name the officer whose key this is, or register the officer with
    `entente partners officer`."""


def add_agreement(node: Node, source: bytes) -> Agreement:
    """Keeps the text and proposes it to its other parties. Raises AgreementUnreadable, NotParty."""
    agreement = node.agreement(digest(source), source)
    if node.party not in agreement.parties:
        raise NotParty(party=node.party, name=agreement.name)
    with node.writing() as work:
        keep_agreement(work, agreement)
        _tell_parties(node, work, agreement, "agreement-proposal", _proposal(agreement.digest, source))
    return agreement


def keep_agreement(work: Work, agreement: Agreement) -> None:
    """The text in the store and an entry in the ledger; once is enough."""
    if any(row.digest == agreement.digest for row in work.tx.agreements()):
        return
    row = AgreementRow(
        digest=agreement.digest,
        name=agreement.name,
        version=agreement.version,
        source=agreement.source,
        added_at=work.now,
    )
    work.tx.add_agreement(row)
    work.agreed.clear()
    work.write("agreement-added", agreement.digest, {"name": agreement.name, "version": agreement.version})


def sign(node: Node, name: str, officer: str, key: PrivateKey) -> Standing:
    """`officer` of our party signs the agreement `name` (or digest). Raises NoSuchAgreement, NotThatOfficer."""
    with node.writing() as work:
        agreement = find(node, work.tx, name)
        rows = [row for row in work.tx.officers() if (row.party, row.officer) == (node.party, officer)]
        if not rows or rows[0].public_key != key.public.to_text():
            raise NotThatOfficer(officer=officer, party=node.party)
        signature = sign_agreement(agreement, party=node.party, officer_id=officer, key=key, signed_at=work.now)
        body = canonical(signature.to_json())
        keep_signature(work, signature, body)
        _tell_parties(node, work, agreement, "agreement-signature", body)
    return standing(node, agreement.digest)


def keep_signature(work: Work, signature: OfficerSignature, body: bytes) -> None:
    """The signature in the store and an entry in the ledger."""
    row = AgreementSignatureRow(
        agreement=signature.agreement,
        party=signature.party,
        officer=signature.officer,
        body=body,
        added_at=work.now,
    )
    work.tx.add_agreement_signature(row)
    work.agreed.clear()
    work.write("agreement-signed", signature.agreement, {"party": signature.party, "officer": signature.officer})


def find(node: Node, tx: Transaction, name: str) -> Agreement:
    """The only agreement called `name`, or the one with this digest: whoever proposes another text under a known name
    must not decide which one is meant. Raises NoSuchAgreement, AmbiguousName, AgreementChanged."""
    rows = [row for row in tx.agreements() if name in (row.name, row.digest)]
    if not rows:
        raise NoSuchAgreement(name=name)
    if len(rows) > 1:
        texts = ", ".join(f"{row.digest} (version {row.version})" for row in rows)
        raise AmbiguousName(name=name, texts=texts)
    found = rows[0]
    if digest(found.source) != found.digest:
        raise AgreementChanged(name=found.name, digest=found.digest)
    return node.agreement(found.digest, found.source)


def all_standings(node: Node) -> Sequence[tuple[Agreement, Standing]]:
    """Every agreement held, with whether it is in force now and, if not, why."""
    with node.store.reading() as tx:
        return standings(node, tx, node.clock())


def agreement_names(node: Node) -> Mapping[str, str]:
    """What people call every agreement held here (its name and version), by digest."""
    with node.store.reading() as tx:
        return {row.digest: f"{row.name} v{row.version}" for row in tx.agreements()}


def changed_agreements(node: Node) -> Sequence[AgreementChanged]:
    """One error, not raised, for each agreement whose bytes are no longer those that were signed."""
    with node.store.reading() as tx:
        return [AgreementChanged(name=row.name, digest=row.digest) for row in changed_texts(tx)]


def standing(node: Node, agreement_digest: str) -> Standing:
    return next(found for agreement, found in all_standings(node) if agreement.digest == agreement_digest)


def tell_newcomer(node: Node, work: Work, party: str) -> None:
    """A partner that was pinned after we signed hears of every text it is named in, and of our signatures."""
    outgoing = Outgoing(node, work, party)
    signatures = [row for row in work.tx.agreement_signatures() if row.party == node.party]
    for row in work.tx.agreements():
        if digest(row.source) != row.digest or not {party, node.party} <= set(_parties(node, row)):
            continue
        outgoing.send("agreement-proposal", _proposal(row.digest, row.source), agreement=row.digest)
        for signature in signatures:
            if signature.agreement == row.digest:
                outgoing.send("agreement-signature", signature.body, agreement=row.digest)
    outgoing.close()


def _parties(node: Node, row: AgreementRow) -> Sequence[str]:
    return node.agreement(row.digest, row.source).parties


def _proposal(agreement: str, source: bytes) -> bytes:
    return canonical({"agreement": agreement, "source": source.decode("utf-8")})


def _tell_parties(node: Node, work: Work, agreement: Agreement, kind: str, body: bytes) -> None:
    for partner in work.tx.partners():
        if partner.party in agreement.parties:
            outgoing = Outgoing(node, work, partner.party)
            outgoing.send(kind, body, agreement=agreement.digest)
            outgoing.close()
