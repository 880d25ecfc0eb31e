"""Agreements: texts are added and proposed, officers sign with their own keys, signatures travel to the other
parties."""

from collections.abc import Mapping, Sequence

from entente.agreements import (
    Agreement,
    OfficerSignature,
    Standing,
    Suspension,
    sign_agreement,
    signing_officer,
    suspend_agreement,
)
from entente.errors import InputFault
from entente.node.in_force import (
    AgreementChanged,
    SuspensionLost,
    changed_texts,
    lost_suspensions,
    standings,
    suspensions_in,
)
from entente.node.officers import read_officer
from entente.node.outgoing import Outgoing
from entente.node.work import Node, Work
from entente.signing import PrivateKey, PublicKey, canonical, digest
from entente.store import AgreementRow, AgreementSignatureRow, AgreementSuspensionRow, Transaction

SUSPENSION = "agreement-suspension"
"""The type of message that tells of one."""


class NotParty(InputFault):
    """{party} is not among those who sign the agreement `{name}`. Only its parties, and the others it names as signing,
    add and sign it."""


class NoSuchAgreement(InputFault):
    """This node holds no agreement `{name}`. `entente agreements list` shows those it holds; `agreements add` adds
    one."""


class AmbiguousName(InputFault):
    """This node holds several texts called `{name}`: {texts}. Read them with `entente agreements explain DIGEST`, and
    name the one you mean by its digest."""


class NotThatOfficer(InputFault):
    """The key is not that of {officer} of {party}. Name the officer whose key this is, or register the officer with
    `entente partners officer`."""


class SuspendedAlready(InputFault):
    """{party} has suspended the agreement `{name}` already, on {day}. Nothing was changed; what was suspended comes
    back as a new version signed by those whom it is to bind."""


class NotInOffice(InputFault):
    """{officer} is not in office on {day}, so the suspension would not count. Have an officer who is in office suspend
    the agreement; `entente partners officer` names one."""


def add_agreement(node: Node, source: bytes) -> Agreement:
    """Keeps the text and proposes it to its other parties. Raises AgreementUnreadable, NotParty."""
    agreement = node.agreement(digest(source), source)
    if node.party not in agreement.signatories:
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
        _check_key(node, work, officer, key)
        signature = sign_agreement(agreement, party=node.party, officer_id=officer, key=key, signed_at=work.now)
        body = canonical(signature.to_json())
        keep_signature(work, signature, body)
        _tell_parties(node, work, agreement, "agreement-signature", body)
    return standing(node, agreement.digest)


def suspend(node: Node, name: str, officer: str, key: PrivateKey, why: str = "") -> Standing:
    """`officer` of our party suspends the agreement `name` (or digest) between us and all others, from now on; the
    other parties are told. What waits in the outbox under it leaves without its body (entente.node.taking_back).

    Raises what `find` raises, NotASignatory, NotThatOfficer, NotInOffice, UnfitSuspension, SuspendedAlready.
    """
    with node.writing() as work:
        agreement = find(node, work.tx, name)
        _check_key(node, work, officer, key)
        _refuse_twice(node, work, agreement)
        suspension = suspend_agreement(
            agreement, party=node.party, officer_id=officer, key=key, suspended_at=work.now, why=why
        )
        day = agreement.local_day(work.now)
        if signing_officer(suspension, [read_officer(row) for row in work.tx.officers()], day) is None:
            raise NotInOffice(officer=officer, day=day.isoformat())
        body = canonical(suspension.to_json())
        keep_suspension(work, suspension, key.public, body)
        _tell_parties(node, work, agreement, SUSPENSION, body)
    return standing(node, agreement.digest)


def keep_suspension(work: Work, suspension: Suspension, key: PublicKey, body: bytes) -> None:
    """The suspension, made with the officer's `key`, in the store and an entry in the ledger; once is enough."""
    row = AgreementSuspensionRow(
        agreement=suspension.agreement,
        party=suspension.party,
        officer=suspension.officer,
        public_key=key.to_text(),
        body=body,
        added_at=work.now,
    )
    known = {(one.agreement, one.party, one.officer) for one in work.tx.agreement_suspensions()}
    if (row.agreement, row.party, row.officer) in known:
        return
    work.tx.add_agreement_suspension(row)
    work.agreed.clear()
    said = {"party": suspension.party, "officer": suspension.officer, "why": suspension.why}
    work.write("agreement-suspended", suspension.agreement, {**said, "statement": digest(body)})


def _refuse_twice(node: Node, work: Work, agreement: Agreement) -> None:
    for known in suspensions_in(work.tx):
        if (known.agreement, known.party) == (agreement.digest, node.party):
            day = agreement.local_day(known.suspended_at).isoformat()
            raise SuspendedAlready(party=node.party, name=agreement.name, day=day)


def _check_key(node: Node, work: Work, officer: str, key: PrivateKey) -> None:
    """Raises NotThatOfficer."""
    rows = [row for row in work.tx.officers() if (row.party, row.officer) == (node.party, officer)]
    if not rows or rows[0].public_key != key.public.to_text():
        raise NotThatOfficer(officer=officer, party=node.party)


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
    must not decide which one is meant. Raises NoSuchAgreement, AmbiguousName, AgreementChanged, SuspensionLost."""
    rows = [row for row in tx.agreements() if name in (row.name, row.digest)]
    if not rows:
        raise NoSuchAgreement(name=name)
    if len(rows) > 1:
        texts = ", ".join(f"{row.digest} (version {row.version})" for row in rows)
        raise AmbiguousName(name=name, texts=texts)
    found = rows[0]
    if digest(found.source) != found.digest:
        raise AgreementChanged(name=found.name, digest=found.digest)
    if found.digest in lost_suspensions(tx):
        raise SuspensionLost(name=found.name, digest=found.digest)
    return node.agreement(found.digest, found.source)


def all_standings(node: Node) -> Sequence[tuple[Agreement, Standing]]:
    """Every agreement held, with whether it is in force now and, if not, why."""
    with node.store.reading() as tx:
        return standings(node, tx, node.clock())


def suspensions_of(node: Node, agreement: Agreement, standing: Standing) -> Sequence[Suspension]:
    """Who has suspended it and why, oldest first; of those only that count in its `standing`."""
    parties = {reason.values["party"] for reason in standing.reasons if reason.code == "suspended"}
    with node.store.reading() as tx:
        held = [one for one in suspensions_in(tx) if one.agreement == agreement.digest and one.party in parties]
    return sorted(held, key=lambda one: one.suspended_at)


def agreement_names(node: Node) -> Mapping[str, str]:
    """What people call every agreement held here (its name and version), by digest."""
    with node.store.reading() as tx:
        return {row.digest: f"{row.name} v{row.version}" for row in tx.agreements()}


def changed_agreements(node: Node) -> Sequence[AgreementChanged | SuspensionLost]:
    """One error, not raised, for each agreement whose bytes are no longer those that were signed, or whose suspension
    is lost."""
    with node.store.reading() as tx:
        lost = lost_suspensions(tx)
        return [
            *(AgreementChanged(name=row.name, digest=row.digest) for row in changed_texts(tx)),
            *(SuspensionLost(name=row.name, digest=row.digest) for row in tx.agreements() if row.digest in lost),
        ]


def standing(node: Node, agreement_digest: str) -> Standing:
    return next(found for agreement, found in all_standings(node) if agreement.digest == agreement_digest)


def tell_newcomer(node: Node, work: Work, party: str) -> None:
    """A partner that was pinned after we signed hears of every text it is named in, of our signatures, and of what we
    have suspended."""
    outgoing = Outgoing(node, work, party)
    signatures = [row for row in work.tx.agreement_signatures() if row.party == node.party]
    suspensions = [row for row in work.tx.agreement_suspensions() if row.party == node.party]
    for row in work.tx.agreements():
        if digest(row.source) != row.digest or not {party, node.party} <= set(_signatories(node, row)):
            continue
        outgoing.send("agreement-proposal", _proposal(row.digest, row.source), agreement=row.digest)
        for signature in signatures:
            if signature.agreement == row.digest:
                outgoing.send("agreement-signature", signature.body, agreement=row.digest)
        for suspension in suspensions:
            if suspension.agreement == row.digest:
                outgoing.send(SUSPENSION, suspension.body, agreement=row.digest)
    outgoing.close()


def _signatories(node: Node, row: AgreementRow) -> Sequence[str]:
    return node.agreement(row.digest, row.source).signatories


def _proposal(agreement: str, source: bytes) -> bytes:
    return canonical({"agreement": agreement, "source": source.decode("utf-8")})


def _tell_parties(node: Node, work: Work, agreement: Agreement, kind: str, body: bytes) -> None:
    for partner in work.tx.partners():
        if partner.party in agreement.signatories:
            outgoing = Outgoing(node, work, partner.party)
            outgoing.send(kind, body, agreement=agreement.digest)
            outgoing.close()
