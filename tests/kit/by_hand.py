"""Another implementation of a part of the kit, made of json, hashlib and hmac only; it imports nothing of Entente."""

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Callable
from typing import Any

LARGEST = 2**53 - 1


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def refuse_number(text: str) -> None:
    raise ValueError(text)


def read(text: str) -> Any:
    value = json.loads(text, parse_float=refuse_number, parse_constant=refuse_number)
    check(value, 0)
    return value


def check(value: Any, depth: int) -> None:
    """Raises ValueError where a value has no canonical form."""
    if depth > 32 or (type(value) is int and abs(value) > LARGEST):
        raise ValueError(value)
    if isinstance(value, str):
        value.encode("utf-8")
    for name in value if isinstance(value, dict) else ():
        if not name.isascii():
            raise ValueError(name)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        check(one, depth + 1)


def read_canonical(data: bytes) -> bool:
    text = data.decode("utf-8")
    if written(read(text)) != text:
        raise ValueError(text)
    return True


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def committed(salt: bytes, data: bytes) -> str:
    return "sha256:" + hmac.digest(salt, b"entente-commitment-v1\n" + data, "sha256").hex()


def decoded(given: dict[str, Any]) -> bytes:
    return base64.b64decode(given["base64"])


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "canonical.encode": lambda given: written(read(given["json"])),
    "canonical.read": lambda given: read_canonical(decoded(given)),
    "digest": lambda given: sha256(decoded(given)),
    "commitment": lambda given: committed(bytes.fromhex(given["salt_hex"]), decoded(given)),
    "ledger.leaf": lambda given: leaf(decoded(given)).hex(),
    "ledger.root": lambda given: tree([leaf(base64.b64decode(entry)) for entry in given["entries"]]).hex(),
    "reconciliation.root": lambda given: tree([leaf(item.encode()) for item in given["items"]]).hex(),
    "agreement.digest": lambda given: sha256(given["source"].encode()),
}

for line in sys.stdin:
    question = json.loads(line)
    operation = OPERATIONS.get(question["operation"])
    told: dict[str, Any] = {"unsupported": True}
    if operation is not None:
        try:
            told = {"result": operation(question["given"])}
        except (ValueError, RecursionError):
            told = {"refused": "refused"}
    sys.stdout.write(json.dumps({"id": question["id"], **told}) + "\n")
    sys.stdout.flush()
