"""Somebody is missing near the border: an agreement that knows emergencies, in force between nodes, and the record."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agreements.parts import source
from entente.node.keeping import keep
from entente.records import Provenance, Record
from story.world import World

RCMP, CBP, DEA = "ca.rcmp", "us.cbp", "us.dea"
RECORD, WHY = "7" * 32, "missing in the snow since last night"
TEXT = """
    name = "rescue"
    version = 1
    title.en = "Rescue"
    text.en = "Life first."
    authoritative = ["en"]
    parties = PARTIES
    zone = "America/Toronto"
    valid_from = 2026-01-01
    valid_until = 2030-12-31
"""
PERMIT = """
    [[provision]]
    id = "1.1"
    reference = "art. 1"
    text.en = "Where life is at risk, what a rescuer needs is told at once."
    effect = "permit"
    giver = PARTIES
    receiver = PARTIES
    kinds = ["occurrence"]
    fields = ["occurrence.last_seen_where", "occurrence.description_worn", "occurrence.medical_need"]
    purposes = ["rescue"]
    when = [{ field = "risk_to_life", one_of = ["possible", "immediate"] }]
    occasion = "emergency"
    release = "officer"
    caveats = ["no-onward"]
    duties = { retain_days = 7, feedback_days = 1 }
"""
STANDING = """
    [[provision]]
    id = "1.2"
    reference = "art. 1"
    text.en = "Where somebody was last seen is told for inquiries, once two officers agree."
    effect = "permit"
    giver = ["ca.rcmp"]
    receiver = ["us.cbp"]
    kinds = ["occurrence"]
    fields = ["occurrence.last_seen_where"]
    purposes = ["investigation"]
    occasion = "standing"
    release = "two-officers"
    caveats = ["no-onward"]
    duties = { retain_days = 30 }
"""
NEVER = """
    [[provision]]
    id = "2.1"
    reference = "art. 2"
    text.en = "Nothing about health is told."
    effect = "forbid"
    fields = ["class:health"]

    [[provision]]
    id = "2.2"
    reference = "art. 2"
    text.en = "That somebody once attempted suicide is told to nobody, not even for a rescue."
    effect = "forbid"
    kinds = ["occurrence"]
    fields = ["occurrence.suicide_attempt_flag"]
    purposes = ["rescue", "investigation", "interdiction"]
"""


def put_in_force(world: World, parties: Sequence[str]) -> None:
    """The agreement between `parties`, signed by two officers of each."""
    file: Path = world.folder / "rescue.toml"
    text = source(TEXT, PERMIT, STANDING, NEVER).decode()
    file.write_text(text.replace("PARTIES", json.dumps([*parties])), "utf-8")
    assert world.run(RCMP, "agreements", "add", file).code == 0
    world.settle()
    world.sign("rescue", *parties)


def missing(world: World, **values: Any) -> None:
    """The record at the node of the RCMP; other `values` make it another version."""
    record = Record(
        id=RECORD,
        version=1,
        kind="occurrence",
        kind_version=1,
        said_by=RCMP,
        recorded_at=datetime.now(UTC),
        sure="reported",
        provenance=Provenance(source="o.csv", source_digest="sha256:0", line=1, reader="test", mapping_version="1"),
        values={
            "number": "2026-17",
            "risk_to_life": "immediate",
            "last_seen_where": "north of the river",
            "description_worn": "a red coat",
            "medical_need": "insulin",
            "suicide_attempt_flag": True,
            "person_name": "SIMULATED PERSON 12",
            **values,
        },
        is_simulated=True,
    )
    with world.nodes[RCMP].writing() as work:
        keep(world.nodes[RCMP], work, [record])
