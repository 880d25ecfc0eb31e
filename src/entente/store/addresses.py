"""Addresses of databases: taken apart, and shown without their secrets."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from entente.store.errors import BadAddress

DEFAULT_SCHEMA = "entente"

_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")  # needs no quotes; pg_ is PostgreSQL's own
_OPTION = re.compile(r"([?&])([^=&#]*)=([^&#]*)")
_SECRET = re.compile(r"pass|secret|sslkey|oauth", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteAddress:
    """`max_pages` of 4 KiB limit the file; None: the disk does."""

    path: Path
    max_pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresAddress:
    """`conninfo` is for libpq and may hold secrets; `shown` is for people and never does."""

    conninfo: str
    schema: str
    shown: str


def read_address(url: str) -> SqliteAddress | PostgresAddress:
    """Raises BadAddress."""
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres(url)
    if url.startswith("sqlite:"):
        return _sqlite(url)
    if re.match(r"[a-z0-9+]+://", url):
        raise BadAddress(address=without_secrets(url), why="this kind of database is not supported")
    return SqliteAddress(path=_path(url), max_pages=None)


def _sqlite(url: str) -> SqliteAddress:
    path, _, options = url.removeprefix("sqlite:").partition("?")
    limit = re.fullmatch(r"(?:max_pages=([1-9][0-9]{0,9}))?", options)
    if limit is None:
        raise BadAddress(address=url, why="the only option is max_pages, a whole number")
    return SqliteAddress(path=_path(path), max_pages=int(limit[1]) if limit[1] else None)


def _path(text: str) -> Path:
    if "password=" in text:
        raise BadAddress(address=text.partition("password=")[0] + "...", why="it is not written as a URL")
    if not text or ":memory:" in text or "\0" in text:
        raise BadAddress(address=text, why="it names no file")
    return Path(text)


def _postgres(url: str) -> PostgresAddress:
    shown = without_secrets(url)
    try:
        parts = urlsplit(url)
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise BadAddress(address=shown, why="it cannot be taken apart") from None  # its text may quote the address
    schemas = [value for name, value in options if name == "schema"] or [DEFAULT_SCHEMA]
    if len(schemas) != 1 or not _SCHEMA.fullmatch(schemas[0]):
        raise BadAddress(address=shown, why="a schema is named in lower-case letters, digits and _")
    rest = urlencode([(name, value) for name, value in options if name != "schema"], quote_via=quote)  # libpq: + is +
    return PostgresAddress(conninfo=urlunsplit(parts._replace(query=rest)), schema=schemas[0], shown=shown)


def without_secrets(url: str) -> str:
    """`url` with *** for passwords. INVARIANT: whatever stands between the first colon and the last @ is one."""
    scheme, separator, rest = url.partition("://")
    user_info, at, place = rest.rpartition("@")
    user, colon, _ = user_info.partition(":")
    return scheme + separator + user + (":***" if colon else "") + at + _OPTION.sub(_masked, place)


def _masked(option: re.Match[str]) -> str:
    mark, name, value = option.groups()
    return f"{mark}{name}={'***' if _SECRET.search(unquote(name)) else value}"
