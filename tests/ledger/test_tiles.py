"""The log as files: paths and numbers from the specification, growing, reading back."""

from functools import cache

import pytest

from entente.ledger import (
    BrokenTile,
    EntryTooLong,
    HashAt,
    MissingTile,
    Tile,
    UnevenStart,
    bundle_start,
    decode_bundle,
    encode_bundle,
    hashes_of,
    inclusion_proof,
    log_files,
    node_hash,
    parse_path,
    root_of,
    tile_reader,
    tiles,
    tiles_of,
    tree_root,
    verify_inclusion,
)
from ledger.made import Files, entry, leaves

# The first from C2SP tlog-tiles, the others from golang.org/x/mod, sumdb/tlog/tlog_test.go (without its tile height).
PATHS = [
    ("tile/0/x001/x234/067", Tile(level=0, index=1234067)),
    ("tile/0/001", Tile(level=0, index=1)),
    ("tile/0/001.p/5", Tile(level=0, index=1, width=5)),
    ("tile/5/x123/x456/078", Tile(level=5, index=123456078)),
    ("tile/5/x123/x456/078.p/2", Tile(level=5, index=123456078, width=2)),
    ("tile/0/x003/x057/500", Tile(level=0, index=3057500)),
    ("tile/entries/x003/x057/500", Tile(level=None, index=3057500)),
    ("tile/63/000.p/255", Tile(level=63, index=0, width=255)),
]

BAD_PATHS = [
    "tile/5/123/456/078",
    "tile/-1/123",
    "tile/0/x000/001",
    "tile/0/x01/234",
    "tile/0/1",
    "tile/00/001",
    "tile/64/001",
    "tile/0/001.p/0",
    "tile/0/001.p/256",
    "tile/0/001.p/05",
    "tile/0/001.p/",
    "tile/0/001/",
    "tile/0/x001",
    "tile/data/001",
    "tile/0/\N{ARABIC-INDIC DIGIT ZERO}01",
    "../tile/0/001",
    "tile/0/001\n",
    "checkpoint",
    "",
]


@pytest.mark.parametrize(("path", "tile"), PATHS, ids=str)
def test_published_paths(path: str, tile: Tile) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_is_written_in_one_way_only(path: str) -> None:
    assert parse_path(path) is None


def test_the_tree_of_seventy_thousand_in_the_specification() -> None:
    """273 full tiles of level 0, a partial one of 112, one full of level 1, partial ones of 17 and of 1."""
    found = list(tiles_of(70_000))
    assert [tile.index for tile in found if tile.level == 0 and tile.width == 256] == list(range(273))
    assert found[273:] == [
        Tile(level=0, index=273, width=112),
        Tile(level=1, index=0),
        Tile(level=1, index=1, width=17),
        Tile(level=2, index=0, width=1),
    ]
    assert [tile.path for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


def at_once(size: int) -> Files:
    return dict(_at_once(size))


@cache
def _at_once(size: int) -> tuple[tuple[str, bytes], ...]:
    return tuple(tiles(0, leaves(size), _no_hash))


def _no_hash(level: int, index: int) -> bytes:
    raise AssertionError((level, index))


def of_leaves(size: int) -> HashAt:
    return hashes_of(lambda start, stop: leaves(size)[start:stop])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_the_files_of_a_tree_are_those_that_the_specification_counts(size: int) -> None:
    files = at_once(size)
    assert sorted(files) == sorted(tile.path for tile in tiles_of(size))
    for tile in tiles_of(size):
        assert len(files[tile.path]) == 32 * tile.width


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 65_535, 65_536, 65_537])
def test_the_tree_can_be_read_back_from_its_tiles(size: int) -> None:
    reader = tile_reader(at_once(size).get, size)
    root = root_of(leaves(size))
    assert tree_root(size, reader) == root
    for index in {0, size // 2, size - 1}:
        assert verify_inclusion(leaves(size)[index], index, size, inclusion_proof(index, size, reader), root)


def test_subtrees_between_tile_levels_are_computed() -> None:
    reader, parts = tile_reader(at_once(70_000).get, 70_000), of_leaves(70_000)
    for level, index in [(0, 69_999), (1, 3), (7, 1), (8, 272), (9, 135), (15, 1), (16, 0)]:
        assert reader(level, index) == parts(level, index)


BORDERS = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_535, 65_536, 65_537]


@pytest.mark.parametrize("old", BORDERS)
def test_growing_writes_exactly_what_is_new_or_wider(old: int) -> None:
    for size in (border for border in [*BORDERS, 65_600] if border >= old):
        before, after = at_once(old), at_once(size)
        written = dict(tiles(old, leaves(size)[old:], of_leaves(old)))
        assert written == {path: data for path, data in after.items() if path not in before}


def test_no_growth_writes_nothing() -> None:
    assert dict(tiles(300, (), of_leaves(300))) == {}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_a_log_is_its_tiles_and_its_bundles(size: int) -> None:
    files = dict(log_files(entry(number) for number in range(size)))
    bundles = {path: data for path, data in files.items() if "/entries/" in path}
    assert {path: data for path, data in files.items() if path not in bundles} == at_once(size)
    read = [data for path in sorted(bundles) for data in decode_bundle(bundles[path])[0]]
    assert read == [entry(number) for number in range(size)]


@pytest.mark.parametrize(("old", "size"), [(0, 300), (255, 257), (256, 258), (300, 700), (512, 512), (700, 1000)])
def test_a_log_that_grew_in_two_steps_has_the_files_of_one_that_did_not(old: int, size: int) -> None:
    files = dict(log_files(entry(number) for number in range(old)))
    first = bundle_start(old)
    files.update(
        log_files(
            (entry(number) for number in range(first, size)),
            first=first,
            hash_at=tile_reader(files.get, old) if old else None,
        )
    )
    expected = dict(log_files(entry(number) for number in range(size)))
    assert {path: files[path] for path in expected} == expected


def test_bundles_are_written_whole() -> None:
    with pytest.raises(UnevenStart):
        list(log_files([], first=10, hash_at=_no_hash))
    with pytest.raises(UnevenStart):
        list(log_files([], first=256))


def test_a_partial_tile_may_be_gone_once_the_full_one_is_there() -> None:
    files = at_once(512)
    assert tile_reader(files.get, 300)(0, 299) == leaves(300)[299]


def test_a_missing_tile_and_one_of_the_wrong_length_are_named() -> None:
    files = at_once(300)
    with pytest.raises(MissingTile, match=r"tile/0/001\.p/44"):
        tile_reader(Files().get, 300)(0, 260)
    with pytest.raises(BrokenTile, match="tile/0/000"):
        tile_reader({**files, "tile/0/000": bytes(31)}.get, 300)(0, 0)
    with pytest.raises(BrokenTile, match="tile/0/001"):
        tile_reader({"tile/0/001": bytes(64)}.get, 300)(0, 256)


def test_a_bundle_keeps_entries_of_any_length() -> None:
    entries = [b"", b"x", bytes(65_535)]
    data = encode_bundle(entries)
    assert data[:5] == b"\x00\x00\x00\x01x"
    assert decode_bundle(data) == (entries, b"")
    assert decode_bundle(b"") == ([], b"")


def test_an_entry_longer_than_its_length_prefix_is_refused() -> None:
    with pytest.raises(EntryTooLong):
        encode_bundle([bytes(65_536)])


@pytest.mark.parametrize("rest", [b"\x00", b"\x00\x05abcd", b"\xff\xff"])
def test_a_cut_bundle_gives_what_is_whole(rest: bytes) -> None:
    assert decode_bundle(encode_bundle([b"a", b"bc"]) + rest) == ([b"a", b"bc"], rest)


def test_a_full_tile_is_hashed_into_the_one_above() -> None:
    files = at_once(512)
    left, right = (files["tile/1/000.p/2"][at : at + 32] for at in (0, 32))
    assert node_hash(left, right) == root_of(leaves(512))
