"""The seal: any change is refused, each with its own error; a body taken back leaves the envelope standing."""

import json
from dataclasses import replace
from typing import Any

import pytest

from entente.errors import EntenteError
from entente.exchange import (
    MAX_MESSAGE_BYTES,
    BodyChanged,
    MessageTooLarge,
    OtherSigner,
    Sealed,
    UnreadableMessage,
    UnsendableMessage,
    WrongRecipient,
    message_for,
    open_sealed,
    read_envelope,
    seal,
    verify,
)
from entente.signing import BadSignature, PrivateKey, canonical, digest
from exchange.parts import CBP, CBSA, DEA, KEYS, NOW, sealed_after

BODY = canonical({"record": {"drug": "fentanyl", "place": "Côte-Nord ☃"}})


def test_what_was_sealed_is_opened_by_whom_it_is_for() -> None:
    sealed = open_sealed(sealed_after((0, ""), BODY).to_wire())
    message = verify(sealed, KEYS[CBP].public, CBSA)
    assert (message.origin, message.recipient, message.seq) == (CBP, CBSA, 1)
    assert sealed.body == BODY
    assert sealed.id == digest(sealed.envelope)


def with_envelope(sealed: Sealed, **changes: Any) -> Sealed:
    return replace(sealed, envelope=canonical(json.loads(sealed.envelope) | changes))


GOOD = sealed_after((0, ""), BODY)


@pytest.mark.parametrize(
    ("sealed", "error"),
    [
        (replace(GOOD, body=BODY + b" "), BodyChanged),
        (replace(GOOD, body=BODY[:-1]), BodyChanged),
        (replace(GOOD, body=b""), BodyChanged),
        (with_envelope(GOOD, purpose="prosecution"), BadSignature),
        (with_envelope(GOOD, caveats=[]), BadSignature),
        (with_envelope(GOOD, body_digest=digest(b"another body")), BadSignature),
        (with_envelope(GOOD, is_simulated=False), BadSignature),
        (with_envelope(GOOD, recipient=DEA), BadSignature),
        (sealed_after((0, ""), BODY, recipient=DEA), WrongRecipient),
        (replace(GOOD, signature=KEYS[DEA].sign("envelope-v1", GOOD.envelope)), OtherSigner),
        (replace(GOOD, signature=replace(GOOD.signature, key_id=KEYS[DEA].public.key_id)), OtherSigner),
        (replace(GOOD, signature=KEYS[CBP].sign("receipt-v1", GOOD.envelope)), BadSignature),  # another purpose
        (replace(GOOD, signature=replace(GOOD.signature, algorithm="none")), BadSignature),
        (replace(GOOD, signature=replace(GOOD.signature, value="")), BadSignature),
    ],
    ids=[
        "body grown", "body cut", "body gone", "purpose", "caveats", "digest", "simulated", "recipient changed",
        "for another", "other signer", "signer renamed", "signed for something else", "algorithm none", "empty value",
    ],
)  # fmt: skip
def test_whatever_was_changed_is_refused_with_its_own_error(sealed: Sealed, error: type[EntenteError]) -> None:
    with pytest.raises(error):
        verify(sealed, KEYS[CBP].public, CBSA)


def test_a_message_taken_back_keeps_its_envelope_and_tells_nothing_else() -> None:
    emptied = GOOD.emptied()
    assert emptied.id == GOOD.id
    assert b"fentanyl" not in emptied.to_wire()
    opened = open_sealed(emptied.to_wire())
    assert opened.body is None
    assert verify(opened, KEYS[CBP].public, CBSA) == read_envelope(GOOD.envelope)


def test_without_its_key_nothing_of_an_envelope_is_read() -> None:
    """A stranger's garbage meets the signature check, not the reader."""
    garbage = Sealed(envelope=b"[" * 1000, body=b"", signature=KEYS[DEA].sign("envelope-v1", b"["))
    with pytest.raises(BadSignature):
        verify(garbage, KEYS[DEA].public, CBSA)


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"null",
        canonical({"envelope": "{}", "body": ""}),
        canonical({"envelope": {}, "body": "", "signature": GOOD.signature.to_json()}),
        canonical({"envelope": "{}", "body": "", "signature": {"algorithm": "ed25519"}}),
        canonical({"envelope": "{}", "body": "", "signature": GOOD.signature.to_json(), "more": 1}),
        GOOD.to_wire()[:-1],
        GOOD.to_wire() + b" ",
        json.dumps(json.loads(GOOD.to_wire())).encode(),
        b'{"body":"\\ud800","envelope":"{}","signature":{}}',
    ],
    ids=range(10),
)
def test_what_has_not_the_form_of_a_message_is_unreadable(wire: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        open_sealed(wire)


def test_a_body_that_does_not_belong_to_its_envelope_is_never_sealed() -> None:
    message = read_envelope(GOOD.envelope)
    with pytest.raises(UnsendableMessage, match="digest"):
        seal(message, b"{}", KEYS[CBP])
    not_text = message_for(b"\xff", type="key-change", origin=CBP, recipient=CBSA, after=(0, ""), created_at=NOW,
                           is_simulated=True)  # fmt: skip
    with pytest.raises(UnsendableMessage, match="UTF-8"):
        seal(not_text, b"\xff", KEYS[CBP])


def test_a_message_beyond_the_limit_is_refused_before_it_is_sent() -> None:
    with pytest.raises(MessageTooLarge, match=str(MAX_MESSAGE_BYTES)):
        sealed_after((0, ""), b'"' + b"x" * MAX_MESSAGE_BYTES + b'"')
    assert sealed_after((0, ""), b'"' + b"x" * (MAX_MESSAGE_BYTES - 2000) + b'"')


def test_a_message_beyond_the_limit_is_not_read_either() -> None:
    with pytest.raises(UnreadableMessage, match="the limit is"):
        open_sealed(replace(GOOD, body=b"x" * MAX_MESSAGE_BYTES).to_wire())


def test_the_same_message_has_the_same_bytes_everywhere() -> None:
    """Ed25519 is deterministic, so an interrupted sender that seals again makes no second message."""
    again = sealed_after((0, ""), BODY)
    assert again.to_wire() == GOOD.to_wire()
    assert PrivateKey(KEYS[CBP].seed).sign("envelope-v1", GOOD.envelope) == GOOD.signature
