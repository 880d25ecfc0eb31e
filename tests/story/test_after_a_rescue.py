"""After an emergency: more of the same record may follow at once, a correction is not forgotten, and what standing
provisions give is given as if nothing had happened."""

import json
from pathlib import Path

from agreements.parts import changed, source
from entente.node.offering import RECALL_NEEDED
from entente.node.releases import set_aside, waiting
from entente.node.sweeping import sweep
from entente.signing import parse
from story import test_emergency as given
from story.emergency_given import CBP, RCMP, RECORD, STANDING, TEXT, missing
from story.test_emergency import gives
from story.world import World

world = given.world


def told(world: World) -> list[dict[str, object]]:
    """What the partner holds of it."""
    with world.nodes[CBP].store.reading() as tx:
        return [parse(row.body)["values"] for row in tx.current_records(own=False, after="", limit=10)]


def test_more_of_the_same_record_never_waits_in_quarantine(world: World) -> None:
    missing(world)
    gives(world, "last_seen_where")
    world.settle()
    gives(world, "last_seen_where", "medical_need")
    world.settle()
    assert {"last_seen_where": "north of the river"} in told(world)
    assert {"last_seen_where": "north of the river", "medical_need": "insulin"} in told(world)
    gives(world, "last_seen_where", "medical_need")
    world.settle()
    assert len(told(world)) == 2
    with world.nodes[CBP].store.reading() as tx:
        assert {row.state for row in tx.inbox(RCMP) if row.type == "disclosure"} == {"accepted"}


def test_a_correction_of_what_was_given_for_a_rescue_is_put_before_people(world: World) -> None:
    missing(world)
    gives(world, "last_seen_where")
    missing(world, last_seen_where="south of the river")
    (row,) = set_aside(world.nodes[RCMP])
    assert (row.state, row.record_id, row.record_version) == (RECALL_NEEDED, RECORD, 2)
    assert (row.partner, row.purpose) == (CBP, "rescue")
    gives(world, "last_seen_where")
    world.settle()
    assert told(world) == [{"last_seen_where": "south of the river"}]


def test_what_was_given_for_a_rescue_is_still_offered_for_other_purposes(world: World, tmp_path: Path) -> None:
    missing(world)
    gives(world, "last_seen_where")
    more = changed(STANDING, id='"1.3"', purposes='["interdiction"]')
    file = tmp_path / "more.toml"
    file.write_bytes(source(changed(TEXT, name='"more"', parties=json.dumps([RCMP, CBP])), more))
    assert world.run(RCMP, "agreements", "add", file).code == 0
    world.settle()
    world.sign("more", RCMP, CBP)
    sweep(world.nodes[RCMP])
    assert {row.purpose for row in waiting(world.nodes[RCMP])} == {"investigation", "interdiction"}
