"""Step 1: a file arrives. Chunks of records are kept one transaction at a time; bad rows wait in quarantine with
their cure.

A file that is imported again, after a crash or by mistake, doubles nothing: what is kept already is found unchanged.
An import is waiting (uploads only), then reading, then done or failed; whatever goes wrong, it does not stay reading.
"""

import csv
import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from entente.errors import EntenteError, InputFault
from entente.node.in_force import roles_of
from entente.node.keeping import keep
from entente.node.recalled import says_what_was_recalled
from entente.node.work import Node, Work
from entente.records import Fault, Reader, Reading, Record, Stamp, read
from entente.signing import Json, canonical
from entente.store import IntakeRow, QuarantineRow, RecalledRow

CHUNK = 500
_GZIP = b"\x1f\x8b"
_PEEK_BYTES = 64 * 1024


class NoSuchFile(InputFault):
    """{file} cannot be read: {why}. Check the name and the permissions."""


class TooManyBadRows(InputFault):
    """The import of {file} was stopped after {limit} rows that cannot be used: it is hardly a file of this format. What
    could be read before was kept; look at the first bad rows, and choose the format by name."""


class BrokenArchive(InputFault):
    """{file} is compressed, but cannot be unpacked: {why}. What came before the break is kept; fetch the file again and
    import it again."""


class SimulatedHere(InputFault):
    """Simulated records were handed to the production node of {party}. Use a demo node for simulations."""


class HolderRoleMissing(InputFault):
    """Records of the kind {kind} may be held only by a party with the role `{role}`, which {party} has not. Import them
    at a node that has it."""


class Unpacked(Protocol):
    """The bytes of a table as they are read."""

    def read1(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Source:
    """An opened table: its name, its bytes (unpacked), the digest of the file as it lies on disk, and its size there.

    A pipe has size 0 and no digest: nobody knows them before its end.
    """

    name: str
    stream: Unpacked
    raw: io.BufferedReader
    size: int
    digest: str
    _ahead: bytearray = field(default_factory=bytearray)

    def read(self, size: int, /) -> bytes:
        if self._ahead:
            held = bytes(self._ahead)
            self._ahead.clear()
            return held
        return self._read(size)

    def _read(self, size: int) -> bytes:
        try:
            return self.stream.read1(size)
        except (OSError, EOFError, zlib.error) as error:
            raise BrokenArchive(file=self.name, why=error) from error

    def first_line(self) -> str:
        """The first line, which is read again later; nothing when it is too long or is not text."""
        first, _, _ = self._peeked().partition(b"\n")
        try:
            return first.decode("utf-8-sig").rstrip("\r") if len(first) < _PEEK_BYTES else ""
        except UnicodeDecodeError:
            return ""

    def titles(self) -> list[str]:
        """The cells of the first line."""
        try:
            return next(csv.reader([self.first_line()]), [])
        except csv.Error:
            return []

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be read."""
        return not self._peeked()

    def _peeked(self) -> bytes:
        while b"\n" not in self._ahead and len(self._ahead) < _PEEK_BYTES and (more := self._read(_PEEK_BYTES)):
            self._ahead.extend(more)
        return bytes(self._ahead)

    @property
    def position(self) -> int:
        """Bytes of the file on disk that were read; 0 for a pipe."""
        return self.raw.tell() if self.size else 0


def _open(file: str) -> io.BufferedReader:
    try:
        return cast("io.BufferedReader", Path(file).open("rb", buffering=_PEEK_BYTES))
    except OSError as error:
        raise NoSuchFile(file=file, why=error.strerror) from error


@contextmanager
def opened(file: str, name: str = "") -> Iterator[Source]:
    """The table in `file`, plain or gzip; `-` is standard input. It is called `name`, or as the file is. Raises
    NoSuchFile."""
    if file == "-":
        piped = cast("io.BufferedReader", sys.stdin.buffer)
        yield Source("-", piped, piped, 0, "")
        return
    with _open(file) as raw:
        fixed = "sha256:" + hashlib.file_digest(raw, "sha256").hexdigest()
        raw.seek(0)
        is_packed = raw.read(2) == _GZIP
        raw.seek(0)
        stream = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=raw)), _PEEK_BYTES) if is_packed else raw
        yield Source(name or Path(file).name, stream, raw, Path(file).stat().st_size, fixed)


def table_of(node: Node, source: Source, reader: Reader, now: datetime, *, is_simulated: bool) -> Reading:
    """The table in `source`, its header read. Raises HolderRoleMissing, NotATable, SimulatedHere, BrokenArchive."""
    _refuse_without_role(node, reader)
    stamp = Stamp(said_by=node.party, recorded_at=now, id_key=node.identity.record_secret, is_simulated=is_simulated)
    place = {"source": source.name, "source_digest": source.digest}
    table = read(source, reader=reader, catalogue=node.catalogue, stamp=stamp, **place)
    if table.is_simulated and not node.is_demo:
        raise SimulatedHere(party=node.party)
    return table


def import_table(
    node: Node,
    source: Source,
    reader: Reader,
    who: str,
    *,
    intake_id: str = "",
    corrects: str = "",
    is_simulated: bool = False,
    progress: Callable[[IntakeRow, int], None] = lambda _row, _position: None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> IntakeRow:
    """Imports `source` with `reader`; `progress` is called after each chunk with the counts and the position in the
    file, which are kept as well.

    An import known as `intake_id` begins again at the first row; `corrects` is the import whose bad rows these are.
    When `may_go_on` says no after a chunk, it returns as it stands, to be begun again under its id. A file with a
    column `simulated` is simulated, whatever `is_simulated` says. Raises NotATable, SimulatedHere, HolderRoleMissing
    before anything is kept; BrokenArchive and TooManyBadRows after what could be read is.
    """
    now = node.clock()
    intake_id = intake_id or f"{now:%Y%m%dT%H%M%S%f}"
    try:
        table = table_of(node, source, reader, now, is_simulated=is_simulated)
        intake = IntakeRow(
            id=intake_id,
            source=source.name,
            source_digest=source.digest,
            reader=reader.name,
            who=who,
            started_at=now,
            state="reading",
            size=source.size,
            header=table.header,
            corrects=corrects,
            is_simulated=table.is_simulated,
        )
        return _read_all(node, source, table, _begin(node, intake), progress=progress, may_go_on=may_go_on)
    except BaseException:
        with suppress(EntenteError):  # the first error tells more
            give_up(node, intake_id)
        raise


def give_up(node: Node, intake_id: str) -> None:
    """An import that has not ended ends as failed, with what it kept. Raises what the store raises."""
    with node.writing() as work:
        row = work.tx.intake(intake_id)
        if row is not None and row.finished_at is None:
            _finish(work, replace(row, state="failed"))


def _begin(node: Node, intake: IntakeRow) -> IntakeRow:
    with node.writing() as work:
        before = work.tx.intake(intake.id)
        if before is not None:
            intake = replace(intake, started_at=before.started_at, kept=before.kept)
        work.tx.put_intake(intake)
    return intake


def _read_all(
    node: Node,
    source: Source,
    table: Reading,
    intake: IntakeRow,
    *,
    progress: Callable[[IntakeRow, int], None],
    may_go_on: Callable[[], bool],
) -> IntakeRow:
    again = intake.kept  # so many were kept before an interruption, and are found unchanged now
    for chunk in _chunks(table):
        intake, again = _keep_chunk(node, replace(intake, position=source.position), chunk, again)
        progress(intake, source.position)
        if intake.quarantined >= node.config.bad_rows_limit:
            raise TooManyBadRows(file=source.name, limit=node.config.bad_rows_limit)
        if not may_go_on():
            return intake
    with node.writing() as work:
        return _finish(work, replace(intake, state="done", position=source.position))


def _chunks(table: Reading) -> Iterator[list[Record | Fault]]:
    """At most CHUNK outcomes at a time; where the archive breaks, what came before is the last chunk."""
    chunk: list[Record | Fault] = []
    try:
        for outcome in table:
            chunk.append(outcome)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except BrokenArchive:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


def _keep_chunk(node: Node, intake: IntakeRow, chunk: list[Record | Fault], again: int) -> tuple[IntakeRow, int]:
    records = [outcome for outcome in chunk if isinstance(outcome, Record)]
    faults = [outcome for outcome in chunk if isinstance(outcome, Fault)]
    with node.writing() as work:
        barred = _barred(node, work, records)
        faults += [_recalled(record, barred[record.id]) for record in records if record.id in barred]
        done = keep(node, work, [record for record in records if record.id not in barred])
        known = min(again, done.unchanged)
        intake = replace(
            intake,
            kept=intake.kept + done.kept,
            unchanged=intake.unchanged + done.unchanged - known,
            quarantined=intake.quarantined + len(faults),
        )
        work.tx.put_intake(intake)
        work.tx.add_quarantined([_quarantine_row(intake.id, fault) for fault in faults])
    return intake, again - known


def _barred(node: Node, work: Work, records: Sequence[Record]) -> Mapping[str, RecalledRow]:
    """INVARIANT: no partner, by telling us what we hold and calling it back, keeps us from what we ourselves say."""
    found = says_what_was_recalled(node, work.tx, records)
    own = {held.id for held in map(work.tx.record, found) if held is not None and held.via is None and held.body}
    return {record_id: row for record_id, row in found.items() if record_id not in own}


def _recalled(record: Record, row: RecalledRow) -> Fault:
    """INVARIANT: the text of the row is not kept: it says what was called back."""
    details = {"partner": row.via, "day": row.at.date().isoformat()}
    return Fault(line=record.provenance.line, code="recalled", details=details)


def _finish(work: Work, intake: IntakeRow) -> IntakeRow:
    done = replace(intake, finished_at=work.now)
    work.tx.put_intake(done)
    _write_entry(work, done)
    return done


def _write_entry(work: Work, done: IntakeRow) -> None:
    facts: dict[str, Json] = {
        "source": done.source,
        "source_digest": done.source_digest,
        "reader": done.reader,
        "who": done.who,
        "state": done.state,
        "kept": done.kept,
        "unchanged": done.unchanged,
        "quarantined": done.quarantined,
        **({"corrects": done.corrects} if done.corrects else {}),
    }
    work.write("imported", done.id, facts)


def _quarantine_row(intake: str, fault: Fault) -> QuarantineRow:
    return QuarantineRow(
        intake=intake,
        line=fault.line,
        field=fault.field,
        code=fault.code,
        value=fault.value,
        details=canonical(dict(fault.details)),
        row=fault.row,
    )


def _refuse_without_role(node: Node, reader: Reader) -> None:
    role = node.catalogue.kind(reader.kind).holder_role
    if role and role not in roles_of(node.catalogue.vocabulary, node.party):
        raise HolderRoleMissing(kind=reader.kind, role=role, party=node.party)
