"""Plain tables of counts for tests."""

import io
from datetime import UTC, datetime

from entente.analysis import Table, records_table
from entente.analysis.series import COUNT, COUNTS_CSV, plain_catalogue
from entente.records import Fault, Record, Stamp, read
from entente.vocabulary import house_vocabulary

STAMP = Stamp(said_by="file", recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=bytes(32), is_simulated=False)
CATALOGUE = plain_catalogue(house_vocabulary())


def outcomes(text: str) -> list[Record | Fault]:
    stream = io.BytesIO(text.encode("utf-8"))
    return list(read(stream, reader=COUNTS_CSV, catalogue=CATALOGUE, stamp=STAMP, source="a.csv", source_digest="d"))


def faults(text: str) -> list[Fault]:
    return [one for one in outcomes(text) if isinstance(one, Fault)]


def plain(text: str) -> Table:
    """The table in `text`, which has no fault."""
    found = outcomes(text)
    assert not [one for one in found if isinstance(one, Fault)]
    return records_table(COUNT, [one for one in found if isinstance(one, Record)])
