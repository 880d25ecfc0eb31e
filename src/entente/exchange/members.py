"""The shape of JSON objects on the wire: exactly these members, each of this form, within these limits.

Every object of the protocol is closed: a member too many is as wrong as one too few, because a reader that skips
what it does not know agrees to more than it has read. What is wrong is said as text; the caller raises its own
error with it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from entente.signing import PublicKey, UnusableKey, is_digest

Check = Callable[[Any], bool]

MAX_ID_LENGTH = 128
_PARTY = re.compile(r"[a-z]{2}(\.[a-z0-9]+(-[a-z0-9]+)*)+")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME = re.compile(r"[!-~]+")  # printable ASCII without the space: ids of provisions, keys, reasons
_HEX_32_BYTES = re.compile(r"[0-9a-f]{64}")


def faults(value: object, shape: Mapping[str, Check]) -> str:
    """What is wrong with `value` as an object of `shape`, as text; empty when nothing is."""
    if not isinstance(value, dict):
        return "it is not an object"
    if value.keys() != shape.keys():
        missing, extra = sorted(shape.keys() - value.keys()), sorted(value.keys() - shape.keys())
        return f"members missing: {missing}, members unknown: {extra}"
    wrong = [name for name, is_right in shape.items() if not is_right(value[name])]
    return f"the form of {wrong} is wrong" if wrong else ""


def is_party(value: object) -> bool:
    """A party id such as `us.cbp`."""
    return isinstance(value, str) and len(value) <= MAX_ID_LENGTH and _PARTY.fullmatch(value) is not None


def is_code(value: object) -> bool:
    """A code such as `early-warning`."""
    return isinstance(value, str) and len(value) <= MAX_ID_LENGTH and _CODE.fullmatch(value) is not None


def is_code_or_empty(value: object) -> bool:
    return value == "" or is_code(value)


def is_name(value: object) -> bool:
    """An id without spaces such as the provision `3.2`."""
    return isinstance(value, str) and len(value) <= MAX_ID_LENGTH and _NAME.fullmatch(value) is not None


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def is_seq(value: object) -> bool:
    """A sequence number: whole, from 1."""
    return type(value) is int and value >= 1


def is_flag(value: object) -> bool:
    return isinstance(value, bool)


def is_digest_text(value: object) -> bool:
    return isinstance(value, str) and is_digest(value)


def is_hash_hex(value: object) -> bool:
    """32 bytes as lower-case hex."""
    return isinstance(value, str) and _HEX_32_BYTES.fullmatch(value) is not None


def is_time(value: object) -> bool:
    """A time exactly as `time_text` writes it."""
    if not isinstance(value, str):
        return False
    try:
        return time_text(datetime.fromisoformat(value)) == value
    except (ValueError, OverflowError):
        return False


def is_public_key(value: object) -> bool:
    """An Ed25519 public key, 32 bytes as base64."""
    try:
        return isinstance(value, str) and PublicKey.from_text(value).to_text() == value
    except UnusableKey:
        return False


def is_signature(value: object) -> bool:
    """The members of entente.signing.Signature; its bytes are judged by whoever holds the key."""
    return not faults(value, _SIGNATURE_SHAPE)


_SIGNATURE_SHAPE: Mapping[str, Check] = {"algorithm": is_name, "key_id": is_name, "value": is_name}


def optional(check: Check) -> Check:
    """Null, or what `check` lets pass."""
    return lambda value: value is None or check(value)


def one_of(codes: Mapping[str, object] | tuple[str, ...]) -> Check:
    return lambda value: isinstance(value, str) and value in codes


def list_of(check: Check, limit: int) -> Check:
    """At most `limit` items that `check` lets pass."""
    return lambda value: isinstance(value, list) and len(value) <= limit and all(check(item) for item in value)


def time_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as everywhere in Entente: `2026-11-21T10:00:00.000000+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
