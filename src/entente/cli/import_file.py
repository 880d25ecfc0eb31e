"""`entente import`: a file becomes records; bad rows wait with line, reason and cure."""

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from entente.cli.house import node_in, reader_for
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.intake import Source, import_table, opened
from entente.node.work import Node
from entente.records import SIMULATED, Fault, Reader
from entente.signing import parse
from entente.store import IntakeRow, QuarantineRow

app = verb(say("Import a file; bad rows wait with reason and cure."))
SHOWN = 10


@app.command()
def import_file(
    files: Annotated[list[str], typer.Argument(help=say("Files, plain or gzip; - is standard input."))],
    node: NodeFolder = HERE,
    reader: Annotated[
        str, typer.Option("--format", help=say("Name of the reader; by default found by the columns."))
    ] = "",
    is_simulated: Annotated[
        bool, typer.Option("--simulated", help=say("The file is simulated; demo nodes only."))
    ] = False,
    bad_rows: Annotated[
        Path | None, typer.Option("--bad-rows", help=say("Write the bad rows with their cures here."))
    ] = None,
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    results: list[tuple[IntakeRow, list[QuarantineRow]]] = []
    for file in files:
        with opened(file) as source:
            chosen = reader_for(reader, source)
            is_marked = is_simulated or SIMULATED in source.titles()
            done = _import(home, source, chosen, who or me(), is_simulated=is_simulated)
        rows = _quarantined(home, done, SHOWN if bad_rows is None and not as_json else done.quarantined)
        results.append((done, rows))
        if not as_json:
            _print(done, rows, is_simulated=is_marked)
    if bad_rows is not None:
        _write_bad_rows(bad_rows, [row for _, rows in results for row in rows])
    if as_json:
        out_json([_as_json(done, rows) for done, rows in results])


def _import(home: Node, source: Source, reader: Reader, who: str, *, is_simulated: bool) -> IntakeRow:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(source.name, total=source.size or None)

        def progress(_: IntakeRow, position: int) -> None:
            bar.update(task, completed=position)

        return import_table(home, source, reader, who, is_simulated=is_simulated, progress=progress)


def _quarantined(home: Node, done: IntakeRow, limit: int) -> list[QuarantineRow]:
    with home.store.reading() as tx:
        return list(tx.quarantined(done.id, limit=max(limit, 1)))


def fault_of(row: QuarantineRow) -> Fault:
    return Fault(
        line=row.line, code=row.code, field=row.field, value=row.value, row=row.row, details=parse(row.details)
    )


def _print(done: IntakeRow, rows: list[QuarantineRow], *, is_simulated: bool) -> None:
    counts = {name: f"{getattr(done, name):,}" for name in ("kept", "unchanged", "quarantined")}
    out(
        say(
            "{source}: {kept} records kept, {unchanged} unchanged, {quarantined} rows in quarantine.",
            source=done.source,
            **counts,
        )
    )
    if is_simulated:
        out(say("SIMULATED: none of this is real."))
    if rows:
        faults = [fault_of(row) for row in rows[:SHOWN]]
        shown = [(fault.line, fault.reason(PHRASES.translate), fault.cure(PHRASES.translate)) for fault in faults]
        table((say("line"), say("what is wrong"), say("what to do")), shown, empty="")
    if done.quarantined > SHOWN:
        out(say("... and {more} more; --bad-rows FILE writes them all.", more=done.quarantined - SHOWN))


def _write_bad_rows(file: Path, rows: list[QuarantineRow]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([say("line"), say("field"), say("what is wrong"), say("what to do"), say("row")])
        for row in rows:
            fault = fault_of(row)
            reason, cure = fault.reason(PHRASES.translate), fault.cure(PHRASES.translate)
            writer.writerow([fault.line, fault.field, reason, cure, fault.row])


def _as_json(done: IntakeRow, rows: list[QuarantineRow]) -> dict[str, object]:
    faults = [fault_of(row) for row in rows]
    return {
        "source": done.source,
        "reader": done.reader,
        "kept": done.kept,
        "unchanged": done.unchanged,
        "quarantined": [
            {
                "line": fault.line,
                "field": fault.field,
                "code": fault.code,
                "reason": fault.reason(PHRASES.translate),
                "cure": fault.cure(PHRASES.translate),
            }
            for fault in faults
        ],
    }
