"""A provincial police service gives through the national one: it signs the text that says so, and its partner abroad
sees who said what and through whom it came."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agreements.parts import changed, source
from entente.cli.staging import CREDENTIALS, build
from entente.node.agreeing import suspend
from entente.node.keeping import keep
from entente.node.taking_back import pack
from entente.records import Provenance, Record
from entente.signing import PrivateKey, digest, parse
from story.world import World, world_of

PROVINCE, BUREAU, ABROAD = "ca.provincial-police", "ca.rcmp", "us.dea"
PARTIES = (PROVINCE, BUREAU, ABROAD)
HOME = """
    name = "home"
    version = 1
    title.en = "Samples at home"
    text.en = "A provincial police service tells the national one what it seized."
    authoritative = ["en"]
    parties = ["ca.provincial-police", "ca.rcmp"]
    zone = "America/Toronto"
    valid_from = 2026-01-01
    valid_until = 2030-12-31
"""
GIVES = """
    [[provision]]
    id = "1.1"
    reference = "art. 1"
    text.en = "Samples are told at once."
    effect = "permit"
    giver = ["ca.provincial-police"]
    receiver = ["ca.rcmp"]
    kinds = ["sample"]
    fields = ["class:substance", "class:quantity", "sample.number"]
    purposes = ["threat-assessment", "early-warning"]
    occasion = "standing"
    release = "automatic"
    caveats = ["no-onward", "not-evidence"]
    duties = { retain_days = 100 }
"""
ONWARD = changed(HOME, name='"onward"', parties='["ca.rcmp", "us.dea"]', also_signed_by='["ca.provincial-police"]')
PASSES_ON = changed(
    GIVES,
    giver='["ca.rcmp"]',
    receiver='["us.dea"]',
    on_behalf_of='["ca.provincial-police"]',
    fields='["class:substance", "sample.number"]',
    purposes='["threat-assessment", "investigation"]',
    caveats='["no-onward"]',
    duties="{ retain_days = 365 }",
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three nodes with each other's cards; both texts are held where they are signed, by nobody yet."""
    build(tmp_path / "stage", PARTIES, ())
    names = [party.split(".")[1] for party in PARTIES]
    with world_of(tmp_path / "stage", tmp_path / "world", names) as found:
        for party, name, text in (
            (PROVINCE, "home", source(HOME, GIVES)),
            (BUREAU, "onward", source(ONWARD, PASSES_ON)),
        ):
            file = tmp_path / f"{name}.toml"
            file.write_bytes(text)
            assert found.run(party, "agreements", "add", file).code == 0
        found.settle()
        yield found


def sample(world: World, party: str, **values: Any) -> None:
    """`party` keeps a simulated sample, or the next version of it."""
    with world.nodes[party].writing() as work:
        keep(world.nodes[party], work, [plain_sample(world, party, **values)])
    world.settle()


def plain_sample(world: World, party: str, **values: Any) -> Record:
    return Record(
        id=("5" if party == PROVINCE else "6") * 32,
        version=1,
        kind="sample",
        kind_version=world.nodes[party].catalogue.kind("sample").version,
        said_by=party,
        recorded_at=datetime.now(UTC),
        sure="reported",
        provenance=Provenance(source="s.csv", source_digest="sha256:0", line=1, reader="test", mapping_version="1"),
        values={"number": "E-17", "substance_suspected": "fentanyl", **values},
        is_simulated=True,
    )


def held(world: World, party: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = world.run(party, "records", "list", "--why", "look", "--json").json
    return shown


def handling(world: World, party: str) -> dict[str, Any]:
    with world.nodes[party].store.reading() as tx:
        (row,) = tx.current_records(own=False, after="", limit=10)
        assert row.handling is not None
        found: dict[str, Any] = parse(row.handling)
        return found


def test_nothing_is_passed_on_until_its_originator_has_signed(world: World) -> None:
    for party in (PROVINCE, BUREAU):
        world.sign("home", party)
    for party in (BUREAU, ABROAD):
        world.sign("onward", party)
    sample(world, PROVINCE, mass_g=Decimal("4.2"))
    assert [found["said_by"] for found in held(world, BUREAU)] == [PROVINCE]
    assert held(world, ABROAD) == []
    world.sign("onward", PROVINCE)
    (found,) = held(world, ABROAD)
    assert found["said_by"] == PROVINCE
    assert found["values"] == {"number": "E-17", "substance_suspected": "fentanyl"}


def test_what_is_passed_on_names_the_chain_and_keeps_its_limits(world: World) -> None:
    for party, name in ((PROVINCE, "home"), (BUREAU, "home"), (BUREAU, "onward"), (ABROAD, "onward")):
        world.sign(name, party)
    world.sign("onward", PROVINCE)
    sample(world, PROVINCE, mass_g=Decimal("4.2"))
    kept = handling(world, ABROAD)
    assert kept["chain"] == [PROVINCE]
    assert kept["purposes"] == ["threat-assessment"]  # of early warning it was not asked, for investigation not given
    assert kept["caveats"] == ["no-onward", "not-evidence"]
    assert kept["duties"] == {"retain_days": 100}
    assert b'"4.2"' not in world.database(ABROAD)
    (entry,) = world.entries(BUREAU, "disclosed")
    assert entry["purpose"] == "threat-assessment"
    assert (
        "on behalf of A provincial police service"
        in world.run(BUREAU, "records", "show", entry["record"], "--why", "x").out
    )


def test_a_correction_follows_the_same_way(world: World) -> None:
    for party, name in ((PROVINCE, "home"), (BUREAU, "home"), (BUREAU, "onward"), (ABROAD, "onward")):
        world.sign(name, party)
    world.sign("onward", PROVINCE)
    sample(world, PROVINCE)
    sample(world, PROVINCE, substance_suspected="ketamine")
    (found,) = held(world, ABROAD)
    assert (found["version"], found["values"]["substance_suspected"]) == (2, "ketamine")
    # Said again, it is no news; and what the bureau says itself does not go under a provision for others.
    sample(world, PROVINCE, substance_suspected="ketamine")
    sample(world, BUREAU)
    assert len(held(world, ABROAD)) == 1


def test_what_waits_on_behalf_of_somebody_who_suspends_no_longer_leaves(world: World, tmp_path: Path) -> None:
    """The originator gives and receives nothing under the text, so it is in force between the others all the same."""
    text = tmp_path / "three.toml"
    text.write_bytes(source(changed(HOME, name='"three"', parties=str([*PARTIES]).replace("'", '"')), PASSES_ON))
    assert world.run(BUREAU, "agreements", "add", text).code == 0
    world.settle()
    for party, name in ((PROVINCE, "home"), (BUREAU, "home"), *((party, "three") for party in PARTIES)):
        world.sign(name, party)
    node = world.nodes[BUREAU]
    with world.nodes[PROVINCE].writing() as work:
        keep(world.nodes[PROVINCE], work, [plain_sample(world, PROVINCE)])
    world.deliver(PROVINCE)
    with node.store.reading() as tx:
        assert [row.state for row in tx.outbox(ABROAD, start=1, stop=99) if row.type == "notification"] == ["queued"]
    keys = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))
    officer = f"{PROVINCE}/liaison-1"
    suspend(world.nodes[PROVINCE], "three", officer, PrivateKey.from_text(keys[officer]))
    world.deliver(PROVINCE)
    world.settle()
    assert held(world, ABROAD) == []
    assert b"E-17" not in world.database(ABROAD)
    (entry,) = world.entries(BUREAU, "taken-back")
    assert entry["why"] == "not-in-force"


def test_a_shorter_time_to_keep_it_goes_on_though_nothing_else_changed(world: World, tmp_path: Path) -> None:
    for party, name in ((PROVINCE, "home"), (BUREAU, "home"), (BUREAU, "onward"), (ABROAD, "onward")):
        world.sign(name, party)
    world.sign("onward", PROVINCE)
    sample(world, PROVINCE)
    assert handling(world, ABROAD)["duties"] == {"retain_days": 100}
    before = world.nodes[BUREAU].store
    with before.reading() as tx:
        old = next(row for row in tx.agreements() if row.name == "home")
    text = tmp_path / "home2.toml"
    head = changed(HOME, version="2", predecessor=f'"{old.digest}"')
    text.write_bytes(source(head, changed(GIVES, duties="{ retain_days = 10 }")))
    assert world.run(PROVINCE, "agreements", "add", text).code == 0
    world.settle()
    world.sign(digest(text.read_bytes()), PROVINCE, BUREAU)
    sample(world, PROVINCE, mass_g=Decimal("4.2"))
    assert handling(world, ABROAD)["duties"] == {"retain_days": 10}


def test_what_waited_until_it_may_be_kept_no_longer_does_not_leave(world: World) -> None:
    for party, name in ((PROVINCE, "home"), (BUREAU, "home"), (BUREAU, "onward"), (ABROAD, "onward")):
        world.sign(name, party)
    world.sign("onward", PROVINCE)
    with world.nodes[PROVINCE].writing() as work:
        keep(world.nodes[PROVINCE], work, [plain_sample(world, PROVINCE)])
    world.deliver(PROVINCE)
    later = datetime.now(UTC) + timedelta(days=101)
    node = replace(world.nodes[BUREAU], clock=lambda: later)
    with node.writing() as work:
        rows = [row for row in work.tx.outbox(ABROAD, start=1, stop=99) if row.type == "notification"]
        (parcel,) = pack(node, work, rows)
    assert parcel.sealed.body is None


def test_a_correction_that_serves_a_rescue_only_leaves_nothing_behind_for_other_purposes(world: World) -> None:
    both = changed(GIVES, purposes='["rescue", "threat-assessment"]')
    before = source(changed(HOME, name='"both"'), both)
    head = changed(HOME, name='"both"', version="2", predecessor=f'"{digest(before)}"')
    for text, mass in ((before, "1"), (source(head, changed(both, purposes='["rescue"]')), "2")):
        (world.folder / "both.toml").write_bytes(text)
        assert world.run(PROVINCE, "agreements", "add", world.folder / "both.toml").code == 0
        world.settle()
        world.sign(digest(text), PROVINCE, BUREAU)
        sample(world, PROVINCE, mass_g=Decimal(mass))
    kept = handling(world, BUREAU)
    assert kept["purposes"] == ["rescue"]
