"""What the tests of health share: reading a table, asking a question, and the public file where it is."""

import gzip
import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entente.analysis import Answer, Table, joined, parse_parameters, records_table, run_question
from entente.records import Fault, Record, Stamp, read
from entente.signing import digest
from entente.workstreams import ALL, build_catalogue

HEALTH = next(workstream for workstream in ALL if workstream.name == "health")
CATALOGUE = build_catalogue(ALL)
KIND = CATALOGUE.kind("drug-checking-count")
READERS = {reader.name: reader for reader in HEALTH.readers}
QUESTIONS = {question.name: question for question in HEALTH.questions}
STAMP = Stamp(said_by="ca.phac", recorded_at=datetime(2030, 6, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)
HEADER = "publication,region,substance,role,period_start,period_end,tested,positive"
DAILY_HEADER = "date_received,role,substance,n_samples,samples_received_that_day"


def public_file() -> bytes:
    """The bytes of the public WEDINOS file; skips where the data are not beside the repository, fails in CI."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("ENTENTE_DATA", beside)) / "lab-samples"
    path = folder / "wedinos_daily_substance_counts_2024.csv.gz"
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{path} is not there; ENTENTE_DATA may name its folder")
    return gzip.decompress(path.read_bytes())


def outcomes(data: bytes, reader: str = "drug-checking-csv", source: str = "a.csv") -> list[Record | Fault]:
    place = {"source": source, "source_digest": digest(data)}
    return list(read(io.BytesIO(data), reader=READERS[reader], catalogue=CATALOGUE, stamp=STAMP, **place))


def kept(data: bytes, reader: str = "drug-checking-csv", source: str = "a.csv") -> list[Record]:
    return [item for item in outcomes(data, reader, source) if isinstance(item, Record)]


def faults(data: bytes, reader: str = "drug-checking-csv") -> list[Fault]:
    return [item for item in outcomes(data, reader) if isinstance(item, Fault)]


def counts(*files: bytes, reader: str = "drug-checking-csv") -> Table:
    for data in files:
        assert faults(data, reader) == []
    return joined([records_table(KIND, kept(data, reader, f"{n}.csv")) for n, data in enumerate(files)])


def ask(question: str, table: Table, *settings: str) -> Answer:
    chosen = QUESTIONS[question]
    return run_question(chosen, {table.kind: table}, parse_parameters(chosen, settings, CATALOGUE.vocabulary))


def rows(question: str, table: Table, *settings: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(question, table, *settings).rows.to_pylist()
    return found


def service(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines, "")).encode()


def daily(*lines: str) -> bytes:
    return "\n".join((DAILY_HEADER, *lines, "")).encode()


def month(  # one count of one month
    number: int,
    substance: str = "Xylazine",
    positive: int | str = 0,
    tested: int | str = 100,
    *,
    publication: str = "service",
    region: str = "ca-bc",
    role: str = "minor",
) -> str:
    year, first = divmod(number - 1, 12)
    start = f"{2029 + year}-{first + 1:02}"
    return f"{publication},{region},{substance},{role},{start}-01,{start}-28,{tested},{positive}"
