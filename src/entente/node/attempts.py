"""Proving a name with its password, and how often that may fail.

After 5 failures in a row a name is locked for a minute, with every further one for twice as long, at most an hour.
Names that are no account are counted and locked alike, so that nobody learns from it which names there are.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from entente.errors import InputFault
from entente.node.passwords import is_outdated, is_right, make_kept
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import AccountRow, AttemptRow

FREE_FAILURES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
_DOUBLINGS = 6


class SignInRefused(InputFault):
    """The name or the password is not right. Type both again; an administrator of this node can give you a new
    password."""


class SignInLocked(InputFault):
    """There were too many failed attempts with this name. Try again after {until}."""


class PasswordExpired(InputFault):
    """This one-time password was given more than {days} days ago and works no longer. Ask an administrator of this node
    for a new one."""


def prove(node: Node, name: str, password: str) -> AccountRow:
    """The active account `name`, whose password is `password`; a name that no account can have is refused uncounted.

    INVARIANT: an attempt is counted as failed before its password is looked at, so that many at once count as many.

    Raises SignInRefused, SignInLocked, SignInBusy, PasswordExpired.
    """
    with node.writing() as work:
        counted = _count(work, name)
        row = work.tx.account(name)
    may_enter = row is not None and row.is_active
    fits = is_right(row.password if row is not None and may_enter else "", password)
    if row is None or not fits:
        _fail(node, name, counted)
        raise SignInRefused
    kept = make_kept(password) if is_outdated(row.password) else row.password
    with node.writing() as work:
        now = work.tx.account(name)
        if now is None or now.password != row.password or not now.is_active:  # changed since
            raise SignInRefused
        _refuse_expired(node, work, now)
        work.tx.drop_attempt(name)
        if kept != now.password:
            work.tx.put_account(replace(now, password=kept))
    return replace(now, password=kept)


def _refuse_expired(node: Node, work: Work, row: AccountRow) -> None:
    """Raises PasswordExpired: what somebody else chose is known to somebody else."""
    days = node.config.one_time_password_days
    if row.must_change and work.now - row.password_at >= timedelta(days=days):
        raise PasswordExpired(days=days)


def refuse_nobody(password: str) -> SignInRefused:
    """The refusal of a name that no account can have, after as much work as any other. Raises SignInBusy."""
    is_right("", password)
    return SignInRefused()


def _count(work: Work, name: str) -> AttemptRow:
    """Counts one more failure. Raises SignInLocked."""
    work.tx.drop_attempts(work.now - FORGOTTEN_AFTER)
    before = work.tx.attempt(name)
    if before is not None and before.locked_until is not None and work.now < before.locked_until:
        raise SignInLocked(until=f"{before.locked_until:%Y-%m-%d %H:%M:%S} UTC")
    failures = 1 + (before.failures if before else 0)
    row = AttemptRow(name=name, failures=failures, last_at=work.now, locked_until=_locked_until(failures, work.now))
    work.tx.put_attempt(row)
    return row


def _locked_until(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_FAILURES:
        return None
    return now + min(LONGEST_LOCK, FIRST_LOCK * (1 << min(failures - FREE_FAILURES, _DOUBLINGS)))


def _fail(node: Node, name: str, counted: AttemptRow) -> None:
    """The lock of an account goes into the ledger."""
    with node.writing() as work:
        is_account = work.tx.account(name) is not None
        if is_account and counted.locked_until is not None:
            facts: dict[str, Json] = {"failures": counted.failures, "until": counted.locked_until.isoformat()}
            work.write("account-locked", name, facts)
