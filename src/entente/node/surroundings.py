"""What a node stands on: is its disk encrypted, is there room, are its files its own, do clocks agree? Looks only."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from entente.exchange import UnreadableReceipt, read_receipt
from entente.node.config import CONFIG
from entente.node.work import Node
from entente.store import Transaction

Encryption = Literal["encrypted", "not-encrypted", "cannot-tell"]
SYS = Path("/sys")
MOUNTS = Path("/proc/self/mountinfo")
SKEW_SECONDS = 20
"""Signed requests are refused beyond 60 seconds; some of that is the way."""
LITTLE_ROOM_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """`encryption` of the volume that holds the node's folder; `open_files` can be read by other users of this machine;
    `skew_seconds` by partner: how far our clock is ahead of its, from the newest receipt."""

    encryption: Encryption
    free_bytes: int
    open_files: tuple[str, ...]
    skew_seconds: Mapping[str, int]

    @property
    def has_little_room(self) -> bool:
        return self.free_bytes < LITTLE_ROOM_BYTES

    @property
    def skewed(self) -> Mapping[str, int]:
        return {party: ahead for party, ahead in self.skew_seconds.items() if abs(ahead) > SKEW_SECONDS}

    def to_json(self) -> dict[str, Any]:
        return {
            "volume": self.encryption,
            "free_bytes": self.free_bytes,
            "open_files": list(self.open_files),
            "clock_ahead_seconds": dict(self.skew_seconds),
        }


def surroundings(node: Node) -> Surroundings:
    folder = node.config.folder
    with node.store.reading() as tx:
        skew = dict(_skew(tx))
    return Surroundings(
        encryption=encryption_of(folder),
        free_bytes=shutil.disk_usage(folder).free,
        open_files=tuple(sorted(_open_files(folder))),
        skew_seconds=skew,
    )


def encryption_of(folder: Path, *, sys: Path = SYS, mounts: Path = MOUNTS) -> Encryption:
    """Whether the device under `folder` is one of dm-crypt (LUKS), or lies on one; Linux only.

    Encryption inside a file system (ZFS, fscrypt) or inside the drive is not seen from here.
    """
    try:
        device = _device(folder, mounts)
        place = (sys / "dev" / "block" / device).resolve(strict=True)
    except (OSError, ValueError):
        return "cannot-tell"
    return "encrypted" if _is_crypt(place) else "not-encrypted"


def _device(folder: Path, mounts: Path) -> str:
    """`major:minor` of the block device. Raises OSError, ValueError where there is none to be seen."""
    number = folder.stat().st_dev
    device = f"{os.major(number)}:{os.minor(number)}"
    if os.major(number):
        return device
    for line in mounts.read_text("utf-8").splitlines():  # a file system without a device of its own, as btrfs
        told, _, rest = line.partition(" - ")
        if told.split()[2] == device and rest.split()[1].startswith("/dev/"):
            source = Path(rest.split()[1]).stat().st_rdev
            return f"{os.major(source)}:{os.minor(source)}"
    raise ValueError(device)


def _is_crypt(place: Path) -> bool:
    """Through partitions and volume groups down to the disk; every part of what it lies on must be encrypted."""
    uuid = place / "dm" / "uuid"
    if uuid.is_file() and uuid.read_text("ascii").startswith("CRYPT-"):
        return True
    below = list((place / "slaves").glob("*")) if (place / "slaves").is_dir() else []
    return bool(below) and all(_is_crypt(part.resolve()) for part in below)


def _open_files(folder: Path) -> Iterator[str]:
    """Settings, keys, database and uploads that others may read; the published ledger is for everybody."""
    found = [folder / CONFIG, *folder.glob("keys"), *folder.glob("keys/*"), *folder.glob("*.sqlite*")]
    found += [*folder.glob("uploads*"), *folder.glob("uploads*/*")]
    for file in found:
        if file.exists() and file.stat().st_mode & 0o077:
            yield file.relative_to(folder).as_posix()


def _skew(tx: Transaction) -> Iterator[tuple[str, int]]:
    """A receipt says when it was signed, and our ledger when it came."""
    for partner in tx.partners():
        data = tx.newest_receipt(partner.party)
        try:
            receipt = read_receipt(data).receipt if data else None
        except UnreadableReceipt:
            continue
        came = [entry.at for entry in tx.entries_about(receipt.root) if entry.type == "receipt"] if receipt else []
        if receipt and came:
            yield partner.party, round((came[-1] - receipt.issued_at).total_seconds())
