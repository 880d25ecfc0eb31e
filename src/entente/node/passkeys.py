"""Passkeys (W3C Web Authentication, level 3): what the browser is asked, and what its answer must fit.

The address of the screens is the relying party: its host, which must be a name, since browsers know no passkeys of an
IP address, and its origin. Every answer must say that the authenticator has verified its user.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from entente.errors import InputFault, Misconfigured
from entente.node import steps
from entente.node.people import NoSuchPerson, Person, plain_name
from entente.node.signing_in import Session, check_recent
from entente.node.work import Node, Work
from entente.records.kinds import STEERING
from entente.store import PasskeyRow

Passkey: TypeAlias = PasskeyRow
"""A passkey as entente.web knows it, which opens no store."""

REGISTER, ENTER = "register", "enter"
MOST_PASSKEYS, MOST_CHARACTERS, MOST_ANSWER = 20, 60, 64 * 1024
CHALLENGE_BYTES = 32
WAIT_MILLISECONDS = 300_000
_T = TypeVar("_T")


class PasskeyRefused(InputFault):
    """The answer of the browser or of the passkey does not fit what was asked, so nothing was done. Begin again, with
    the passkey that belongs to this account."""


class NoPasskeysHere(Misconfigured):
    """Browsers know no passkeys at the address {url}. Give the screens an address with a name: https, or
    http://localhost for a trial."""


class TooManyPasskeys(InputFault):
    """An account has at most {limit} passkeys. Remove one that is not used any more."""


class UnfitPasskeyName(InputFault):
    """The name of a passkey is empty, longer than {limit} characters, or holds characters that steer a screen. Say in a
    word or two where it is, such as: telephone."""


class NoSuchPasskey(InputFault):
    """This account has no such passkey any more. Look at the list again."""


def are_possible(url: str) -> bool:
    """Whether browsers know passkeys at this address: a name, and https or this machine itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return bool(host) and (parts.scheme == "https" or host == "localhost")
    return False


def check_possible(url: str) -> None:
    """Raises NoPasskeysHere."""
    if not are_possible(url):
        raise NoPasskeysHere(url=url)


def passkeys_of(node: Node, name: str) -> Sequence[Passkey]:
    """Oldest first."""
    with node.store.reading() as tx:
        return tx.passkeys(plain_name(name))


def begin_register(node: Node, person: Person, session: Session, title: str) -> str:
    """What the browser is asked in order to make a passkey that is called `title`, as JSON.

    Raises SignInAnew, UnfitPasskeyName, TooManyPasskeys, NoPasskeysHere, TooManySteps.
    """
    check_recent(node, session)
    check_possible(node.config.screens)
    title = title.strip()
    if not title or len(title) > MOST_CHARACTERS or STEERING.search(title):
        raise UnfitPasskeyName(limit=MOST_CHARACTERS)
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    with node.writing() as work:
        known = work.tx.passkeys(person.name)
        if len(known) >= MOST_PASSKEYS:
            raise TooManyPasskeys(limit=MOST_PASSKEYS)
        held = {"challenge": challenge.hex(), "title": title}
        steps.begin(work, session.token, REGISTER, person.name, held)
    return _creation(node, person, challenge, known)


def register(node: Node, person: Person, session: Session, answer: str) -> Passkey:
    """Keeps the passkey that the browser made. Raises StepOver, PasskeyRefused, TooManyPasskeys."""
    account, held = steps.take(node, session.token, REGISTER)
    made = _verified(lambda: _registered(node, answer, bytes.fromhex(held["challenge"])))
    with node.writing() as work:
        known = work.tx.passkeys(person.name)
        if account != person.name or work.tx.passkey(_text(made.credential_id)) is not None:
            raise PasskeyRefused
        if len(known) >= MOST_PASSKEYS:
            raise TooManyPasskeys(limit=MOST_PASSKEYS)
        row = PasskeyRow(
            id=_text(made.credential_id),
            account=person.name,
            title=held["title"],
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            added_at=work.now,
            used_at=None,
        )
        work.tx.put_passkey(row)
        _write(work, row, "passkey-added", person.name)
    return row


def remove(node: Node, person: Person, session: Session, passkey_id: str) -> Passkey:
    """`person` removes one of the own passkeys. Raises SignInAnew, NoSuchPasskey."""
    check_recent(node, session)
    with node.writing() as work:
        row = work.tx.passkey(passkey_id)
        if row is None or row.account != person.name:
            raise NoSuchPasskey
        work.tx.drop_passkey(row.id)
        _write(work, row, "passkey-removed", person.name)
    return row


def remove_all(node: Node, name: str, *, by: str) -> int:
    """Takes every passkey of `name`, who has lost them; the sessions end. Their number. Raises NoSuchPerson."""
    with node.writing() as work:
        account = work.tx.account(plain_name(name))
        if account is None:
            raise NoSuchPerson(name=name)
        rows = work.tx.passkeys(account.name)
        for row in rows:
            work.tx.drop_passkey(row.id)
            _write(work, row, "passkey-removed", by)
        if rows:
            work.tx.put_account(replace(account, given_by=by, given_at=work.now))
            work.tx.end_sessions(account.name)
    return len(rows)


def ask(node: Node, challenge: bytes, known: Sequence[Passkey]) -> str:
    """What the browser is asked in order to use one of the `known` passkeys, or, where there are none, any that it has
    for this node; as JSON. Raises NoPasskeysHere."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    check_possible(node.config.screens)
    options = generate_authentication_options(
        rp_id=_host(node),
        challenge=challenge,
        timeout=WAIT_MILLISECONDS,
        allow_credentials=_described(known) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def used(node: Node, work: Work, challenge: bytes, answer: str) -> Passkey:
    """The passkey with which this was answered, its new count kept. Raises PasskeyRefused.

    INVARIANT: a passkey whose count does not grow, once it has counted, was copied and is refused.
    """
    from webauthn import verify_authentication_response

    said = _verified(lambda: _said(answer))
    row = work.tx.passkey(str(said["id"]))
    if row is None or not _is_of(node, row.account, said):
        raise PasskeyRefused
    done = _verified(
        lambda: verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=_host(node),
            expected_origin=_origin(node),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    )
    after = replace(row, sign_count=done.new_sign_count, used_at=work.now)
    work.tx.put_passkey(after)
    return after


def _registered(node: Node, answer: str, challenge: bytes) -> Any:
    from webauthn import verify_registration_response

    return verify_registration_response(
        credential=_said(answer),
        expected_challenge=challenge,
        expected_rp_id=_host(node),
        expected_origin=_origin(node),
        require_user_verification=True,
    )


def _creation(node: Node, person: Person, challenge: bytes, known: Sequence[Passkey]) -> str:
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=_host(node),
        rp_name=f"Entente {node.party}",
        user_name=person.name,
        user_id=_handle(node, person.name),
        user_display_name=person.person,
        challenge=challenge,
        timeout=WAIT_MILLISECONDS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def _described(known: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes, structs

    return [structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.id)) for row in known]


def _verified(check: Callable[[], _T]) -> _T:
    """What `check` gives. Raises PasskeyRefused: strangers write these bytes, and what they break in a reader of CBOR
    or of keys has no end of names."""
    try:
        return check()
    except Exception as error:
        raise PasskeyRefused from error


def _said(answer: str) -> dict[str, Any]:
    """What the browser says; whoever reads it finds out what it is not."""
    said: dict[str, Any] = json.loads(answer[:MOST_ANSWER])
    return {**said, "id": said["id"], "response": dict(said["response"])}


def _is_of(node: Node, account: str, said: Mapping[str, Any]) -> bool:
    """Whether the passkey names the account that it was made for, where it names one."""
    named = said["response"].get("userHandle")
    return not named or named == _text(_handle(node, account))


def _handle(node: Node, name: str) -> bytes:
    """What an authenticator keeps instead of the name."""
    return sha256(f"entente {node.party} {name}".encode()).digest()


def _host(node: Node) -> str:
    return urlsplit(node.config.screens).hostname or ""


def _origin(node: Node) -> str:
    parts = urlsplit(node.config.screens)
    return f"{parts.scheme}://{parts.netloc}"


def _text(data: bytes) -> str:
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(data)


def _write(work: Work, row: PasskeyRow, what: str, by: str) -> None:
    work.write("account-changed", row.account, {"by": by, "what": what, "passkey": row.title})
