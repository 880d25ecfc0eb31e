"""Files that people send from a browser: taken into the node's folder, checked at once, imported one after the other.

An upload lies in `uploads/` of the node's folder until its import has ended; what a stopped process left there is
imported when the node is served again, under the same id, and doubles nothing.
"""

import logging
import os
import secrets
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from socket import gethostname
from traceback import format_tb

from entente.errors import EntenteError, InputFault, Unavailable
from entente.node.bad_rows import PAGE, faults
from entente.node.choosing import reader_called, reader_for
from entente.node.intake import Source, Unpacked, give_up, import_table, opened, table_of
from entente.node.work import Node
from entente.records import ByteStream, Fault, Reader
from entente.records.kinds import STEERING
from entente.store import IntakeRow

log = logging.getLogger("entente")
MIB = 1024 * 1024
MAX_UPLOAD_BYTES = 256 * MIB
DAY = timedelta(days=1)
UNPACKED_TIMES = 16  # so much larger than the limit may a file be once it is unpacked
MAX_NAME_CHARACTERS = 200
_CHUNK_BYTES = 64 * 1024
_RETRY_SECONDS = 5.0
_PLACE_LETTERS = 6
_STOP_SECONDS = 30.0


class NoSuchImport(InputFault):
    """This node knows no import `{intake}`. Choose one from the list of imports."""


class UnusableFileName(InputFault):
    """The name of the file is empty, longer than {limit} characters, or holds a character that steers a screen. Rename
    the file and send it again."""


class EmptyFile(InputFault):
    """{file} is empty. Check that it was saved with its rows, and send it again."""


class TooLargeFile(InputFault):
    """{file} is larger than {limit} MiB. Cut it into several files that each begin with the header row, or have it
    imported at the node's own machine."""


class DayFull(InputFault):
    """{who} has sent {sent} MiB within 24 hours, and one person may send {limit} MiB. Send the rest tomorrow, or have
    it imported at the node's own machine; whoever runs the node can allow more."""


class UploadNotKept(Unavailable):
    """The node has no room for {file}, or cannot write it: {why}. Nothing of it was kept; tell those who look after the
    node, and send it again afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import as its page shows it: the imports that correct it, oldest first, and its first bad rows.

    `next` is the line after which the next page of bad rows begins, None when there are no more.
    """

    row: IntakeRow
    corrected_by: tuple[IntakeRow, ...]
    faults: tuple[Fault, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class _Job:
    intake: str
    file: Path


@dataclass(slots=True)
class _Bounded:
    """A table that refuses to grow beyond `limit` bytes."""

    file: str
    stream: Unpacked
    limit: int
    size: int = 0

    def read1(self, size: int, /) -> bytes:
        """Raises TooLargeFile."""
        found = self.stream.read1(size)
        self.size += len(found)
        if self.size > self.limit:
            raise TooLargeFile(file=self.file, limit=f"{self.limit / MIB:.4g}")
        return found


def imports(node: Node) -> Sequence[IntakeRow]:
    """All imports, the last started first."""
    with node.store.reading() as tx:
        return tx.intakes()


def import_page(node: Node, intake_id: str, after_line: int = 0, limit: int = PAGE) -> Import:
    """Raises NoSuchImport."""
    row = import_called(node, intake_id)
    found = faults(node, intake_id, after_line, limit + 1)
    shown = tuple(found[:limit])
    by = tuple(other for other in reversed(imports(node)) if other.corrects == row.id and other.state == "done")
    return Import(row=row, corrected_by=by, faults=shown, next=shown[-1].line if len(found) > limit else None)


def import_called(node: Node, intake_id: str) -> IntakeRow:
    """Raises NoSuchImport."""
    with node.store.reading() as tx:
        row = tx.intake(intake_id)
    if row is None:
        raise NoSuchImport(intake=intake_id)
    return row


class Uploads:
    """The uploads of one node, of which it imports one at a time in a thread of its own.

    `resume` once before the first `receive`, `close` at the end. Of several processes each has a `place` of its own.
    """

    def __init__(
        self, node: Node, readers: Sequence[Reader], *, limit: int = MAX_UPLOAD_BYTES, place: str = ""
    ) -> None:
        self._node, self._readers, self._limit = node, readers, limit
        self._folder = node.config.folder / (f"uploads-{place}" if place else "uploads")
        self._place = sha256(f"{gethostname()} {self._folder.resolve()}".encode()).hexdigest()[:_PLACE_LETTERS]
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._why: dict[str, EntenteError] = {}

    def receive(
        self,
        name: str,
        stream: ByteStream,
        *,
        reader: str = "",
        is_simulated: bool = False,
        who: str,
        corrects: str = "",
    ) -> IntakeRow:
        """Takes a file in and begins or queues its import, which can be looked at under the id of the answer.

        Raises UnusableFileName, TooLargeFile, DayFull, EmptyFile, NoSuchImport, NoSuchReader, NoReaderFits, NotATable,
        SimulatedHere, HolderRoleMissing, BrokenArchive, UploadNotKept and what the store raises; then nothing is kept.
        """
        shown = file_name(name)
        if corrects:
            import_called(self._node, corrects)
        intake_id = f"{self._node.clock():%Y%m%dT%H%M%S%f}-{self._place}{secrets.token_hex(4)}"
        job = _Job(intake_id, self._folder / intake_id)
        try:
            self._take(job.file, shown, stream, who)
            row = self._checked(job, shown, reader, who, corrects, is_simulated=is_simulated)
            with self._node.writing() as work:
                work.tx.put_intake(row)
        except BaseException:
            job.file.unlink(missing_ok=True)
            raise
        self._queue(job)
        return row

    def resume(self) -> None:
        """Imports what a stopped process left behind, and removes what it had not wholly received.

        Raises what the store raises. INVARIANT: no import of an upload waits for a file that is not there; uploads that
        another process at the same database took are its own.
        """
        open_rows = {row.id: row for row in imports(self._node) if row.finished_at is None}
        for file in sorted(file for file in self._folder.glob("*") if file.is_symlink() or not file.is_dir()):
            job = _Job(file.name, file)
            if open_rows.pop(job.intake, None):
                self._queue(job)
            else:
                file.unlink()
        for intake_id in open_rows:
            if f"-{self._place}" in intake_id:  # others belong to a process that may still be running
                give_up(self._node, intake_id)

    def why(self, intake_id: str) -> EntenteError | None:
        """Why an import failed, as far as this process knows."""
        return self._why.get(intake_id)

    def wait(self, seconds: float = 60.0) -> bool:
        """Whether all that was received is imported by then."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def close(self) -> None:
        """Stops after the chunk in hand; the rest is imported after the next start."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(_STOP_SECONDS)

    def _take(self, file: Path, shown: str, stream: ByteStream, who: str) -> None:
        size, sent = 0, self._sent(who)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                while chunk := stream.read(_CHUNK_BYTES):
                    size += len(chunk)
                    if size > self._limit:
                        raise TooLargeFile(file=shown, limit=f"{self._limit / MIB:.4g}")
                    if sent + size > self._node.config.upload_mib_per_day * MIB:
                        limit = self._node.config.upload_mib_per_day
                        raise DayFull(who=who, sent=f"{sent / MIB:.4g}", limit=limit)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
        except OSError as error:
            raise UploadNotKept(file=shown, why=error.strerror or error) from error

    def _sent(self, who: str) -> int:
        """Bytes of the files that `who` has sent within a day."""
        since = self._node.clock() - DAY
        return sum(row.size for row in imports(self._node) if row.who == who and row.started_at > since)

    @contextmanager
    def _opened(self, job: _Job, shown: str) -> Iterator[Source]:
        """INVARIANT: a small archive never unpacks into more than a few times what may be sent."""
        with opened(str(job.file), shown) as source:
            yield replace(source, stream=_Bounded(shown, source.stream, self._limit * UNPACKED_TIMES))

    def _checked(self, job: _Job, shown: str, reader: str, who: str, corrects: str, *, is_simulated: bool) -> IntakeRow:
        now = self._node.clock()
        with self._opened(job, shown) as source:
            if source.is_empty:
                raise EmptyFile(file=shown)
            chosen = reader_for(self._readers, reader, source)
            table = table_of(self._node, source, chosen, now, is_simulated=is_simulated)
            return IntakeRow(
                id=job.intake,
                source=shown,
                source_digest=source.digest,
                reader=chosen.name,
                who=who,
                started_at=now,
                state="waiting",
                size=source.size,
                header=table.header,
                corrects=corrects,
                is_simulated=table.is_simulated,
            )

    def _queue(self, job: _Job) -> None:
        with self._changed:
            self._jobs.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="uploads", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        """INVARIANT: nothing that goes wrong with one upload keeps those behind it from being imported."""
        while True:
            with self._changed:
                if not self._jobs or self._stop.is_set():
                    self._thread = None
                    self._changed.notify_all()
                    return
                job = self._jobs.popleft()
            try:
                is_over = self._imported(job)
            except Exception as error:  # noqa: BLE001 - a defect ends one import; the log has its place
                self._note(job, error)
                is_over = self._given_up(job)
            if is_over:
                job.file.unlink(missing_ok=True)

    def _imported(self, job: _Job) -> bool:
        row = import_called(self._node, job.intake)
        with self._opened(job, row.source) as source:
            done = import_table(
                self._node,
                source,
                reader_called(self._readers, row.reader),
                row.who,
                intake_id=row.id,
                corrects=row.corrects,
                is_simulated=row.is_simulated,
                may_go_on=lambda: not self._stop.is_set(),
            )
        return done.finished_at is not None

    def _note(self, job: _Job, error: Exception) -> None:
        """Keeps and logs why an import failed; of a defect the place alone, for its text may hold what was read."""
        if isinstance(error, EntenteError):
            self._why[job.intake] = error
            log.warning("import %s: %s", job.intake, error)
        else:
            where = "".join(format_tb(error.__traceback__))
            log.warning("import %s: %s\n%s", job.intake, type(error).__name__, where)

    def _given_up(self, job: _Job) -> bool:
        """Whether the import has ended as failed; while the store does not answer it is tried again, until close."""
        while True:
            try:
                give_up(self._node, job.intake)
            except EntenteError:
                if self._stop.wait(_RETRY_SECONDS):
                    return False
            else:
                return True


def file_name(name: str) -> str:
    """`name` without the folders that some browsers put before it. Raises UnusableFileName."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    is_unsafe = STEERING.search(last) or any("\ud800" <= sign <= "\udfff" for sign in last)
    if last in ("", ".", "..") or len(last) > MAX_NAME_CHARACTERS or is_unsafe:
        raise UnusableFileName(limit=MAX_NAME_CHARACTERS)
    return last
