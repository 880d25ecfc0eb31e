"""Another service that says who somebody is: OpenID Connect, authorization code with PKCE (RFC 7636, S256).

The node asks the service itself for the token, over https; http is for a trial on this machine. The service says who
somebody is and nothing else: accounts and roles stay here.
"""

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from entente.errors import InputFault, Misconfigured, PartnerFault, Unavailable
from entente.node.calling import plain
from entente.node.creating import is_loopback
from entente.node.service_tokens import Expected, UnpublishedKey, subject_of
from entente.node.work import Node

ANSWER_PATH = "/sign-in/service/answer"
DISCOVERY = "/.well-known/openid-configuration"
TIMEOUT_SECONDS, CALL_SECONDS = 10.0, 20.0
MOST_BYTES = 1024 * 1024
KNOWN_SECONDS, KEYS_SECONDS = 3600.0, 30.0
"""So long what the service says of itself is believed, and so often at most its keys are asked for."""
SILENT_SECONDS = 15.0
"""A service that was silent is not asked again for so long: whoever waits for it keeps others from the screens."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class NoService(InputFault):
    """This node knows no other service to sign in with. Sign in with your name and password; whoever runs the node can
    name a service in node.toml."""


class UnfitService(Misconfigured):
    """Sign-in by another service cannot work: {why}. Correct node.toml; the operator's guide lists every setting."""


class ServiceSilent(Unavailable):
    """{service} does not answer: {why}. Try again later, or sign in with your name and password."""


class ServiceRefuses(PartnerFault):
    """{service} does not let you in: {why}. Begin again; if it lasts, ask those who run it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit at the service: its address, and what the answer must fit."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class Service:
    """The service that the settings name. Threads may share it."""

    issuer: str
    client_id: str
    secret: str
    name: str
    answer_at: str
    _transport: httpx.BaseTransport | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _about: Mapping[str, Any] = field(default_factory=dict)
    _about_until: float = 0.0
    _silent: ServiceSilent | None = None
    _silent_until: float = 0.0
    _keys: Mapping[str, Any] = field(default_factory=dict)
    _keys_at: float | None = None

    def begin(self, what: str) -> Visit:
        """`what` begins the state that comes back. Raises ServiceSilent, ServiceRefuses, UnfitService."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.answer_at,
            "scope": "openid",
            "state": f"{what}.{state}",
            "nonce": nonce,
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        endpoint = self._knows()["authorization_endpoint"]
        join = "&" if urlsplit(endpoint).query else "?"
        return Visit(
            address=f"{endpoint}{join}{urlencode(asked)}", state=asked["state"], nonce=nonce, verifier=verifier
        )

    def subject(self, node: Node, answer: Mapping[str, str], *, nonce: str, verifier: str) -> str:
        """Whom the service names, by what it sent back with the browser. Raises ServiceSilent, ServiceRefuses,
        UnfitToken, UnpublishedKey, UnfitService."""
        about = self._knows()
        if about.get("authorization_response_iss_parameter_supported") is True or "iss" in answer:  # RFC 9207
            self._demand(answer.get("iss") == self.issuer, "the answer comes from another service")
        self._demand("error" not in answer and bool(answer.get("code")), answer.get("error", "no code"))
        told = self._ask_token(about, answer["code"], verifier)
        self._demand(isinstance(told.get("id_token"), str), "no ID token")
        expected = Expected(issuer=self.issuer, client_id=self.client_id, nonce=nonce)
        try:
            return subject_of(told["id_token"], self._known_keys(about), expected, node.clock())
        except UnpublishedKey:
            return subject_of(told["id_token"], self._known_keys(about, is_new=True), expected, node.clock())

    def _ask_token(self, about: Mapping[str, Any], code: str, verifier: str) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.answer_at}
        form |= {"code_verifier": verifier}
        methods = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not self.secret:
            return self._call("POST", about["token_endpoint"], form | {"client_id": self.client_id})
        if "client_secret_basic" in methods:
            held = httpx.BasicAuth(quote(self.client_id, safe=""), quote(self.secret, safe=""))
            return self._call("POST", about["token_endpoint"], form, held)
        return self._call(
            "POST", about["token_endpoint"], form | {"client_id": self.client_id, "client_secret": self.secret}
        )

    def _knows(self) -> Mapping[str, Any]:
        """What the service says of itself (OpenID Connect Discovery 1.0), every address checked."""
        with self._lock:
            if time.monotonic() >= self._about_until:
                about = self._says_of_itself()
                self._demand(about.get("issuer") == self.issuer, "it calls itself otherwise")
                for name in _ENDPOINTS:
                    check_service_address(about.get(name), self.issuer)
                self._about, self._about_until = about, time.monotonic() + KNOWN_SECONDS
            return self._about

    def _says_of_itself(self) -> Mapping[str, Any]:
        if self._silent is not None and time.monotonic() < self._silent_until:
            raise ServiceSilent(**self._silent.values)
        try:
            return self._call("GET", self.issuer.rstrip("/") + DISCOVERY)
        except ServiceSilent as error:
            self._silent, self._silent_until = error, time.monotonic() + SILENT_SECONDS
            raise

    def _known_keys(self, about: Mapping[str, Any], *, is_new: bool = False) -> Mapping[str, Any]:
        with self._lock:
            now = time.monotonic()
            is_old = self._keys_at is None or now - self._keys_at >= (KEYS_SECONDS if is_new else KNOWN_SECONDS)
            if is_old:
                self._keys, self._keys_at = self._call("GET", about["jwks_uri"]), now
            return self._keys

    def _call(
        self, method: str, address: str, form: Mapping[str, str] | None = None, auth: httpx.Auth | None = None
    ) -> Mapping[str, Any]:
        until = time.monotonic() + CALL_SECONDS
        try:
            with (
                httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, transport=self._transport) as client,
                client.stream(method, address, data=form, auth=auth, headers={"accept": "application/json"}) as answer,
            ):
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    self._demand(len(body) <= MOST_BYTES and time.monotonic() < until, "its answer has no end")
        except httpx.HTTPError as error:
            raise ServiceSilent(service=self.name, why=plain(error) or type(error).__name__) from error
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        self._demand(isinstance(told, dict), f"it answers {answer.status_code} without JSON")
        why = told.get("error", answer.status_code)
        self._demand(answer.status_code == httpx.codes.OK, why)
        return dict(told)

    def _demand(self, is_so: bool, why: object) -> None:  # noqa: FBT001 - what must be so comes first
        if not is_so:
            raise ServiceRefuses(service=self.name, why=plain(why))


def service_of(node: Node) -> Service | None:
    """The service of the settings, None where they name none. Raises UnfitService."""
    config = node.config
    if not config.oidc_issuer:
        return None
    check_service_address(config.oidc_issuer, config.oidc_issuer)
    if not config.oidc_client_id or not config.screens:
        raise UnfitService(why="`oidc_client_id` and `screens` are needed as well")
    secret = ""
    if config.oidc_client_secret_file:
        file = config.folder / config.oidc_client_secret_file
        try:
            if file.stat().st_mode & 0o077:
                raise UnfitService(why=f"other users of this machine may read {config.oidc_client_secret_file}")
            secret = file.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise UnfitService(why=f"`oidc_client_secret_file` cannot be read ({error})") from error
    return Service(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        secret=secret,
        name=config.oidc_name or urlsplit(config.oidc_issuer).netloc,
        answer_at=config.screens.rstrip("/") + ANSWER_PATH,
    )


def check_service_address(address: object, issuer: str) -> None:
    """https; http where the issuer itself is on this machine. Raises UnfitService."""
    parts = urlsplit(address) if isinstance(address, str) and address.isascii() else urlsplit("")
    trial = is_loopback(urlsplit(issuer).hostname or "") and is_loopback(parts.hostname or "")
    if not parts.hostname or parts.fragment or parts.username or parts.scheme not in (("https", "http")[: 1 + trial]):
        raise UnfitService(why=f"`{plain(address)}` is no https address")
