"""A captured request or answer, changed, repeated or put somewhere else: refused, each for its own reason."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from http_message_signatures import ContentDigest, HTTPMessageSigner, MappingKeyResolver, algorithms

from entente.errors import EntenteError, PartnerFault, Tampered
from entente.exchange import (
    ComponentMissing,
    ContentChanged,
    Expired,
    FromTheFuture,
    HttpRequest,
    HttpResponse,
    MalformedSignature,
    NoSignature,
    ParameterMissing,
    RepeatedField,
    Replayed,
    SeveralSignatures,
    SignatureMismatch,
    SignedBy,
    SpeaksForAnother,
    TooOld,
    UnexpectedComponent,
    UnknownKey,
    UnsignableRequest,
    ValidTooLong,
    WrongAlgorithm,
    WrongTag,
    directory_of,
    open_message,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)
from entente.exchange.http_profile import REQUEST_COMPONENTS, TAG
from entente.signing import PrivateKey
from exchange.parts import CBP, CBSA, DEA, KEYS, NOW, everybody, pinned, sealed_after

URL = "https://cbsa.example/exchange/v1/messages"
NONCE = "nonce-of-22-characters"
DAY = timedelta(days=1)


class Nonces:
    """The replay store: what a restarted node reads back from its database."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def is_new(self, key_id: str, nonce: str) -> bool:
        is_new = (key_id, nonce) not in self.seen
        self.seen.add((key_id, nonce))
        return is_new


def ask(**changes: Any) -> HttpRequest:
    members: dict[str, Any] = {
        "method": "POST",
        "url": URL,
        "body": b'{"a":1}',
        "key": KEYS[CBP],
        "created": NOW,
        "nonce": NONCE,
    }
    return sign_request(**(members | changes))


def judged(request: HttpRequest, now: datetime = NOW, nonces: Nonces | None = None) -> SignedBy:
    directory = everybody()
    store = nonces or Nonces()
    return verify_request(
        request, key_of=lambda key_id: directory.key_of(key_id, now), now=now, is_new_nonce=store.is_new
    )


def test_an_honest_request_names_its_signer() -> None:
    assert judged(ask()) == SignedBy(key_id=KEYS[CBP].public.key_id, created_at=NOW, nonce=NONCE)
    assert judged(ask(method="GET", body=b"")).key_id == KEYS[CBP].public.key_id


def with_fields(request: HttpRequest, **fields: str | None) -> HttpRequest:
    """`request` with header fields replaced, or dropped where None; names with _ for -."""
    changes = {name.replace("_", "-"): value for name, value in fields.items()}
    kept = [(name, value) for name, value in request.headers if name.lower() not in changes]
    return replace(request, headers=(*kept, *((n, value) for n, value in changes.items() if value is not None)))


def field(request: HttpRequest | HttpResponse, name: str) -> str:
    return next(value for key, value in request.headers if key.lower() == name)


def signed_otherwise(
    key: PrivateKey = KEYS[CBP], components: tuple[str, ...] = REQUEST_COMPONENTS, **changes: Any
) -> HttpRequest:
    """A request that the package signs as told: valid by RFC 9421, not by our profile."""

    class View:
        method, url = "POST", URL
        headers: dict[str, str]

    view = View()
    view.headers = {"Content-Type": "application/json", "Content-Digest": ContentDigest.create(b"{}")}
    members: dict[str, Any] = {
        "key_id": key.public.key_id,
        "created": NOW,
        "expires": NOW + timedelta(seconds=60),
        "nonce": NONCE,
        "label": "entente",
        "tag": TAG,
    }
    resolver = MappingKeyResolver(public_keys={}, private_keys={key.public.key_id: key.handle()})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    signer.sign(view, covered_component_ids=components, use_existing_digest=True, **(members | changes))
    return HttpRequest(method="POST", url=URL, headers=tuple(view.headers.items()), body=b"{}")


def without(component: str) -> tuple[str, ...]:
    return tuple(name for name in REQUEST_COMPONENTS if name != component)


def second_label(request: HttpRequest) -> HttpRequest:
    signature_input = f'{field(request, "signature-input")}, other=("@method");created=1;keyid="x"'
    signature = f"{field(request, 'signature')}, other=:AAAA:"
    return with_fields(request, signature_input=signature_input, signature=signature)


def second_line(request: HttpRequest) -> HttpRequest:
    return replace(request, headers=(*request.headers, ("signature", field(request, "signature"))))


def swapped_params(request: HttpRequest, old: str, new: str) -> HttpRequest:
    return with_fields(request, signature_input=field(request, "signature-input").replace(old, new))


def flipped(signature: str) -> str:
    raw = bytearray(base64.b64decode(signature.removeprefix("entente=:").removesuffix(":")))
    raw[40] ^= 4
    return f"entente=:{base64.b64encode(bytes(raw)).decode()}:"


GOOD = ask()
STRANGER = PrivateKey(b"s" * 32)

ATTACKS: list[tuple[str, HttpRequest, type[EntenteError]]] = [
    # put somewhere else
    ("other method", replace(GOOD, method="PUT"), SignatureMismatch),
    ("other path", replace(GOOD, url="https://cbsa.example/exchange/v1/reconciliation"), SignatureMismatch),
    ("other query", replace(GOOD, url=URL + "?again=1"), SignatureMismatch),
    ("other node", replace(GOOD, url=URL.replace("cbsa", "dea")), SignatureMismatch),
    ("other port", replace(GOOD, url=URL.replace(".example", ".example:8443")), SignatureMismatch),
    ("plain instead of TLS", replace(GOOD, url=URL.replace("https", "http")), SignatureMismatch),
    # changed
    ("body swapped", replace(GOOD, body=b'{"a":2}'), ContentChanged),
    ("body cut", replace(GOOD, body=b""), ContentChanged),
    ("body and digest swapped", with_fields(
        replace(GOOD, body=b"{}"), content_digest=field(ask(body=b"{}"), "content-digest")), SignatureMismatch),
    ("digest not covered", signed_otherwise(components=without('"content-digest"')),
        ComponentMissing),
    ("content type swapped", with_fields(GOOD, content_type="text/html"), SignatureMismatch),
    ("content type gone", with_fields(GOOD, content_type=None), SignatureMismatch),
    ("digest gone", with_fields(GOOD, content_digest=None), SignatureMismatch),
    ("digest twice", replace(GOOD, headers=(*GOOD.headers, ("content-digest", "sha-256=:AAAA:"))), RepeatedField),
    ("content type twice", replace(GOOD, headers=(*GOOD.headers, ("Content-Type", "text/html"))), RepeatedField),
    ("signature of another request", with_fields(GOOD, signature=field(ask(body=b"{}"), "signature")),
        SignatureMismatch),
    ("one bit flipped", with_fields(GOOD, signature=flipped(field(GOOD, "signature"))), SignatureMismatch),
    ("signer renamed", swapped_params(GOOD, KEYS[CBP].public.key_id, KEYS[DEA].public.key_id), SignatureMismatch),
    ("made younger", swapped_params(GOOD, "created=1795262400", "created=1795262401"), SignatureMismatch),
    ("another nonce", swapped_params(GOOD, NONCE, NONCE[::-1]), SignatureMismatch),
    # not one signature
    ("unsigned", with_fields(GOOD, signature=None, signature_input=None), NoSignature),
    ("input only", with_fields(GOOD, signature=None), NoSignature),
    ("signature only", with_fields(GOOD, signature_input=None), NoSignature),
    ("two labels", second_label(GOOD), SeveralSignatures),
    ("two lines", second_line(GOOD), SeveralSignatures),
    ("another label", signed_otherwise(label="other"), NoSignature),
    ("label twice", with_fields(GOOD, signature=f"{field(GOOD, 'signature')}, {field(GOOD, 'signature')}"),
        MalformedSignature),
    ("no structured field", with_fields(GOOD, signature_input="???"), MalformedSignature),
    ("text instead of bytes", with_fields(GOOD, signature='entente="AAAA"'), MalformedSignature),
    ("item instead of list", with_fields(GOOD, signature_input='entente="@method"'), MalformedSignature),
    ("not ASCII", with_fields(GOOD, signature_input="entente=é"), MalformedSignature),
    ("endless", with_fields(GOOD, signature_input="entente=(" + '"@method" ' * 1000 + ")"), MalformedSignature),
    # signed, but for too little
    ("header-only signature", signed_otherwise(components=('"@method"',)), ComponentMissing),
    *((f"without {name}", signed_otherwise(components=without(name)), ComponentMissing)
      for name in REQUEST_COMPONENTS),
    ("covers more", signed_otherwise(components=(*REQUEST_COMPONENTS, '"@path"')), UnexpectedComponent),
    ("covers the digest by member", signed_otherwise(
        components=(*without('"content-digest"'), '"content-digest";key="sha-256"')), ComponentMissing),
    ("without nonce", signed_otherwise(nonce=None), ParameterMissing),
    ("short nonce", signed_otherwise(nonce="n" * 21), ParameterMissing),
    ("long nonce", signed_otherwise(nonce="n" * 65), ParameterMissing),
    ("without expires", signed_otherwise(expires=None), ParameterMissing),
    ("without tag", signed_otherwise(tag=None), ParameterMissing),
    ("without alg", signed_otherwise(include_alg=False), ParameterMissing),
    ("created as text", swapped_params(GOOD, "created=1795262400", 'created="now"'), ParameterMissing),
    ("keyid as number", swapped_params(GOOD, f'"{KEYS[CBP].public.key_id}"', "1"), ParameterMissing),
    ("another tag", signed_otherwise(tag="another-protocol"), WrongTag),
    ("another algorithm", swapped_params(GOOD, '"ed25519"', '"hmac-sha256"'), WrongAlgorithm),
    ("algorithm none", swapped_params(GOOD, '"ed25519"', '"none"'), WrongAlgorithm),
    ("valid for a day", signed_otherwise(expires=NOW + DAY), ValidTooLong),
    ("valid for less than nothing", signed_otherwise(expires=NOW - DAY), ValidTooLong),
    # not a partner
    ("unknown key", ask(key=STRANGER), UnknownKey),
    ("unknown key that calls itself known", signed_otherwise(key=STRANGER, key_id=STRANGER.public.key_id),
        UnknownKey),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "error"), [row[1:] for row in ATTACKS], ids=[row[0] for row in ATTACKS])
def test_what_is_not_exactly_right_is_refused_with_its_own_error(
    request_: HttpRequest, error: type[EntenteError]
) -> None:
    nonces = Nonces()
    with pytest.raises(error) as caught:
        judged(request_, nonces=nonces)
    assert type(caught.value) is error
    assert isinstance(caught.value, (PartnerFault, Tampered))
    assert nonces.seen == set()  # what is not proven cannot use up a nonce


@pytest.mark.parametrize(
    ("offset", "error"),
    [
        (timedelta(days=1), TooOld),
        (timedelta(seconds=61), TooOld),
        (timedelta(seconds=60, microseconds=1), TooOld),
        (timedelta(seconds=60), None),
        (timedelta(0), None),
        (timedelta(seconds=-5), None),
        (timedelta(seconds=-5, microseconds=-1), FromTheFuture),
        (timedelta(days=-1), FromTheFuture),
    ],
    ids=str,
)
def test_a_request_is_believed_for_a_minute(offset: timedelta, error: type[EntenteError] | None) -> None:
    """`offset`: how much later than it was made the request arrives."""
    if error is None:
        assert judged(GOOD, NOW + offset)
    else:
        with pytest.raises(error):
            judged(GOOD, NOW + offset)


def test_a_request_that_says_it_expires_sooner_does() -> None:
    brief = signed_otherwise(expires=NOW + timedelta(seconds=10))
    assert judged(brief, NOW + timedelta(seconds=10))
    with pytest.raises(Expired):
        judged(brief, NOW + timedelta(seconds=11))


def test_a_repeated_request_is_refused_also_after_a_restart() -> None:
    nonces = Nonces()
    judged(GOOD, nonces=nonces)
    with pytest.raises(Replayed):
        judged(GOOD, nonces=nonces)
    after_restart = Nonces()
    after_restart.seen = set(nonces.seen)  # the store is on disk
    with pytest.raises(Replayed):
        judged(GOOD, NOW + timedelta(seconds=30), after_restart)
    assert judged(ask(nonce="another-nonce-of-22-ch"), nonces=after_restart)
    assert judged(ask(key=KEYS[DEA]), nonces=after_restart)  # nonces of one partner do not block another's


def test_an_old_key_is_refused_after_rotation() -> None:
    directory = directory_of([pinned(CBP, valid_until=NOW)])
    with pytest.raises(UnknownKey):
        verify_request(GOOD, key_of=lambda key_id: directory.key_of(key_id, NOW), now=NOW, is_new_nonce=Nonces().is_new)


def test_the_key_of_one_partner_with_the_name_of_another_inside() -> None:
    """The signature is DEA's and good; the message inside says us.cbp and is believed for neither."""
    directory = everybody()
    inside = sealed_after((0, ""))
    request = ask(key=KEYS[DEA], body=inside.to_wire())
    speaker = directory.party_of(judged(request).key_id)
    assert json.loads(inside.envelope)["origin"] == CBP
    assert speaker == DEA
    with pytest.raises(SpeaksForAnother):
        open_message(inside, directory, speaker=speaker, recipient=CBSA)


def answer_to(request: HttpRequest, **changes: Any) -> HttpResponse:
    members: dict[str, Any] = {"status": 200, "body": b'{"ok":1}', "key": KEYS[CBSA], "created": NOW}
    return sign_response(request, **(members | changes))


def believed(response: HttpResponse, request: HttpRequest, now: datetime = NOW) -> SignedBy:
    directory = everybody()
    return verify_response(response, request, key_of=lambda key_id: directory.key_of(key_id, now), now=now)


def altered(response: HttpResponse, name: str, value: str) -> HttpResponse:
    kept = [(key, old) for key, old in response.headers if key.lower() != name]
    return replace(response, headers=(*kept, (name, value)))


ANSWER = answer_to(GOOD)
OTHER = ask(nonce="another-nonce-of-22-ch")


def test_an_answer_names_its_signer() -> None:
    assert believed(ANSWER, GOOD) == SignedBy(key_id=KEYS[CBSA].public.key_id, created_at=NOW)
    assert believed(answer_to(GOOD, status=401, body=b""), GOOD)


@pytest.mark.parametrize(
    ("response", "request_", "error"),
    [
        (ANSWER, OTHER, SignatureMismatch),  # the same question asked again: not the same request
        (ANSWER, ask(body=b"{}"), SignatureMismatch),
        (replace(ANSWER, status=500), GOOD, SignatureMismatch),
        (replace(ANSWER, body=b'{"ok":0}'), GOOD, ContentChanged),
        (altered(ANSWER, "content-type", "text/html"), GOOD, SignatureMismatch),
        (replace(ANSWER, headers=()), GOOD, NoSignature),
        (answer_to(GOOD, key=STRANGER), GOOD, UnknownKey),
        (HttpResponse(status=200, headers=GOOD.headers, body=GOOD.body), GOOD, ComponentMissing),  # our own, sent back
        (altered(ANSWER, "signature-input", field(ANSWER, "signature-input").replace(';req;key="entente"', "")),
            GOOD, ComponentMissing),
        (replace(ANSWER, headers=(*ANSWER.headers, ("signature", "entente=:AAAA:"))), GOOD, SeveralSignatures),
    ],
    ids=[
        "other request", "other question", "status", "body", "content type", "unsigned", "unknown key", "reflected",
        "unbound", "two signatures",
    ],
)  # fmt: skip
def test_an_answer_belongs_to_its_request_and_no_other(
    response: HttpResponse, request_: HttpRequest, error: type[EntenteError]
) -> None:
    with pytest.raises(error):
        believed(response, request_)


@pytest.mark.parametrize(("offset", "error"), [(DAY, TooOld), (-DAY, FromTheFuture)], ids=["late", "early"])
def test_an_answer_is_as_fresh_as_a_request(offset: timedelta, error: type[EntenteError]) -> None:
    with pytest.raises(error):
        believed(ANSWER, GOOD, NOW + offset)


@pytest.mark.parametrize("strip", [("signature", "signature-input"), ("signature",)], ids=["unsigned", "half signed"])
def test_nothing_is_bound_to_a_request_without_a_signature(strip: tuple[str, ...]) -> None:
    bare = replace(GOOD, headers=tuple(line for line in GOOD.headers if line[0].lower() not in strip))
    with pytest.raises(NoSignature):
        answer_to(bare)


def test_a_refusal_is_signed_for_the_refused_request_too() -> None:
    """The asker must be able to tell our refusal from one that somebody on the way made up."""
    tampered = replace(GOOD, body=b"other")
    refusal = answer_to(tampered, status=400, body=b'{"type":"urn:entente:problem:content-changed"}')
    assert believed(refusal, GOOD)


@pytest.mark.parametrize("url", ["", "cbsa.example", "https://cbsa example/", "https:///x", "https://é.example/"])
def test_an_address_that_is_none_is_refused_before_signing(url: str) -> None:
    with pytest.raises(UnsignableRequest):
        ask(url=url)


def test_names_of_fields_may_be_written_in_any_case() -> None:
    shouted = replace(GOOD, headers=tuple((name.upper(), value) for name, value in GOOD.headers))
    assert judged(shouted)


def test_a_signature_is_64_bytes_over_the_right_base_not_just_base64() -> None:
    for value in ("", "AAAA", base64.b64encode(bytes(64)).decode(), base64.b64encode(bytes(65)).decode()):
        with pytest.raises(SignatureMismatch):
            judged(with_fields(GOOD, signature=f"entente=:{value}:"))


def test_the_machine_s_clock_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package reads a clock to judge ages; a node that is given `now` must not."""
    import http_message_signatures.signatures as package

    monkeypatch.setattr(package, "datetime", None)
    assert judged(GOOD)
    assert believed(ANSWER, GOOD)
