"""Known answers: RFC 9421 appendix B.2.6, RFC 9530 appendix D, and our own requests checked without the package."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)

from entente.exchange import ComponentMissing, HttpRequest, NoSignature, ParameterMissing, sign_request, sign_response
from entente.exchange.http_profile import REQUEST_COMPONENTS, REQUEST_PARAMETERS, check_form, presented
from entente.signing import PrivateKey
from exchange.parts import CBP, CBSA, KEYS, NOW

# RFC 9421 appendix B.1.4, test-key-ed25519: the 32 bytes inside the two PEM texts.
TEST_KEY = PrivateKey(base64.urlsafe_b64decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU="))
TEST_PUBLIC = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
# RFC 9421 appendix B.2.6: what goes in, the signature base, and what comes out.
COMPONENTS = ("date", "@method", "@path", "@authority", "content-type", "content-length")
BASE = """\
"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")\
;created=1618884473;keyid="test-key-ed25519"\
"""
INPUT = 'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
INPUT += ';created=1618884473;keyid="test-key-ed25519"'
SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


class Message:
    """The test-request of appendix B.2."""

    method = "POST"
    url = "https://example.com/foo?param=Value&Pet=dog"

    def __init__(self) -> None:
        self.headers = {
            "Host": "example.com",
            "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
            "Content-Type": "application/json",
            "Content-Length": "18",
        }


def test_our_keys_sign_the_example_of_the_rfc_to_the_byte() -> None:
    assert TEST_KEY.public.to_text() == TEST_PUBLIC
    value = TEST_KEY.handle().sign(BASE.encode("ascii"))
    assert base64.b64encode(value).decode() == SIGNATURE


def test_the_package_builds_the_signature_base_of_the_rfc() -> None:
    resolver = MappingKeyResolver(public_keys={}, private_keys={"test-key-ed25519": TEST_KEY.handle()})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    import datetime as dt

    prepared = signer.prepare(
        Message(),
        key_id="test-key-ed25519",
        created=dt.datetime.fromtimestamp(1618884473, dt.UTC),
        label="sig-b26",
        include_alg=False,
        covered_component_ids=COMPONENTS,
    )
    assert prepared.signature_base.decode() == BASE


def test_the_package_accepts_the_example_of_the_rfc_and_our_profile_does_not() -> None:
    """Valid by RFC 9421, five years old and without its body: exactly what the strict profile is for."""
    message = Message()
    message.headers |= {"Signature-Input": INPUT, "Signature": f"sig-b26=:{SIGNATURE}:"}
    resolver = MappingKeyResolver(public_keys={"test-key-ed25519": TEST_KEY.public.handle()}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    assert verifier.verify(message, max_age=None)
    with pytest.raises(NoSignature):
        presented(message.headers.items())
    ours = {"Signature-Input": INPUT.replace("sig-b26", "entente"), "Signature": f"entente=:{SIGNATURE}:"}
    with pytest.raises(ParameterMissing, match="expires, alg, tag, nonce"):
        check_form(presented(ours.items()), REQUEST_COMPONENTS, REQUEST_PARAMETERS)
    full = ours["Signature-Input"] + ';expires=1618884533;alg="ed25519";tag="entente-v1";nonce="' + "n" * 22 + '"'
    with pytest.raises(ComponentMissing, match="@target-uri, content-digest"):
        check_form(presented((ours | {"Signature-Input": full}).items()), REQUEST_COMPONENTS, REQUEST_PARAMETERS)


def test_the_digest_of_rfc_9530() -> None:
    """RFC 9530 appendix B.1: the digest of {"hello": "world"} and a line feed."""
    body = b'{"hello": "world"}\n'
    assert ContentDigest.create(body) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


REQUEST = sign_request(
    method="POST",
    url="https://CBSA.example:443/exchange/v1/messages?x=1",
    body=b'{"a":1}',
    key=KEYS[CBP],
    created=NOW,
    nonce="nonce-of-22-characters",
)


def field(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return dict(headers)[name]


def check_by_hand(key: PrivateKey, base: list[str], headers: tuple[tuple[str, str], ...]) -> None:
    """Verifies with nothing but strings and the key: no package between the RFC's text and the bytes."""
    params = field(headers, "Signature-Input").removeprefix("entente=")
    value = base64.b64decode(field(headers, "Signature").removeprefix("entente=:").removesuffix(":"))
    data = "\n".join([*base, f'"@signature-params": {params}']).encode("ascii")
    Ed25519PublicKey.from_public_bytes(key.public.raw).verify(value, data)


def digest_field(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def test_a_request_by_hand() -> None:
    """RFC 9421 section 2.2: the host in small letters, the default port left out of @authority only."""
    base = [
        '"@method": POST',
        '"@authority": cbsa.example',
        '"@target-uri": https://CBSA.example:443/exchange/v1/messages?x=1',
        f'"content-digest": {digest_field(REQUEST.body)}',
        '"content-type": application/json',
    ]
    check_by_hand(KEYS[CBP], base, REQUEST.headers)
    assert field(REQUEST.headers, "Signature-Input") == (
        'entente=("@method" "@authority" "@target-uri" "content-digest" "content-type")'
        f';created=1795262400;keyid="{KEYS[CBP].public.key_id}";alg="ed25519";expires=1795262460'
        ';nonce="nonce-of-22-characters";tag="entente-v1"'
    )


def test_an_answer_by_hand_covers_the_request_s_signature() -> None:
    """RFC 9421 section 2.4: `;req` takes the component from the request, `;key` one member of its Signature field."""
    answer = sign_response(REQUEST, status=200, body=b"{}", key=KEYS[CBSA], created=NOW)
    base = [
        '"@status": 200',
        f'"content-digest": {digest_field(b"{}")}',
        '"content-type": application/json',
        f'"signature";req;key="entente": {field(REQUEST.headers, "Signature").removeprefix("entente=")}',
    ]
    check_by_hand(KEYS[CBSA], base, answer.headers)


def test_signing_again_gives_the_same_bytes() -> None:
    """Ed25519 is deterministic: time and nonce are all that changes from one attempt to the next."""
    again = sign_request(
        method="POST", url=REQUEST.url, body=REQUEST.body, key=KEYS[CBP], created=NOW, nonce="nonce-of-22-characters"
    )
    assert again == REQUEST
    assert isinstance(again, HttpRequest)
