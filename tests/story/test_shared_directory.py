"""A secretariat lists the nodes it knows; others compare the list with what people have pinned, and nothing moves by
itself."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from entente.node.identity import read_secret
from entente.node.listed_nodes import write_directory
from entente.node.work import open_node, utc_now
from entente.signing import PrivateKey, canonical
from story.world import CBP, CBSA, World, entente


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Of the secretariat, which CBP is here."""
    file = tmp_path / "secretariat.key"
    assert entente("directory", "key", file).code == 0
    return file


def public(key_file: Path) -> str:
    return read_secret(key_file).public.to_text()


def write(world: World, key_file: Path, file: Path, *options: object) -> Path:
    assert world.run(CBP, "directory", "write", "--key", key_file, "--out", file, *options).code == 0
    return file


def states(world: World, file: Path, *options: object) -> dict[str, tuple[str, list[str]]]:
    ran = world.run(CBSA, "directory", "read", file, *options, "--json")
    assert ran.code == 0, ran.err
    return {one["party"]: (one["state"], one["what"]) for one in ran.json}


def test_it_suggests_and_a_person_accepts(world: World, key_file: Path, tmp_path: Path) -> None:
    first = write(world, key_file, tmp_path / "1.directory")
    unknown = world.run(CBSA, "directory", "read", first)
    assert (unknown.code, "No key of a secretariat is pinned" in unknown.err) == (3, True)
    assert states(world, first, "--key", public(key_file)) == {CBP: ("same", []), CBSA: ("own", [])}

    assert world.run(CBP, "keys", "rotate").code == 0
    second = write(world, key_file, tmp_path / "2.directory")
    assert states(world, second)[CBP] == ("differs", ["key"])
    with world.nodes[CBSA].store.reading() as tx:
        before, officers = tx.partners(), tx.officers()
    assert states(world, second)[CBP] == ("differs", ["key"])  # reading changes nothing
    assert states(world, second, "--accept", CBP)[CBP] == ("same", [])
    with world.nodes[CBSA].store.reading() as tx:
        assert tx.partners() != before
        assert tx.officers() == officers
    assert world.run(CBSA, "directory", "read", second, "--accept", CBSA).code == 3


def test_nobody_is_brought_back_kept_or_told_two_things(world: World, key_file: Path, tmp_path: Path) -> None:
    first, second = (write(world, key_file, tmp_path / f"{number}.directory") for number in (1, 2))
    states(world, second, "--key", public(key_file))
    older = world.run(CBSA, "directory", "read", first)
    assert (older.code, "version 2 was read before" in older.err) == (4, True)

    other = json.loads(second.read_bytes())["directory"] | {"nodes": []}
    signed = {"directory": other, "signature": read_secret(key_file).sign("directory-v1", canonical(other)).to_json()}
    second.write_bytes(canonical(signed))
    contradicted = world.run(CBSA, "directory", "read", second)
    assert (contradicted.code, "two different directories" in contradicted.err) == (5, True)

    ago = open_node(world.home(CBP), world.nodes[CBP].catalogue, lambda: utc_now() - timedelta(days=31))
    expired = tmp_path / "expired.directory"
    expired.write_bytes(write_directory(ago, read_secret(key_file), 30))
    ago.close()
    ended = world.run(CBSA, "directory", "read", expired)
    assert (ended.code, "The directory ended on" in ended.err) == (4, True)


def test_another_key_is_not_believed(world: World, key_file: Path, tmp_path: Path) -> None:
    states(world, write(world, key_file, tmp_path / "1.directory"), "--key", public(key_file))
    thief = PrivateKey(b"9" * 32)
    forged = tmp_path / "forged.directory"
    forged.write_bytes(write_directory(world.nodes[CBP], thief, 30))
    assert world.run(CBSA, "directory", "read", forged).code == 5
    asked = world.run(CBSA, "directory", "read", forged, "--key", thief.public.to_text())
    assert (asked.code, "Another key of a secretariat" in asked.err) == (3, True)
