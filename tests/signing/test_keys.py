"""Ed25519 as in RFC 8032, with a context, and with one spelling for every key and signature."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from entente.signing import BadSignature, PrivateKey, PublicKey, Signature, UnusableKey

KEY = PrivateKey(bytes(range(32)))
OTHER = PrivateKey(bytes(32))

# RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    """Our own signatures carry a context, so the vectors check the keys and the handle beneath."""
    key = PrivateKey(bytes.fromhex(seed))
    assert key.public.raw.hex() == public
    assert key.handle().sign(bytes.fromhex(message)).hex() == signature
    PublicKey(bytes.fromhex(public)).handle().verify(bytes.fromhex(signature), bytes.fromhex(message))


def test_a_signature_is_over_the_context_and_the_bytes() -> None:
    signature = KEY.sign("envelope-v1", b"data")
    assert signature.key_id == KEY.public.key_id
    KEY.public.verify("envelope-v1", b"data", signature)
    framed = KEY.handle().sign(b"entente envelope-v1\ndata")
    assert base64.b64decode(signature.value) == framed


@pytest.mark.parametrize(
    ("context", "data", "key"),
    [("receipt-v1", b"data", KEY), ("envelope-v1", b"date", KEY), ("envelope-v1", b"data", OTHER)],
)
def test_a_signature_fits_no_other_context_data_or_key(context: str, data: bytes, key: PrivateKey) -> None:
    signature = KEY.sign("envelope-v1", b"data")
    with pytest.raises(BadSignature, match=signature.key_id):
        key.public.verify(context, data, signature)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n"


@pytest.mark.parametrize("place", [0, 1, 42, 84, 85, 86, 87])
def test_one_changed_letter_of_a_signature_is_seen(place: int) -> None:
    """Also in the last letter before the padding, whose low bits base64 ignores."""
    good = KEY.sign("envelope-v1", b"data")
    for letter in set(LETTERS) - {good.value[place]}:
        changed = replace(good, value=good.value[:place] + letter + good.value[place + 1 :])
        with pytest.raises(BadSignature):
            KEY.public.verify("envelope-v1", b"data", changed)


@pytest.mark.parametrize("change", [{"algorithm": "rsa"}, {"algorithm": ""}, {"value": ""}, {"value": "\u00e9"}])
def test_a_signature_that_says_something_else_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        KEY.public.verify("c", b"data", replace(KEY.sign("c", b"data"), **change))


def test_a_signature_may_not_name_another_key() -> None:
    with pytest.raises(BadSignature):
        KEY.public.verify("c", b"data", replace(KEY.sign("c", b"data"), key_id=OTHER.public.key_id))


def test_keys_and_signatures_survive_their_text_form() -> None:
    signature = KEY.sign("c", b"data")
    assert Signature.from_json(signature.to_json()) == signature
    assert PublicKey.from_text(KEY.public.to_text()) == KEY.public
    assert PrivateKey.from_text(KEY.to_text()) == KEY


@pytest.mark.parametrize(
    "text", ["", "x", "AAAA", "!" * 44, KEY.public.to_text() + "A", KEY.public.to_text()[:-2] + "Z="]
)
def test_what_is_not_a_key_is_refused(text: str) -> None:
    with pytest.raises(UnusableKey):
        PublicKey.from_text(text)


@pytest.mark.parametrize(
    "value", [{}, {"algorithm": "ed25519", "key_id": "x"}, {"algorithm": 1, "key_id": "x", "value": "y"}]
)
def test_what_is_not_a_signature_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(UnusableKey):
        Signature.from_json(value)


def test_a_signature_has_no_further_members() -> None:
    with pytest.raises(UnusableKey):
        Signature.from_json({**KEY.sign("c", b"").to_json(), "note": "x"})


def test_a_private_key_tells_nothing_when_it_is_printed() -> None:
    for shown in (repr(KEY), str(KEY), f"{KEY}"):
        assert KEY.seed.hex() not in shown
        assert KEY.to_text() not in shown
        assert repr(KEY.seed) not in shown


def test_another_program_reads_the_pem() -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    loaded = load_pem_private_key(KEY.to_pem(), password=None)
    assert isinstance(loaded, Ed25519PrivateKey)
    assert loaded.public_key().public_bytes_raw() == KEY.public.raw


@pytest.mark.parametrize(
    "raw", ["01" + "00" * 31, "01" + "00" * 30 + "80", "00" * 32, "ec" + "ff" * 30 + "7f", "ee" + "ff" * 31]
)
def test_a_key_for_which_anybody_can_sign_is_no_key(raw: str) -> None:
    """Under the identity point one signature fits every message (Project Wycheproof, SmallOrderPublicKey)."""
    forged = bytes.fromhex("58" + "66" * 31 + "01" + "00" * 31)
    key = PublicKey(bytes.fromhex(raw))
    assert not key.has_signed(b"whatever", forged)
    with pytest.raises(UnusableKey):
        PublicKey.from_text(key.to_text())
    signature = Signature("ed25519", key.key_id, base64.b64encode(forged).decode())
    with pytest.raises(BadSignature):
        key.verify("envelope-v1", b"whatever", signature)
