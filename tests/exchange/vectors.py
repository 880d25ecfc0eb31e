"""The language-neutral vectors of the exchange, made from fixed keys and times.

`PYTHONPATH=tests python -m exchange.vectors` writes conformance/exchange-v1.json; a test compares the file with what is
made here, another checks the file with nothing but hashlib, json and Ed25519.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from entente.exchange import (
    MACHINES,
    MESSAGE_TYPES,
    Feedback,
    HttpRequest,
    HttpResponse,
    Sealed,
    StreamItem,
    ask_about,
    feedback_bytes,
    merkle_root,
    sign_receipt,
    sign_request,
    sign_response,
)
from entente.signing import Json, canonical
from exchange.parts import CBP, CBSA, DEA, KEYS, NOW, batch_of, receipt_for, sealed_after

FILE = Path(__file__).resolve().parents[2] / "conformance" / "exchange-v1.json"
URL = "https://exchange.cbsa.example/exchange/v1/messages"
BODY = canonical({"record": {"drug": "fentanyl", "mass_g": "12.5", "place": "Côte-Nord"}})

FIRST = sealed_after((0, ""), BODY)
SECOND = sealed_after(
    (1, FIRST.id), b"{}", caveats=(), due=NOW + timedelta(hours=8), urgency="urgent", provisions=("1.1", "2.3")
)
THIRD = sealed_after((2, SECOND.id), b"", type="recall", provisions=(), purpose=None, about=FIRST.id).emptied()
BATCH = batch_of([FIRST, SECOND, THIRD])
RECEIPT = sign_receipt(
    replace(
        receipt_for(BATCH),
        items=(
            receipt_for(BATCH).items[0],
            replace(receipt_for(BATCH).items[1], state="quarantined", reason="agreement-not-held"),
            replace(receipt_for(BATCH).items[2], state="expired"),
        ),
    ),
    KEYS[CBSA],
)
SEEN = feedback_bytes(Feedback(stage="acknowledged", outcome=None, note="", said_at=NOW))
DONE = feedback_bytes(Feedback(stage="answered", outcome="used", note="Surveillance renforcée.", said_at=NOW))
REQUEST = sign_request(
    method="POST", url=URL, body=BATCH.to_wire(), key=KEYS[CBP], created=NOW, nonce="AAECAwQFBgcICQoLDA0ODw"
)
RESPONSE = sign_response(REQUEST, status=200, body=RECEIPT.to_wire(), key=KEYS[CBSA], created=NOW)


def everything() -> dict[str, Any]:
    return {
        "about": "Vectors of the Entente exchange, version 1. docs/protocol.md explains them. All keys are public.",
        "now": NOW.isoformat(timespec="microseconds"),
        "keys": {party: _key(party) for party in sorted(KEYS)},
        "signing": _signing(),
        "roots": [_root(count) for count in range(6)],
        "messages": [_message(FIRST), _message(SECOND), _message(THIRD)],
        "refused_messages": _refused_messages(),
        "feedback": {"taken": [SEEN.decode(), DONE.decode()], "refused": _refused_feedback()},
        "batch": {
            "manifest": BATCH.manifest_bytes.decode(),
            "leaves": [sealed.leaf().decode() for sealed in BATCH.messages],
            "root": BATCH.manifest.root,
            "wire": BATCH.to_wire().decode(),
        },
        "refused_batches": _refused_batches(),
        "receipt": {"receipt": RECEIPT.data.decode(), "wire": RECEIPT.to_wire().decode(), "last_seq": 3},
        "http": {
            "request": _request(REQUEST),
            "response": _response(RESPONSE, REQUEST),
            "refused": _refused_requests(),
        },
        "reconciliation": _question(),
        "types": {code: _flags(code) for code in MESSAGE_TYPES},
        "states": {
            machine.name: {
                "start": machine.start,
                "final": [name for name, state in machine.states.items() if state.is_final],
                "steps": [[source, event, target] for (source, event), target in machine.steps.items()],
            }
            for machine in MACHINES
        },
    }


def to_file() -> bytes:
    return (json.dumps(everything(), ensure_ascii=False, indent=1) + "\n").encode()


def _key(party: str) -> dict[str, str]:
    key = KEYS[party]
    return {"seed_hex": key.seed.hex(), "public_key_base64": key.public.to_text(), "key_id": key.public.key_id}


def _signing() -> dict[str, str]:
    signature = KEYS[CBP].sign("envelope-v1", b"data")
    return {"party": CBP, "context": "envelope-v1", "data": "data", "signed": "entente envelope-v1\ndata"} | {
        "value": signature.value
    }


def _root(count: int) -> dict[str, Any]:
    leaves = [f"leaf {number}" for number in range(count)]
    return {"leaves": leaves, "root": merkle_root(leaf.encode() for leaf in leaves)}


def _message(sealed: Sealed) -> dict[str, Any]:
    return {
        "envelope": sealed.envelope.decode(),
        "body": None if sealed.body is None else sealed.body.decode(),
        "id": sealed.id,
        "signature": sealed.signature.to_json(),
        "wire": sealed.to_wire().decode(),
    }


def _resigned(**changes: Json) -> Sealed:
    """FIRST with members of its envelope changed, and signed so."""
    envelope = canonical(json.loads(FIRST.envelope) | changes)
    return Sealed(envelope=envelope, body=FIRST.body, signature=KEYS[CBP].sign("envelope-v1", envelope))


def _refused_messages() -> list[dict[str, str]]:
    """Messages that CBSA refuses when CBP delivers them, with the code of the reason."""
    cases = {
        "unreadable-envelope": _resigned(note="more than the protocol knows"),
        "unknown-version": _resigned(v=2),
        "unknown-message-type": _resigned(type="gossip"),
        "incomplete-envelope": _resigned(agreement=None),
        "body-changed": replace(FIRST, body=b"{}"),
        "wrong-recipient": _resigned(recipient=DEA),
        "bad-signature": replace(FIRST, envelope=FIRST.envelope.replace(b"statistics", b"prosecution")),
        "speaks-for-another": sealed_after((0, ""), BODY, origin=DEA),
        "unknown-key": replace(FIRST, signature=replace(FIRST.signature, key_id="ed25519:" + "0" * 32)),
    }
    return [{"code": code, "wire": sealed.to_wire().decode()} for code, sealed in cases.items()]


def _refused_feedback() -> list[str]:
    """Bodies of feedback that nobody takes; the code of the reason is unreadable-feedback."""
    done = json.loads(DONE)
    changes: tuple[dict[str, Any], ...] = (
        {"form": 2},
        {"stage": "void"},
        {"outcome": None},
        {"stage": "acknowledged"},
        {"note": "x" * 2001},
        {"note": "\x1b[2J"},
        {"said_at": "2026-11-21T12:00:00Z"},
        {"more": 1},
    )
    return [canonical(done | change).decode() for change in changes]


def _refused_batches() -> list[dict[str, str]]:
    wire = json.loads(BATCH.to_wire())
    manifest = json.loads(wire["manifest"])

    def with_manifest(**changes: Any) -> bytes:
        return canonical(wire | {"manifest": canonical(manifest | changes).decode()})

    cases = [
        ("batch-changed", canonical(wire | {"messages": wire["messages"][:2]})),
        ("batch-changed", canonical(wire | {"messages": wire["messages"][::-1]})),
        ("unreadable-batch", with_manifest(count=2)),
        ("unreadable-batch", json.dumps(wire).encode()),
        ("unknown-version", with_manifest(v=2)),
        ("bad-signature", with_manifest(origin=DEA)),
        ("batch-for-another", batch_of([FIRST], recipient=DEA).to_wire()),
    ]
    return [{"code": code, "wire": data.decode()} for code, data in cases]


def field(message: HttpRequest | HttpResponse, name: str) -> str:
    return next(value for key, value in message.headers if key.lower() == name)


def signature_base(lines: list[str], message: HttpRequest | HttpResponse) -> str:
    """RFC 9421 section 2.5, put together from text."""
    params = field(message, "signature-input").removeprefix("entente=")
    return "\n".join([*lines, f'"@signature-params": {params}'])


def _request(request: HttpRequest) -> dict[str, Any]:
    base = [
        f'"@method": {request.method}',
        f'"@authority": {request.url.split("/")[2]}',
        f'"@target-uri": {request.url}',
        f'"content-digest": {field(request, "content-digest")}',
        f'"content-type": {field(request, "content-type")}',
    ]
    return _plain(request) | {"signature_base": signature_base(base, request)}


def _plain(request: HttpRequest) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": [list(line) for line in request.headers],
        "body": request.body.decode(),
    }


def _response(response: HttpResponse, request: HttpRequest) -> dict[str, Any]:
    base = [
        f'"@status": {response.status}',
        f'"content-digest": {field(response, "content-digest")}',
        f'"content-type": {field(response, "content-type")}',
        f'"signature";req;key="entente": {field(request, "signature").removeprefix("entente=")}',
    ]
    return {
        "status": response.status,
        "headers": [list(line) for line in response.headers],
        "body": response.body.decode(),
        "signature_base": signature_base(base, response),
    }


def _refused_requests() -> list[dict[str, Any]]:
    """Requests that CBSA refuses at `now`, all made from one good one."""
    good = sign_request(method="POST", url=URL, body=b"{}", key=KEYS[CBP], created=NOW, nonce="AAECAwQFBgcICQoLDA0ODw")
    signature, signature_input = field(good, "signature"), field(good, "signature-input")

    def with_line(name: str, value: str) -> HttpRequest:
        kept = tuple(line for line in good.headers if line[0].lower() != name)
        return replace(good, headers=(*kept, (name, value)))

    cases: list[tuple[str, HttpRequest, datetime]] = [
        ("content-changed", replace(good, body=b"[]"), NOW),
        ("signature-mismatch", replace(good, method="PUT"), NOW),
        ("signature-mismatch", replace(good, url=URL + "?more"), NOW),
        ("too-old", good, NOW + timedelta(seconds=61)),
        ("from-the-future", good, NOW - timedelta(seconds=6)),
        ("no-signature", replace(good, headers=good.headers[:2]), NOW),
        ("several-signatures", replace(good, headers=(*good.headers, ("Signature", signature))), NOW),
        ("wrong-algorithm", with_line("signature-input", signature_input.replace('"ed25519"', '"none"')), NOW),
        ("wrong-tag", with_line("signature-input", signature_input.replace("entente-v1", "other")), NOW),
        ("component-missing", with_line("signature-input", signature_input.replace('"content-digest" ', "")), NOW),
        ("parameter-missing", with_line("signature-input", signature_input.split(";nonce")[0]), NOW),
    ]
    return [
        {"code": code, "now": at.astimezone(UTC).isoformat(timespec="microseconds")} | _plain(request)
        for code, request, at in cases
    ]


def _question() -> dict[str, Any]:
    items = [StreamItem(seq, sealed.id, "accepted") for seq, sealed in BATCH.numbered()]
    view = ask_about(items, origin=CBP, recipient=CBSA, first_seq=1, last_seq=3)
    return {"leaves": [f"{item.seq} {item.id} {item.state}" for item in items], "wire": view.to_wire().decode()}


def _flags(code: str) -> dict[str, Any]:
    row = MESSAGE_TYPES[code]
    return {
        "direction": row.direction.value,
        "needs_agreement": row.needs_agreement,
        "needs_force": row.needs_force,
        "needs_provisions": row.needs_provisions,
        "needs_about": row.needs_about,
    }


if __name__ == "__main__":
    FILE.write_bytes(to_file())
