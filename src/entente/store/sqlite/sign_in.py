"""Passkeys, identities at another service and steps under way, in SQLite."""

from collections.abc import Sequence
from datetime import datetime

from entente.store.queries import named_queries
from entente.store.sign_in import IdentityRow, PasskeyRow, StepRow
from entente.store.sqlite.session import Session
from entente.store.sqlite.shapes import Shape, moment

_SQL = named_queries(__file__)
_PASSKEY, _IDENTITY, _STEP = Shape(PasskeyRow), Shape(IdentityRow), Shape(StepRow)


class SignIn(Session):
    def put_passkey(self, row: PasskeyRow) -> None:
        self.run(_SQL["put_passkey"], *_PASSKEY.values(row))

    def passkey(self, passkey_id: str) -> PasskeyRow | None:
        found = self.first(_SQL["passkey"], passkey_id)
        return _PASSKEY.row(found) if found else None

    def passkeys(self, account: str) -> Sequence[PasskeyRow]:
        return list(_PASSKEY.rows(self.all(_SQL["passkeys"], account)))

    def drop_passkey(self, passkey_id: str) -> None:
        self.run(_SQL["drop_passkey"], passkey_id)

    def put_identity(self, row: IdentityRow) -> None:
        self.run(_SQL["put_identity"], *_IDENTITY.values(row))

    def identity(self, issuer: str, subject: str) -> IdentityRow | None:
        found = self.first(_SQL["identity"], issuer, subject)
        return _IDENTITY.row(found) if found else None

    def identities(self, account: str) -> Sequence[IdentityRow]:
        return list(_IDENTITY.rows(self.all(_SQL["identities"], account)))

    def drop_identity(self, issuer: str, subject: str) -> None:
        self.run(_SQL["drop_identity"], issuer, subject)

    def put_step(self, row: StepRow) -> None:
        self.run(_SQL["put_step"], *_STEP.values(row))

    def take_step(self, token: str, kind: str) -> StepRow | None:
        found = self.first(_SQL["take_step"], token, kind)
        return _STEP.row(found) if found else None

    def step_count(self) -> int:
        found = self.first(_SQL["step_count"])
        return int(found[0]) if found else 0

    def drop_steps(self, before: datetime) -> int:
        return self.run(_SQL["drop_steps"], moment(before))
