"""Whom another service names, and which account that is here: linked by its owner or by an administrator."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import TypeAlias

from entente.errors import InputFault
from entente.node import steps
from entente.node.people import NoSuchPerson, Person, person_in, plain_name
from entente.node.service import NoService, Service
from entente.node.service_tokens import MOST_SUBJECT
from entente.node.signing_in import SERVICE, Session, Signed, begin_session, check_recent
from entente.node.work import Node, Work
from entente.records.kinds import STEERING
from entente.signing import Json
from entente.store import AccountRow, IdentityRow

Identity: TypeAlias = IdentityRow
"""An identity as entente.web knows it, which opens no store."""

ENTER, LINK = "enter-service", "link-service"


class NoAccountForYou(InputFault):
    """{service} knows you as `{subject}`, and no account here belongs to that. Ask an administrator of this node to
    link it. If you have an account with a password, you can sign in with that and link it yourself."""


class IdentityTaken(InputFault):
    """`{subject}` belongs to the account `{name}` already. Take it from that account first."""


class UnfitSubject(InputFault):
    """What the other service calls somebody is 1 to {limit} characters. Copy it from the page that person was shown."""


class NoSuchIdentity(InputFault):
    """This account is not linked to that any more. Look at the list again."""


@dataclass(frozen=True, slots=True)
class Away:
    """A visit at the service has begun: `token` goes to the browser alone, which goes to `address`."""

    token: str
    address: str


def identities_of(node: Node, name: str) -> Sequence[Identity]:
    """In order of issuer and subject."""
    with node.store.reading() as tx:
        return tx.identities(plain_name(name))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a visit is under way: what is kept of the browser's secret, what for, and for whom ("" for a stranger)."""

    kept: str
    kind: str
    account: str = ""


def go_in(node: Node, service: Service | None, back: str) -> Away:
    """Sends a browser to the service to sign in. Raises NoService, TooManySteps and what `Service.begin` raises."""
    token = secrets.token_urlsafe(steps.SECRET_BYTES)
    return Away(token, _begin(node, service, _Place(steps.kept(token), ENTER), back))


def go_link(node: Node, service: Service | None, person: Person, session: Session) -> str:
    """The address at which `person` shows the service who they are. Raises SignInAnew and what `go_in` raises."""
    check_recent(node, session)
    return _begin(node, service, _Place(session.token, LINK, person.name), "/account")


def is_for_linking(answer: Mapping[str, str]) -> bool:
    """Whether this answers a visit that began on an account's page; its state proves it."""
    return answer.get("state", "").startswith(f"{LINK}.")


def come_in(node: Node, service: Service | None, token: str, answer: Mapping[str, str]) -> tuple[Signed, str]:
    """A session for whom the service names, and where they wanted to go. An account that has yet to replace a one-time
    password loses it by this. Raises NoService, StepOver, NoAccountForYou and what `Service.subject` raises."""
    subject, held = _answered(node, service, _Place(steps.kept(token), ENTER), answer)
    with node.writing() as work:
        known = work.tx.identity(node.config.oidc_issuer, subject)
        row = work.tx.account(known.account) if known else None
        if service is None or row is None or not row.is_active:
            raise NoAccountForYou(service=service.name if service else "", subject=subject)
        if row.must_change:
            row = replace(row, password="", password_at=work.now, must_change=False)
            work.tx.put_account(row)
            work.write("account-changed", row.name, {"by": row.name, "what": "password-dropped"})
        return Signed(person_in(row), begin_session(work, row, SERVICE)), held


def link_own(node: Node, service: Service | None, person: Person, session: Session, answer: Mapping[str, str]) -> str:
    """Links whom the service names to the account of `person`; what it calls them. Raises IdentityTaken, StepOver and
    what `Service.subject` raises."""
    subject, _ = _answered(node, service, _Place(session.token, LINK, person.name), answer)
    with node.writing() as work:
        _link(node, work, _row(work, person.name), subject, person.name)
    return subject


def link_account(node: Node, name: str, subject: str, *, by: str) -> None:
    """An administrator says whom the service calls what; `name` is told nothing of it but in the ledger. Raises
    NoService, NoSuchPerson, UnfitSubject, IdentityTaken."""
    subject = subject.strip()
    if not node.config.oidc_issuer:
        raise NoService
    if not subject or len(subject) > MOST_SUBJECT or STEERING.search(subject):
        raise UnfitSubject(limit=MOST_SUBJECT)
    with node.writing() as work:
        row = _row(work, name)
        if _link(node, work, row, subject, by) and by != row.name:
            work.tx.put_account(replace(row, given_by=by, given_at=work.now))


def unlink(node: Node, name: str, issuer: str, subject: str, *, by: str) -> None:
    """The service's word about `subject` opens the account no more; its sessions end. Raises NoSuchPerson,
    NoSuchIdentity."""
    with node.writing() as work:
        row = _row(work, name)
        known = work.tx.identity(issuer, subject)
        if known is None or known.account != row.name:
            raise NoSuchIdentity
        work.tx.drop_identity(issuer, subject)
        work.tx.end_sessions(row.name)
        work.write("account-changed", row.name, _facts(by, "service-unlinked", known))


def _begin(node: Node, service: Service | None, place: _Place, back: str) -> str:
    if service is None:
        raise NoService
    visit = service.begin(place.kind)
    held: dict[str, Json] = {"state": visit.state, "nonce": visit.nonce, "verifier": visit.verifier, "back": back}
    with node.writing() as work:
        steps.begin(work, place.kept, place.kind, place.account, held)
    return visit.address


def _answered(node: Node, service: Service | None, place: _Place, answer: Mapping[str, str]) -> tuple[str, str]:
    """Whom the service names, and where its visitor wanted to go.

    INVARIANT: an answer counts once, at the browser that began, with the state it was sent away with.
    """
    if service is None:
        raise NoService
    whose, held = steps.take(node, place.kept, place.kind)
    if whose != place.account or not compare_digest(answer.get("state", "").encode(), held["state"].encode()):
        raise steps.StepOver
    return service.subject(node, answer, nonce=held["nonce"], verifier=held["verifier"]), held["back"]


def _link(node: Node, work: Work, row: AccountRow, subject: str, by: str) -> bool:
    """Whether it was new. Raises IdentityTaken."""
    issuer = node.config.oidc_issuer
    known = work.tx.identity(issuer, subject)
    if known is not None and known.account != row.name:
        raise IdentityTaken(subject=subject, name=known.account)
    if known is None:
        made = IdentityRow(issuer=issuer, subject=subject, account=row.name, linked_at=work.now, linked_by=by)
        work.tx.put_identity(made)
        work.write("account-changed", row.name, _facts(by, "service-linked", made))
    return known is None


def _facts(by: str, what: str, identity: IdentityRow) -> dict[str, Json]:
    return {"by": by, "what": what, "issuer": identity.issuer, "subject": identity.subject}


def _row(work: Work, name: str) -> AccountRow:
    row = work.tx.account(plain_name(name))
    if row is None:
        raise NoSuchPerson(name=name)
    return row
