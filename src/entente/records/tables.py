"""CSV rows out of a byte stream, in bounded memory: no line, quote or encoding takes the rest of the file with it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Protocol

from entente.records.faults import Fault

MAX_LINE_BYTES = 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class ByteStream(Protocol):
    """What `read` needs of a file or pipe."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` of the row that starts at `line` (1 is the first); `text` is the row as written."""

    line: int
    cells: list[str]
    text: str


def rows(stream: ByteStream, delimiter: str = ",") -> Iterator[Row | Fault]:
    """Rows and faults in file order; empty lines are skipped. Holds at most MAX_LINE_BYTES and a chunk in memory."""
    pending: list[tuple[int, str]] = []  # physical lines of a row whose quote is still open
    source = _texts(stream)
    replay: list[tuple[int, str | Fault]] = []
    while True:
        item = replay.pop() if replay else next(source, None)
        if item is not None and isinstance(item[1], str):
            pending.append((item[0], item[1]))
            joined = "\n".join(text for _, text in pending)
            if not _is_open(joined):
                yield from _row(pending[0][0], joined, delimiter)
                pending = []
                continue
            if len(joined) <= MAX_LINE_BYTES:
                continue
        if pending:  # the quote stays open: only its first line is at fault, the rest is read again
            first, text = pending[0]
            yield Fault(line=first, code="open-quote", row=text[:1000])
            replay.extend([item] if item is not None and isinstance(item[1], Fault) else [])
            replay.extend(reversed(pending[1:]))
            pending = []
        elif item is None:
            return
        elif isinstance(item[1], Fault):
            yield item[1]


def _is_open(text: str) -> bool:
    return text.count('"') % 2 == 1


def _row(line: int, text: str, delimiter: str) -> Iterator[Row]:
    if text.strip():
        yield Row(line, next(csv.reader(StringIO(text, newline=""), delimiter=delimiter)), text)


def _texts(stream: ByteStream) -> Iterator[tuple[int, str | Fault]]:
    for line, data in _lines(stream):
        if isinstance(data, Fault):
            yield line, data
        else:
            yield line, _text(line, data)


def _text(line: int, data: bytes) -> str | Fault:
    if b"\0" in data:
        return Fault(line=line, code="not-text", row=repr(data[:200]))
    try:
        return data.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        row = data.decode("cp1252", errors="replace")
        details = {"byte": f"0x{data[error.start]:02X}", "position": str(error.start + 1), "guess": "Windows-1252"}
        return Fault(line=line, code="wrong-encoding", value=row[:60], row=row[:1000], details=details)


def _lines(stream: ByteStream) -> Iterator[tuple[int, bytes | Fault]]:
    held, line, is_skipping = b"", 1, False
    while chunk := stream.read(_CHUNK_BYTES):
        *whole, held = (held + chunk).split(b"\n")
        for data in whole:
            if not is_skipping:
                yield line, data.removesuffix(b"\r")
            is_skipping = False
            line += 1
        if len(held) > MAX_LINE_BYTES:
            if not is_skipping:
                yield line, Fault(line=line, code="line-too-long", details={"limit": str(MAX_LINE_BYTES)})
            held, is_skipping = b"", True
    if held and not is_skipping:
        yield line, held.removesuffix(b"\r")
