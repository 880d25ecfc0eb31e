"""A plain table of counts as CSV, also where it is a Parquet file."""

import io

from entente.errors import InputFault
from entente.records import ByteStream

_PARQUET = b"PAR1"
MAX_BYTES = 512 * 1024 * 1024


class BrokenParquet(InputFault):
    """The Parquet file cannot be read: {why}. Write it again, or save the table as CSV."""


def as_csv(stream: ByteStream) -> ByteStream:
    """`stream` as it is, or, if it is Parquet, as the CSV of its table. Raises BrokenParquet."""
    start = _whole(stream, len(_PARQUET))
    return (
        io.BytesIO(_from_parquet(start + _whole(stream, MAX_BYTES))) if start == _PARQUET else _Rejoined(start, stream)
    )


def _whole(stream: ByteStream, size: int) -> bytes:
    """`size` bytes of the stream, or fewer at its end."""
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _from_parquet(data: bytes) -> bytes:
    import pyarrow as pa
    from pyarrow import csv, parquet

    target = io.BytesIO()
    try:
        csv.write_csv(parquet.read_table(io.BytesIO(data)), target)
    except (pa.ArrowException, OSError) as error:
        raise BrokenParquet(why=str(error).partition("\n")[0].rstrip(".")) from error
    return target.getvalue()


class _Rejoined:
    """A stream of which the start was read already."""

    def __init__(self, start: bytes, rest: ByteStream) -> None:
        self._start, self._rest = start, rest

    def read(self, size: int, /) -> bytes:
        if self._start:
            start, self._start = self._start[:size], self._start[size:]
            return start
        return self._rest.read(size)
