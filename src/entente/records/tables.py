"""CSV rows out of a byte stream, in bounded memory: no line, quote or encoding can take the rest of a file with it."""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol

from entente.records.faults import Fault

MAX_LINE_BYTES = 1024 * 1024
MAX_ROW_LINES = 10_000
_CHUNK_BYTES = 64 * 1024

# RFC 4180, section 2: a quote opens only at the start of a cell, closes only at its end, and is doubled inside quotes.
# To insist on it keeps two quotes left open in different rows from swallowing the rows between them.
_QUOTED_REST = re.compile(r'(?:[^"]|"")*+"')
Quotes = Literal["open", "closed", "broken"]
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
    """Rows and faults in file order; empty lines are skipped. Holds at most one row's limit and a chunk in memory."""
    lines = _Lines(stream, delimiter)
    while (item := lines.take()) is not None:
        line, text = item
        if isinstance(text, Fault):
            yield text
            continue
        quotes = _quotes(text, delimiter, is_open=False)
        rest = lines.take_until_closed(len(text)) if quotes == "open" else []
        if quotes == "broken" or rest is None:  # only this line is at fault; those after it are read for themselves
            yield Fault(line=line, code="open-quote", row=text)
        else:
            yield from _row(line, "\n".join((text, *rest)), delimiter)


class _Lines:
    """Lines with a look ahead for the end of a quote; each line is searched for that end once, whatever a file does."""

    def __init__(self, stream: ByteStream, delimiter: str) -> None:
        self._source = _texts(stream)
        self._delimiter = delimiter
        self._ahead: deque[tuple[int, str | Fault]] = deque()
        self._open = 0  # so many lines ahead are known to leave a quote open
        self._open_size = 0
        self._next: Quotes | None = None  # what the line after those does to an open quote

    def take(self) -> tuple[int, str | Fault] | None:
        if not self._ahead:
            return next(self._source, None)
        line, text = self._ahead.popleft()
        if self._open:
            self._open -= 1
            self._open_size -= len(text)  # type: ignore[arg-type]  # a fault never leaves a quote open
        else:
            self._next = None
        return line, text

    def take_until_closed(self, size: int) -> list[str] | None:
        """The lines that belong to a quote opened in a line of `size`; None if nothing closes it within the limits."""
        while size + self._open_size <= MAX_LINE_BYTES and self._open < MAX_ROW_LINES:
            text = self._ahead_of_open()
            if not isinstance(text, str):
                return None
            self._next = self._next or _quotes(text, self._delimiter, is_open=True)
            if self._next != "open":
                return self._taken() if self._next == "closed" else None
            self._open, self._open_size, self._next = self._open + 1, self._open_size + len(text), None
        return None

    def _ahead_of_open(self) -> str | Fault | None:
        if len(self._ahead) == self._open:
            self._ahead.extend(islice(self._source, 1))
        return self._ahead[self._open][1] if len(self._ahead) > self._open else None

    def _taken(self) -> list[str]:
        taken = [self._ahead.popleft()[1] for _ in range(self._open + 1)]
        self._open, self._open_size, self._next = 0, 0, None
        return [text for text in taken if isinstance(text, str)]


def _quotes(text: str, delimiter: str, *, is_open: bool) -> Quotes:
    """How quotes stand at the end of the line `text`, at whose start one `is_open` or a cell begins."""
    if '"' not in text:
        return "open" if is_open else "closed"
    start = 0
    while True:
        if is_open or text.startswith('"', start):
            closed = _QUOTED_REST.match(text, start if is_open else start + 1)
            if closed is None:
                return "open"
            start, is_open = closed.end(), False
            if start < len(text) and text[start] != delimiter:
                return "broken"
        start = text.find(delimiter, start) + 1
        if start == 0:
            return "closed"


def _row(line: int, text: str, delimiter: str) -> Iterator[Row | Fault]:
    if not text.strip():
        return
    cells = _cells(text, delimiter) if '"' in text else text.split(delimiter)
    if "\r" in text and any("\r" in cell for cell in _unquoted(text, delimiter)):
        yield Fault(line=line, code="stray-return", row=text)
    else:
        yield Row(line, cells, text)


def _cells(text: str, delimiter: str) -> list[str]:
    return [quoted[1:-1].replace('""', '"') + rest for quoted, rest in _parts(text, delimiter)]


def _unquoted(text: str, delimiter: str) -> Iterator[str]:
    return (rest for _, rest in _parts(text, delimiter))


def _parts(text: str, delimiter: str) -> Iterator[tuple[str, str]]:
    """Each cell's quoted part, with its quotes, and what follows it up to the delimiter."""
    start = 0
    while True:
        closed = _QUOTED_REST.match(text, start + 1) if text.startswith('"', start) else None
        middle = closed.end() if closed else start
        end = text.find(delimiter, middle)
        yield text[start:middle], text[middle:] if end < 0 else text[middle:end]
        if end < 0:
            return
        start = end + 1


def _texts(stream: ByteStream) -> Iterator[tuple[int, str | Fault]]:
    for line, data in _lines(stream):
        if isinstance(data, Fault):
            yield line, data
        else:
            yield line, _text(line, data)


def _text(line: int, data: bytes) -> str | Fault:
    if line == 1 and data.startswith(_UTF_16):
        return Fault(line=line, code="utf-16")
    if b"\0" in data:
        return Fault(line=line, code="not-text", row=data.decode("utf-8", errors="replace"))
    try:
        return data.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        row = data.decode("cp1252", errors="replace")
        details = {"byte": f"0x{data[error.start]:02X}", "position": str(error.start + 1), "guess": "Windows-1252"}
        return Fault(line=line, code="wrong-encoding", value=row[:60], row=row, details=details)


def _lines(stream: ByteStream) -> Iterator[tuple[int, bytes | Fault]]:
    """Lines without their ends; one longer than MAX_LINE_BYTES is a fault, however the stream is cut into chunks."""
    held, line, is_skipping = b"", 1, False
    while chunk := stream.read(_CHUNK_BYTES):
        *whole, held = (held + chunk).split(b"\n")
        for data in whole:
            if not is_skipping:
                yield line, _limited(line, data)
            is_skipping = False
            line += 1
        if len(held) > MAX_LINE_BYTES + 1:  # one more, for the return of a line that ends in the next chunk
            if not is_skipping:
                yield line, _too_long(line)
            held, is_skipping = b"", True
    if held and not is_skipping:
        yield line, _limited(line, held)


def _limited(line: int, data: bytes) -> bytes | Fault:
    data = data.removesuffix(b"\r")
    return data if len(data) <= MAX_LINE_BYTES else _too_long(line)


def _too_long(line: int) -> Fault:
    return Fault(line=line, code="line-too-long", details={"limit": str(MAX_LINE_BYTES)})
