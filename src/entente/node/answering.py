"""A partner's HTTP request: proven first, then answered with a signed answer. A request that proves nothing learns
nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from entente.errors import EntenteError, OurFault, Unavailable
from entente.exchange import (
    NONCE_MEMORY_SECONDS,
    PROBLEM_TYPE,
    ContentChanged,
    Directory,
    ForkedStream,
    HttpRequest,
    HttpResponse,
    Replayed,
    directory_of,
    problem_of,
    read_batch,
    sign_response,
    verify_request,
)
from entente.node.calling import plain
from entente.node.cosigning import answer_witness
from entente.node.incoming import take_in
from entente.node.keyring import directory, key_towards, present_key
from entente.node.reconciling import answer_comparison
from entente.node.work import Node
from entente.signing import PublicKey, digest

log = logging.getLogger("entente")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came: header lines in order, `path` as asked for, raw body."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


Act = Callable[[Node, str, Directory, bytes, datetime], bytes]


def answer_messages(node: Node, asked: Asked) -> HttpResponse:
    """POST /exchange/v1/messages: takes in a batch, answers with the signed receipt."""
    return _answer(node, asked, _take_batch)


def answer_reconciliation(node: Node, asked: Asked) -> HttpResponse:
    """POST /exchange/v1/reconciliation: says what this node sent to and holds from the asking partner."""
    return _answer(node, asked, _compare)


def answer_witnessing(node: Node, asked: Asked) -> HttpResponse:
    """POST /exchange/v1/witness: cosigns the asking partner's checkpoint, if it continues all we know of its log."""
    return _answer(node, asked, _witness)


def _take_batch(node: Node, speaker: str, known: Directory, body: bytes, _: datetime) -> bytes:
    return take_in(node, speaker, known, read_batch(body)).to_wire()


def _compare(node: Node, speaker: str, _: Directory, body: bytes, __: datetime) -> bytes:
    return answer_comparison(node, speaker, body)


def _witness(node: Node, speaker: str, _: Directory, body: bytes, __: datetime) -> bytes:
    return answer_witness(node, speaker, body)


def _answer(node: Node, asked: Asked, act: Act) -> HttpResponse:
    request = HttpRequest(method=asked.method, url=node.config.url + asked.path, headers=asked.headers, body=asked.body)
    now = node.clock()
    speaker, known = "", directory_of(())
    try:
        with node.store.reading() as tx:
            known = directory(tx)
        signer = verify_request(request, key_of=_valid_keys(known, now), now=now, is_new_nonce=_remembering(node, now))
        speaker = known.party_of(signer.key_id)
        status, body, media = 200, act(node, speaker, known, asked.body, now), "application/json"
    except EntenteError as error:
        _write_refusal(node, speaker or _proven(known, error), asked, error)
        problem = problem_of(error)
        status, body, media = problem.status, problem.to_wire(), PROBLEM_TYPE
    with node.store.reading() as tx:
        key = key_towards(node, tx, speaker) if speaker else present_key(node, tx)
    try:
        return sign_response(request, status=status, body=body, key=key, created=now, content_type=media)
    except EntenteError:  # the request has no one signature to bind the answer to
        return HttpResponse(status=status, headers=(("Content-Type", media),), body=body)


def _valid_keys(known: Directory, now: datetime) -> Callable[[str], PublicKey | None]:
    return lambda key_id: known.key_of(key_id, now)


def _remembering(node: Node, now: datetime) -> Callable[[str, str], bool]:
    def is_new(key_id: str, nonce: str) -> bool:
        with node.store.writing() as tx:
            return tx.is_new_nonce(key_id, nonce, now, now - timedelta(seconds=NONCE_MEMORY_SECONDS))

    return is_new


def _proven(known: Directory, error: EntenteError) -> str:
    """Whose signature it was, where the refusal came after the signature had been proven."""
    return known.party_of(str(error.values["key_id"])) if isinstance(error, Replayed | ContentChanged) else ""


def _write_refusal(node: Node, speaker: str, asked: Asked, error: EntenteError) -> None:
    """A known partner's refused request is written into the ledger, once; a stranger's only into the log."""
    name = type(error).__name__
    log.warning("refused %s from %s: %s", plain(asked.path), speaker or "an unproven sender", error)
    if not speaker or isinstance(error, Unavailable | OurFault | ForkedStream):  # a fork is written with its evidence
        return
    with node.writing() as work:
        subject = digest(asked.body)
        if not work.tx.entries_about(subject):
            work.write("refused-message", subject, {"partner": speaker, "path": asked.path, "why": name})
