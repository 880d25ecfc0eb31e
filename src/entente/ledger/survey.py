"""Reads a whole log block by block (256 entries): what the entries hash to, what the tiles say, and where the two
differ.

Nothing is judged here: `verify` decides, with the signed root, which side tells the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from entente.ledger.problems import Problem
from entente.ledger.tiles import TILE_WIDTH, BrokenTile, MissingTile, Read, Tile, fetch_entries, fetch_hashes
from entente.ledger.tree import Frontier, leaf_hash, root_of

ENTRIES, TILES = 0, 1  # the two sides
_GIVE_UP_AFTER = 16  # blocks without any file: the rest is gone, whatever size a forged checkpoint claims
LOST = bytes(32)  # stands for the root of a block of which nothing is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Entries from `first` on: their hashes by both sides (one fills in for what the other has lost), and what is held.

    `held` counts the entries that could be read; `parent` is the block's root as the tile above says (None: not there).
    """

    first: int
    held: int
    by_side: tuple[Sequence[bytes], Sequence[bytes]]
    parent: bytes | None

    @property
    def differences(self) -> tuple[int, ...]:
        pairs = zip(*self.by_side, strict=True)
        return tuple(self.first + place for place, (entry, tile) in enumerate(pairs) if entry != tile)

    def root(self, side: int) -> bytes:
        """The root of a full block; of one that both sides have lost only the parent remains."""
        hashes = self.by_side[side]
        return root_of(hashes) if len(hashes) == TILE_WIDTH else self.parent or LOST


@dataclass(slots=True, kw_only=True)
class Survey:
    """What a log's files say: of every full block its roots by both sides, its parent; of the open block its hashes."""

    size: int
    held: int = 0
    is_whole: bool = True
    problems: list[Problem] = field(default_factory=list)
    roots: tuple[list[bytes], list[bytes]] = field(default_factory=lambda: ([], []))
    parents: list[bytes | None] = field(default_factory=list)
    tails: tuple[Sequence[bytes], Sequence[bytes]] = ((), ())
    differences: dict[int, tuple[int, ...]] = field(default_factory=dict)
    lost: list[tuple[int, int]] = field(default_factory=list)

    def add(self, block: Block, width: int) -> None:
        self.held += block.held
        self.is_whole &= len(block.by_side[ENTRIES]) == width or (width == TILE_WIDTH and block.parent is not None)
        if block.held < width:
            self._lose(block.first + block.held, block.first + width)
        if differences := block.differences:
            self.differences[block.first // TILE_WIDTH] = differences
        if width < TILE_WIDTH:
            self.tails = block.by_side
            return
        self.parents.append(block.parent)
        self.roots[ENTRIES].append(block.root(ENTRIES))
        self.roots[TILES].append(block.root(TILES) if differences else self.roots[ENTRIES][-1])

    def _lose(self, start: int, stop: int) -> None:
        if self.lost and self.lost[-1][1] == start:
            start = self.lost.pop()[0]
        self.lost.append((start, stop))


def survey_log(read: Read, size: int) -> Survey:
    """Reads bundles and tiles of a log of `size` entries, one block in memory at a time."""
    survey, empty = Survey(size=size), 0
    for first in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - first)
        may_end_here = not survey.lost or survey.lost[-1][1] < first
        block = read_block(read, first, size, survey.problems, may_end_here=may_end_here)
        survey.add(block, width)
        empty = 0 if block.by_side[ENTRIES] else empty + 1
        if empty == _GIVE_UP_AFTER:
            survey.is_whole = False
            survey.add(Block(first=first + width, held=0, by_side=((), ()), parent=None), size - first - width)
            break
    return survey


def read_block(read: Read, first: int, size: int, problems: list[Problem], *, may_end_here: bool = False) -> Block:
    """The block that begins at entry `first`; what is wrong with its files goes to `problems`.

    `may_end_here`: when its bundle is missing, look for an older, narrower one to tell where a truncated log ends.
    """
    bundle = Tile(level=None, index=first // TILE_WIDTH, width=min(TILE_WIDTH, size - first))
    hashes = _hashes(read, bundle, problems)
    entries, is_broken = _entries(read, bundle, 1 if may_end_here else bundle.width)
    if is_broken:
        entries = _agreeing(entries, hashes)
        problems.append(Problem(code="file-broken", index=first + len(entries), values={"path": bundle.path}))
    if hashes is None and entries:
        problems.append(Problem(code="file-missing", values={"path": _hash_tile(bundle).path}))
    held = bundle.width if is_broken else len(entries)
    by_tile = hashes or entries
    by_entries = [*entries, *by_tile[len(entries) :]]
    return Block(first=first, held=held, by_side=(by_entries, by_tile), parent=_parent(read, first, size))


def log_root(roots: Sequence[bytes], tail: Sequence[bytes]) -> bytes:
    """The root of a log from the roots of its full blocks and the hashes of its open one."""
    blocks, rest = Frontier().extend(roots), Frontier().extend(tail)
    return Frontier(blocks.size * TILE_WIDTH + rest.size, blocks.nodes + rest.nodes).root()


def _hash_tile(bundle: Tile) -> Tile:
    return Tile(level=0, index=bundle.index, width=bundle.width)


def _hashes(read: Read, bundle: Tile, problems: list[Problem]) -> list[bytes] | None:
    try:
        return fetch_hashes(read, _hash_tile(bundle))
    except MissingTile:
        return None
    except BrokenTile as error:
        path = error.values["path"]
        problems.append(Problem(code="file-broken", index=bundle.index * TILE_WIDTH, values={"path": path}))
        return None


def _entries(read: Read, bundle: Tile, least: int) -> tuple[list[bytes], bool]:
    """Hashes of the entries in the bundle, or in the widest one of at least `least`; and if the file is damaged."""
    for width in range(bundle.width, least - 1, -1):
        try:
            entries, rest = fetch_entries(read, bundle.widened(width))
        except MissingTile:
            continue
        return [leaf_hash(entry) for entry in entries], bool(rest) or len(entries) != width
    return [], False


def _agreeing(entries: Sequence[bytes], hashes: Sequence[bytes] | None) -> list[bytes]:
    """The beginning of a damaged bundle that is as logged: behind a wrong length everything is shifted."""
    good: list[bytes] = []
    for entry, known in zip(entries, hashes or (), strict=False):
        if entry != known:
            break
        good.append(entry)
    return good


def _parent(read: Read, first: int, size: int) -> bytes | None:
    number, count = first // TILE_WIDTH, size // TILE_WIDTH
    if number >= count:
        return None
    index, place = divmod(number, TILE_WIDTH)
    try:
        return fetch_hashes(read, Tile(level=1, index=index, width=min(TILE_WIDTH, count - index * TILE_WIDTH)))[place]
    except (MissingTile, BrokenTile):
        return None
