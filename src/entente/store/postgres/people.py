"""Accounts, sessions and failed attempts to sign in, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from entente.store.people import AccountRow, AttemptRow, SessionRow
from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries

_SQL = named_queries(__file__)
_ACCOUNT, _SESSION, _ATTEMPT = Shape(AccountRow), Shape(SessionRow), Shape(AttemptRow)


class People(Session):
    def put_account(self, row: AccountRow) -> None:
        self.run(_SQL["put_account"], *_ACCOUNT.values(row))

    def account(self, name: str) -> AccountRow | None:
        found = self.first(_SQL["account"], name)
        return _ACCOUNT.row(found) if found else None

    def accounts(self) -> Sequence[AccountRow]:
        return list(_ACCOUNT.rows(self.all(_SQL["accounts"])))

    def put_session(self, row: SessionRow) -> None:
        self.run(_SQL["put_session"], *_SESSION.values(row))

    def session(self, token: str) -> SessionRow | None:
        found = self.first(_SQL["session"], token)
        return _SESSION.row(found) if found else None

    def sessions(self, account: str) -> Sequence[SessionRow]:
        return list(_SESSION.rows(self.all(_SQL["sessions"], account)))

    def end_session(self, token: str) -> None:
        self.run(_SQL["end_session"], token)

    def end_sessions(self, account: str) -> int:
        return self.run(_SQL["end_sessions"], account)

    def drop_sessions(self, before: datetime) -> int:
        return self.run(_SQL["drop_sessions"], before)

    def attempt(self, name: str) -> AttemptRow | None:
        found = self.first(_SQL["attempt"], name)
        return _ATTEMPT.row(found) if found else None

    def put_attempt(self, row: AttemptRow) -> None:
        self.run(_SQL["put_attempt"], *_ATTEMPT.values(row))

    def drop_attempt(self, name: str) -> None:
        self.run(_SQL["drop_attempt"], name)

    def drop_attempts(self, before: datetime) -> int:
        return self.run(_SQL["drop_attempts"], before)
