"""One fact: immutable, versioned, with who said it, when, where it was read and how sure the source is."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from types import MappingProxyType
from typing import Any

from entente.errors import InputFault
from entente.records.kinds import Kind, Value
from entente.signing import Json, canonical, digest


class UnreadableRecord(InputFault):
    """A record cannot be read: {why}. Ask whoever sent it for a corrected one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a record was read: the source's name and digest, the line, and the reader with its mapping version."""

    source: str
    source_digest: str
    line: int
    reader: str
    mapping_version: str

    def to_json(self) -> dict[str, Json]:
        return {
            "source": self.source,
            "source_digest": self.source_digest,
            "line": self.line,
            "reader": self.reader,
            "mapping_version": self.mapping_version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What reading puts on every record: who says it, when it is recorded, the secret that makes ids unguessable."""

    said_by: str
    recorded_at: datetime
    id_key: bytes
    is_simulated: bool


# No slots: `body`, `digest` and `content_digest` are cached on the instance.
@dataclass(frozen=True, kw_only=True)
class Record:
    """A fact of `kind`. `values` hold no None: an absent field is not known. `sure` is a code of the list `confidence`.

    `supersedes` is the digest of the version before this one. A withdrawn record keeps its values and says so.
    """

    id: str
    version: int
    kind: str
    kind_version: int
    said_by: str
    recorded_at: datetime
    sure: str
    provenance: Provenance
    values: Mapping[str, Value]
    is_simulated: bool = False
    supersedes: str | None = None

    def to_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "version": self.version,
            "kind": self.kind,
            "kind_version": self.kind_version,
            "said_by": self.said_by,
            "recorded_at": _time_text(self.recorded_at),
            "sure": self.sure,
            "provenance": self.provenance.to_json(),
            "values": values_to_json(self.values),
            "is_simulated": self.is_simulated,
            "supersedes": self.supersedes,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any], kind: Kind) -> "Record":
        """The record of `kind` in `body`. Raises UnreadableRecord."""
        try:
            rest = {name: _typed(name, body[name], type_) for name, type_ in _PLAIN.items()}
            return cls(
                recorded_at=datetime.fromisoformat(body["recorded_at"]),
                provenance=Provenance(**body["provenance"]),
                values=values_from_json(kind, body["values"]),
                **rest,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableRecord(why=f"{type(error).__name__}: {error}") from error

    @cached_property
    def body(self) -> bytes:
        """The canonical bytes of this version, provenance included."""
        return canonical(self.to_json())

    @cached_property
    def digest(self) -> str:
        """Fixes this version: the digest of its body."""
        return digest(self.body)

    @cached_property
    def content_digest(self) -> str:
        """Fixes what is said, not when or where it was read: equal for a row that is imported twice."""
        said: Json = [self.kind, self.said_by, values_to_json(self.values), self.sure, self.is_simulated]
        return digest(canonical(said))

    def succeeding(self, version: int, previous_digest: str) -> "Record":
        """This record as the version after `version`, whose digest is `previous_digest`."""
        return replace(self, version=version + 1, supersedes=previous_digest)


_PLAIN: Mapping[str, type] = MappingProxyType(
    {
        "id": str,
        "version": int,
        "kind": str,
        "kind_version": int,
        "said_by": str,
        "sure": str,
        "is_simulated": bool,
        "supersedes": str,
    }
)


def _typed(name: str, raw: Any, type_: type) -> Any:
    if type(raw) is not type_ and not (name == "supersedes" and raw is None):
        raise TypeError(f"{name} is not {type_.__name__}")
    return raw


def record_id(stamp: Stamp, kind: Kind, values: Mapping[str, Value]) -> str:
    """The id of the thing `values` describe: the same for the same key at the same originator, unguessable for others.
    A simulated thing is another thing than a real one with the same key.

    INVARIANT: keyed with the node's secret, because a plain digest of withheld key fields could be found by trying.
    """
    key: list[Json] = [stamp.said_by, kind.name, [_to_json(values[name]) for name in kind.key]]
    if stamp.is_simulated:
        key.append("simulated")
    mac = hmac.digest(stamp.id_key, b"entente record id\n" + canonical(key), hashlib.sha256)
    return mac[:16].hex()


def values_to_json(values: Mapping[str, Value]) -> dict[str, Json]:
    """Values as they are signed: decimals as plain text, dates as YYYY-MM-DD, times in UTC."""
    return {name: _to_json(value) for name, value in values.items()}


def values_from_json(kind: Kind, body: Mapping[str, Any]) -> Mapping[str, Value]:
    """The values in `body` with the types of `kind`'s fields. Raises UnreadableRecord."""
    values = {}
    for name, raw in body.items():
        field = kind.field(name)
        if field is None:
            raise UnreadableRecord(why=f"{kind.name} has no field {name}")
        try:
            values[name] = _from_json(field.type, raw)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise UnreadableRecord(why=f"{kind.name}.{name} is {raw!r}, not a {field.type}") from error
    return MappingProxyType(values)


def _to_json(value: Value) -> Json:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return _time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _codes(raw: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(code, str) for code in raw):
        raise TypeError("codes")
    return tuple(raw)


def _decimal(raw: str) -> Decimal:
    """INVARIANT: a few bytes of a partner never become a text as long as all memory, as `1E+999999999` would."""
    if "e" in raw.lower():
        raise ValueError("exponent")
    return Decimal(raw)


_FROM_JSON: Mapping[str, tuple[type, Callable[[Any], Value]]] = MappingProxyType(
    {
        "text": (str, str),
        "code": (str, str),
        "codes": (list, _codes),
        "integer": (int, int),
        "decimal": (str, _decimal),
        "date": (str, date.fromisoformat),
        "time": (str, datetime.fromisoformat),
        "boolean": (bool, bool),
    }
)


def _from_json(type_name: str, raw: Any) -> Value:
    written_as, value_of = _FROM_JSON[type_name]
    if type(raw) is not written_as:  # exactly: True is not an integer
        raise TypeError(type_name)
    value = value_of(raw)
    if _to_json(value) != raw:  # INVARIANT: one value has one text, so that a record read again has the same digest
        raise ValueError(type_name)
    return value


def _time_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
