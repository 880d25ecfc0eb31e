"""One signed call to a partner's node, and its proven answer.

A partner's node may be broken or hostile: a call ends within CALL_SECONDS, holds at most MAX_ANSWER_BYTES, and whatever
a partner says reaches errors, logs and terminals only through `plain`.
"""

import base64
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from entente.errors import EntenteError, Misconfigured, PartnerFault, Unavailable
from entente.exchange import HttpResponse, NoSignature, read_problem, sign_request, verify_response
from entente.node.config import Config
from entente.node.creating import check_address
from entente.node.keyring import directory, key_towards
from entente.node.work import Node
from entente.store import PartnerRow

TIMEOUT_SECONDS = 30.0
"""For one step of a call: to write or to read once."""

CONNECT_SECONDS = 10.0
"""To connect. Where a line was cut, what waits goes soon after it is mended; a line of two seconds each way is in
time."""

CALL_SECONDS = 60.0
"""For a whole call. Every byte that dribbles in begins a new step, so steps alone would let a partner hold the courier,
and with it every other partner, for as long as it likes."""

MAX_ANSWER_BYTES = 8 * 1024 * 1024
MAX_PLAIN_LETTERS = 500
NONCE_BYTES = 16


class PartnerSilent(Unavailable):
    """{party} does not answer at {url}: {why}. Messages wait and are sent again by themselves; if it lasts, call its
    operator."""


class PartnerRefuses(PartnerFault):
    """{party} answers with {status} {title}: {detail}. Messages wait; settle it with its operator, then run
    `entente exchange retry`."""


class AnswerTooSlow(Unavailable):
    """{party} has not answered in full within {limit} seconds. Messages wait and are sent again by themselves; if it
    lasts, call its operator."""


class UnprovenAnswer(PartnerFault):
    """Something answers for {party} with {status}, unsigned, so nothing else of it was believed. Messages wait and are
    sent again by themselves; if it lasts, ask its operator what stands before its node."""


class TlsUnusable(Misconfigured):
    """A certificate, key or list of authorities that node.toml names for calls to partners cannot be used: {why}. Check
    tls_client_certificate, tls_client_key and tls_partner_ca."""


class NotThatPartner(PartnerFault):
    """The answer to a call to {party} is signed by {signer}. Nothing of it was believed; compare addresses and keys
    with both operators."""


class AnswerTooLarge(PartnerFault):
    """The answer of {party} is larger than {limit} bytes. Nothing of it was read; tell its operator."""


def plain(text: object) -> str:
    """`text` on one line, at most MAX_PLAIN_LETTERS, without anything that could steer a terminal or deceive a reader:
    control and escape characters, changes of writing direction, invisible letters."""
    shown = "".join(letter if letter.isprintable() else " " for letter in str(text)[: 8 * MAX_PLAIN_LETTERS])
    return " ".join(shown.split())[:MAX_PLAIN_LETTERS]


def make_plain(error: EntenteError) -> None:
    """Makes every text that `error` carries plain, since it may be a partner's."""
    error.values = {
        name: value if isinstance(value, int | float) else plain(value) for name, value in error.values.items()
    }
    error.args = (error.said(),)


class Caller:
    """Calls partners over one pool of connections, one call at a time; close it."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._streams: dict[str, Any] = {}  # the newest connection to each partner
        self._client = httpx.Client(
            verify=_tls(node.config),
            timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def call(self, partner: PartnerRow, path: str, body: bytes) -> bytes:
        """The body of the proven answer. Raises PartnerSilent, AnswerTooSlow, PartnerRefuses, UnprovenAnswer,
        NotThatPartner, PlainAddress and what verify_response raises; the errors carry plain text only."""
        try:
            return self._call(partner, path, body)
        except EntenteError as error:
            make_plain(error)
            raise

    def _call(self, partner: PartnerRow, path: str, body: bytes) -> bytes:
        check_address(partner.url)
        nonce = base64.urlsafe_b64encode(os.urandom(NONCE_BYTES)).decode("ascii").rstrip("=")
        now = self._node.clock()
        with self._node.store.reading() as tx:
            key, known = key_towards(self._node, tx, partner.party), directory(tx)
        request = sign_request(
            method="POST",
            url=partner.url + path,
            body=body,
            key=key,
            created=now,
            nonce=nonce,
        )
        response = self._send(partner, request.url, dict(request.headers), body)
        now = self._node.clock()
        try:
            signer = verify_response(response, request, key_of=lambda key_id: known.key_of(key_id, now), now=now)
        except NoSignature:
            if response.status == httpx.codes.OK:
                raise
            raise UnprovenAnswer(party=partner.party, status=response.status) from None
        if known.party_of(signer.key_id) != partner.party:
            raise NotThatPartner(party=partner.party, signer=known.party_of(signer.key_id))
        if response.status != httpx.codes.OK:
            raise _refusal(partner.party, response)
        return response.body

    def _send(self, partner: PartnerRow, url: str, headers: dict[str, str], body: bytes) -> HttpResponse:
        until = time.monotonic() + CALL_SECONDS
        try:
            with self._hanging_up(partner.party):
                response = self._read(partner, url, headers, body, until)
        except httpx.HTTPError as error:
            _refuse_late(partner.party, until)
            address = urlsplit(partner.url).netloc
            raise PartnerSilent(party=partner.party, url=address, why=str(error) or type(error).__name__) from error
        _refuse_late(partner.party, until)
        return response

    def _read(self, partner: PartnerRow, url: str, headers: dict[str, str], body: bytes, until: float) -> HttpResponse:
        def note(event: str, info: Mapping[str, Any]) -> None:
            if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
                self._streams[partner.party] = info["return_value"]

        parts, size = [], 0
        with self._client.stream("POST", url, content=body, headers=headers, extensions={"trace": note}) as response:
            for part in response.iter_raw():
                _refuse_late(partner.party, until)
                size += len(part)
                if size > MAX_ANSWER_BYTES:
                    raise AnswerTooLarge(party=partner.party, limit=MAX_ANSWER_BYTES)
                parts.append(part)
            lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
            return HttpResponse(status=response.status_code, headers=lines, body=b"".join(parts))

    @contextmanager
    def _hanging_up(self, party: str) -> Iterator[None]:
        """Ends the connection when the call lasts too long: headers that dribble in never reach our own code."""

        def hang_up() -> None:
            if party in self._streams:
                with suppress(OSError):  # it has ended by itself
                    self._streams[party].get_extra_info("socket").shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(CALL_SECONDS, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _tls(config: Config) -> ssl.SSLContext:
    """TLS 1.3 and nothing older; we show a certificate where one is set. Raises TlsUnusable."""
    if config.tls_client_key and not config.tls_client_certificate:
        raise TlsUnusable(why="there is a key and no certificate")
    if not config.tls_partner_ca and not config.tls_client_certificate:
        return _public_tls()
    try:
        context = httpx.create_ssl_context(trust_env=False)
        if config.tls_partner_ca:
            context = ssl.create_default_context(cafile=config.tls_partner_ca)
        if config.tls_client_certificate:
            context.load_cert_chain(config.tls_client_certificate, config.tls_client_key or None)
    except OSError as error:  # ssl.SSLError is one
        raise TlsUnusable(why=error.strerror or error) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


@cache
def _public_tls() -> ssl.SSLContext:
    """Read once: the public authorities are many, and a caller is made for every comparison."""
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _refuse_late(party: str, until: float) -> None:
    if time.monotonic() >= until:
        raise AnswerTooSlow(party=party, limit=int(CALL_SECONDS))


def _refusal(party: str, response: HttpResponse) -> EntenteError:
    problem = read_problem(response.body, response.status)
    return PartnerRefuses(party=party, status=response.status, title=problem.code, detail=problem.detail)
