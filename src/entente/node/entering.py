"""Coming in by more than a password: the password and then a passkey, or a passkey alone where the node allows it."""

import secrets
from dataclasses import dataclass

from entente.errors import InputFault
from entente.node import passkeys, steps
from entente.node.people import person_in, plain_name
from entente.node.signing_in import PasskeyNeeded, Signed, begin_session, sign_in
from entente.node.work import Node
from entente.store import AccountRow


class PasskeyAloneForbidden(InputFault):
    """At this node nobody signs in with a passkey alone. Sign in with your name and password first."""


@dataclass(frozen=True, slots=True)
class Halfway:
    """A passkey is asked for: `token` goes to the browser alone, and `options` (JSON) to its authenticator."""

    token: str
    options: str


def with_password(node: Node, name: str, password: str) -> Signed | Halfway:
    """A session, or for an account with passkeys the second step. Raises what `sign_in` raises, NoPasskeysHere,
    TooManySteps."""
    try:
        return sign_in(node, name, password)
    except PasskeyNeeded:
        return _halfway(node, plain_name(name))


def with_passkey_alone(node: Node) -> Halfway:
    """Asks for any passkey of this node. Raises PasskeyAloneForbidden, NoPasskeysHere, TooManySteps."""
    if node.config.sign_in != "passkey":
        raise PasskeyAloneForbidden
    return _halfway(node, "")


def with_passkey(node: Node, token: str, answer: str) -> Signed:
    """A session for whoever answers what was asked at this browser. Raises StepOver, PasskeyRefused.

    INVARIANT: after a password, only a passkey of that account counts, and only while the password stands.
    """
    account, held = steps.take(node, steps.kept(token), passkeys.ENTER)
    with node.writing() as work:
        used = passkeys.used(node, work, bytes.fromhex(held["challenge"]), answer)
        row = work.tx.account(used.account)
        if row is None or not row.is_active or account not in ("", row.name) or held["since"] not in ("", _since(row)):
            raise passkeys.PasskeyRefused
        way = "password-and-passkey" if account else "passkey"
        return Signed(person_in(row), begin_session(work, row, way))


def _halfway(node: Node, name: str) -> Halfway:
    challenge, token = secrets.token_bytes(passkeys.CHALLENGE_BYTES), secrets.token_urlsafe(steps.SECRET_BYTES)
    with node.writing() as work:
        row = work.tx.account(name) if name else None
        options = passkeys.ask(node, challenge, work.tx.passkeys(name) if name else ())
        held = {"challenge": challenge.hex(), "since": _since(row) if row else ""}
        steps.begin(work, steps.kept(token), passkeys.ENTER, name, held)
    return Halfway(token, options)


def _since(row: AccountRow) -> str:
    return row.password_at.isoformat()
