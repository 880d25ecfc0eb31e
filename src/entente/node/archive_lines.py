"""An archive is a file of lines, each canonical JSON and signed with the node's key: a head, parts in order, an end.

Each line names its number and the digest of the line before, so that a line that was changed, moved or left out is
found and named, and the end says how many there are. Nothing is read before its signature was.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from entente.errors import Tampered
from entente.signing import (
    BadSignature,
    Json,
    NotCanonical,
    PrivateKey,
    PublicKey,
    Signature,
    UnusableKey,
    canonical,
    digest,
    parse,
)

CONTEXT = "archive-v1"
FORMAT = "entente-archive-1"
MAX_LINE_BYTES = 64 * 1024 * 1024


class ArchiveChanged(Tampered):
    """The archive {file} is not what was written: line {line}: {why}. Nothing was restored from it; use another copy,
    and keep this one for your security officer."""


class ArchiveCut(Tampered):
    """The archive {file} ends after line {line}, before its own end: it was cut off. Nothing was restored from it; use
    another copy."""


class LineWriter:
    """Writes signed lines to `out`."""

    def __init__(self, out: IO[bytes], key: PrivateKey) -> None:
        self._out, self._key = out, key
        self._before = ""
        self.number = 0

    def write(self, body: Mapping[str, Json]) -> int:
        """Adds a line; its length in bytes."""
        told: dict[str, Json] = {**body, "line": self.number, "before": self._before}
        signature = self._key.sign(CONTEXT, canonical(told))
        line = canonical({**told, "signature": signature.to_json()})
        self._out.write(line + b"\n")
        self._before = digest(line)
        self.number += 1
        return len(line) + 1


def read_lines(file: Path, signers: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The lines of an archive from its head to its end, each proven to be what one of `signers` (public keys) wrote at
    this place. Raises ArchiveChanged, ArchiveCut."""
    known = {key.key_id: key for key in map(PublicKey.from_text, signers)}
    before, number = "", 0
    with file.open("rb") as stream:
        while data := stream.readline(MAX_LINE_BYTES):
            if not data.endswith(b"\n"):
                raise ArchiveCut(file=file, line=number)
            line = data[:-1]
            body = _proven(file, number, line, known)
            if (body.get("line"), body.get("before")) != (number, before):
                raise ArchiveChanged(file=file, line=number + 1, why="it belongs elsewhere")
            yield body
            before, number = digest(line), number + 1
            if "end" in body:
                if stream.read(1):
                    raise ArchiveChanged(file=file, line=number + 1, why="something stands after the end")
                return
    raise ArchiveCut(file=file, line=number)


def _proven(file: Path, number: int, line: bytes, known: Mapping[str, PublicKey]) -> dict[str, Any]:
    try:
        body: dict[str, Any] = parse(line)
        signature = Signature.from_json(body.pop("signature"))
        known[signature.key_id].verify(CONTEXT, canonical(body), signature)
    except NotCanonical as error:
        raise ArchiveChanged(file=file, line=number + 1, why="it is not canonical JSON") from error
    except (BadSignature, UnusableKey, TypeError, AttributeError) as error:
        raise ArchiveChanged(file=file, line=number + 1, why="its signature does not fit") from error
    except KeyError as error:
        raise ArchiveChanged(file=file, line=number + 1, why="no key of this node has signed it") from error
    return body
