"""`entente bench`: rates of this machine, each beside a named peer in the same run; ratios travel, absolute rates
do not."""

import csv
import io
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from entente.cli.bench_report import machine
from entente.cli.house import catalogue, reader_called
from entente.cli.terminal import AsJson, err, out, out_json, say
from entente.cli.verb import verb
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.intake import import_table, opened
from entente.node.work import utc_now
from entente.records import Record, Stamp, read

app = verb(say("Measure this machine beside a named peer."), has_parts=True)
Rows = Annotated[int, typer.Option(min=100, help=say("How many records."))]
RUNS = 3
PEER_RECORDS = 2000
_SECRET = bytes(32)


@dataclass(frozen=True, slots=True)
class Rate:
    """Records per second: `rates` of every run, `what` was measured."""

    what: str
    rates: list[float]

    @property
    def median(self) -> float:
        return median(self.rates)


@app.command(
    "import", help=say("Import of a file with ledger entries, beside plain sqlite3 executemany of the same bodies.")
)
def bench_import(rows: Rows = 20_000, as_json: AsJson = False) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "totals.csv"
        file.write_bytes(_table(rows))
        bodies = [(record.id, record.version, record.body) for record in _records(rows)]
        ours = Rate(say("entente import: read, check, keep, ledger entry per record"), [])
        peer = Rate(say("sqlite3 {version} executemany, one row per record", version=sqlite3.sqlite_version), [])
        for run in range(RUNS):
            ours.rates.append(rows / _timed(partial(_import, folder / f"node{run}", file)))
            peer.rates.append(rows / _timed(partial(_insert, folder / f"peer{run}.db", bodies)))
    _report(rows, ours, peer, as_json=as_json)


@app.command(
    "decide", help=say("Decisions about simulated records for twelve partners at once, beside cedarpy on a sample.")
)
def bench_decide(
    rows: Rows = 1_000_000,
    partners: Annotated[int, typer.Option(min=1, max=12, help=say("For how many partners."))] = 12,
    as_json: AsJson = False,
) -> None:
    from entente.cli.bench_decide import measure
    from entente.cli.bench_report import report

    report(measure(rows, partners), as_json=as_json)


@app.command(
    "exchange", help=say("Two served nodes: one record after the other, then many at once, beside one request each.")
)
def bench_exchange(
    records: Annotated[int, typer.Option(min=100, help=say("How many records at once."))] = 100_000,
    seconds: Annotated[float, typer.Option(min=1, help=say("How long records are fed one by one."))] = 60,
    rate: Annotated[float, typer.Option(min=1, help=say("How many of them a second."))] = 100,
    is_growing: Annotated[
        bool, typer.Option("--growth", help=say("At once in steps: 1,000, 10,000 and so on up to all records."))
    ] = False,
    store: Annotated[str, typer.Option(help=say("A PostgreSQL database, for both nodes; by default SQLite."))] = "",
    as_json: AsJson = False,
) -> None:
    from entente.cli import bench_exchange as run
    from entente.cli.bench_exchange_report import Measured, report
    from entente.cli.bench_peer import measure as measure_peer

    with tempfile.TemporaryDirectory() as name:
        with run.fielded(Path(name) / "nodes", store) as field:
            singles = run.singles(field, seconds, rate)
            transfers = [run.transfer(field, part) for part in (run.decades(records) if is_growing else [records])]
        peer = measure_peer([record.to_json() for record in run.bodies(min(records, PEER_RECORDS))], Path(name))
        if field.schemas:
            err(say("The database still holds the schemas {names}; drop them.", names=", ".join(field.schemas)))
    engine = "PostgreSQL" if store else f"SQLite {sqlite3.sqlite_version}"
    report(Measured(store=engine, singles=singles, transfers=transfers, peer=peer), as_json=as_json)


@app.command(
    "aberration",
    help=say("Tests of weekly counts beside R's surveillance, in turn, and what they find in simulated series."),
)
def bench_aberration(
    replicates: Annotated[
        int, typer.Option(min=0, help=say("How many simulated series of each of the 42 scenarios; twenty make lists."))
    ] = 20,
    seed: Annotated[int, typer.Option(min=0, help=say("Of the simulated series."))] = 2026,
    without_r: Annotated[bool, typer.Option("--without-r", help=say("Leave the peer out."))] = False,
    as_json: AsJson = False,
) -> None:
    from entente.cli.bench_aberration import measure
    from entente.cli.bench_aberration_report import report

    report(measure(replicates, seed, with_peer=not without_r), as_json=as_json)


@app.command("knox", help=say("The Knox test beside R's on the same events; needs R with its package surveillance."))
def bench_knox(
    replicates: Annotated[int, typer.Option(min=1, help=say("How many permutations."))] = 199, as_json: AsJson = False
) -> None:
    from entente.cli.bench_knox import measure, report

    report(measure(replicates), as_json=as_json)


@app.command("scan", help=say("The space-time scan on simulated tables: false finds, clusters found, seconds."))
def bench_scan(
    tables: Annotated[int, typer.Option(min=1, help=say("How many tables of each sort."))] = 1000,
    replicates: Annotated[int, typer.Option(min=1, help=say("How many replicates of each table."))] = 199,
    as_json: AsJson = False,
) -> None:
    from entente.cli.bench_scan import measure, report

    report(measure(tables, replicates), as_json=as_json)


@app.command(
    "emerging", help=say("The rule for emerging substances, on simulated panels and on a folder of NFLIS-Drug tables.")
)
def bench_emerging(
    data: Annotated[Path, typer.Option("--data", help=say("Folder with files nflis_*.csv, plain or gzipped."))],
    case: Annotated[
        str, typer.Option("--case", help=say("The substance whose rise is known; all others are controls."))
    ] = "Xylazine",
    panels: Annotated[int, typer.Option(min=0, help=say("How many simulated panels of each sort."))] = 3,
    as_json: AsJson = False,
) -> None:
    from entente.cli import bench_emerging as run
    from entente.cli.bench_emerging_data import ended
    from entente.cli.bench_emerging_data import panels as read_panels
    from entente.cli.bench_emerging_report import report, report_json

    by_state, national = read_panels(data)
    simulated = [run.simulate(design, panels) for design in (*run.quiet_designs(), run.RISING) if panels]
    told = simulated, [run.run(ended(panel, case)) for panel in by_state], [run.run(panel) for panel in national]
    (report_json if as_json else report)(*told, case)


@app.command(
    "linkage",
    help=say("Samples of one batch told from samples of two, on simulated profiles, beside the usual metrics."),
)
def bench_linkage(
    worlds: Annotated[int, typer.Option(min=1, help=say("How many simulated worlds of each sort."))] = 2,
    as_json: AsJson = False,
) -> None:
    from entente.cli.bench_linkage import measure, report

    report(measure(worlds), as_json=as_json)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _table(rows: int) -> bytes:
    header = (
        "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)"
    )
    out_stream = io.StringIO(newline="")
    writer = csv.writer(out_stream)
    writer.writerow(header.split(","))
    for number in range(rows):
        region = ("Northern Border", "Southwest Border", "Coastal/Interior")[number % 3]
        office = f"SIMULATED OFFICE {number}"
        values = (
            2025,
            "SEP",
            "Office of Field Operations",
            region,
            "Other",
            office,
            "Fentanyl",
            1,
            f"{number % 97}.25",
        )
        writer.writerow(values)
    return out_stream.getvalue().encode("utf-8")


def _records(rows: int) -> Iterator[Record]:
    stamp = Stamp(said_by="us.cbp", recorded_at=utc_now(), id_key=_SECRET, is_simulated=True)
    reader = reader_called("cbp-drug-seizures")
    stream = io.BytesIO(_table(rows))
    for outcome in read(stream, reader=reader, catalogue=catalogue(), stamp=stamp, source="bench", source_digest=""):
        if isinstance(outcome, Record):
            yield outcome


def _import(folder: Path, file: Path) -> None:
    url = "http://127.0.0.1:8801"
    config = Config(folder=folder, party="us.cbp", domain="demo", store="sqlite:node.sqlite", url=url)
    node = create_node(config, catalogue())
    with opened(str(file)) as source:
        import_table(node, source, reader_called("cbp-drug-seizures"), "bench", is_simulated=True)
    node.close()


def _insert(file: Path, bodies: list[tuple[str, int, bytes]]) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE record (id TEXT, version INTEGER, body BLOB, PRIMARY KEY (id, version))")
    for start in range(0, len(bodies), 500):
        with connection:
            connection.executemany("INSERT INTO record VALUES (?, ?, ?)", bodies[start : start + 500])
    connection.close()


def _report(rows: int, ours: Rate, peer: Rate, *, as_json: bool) -> None:
    measured = (ours, peer)
    if as_json:
        rates = {rate.what: round(rate.median) for rate in measured}
        ratios = {rate.what: round(rate.median / peer.median, 3) for rate in measured[:-1]}
        out_json({"records": rows, "runs": RUNS, "machine": machine(), "records_per_second": rates, "ratio": ratios})
        return
    out(say("{rows} records, median of {runs} runs in turn, {machine}", rows=f"{rows:,}", runs=RUNS, machine=machine()))
    for rate in measured:
        out(f"  {rate.median:>12,.0f}/s  {rate.median / peer.median:8.2f} x  {rate.what}")
