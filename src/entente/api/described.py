"""What the OpenAPI document says of partners' endpoints beyond their names; docs/protocol.md holds the protocol."""

from collections.abc import Mapping
from typing import Any

_TEXT: Mapping[str, Any] = {"type": "string"}
_SIGNATURE: Mapping[str, Any] = {
    "type": "object",
    "properties": {"algorithm": {"enum": ["ed25519"]}, "key_id": _TEXT, "value": _TEXT},
    "required": ["algorithm", "key_id", "value"],
    "additionalProperties": False,
}
_SEALED: Mapping[str, Any] = {
    "type": "object",
    "properties": {"envelope": _TEXT, "body": {"type": ["string", "null"]}, "signature": _SIGNATURE},
    "required": ["envelope", "body", "signature"],
    "additionalProperties": False,
}
BATCH: Mapping[str, Any] = {
    "type": "object",
    "properties": {"manifest": _TEXT, "messages": {"type": "array", "items": _SEALED}, "signature": _SIGNATURE},
    "required": ["manifest", "messages", "signature"],
    "additionalProperties": False,
}
VIEW: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "v": {"const": 1},
        "origin": _TEXT,
        "recipient": _TEXT,
        "first_seq": {"type": "integer", "minimum": 1},
        "last_seq": {"type": "integer", "minimum": 1},
        "count": {"type": "integer", "minimum": 0},
        "root": _TEXT,
        "items": {"type": ["array", "null"]},
    },
    "required": ["v", "origin", "recipient", "first_seq", "last_seq", "count", "root", "items"],
    "additionalProperties": False,
}
ANYTHING: Mapping[str, Any] = {"type": "object"}
_PROBLEM = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
_WHY = {
    "400": "The request or its body cannot be read.",
    "401": "The signature is missing, wrong, old or used before.",
    "403": "It speaks for somebody else.",
    "408": "The body did not come in time.",
    "409": "It contradicts what was received before.",
    "413": "It is too large.",
    "421": "It is for somebody else.",
    "422": "A message in it cannot be taken.",
    "503": "The node cannot answer now.",
}


def signed(name: str, schema: Mapping[str, Any], **links: str) -> dict[str, Any]:
    """Of the endpoint `name` that takes a signed body of `schema`; `links` name the operations that may follow."""
    follow = {link: {"operationId": operation} for link, operation in links.items()}
    return {
        "operationId": name,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "200": {"description": "Signed, and bound to this request.", "links": follow},
            **{status: {"description": why, **_PROBLEM} for status, why in _WHY.items()},
        },
        "security": [{"signature": []}],
    }
