"""The tree as files: C2SP tlog-tiles, tiles of height 8. Which files exist, which to write when a log grows, how to
read them.

A tile of level L holds up to 256 hashes of complete subtrees of 256**L entries. Only paths and bytes here; the caller
owns the disk. What is read from tiles proves nothing until the root has been compared with a signed checkpoint.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from entente.errors import InputFault, OurFault, Tampered
from entente.ledger.bundles import decode_bundle, encode_bundle
from entente.ledger.tree import HASH_BYTES, HashAt, leaf_hash, root_of

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63

Read = Callable[[str], bytes | None]
File = tuple[str, bytes]

_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")


class MissingTile(InputFault):
    """The ledger's file {path} is not there. Copy it from the log again, or write the tiles anew from the entries."""


class BrokenTile(Tampered):
    """The ledger's file {path} does not hold {width} hashes. Keep it as evidence and copy it from the log again."""


class UnevenStart(OurFault):
    """Files of a log were asked for from entry {first} on. Start at a multiple of {width}: a bundle is written
    whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One file of the log: `level` None is an entry bundle; `width` counts hashes or entries, 256 when full."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{number}{part}"

    def widened(self, width: int) -> "Tile":
        return Tile(level=self.level, index=self.index, width=width)


def parse_path(path: str) -> Tile | None:
    """The tile that `path` names; None when it names none, or not in the one right way."""
    found = _PATH.fullmatch(path)
    if not found:
        return None
    level, number, width = found.groups()
    tile = Tile(
        level=None if level == "entries" else int(level),
        index=int(number.replace("x", "").replace("/", "")),
        width=int(width or TILE_WIDTH),
    )
    is_possible = (tile.level or 0) <= MAX_LEVEL and 1 <= tile.width <= TILE_WIDTH
    return tile if is_possible and tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """All hash tiles of a tree of `size` entries, partial ones last in their level."""
    level, count = 0, size
    while count:
        full, rest = divmod(count, TILE_WIDTH)
        for index in range(full):
            yield Tile(level=level, index=index)
        if rest:
            yield Tile(level=level, index=full, width=rest)
        level, count = level + 1, full


def tiles(old_size: int, leaves: Iterable[bytes], hash_at: HashAt) -> Iterator[File]:
    """The hash tiles that are new or wider after `leaves` (leaf hashes) were added to a tree of `old_size` entries.

    `hash_at` is asked for hashes of levels 0, 8, 16, ... in the open tiles of the old tree. Memory: one tile per level.
    """
    growth = _growth(old_size, hash_at)
    coming = iter(leaves)
    while chunk := list(islice(coming, growth[0].room)):
        yield from _push(growth, 0, chunk)
    yield from _open_files(growth)


def log_files(entries: Iterable[bytes], *, first: int = 0, hash_at: HashAt | None = None) -> Iterator[File]:
    """Entry bundles and hash tiles, in one pass over `entries` (leaf data) from number `first` to the end of the log.

    `first` is a multiple of 256 (see bundle_start); above 0, `hash_at` must know the older tree. Raises UnevenStart.
    """
    if first % TILE_WIDTH or (first and hash_at is None):
        raise UnevenStart(first=first, width=TILE_WIDTH)
    growth = _growth(first, hash_at) if hash_at else [_Row(level=0)]
    coming, index = iter(entries), first // TILE_WIDTH
    while chunk := list(islice(coming, TILE_WIDTH)):
        yield Tile(level=None, index=index, width=len(chunk)).path, encode_bundle(chunk)
        yield from _push(growth, 0, [leaf_hash(entry) for entry in chunk])
        index += 1
    yield from _open_files(growth)


def bundle_start(size: int) -> int:
    """The first entry of the bundle into which entry number `size` goes."""
    return size - size % TILE_WIDTH


def fetch_hashes(read: Read, tile: Tile) -> list[bytes]:
    """The hashes in `tile`, from its own file or from a wider one. Raises MissingTile, BrokenTile."""
    data = read(tile.path)
    if data is not None and len(data) != tile.width * HASH_BYTES:
        raise BrokenTile(path=tile.path, width=tile.width)
    if data is None and tile.width < TILE_WIDTH:  # a log may drop a partial tile once the full one is there
        full = tile.widened(TILE_WIDTH)
        data = read(full.path)
        if data is not None and len(data) != TILE_WIDTH * HASH_BYTES:
            raise BrokenTile(path=full.path, width=TILE_WIDTH)
    if data is None:
        raise MissingTile(path=tile.path)
    return [data[at : at + HASH_BYTES] for at in range(0, tile.width * HASH_BYTES, HASH_BYTES)]


def fetch_entries(read: Read, tile: Tile) -> tuple[list[bytes], bytes]:
    """The entries of a bundle, at most `width`, and what could not be read of it. Raises MissingTile."""
    data = read(tile.path)
    if data is None and tile.width < TILE_WIDTH:
        data = read(tile.widened(TILE_WIDTH).path)
        if data is not None:
            return decode_bundle(data)[0][: tile.width], b""
    if data is None:
        raise MissingTile(path=tile.path)
    return decode_bundle(data)


def tile_reader(read: Read, size: int, *, remember: int = 256) -> HashAt:
    """Subtree hashes of the tree of `size` entries, from its tiles. Raises MissingTile, BrokenTile."""

    @lru_cache(maxsize=remember)
    def hashes(level: int, index: int) -> list[bytes]:
        count = size >> (TILE_HEIGHT * level)
        return fetch_hashes(read, Tile(level=level, index=index, width=min(TILE_WIDTH, count - index * TILE_WIDTH)))

    @lru_cache(maxsize=remember * 16)
    def hash_at(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, place = divmod(index << height, TILE_WIDTH)
        return root_of(hashes(tile_level, tile_index)[place : place + (1 << height)])

    return hash_at


@dataclass(slots=True, kw_only=True)
class _Row:
    """The open tile of one level while a log grows."""

    level: int
    index: int = 0
    hashes: list[bytes] = field(default_factory=list)
    has_grown: bool = False

    @property
    def room(self) -> int:
        return TILE_WIDTH - len(self.hashes)

    @property
    def file(self) -> File:
        return Tile(level=self.level, index=self.index, width=len(self.hashes)).path, b"".join(self.hashes)


def _growth(size: int, hash_at: HashAt) -> list[_Row]:
    rows, level, count = [], 0, size
    while count or not level:
        index, width = divmod(count, TILE_WIDTH)
        held = [hash_at(TILE_HEIGHT * level, index * TILE_WIDTH + place) for place in range(width)]
        rows.append(_Row(level=level, index=index, hashes=held))
        level, count = level + 1, index
    return rows


def _push(rows: list[_Row], level: int, hashes: list[bytes]) -> Iterator[File]:
    """Adds at most as many hashes as there is room for in the open tile of `level`."""
    if level == len(rows):
        rows.append(_Row(level=level))
    row = rows[level]
    row.hashes += hashes
    row.has_grown = True
    if not row.room:
        yield row.file
        yield from _push(rows, level + 1, [root_of(row.hashes)])
        rows[level] = _Row(level=level, index=row.index + 1)


def _open_files(rows: list[_Row]) -> Iterator[File]:
    return (row.file for row in rows if row.has_grown and row.hashes)
