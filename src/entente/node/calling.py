"""One signed call to a partner's node, and its proven answer."""

import base64
import os
from urllib.parse import urlsplit

import httpx

from entente.errors import EntenteError, PartnerFault, Unavailable
from entente.exchange import HttpResponse, NoSignature, read_problem, sign_request, verify_response
from entente.node.creating import check_address
from entente.node.incoming import directory
from entente.node.work import Node
from entente.store import PartnerRow

TIMEOUT_SECONDS = 30.0
MAX_ANSWER_BYTES = 8 * 1024 * 1024
NONCE_BYTES = 16


class PartnerSilent(Unavailable):
    """{party} does not answer at {url}: {why}. Messages wait and are sent again by themselves; if it lasts, call its
    operator."""


class PartnerRefuses(PartnerFault):
    """{party} answers with {status} {title}: {detail}. Messages wait; settle it with its operator, then run
    `entente exchange retry`."""


class NotThatPartner(PartnerFault):
    """The answer to a call to {party} is signed by {signer}. Nothing of it was believed; compare addresses and keys
    with
    both operators."""


class AnswerTooLarge(PartnerFault):
    """The answer of {party} is larger than {limit} bytes. Nothing of it was read; tell its operator."""


class Caller:
    """Calls partners over one pool of connections; close it."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._client = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def call(self, partner: PartnerRow, path: str, body: bytes) -> bytes:
        """The body of the proven answer. Raises PartnerSilent, PartnerRefuses, NotThatPartner, PlainAddress and what
        verify_response raises."""
        check_address(partner.url)
        nonce = base64.urlsafe_b64encode(os.urandom(NONCE_BYTES)).decode("ascii").rstrip("=")
        now = self._node.clock()
        request = sign_request(
            method="POST",
            url=partner.url + path,
            body=body,
            key=self._node.identity.node_key,
            created=now,
            nonce=nonce,
        )
        response = self._send(partner, request.url, dict(request.headers), body)
        known = directory([partner])
        now = self._node.clock()
        try:
            signer = verify_response(response, request, key_of=lambda key_id: known.key_of(key_id, now), now=now)
        except NoSignature:
            if response.status == httpx.codes.OK:
                raise
            raise _refusal(partner.party, response) from None
        if known.party_of(signer.key_id) != partner.party:
            raise NotThatPartner(party=partner.party, signer=known.party_of(signer.key_id))
        if response.status != httpx.codes.OK:
            raise _refusal(partner.party, response)
        return response.body

    def _send(self, partner: PartnerRow, url: str, headers: dict[str, str], body: bytes) -> HttpResponse:
        try:
            with self._client.stream("POST", url, content=body, headers=headers) as response:
                parts, size = [], 0
                for part in response.iter_raw():
                    size += len(part)
                    if size > MAX_ANSWER_BYTES:
                        raise AnswerTooLarge(party=partner.party, limit=MAX_ANSWER_BYTES)
                    parts.append(part)
                lines = tuple((name.decode(), value.decode()) for name, value in response.headers.raw)
                return HttpResponse(status=response.status_code, headers=lines, body=b"".join(parts))
        except httpx.HTTPError as error:
            address = urlsplit(partner.url).netloc
            raise PartnerSilent(party=partner.party, url=address, why=error or type(error).__name__) from error


def _refusal(party: str, response: HttpResponse) -> EntenteError:
    problem = read_problem(response.body, response.status)
    return PartnerRefuses(party=party, status=response.status, title=problem.code, detail=problem.detail)
