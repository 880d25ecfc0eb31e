"""What the tests of substances share: reading a table, asking a question, and the public files where they are."""

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

SUBSTANCES = next(workstream for workstream in ALL if workstream.name == "substances")
CATALOGUE = build_catalogue(ALL)
READERS = {reader.name: reader for reader in SUBSTANCES.readers}
QUESTIONS = {question.name: question for question in SUBSTANCES.questions}

CSV_HEADER = "publication,jurisdiction,substance,substance_code,period_start,period_end,tested,reported,basis"
ACT_HEADER = "schedule,part,item,text,in_force_since"
OPIOIDS = "lab-samples/nflis_opioids_xylazine_by_state_halfyear_1997_2022.csv.gz"
FAMILY = "lab-samples/nflis_fentanyl_family_by_state_halfyear_2017_2023.csv.gz"
SCHEDULES = "precursors/canada_cdsa_schedules.csv"


def public_file(name: str) -> bytes:
    """The bytes of a public file; skips where the data are not beside the repository, fails in CI."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    path = Path(os.environ.get("ENTENTE_DATA", beside)) / name
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{path} is not there; ENTENTE_DATA may name its folder")
    data = path.read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def outcomes(data: bytes, reader: str, source: str = "a.csv", said_by: str = "us.dea") -> list[Record | Fault]:
    stamp = Stamp(said_by=said_by, recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)
    place = {"source": source, "source_digest": digest(data)}
    return list(read(io.BytesIO(data), reader=READERS[reader], catalogue=CATALOGUE, stamp=stamp, **place))


def kept(data: bytes, reader: str) -> list[Record]:
    return [item for item in outcomes(data, reader) if isinstance(item, Record)]


def codes(data: bytes, reader: str) -> list[str]:
    return [item.code for item in outcomes(data, reader) if isinstance(item, Fault)]


def table(*files: bytes, reader: str = "test-count-csv", said_by: str = "us.dea") -> Table:
    """All rows of `files`; none may have a fault."""
    parts = []
    for number, data in enumerate(files):
        found = outcomes(data, reader, f"{number}.csv", said_by)
        assert [item for item in found if isinstance(item, Fault)] == []
        parts.append(
            records_table(CATALOGUE.kind(READERS[reader].kind), [one for one in found if isinstance(one, Record)])
        )
    return joined(parts)


def ask(question: str, *tables: Table, settings: tuple[str, ...] = ()) -> Answer:
    chosen = QUESTIONS[question]
    arguments = parse_parameters(chosen, settings, CATALOGUE.vocabulary)
    return run_question(chosen, {one.kind: one for one in tables}, arguments)


def rows(question: str, *tables: Table, settings: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(question, *tables, settings=settings).rows.to_pylist()
    return found


def counts(*lines: str) -> bytes:
    return "\n".join((CSV_HEADER, *lines, "")).encode()


def count(
    month: str,
    substance: str,
    reported: int | str,
    tested: int | str = "",
    *,
    place: str = "ca-bc",
    publication: str = "lab",
    basis: str = "samples",
) -> str:
    """One month's count; every month is given 28 days."""
    return f"{publication},{place},{substance},,{month}-01,{month}-28,{tested},{reported},{basis}"


def months(first: int, last: int) -> list[str]:
    """Months from the `first` to before the `last` month after January 2020."""
    return [f"{2020 + number // 12}-{number % 12 + 1:02}" for number in range(first, last)]


def act(*lines: str) -> bytes:
    return "\n".join((ACT_HEADER, *lines, "")).encode()
