"""Signed HTTP between nodes: RFC 9421 signatures (Ed25519) and RFC 9530 digests on requests and on answers.

One strict wrapper over `http-message-signatures`; nobody else in Entente calls that package. The package builds the
signature base and checks the signature; what may be signed, how old it may be and whose key it is are decided here
and in `http_profile`. It also reads a clock, so its own times check is replaced by one that is given `now`.

`url` is always the address this node is configured with plus the path that was asked for: never the Host field or a
forwarding field, which whoever sends the request can write.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)

from entente.exchange.directory import UnknownKey
from entente.exchange.http_profile import (
    LABEL,
    MAX_AGE_SECONDS,
    REQUEST_COMPONENTS,
    REQUEST_PARAMETERS,
    RESPONSE_COMPONENTS,
    RESPONSE_PARAMETERS,
    TAG,
    Presented,
    check_form,
    check_times,
    presented,
)
from entente.exchange.http_refusals import ContentChanged, Replayed, SignatureMismatch, UnsignableRequest
from entente.signing import PrivateKey, PublicKey

JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"

KeyOf = Callable[[str], PublicKey | None]
IsNewNonce = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request: method in capitals, absolute URL, header lines in order (a name may repeat), raw body."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """An answer: status, header lines in order, raw body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """Who signed an HTTP message, when, and with which nonce (requests only). The directory says whose key it is."""

    key_id: str
    created_at: datetime
    nonce: str = ""


def sign_request(
    *,
    method: str,
    url: str,
    body: bytes,
    key: PrivateKey,
    created: datetime,
    nonce: str,
    content_type: str = JSON_TYPE,
) -> HttpRequest:
    """The signed request; `nonce` is 22 to 64 characters, never used before. Raises UnsignableRequest."""
    view = _View(headers={"Content-Type": content_type}, method=method, url=url)
    try:
        _sign(view, key, created, body, covered_component_ids=REQUEST_COMPONENTS, nonce=nonce)
    except HTTPMessageSignaturesException as error:
        raise UnsignableRequest(url=url, why=str(error)) from error
    return HttpRequest(method=method, url=url, headers=tuple(view.headers.items()), body=body)


def verify_request(request: HttpRequest, *, key_of: KeyOf, now: datetime, is_new_nonce: IsNewNonce) -> SignedBy:
    """Who signed `request`. `is_new_nonce(key_id, nonce)` remembers and tells; it is asked last, once all else is
    proven.

    Raises the errors of `http_refusals` and UnknownKey. INVARIANT: the key comes from `key_of`, which knows pinned
    keys that are valid now; nothing in the request can name a key or a party of its own choice.
    """
    found = presented(request.headers)
    check_form(found, REQUEST_COMPONENTS, REQUEST_PARAMETERS)
    check_times(found, now)
    view = _View(headers=_Lines(request.headers), method=request.method, url=request.url)
    _check_signature(view, found, key_of, "method, address or header fields differ")
    _check_body(request.headers, request.body, found)
    nonce = str(found.parameters["nonce"])
    if not is_new_nonce(found.key_id, nonce):
        raise Replayed(key_id=found.key_id)
    return _signed_by(found, nonce)


def sign_response(
    request: HttpRequest,
    *,
    status: int,
    body: bytes,
    key: PrivateKey,
    created: datetime,
    content_type: str = JSON_TYPE,
) -> HttpResponse:
    """The signed answer to `request`, bound to its signature.

    Raises NoSignature, SeveralSignatures, MalformedSignature, RepeatedField when there is no one signature to bind
    to: then answer unsigned; whoever asked knows that an unsigned answer is no answer.
    """
    presented(request.headers)
    view = _View(
        headers={"Content-Type": content_type},
        status_code=status,
        request=_View(headers=_Lines(request.headers), method=request.method, url=request.url),
    )
    try:
        _sign(view, key, created, body, covered_component_ids=RESPONSE_COMPONENTS)
    except HTTPMessageSignaturesException as error:
        raise UnsignableRequest(url=request.url, why=str(error)) from error
    return HttpResponse(status=status, headers=tuple(view.headers.items()), body=body)


def verify_response(response: HttpResponse, request: HttpRequest, *, key_of: KeyOf, now: datetime) -> SignedBy:
    """Who signed `response` as the answer to `request`, exactly as this node sent it.

    Raises the errors of `http_refusals` and UnknownKey. The caller compares the signer's party with the partner it
    asked.
    """
    found = presented(response.headers)
    check_form(found, RESPONSE_COMPONENTS, RESPONSE_PARAMETERS)
    check_times(found, now)
    asked = _View(headers=_Lines(request.headers), method=request.method, url=request.url)
    view = _View(headers=_Lines(response.headers), status_code=response.status, request=asked)
    _check_signature(view, found, key_of, "status or header fields differ, or it answers another request")
    _check_body(response.headers, response.body, found)
    return _signed_by(found, "")


class _View:
    """A message as the package wants to see it; `status_code` is there only on answers, which is how it tells them."""

    def __init__(self, **members: Any) -> None:
        self.__dict__.update(members)

    headers: Any


class _Lines(tuple[tuple[str, str], ...]):
    """Header lines with the `items()` that the package reads; repeated names stay apart."""

    __slots__ = ()

    def items(self) -> tuple[tuple[str, str], ...]:
        return self


class _Verifier(HTTPMessageVerifier):
    """The package's verifier, which would read the machine's clock here; `check_times` has judged the times
    already."""

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Nothing left to judge."""


def _sign(view: _View, key: PrivateKey, created: datetime, body: bytes, **rest: Any) -> None:
    key_id = key.public.key_id
    resolver = MappingKeyResolver(public_keys={}, private_keys={key_id: key.handle()})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver).sign(
        view,
        key_id=key_id,
        created=created,
        expires=created + timedelta(seconds=MAX_AGE_SECONDS),
        label=LABEL,
        tag=TAG,
        body=body,
        **rest,
    )


def _check_signature(view: _View, found: Presented, key_of: KeyOf, what: str) -> None:
    key = key_of(found.key_id)
    if key is None:
        raise UnknownKey(key_id=ascii(found.key_id))
    resolver = MappingKeyResolver(public_keys={found.key_id: key.handle()}, private_keys={})
    try:
        _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver).verify(
            view, max_age=None, expect_tag=TAG
        )
    except HTTPMessageSignaturesException as error:
        raise SignatureMismatch(key_id=found.key_id, what=what) from error


def _check_body(headers: tuple[tuple[str, str], ...], body: bytes, found: Presented) -> None:
    """RFC 9530: the signature covers the digest field; here the field is compared with the bytes that really came."""
    value = next(value for name, value in headers if name.lower() == "content-digest")
    try:
        ContentDigest.verify(value, body)
    except HTTPMessageSignaturesException as error:
        raise ContentChanged(key_id=found.key_id) from error


def _signed_by(found: Presented, nonce: str) -> SignedBy:
    created_at = datetime.fromtimestamp(found.parameters["created"], UTC)
    return SignedBy(key_id=found.key_id, created_at=created_at, nonce=nonce)
