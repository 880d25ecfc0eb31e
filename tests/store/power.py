"""What a disk may hold after a power cut, from the system calls that a process made: a replay of its strace.

What was synced is there. Of what was not, each write may be there, not there, or torn between sectors of 512 bytes, in
any order; names come and go in order, as journalling file systems keep them, but late.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename"
SECTOR = 512
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (\d+)(?:<(.*)>)?$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPENED = re.compile(r"^\d+<(.*?)>")


@dataclass(frozen=True)
class Call:
    """One system call that counts; `said` is what was written to standard output."""

    name: str
    path: str = ""
    data: bytes = b""
    place: int = 0
    said: str = ""
    is_new: bool = False


@dataclass
class _File:
    synced: bytearray = field(default_factory=bytearray)
    waiting: list[Call] = field(default_factory=list)


@dataclass
class Disk:
    """The files of one folder: what is safe, and what waits to become so."""

    folder: str
    files: list[_File] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    safe_names: dict[str, int] = field(default_factory=dict)
    waiting_names: list[tuple[str, int | None]] = field(default_factory=list)

    def take(self, call: Call) -> None:
        if call.name in ("fsync", "fdatasync") and call.path == self.folder:
            self._sync_names()
        elif call.name == "openat":
            if call.is_new and call.path not in self.names:
                self.files.append(_File())
                self._rename(call.path, len(self.files) - 1)
        elif call.name == "unlink":
            if call.path in self.names:
                self._rename(call.path, None)
        elif call.path in self.names:
            file = self.files[self.names[call.path]]
            if call.name in ("fsync", "fdatasync"):
                for one in file.waiting:
                    _apply(file.synced, one)
                file.waiting.clear()
            else:
                file.waiting.append(call)

    def after_a_cut(self, chance: random.Random, kept: float) -> dict[str, bytes]:
        """One of the states in which the disk may be found; each waiting thing is kept with the chance `kept`."""
        names = dict(self.safe_names)
        for path, file in self.waiting_names[: round(len(self.waiting_names) * kept)]:
            names = _renamed(names, path, file)
        return {path: self._content(self.files[file], chance, kept) for path, file in names.items()}

    def _content(self, file: _File, chance: random.Random, kept: float) -> bytes:
        found = bytearray(file.synced)
        waiting = list(file.waiting)
        if 0 < kept < 1:
            chance.shuffle(waiting)
        for call in waiting:
            for part in _sectors(call) if 0 < kept < 1 else (call,):
                if chance.random() < kept:
                    _apply(found, part)
        return bytes(found)

    def _rename(self, path: str, file: int | None) -> None:
        self.names = _renamed(self.names, path, file)
        self.waiting_names.append((path, file))

    def _sync_names(self) -> None:
        self.safe_names = dict(self.names)
        self.waiting_names.clear()


def _renamed(names: dict[str, int], path: str, file: int | None) -> dict[str, int]:
    rest = {name: number for name, number in names.items() if name != path}
    return rest if file is None else {**rest, path: file}


def _apply(found: bytearray, call: Call) -> None:
    if call.name == "ftruncate":
        del found[call.place :]
        found.extend(bytes(call.place - len(found)))
    else:
        found.extend(bytes(max(0, call.place + len(call.data) - len(found))))
        found[call.place : call.place + len(call.data)] = call.data


def _sectors(call: Call) -> Iterator[Call]:
    if call.name == "ftruncate":
        yield call
    for start in range(0, len(call.data), SECTOR):
        yield Call(call.name, call.path, call.data[start : start + SECTOR], call.place + start)


def calls_in(trace: Path) -> Sequence[Call]:
    """What counts of `strace -y -xx -e trace=CALLS`, in order."""
    return [call for line in trace.read_text("ascii").splitlines() if (call := _call(line)) is not None]


def _call(line: str) -> Call | None:
    found = _CALL.match(line)
    if found is None:
        return None
    name, told, result = found[1], found[2], int(found[3])
    opened = _OPENED.match(told)
    path = _bytes(opened[1]).decode() if opened else ""
    texts = _TEXT.findall(told)
    if name in ("openat", "unlink"):
        return Call(name, _bytes(texts[0]).decode(), is_new="O_CREAT" in told)
    if name == "write":
        return Call(name, said=_bytes(texts[0]).decode("utf-8", "replace")) if told.startswith("1<") else None
    data = _bytes(texts[0]) if name == "pwrite64" else b""
    assert len(data) in (0, result), "strace cut what was written"
    has_place = name in ("pwrite64", "ftruncate")
    return Call(name, path, data, int(told.rpartition(",")[2]) if has_place else 0)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
