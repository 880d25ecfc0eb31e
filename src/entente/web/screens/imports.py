"""Imports: a file goes up, its rows are read while its sender may leave, and bad rows come back to be corrected."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from entente.errors import EntenteError, InputFault, Unavailable
from entente.node.bad_rows import bad_rows, look_at_bad_rows
from entente.node.choosing import reader_called
from entente.node.import_view import leaving, usable_readers
from entente.node.uploads import MAX_UPLOAD_BYTES, MIB, Import, NoSuchImport, import_called, import_page, imports
from entente.records import Fault, Reader
from entente.records.kinds import STEERING
from entente.web.mistakes import NothingHere, status_of
from entente.web.paging import asked, whole_number
from entente.web.routes import get, post
from entente.web.values import field_label
from entente.web.visit import Visit

PAGE, LONGEST_VALUE = 50, 160
TONES = {"waiting": "", "reading": "warn", "done": "good", "failed": "bad"}
MOST_LOOKS = {"progress": 1200, "left": 150}
"""So often a page that stands open asks by itself, every second and every other second; more would keep a session open
that nobody uses any more."""


class NoFileChosen(InputFault):
    """No file was chosen. Choose the file in the form, and press the button again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a format: its `titles` in the editions of the format, and what it means in the reader's language
    (empty where nothing says so). `codes` with their labels are what may stand in it, where only these may."""

    titles: Sequence[str]
    meaning: str
    is_needed: bool
    codes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that waits, ready to be shown: `column` as the file titles it, `meaning` in the reader's language."""

    line: int
    column: str
    meaning: str
    value: str
    reason: str
    cure: str


def list_imports(visit: Visit) -> Response:
    return _list(visit)


def take_in(visit: Visit) -> Response:
    """Takes the file in; what is wrong with it as a whole is said above the form that it was sent with."""
    file = visit.form.get("file")
    corrects = visit.text("corrects")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise NoFileChosen
        row = visit.uploads.receive(
            file.filename,
            file.file,
            reader=visit.text("reader"),
            is_simulated=visit.text("simulated") == "yes",
            who=visit.who,
            corrects=corrects,
        )
    except (InputFault, Unavailable) as error:
        return _not_taken(visit, corrects, error)
    return visit.go(f"/imports/{row.id}")


def show_import(visit: Visit) -> Response:
    return _show(visit)


def progress(visit: Visit) -> Response:
    """The part of the page that changes while the file is read."""
    return _show(visit, part="now") if visit.is_part else visit.go(f"/imports/{visit.path['intake_id']}")


def left(visit: Visit) -> Response:
    """The part of the page that says what has left."""
    return _show(visit, part="left") if visit.is_part else visit.go(f"/imports/{visit.path['intake_id']}")


def bad_rows_file(visit: Visit) -> Response:
    row = import_called(visit.node, visit.path["intake_id"])
    kind, each = _kind(visit, row.reader), range(1, row.quarantined + 1)
    look_at_bad_rows(visit.node, visit.look, kind, f"{row.id}/bad-rows", each)
    lines = (line.encode("utf-8", "backslashreplace") for line in bad_rows(visit.node, row, visit.book))
    name = f"{shown(row.source).removesuffix('.gz').removesuffix('.csv')}.{visit.say('bad rows')}.csv"
    return visit.stream(name, "text/csv; charset=utf-8", lines)


def empty_table(visit: Visit) -> Response:
    """A table without rows in the layout of a reader, to be filled in."""
    try:
        reader = reader_called(visit.house.readers, visit.path["reader"])
    except InputFault as error:
        raise NothingHere from error
    titles = [names[0] for names in (*reader.columns.values(), *reader.optional.values())]
    return visit.csv(f"{reader.name}.csv", [titles])


def shown(text: str) -> str:
    """Text from a file as it can stand on a page: no character that steers the screen, and none that is not one."""
    return STEERING.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8", "replace").decode()


def _not_taken(visit: Visit, corrects: str, error: EntenteError) -> Response:
    message, status = error.said(visit.book.translate), status_of(error)
    if corrects and not isinstance(error, NoSuchImport):
        return _show(visit, corrects, message=message, status=status)
    return _list(visit, message=message, status=status)


def _list(visit: Visit, *, message: str = "", status: int = 200) -> Response:
    rows = imports(visit.node)
    before = asked(visit, "before")
    first = next((number for number, row in enumerate(rows, 1) if row.id == before), 0)
    listed = rows[first : first + PAGE]
    formats = usable_readers(visit.node, visit.house.readers)
    names = visit.node.catalogue.vocabulary
    return visit.page(
        "imports.html",
        status=status,
        message=message,
        rows=listed,
        name_of=shown,
        sources={row.id: row.source for row in rows},
        corrected_by={
            row.id: [one for one in rows if one.corrects == row.id and one.state == "done"] for row in listed
        },
        tones=TONES,
        older=listed[-1].id if first + PAGE < len(rows) else "",
        is_first=first == 0,
        formats=[(reader, _columns(visit, reader)) for reader in formats],
        readers=sorted(
            ((one.name, f"{names.label('reader', one.name, visit.language)} ({one.name})") for one in formats),
            key=lambda option: option[1].casefold(),
        ),
        limit=MAX_UPLOAD_BYTES // MIB,
        **_typed(visit),
    )


def _typed(visit: Visit) -> Mapping[str, Any]:
    """What was chosen before; what is sent to a demonstration node is simulated unless somebody says otherwise."""
    was_sent = "form_token" in visit.form
    return {
        "reader": visit.text("reader"),
        "simulated": [visit.text("simulated")] if was_sent else ["yes"],
    }


def _columns(visit: Visit, reader: Reader) -> Sequence[Column]:
    return [
        Column(
            titles=titles,
            meaning=_meaning(visit, reader, name),
            is_needed=columns is reader.columns,
            codes=_codes(visit, reader, name),
        )
        for columns in (reader.columns, reader.optional)
        for name, titles in columns.items()
    ]


def _codes(visit: Visit, reader: Reader, name: str) -> Sequence[tuple[str, str]]:
    field = visit.node.catalogue.kind(reader.kind).field(name)
    if field is None or field.vocabulary is None:
        return ()
    terms = visit.node.catalogue.vocabulary.list(field.vocabulary).terms
    return [(code, term.label(visit.language)) for code, term in terms.items()]


def _meaning(visit: Visit, reader: Reader, name: str) -> str:
    label = field_label(visit, reader.kind, name)
    return "" if label == name else label


def _show(
    visit: Visit, intake_id: str = "", *, part: str | None = None, message: str = "", status: int = 200
) -> Response:
    after = whole_number(asked(visit, "after")) or 0
    found = import_page(visit.node, intake_id or visit.path["intake_id"], after)
    row = found.row
    is_done = row.state == "done"
    looks = {name: (whole_number(asked(visit, name)) or 0) + 1 for name in MOST_LOOKS}
    why = visit.uploads.why(row.id) if row.state == "failed" else None
    if part is None:
        look_at_bad_rows(visit.node, visit.look, _kind(visit, row.reader), row.id, [one.line for one in found.faults])
    return visit.page(
        "import.html",
        part=part,
        status=status,
        message=message,
        row=row,
        name=shown(row.source),
        is_simulated=row.is_simulated,
        tones=TONES,
        why=why.said(visit.book.translate) if why else "",
        faults=list(_faults(visit, found)),
        after=after,
        next=found.next,
        corrected_by=found.corrected_by,
        corrects=import_called(visit.node, row.corrects) if row.corrects else None,
        name_of=shown,
        leaving=leaving(visit.node, row) if is_done else (),
        looks=looks,
        may_look_on={name: looks[name] < most for name, most in MOST_LOOKS.items()},
        **_typed(visit),
    )


def _kind(visit: Visit, reader: str) -> str:
    """What records of this reader are; its name where this program does not know it any more."""
    return next((one.kind for one in visit.house.readers if one.name == reader), reader)


def _faults(visit: Visit, found: Import) -> Iterator[BadRow]:
    readers = {reader.name: reader for reader in visit.house.readers}
    reader, titles = readers.get(found.row.reader), _titles(found.row.header)
    for fault in found.faults:
        name, names = _field(reader, fault)
        yield BadRow(
            line=fault.line,
            column=next((title for title in names if title in titles), fault.field),
            meaning=_meaning(visit, reader, name) if reader and name else "",
            value=shown(_short(fault.value or ("" if fault.field else fault.row))),
            reason=shown(fault.reason(visit.book.translate)),
            cure=shown(fault.cure(visit.book.translate)),
        )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _field(reader: Reader | None, fault: Fault) -> tuple[str, Sequence[str]]:
    """The name of the field that a fault is about, by its name or by a title, and the titles of its column."""
    columns = {**reader.columns, **reader.optional} if reader else {}
    named = ((name, titles) for name, titles in columns.items() if fault.field in (name, *titles))
    return next(named, (fault.field, ()))


def _titles(header: str) -> Sequence[str]:
    try:
        return [title.strip() for title in next(csv.reader([header]), [])]
    except csv.Error:
        return []


ROUTES = (
    get("/imports", list_imports, needs="import"),
    post("/imports", take_in, needs="import", max_bytes=MAX_UPLOAD_BYTES + MIB),
    get("/imports/formats/{reader}.csv", empty_table, needs="import"),
    get("/imports/{intake_id}", show_import, needs="import", reads=True),
    get("/imports/{intake_id}/progress", progress, needs="import"),
    get("/imports/{intake_id}/left", left, needs="import"),
    get("/imports/{intake_id}/bad-rows.csv", bad_rows_file, needs="import", reads=True),
)
