"""What the tests of samples share: reading a table of ours."""

import io
from datetime import UTC, datetime

from entente.records import Fault, Record, Stamp, read
from entente.signing import digest
from entente.workstreams import ALL, build_catalogue

SAMPLES = next(workstream for workstream in ALL if workstream.name == "samples")
CATALOGUE = build_catalogue(ALL)
READERS = {reader.name: reader for reader in SAMPLES.readers}
STAMP = Stamp(said_by="ca.rcmp", recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)
SAMPLE_HEADER = (
    "number,seized_on,received_on,substance_suspected,form,colour,mass_g,mass_mg,mass_kg,seizure_number,place,"
    "submitter,exhibit_notes"
)
RESULT_HEADER = "sample_number,substance,reported_on,role,purity_percent,method,profile,analyst"


def outcomes(data: bytes, reader: str) -> list[Record | Fault]:
    place = {"source": "a.csv", "source_digest": digest(data)}
    return list(read(io.BytesIO(data), reader=READERS[reader], catalogue=CATALOGUE, stamp=STAMP, **place))


def row(header: str, **cells: str) -> bytes:
    """A table of one row, whose other cells are empty."""
    titles = header.split(",")
    assert cells.keys() <= set(titles)
    return f"{header}\n{','.join(cells.get(title, '') for title in titles)}\n".encode()


def sample(**cells: str) -> list[Record | Fault]:
    return outcomes(row(SAMPLE_HEADER, **{"number": "S-1"} | cells), "sample-csv")


def result(**cells: str) -> list[Record | Fault]:
    usual = {"sample_number": "S-1", "substance": "fentanyl"}
    return outcomes(row(RESULT_HEADER, **usual | cells), "lab-result-csv")
