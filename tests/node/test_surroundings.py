"""What a node is told of its machine: encryption of the disk, open files, clocks."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from entente.node.surroundings import encryption_of


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """The place in a made-up /sys of the device on which this test's folder lies."""
    number = tmp_path.stat().st_dev
    place = tmp_path / "sys" / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}"
    place.mkdir(parents=True)
    return place


def seen(tmp_path: Path, mounts: str = "") -> str:
    number = tmp_path.stat().st_dev
    (tmp_path / "mountinfo").write_text(mounts.format(device=f"{os.major(number)}:{os.minor(number)}"), "utf-8")
    return encryption_of(tmp_path, sys=tmp_path / "sys", mounts=tmp_path / "mountinfo")


def crypt(place: Path) -> None:
    (place / "dm").mkdir(parents=True)
    (place / "dm" / "uuid").write_text("CRYPT-LUKS2-0123-home", "ascii")


def volume_on(place: Path, *parts: Callable[[Path], None]) -> None:
    """A volume of a group that lies on several disks."""
    (place / "dm").mkdir(parents=True)
    (place / "dm" / "uuid").write_text("LVM-abcdef", "ascii")
    for number, make in enumerate(parts):
        part = place / "slaves" / f"dm-{number}"
        part.mkdir(parents=True)
        make(part)


def plain(_: Path) -> None:
    pass


@pytest.mark.skipif(
    not os.major(Path(tempfile.gettempdir()).stat().st_dev), reason="needs a file system on a device of its own"
)
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (crypt, "encrypted"),
        (plain, "not-encrypted"),
        (lambda place: volume_on(place, crypt), "encrypted"),
        (lambda place: volume_on(place, crypt, crypt), "encrypted"),
        (lambda place: volume_on(place, crypt, plain), "not-encrypted"),
        (lambda place: volume_on(place, plain), "not-encrypted"),
    ],
)
def test_a_disk_is_encrypted_when_all_that_it_lies_on_is(
    tmp_path: Path, device: Path, make: Callable[[Path], None], told: str
) -> None:
    make(device)
    assert seen(tmp_path) == told


def test_what_cannot_be_seen_is_not_guessed(tmp_path: Path) -> None:
    assert seen(tmp_path) == "cannot-tell"
    assert encryption_of(tmp_path / "nowhere", sys=tmp_path, mounts=tmp_path / "none") == "cannot-tell"
