"""conformance/exchange-v1.json: what this implementation does, and what somebody who never saw its code can check."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from entente.errors import EntenteError
from entente.exchange import (
    HttpRequest,
    HttpResponse,
    code_of,
    open_message,
    open_sealed,
    read_batch,
    read_feedback,
    read_receipt,
    read_view,
    verify_batch,
    verify_receipt,
    verify_request,
    verify_response,
)
from exchange import vectors
from exchange.parts import CBP, CBSA, everybody

DIRECTORY = everybody()


@cache
def vector_file() -> dict[str, Any]:
    return dict(json.loads(vectors.FILE.read_bytes()))


def test_the_file_is_what_this_implementation_makes() -> None:
    assert vectors.FILE.read_bytes() == vectors.to_file(), "run: PYTHONPATH=tests python -m exchange.vectors"


# --- without Entente: json, hashlib and Ed25519 only -----------------------------------------------------------------


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def root_of(leaves: list[str]) -> str:
    def tree(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return hashlib.sha256(b"\x00" + part[0]).digest()
        half = 1 << ((len(part) - 1).bit_length() - 1)
        return hashlib.sha256(b"\x01" + tree(part[:half]) + tree(part[half:])).digest()

    return tree([leaf.encode() for leaf in leaves]).hex() if leaves else hashlib.sha256().hexdigest()


def check(signature: dict[str, str], context: str, text: str) -> None:
    """Raises InvalidSignature unless the key that the signature names has signed `text` for `context`."""
    (key,) = (key for key in vector_file()["keys"].values() if key["key_id"] == signature["key_id"])
    raw = base64.b64decode(key["public_key_base64"])
    assert signature["algorithm"] == "ed25519"
    signed = f"entente {context}\n{text}".encode()
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature["value"]), signed)


def test_keys_by_hand() -> None:
    for key in vector_file()["keys"].values():
        raw = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key["seed_hex"])).public_key().public_bytes_raw()
        assert base64.b64encode(raw).decode() == key["public_key_base64"]
        assert key["key_id"] == "ed25519:" + hashlib.sha256(raw).hexdigest()[:32]


def test_messages_by_hand() -> None:
    previous = None
    for message in vector_file()["messages"]:
        envelope = json.loads(message["envelope"])
        assert canonical(envelope) == message["envelope"]
        assert digest(message["envelope"]) == message["id"]
        assert envelope["previous"] == previous
        if message["body"] is not None:
            assert digest(message["body"]) == envelope["body_digest"]
        check(message["signature"], "envelope-v1", message["envelope"])
        assert canonical({name: message[name] for name in ("envelope", "body", "signature")}) == message["wire"]
        previous = message["id"]


def test_batch_and_roots_by_hand() -> None:
    for case in vector_file()["roots"]:
        assert root_of(case["leaves"]) == case["root"]
    batch = vector_file()["batch"]
    wire, manifest = json.loads(batch["wire"]), json.loads(batch["manifest"])
    assert canonical(wire) == batch["wire"]
    assert wire["manifest"] == batch["manifest"]
    check(wire["signature"], "batch-v1", batch["manifest"])
    leaves = [
        canonical(
            {
                "envelope": digest(message["envelope"]),
                "body": None if message["body"] is None else digest(message["body"]),
                "signature": message["signature"],
            }
        )
        for message in wire["messages"]
    ]
    assert leaves == batch["leaves"]
    assert root_of(leaves) == manifest["root"] == batch["root"]
    assert manifest["count"] == len(leaves) == manifest["last_seq"] - manifest["first_seq"] + 1


def test_receipt_and_reconciliation_by_hand() -> None:
    receipt = vector_file()["receipt"]
    wire = json.loads(receipt["wire"])
    check(wire["signature"], "receipt-v1", wire["receipt"])
    assert wire["receipt"] == receipt["receipt"] == canonical(json.loads(receipt["receipt"]))
    assert json.loads(receipt["receipt"])["root"] == vector_file()["batch"]["root"]
    question = vector_file()["reconciliation"]
    assert json.loads(question["wire"])["root"] == root_of(question["leaves"])


@pytest.mark.parametrize(("which", "party"), [("request", CBP), ("response", CBSA)])
def test_signed_http_by_hand(which: str, party: str) -> None:
    message = vector_file()["http"][which]
    headers = {name.lower(): value for name, value in message["headers"]}
    raw = base64.b64decode(vector_file()["keys"][party]["public_key_base64"])
    value = base64.b64decode(headers["signature"].removeprefix("entente=:").removesuffix(":"))
    Ed25519PublicKey.from_public_bytes(raw).verify(value, message["signature_base"].encode())
    body = base64.b64encode(hashlib.sha256(message["body"].encode()).digest()).decode()
    assert headers["content-digest"] == f"sha-256=:{body}:"
    assert f'"content-digest": {headers["content-digest"]}' in message["signature_base"]


# --- with Entente: the good are taken, the bad are refused with the code that the file says -------------------------


def request_of(case: dict[str, Any]) -> HttpRequest:
    headers = tuple((name, value) for name, value in case["headers"])
    return HttpRequest(method=case["method"], url=case["url"], headers=headers, body=case["body"].encode())


def ask(case: dict[str, Any], now: datetime) -> str:
    signer = verify_request(
        request_of(case), key_of=lambda key: DIRECTORY.key_of(key, now), now=now, is_new_nonce=lambda *_: True
    )
    return DIRECTORY.party_of(signer.key_id)


def test_the_good_ones_are_taken() -> None:
    data, now = vector_file(), datetime.fromisoformat(vector_file()["now"])
    for message in data["messages"]:
        assert open_message(open_sealed(message["wire"].encode()), DIRECTORY, speaker=CBP, recipient=CBSA)
    assert [read_feedback(body.encode()).outcome for body in data["feedback"]["taken"]] == [None, "used"]
    batch = read_batch(data["batch"]["wire"].encode())
    key = DIRECTORY.pinned(batch.signature.key_id).key
    assert verify_batch(batch, key, CBSA).count == 3
    receipt = read_receipt(data["receipt"]["wire"].encode())
    signer = DIRECTORY.pinned_for(CBSA, receipt.signature.key_id).key
    states = [item.state for item in verify_receipt(receipt, signer, batch, data["receipt"]["last_seq"]).items]
    assert states == ["accepted", "quarantined", "expired"]
    assert read_view(data["reconciliation"]["wire"].encode()).count == 3
    asked, answered = data["http"]["request"], data["http"]["response"]
    assert ask(asked, now) == CBP
    response = HttpResponse(
        status=answered["status"],
        headers=tuple((name, value) for name, value in answered["headers"]),
        body=answered["body"].encode(),
    )
    found = verify_response(response, request_of(asked), key_of=lambda key_id: DIRECTORY.key_of(key_id, now), now=now)
    assert DIRECTORY.party_of(found.key_id) == CBSA


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(EntenteError) as caught:
        yield
    assert code_of(caught.value) == code


def take_batch(wire: str) -> None:
    batch = read_batch(wire.encode())
    verify_batch(batch, DIRECTORY.pinned(batch.signature.key_id).key, CBSA)


def test_the_bad_ones_are_refused_for_the_reason_that_the_file_says() -> None:
    for case in vector_file()["refused_messages"]:
        with refused(case["code"]):
            open_message(open_sealed(case["wire"].encode()), DIRECTORY, speaker=CBP, recipient=CBSA)
    for body in vector_file()["feedback"]["refused"]:
        with refused("unreadable-feedback"):
            read_feedback(body.encode())
    for case in vector_file()["refused_batches"]:
        with refused(case["code"]):
            take_batch(case["wire"])
    for case in vector_file()["http"]["refused"]:
        with refused(case["code"]):
            ask(case, datetime.fromisoformat(case["now"]))
