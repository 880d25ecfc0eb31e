"""`entente import`: a file becomes records; bad rows wait with line, reason and cure."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from entente.cli.house import node_in, reader_for
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.bad_rows import bad_rows as bad_rows_of
from entente.node.bad_rows import faults
from entente.node.intake import Source, import_table, opened
from entente.node.uploads import import_called
from entente.node.work import Node
from entente.records import SIMULATED, Fault, Reader
from entente.store import IntakeRow

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
        Path | None,
        typer.Option(
            "--bad-rows", help=say("Write the bad rows here, with their cures, to be corrected and imported.")
        ),
    ] = None,
    corrects: Annotated[
        str, typer.Option("--corrects", help=say("Id of the import whose bad rows these files correct."))
    ] = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    if corrects:
        import_called(home, corrects)
    results: list[tuple[IntakeRow, list[Fault]]] = []
    for number, file in enumerate(files, 1):
        with opened(file) as source:
            chosen = reader_for(reader, source)
            is_marked = is_simulated or SIMULATED in source.titles()
            done = _import(home, source, chosen, who or me(), corrects=corrects, is_simulated=is_simulated)
        found = list(faults(home, done.id, limit=max(done.quarantined, 1) if as_json else SHOWN))
        results.append((done, found))
        if not as_json:
            _print(done, found, is_simulated=is_marked)
        if bad_rows is not None:
            _write_bad_rows(home, done, bad_rows if len(files) == 1 else _numbered(bad_rows, number))
    if as_json:
        out_json([_as_json(done, found) for done, found in results])


def _import(home: Node, source: Source, reader: Reader, who: str, *, corrects: str, is_simulated: bool) -> IntakeRow:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(source.name, total=source.size or None)

        def progress(_: IntakeRow, position: int) -> None:
            bar.update(task, completed=position)

        return import_table(home, source, reader, who, corrects=corrects, is_simulated=is_simulated, progress=progress)


def _print(done: IntakeRow, found: list[Fault], *, is_simulated: bool) -> None:
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
    if found:
        shown = [(fault.line, fault.reason(PHRASES.translate), fault.cure(PHRASES.translate)) for fault in found]
        table((say("line"), say("what is wrong"), say("what to do")), shown, empty="")
    if done.quarantined > SHOWN:
        out(say("... and {more} more; --bad-rows FILE writes them all.", more=done.quarantined - SHOWN))


def _numbered(file: Path, number: int) -> Path:
    """Of several imports, each has a file of bad rows of its own: their columns differ."""
    return file.with_name(f"{file.stem}-{number}{file.suffix}")


def _write_bad_rows(home: Node, done: IntakeRow, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(bad_rows_of(home, done, PHRASES))


def _as_json(done: IntakeRow, found: list[Fault]) -> dict[str, object]:
    return {
        "id": done.id,
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
            for fault in found
        ],
    }
