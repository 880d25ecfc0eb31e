"""Uploads: taken in or refused at once, imported one at a time, gone on with after any interruption."""

import gzip
import io
import logging
import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entente.cli.house import catalogue, reader_called, readers
from entente.errors import EntenteError, InputFault
from entente.node import uploads as module
from entente.node.bad_rows import waiting_rows
from entente.node.choosing import NoReaderFits, NoSuchReader
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.intake import (
    BrokenArchive,
    HolderRoleMissing,
    SimulatedHere,
    TooManyBadRows,
    give_up,
    import_table,
    opened,
)
from entente.node.uploads import (
    MIB,
    DayFull,
    EmptyFile,
    NoSuchImport,
    TooLargeFile,
    UnusableFileName,
    UploadNotKept,
    Uploads,
    file_name,
    import_called,
    import_page,
    imports,
)
from entente.node.work import Node, open_node
from entente.records import Catalogue, NotATable, Reader, Value
from entente.store import IntakeRow, StoreFull
from every.databases import postgres_schema
from story.tables import HEADER, totals

READER = reader_called("cbp-drug-seizures")


def make(folder: Path, store: str = "sqlite:n.sqlite", *, party: str = "us.cbp", domain: str = "demo") -> Node:
    url = "http://127.0.0.1:1"
    return create_node(Config(folder=folder, party=party, domain=domain, store=store, url=url), catalogue())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    if request.param == "sqlite":
        made = make(tmp_path / "node")
        yield made
        made.close()
        return
    with postgres_schema() as address:
        made = make(tmp_path / "node", address)
        yield made
        made.close()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Node]:
    made = make(tmp_path / "node")
    yield made
    made.close()


@pytest.fixture
def uploads(lite: Node) -> Iterator[Uploads]:
    made = Uploads(lite, readers())
    made.resume()
    yield made
    made.close()


def sent(uploads: Uploads, data: bytes, name: str = "table.csv", **options: Any) -> IntakeRow:
    return uploads.receive(name, io.BytesIO(data), who="officer", **{"is_simulated": True, **options})


def left(node: Node) -> list[str]:
    return sorted(file.name for file in (node.config.folder / "uploads").glob("*"))


def records(node: Node) -> int:
    with node.store.reading() as tx:
        return sum(number for _, _, number in tx.record_counts())


def entries(node: Node) -> list[str]:
    """The subjects of the ledger's entries about imports, in order."""
    with node.store.reading() as tx:
        return [entry.subject for entry in tx.entries(0, tx.ledger_head().size) if entry.type == "imported"]


class Gate:
    """Readers that stop before a row until they are let go on; each row read is counted."""

    def __init__(self, at: int) -> None:
        self.at, self.rows = at, 0
        self.reached, self.opened = threading.Event(), threading.Event()

    def readers(self) -> list[Reader]:
        return [replace(READER, values=self._values)]

    def _values(self, cells: Mapping[str, str], known: Catalogue) -> Mapping[str, Value]:
        self.rows += 1
        if self.rows == self.at:
            self.reached.set()
            assert self.opened.wait(60)
        return READER.values(cells, known)


def failing(error: BaseException, at: int = 700) -> list[Reader]:
    """Readers that raise at a row."""
    seen = iter(range(1, 10**9))

    def values(cells: Mapping[str, str], known: Catalogue) -> Mapping[str, Value]:
        if next(seen) == at:
            raise error
        return READER.values(cells, known)

    return [replace(READER, values=values)]


def test_an_upload_is_imported_and_its_file_is_gone(node: Node) -> None:
    uploads = Uploads(node, readers())
    row = sent(uploads, totals(0, 700), "C:\\files\\Été 2025.csv")
    assert (row.source, row.state, row.reader, row.who) == ("Été 2025.csv", "waiting", READER.name, "officer")
    assert uploads.wait()
    done = import_called(node, row.id)
    assert (done.state, done.kept, done.quarantined) == ("done", 700, 0)
    assert done.position == done.size == len(totals(0, 700))
    assert (done.header, done.started_at) == (HEADER, row.started_at)
    assert (left(node), entries(node), list(imports(node))) == ([], [row.id], [done])
    assert sent(uploads, totals(0, 700)).id != row.id
    assert uploads.wait()
    assert (records(node), imports(node)[0].unchanged) == (700, 700)
    uploads.close()


def test_an_upload_lies_where_only_its_node_reads_it(lite: Node) -> None:
    gate = Gate(at=1)
    uploads = Uploads(lite, gate.readers())
    sent(uploads, totals(0, 3))
    assert gate.reached.wait(60)
    folder = lite.config.folder / "uploads"
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    gate.opened.set()
    assert uploads.wait()


GOOD = totals(0, 3)
READ = {
    "packed": gzip.compress(GOOD),
    "with the mark of UTF-8": b"\xef\xbb\xbf" + GOOD,
    "line feeds alone": GOOD.replace(b"\r\n", b"\n"),
    "with notes": b"#a," + GOOD.replace(b"\r\n2025", b"\r\nx,2025"),
    "packed, with the mark": gzip.compress(b"\xef\xbb\xbf" + GOOD),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_what_can_be_read_is_read(lite: Node, uploads: Uploads, data: bytes) -> None:
    row = sent(uploads, data)
    assert uploads.wait()
    done = import_called(lite, row.id)
    assert (done.state, done.kept, done.position) == ("done", 3, len(data))


REFUSED: dict[str, tuple[bytes, dict[str, Any], type[EntenteError], str]] = {
    "empty": (b"", {}, EmptyFile, "table.csv is empty"),
    "packed, and empty": (gzip.compress(b""), {}, EmptyFile, "table.csv is empty"),
    "no table": (b"\x89PNG\r\n\x1a\n\0\0", {}, NoReaderFits, "No reader knows the columns of table.csv"),
    "another table": (b"a,b\n1,2\n", {}, NoReaderFits, "choose the reader yourself"),
    "semicolons": (GOOD.replace(b",", b";"), {}, NotATable, "separated by ';' instead of commas"),
    "tabs": (GOOD.replace(b",", b"\t"), {}, NotATable, "separated by '\\t' instead of commas"),
    "one column missing": (GOOD.replace(b"Drug Type,", b""), {}, NotATable, "the column `Drug Type` is missing"),
    "UTF-16": (GOOD.decode().encode("utf-16"), {"reader": READER.name}, NotATable, "written in UTF-16"),
    "no such reader": (GOOD, {"reader": "nothing"}, NoSuchReader, "There is no reader `nothing`"),
    "broken archive": (b"\x1f\x8b" + b"x" * 50, {}, BrokenArchive, "cannot be unpacked"),
    "nothing to correct": (GOOD, {"corrects": "i-1"}, NoSuchImport, "no import `i-1`"),
    "no name": (GOOD, {"name": "folder/"}, UnusableFileName, "Rename the file"),
    "larger than the limit": (totals(0, 900), {}, TooLargeFile, "0.05 MiB"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "options", "error", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_imported_is_refused_at_once_and_leaves_nothing(
    lite: Node, data: bytes, options: dict[str, Any], error: type[EntenteError], why: str
) -> None:
    uploads = Uploads(lite, readers(), limit=52_430)
    with pytest.raises(error) as caught:
        sent(uploads, data, **options)  # a name among the options stands for the usual one
    assert why in str(caught.value)
    assert isinstance(caught.value, InputFault)
    assert (left(lite), list(imports(lite)), records(lite)) == ([], [], 0)


def test_simulated_files_are_refused_at_a_production_node_however_they_say_it(tmp_path: Path) -> None:
    node = make(tmp_path / "real", domain="production")
    uploads = Uploads(node, readers())
    marked = GOOD.replace(b"\r\n", b",yes\r\n").replace(b"(lbs),yes", b"(lbs),simulated")
    for data, is_simulated in ((GOOD, True), (marked, False)):
        with pytest.raises(SimulatedHere):
            sent(uploads, data, is_simulated=is_simulated)
    assert (left(node), list(imports(node))) == ([], [])
    node.close()


def test_a_party_without_the_role_of_the_holder_is_refused(lite: Node, uploads: Uploads) -> None:
    examples = Path(module.__file__).parents[1] / "workstreams" / "health" / "examples"
    with pytest.raises(HolderRoleMissing):
        sent(uploads, (examples / "drug-checking-csv.csv").read_bytes())
    assert (left(lite), list(imports(lite))) == ([], [])


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/", "x" * 201, "a\nb.csv", "a\u202egpj.csv", "a\ud800"])
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(UnusableFileName):
        file_name(name)


@pytest.mark.parametrize("name", ["../../keys/node.pem", "/etc/node.pem", "C:\\node.pem", "..\\node.pem", "node.pem"])
def test_folders_before_a_name_are_dropped(name: str) -> None:
    assert file_name(name) == "node.pem"


def test_a_disk_that_is_full_is_said_and_leaves_nothing(lite: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UploadNotKept, match=r"No space left on device.*send it again"):
        sent(Uploads(lite, readers()), GOOD)
    assert (left(lite), list(imports(lite))) == ([], [])


def test_a_sender_who_hangs_up_leaves_nothing(lite: Node) -> None:
    class HungUp(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise EOFError

    with pytest.raises(EOFError):
        Uploads(lite, readers()).receive("a.csv", HungUp(), who="officer")
    assert left(lite) == []


def test_two_uploads_at_once_are_imported_one_after_the_other_and_progress_can_be_seen(node: Node) -> None:
    gate = Gate(at=1200)
    uploads = Uploads(node, gate.readers())
    first = sent(uploads, totals(0, 1500))
    assert gate.reached.wait(60)
    second = sent(uploads, totals(2000, 600), "second.csv")
    seen = import_called(node, first.id)
    assert (seen.state, seen.kept) == ("reading", 1000)
    assert 0 < seen.position <= seen.size
    assert import_called(node, second.id).state == "waiting"
    assert len(left(node)) == 2
    gate.opened.set()
    assert uploads.wait()
    assert [row.state for row in imports(node)] == ["done", "done"]
    assert entries(node) == [first.id, second.id]
    assert (records(node), left(node)) == (2100, [])


def test_many_people_may_send_at_the_same_moment(lite: Node, uploads: Uploads) -> None:
    threads = [threading.Thread(target=sent, args=(uploads, totals(100 * number, 20))) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert uploads.wait()
    assert {row.state for row in imports(lite)} == {"done"}
    assert (len(imports(lite)), records(lite), left(lite)) == (8, 160, [])


def stopped_in_the_middle(node: Node, gate: Gate, *rows: int) -> list[IntakeRow]:
    """Uploads of which the first is stopped after two chunks."""
    uploads = Uploads(node, gate.readers())
    found = [sent(uploads, totals(5000 * number, count) + b"bad,row\r\n") for number, count in enumerate(rows)]
    assert gate.reached.wait(60)
    closing = threading.Thread(target=uploads.close)
    closing.start()
    while not uploads._stop.is_set():
        pass
    gate.opened.set()
    closing.join()
    return found


def test_a_stopped_process_goes_on_with_its_uploads_and_doubles_nothing(node: Node) -> None:
    first, second = stopped_in_the_middle(node, Gate(at=600), 1500, 30)
    assert (import_called(node, first.id).state, import_called(node, first.id).kept) == ("reading", 1000)
    assert import_called(node, second.id).state == "waiting"
    assert len(left(node)) == 2

    again = open_node(node.config.folder, catalogue())
    uploads = Uploads(again, readers())
    uploads.resume()
    assert uploads.wait()
    done = import_called(again, first.id)
    assert (done.state, done.kept, done.unchanged, done.quarantined) == ("done", 1500, 0, 1)
    assert done.started_at == first.started_at
    assert [row.id for row in imports(again)] == [second.id, first.id]
    assert (records(again), left(again), entries(again)) == (1530, [], [first.id, second.id])
    assert waiting_rows(again) == 2
    again.close()


def test_what_was_sent_as_simulated_is_simulated_after_a_restart(lite: Node) -> None:
    stopped_in_the_middle(lite, Gate(at=1), 3, 4)
    uploads = Uploads(lite, readers())
    uploads.resume()
    assert uploads.wait()
    with lite.store.reading() as tx:
        assert {row.is_simulated for row in tx.current_records()} == {True}


def test_a_file_that_was_not_wholly_received_is_removed_at_the_start(lite: Node) -> None:
    folder = lite.config.folder / "uploads"
    folder.mkdir()
    (folder / "20261120T120000000000-00000000").write_bytes(GOOD)
    uploads = Uploads(lite, readers())
    uploads.resume()
    assert uploads.wait()
    assert (left(lite), list(imports(lite)), records(lite)) == ([], [], 0)


def test_an_upload_whose_file_is_lost_has_failed(lite: Node) -> None:
    row, other = stopped_in_the_middle(lite, Gate(at=600), 1500, 30)
    for file in (lite.config.folder / "uploads").iterdir():
        file.unlink()
    Uploads(lite, readers()).resume()
    assert [import_called(lite, lost.id).state for lost in (row, other)] == ["failed", "failed"]


def test_a_command_that_is_importing_is_left_alone(lite: Node) -> None:
    with lite.writing() as work:
        work.tx.put_intake(_other_row(work.now))
    Uploads(lite, readers()).resume()
    assert imports(lite)[0].state == "reading"


def _other_row(now: Any) -> IntakeRow:
    return IntakeRow(
        id=f"{now:%Y%m%dT%H%M%S%f}", source="a", source_digest="", reader="r", who="w", started_at=now, state="reading"
    )


FAILURES: dict[str, Callable[[], Exception]] = {
    "a defect": lambda: ZeroDivisionError("SECRET VALUE"),
    "a full database": lambda: StoreFull(where="x", why="y"),
    "memory": MemoryError,
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_whatever_goes_wrong_the_import_has_failed_and_the_next_one_begins(
    node: Node, failure: Callable[[], Exception], caplog: pytest.LogCaptureFixture
) -> None:
    error = failure()
    uploads = Uploads(node, failing(error))
    with caplog.at_level(logging.WARNING):
        first, second = sent(uploads, totals(0, 900)), sent(uploads, totals(0, 10))
        assert uploads.wait()
    failed = import_called(node, first.id)
    assert (failed.state, failed.kept) == ("failed", 500)
    assert failed.finished_at is not None
    assert import_called(node, second.id).state == "done"
    assert (left(node), entries(node)) == ([], [first.id, second.id])
    assert uploads.why(first.id) is (error if isinstance(error, EntenteError) else None)
    assert first.id in caplog.text
    assert "SECRET VALUE" not in caplog.text


def test_an_archive_cut_off_keeps_every_row_before_the_break(lite: Node, uploads: Uploads) -> None:
    packed = gzip.compress(totals(0, 3000))
    row = sent(uploads, packed[:-200])
    assert uploads.wait()
    done = import_called(lite, row.id)
    assert done.state == "failed"
    assert 0 < done.kept < 3000
    assert done.kept % 500, "what was read since the last whole chunk is kept too"
    assert done.kept == records(lite)
    assert isinstance(uploads.why(row.id), BrokenArchive)


def test_a_small_archive_that_unpacks_without_end_is_stopped(lite: Node) -> None:
    with_settings(lite, bad_rows_limit=10_000_000)
    uploads = Uploads(lite, readers(), limit=60_000)
    row = sent(uploads, gzip.compress(totals(0, 700) + b"x\n" * 600_000))
    assert uploads.wait()
    assert import_called(lite, row.id).state == "failed"
    assert "0.9155 MiB" in str(uploads.why(row.id))
    assert left(lite) == []


def test_while_the_store_does_not_answer_a_failure_is_kept_for_later(
    lite: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.01)
    tries: list[str] = []

    def late(node: Node, intake_id: str) -> None:
        tries.append(intake_id)
        if len(tries) < 3:
            raise StoreFull(where="x", why="y")
        give_up(node, intake_id)

    monkeypatch.setattr(module, "give_up", late)
    monkeypatch.setattr("entente.node.intake.give_up", late)
    uploads = Uploads(lite, failing(StoreFull(where="x", why="y")))
    row = sent(uploads, totals(0, 900))
    assert uploads.wait()
    assert (import_called(lite, row.id).state, len(tries)) == ("failed", 3)


def test_a_command_that_is_interrupted_ends_its_import(lite: Node, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(totals(0, 900))
    (reader,) = failing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt), opened(str(file)) as source:
        import_table(lite, source, reader, "officer", is_simulated=True)
    assert [(row.state, row.kept) for row in imports(lite)] == [("failed", 500)]


def test_a_table_refused_by_its_header_leaves_no_import(lite: Node, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"a,b\n")
    with pytest.raises(NotATable), opened(str(file)) as source:
        import_table(lite, source, READER, "officer", is_simulated=True)
    assert list(imports(lite)) == []


def test_the_page_of_an_import_has_its_bad_rows_in_pages_and_what_corrects_it(node: Node) -> None:
    uploads = Uploads(node, readers())
    first = sent(uploads, totals(0, 5, pounds="-1"))
    assert uploads.wait()
    page = import_page(node, first.id, limit=3)
    assert ([fault.line for fault in page.faults], page.next, page.corrected_by) == ([2, 3, 4], 4, ())
    page = import_page(node, first.id, after_line=4, limit=3)
    assert ([fault.line for fault in page.faults], page.next) == ([5, 6], None)
    assert waiting_rows(node) == 5
    for pounds in ("-2", "2"):
        sent(uploads, totals(0, 5, pounds=pounds), corrects=first.id)
        assert uploads.wait()
    page = import_page(node, first.id)
    assert [row.kept for row in page.corrected_by] == [0, 5]
    assert waiting_rows(node) == 5
    with pytest.raises(NoSuchImport, match="no import `x`"):
        import_page(node, "x")
    uploads.close()


def test_an_import_that_failed_corrects_nothing(lite: Node) -> None:
    uploads = Uploads(lite, readers())
    first = sent(uploads, totals(0, 5, pounds="-1"))
    assert uploads.wait()
    second = Uploads(lite, failing(ZeroDivisionError(), at=3))
    sent(second, totals(0, 5), corrects=first.id)
    assert second.wait()
    assert import_page(lite, first.id).corrected_by == ()
    assert waiting_rows(lite) == 5


def with_settings(node: Node, **settings: int) -> None:
    object.__setattr__(node, "config", replace(node.config, **settings))  # type: ignore[arg-type]


def test_one_person_sends_so_much_in_a_day(lite: Node) -> None:
    with_settings(lite, upload_mib_per_day=1)
    uploads, table = Uploads(lite, readers()), totals(0, 2)
    padded = table + b" " * (MIB - len(table) - 1)
    row = sent(uploads, padded)
    assert uploads.wait()
    with pytest.raises(DayFull, match="officer has sent 1 MiB within 24 hours"):
        sent(uploads, table)
    assert [one.id for one in imports(lite)] == [row.id]
    assert left(lite) == []
    uploads.receive("table.csv", io.BytesIO(table), who="another", is_simulated=True)
    tomorrow = lite.clock() + module.DAY
    object.__setattr__(lite, "clock", lambda: tomorrow)
    sent(uploads, table)
    assert uploads.wait()


def test_an_import_of_bad_rows_without_end_is_stopped(lite: Node) -> None:
    with_settings(lite, bad_rows_limit=600)
    uploads = Uploads(lite, readers())
    row = sent(uploads, totals(0, 5000, pounds="-1"))
    assert uploads.wait()
    done = import_called(lite, row.id)
    assert (done.state, done.quarantined) == ("failed", 1000)
    assert isinstance(uploads.why(row.id), TooManyBadRows)
