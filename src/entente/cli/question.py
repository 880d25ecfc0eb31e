"""`entente question`: of a node's records, or of plain files without a node."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from entente.analysis import (
    Question,
    Table,
    answer_json,
    describe,
    joined,
    parse_parameters,
    records_table,
    run_question,
    written,
)
from entente.analysis.series import COUNT, COUNTS_CSV, plain_catalogue
from entente.cli.alarm_screen import is_about_series, print_alarms
from entente.cli.answer_screen import print_answer
from entente.cli.counts_file import as_csv
from entente.cli.house import catalogue, node_in, question_called, questions, reader_called, reader_for
from entente.cli.plotting import plotted
from entente.cli.scope import Own, Records, scope_of
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, err, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.asking import PurposeForbidden, ask
from entente.node.intake import Source, opened
from entente.node.looking import Look
from entente.node.work import utc_now
from entente.records import Fault, Record, Stamp, read

app = verb(say("Ask a question of records or of plain files."), has_parts=True)
SHOWN_FAULTS = 5
PLAIN_OPTION = "--table counts=FILE (series, period, count[, tested][, reported])"
_NO_SECRET = bytes(32)


class BadTableOption(InputFault):
    """`{given}` does not say which kind of record the file holds. Write --table KIND=FILE or --table
    KIND:READER=FILE."""


class SameFileTwice(InputFault):
    """{second} has the same bytes as {first}, and its figures would count twice. Name it once."""


class NeedsTables(InputFault):
    """The question `{question}` needs records of {kinds}. Give files with --table, or a node with --node."""


@app.command("list", help=say("The questions there are."))
def list_questions(as_json: AsJson = False) -> None:
    label = catalogue().vocabulary.label
    rows = [
        (q.name, label("question", q.name, PHRASES.language), ", ".join(q.needs), q.instead, q.finds)
        for q in questions()
    ]
    if as_json:
        out_json([dict(zip(("question", "title", "needs", "instead", "finds"), row, strict=True)) for row in rows])
        return
    shown = [
        (
            name,
            title,
            say("{kinds} or {table}", kinds=needs, table=instead) if instead else needs,
            say("finds") if finds else "",
        )
        for name, title, needs, instead, finds in rows
    ]
    table((say("question"), say("what it answers"), say("needs"), say("findings")), shown, empty="")


@app.command(help=say("What a question needs, takes and answers, and how."))
def show(name: str) -> None:
    card = describe(question_called(name), catalogue().vocabulary, PHRASES.language)
    out(f"{card.name}: {card.title}")
    out(card.help)
    out(card.method)
    out(say("Needs: {kinds}", kinds=", ".join(f"{kind} ({label})" for kind, label in card.needs.items())))
    if card.instead:
        out(say("Or a plain table of counts: {option}", option=PLAIN_OPTION))
    rows = [(p.name, p.type, p.default, ", ".join(p.allowed), p.help) for p in card.parameters]
    out()
    table((say("parameter"), say("type"), say("default"), say("values"), say("help")), rows, empty="")


@app.command(help=say("Ask a question; the answer goes to the screen or to a CSV, JSON or Parquet file."))
def run(
    name: Annotated[str, typer.Argument(help=say("Name of the question; `entente question list` shows them."))],
    tables: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            help=say("KIND=FILE or KIND:READER=FILE; counts=FILE is a plain table of counts; may be repeated."),
        ),
    ] = None,
    reader: Annotated[
        str, typer.Option("--format", help=say("Reader for the files; by default found by the columns."))
    ] = "",
    param: Annotated[list[str] | None, typer.Option("--param", help=say("NAME=VALUE; may be repeated."))] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help=say("File for the answer: .csv, .json or .parquet."))
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help=say("File for a picture of series of counts: .svg or .html."))
    ] = None,
    node: NodeFolder = HERE,
    purpose: Annotated[str, typer.Option(help=say("Purpose for which received records are used."))] = "",
    records: Records = "",
    own: Own = False,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    question = question_called(name)
    arguments = parse_parameters(question, param or [], catalogue().vocabulary)
    if tables:
        _refuse_purpose(question, purpose)
        answer = run_question(question, _tables(question, tables, reader), arguments)
    else:
        answer = ask(node_in(node), Look(who or me(), why), question, arguments, purpose, scope=scope_of(records, own))
    if plot is not None:
        plot.write_bytes(plotted(answer, plot.suffix))
        err(say("The picture is in {file}.", file=plot))
    if out_file is not None:
        out_file.write_bytes(written(answer, out_file.suffix, catalogue().vocabulary, PHRASES.language))
        err(say("The answer is in {file}: {rows} rows.", file=out_file, rows=answer.rows.num_rows))
    elif as_json:
        out_json(answer_json(answer, catalogue().vocabulary, PHRASES.language))
    elif is_about_series(answer):
        print_alarms(answer)
    else:
        print_answer(answer)


def _refuse_purpose(question: Question, purpose: str) -> None:
    """Files need no purpose; who names one is told where it may not be served. Raises PurposeForbidden."""
    for name in question.needs if purpose else ():
        only_for = catalogue().kind(name).only_for
        if only_for is not None and purpose not in only_for:
            raise PurposeForbidden(kind=name, purposes=", ".join(only_for), purpose=purpose)


def _tables(question: Question, given: list[str], reader: str) -> dict[str, Table]:
    parts: dict[str, list[Table]] = {}
    seen: dict[str, str] = {}
    for option in given:
        kind, _, file = option.partition("=")
        kind, _, own_reader = kind.partition(":")
        if not file or kind not in (*question.needs, *filter(None, (question.instead,))):
            raise BadTableOption(given=option)
        if kind == question.instead and own_reader:
            raise BadTableOption(given=option)
        parts.setdefault(kind, []).append(_read_file(file, kind, own_reader or reader, seen))
    missing = [kind for kind in question.needs if kind not in parts]
    if missing and question.instead not in parts:
        raise NeedsTables(question=question.name, kinds=", ".join(missing))
    return {kind: joined(found) for kind, found in parts.items()}


class _Hashed:
    """A stream that is hashed while it is read, unpacked: a packed copy of a file is the same file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def _read_file(file: str, kind: str, reader_name: str, seen: dict[str, str]) -> Table:
    number = len(seen)
    is_plain = kind == COUNT.name
    known = plain_catalogue(catalogue().vocabulary) if is_plain else catalogue()
    with opened(file) as source:
        reader = COUNTS_CSV if is_plain else reader_called(reader_name) if reader_name else reader_for("", source)
        stamp = Stamp(said_by="file", recorded_at=utc_now(), id_key=_NO_SECRET, is_simulated=False)
        hashed = _Hashed(source)
        outcomes = list(
            read(
                as_csv(hashed) if is_plain else hashed,
                reader=reader,
                catalogue=known,
                stamp=stamp,
                source=source.name,
                source_digest=source.digest,
            )
        )
    first = seen.setdefault(hashed.digest.hexdigest(), file)
    if len(seen) == number:
        raise SameFileTwice(first=first, second=file)
    _tell_faults(file, [outcome for outcome in outcomes if isinstance(outcome, Fault)])
    return records_table(known.kind(kind), [outcome for outcome in outcomes if isinstance(outcome, Record)])


def _tell_faults(file: str, faults: list[Fault]) -> None:
    if not faults:
        return
    err(say("{file}: {number} rows could not be read and are not in the answer:", file=file, number=len(faults)))
    for fault in faults[:SHOWN_FAULTS]:
        reason, cure = fault.reason(PHRASES.translate), fault.cure(PHRASES.translate)
        err("  " + say("line {line}: {reason} {cure}", line=fault.line, reason=reason, cure=cure))
