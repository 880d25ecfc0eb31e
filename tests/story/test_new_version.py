"""A new version of an agreement, signed by one party after the other: what rests on gifts under the old one goes on
once everybody who signed the old one has signed the new one, and not before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from entente.agreements import Limits
from entente.exchange import open_sealed, read_envelope
from entente.node.agreeing import keep_agreement
from entente.node.keeping import keep
from entente.node.limits import limits_body
from entente.node.looking import record_of
from entente.signing import digest
from story.notices_given import DEA, HOMES, PARTIES, TEXT, found, sent, stage_notices
from story.world import CBP, CBSA, World, world_of

V1 = digest(TEXT)
NEXT = TEXT.replace(b"version = 1\n", f'version = 2\npredecessor = "{V1}"\n'.encode())
V2 = digest(NEXT)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Version 1 is in force between all three; the text of version 2 is here, and nobody has signed it."""
    stage_notices(tmp_path)
    with world_of(tmp_path / "signed", tmp_path / "world", HOMES) as world:
        for node in world.nodes.values():
            with node.writing() as work:
                keep_agreement(work, node.agreement(V2, NEXT))
        found(world)
        yield world


def rests_on(world: World, name: str, *agreements: str) -> str:
    """CBSA keeps one more accepted finding, drawn from gifts under `agreements` for early warning."""
    node = world.nodes[CBSA]
    limits = Limits(purposes=("early-warning",), caveats=("public-health-only",), agreements=agreements)
    with node.writing() as work:
        kept = work.tx.record("f" * 32)
        assert kept is not None
        record = record_of(node, kept)
        record = replace(record, id=name * 32, values={**record.values, "subject": f"subject {name}"})
        keep(node, work, [record], limits_body(limits))
    return record.id


def told(world: World, partner: str, record_id: str) -> list[str | None]:
    """The agreements under which CBSA told `partner` of a finding."""
    rows = [row for row in sent(world, CBSA, partner, "notification") if row.record_id == record_id]
    return [read_envelope(open_sealed(row.sealed).envelope).agreement for row in rows]


def test_findings_on_gifts_under_the_version_before_wait_for_the_last_signature_and_go(world: World) -> None:
    under_old = rests_on(world, "1", V1)
    world.settle()
    assert told(world, CBP, under_old) == [V1]

    world.sign(V2, CBSA, CBP)
    under_old, under_both, unknown = (
        rests_on(world, "2", V1),
        rests_on(world, "3", V1, V2),
        rests_on(world, "4", V1, f"sha256:{'0' * 64}"),
    )
    world.settle()
    # DEA has signed version 1 only: what it gave is not for the two others to tell under another text.
    assert (told(world, CBP, under_old), told(world, DEA, under_old)) == ([], [V1])
    assert (told(world, CBP, under_both), told(world, DEA, under_both)) == ([], [])

    world.sign(V2, DEA)
    assert (told(world, CBP, under_old), told(world, DEA, under_old)) == ([V2], [V1])
    assert told(world, CBP, under_both) == told(world, DEA, under_both) == [V2]
    assert told(world, CBP, unknown) == told(world, DEA, unknown) == []
    with world.nodes[CBP].store.reading() as tx:
        (row,) = [row for row in tx.current_records(own=False, after="", limit=99) if row.id == under_both]
    assert b"public-health-only" in (row.handling or b"")
    listed = world.run(CBSA, "agreements", "list", "--json").json
    assert {text["agreement"]: text["succeeds"] for text in listed} == {V1: [], V2: [V1]}
    assert PARTIES == (CBSA, CBP, DEA)
