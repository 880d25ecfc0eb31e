"""Reads the body of a disclosure that arrived: its members, no others, each of its form. Nothing in it is believed
yet."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from entente.agreements.giving.disclose import FORM, PASSED_ON_FORM
from entente.signing import NotCanonical, is_digest, parse

_ID = re.compile(r"[0-9a-f]{32}")


class Unfit(Exception):
    """The body cannot be used: {why}. For use inside this room; callers get a `Refused`."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the sender says: the record part, the handling it names, and through whom it came to the sender."""

    record: Mapping[str, Any]
    agreement: str
    provisions: tuple[str, ...]
    purposes: tuple[str, ...]
    caveats: tuple[str, ...]
    duties: Mapping[str, int]
    chain: tuple[str, ...] = ()


def read_body(body: bytes) -> Arrival:
    """Raises Unfit."""
    try:
        found = parse(body)
    except NotCanonical as error:
        raise Unfit("unreadable", why=str(error)) from error
    is_passed_on = isinstance(found, dict) and found.get("form") == PASSED_ON_FORM
    _members(found, "body", _PASSED_ON if is_passed_on else _BODY)
    _members(found["record"], "record", _RECORD)
    handling = found["handling"]
    _members(handling, "handling", _HANDLING)
    return Arrival(
        record=found["record"],
        agreement=handling["agreement"],
        provisions=tuple(handling["provisions"]),
        purposes=tuple(handling["purposes"]),
        caveats=tuple(handling["caveats"]),
        duties=handling["duties"],
        chain=tuple(found["chain"]) if is_passed_on else (),
    )


def came_through(body: bytes) -> tuple[str, ...] | None:
    """The parties through whom the record in `body` came, its originator first; None where it is no disclosure."""
    try:
        return read_body(body).chain
    except Unfit:
        return None


def _members(found: Any, where: str, wanted: Mapping[str, Callable[[Any], bool]]) -> None:
    if not isinstance(found, dict) or found.keys() != wanted.keys():
        raise Unfit("unreadable", why=f"{where} has the members {', '.join(sorted(wanted))} and no others")
    for name, is_good in wanted.items():
        if not is_good(found[name]):
            raise Unfit("unreadable", why=f"{where}.{name} is not of its form")


def _is_form(value: Any) -> bool:
    return type(value) is int and value in (FORM, PASSED_ON_FORM)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value) and len(set(value)) == len(value)


def _is_days(value: Any) -> bool:
    return isinstance(value, dict) and all(type(days) is int and days >= 1 for days in value.values())


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 1


_BODY: Mapping[str, Callable[[Any], bool]] = {"form": _is_form, "record": _is_table, "handling": _is_table}
_PASSED_ON = {**_BODY, "chain": lambda value: _is_texts(value) and bool(value)}
_RECORD: Mapping[str, Callable[[Any], bool]] = {
    "id": lambda value: isinstance(value, str) and _ID.fullmatch(value) is not None,
    "version": _is_count,
    "kind": _is_text,
    "kind_version": _is_count,
    "said_by": _is_text,
    "sure": _is_text,
    "is_simulated": lambda value: isinstance(value, bool),
    "values": lambda value: isinstance(value, dict) and bool(value),
}
_HANDLING: Mapping[str, Callable[[Any], bool]] = {
    "agreement": lambda value: isinstance(value, str) and is_digest(value),
    "provisions": lambda value: _is_texts(value) and bool(value),
    "purposes": lambda value: _is_texts(value) and bool(value),
    "caveats": _is_texts,
    "duties": _is_days,
}
