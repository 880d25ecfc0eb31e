"""`entente backup`: everything a node holds in one signed file, what can be erased under keys that stay outside it.

A record's key destroyed, no archive gives the record back, however many copies there are. Pages are streamed from one
snapshot of the database; the same file serves SQLite and PostgreSQL.
"""

import base64
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from entente.errors import InputFault
from entente.exchange import UnreadableMessage, open_sealed
from entente.node.archive_keys import SHARED, Keyring, open_keyring
from entente.node.archive_lines import FORMAT, LineWriter
from entente.node.config import settings_of
from entente.node.work import Node
from entente.signing import NONCE_BYTES, Json, NotCanonical, canonical, encrypt, parse
from entente.store import ERASABLE, LEFT_OUT, OPEN, TABLES, InboxRow, Transaction, columns_of, to_values

ROWS = 200  # in memory
MAX_PART_BYTES = 1024 * 1024
Progress = Callable[[str, int], None]


class ArchiveExists(InputFault):
    """There is already a file {file}, and a backup overwrites nothing. Name another file, or a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """What a backup wrote: rows by table, size, and how far the ledger had come."""

    file: Path
    made_at: datetime
    rows: Mapping[str, int]
    size_bytes: int
    ledger_size: int

    def to_json(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "made_at": self.made_at.isoformat(),
            "rows": dict(self.rows),
            "size_bytes": self.size_bytes,
            "ledger_size": self.ledger_size,
        }


def archive(node: Node, target: Path, progress: Progress = lambda _table, _rows: None) -> Archived:
    """Writes an archive to `target`, a new file or a folder in which it gets a name; the node may be in use.

    Raises ArchiveExists, what the store raises, and OSError; a file that was not finished is not left there.
    """
    made_at = node.clock()
    if target.is_dir():
        target = target / f"entente-{node.party}-{made_at:%Y%m%dT%H%M%SZ}.archive"
    keyring = open_keyring(node.config, may_create=True)
    try:
        keyring.held.add_signer(node.identity.node_key.public.to_text())
        with _new_file(target) as out, _snapshot(node, keyring) as (tx, since):
            writing = _Writing(LineWriter(out, node.identity.node_key), keyring, since)
            size = writing.head(node, tx, made_at)
            rows = {table: writing.table(tx, table, progress) for table in TABLES if table not in LEFT_OUT}
            writing.lines.write({"end": True, "rows": rows})
            out.flush()
            os.fsync(out.fileno())
    finally:
        keyring.close()
    return Archived(file=target, made_at=made_at, rows=rows, size_bytes=target.stat().st_size, ledger_size=size)


@contextmanager
def _snapshot(node: Node, keyring: Keyring) -> Iterator[tuple[Transaction, int]]:
    """INVARIANT: no erasure is under way when the snapshot begins, so each that it does not show has a later number."""
    with node.store.reading() as tx:
        with node.store.writing():
            since = keyring.held.destructions()
            tx.ledger_head()  # the first read fixes what the snapshot shows
        yield tx, since


@contextmanager
def _new_file(target: Path) -> Iterator[IO[bytes]]:
    """For its owner only, whole or not at all. Raises ArchiveExists."""
    if target.exists():
        raise ArchiveExists(file=target)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            yield out
        os.link(part, target)  # unlike a renaming, it never replaces a file that came meanwhile
    except FileExistsError as error:
        raise ArchiveExists(file=target) from error
    finally:
        part.unlink(missing_ok=True)


@dataclass(slots=True)
class _Writing:
    lines: LineWriter
    keyring: Keyring
    since: int

    def head(self, node: Node, tx: Transaction, made_at: datetime) -> int:
        """What the file is; the size of the ledger in it."""
        head = tx.ledger_head()
        self.lines.write(
            {
                "format": FORMAT,
                "made_at": made_at.isoformat(),
                "node": settings_of(node.config),
                "ledger": {"size": head.size},
                "columns": {table: list(columns_of(table)) for table in TABLES if table not in LEFT_OUT},
            }
        )
        return head.size

    def table(self, tx: Transaction, table: str, progress: Progress) -> int:
        """Writes all rows of `table`; how many."""
        number, rows = 0, tx.dump(table)
        while page := list(islice(rows, ROWS)):
            for part in _parts(page):
                self._part(table, part)
            number += len(page)
            progress(table, number)
        return number

    def _part(self, table: str, rows: Sequence[object]) -> None:
        hidden = ERASABLE[table].columns if table in ERASABLE else ()
        shown = [name for name in columns_of(table) if name not in hidden]
        body: dict[str, Json] = {"table": table, "shown": shown}
        values = [to_values(table, row, shown) for row in rows]
        if table in OPEN:
            body["rows"] = values
        else:
            body["closed"] = self._seal([SHARED], [values], table)[0]
        if hidden:
            abouts = [about_of(table, row) for row in rows]
            body["hidden"] = self._seal(abouts, [to_values(table, row, hidden) for row in rows], table)
        self.lines.write(body)

    def _seal(self, abouts: Sequence[str], values: Sequence[Json], table: str) -> list[Json]:
        """Of each the name and generation of its key and the ciphertext, empty for what was erased since the snapshot
        began."""
        keys = self.keyring.keys_for(abouts, self.since)
        sealed: list[Json] = []
        for about, value in zip(abouts, values, strict=True):
            name, generation, key = keys[about]
            data = b"" if key is None else encrypt(key, os.urandom(NONCE_BYTES), canonical(value), table)
            sealed.append([name, generation, base64.b64encode(data).decode("ascii")])
        return sealed


def _parts(rows: Sequence[object]) -> Iterator[Sequence[object]]:
    """Few rows where they are long: a line must fit in memory when it is read."""
    part: list[object] = []
    size = 0
    for row in rows:
        part.append(row)
        size += sum(len(value) for name in ("sealed", "body") if isinstance(value := getattr(row, name, b""), bytes))
        if size > MAX_PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def about_of(table: str, row: object) -> str:
    """Whose key opens what is hidden of `row`: the record's, or that of a message or a thing that carries none."""
    if isinstance(row, InboxRow) and not row.record_id and (record := _record_in(row.sealed)):
        return record
    found = (str(getattr(row, name) or "") for name in ERASABLE[table].about)
    return next(filter(None, found))


def _record_in(sealed: bytes) -> str:
    """The id of the record that a message carries, empty for none."""
    try:
        body = open_sealed(sealed).body if sealed else None
        record = parse(body)["record"] if body else {}
        return str(record["id"])
    except (UnreadableMessage, NotCanonical, KeyError, TypeError):
        return ""
