"""A tribal police service looks for a person: an officer tells its neighbour what a rescuer needs, and no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.cli.staging import build
from story.notices_given import Hands
from story.world import World, world_of

TRIBAL, RCMP = "us.tribal-police", "ca.rcmp"
TEXT = f"""
name = "search-and-rescue"
version = 1
model = true
parties = ["{TRIBAL}", "{RCMP}"]
authoritative = ["en"]
zone = "America/New_York"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model"
text.en = "A model for a test."

[[provision]]
id = "1"
reference = "tests"
text.en = "Of a missing person goes what a rescuer needs, with the consent of the nation."
effect = "permit"
giver = ["{TRIBAL}"]
receiver = ["{RCMP}"]
kinds = ["occurrence"]
fields = [
    "class:identity", "class:time", "class:object", "occurrence.last_seen_where", "occurrence.risk_to_life",
    "occurrence.medical_need", "occurrence.subject", "occurrence.occurrence_type", "occurrence.nation_consent",
]
purposes = ["rescue"]
when = [{{ field = "nation_consent", equals = "given" }}, {{ field = "occurrence_type", equals = "missing-person" }}]
occasion = "standing"
release = "automatic"
caveats = ["no-onward", "destroy-on-request"]
duties = {{ retain_days = 30, feedback_days = 2 }}
""".encode()
TABLE = b"""\
number,occurrence_type,occurred_on,subject,nation,nation_consent,person_name,description_worn,last_seen_at,\
last_seen_where,risk_to_life,medical_need,suicide_attempt_flag,mental_health_note,notes
CANARY-1,missing-person,2026-01-11,person,CANARY-NATION,given,SIMULATED PERSON 12,coat,2026-01-11T02:30Z,\
bridge,immediate,insulin,yes,CANARY-NOTE,CANARY-NOTE
CANARY-2,missing-person,2026-01-11,person,CANARY-NATION,withdrawn,CANARY PERSON 13,,,,,,,,
CANARY-3,missing-person,2026-01-11,person,CANARY-NATION,,CANARY PERSON 14,,,,,,,,
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The agreement is in force between both, and the service has written down three occurrences."""
    stage = tmp_path / "stage"
    build(stage, (TRIBAL, RCMP), ())
    with world_of(stage, tmp_path / "world", ("tribal-police", "rcmp"), Hands()) as world:
        world.agree(TEXT, TRIBAL, RCMP)
        assert world.import_file(TRIBAL, "occurrences.csv", TABLE).json[0]["kept"] == 3
        world.settle()
        yield world


def test_only_what_the_nation_consents_to_waits_and_an_officer_lets_it_go(world: World) -> None:
    (waiting,) = world.run(TRIBAL, "release", "list", "--json").json
    assert (waiting["partner"], waiting["needs"], waiting["state"]) == (RCMP, 1, "waiting")
    assert world.run(RCMP, "records", "list", "--why", "look", "--json").json == []

    world.run(TRIBAL, "release", "approve", waiting["release"], "--who", f"{TRIBAL}/liaison-1")
    world.settle()
    (held,) = world.run(RCMP, "records", "list", "--why", "look", "--json").json
    assert held["values"] == {
        "occurrence_type": "missing-person",
        "occurred_on": "2026-01-11",
        "subject": "person",
        "nation_consent": "given",
        "person_name": "SIMULATED PERSON 12",
        "description_worn": "coat",
        "last_seen_at": "2026-01-11T02:30:00.000000+00:00",
        "last_seen_where": "bridge",
        "risk_to_life": "immediate",
        "medical_need": "insulin",
    }
    assert b"CANARY" not in world.wire
    assert b"CANARY" not in world.database(RCMP)
    assert b"suicide_attempt_flag" not in world.wire

    (owed,) = world.run(RCMP, "duties", "list", "--json").json
    assert (owed["owed"], owed["partner"], owed["days_left"]) == ("by-us", TRIBAL, 2)


def test_consent_that_is_withdrawn_later_shows_who_still_holds_what_went(world: World) -> None:
    (waiting,) = world.run(TRIBAL, "release", "list", "--json").json
    world.run(TRIBAL, "release", "approve", waiting["release"], "--who", f"{TRIBAL}/liaison-1")
    world.settle()
    world.import_file(TRIBAL, "withdrawn.csv", TABLE.replace(b"given", b"withdrawn"))
    world.settle()
    (behind,) = world.run(TRIBAL, "release", "list", "--json").json
    assert (behind["partner"], behind["state"]) == (RCMP, "recall-needed")
    (held,) = world.run(RCMP, "records", "list", "--why", "look", "--json").json
    assert held["values"]["nation_consent"] == "given"
