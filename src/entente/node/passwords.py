"""Passwords: which are good enough (NIST SP 800-63B: long, not guessable, no rules of composition), and how they are
kept: argon2id with the parameters that RFC 9106 gives for little memory (64 MiB, 3 passes, 4 lanes) or more."""

import re
import secrets
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from entente.errors import InputFault, Unavailable

SHORTEST, LONGEST = 12, 200
AT_ONCE, WAITING = 2, 10
WAIT_SECONDS = 10.0
LEAST_BESIDE_NAME = 8
LEAST_DIFFERENT = 5
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_TURNS, _PLACES = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)
_NOBODYS = "$argon2id$v={}$m={},t={},p={}${}${}".format(
    RFC_9106_LOW_MEMORY.version,
    RFC_9106_LOW_MEMORY.memory_cost,
    RFC_9106_LOW_MEMORY.time_cost,
    RFC_9106_LOW_MEMORY.parallelism,
    "A" * 22,
    "A" * 43,
)
"""Checked where there is no password to check, so that it takes as long; no password is known to fit it."""
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 4, 5
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class WeakPassword(InputFault):
    """This password cannot be used. Choose another."""


class PasswordTooShort(WeakPassword):
    """The password has {count} characters and needs at least {least}. Take a sentence of several words; blanks are
    welcome."""


class PasswordTooLong(WeakPassword):
    """The password has {count} characters and may have at most {most}. Shorten it."""


class PasswordGuessable(WeakPassword):
    """The password is a very common one, a simple pattern, or the name of the account: others try these first. Take
    several words that do not belong together."""


class PasswordUnchanged(WeakPassword):
    """The new password is the old one. Choose another."""


class SignInBusy(Unavailable):
    """Too many people sign in at this moment, and nothing was checked. Try again in a minute."""


def check_password(password: str, name: str) -> None:
    """Whether the account `name` may use `password`.

    Raises PasswordTooShort, PasswordTooLong, PasswordGuessable (all of them WeakPassword).
    """
    given = _plain(password)
    if len(given) < SHORTEST:
        raise PasswordTooShort(count=len(given), least=SHORTEST)
    if (count := max(len(given), len(password))) > LONGEST:
        raise PasswordTooLong(count=count, most=LONGEST)
    if is_guessable(given, name):
        raise PasswordGuessable


def is_guessable(password: str, name: str) -> bool:
    """True for few different characters, a name with little beside it, common words and runs of the keyboard."""
    folded = password.casefold()
    words, runs = _common()
    letters = _once(_AROUND.sub("", folded))
    is_name = any(own in folded and len(folded.replace(own, "")) < LEAST_BESIDE_NAME for own in (name, "entente"))
    is_run = any(_once(folded) in run for run in runs)
    return len(set(folded)) < LEAST_DIFFERENT or is_name or is_run or letters in words


def make_kept(password: str) -> str:
    """The text that is kept of `password`: never the same twice. Raises SignInBusy."""
    with _turn():
        return _HASHER.hash(_bytes(password))


def is_right(kept: str, password: str) -> bool:
    """Whether `password` is the one of which `kept` was made; an empty `kept` takes as long and fits nothing. Raises
    SignInBusy."""
    with _turn():
        try:
            return _HASHER.verify(kept or _NOBODYS, _bytes(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether `kept` was made with other parameters than are used now."""
    return _HASHER.check_needs_rehash(kept)


def one_time_password() -> str:
    """A new random password (99 bits), in groups that can be read aloud."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


@contextmanager
def _turn() -> Iterator[None]:
    """INVARIANT: at most AT_ONCE passwords are worked on at once, so that a flood takes no more memory than that, and
    WAITING wait, so that it does not take every thread from people who are signed in."""
    if not _PLACES.acquire(blocking=False):
        raise SignInBusy
    try:
        if not _TURNS.acquire(timeout=WAIT_SECONDS):
            raise SignInBusy
        try:
            yield
        finally:
            _TURNS.release()
    finally:
        _PLACES.release()


def _plain(password: str) -> str:
    """One form for what looks alike, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _plain(password[: LONGEST + 1]).encode("utf-8", "surrogatepass")


def _once(text: str) -> str:
    """`abcabcabc` is as easy to guess as `abc`."""
    size = (text + text).find(text, 1) if text else 0
    return text[:size]


@cache
def _common() -> tuple[frozenset[str], Sequence[str]]:
    """Common words, and runs forwards and backwards, each long enough to be walked around."""
    lists = tomllib.loads(files("entente.node").joinpath("common_passwords.toml").read_text("utf-8"))
    runs = [run * 2 for given in lists["runs"] for run in (given, given[::-1])]
    return frozenset(lists["words"]), runs
