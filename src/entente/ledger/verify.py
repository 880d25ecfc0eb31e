"""Is this log what its checkpoint signs? Needs tiles, entry bundles, checkpoint and keys; nothing else of Entente.

Entries and tiles say the same thing twice. Where they differ, the signed root tells which side was changed: the side
(or the mixture of both, by the tiles above) that gives the signed root is the truth, by the collision resistance of
SHA-256.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entente.ledger.anchors import read_anchor, read_anchors
from entente.ledger.checkpoints import Checkpoint
from entente.ledger.notes import VerifierKey
from entente.ledger.problems import Problem, Verdict
from entente.ledger.survey import ENTRIES, LOST, TILES, Survey, log_root, read_block, survey_log
from entente.ledger.tiles import TILE_WIDTH, BrokenTile, MissingTile, Read, Tile, fetch_hashes
from entente.ledger.tree import root_of

CHECKPOINT_PATH = "checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Truth:
    """Which side is right, block by block, and for the open block."""

    sides: Sequence[int]
    tail: int

    def side(self, block: int) -> int:
        return self.sides[block] if block < len(self.sides) else self.tail


def verify_log(read: Read, known: Sequence[VerifierKey], *, witnessed: Sequence[bytes] = ()) -> Verdict:
    """Checks the log behind `read` (path -> bytes, None when not there) against its own signed checkpoint.

    `witnessed` are signed checkpoints (notes) that others hold: the log must contain each of them.
    """
    checkpoint, problems = _checkpoint(read, known)
    if checkpoint is None:
        return Verdict(origin="", size=0, root=b"", read=0, problems=tuple(problems))
    survey = survey_log(read, checkpoint.size)
    truth = _truth(survey, checkpoint.root)
    problems += [*_lost(survey), *survey.problems, *_named(survey, truth)]
    if truth:
        problems += _upper_tiles(read, survey, truth)
    elif survey.is_whole:
        problems.append(Problem(code="root-differs", values={"size": checkpoint.size}))
    anchors, forged = read_anchors(witnessed, known)
    problems += [*forged, *_history(read, survey, checkpoint, anchors, is_true=truth is not None)]
    return Verdict(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        read=survey.held,
        problems=tuple(problems),
    )


def _checkpoint(read: Read, known: Sequence[VerifierKey]) -> tuple[Checkpoint | None, list[Problem]]:
    """The checkpoint even when its signature is bad: what it claims is then checked all the same."""
    note = read(CHECKPOINT_PATH)
    if note is None:
        return None, [Problem(code="no-checkpoint")]
    checkpoint, problem = read_anchor(note, known)
    return checkpoint, [problem] if problem else []


def _truth(survey: Survey, root: bytes) -> _Truth | None:
    """The side, or mixture of sides, that gives `root`; None when none does."""
    if not survey.is_whole:
        return None
    count = len(survey.parents)
    by_parent = [_side(survey, block) for block in range(count)] if survey.differences else []
    for sides in ([TILES] * count, [ENTRIES] * count, by_parent):
        roots = [survey.roots[side][block] for block, side in enumerate(sides)]
        for tail in (TILES, ENTRIES):
            if log_root(roots, survey.tails[tail]) == root and len(sides) == count:
                return _Truth(sides=sides, tail=tail)
    return None


def _side(survey: Survey, block: int) -> int:
    return ENTRIES if survey.roots[ENTRIES][block] == survey.parents[block] else TILES


def _lost(survey: Survey) -> Iterator[Problem]:
    for start, stop in survey.lost:
        if stop == survey.size:
            yield Problem(code="truncated", index=start, values={"size": survey.size})
        else:
            yield Problem(code="entries-missing", index=start, values={"last": stop - 1})


def _named(survey: Survey, truth: _Truth | None) -> Iterator[Problem]:
    """Every entry on which the two sides differ; without a truth also the blocks that their parent contradicts."""
    for block, indexes in survey.differences.items():
        code = "entry-disagrees" if truth is None else ("hash-changed", "entry-changed")[truth.side(block)]
        yield from (Problem(code=code, index=index) for index in indexes)
    if truth is None:
        for block, parent in enumerate(survey.parents):
            if block not in survey.differences and parent not in {None, survey.roots[ENTRIES][block]}:
                first = block * TILE_WIDTH
                yield Problem(code="range-changed", index=first, values={"last": first + TILE_WIDTH - 1})


def _upper_tiles(read: Read, survey: Survey, truth: _Truth) -> Iterator[Problem]:
    """Tiles of levels 1 and above against what the true leaves give."""
    hashes = [survey.roots[side][block] for block, side in enumerate(truth.sides)]
    level = 1
    while hashes:
        parts = [hashes[at : at + TILE_WIDTH] for at in range(0, len(hashes), TILE_WIDTH)]
        for index, part in enumerate(parts):
            tile = Tile(level=level, index=index, width=len(part))
            if problem := _tile_problem(read, tile, part):
                yield problem
        hashes = [root_of(part) for part in parts if len(part) == TILE_WIDTH]
        level += 1


def _tile_problem(read: Read, tile: Tile, right: Sequence[bytes]) -> Problem | None:
    span = TILE_WIDTH**tile.level if tile.level else 1
    first, values = tile.index * TILE_WIDTH * span, {"path": tile.path}
    try:
        stored = fetch_hashes(read, tile)
    except MissingTile:
        return Problem(code="file-missing", values=values)
    except BrokenTile:
        return Problem(code="file-broken", index=first, values=values)
    wrong = [place for place, (found, node) in enumerate(zip(stored, right, strict=True)) if found != node]
    return Problem(code="tile-changed", index=first + wrong[0] * span, values=values) if wrong else None


def _history(
    read: Read, survey: Survey, checkpoint: Checkpoint, witnessed: Sequence[Checkpoint], *, is_true: bool
) -> Iterator[Problem]:
    """Checkpoints that others hold: the log contains each of them, or the first that it does not is where it was
    changed."""
    values: dict[str, object] = {"origin": checkpoint.origin, "size": checkpoint.size}
    same = 0
    others = (other for other in witnessed if other.origin == checkpoint.origin)
    for other in others:
        if other.size > checkpoint.size:
            yield Problem(code="smaller", values={**values, "old": other.size})
        elif other.size == checkpoint.size:
            yield from [Problem(code="two-heads", values=values)] if other.root != checkpoint.root else []
        elif not (roots := _roots_at(read, survey, other.size)):
            continue
        elif other.root in roots:
            same = other.size
        else:
            yield Problem(code="not-consistent", values={**values, "old": other.size})
            yield Problem(code="range-changed", index=same, values={"last": other.size - 1})
            return
    if same and not is_true and survey.is_whole:
        yield Problem(code="range-changed", index=same, values={"last": checkpoint.size - 1})


def _roots_at(read: Read, survey: Survey, size: int) -> set[bytes]:
    """The root of the first `size` entries, by each side; empty where their hashes are lost."""
    blocks, width = divmod(size, TILE_WIDTH)
    block = read_block(read, blocks * TILE_WIDTH, survey.size, [])
    if LOST in survey.roots[TILES][:blocks] or len(survey.parents) < blocks or len(block.by_side[TILES]) < width:
        return set()
    return {log_root(survey.roots[side][:blocks], block.by_side[side][:width]) for side in (ENTRIES, TILES)}
