"""Canonical JSON: the subset of RFC 8785 (JCS) that needs no number formatting.

Floats and integers beyond 2**53 - 1 are refused, so quantities travel as decimal strings; keys must be ASCII, so
sorting by code point equals the UTF-16 order of RFC 8785 section 3.2.3. Inside that subset the standard library's
encoder writes the very bytes of RFC 8785; the tests compare it with the `rfc8785` package.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from entente.errors import InputFault

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

MAX_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: beyond it, readers disagree
MAX_DEPTH = 32
_PLAIN = frozenset({str, bool, type(None)})


class NotCanonical(InputFault):
    """The value at {where} has no canonical form: {why}. Use text, whole numbers below 2^53, true, false, null, lists
    and objects with plain ASCII names; write other numbers as text."""


# `default` is asked only for mappings that are not dicts: _fault lets nothing else through.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False, default=dict
)


def canonical(value: Json) -> bytes:
    """The one byte sequence (UTF-8) for `value`. Raises NotCanonical."""
    if found := _fault(value):
        raise NotCanonical(where=f"${found[0]}", why=found[1])
    return _encode(value)


def parse(data: bytes) -> Any:
    """The value of canonical `data`. Raises NotCanonical when `data` is not JSON in canonical form.

    INVARIANT: canonical(parse(data)) == data, so a signature over the value is a signature over the bytes.
    """
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotCanonical(where="$", why=str(error)) from error
    if (_encode(value) if _is_flat_ascii(data) else canonical(value)) != data:
        raise NotCanonical(where="$", why="the bytes are not in canonical form")
    return value


def _is_flat_ascii(data: bytes) -> bool:
    """Whether canonical bytes like these can hold no fault that is not seen while they are read: no name beyond ASCII,
    and nothing nested too deep."""
    return data.isascii() and data.count(b"{") + data.count(b"[") <= MAX_DEPTH


def _whole(text: str) -> int:
    value = int(text)
    if abs(value) > MAX_INTEGER:
        raise NotCanonical(where="$", why="the whole number is too large")
    return value


def _encode(value: Json) -> bytes:
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(where="$", why="a lone surrogate is not text") from error


def _refuse_float(text: str) -> None:
    raise NotCanonical(where="$", why=f"{text} is not a whole number")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_refuse_float, parse_constant=_refuse_float)


def _fault(value: object, depth: int = 0) -> tuple[str, str] | None:
    """Where below `value` something has no canonical form, and why; None when nothing is wrong.

    Text is passed over first, because most values are text; the path is only written on the way back from a fault.
    """
    if type(value) in _PLAIN or isinstance(value, str):
        return None
    if depth > MAX_DEPTH:
        return "", f"it is nested deeper than {MAX_DEPTH}"
    if isinstance(value, int):
        return ("", "the whole number is too large") if abs(value) > MAX_INTEGER else None
    if isinstance(value, (dict, Mapping)):
        return _fault_in_object(value, depth)
    if isinstance(value, (list, tuple)):
        return _fault_in_list(value, depth)
    return "", f"{type(value).__name__} is not a JSON value here"


def _fault_in_object(value: Mapping[object, object], depth: int) -> tuple[str, str] | None:
    for name, item in value.items():
        if not isinstance(name, str) or not name.isascii():
            return "", f"the name {name!r} is not ASCII text"
        if type(item) not in _PLAIN and (found := _fault(item, depth + 1)):
            return f".{name}{found[0]}", found[1]
    return None


def _fault_in_list(value: Sequence[object], depth: int) -> tuple[str, str] | None:
    for place, item in enumerate(value):
        if type(item) not in _PLAIN and (found := _fault(item, depth + 1)):
            return f"[{place}]{found[0]}", found[1]
    return None
