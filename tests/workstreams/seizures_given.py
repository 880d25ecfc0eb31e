"""What the tests of seizures share: reading a table, asking a question, and the public files where they are."""

import gzip
import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entente.analysis import Answer, Table, joined, parse_parameters, records_table, run_question
from entente.records import Fault, Reader, Record, Stamp, read
from entente.signing import digest
from entente.workstreams import ALL, build_catalogue

SEIZURES = next(workstream for workstream in ALL if workstream.name == "seizures")
CATALOGUE = build_catalogue(ALL)
READERS = {reader.name: reader for reader in SEIZURES.readers}
QUESTIONS = {question.name: question for question in SEIZURES.questions}
STAMP = Stamp(said_by="us.cbp", recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)

CBP_HEADER = (
    "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)"
)
NATIONWIDE = ("cbp_drug_seizures_fy19_fy22", "cbp_drug_seizures_fy23_fy25")
AIR_AND_MARINE = ("cbp_amo_drug_seizures_fy19_fy22", "cbp_amo_drug_seizures_fy23_fy25")


def public_file(name: str) -> bytes:
    """The bytes of a public CBP file; skips where the data are not beside the repository, fails in CI."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    path = Path(os.environ.get("ENTENTE_DATA", beside)) / "seizures" / f"{name}.csv.gz"
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{path} is not there; ENTENTE_DATA may name its folder")
    return gzip.decompress(path.read_bytes())


def outcomes(data: bytes, reader: Reader | str = "cbp-drug-seizures", source: str = "a.csv") -> list[Record | Fault]:
    chosen = READERS[reader] if isinstance(reader, str) else reader
    place = {"source": source, "source_digest": digest(data)}
    return list(read(io.BytesIO(data), reader=chosen, catalogue=CATALOGUE, stamp=STAMP, **place))


def records(data: bytes, source: str = "a.csv") -> list[Record]:
    found = outcomes(data, source=source)
    assert [item for item in found if isinstance(item, Fault)] == []
    return [item for item in found if isinstance(item, Record)]


def totals(*files: bytes) -> Table:
    kind = CATALOGUE.kind("seizure-total")
    return joined([records_table(kind, records(data, f"{n}.csv")) for n, data in enumerate(files)])


def ask(question: str, table: Table, *settings: str) -> Answer:
    chosen = QUESTIONS[question]
    return run_question(chosen, {table.kind: table}, parse_parameters(chosen, settings, CATALOGUE.vocabulary))


def rows(question: str, table: Table, *settings: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(question, table, *settings).rows.to_pylist()
    return found


def cbp(*lines: str, header: str = CBP_HEADER) -> bytes:
    return "\n".join((header, *lines, "")).encode()


def cell(  # one published figure
    fiscal_year: str = "2019",
    month: str = "OCT",
    drug: str = "Fentanyl",
    *,
    component: str = "Office of Field Operations",
    region: str = "Northern Border",
    area: str = "EXAMPLE FIELD OFFICE",
    events: int = 1,
    pounds: str = "1",
) -> str:
    return f"{fiscal_year},{month},{component},{region},Land Only,{area},{drug},{events},{pounds}"
