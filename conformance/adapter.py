"""This implementation, asked by run.py: one line of JSON in, one out."""

import base64
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from entente.agreements import OfficerSignature
from entente.agreements.standing.signatures import SIGNATURE_CONTEXT
from entente.errors import EntenteError
from entente.exchange import (
    MACHINES,
    Directory,
    HttpRequest,
    PinnedKey,
    code_of,
    directory_of,
    merkle_root,
    next_state,
    open_message,
    open_sealed,
    read_batch,
    read_feedback,
    read_receipt,
    verify_batch,
    verify_receipt,
    verify_request,
)
from entente.ledger import decode_vkey, leaf_hash, read_checkpoint, root_of, verify_consistency, verify_inclusion
from entente.signing import BadSignature, PrivateKey, PublicKey, Signature, canonical, commit, digest, parse

Given = dict[str, Any]
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


def _bytes(given: Given) -> bytes:
    return base64.b64decode(given["base64"])


def _keys(given: Given) -> Directory:
    return directory_of(
        PinnedKey(party=key["party"], key=PublicKey.from_text(key["public_key_base64"]), valid_from=ALWAYS)
        for key in given["keys"]
    )


def _read(given: Given) -> bool:
    parse(_bytes(given))
    return True


def _verify(given: Given) -> bool:
    """The bare algorithm, which signatures of ours rest on."""
    return PublicKey(_hex(given, "public_key_hex")).has_signed(_hex(given, "message_hex"), _hex(given, "signature_hex"))


def _open(given: Given) -> dict[str, Any]:
    sealed = open_sealed(given["wire"].encode())
    message = open_message(sealed, _keys(given), speaker=given["speaker"], recipient=given["recipient"])
    return {"id": sealed.id, "seq": message.seq, "type": message.type}


def _feedback(given: Given) -> dict[str, Any]:
    said = read_feedback(given["body"].encode())
    return {"stage": said.stage, "outcome": said.outcome}


def _batch(given: Given) -> dict[str, Any]:
    batch = read_batch(given["wire"].encode())
    manifest = verify_batch(batch, _keys(given).pinned(batch.signature.key_id).key, given["recipient"])
    return {"count": manifest.count, "root": manifest.root}


def _receipt(given: Given) -> dict[str, str]:
    batch, receipt = read_batch(given["batch"].encode()), read_receipt(given["wire"].encode())
    key = _keys(given).pinned(receipt.signature.key_id).key
    return {str(item.seq): item.state for item in verify_receipt(receipt, key, batch, given["last_seq"]).items}


def _request(given: Given) -> str:
    headers = tuple((name, value) for name, value in given["headers"])
    request = HttpRequest(method=given["method"], url=given["url"], headers=headers, body=given["body"].encode())
    keys, now = _keys(given), datetime.fromisoformat(given["now"])
    signed = verify_request(request, key_of=lambda key: keys.key_of(key, now), now=now, is_new_nonce=lambda *_: True)
    return keys.party_of(signed.key_id)


def _step(given: Given) -> str:
    machine = next(machine for machine in MACHINES if machine.name == given["machine"])
    return next_state(machine, given["state"], given["event"])


def _hex(given: Given, name: str) -> bytes:
    return bytes.fromhex(given[name])


def _proof(given: Given) -> list[bytes]:
    return [bytes.fromhex(node) for node in given["proof"]]


def _included(given: Given) -> bool:
    return verify_inclusion(_hex(given, "leaf"), given["index"], given["size"], _proof(given), _hex(given, "root"))


def _consistent(given: Given) -> bool:
    return verify_consistency(
        given["old_size"], given["size"], _proof(given), _hex(given, "old_root"), _hex(given, "root")
    )


def _checkpoint(given: Given) -> dict[str, Any]:
    found = read_checkpoint(given["note"].encode(), [decode_vkey(vkey) for vkey in given["vkeys"]])
    cosigned = sorted(one.name for one in found.cosignatures)
    return {"origin": found.origin, "size": found.size, "root": found.root.hex(), "cosigned_by": cosigned}


def _signature(given: Given) -> bool:
    made = OfficerSignature.from_json(given["signature"])
    try:
        PublicKey.from_text(given["public_key"]).verify(SIGNATURE_CONTEXT, made.signed_bytes(), made.signature)
    except BadSignature:
        return False
    return True


def _sign(given: Given) -> str:
    made: Signature = PrivateKey(bytes.fromhex(given["seed_hex"])).sign(given["context"], _bytes(given))
    return made.value


OPERATIONS: Mapping[str, Callable[[Given], Any]] = {
    "canonical.encode": lambda given: canonical(json.loads(given["json"])).decode(),
    "canonical.read": _read,
    "digest": lambda given: digest(_bytes(given)),
    "commitment": lambda given: commit(_hex(given, "salt_hex"), _bytes(given)),
    "ed25519.verify": _verify,
    "sign": _sign,
    "message.open": _open,
    "feedback.read": _feedback,
    "batch.verify": _batch,
    "receipt.verify": _receipt,
    "reconciliation.root": lambda given: merkle_root(item.encode() for item in given["items"]),
    "http.verify-request": _request,
    "state.step": _step,
    "ledger.leaf": lambda given: leaf_hash(_bytes(given)).hex(),
    "ledger.root": lambda given: root_of(leaf_hash(base64.b64decode(one)) for one in given["entries"]).hex(),
    "ledger.verify-inclusion": _included,
    "ledger.verify-consistency": _consistent,
    "ledger.read-checkpoint": _checkpoint,
    "agreement.digest": lambda given: digest(given["source"].encode()),
    "agreement.verify-signature": _signature,
}


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What is said to one question."""
    operation = OPERATIONS.get(question["operation"])
    if operation is None:
        return {"id": question["id"], "unsupported": True}
    try:
        return {"id": question["id"], "result": operation(question["given"])}
    except EntenteError as error:
        return {"id": question["id"], "refused": code_of(error)}


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
    sys.stdout.flush()
