"""Logs made for tests: in memory, with known keys and moments."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from entente.ledger import (
    CHECKPOINT_PATH,
    Checkpoint,
    Leaf,
    VerifierKey,
    decode_bundle,
    encode_bundle,
    leaf_hash,
    log_files,
    make_leaf,
    read_checkpoint,
    root_of,
    sign_checkpoint,
)
from entente.signing import Json, PrivateKey

ORIGIN = "entente/ca.cbsa"
KEY = PrivateKey(bytes([1]) * 32)
OTHER_KEY = PrivateKey(bytes([2]) * 32)
KNOWN = (VerifierKey(name=ORIGIN, key=KEY.public),)
MOMENT = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)

Files = dict[str, bytes]


def entry(number: int) -> bytes:
    return b"entry %d" % number


@cache
def leaves(size: int) -> tuple[bytes, ...]:
    """Leaf hashes of entry(0) .. entry(size - 1)."""
    return tuple(leaf_hash(entry(number)) for number in range(size))


def signed(size: int, root: bytes, *, origin: str = ORIGIN, key: PrivateKey = KEY) -> bytes:
    return sign_checkpoint(Checkpoint(origin=origin, size=size, root=root), key)


def checkpoint(size: int, root: bytes | None = None) -> Checkpoint:
    """A checkpoint of the log of entry(0) .. entry(size - 1), read back from its signed note."""
    return read_checkpoint(signed(size, root_of(leaves(size)) if root is None else root), KNOWN)


def log(entries: Iterable[bytes]) -> Files:
    """All files of a log with a signed checkpoint."""
    entries = list(entries)
    files = dict(log_files(entries))
    files[CHECKPOINT_PATH] = signed(len(entries), root_of(leaf_hash(data) for data in entries))
    return files


@cache
def _log_of(size: int) -> tuple[tuple[str, bytes], ...]:
    return tuple(log(entry(number) for number in range(size)).items())


def log_of(size: int) -> Files:
    """A log of entry(0) .. entry(size - 1)."""
    return dict(_log_of(size))


def with_entry(files: Files, path: str, place: int, data: bytes) -> Files:
    """The log with one entry of the bundle `path` replaced, as somebody with access to the disk would do it."""
    entries, _ = decode_bundle(files[path])
    entries[place] = data
    return {**files, path: encode_bundle(entries)}


def with_hash(files: Files, path: str, place: int, node: bytes) -> Files:
    data = files[path]
    return {**files, path: data[: place * 32] + node + data[place * 32 + 32 :]}


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def write(files: Files, folder: Path) -> Path:
    for path, data in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row as a store keeps it."""

    index: int
    type: str
    at: datetime
    subject: str
    data: bytes
    leaf_hash: bytes
    opening: bytes | None
    salt: bytes | None


def leaf(number: int, *, note: str = "") -> Leaf:
    """A leaf with a salt that depends on its number."""
    facts: dict[str, Json] = {"number": number, "note": note}
    return make_leaf("kept", MOMENT + timedelta(seconds=number), f"record-{number}", facts, number.to_bytes(32, "big"))


def row(number: int, made: Leaf | None = None) -> Row:
    made = made or leaf(number)
    return Row(
        index=number,
        type="kept",
        at=MOMENT + timedelta(seconds=number),
        subject=f"record-{number}",
        data=made.data,
        leaf_hash=made.leaf_hash,
        opening=made.opening,
        salt=made.salt,
    )


@cache
def _rows(size: int) -> tuple[Row, ...]:
    return tuple(row(number) for number in range(size))


def rows(size: int) -> list[Row]:
    """The rows of a store of `size` entries."""
    return list(_rows(size))


def anchor(size: int) -> Checkpoint:
    """The checkpoint of rows(size)."""
    return checkpoint(size, root_of(kept.leaf_hash for kept in _rows(size)))


def changed(kept: Row, **values: object) -> Row:
    return replace(kept, **values)  # type: ignore[arg-type]  # columns of any type
