"""Bad rows that wait: read in pages, counted, and as a file that can be corrected and sent again.

In the file every bad row stands as it was written, behind notes about it; the notes are columns that no reader looks
into (entente.records.NOTE).
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from entente.node.asking import PurposeForbidden
from entente.node.looking import Look, check_look, log_look
from entente.node.work import Node
from entente.records import NOTE, Fault
from entente.records.kinds import STEERING
from entente.signing import parse
from entente.store import IntakeRow, QuarantineRow
from entente.vocabulary import LANGUAGES, Phrasebook, phrasebook

PAGE = 100
_PAGE_OF_FILE = 1000
_BREAKING = ("open-quote", "stray-return")
"""Faults by which a row takes those behind it along when a spreadsheet opens the file."""
_CELL = re.compile(r'(?:"(?:[^"]|"")*+")?+[^,]*+(?:,|\Z)')
_FORMULA = re.compile(r"(^|[;,|])(\s*)(?=[=+\-@\uff0b\uff0d\uff1d\uff20])")


def faults(node: Node, intake_id: str, after_line: int = 0, limit: int = PAGE) -> Sequence[Fault]:
    """Why rows of an import wait, in order of line."""
    with node.store.reading() as tx:
        return [fault_of(row) for row in tx.quarantined(intake_id, after=after_line, limit=limit)]


def look_at_bad_rows(node: Node, look: Look, kind: str, intake_id: str, lines: Sequence[int]) -> None:
    """Writes down that somebody reads these rows, which may say what records of `kind` say.

    INVARIANT: a kind that serves some purposes alone is not read for another in its bad rows either.
    Raises NoReason, PurposeForbidden.
    """
    check_look(look)
    if lines:
        known = node.catalogue.kinds.get(kind)
        if known is not None and known.only_for is not None and look.purpose not in known.only_for:
            raise PurposeForbidden(kind=kind, purposes=", ".join(known.only_for), purpose=look.purpose)
        with node.writing() as work:
            log_look(work, look, kind, [f"{intake_id}/{line}" for line in lines])


def waiting_rows(node: Node) -> int:
    """Bad rows of all imports that no later finished import corrects."""
    with node.store.reading() as tx:
        rows = tx.intakes()
    corrected = {row.corrects for row in rows if row.state == "done"}
    return sum(row.quarantined for row in rows if row.id not in corrected)


def fault_of(row: QuarantineRow) -> Fault:
    return Fault(
        line=row.line, code=row.code, field=row.field, value=row.value, row=row.row, details=parse(row.details)
    )


def bad_rows(node: Node, intake: IntakeRow, book: Phrasebook) -> Iterator[str]:
    """The file of the bad rows of `intake`, line by line: notes in the language of `book`, and the rows as written.

    It is CSV with the mark by which spreadsheets know UTF-8. Rows that would take others along stand last. Where the
    file came with notes of an earlier import, these are left out.
    """
    old = _own_notes(intake.header)
    titles = _titles(book)
    yield "\ufeff" + _line(titles, _without(intake.header, old))
    for is_last in (False, True):
        for fault in _all_faults(node, intake.id):
            if (fault.code in _BREAKING) == is_last:
                notes = [str(fault.line), fault.reason(book.translate), fault.cure(book.translate)]
                yield _line(notes, _without(fault.row, old))


def _all_faults(node: Node, intake_id: str) -> Iterator[Fault]:
    after = 0
    while page := faults(node, intake_id, after, _PAGE_OF_FILE):
        yield from page
        after = page[-1].line


def _line(notes: Sequence[str], row: str) -> str:
    return ",".join([*(_note(note) for note in notes), row]) + "\r\n"


def _note(text: str) -> str:
    """A quoted cell on one line. INVARIANT: no spreadsheet takes a note for a formula, however it cuts the file into
    cells; values of the row, which anybody may have written, stand in notes."""
    plain = _FORMULA.sub(r"\1\2'", STEERING.sub(" ", text))
    return '"' + plain.replace('"', '""') + '"'


def _titles(book: Phrasebook) -> list[str]:
    return [NOTE + book.say("line"), NOTE + book.say("what is wrong"), NOTE + book.say("what to do")]


def _own_notes(header: str) -> int:
    """How many columns of a header are notes of an earlier file of bad rows, in whichever language."""
    first = next(csv.reader(io.StringIO(header, newline="")), [])[:3]
    return 3 if any(first == _titles(phrasebook(language)) for language in LANGUAGES) else 0


def _without(row: str, cells: int) -> str:
    """`row` after its first `cells`; whole when it has not so many."""
    place = 0
    for _ in range(cells):
        found = _CELL.match(row, place)
        if found is None or not found[0].endswith(","):
            return row
        place = found.end()
    return row[place:]
