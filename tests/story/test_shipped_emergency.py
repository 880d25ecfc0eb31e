"""The shipped model on emergencies between two nodes: a child is found, and the suicide-attempt flag never leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.agreements import model_bytes
from entente.cli.staging import build
from story.notices_given import Hands
from story.world import World, world_of

TRIBAL, RCMP = "us.tribal-police", "ca.rcmp"
WHO, WHY = f"{TRIBAL}/liaison-1", "A child is out on the ice"
TEXT = model_bytes("emergency-release")
TABLE = b"""\
number,occurrence_type,occurred_on,subject,nation,nation_consent,person_name,date_of_birth,description_worn,\
last_seen_at,last_seen_where,risk_to_life,medical_need,suicide_attempt_flag,mental_health_note,notes
CANARY-1,missing-person,2026-01-11,person,CANARY-NATION,not-asked,SIMULATED PERSON 12,2015-02-03,coat,\
2026-01-11T02:30Z,bridge,immediate,CANARY-NEED,yes,CANARY-NOTE,CANARY-NOTE
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two of the nine parties have signed; one of them has written down an occurrence."""
    stage = tmp_path / "stage"
    build(stage, (TRIBAL, RCMP), ())
    with world_of(stage, tmp_path / "world", ("tribal-police", "rcmp"), Hands()) as world:
        world.agree(TEXT, TRIBAL, RCMP)
        assert world.import_file(TRIBAL, "occurrences.csv", TABLE).json[0]["kept"] == 1
        world.settle()
        yield world


def test_one_named_officer_tells_the_least_and_the_flag_is_beyond_anybody(world: World) -> None:
    (record,) = world.run(TRIBAL, "records", "list", "--why", "look", "--json").json
    before = len(world.wire)  # the text itself went over the wire, and it names the flag
    to_rcmp = (record["id"], "--to", RCMP, "--who", WHO, "--why", WHY)
    assert world.run(RCMP, "records", "list", "--why", "look", "--json").json == []

    for beyond in ("suicide_attempt_flag", "mental_health_note", "medical_need", "notes"):
        refused = world.run(TRIBAL, "emergency", "give", *to_rcmp, "--field", beyond)
        assert refused.code != 0
    needed = {"person_name": "SIMULATED PERSON 12", "last_seen_where": "bridge", "risk_to_life": "immediate"}
    chosen = [word for field in needed for word in ("--field", field)]
    given = world.run(TRIBAL, "emergency", "give", *to_rcmp, *chosen)
    assert given.code == 0, given.err
    world.settle()

    (held,) = world.run(RCMP, "records", "list", "--why", "look", "--json").json
    assert needed.items() <= held["values"].items()
    assert b"CANARY" not in world.wire
    assert b"suicide_attempt_flag" not in world.wire[before:]
    assert b"CANARY" not in world.database(RCMP)
