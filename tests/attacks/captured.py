"""Requests as somebody on the way could have captured them, or as a partner could make them: signed with real keys,
then changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from attacks.field import Field
from entente.exchange import Batch, HttpRequest, make_batch, open_sealed, sign_request
from entente.exchange.http_profile import LABEL, TAG
from entente.node.config import read_config
from entente.node.identity import read_secret
from entente.signing import PrivateKey

MESSAGES, RECONCILIATION = "/exchange/v1/messages", "/exchange/v1/reconciliation"


@dataclass
class Wire:
    """Between `origin` and `recipient`, whose node is served."""

    field: Field
    origin: str
    recipient: str
    nonces: int = 0

    @property
    def url(self) -> str:
        return read_config(self.field.home(self.recipient)).url

    def key(self, party: str | None = None, file: str = "node") -> PrivateKey:
        return read_secret(self.field.home(party or self.origin) / "keys" / f"{file}.key")

    def batch(self, first: int = 1, number: int = 1, key: PrivateKey | None = None) -> Batch:
        """Messages that the origin has written, in a batch signed by `key`."""
        with self.field.node(self.origin) as node, node.store.reading() as tx:
            rows = list(tx.outbox(self.recipient, start=first, stop=first + number))
        messages = [open_sealed(row.sealed) for row in rows]
        assert len(messages) == number
        return make_batch(
            messages, origin=self.origin, recipient=self.recipient, first_seq=first, key=key or self.key()
        )

    def nonce(self) -> str:
        self.nonces += 1
        return f"{self.nonces:022}"

    def signed(
        self, body: bytes, now: datetime, key: PrivateKey | None = None, path: str = MESSAGES, nonce: str = ""
    ) -> HttpRequest:
        return sign_request(
            method="POST",
            url=self.url + path,
            body=body,
            key=key or self.key(),
            created=now,
            nonce=nonce or self.nonce(),
        )

    def send(self, request: HttpRequest, to: str = "") -> httpx.Response:
        return httpx.post(to or request.url, content=request.body, headers=list(request.headers), timeout=30)

    def refusals(self) -> int:
        """Lines about refused requests in the log of the recipient's process."""
        return self.field.log(self.recipient).count(" refused /exchange")

    def taken_in(self) -> int:
        with self.field.node(self.recipient) as node, node.store.reading() as tx:
            return tx.position(self.origin).received_seq

    def evidence(self) -> Sequence[str]:
        """Why requests were refused, as the recipient's ledger says."""
        shown = self.field.must(self.recipient, "ledger", "show", "--limit", 1000, "--json").json
        return [entry["facts"]["why"] for entry in shown if entry["type"] == "refused-message"]


def with_header(request: HttpRequest, name: str, value: str, *, is_added: bool = False) -> HttpRequest:
    """The request with one field changed, or one more line of it."""
    kept = tuple(pair for pair in request.headers if is_added or pair[0].lower() != name.lower())
    return replace(request, headers=(*kept, (name, value)))


def header(request: HttpRequest, name: str) -> str:
    return next(value for given, value in request.headers if given.lower() == name.lower())


class _View:
    def __init__(self, request: HttpRequest) -> None:
        self.method, self.url, self.headers = request.method, request.url, {"Content-Type": "application/json"}


def signed_over_little(request: HttpRequest, key: PrivateKey, now: datetime, nonce: str) -> HttpRequest:
    """A valid RFC 9421 signature over the method alone."""
    view = _View(request)
    resolver = MappingKeyResolver(public_keys={}, private_keys={key.public.key_id: key.handle()})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver).sign(
        view,
        key_id=key.public.key_id,
        created=now,
        expires=now + timedelta(seconds=60),
        label=LABEL,
        tag=TAG,
        nonce=nonce,
        covered_component_ids=("@method",),
    )
    return replace(request, headers=tuple(view.headers.items()))
