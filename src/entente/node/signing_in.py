"""Signing in, and the session of one person at one browser: what it stated, what it is told, and when it is over."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias

from entente.errors import InputFault
from entente.node.attempts import SignInRefused, prove, refuse_nobody
from entente.node.people import Person, is_name, person_in, plain_name
from entente.node.work import Node, Work
from entente.records.kinds import STEERING
from entente.store import AccountRow, SessionRow, Transaction

Session: TypeAlias = SessionRow
"""One person at one browser, as entente.web knows it, which opens no store."""

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
RECENT = timedelta(minutes=15)
"""Whoever changes how an account signs in has signed in so recently: a session that was left open cannot."""
PASSWORD, SERVICE = "password", "service"
"""Ways in that this module looks at; the others are password-and-passkey and passkey."""
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
MOST_CHARACTERS = 500


class SessionOver(InputFault):
    """Your session is over, and nothing was done. Sign in again."""


class SignInAnew(InputFault):
    """You signed in more than {minutes} minutes ago. Sign out and in again, then change how you sign in."""


class PasskeyNeeded(InputFault):
    """The account `{name}` signs in with a passkey as well. Use the screens, which ask for it."""


class UnfitReason(InputFault):
    """The reason is empty, longer than {limit} characters, or holds characters that steer a screen. Say in a few words
    why you look."""


@dataclass(frozen=True, slots=True)
class Signed:
    """`token` goes to the browser alone; it is kept nowhere."""

    person: Person
    token: str


def sign_in(node: Node, name: str, password: str) -> Signed:
    """A new session. The name and the password are refused in the same words, after the same work, whether the name is
    unknown, disabled or has another password. Raises SignInRefused, SignInLocked, SignInBusy, PasswordExpired, and
    PasskeyNeeded once the password is proven."""
    name = plain_name(name)
    if not is_name(name):
        raise refuse_nobody(password)
    proven = prove(node, name, password)
    with node.writing() as work:
        row = work.tx.account(name)
        if row is None or not row.is_active or row.password != proven.password:
            raise SignInRefused
        if work.tx.passkeys(name):
            raise PasskeyNeeded(name=name)
        return Signed(person_in(row), begin_session(work, row, PASSWORD))


def begin_session(work: Work, row: AccountRow, way: str) -> str:
    """A session of somebody who has proven to be `row`; its token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    work.tx.drop_sessions(work.now - IDLE)
    work.tx.put_session(
        SessionRow(
            token=_kept(token),
            account=row.name,
            form_token=secrets.token_urlsafe(TOKEN_BYTES),
            purpose="",
            why="",
            told="",
            started_at=work.now,
            seen_at=work.now,
            way=way,
        )
    )
    return token


def session_of(node: Node, token: str) -> tuple[Person, SessionRow] | None:
    """Whose session this is; None when it never was one, or is over: after half an hour without a visit, after twelve
    hours, and with every change of roles or password."""
    kept, now = _kept(token), node.clock()
    with node.store.reading() as tx:
        found = _open(node, tx, kept, now)
    if found is not None and now - found[1].seen_at >= SEEN_EVERY:
        with node.writing() as work:
            found = _open(node, work.tx, kept, now)
            if found is not None:
                found = found[0], replace(found[1], seen_at=now)
                work.tx.put_session(found[1])
    return found


def sessions_of(node: Node, name: str) -> Sequence[Session]:
    """The open sessions of `name`, oldest first."""
    now = node.clock()
    with node.store.reading() as tx:
        return [row for row in tx.sessions(name) if not _is_over(row, now)]


def end_others(node: Node, session: SessionRow) -> int:
    """Ends every other session of the account. Their number."""
    with node.writing() as work:
        others = [row for row in work.tx.sessions(session.account) if row.token != session.token]
        for row in others:
            work.tx.end_session(row.token)
    return len(others)


def check_recent(node: Node, session: SessionRow) -> None:
    """Raises SignInAnew."""
    if node.clock() - session.started_at >= RECENT:
        raise SignInAnew(minutes=int(RECENT.total_seconds() / 60))


def sign_out(node: Node, session: SessionRow) -> None:
    with node.writing() as work:
        work.tx.end_session(session.token)


def state_reason(node: Node, session: SessionRow, purpose: str, why: str) -> SessionRow:
    """What this session reads records for: a code of the list `purpose`, and in words. Raises UnknownWord, UnfitReason,
    SessionOver."""
    node.catalogue.vocabulary.list("purpose").term(purpose)
    said = why.strip()
    if not said or len(said) > MOST_CHARACTERS or STEERING.search(said):
        raise UnfitReason(limit=MOST_CHARACTERS)
    with node.writing() as work:
        now = work.tx.session(session.token)
        if now is None:
            raise SessionOver
        stated = replace(now, purpose=purpose, why=said)
        work.tx.put_session(stated)
    return stated


def tell(node: Node, session: SessionRow, text: str) -> None:
    """Keeps a sentence for the next page of this session, if it is not over."""
    with node.writing() as work:
        now = work.tx.session(session.token)
        if now is not None:
            work.tx.put_session(replace(now, told=text))


def take_told(node: Node, session: SessionRow) -> str:
    """The sentence kept for this page, once; empty where there is none."""
    if not session.told:
        return ""
    with node.writing() as work:
        now = work.tx.session(session.token)
        if now is None or not now.told:
            return ""
        work.tx.put_session(replace(now, told=""))
    return now.told


def _open(node: Node, tx: Transaction, kept: str, now: datetime) -> tuple[Person, SessionRow] | None:
    """INVARIANT: a session is nothing without its active account, and never outlives IDLE or LONGEST."""
    session = tx.session(kept)
    if session is None or _is_over(session, now):
        return None
    account = tx.account(session.account)
    if account is None or not account.is_active:
        return None
    needs_one = node.config.sign_in != PASSWORD and session.way != SERVICE
    lacks = needs_one and not tx.passkeys(account.name)
    return replace(person_in(account), lacks_passkey=lacks), session


def _is_over(session: SessionRow, now: datetime) -> bool:
    return now - session.seen_at >= IDLE or now - session.started_at >= LONGEST


def _kept(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
