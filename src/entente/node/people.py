"""People with accounts at a node: who they are, what they may do, and every change to that in the ledger.

Whoever owns the node's folder makes the first account. An administrator gives roles, also to himself or herself, also
that of a releasing officer: nothing here forbids it, and nothing hides it, because the ledger says who gave it to whom.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from entente.errors import InputFault
from entente.node.attempts import SignInRefused, prove
from entente.node.passwords import PasswordUnchanged, check_password, make_kept, one_time_password
from entente.node.roles import ADMINISTRATOR, ROLES, permissions_of
from entente.node.work import Node, Work
from entente.records.kinds import STEERING
from entente.signing import Json
from entente.store import AccountRow
from entente.vocabulary import LANGUAGES

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
MOST_CHARACTERS = 100


class NoSuchPerson(InputFault):
    """There is no account `{name}` at this node. The list of people shows the names."""


class NameTaken(InputFault):
    """There is an account `{name}` already, active or not. Choose another name; an account that was disabled can be
    enabled again."""


class UnfitName(InputFault):
    """`{name}` cannot be the name of an account. Use 2 to 64 of the letters a to z, digits, dot, hyphen and underscore,
    and begin with a letter or digit."""


class UnfitTitle(InputFault):
    """The person's name or title is longer than {limit} characters or holds characters that steer a screen. Shorten it,
    or type it anew."""


class NoRole(InputFault):
    """An account without a role may do nothing. Choose at least one of: {known}."""


class UnknownLanguage(InputFault):
    """`{language}` is not a language of this program. Use one of: {known}."""


class UnknownOfficer(InputFault):
    """`{officer}` is not an officer whom {party} has named at this node. Use the id of one who is, such as
    {party}/liaison-1, or name the officer with `entente partners officer`."""


class OfficerTaken(InputFault):
    """`{officer}` belongs to the account `{name}`, and one officer is one person. Take it from that account first, or
    name another officer."""


class LastAdministrator(InputFault):
    """`{name}` is the only active administrator. Make somebody else an administrator first."""


class LastingPassword(InputFault):
    """Only at a demo node may an account begin with a password that somebody else chose. Leave it out: the person
    replaces a one-time password at the first sign-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account. `person` is a name or title to show, `officer` the role id in agreements or empty.

    `lacks_passkey`: signed in where the node asks for a passkey, and has none yet.
    """

    name: str
    person: str
    roles: tuple[str, ...]
    officer: str
    language: str
    must_change: bool
    is_active: bool
    lacks_passkey: bool = False

    def may(self, permission: str) -> bool:
        """INVARIANT: who is disabled, or has yet to replace a one-time password or make a passkey, may do nothing."""
        is_ready = self.is_active and not self.must_change and not self.lacks_passkey
        return is_ready and permission in permissions_of(self.roles)


def people(node: Node) -> Sequence[Person]:
    """Everybody with an account, disabled ones too, in order of name."""
    with node.store.reading() as tx:
        return [person_in(row) for row in tx.accounts()]


def person(node: Node, name: str) -> Person:
    """Raises NoSuchPerson."""
    with node.store.reading() as tx:
        row = tx.account(plain_name(name))
    if row is None:
        raise NoSuchPerson(name=name)
    return person_in(row)


def add_person(
    node: Node,
    name: str,
    roles: Iterable[str],
    *,
    display: str = "",
    officer: str = "",
    language: str = "en",
    by: str,
    lasting: str = "",
) -> tuple[Person, str]:
    """A new account made by `by`, and its one-time password, which is kept nowhere; without `display` the name is
    shown. At a demo node the password may be `lasting`, so that whoever tries the screens need not choose one.

    Raises UnfitName, UnfitTitle, NoRole, UnknownWord, UnknownLanguage, NameTaken, UnknownOfficer, OfficerTaken,
    LastingPassword.
    """
    name = _checked_name(name)
    shown, held = _checked_title(display.strip() or name), _checked_roles(node, roles)
    _check_language(language)
    if lasting and not node.is_demo:
        raise LastingPassword
    password = lasting or one_time_password()
    kept = make_kept(password)
    with node.writing() as work:
        if work.tx.account(name) is not None:
            raise NameTaken(name=name)
        row = AccountRow(
            name=name,
            person=shown,
            roles=" ".join(sorted(held)),
            officer=_free_officer(node, work, officer, name),
            language=language,
            password=kept,
            must_change=not lasting,
            is_active=True,
            created_at=work.now,
            created_by=by,
            password_at=work.now,
            given_by=by,
            given_at=work.now,
        )
        work.tx.put_account(row)
        work.write("account-added", name, {"by": by, "roles": sorted(held), "officer": row.officer})
    return person_in(row), password


def change_roles(node: Node, name: str, roles: Iterable[str], *, by: str) -> Person:
    """Replaces the roles of `name`, whose sessions end. Raises NoSuchPerson, NoRole, UnknownWord, LastAdministrator."""
    held = _checked_roles(node, roles)
    with node.writing() as work:
        row = _row(work, name)
        if ADMINISTRATOR not in held:
            _keep_an_administrator(work, row)
        facts: dict[str, Json] = {"what": "roles", "before": row.roles.split(), "roles": sorted(held)}
        return _changed(work, row, replace(row, roles=" ".join(sorted(held))), by, facts, ends=True)


def set_officer(node: Node, name: str, officer: str, *, by: str) -> Person:
    """`name` acts as this officer of our own party, or as none where it is empty.

    INVARIANT: an officer belongs to at most one account, so that two officers are two people.

    Raises NoSuchPerson, UnknownOfficer, OfficerTaken.
    """
    with node.writing() as work:
        row = _row(work, name)
        held = _free_officer(node, work, officer, row.name)
        facts: dict[str, Json] = {"what": "officer", "before": row.officer, "officer": held}
        return _changed(work, row, replace(row, officer=held), by, facts)


def reset_password(node: Node, name: str, *, by: str) -> str:
    """A new one-time password for `name`, whose sessions and lock end. Raises NoSuchPerson."""
    password = one_time_password()
    kept = make_kept(password)
    with node.writing() as work:
        row = _row(work, name)
        after = replace(row, password=kept, password_at=work.now, must_change=True, given_by=by, given_at=work.now)
        work.tx.drop_attempt(row.name)
        _changed(work, row, after, by, {"what": "password-reset"}, ends=True)
    return password


def change_password(node: Node, name: str, old: str, new: str) -> None:
    """`name` chooses a password; all sessions end, so that whoever else had one is out: sign in again.

    Raises WeakPassword, PasswordUnchanged; SignInRefused, SignInLocked and SignInBusy as at signing in.
    """
    name = plain_name(name)
    check_password(new, name)
    if new == old:
        raise PasswordUnchanged
    proven = prove(node, name, old)
    kept = make_kept(new)
    with node.writing() as work:
        row = _row(work, name)
        if row.password != proven.password:  # changed since
            raise SignInRefused
        after = replace(row, password=kept, password_at=work.now, must_change=False)
        _changed(work, row, after, name, {"what": "password"}, ends=True)


def disable(node: Node, name: str, *, by: str) -> Person:
    """`name` cannot sign in any more; all sessions end. Raises NoSuchPerson, LastAdministrator."""
    with node.writing() as work:
        row = _row(work, name)
        _keep_an_administrator(work, row)
        return _changed(work, row, replace(row, is_active=False), by, {"what": "disabled"}, ends=True)


def enable(node: Node, name: str, *, by: str) -> Person:
    """`name` can sign in again, with the password of before. Raises NoSuchPerson."""
    with node.writing() as work:
        row = _row(work, name)
        return _changed(work, row, replace(row, is_active=True), by, {"what": "enabled"})


def set_language(node: Node, name: str, language: str, *, by: str) -> Person:
    """The language of the screens for `name`. Raises NoSuchPerson, UnknownLanguage."""
    _check_language(language)
    with node.writing() as work:
        row = _row(work, name)
        facts: dict[str, Json] = {"what": "language", "language": language}
        return _changed(work, row, replace(row, language=language), by, facts)


def person_in(row: AccountRow) -> Person:
    """The person of an account, without its password."""
    held = row.roles.split()
    return Person(
        name=row.name,
        person=row.person,
        roles=tuple(role for role in ROLES if role in held),
        officer=row.officer,
        language=row.language,
        must_change=row.must_change,
        is_active=row.is_active,
    )


def plain_name(name: str) -> str:
    """`name` as it is kept: whoever writes it with capitals or blanks around it means the same."""
    return name.strip().lower()


def is_name(name: str) -> bool:
    """Whether an account can have the name, as `plain_name` gives it."""
    return _NAME.fullmatch(name) is not None


def _changed(
    work: Work, before: AccountRow, after: AccountRow, by: str, facts: dict[str, Json], *, ends: bool = False
) -> Person:
    """Keeps a change and its ledger entry; what changes nothing leaves no trace."""
    if after != before:
        work.tx.put_account(after)
        work.write("account-changed", after.name, {"by": by, **facts})
        if ends:
            work.tx.end_sessions(after.name)
    return person_in(after)


def _row(work: Work, name: str) -> AccountRow:
    row = work.tx.account(plain_name(name))
    if row is None:
        raise NoSuchPerson(name=name)
    return row


def _keep_an_administrator(work: Work, leaving: AccountRow) -> None:
    """INVARIANT: a node that has an active administrator keeps one."""
    able = [row.name for row in work.tx.accounts() if row.is_active and ADMINISTRATOR in row.roles.split()]
    if able == [leaving.name]:
        raise LastAdministrator(name=leaving.name)


def _free_officer(node: Node, work: Work, officer: str, name: str) -> str:
    """The id as it was named. Raises UnknownOfficer, OfficerTaken."""
    wanted = officer.strip().lower()
    if not wanted:
        return ""
    named = [row.officer for row in work.tx.officers() if row.party == node.party and row.officer.lower() == wanted]
    if not named:
        raise UnknownOfficer(officer=officer, party=node.party)
    for row in work.tx.accounts():
        if row.officer == named[0] and row.name != name:
            raise OfficerTaken(officer=named[0], name=row.name)
    return named[0]


def _checked_name(name: str) -> str:
    plain = plain_name(name)
    if not is_name(plain):
        raise UnfitName(name=name)
    return plain


def _checked_title(text: str) -> str:
    if len(text) > MOST_CHARACTERS or STEERING.search(text):
        raise UnfitTitle(limit=MOST_CHARACTERS)
    return text


def _checked_roles(node: Node, roles: Iterable[str]) -> frozenset[str]:
    held = frozenset(roles)
    for role in sorted(held):
        node.catalogue.vocabulary.list("role").term(role)
    if not held:
        raise NoRole(known=", ".join(ROLES))
    return held


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise UnknownLanguage(language=language, known=", ".join(LANGUAGES))
