"""Ways to sign in besides a password: passkeys, identities at another service, and what is under way at a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.store.rows import AsWritten


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRow:
    """A passkey of an account. `id` is the credential's (base64url), `public_key` its COSE key; `title` is what its
    owner calls it, `sign_count` what it said last (0: it does not count)."""

    id: str
    account: str
    title: AsWritten
    public_key: bytes
    sign_count: int
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """Whom the service `issuer` calls `subject` signs in as `account`; `linked_by` is the account that said so."""

    issuer: str
    subject: str
    account: str
    linked_at: datetime
    linked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """What was begun at one browser and has to be answered there, once. `token` is the SHA-256 (hex) of a cookie.

    `kind` says what was begun, `account` for whom (empty: not known yet); `held` is canonical JSON of what the answer
    must fit.
    """

    token: str
    kind: str
    account: str
    held: bytes
    started_at: datetime


class SignIn(Protocol):
    """Passkeys, identities at another service, and steps under way."""

    def put_passkey(self, row: PasskeyRow) -> None:
        """Adds or replaces a passkey by its id; its account must be there."""

    def passkey(self, passkey_id: str) -> PasskeyRow | None:
        """The passkey of that id."""

    def passkeys(self, account: str) -> Sequence[PasskeyRow]:
        """The passkeys of an account, oldest first."""

    def drop_passkey(self, passkey_id: str) -> None:
        """Forgets the passkey of that id."""

    def put_identity(self, row: IdentityRow) -> None:
        """Adds or replaces an identity; its account must be there."""

    def identity(self, issuer: str, subject: str) -> IdentityRow | None:
        """The identity of that issuer and subject."""

    def identities(self, account: str) -> Sequence[IdentityRow]:
        """The identities of an account, in order of issuer and subject."""

    def drop_identity(self, issuer: str, subject: str) -> None:
        """Forgets that identity."""

    def put_step(self, row: StepRow) -> None:
        """Adds or replaces what is under way, by token and kind."""

    def take_step(self, token: str, kind: str) -> StepRow | None:
        """What is under way, which is forgotten by this: it is answered once."""

    def step_count(self) -> int:
        """How many steps are under way."""

    def drop_steps(self, before: datetime) -> int:
        """Forgets the steps begun before `before`. Their number."""
