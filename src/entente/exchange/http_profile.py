"""The one form of RFC 9421 signature that Entente reads and writes, checked before any key is looked up.

RFC 9421 leaves nearly everything to the application (section 1.4); left open, an HTTP signature may be twenty hours
old, cover nothing but the method and be repeated for ever. Here everything is fixed: label, tag, algorithm,
parameters, components, age.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import http_sf

from entente.exchange.http_refusals import (
    ComponentMissing,
    Expired,
    FromTheFuture,
    MalformedSignature,
    NoSignature,
    ParameterMissing,
    RepeatedField,
    SeveralSignatures,
    TooOld,
    UnexpectedComponent,
    ValidTooLong,
    WrongAlgorithm,
    WrongTag,
)

LABEL = "entente"
TAG = "entente-v1"
ALGORITHM = "ed25519"
MAX_AGE_SECONDS = 60
CLOCK_SKEW_SECONDS = 5
NONCE_MEMORY_SECONDS = 600
"""How long a nonce must be remembered: far longer than a request can be believed, in case the clock is set back."""

REQUEST_COMPONENTS = ('"@method"', '"@authority"', '"@target-uri"', '"content-digest"', '"content-type"')
RESPONSE_COMPONENTS = ('"@status"', '"content-digest"', '"content-type"', f'"signature";req;key="{LABEL}"')
"""The request's signature is covered (RFC 9421 section 2.4), so an answer belongs to one request and no other."""

RESPONSE_PARAMETERS = ("created", "expires", "keyid", "alg", "tag")
REQUEST_PARAMETERS = (*RESPONSE_PARAMETERS, "nonce")
NONCE_LENGTHS = range(22, 65)  # 16 bytes in base64 or more
_MAX_FIELD_LENGTH = 4096
_SINGLE_FIELDS = ("content-digest", "content-type")

HeaderLines = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What the signature fields claim; nothing of it is proven yet."""

    components: tuple[tuple[str, frozenset[tuple[str, Any]]], ...]
    parameters: Mapping[str, Any]

    @property
    def key_id(self) -> str:
        return str(self.parameters["keyid"])


def presented(headers: HeaderLines) -> Presented:
    """The one signature in `headers`. Raises RepeatedField, NoSignature, SeveralSignatures, MalformedSignature."""
    fields = _fields(headers)
    inputs, signatures = _dictionary(fields, "signature-input"), _dictionary(fields, "signature")
    count = max(len(inputs), len(signatures))
    if count > 1:
        raise SeveralSignatures(count=count)
    if LABEL not in inputs or LABEL not in signatures:
        raise NoSignature(label=LABEL)
    covered, parameters = inputs[LABEL]
    if not isinstance(covered, list) or not isinstance(signatures[LABEL][0], bytes):
        raise MalformedSignature(why="the input is not a list, or the signature is not bytes")
    components = tuple((name, frozenset(flags.items())) for name, flags in covered)
    return Presented(components=components, parameters=parameters)


def check_form(found: Presented, components: Iterable[str], parameters: Iterable[str]) -> None:
    """Raises WrongTag, WrongAlgorithm, ParameterMissing, ComponentMissing, UnexpectedComponent."""
    given = found.parameters
    missing = [name for name in parameters if not _is_well_formed(name, given.get(name))]
    if missing:
        raise ParameterMissing(names=", ".join(missing))
    if given["tag"] != TAG:
        raise WrongTag(tag=ascii(given["tag"]), expected=TAG)
    if given["alg"] != ALGORITHM:
        raise WrongAlgorithm(algorithm=ascii(given["alg"]), expected=ALGORITHM)
    _check_components(found, [_component(text) for text in components])


def check_times(found: Presented, now: datetime) -> None:
    """Raises FromTheFuture, ValidTooLong, TooOld, Expired. RFC 9421 section 2.3: times are whole seconds since
    1970."""
    created, expires, moment = found.parameters["created"], found.parameters["expires"], now.timestamp()
    if created - moment > CLOCK_SKEW_SECONDS:
        raise FromTheFuture(seconds=round(created - moment))
    if not 0 < expires - created <= MAX_AGE_SECONDS:
        raise ValidTooLong(seconds=expires - created, limit=MAX_AGE_SECONDS)
    if moment - created > MAX_AGE_SECONDS:
        raise TooOld(seconds=round(moment - created), limit=MAX_AGE_SECONDS)
    if moment > expires:
        raise Expired(seconds=round(moment - expires))


def _fields(headers: HeaderLines) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), []).append(value)
    for name in _SINGLE_FIELDS:
        if len(fields.get(name, ())) > 1:
            raise RepeatedField(field=name, count=len(fields[name]))
    return fields


def _dictionary(fields: Mapping[str, list[str]], name: str) -> Mapping[str, Any]:
    lines = fields.get(name, [])
    if len(lines) > 1:
        raise SeveralSignatures(count=len(lines))
    if not lines:
        raise NoSignature(label=LABEL)
    if len(lines[0]) > _MAX_FIELD_LENGTH:
        raise MalformedSignature(why=f"{name} is longer than {_MAX_FIELD_LENGTH} characters")
    try:
        parsed = http_sf.parse(lines[0].encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_twice)
    except (ValueError, TypeError) as error:
        raise MalformedSignature(why=f"{name}: {error}") from error
    return parsed if isinstance(parsed, dict) else {}


def _refuse_twice(key: str, _context: str) -> None:
    raise MalformedSignature(why=f"{key!a} is given twice")


def _is_well_formed(name: str, value: object) -> bool:
    if name in {"created", "expires"}:
        return type(value) is int and value >= 0
    if name == "nonce":
        return type(value) is str and len(value) in NONCE_LENGTHS
    return type(value) is str and value != ""


def _component(text: str) -> tuple[str, frozenset[tuple[str, Any]]]:
    item: Any = http_sf.parse(text.encode("ascii"), tltype="item")
    name, flags = item
    return name, frozenset(flags.items())


def _check_components(found: Presented, wanted: list[tuple[str, frozenset[tuple[str, Any]]]]) -> None:
    missing = [name for name, flags in wanted if (name, flags) not in found.components]
    if missing:
        raise ComponentMissing(names=", ".join(missing))
    if len(found.components) != len(wanted):
        extra = [ascii(name) for name, flags in found.components if (name, flags) not in wanted]
        raise UnexpectedComponent(names=", ".join(extra) or "one thing twice")
