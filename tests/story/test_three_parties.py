"""Three agencies, one agreement: two begin, the third signs later and receives then what was kept before."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from entente.agreements import model_bytes
from entente.cli.staging import build
from entente.node.keeping import keep
from entente.records import Provenance, Record
from story.world import World, world_of

MODEL = "drug-trends"
HC, DEA, NL = "ca.hc", "us.dea", "nl.government"
PARTIES = (HC, DEA, NL)


@pytest.fixture
def unsigned(tmp_path: Path) -> Iterator[World]:
    """Three nodes with each other's cards; the text has reached all, and nobody has signed it."""
    build(tmp_path / "stage", PARTIES, ())
    # The folders of a stage are named after what follows the country in a party's code.
    with world_of(tmp_path / "stage", tmp_path / "world", [party.split(".")[1] for party in PARTIES]) as world:
        text = tmp_path / "agreement.toml"
        text.write_bytes(model_bytes(MODEL))
        assert world.run(HC, "agreements", "add", text).code == 0
        world.settle()
        yield world


def count(world: World, party: str, number: int) -> None:
    """`party` keeps a simulated count of tests."""
    values: dict[str, Any] = {
        "publication": "simulated",
        "jurisdiction": "Somewhere",
        "substance_native": f"Substance {number}",
        "tested": 100,
        "reported": number,
        "period_start": date(2026, 1, 1),
    }
    record = Record(
        id=f"{number:032x}",
        version=1,
        kind="test-count",
        kind_version=world.nodes[party].catalogue.kind("test-count").version,
        said_by=party,
        recorded_at=datetime.now(UTC),
        sure="reported",
        provenance=Provenance(
            source="simulated.csv", source_digest="sha256:0", line=number, reader="test", mapping_version="1"
        ),
        values=values,
        is_simulated=True,
    )
    with world.nodes[party].writing() as work:
        keep(world.nodes[party], work, [record])


def held(world: World, party: str) -> set[tuple[str, int]]:
    """Whose counts `party` holds, and which."""
    shown = world.run(party, "records", "list", "--why", "look", "--json").json
    return {(found["said_by"], found["values"]["reported"]) for found in shown}


def state(world: World, party: str) -> list[str]:
    (text,) = world.run(party, "agreements", "list", "--json").json
    assert text["is_in_force"] is bool(text["in_force_with"])
    found: list[str] = text["in_force_with"]
    return found


def test_two_begin_and_the_third_receives_what_was_kept_before_it_signed(unsigned: World) -> None:
    world = unsigned
    count(world, HC, 1)
    world.sign(MODEL, HC)
    assert state(world, HC) == []
    world.sign(MODEL, DEA)

    assert (state(world, HC), state(world, DEA), state(world, NL)) == ([DEA], [HC], [])
    assert (held(world, DEA), held(world, NL)) == ({(HC, 1)}, set())
    told = world.run(HC, "agreements", "list").out
    assert f"in force with {DEA}" in told
    assert NL in next(line for line in told.splitlines() if "have yet to sign" in line)
    assert f"(in force with {DEA})" in world.run(HC, "agreements", "explain", MODEL).out
    assert "not in force" in world.run(NL, "agreements", "list").out

    count(world, NL, 2)
    count(world, DEA, 3)
    world.settle()
    assert held(world, NL) == {(NL, 2)}  # whoever has not signed neither receives nor gives
    assert held(world, HC) == {(HC, 1), (DEA, 3)}

    world.sign(MODEL, NL)

    everything = {(HC, 1), (NL, 2), (DEA, 3)}
    assert [held(world, party) for party in PARTIES] == [everything] * 3
    assert state(world, NL) == [HC, DEA]
    world.settle()
    for party in PARTIES:
        assert len(world.entries(party, "disclosed")) == 2  # once to each of the others, although it was swept again
        assert [found.differences for found in world.reconcile(party)] == [(), ()]
