"""People who use a node's screens: their accounts, sessions and failed attempts, and the part of every store
(entente.store.protocol) that keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.store.rows import AsWritten


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A person who may sign in as `name`. `roles` are codes in order, a space between two.

    `officer` is the id of the officer who signs for the agency, if this person is one (ca.cbsa/liaison-1), else empty.
    `password` is the text that argon2 makes of it, empty while nobody can sign in with one; `password_at` is when it
    was set. `given_by` is who last gave this account a way to sign in (its first password, another one, a linked
    identity) or took its passkeys, `given_at` when; what the person does alone does not count.
    """

    name: str
    person: AsWritten
    roles: str
    officer: str
    language: str
    password: str
    must_change: bool
    is_active: bool
    created_at: datetime
    created_by: str
    password_at: datetime
    given_by: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One person at one browser. `token` is the SHA-256 (hex) of the cookie, which is kept nowhere.

    `purpose` and `why` are what the person stated before reading, `told` the sentence that the next page shows once.
    `way` is how the person signed in: password, password-and-passkey, passkey or service.
    """

    token: str
    account: str
    form_token: str
    purpose: str
    why: str
    told: AsWritten
    started_at: datetime
    seen_at: datetime
    way: str = "password"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """Failed attempts in a row to sign in as `name`, which need not be an account."""

    name: str
    failures: int
    last_at: datetime
    locked_until: datetime | None


class People(Protocol):
    """Accounts, sessions and failed attempts to sign in."""

    def put_account(self, row: AccountRow) -> None:
        """Adds or replaces an account by its name."""

    def account(self, name: str) -> AccountRow | None:
        """The account of that name."""

    def accounts(self) -> Sequence[AccountRow]:
        """All accounts, in order of name."""

    def put_session(self, row: SessionRow) -> None:
        """Adds or replaces a session by its token; its account must be there."""

    def session(self, token: str) -> SessionRow | None:
        """The session of that token."""

    def sessions(self, account: str) -> Sequence[SessionRow]:
        """The sessions of an account, oldest first."""

    def end_session(self, token: str) -> None:
        """Forgets the session of that token."""

    def end_sessions(self, account: str) -> int:
        """Forgets every session of an account. Their number."""

    def drop_sessions(self, before: datetime) -> int:
        """Forgets the sessions last seen before `before`. Their number."""

    def attempt(self, name: str) -> AttemptRow | None:
        """The failed attempts with that name."""

    def put_attempt(self, row: AttemptRow) -> None:
        """Adds or replaces the failed attempts with a name."""

    def drop_attempt(self, name: str) -> None:
        """Forgets the failed attempts with that name."""

    def drop_attempts(self, before: datetime) -> int:
        """Forgets the attempts last made before `before`. Their number.

        INVARIANT: a name that is locked at `before` or later stays locked.
        """
