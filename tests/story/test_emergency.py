"""Life is at risk: one officer tells the partner what a rescuer needs, at once; another reviews it within a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from entente.agreements.giving.disclose import NothingChosen
from entente.cli.staging import build
from entente.node.emergency import (
    NoEmergencyReason,
    NoJudgement,
    NotInAnEmergency,
    OwnReview,
    emergencies,
    give_in_emergency,
    offer_in_emergency,
    review_emergency,
)
from entente.node.looking import Look
from entente.node.releases import AlreadySettled, NoSuchRelease, NotAReleasingOfficer, set_aside
from entente.signing import parse
from story.emergency_given import CBP, RCMP, RECORD, WHY, missing, put_in_force
from story.world import World, world_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    build(tmp_path / "stage", (RCMP, CBP), ())
    with world_of(tmp_path / "stage", tmp_path / "world", ["rcmp", "cbp"]) as found:
        put_in_force(found, (RCMP, CBP))
        yield found


def gives(world: World, *fields: str, officer: str = f"{RCMP}/liaison-1", why: str = WHY) -> Any:
    return give_in_emergency(world.nodes[RCMP], RECORD, CBP, officer=officer, why=why, fields=fields)


def test_one_officer_tells_the_fewest_fields_and_they_arrive_at_once(world: World) -> None:
    missing(world)
    shown = world.run(RCMP, "emergency", "show", RECORD, "--to", CBP, "--why", WHY).out
    assert "insulin" in shown
    assert "SIMULATED PERSON" not in shown
    assert "does not delay it: rescue v1, provision 2.1" in shown
    given = world.run(
        RCMP, "emergency", "give", RECORD, "--to", CBP, "--field", "last_seen_where", "--field", "medical_need",
        "--who", f"{RCMP}/liaison-1", "--why", WHY,
    )  # fmt: skip
    assert given.code == 0, given.err
    assert f"{CBP}: " in given.out  # delivered by the command itself, without a server's next round
    (found,) = world.run(CBP, "records", "list", "--why", "look", "--json").json
    assert found["values"] == {"last_seen_where": "north of the river", "medical_need": "insulin"}
    with world.nodes[CBP].store.reading() as tx:
        (row,) = tx.current_records(own=False, after="", limit=9)
        handling = parse(row.handling or b"{}")
    assert handling["purposes"] == ["rescue"]
    assert handling["duties"]["retain_days"] == 7
    for never in (b"SIMULATED PERSON", b"a red coat", b'"suicide_attempt_flag":'):
        assert never not in world.database(CBP)
    (entry,) = world.entries(RCMP, "emergency-given")
    assert (entry["officer"], entry["fields"], entry["why"]) == (
        f"{RCMP}/liaison-1",
        ["last_seen_where", "medical_need"],
        WHY,
    )


def test_an_emergency_does_not_wait_beside_what_was_told_before(world: World) -> None:
    """The partner holds the record for inquiries already, with other fields: what a rescuer needs still arrives."""
    missing(world)
    (waits,) = world.run(RCMP, "release", "list", "--json").json
    for number in (1, 2):
        assert world.run(RCMP, "release", "approve", waits["release"], "--who", f"{RCMP}/liaison-{number}").code == 0
    world.settle()
    gives(world, "last_seen_where", "description_worn")
    world.settle()
    found = world.run(CBP, "records", "list", "--why", "look", "--json").json
    assert sorted(sorted(one["values"]) for one in found) == [
        ["description_worn", "last_seen_where"],
        ["last_seen_where"],
    ]
    for_inquiries = world.run(CBP, "records", "list", "--why", "look", "--purpose", "investigation", "--json")
    assert b"a red coat" not in for_inquiries.out.encode()


def test_nothing_goes_without_a_reason_an_officer_a_risk_or_a_permitted_field(world: World) -> None:
    missing(world, risk_to_life="none-known")
    with pytest.raises(NotInAnEmergency, match=r"unmet:1\.1:condition"):
        gives(world, "medical_need")
    missing(world)
    with pytest.raises(NoEmergencyReason):
        gives(world, "medical_need", why="  ")
    with pytest.raises(NotAReleasingOfficer):
        gives(world, "medical_need", officer="somebody")
    for fields in ((), ("person_name",), ("suicide_attempt_flag",)):
        with pytest.raises(NothingChosen):
            gives(world, *fields)
    assert emergencies(world.nodes[RCMP]) == []
    offer = offer_in_emergency(world.nodes[RCMP], Look("me", WHY), RECORD, CBP)
    assert offer.fields == ("description_worn", "last_seen_where", "medical_need")
    assert "emergency-given" not in {one["type"] for one in world.run(RCMP, "ledger", "show", "--json").json}


def test_somebody_else_reviews_it_within_a_day(world: World) -> None:
    missing(world)
    node = world.nodes[RCMP]
    given = gives(world, "medical_need")
    assert given.review_due - given.at == timedelta(hours=24)
    assert not given.is_overdue(given.at + timedelta(hours=24))
    assert given.is_overdue(given.at + timedelta(hours=24, seconds=1))
    later = replace(node, clock=lambda: given.at + timedelta(hours=25))
    assert [one.is_overdue(later.clock()) for one in emergencies(later, is_open=True)] == [True]
    reviewed: dict[str, Any] = {"judgement": "wrong", "note": "the person was at home"}
    with pytest.raises(OwnReview):
        review_emergency(node, given.number, officer=f"{RCMP}/liaison-1", **reviewed)
    with pytest.raises(NoJudgement):
        review_emergency(node, given.number, officer=f"{RCMP}/liaison-2", judgement="right", note="")
    with pytest.raises(NoSuchRelease):
        review_emergency(node, "0" * 16, officer=f"{RCMP}/liaison-2", **reviewed)
    said = world.run(
        RCMP, "emergency", "review", given.number, "--wrong", "--note", reviewed["note"], "--who", f"{RCMP}/liaison-2"
    )
    assert said.code == 0, said.err
    with pytest.raises(AlreadySettled):
        review_emergency(node, given.number, officer=f"{RCMP}/liaison-2", **reviewed)
    (done,) = emergencies(node, is_open=False)
    assert (done.reviewer, done.judgement, done.note) == (f"{RCMP}/liaison-2", "wrong", reviewed["note"])
    assert [row.state for row in set_aside(node)] == ["recall-needed"]
    assert world.entries(RCMP, "emergency-reviewed")[0]["judgement"] == "wrong"


def test_what_was_put_off_for_the_partner_does_not_hold_it_up(world: World) -> None:
    """After a failure the courier waits up to five minutes, and messages go in order."""
    missing(world)
    (waits,) = world.run(RCMP, "release", "list", "--json").json
    for number in (1, 2):
        assert world.run(RCMP, "release", "approve", waits["release"], "--who", f"{RCMP}/liaison-{number}").code == 0
    node = world.nodes[RCMP]
    with node.store.writing() as tx:
        last = tx.position(CBP).sent_seq
        tx.put_off(CBP, [last], node.clock() + timedelta(minutes=5), "PartnerSilent")
    assert [one.settled for one in world.deliver(RCMP)] == [0]
    gives(world, "last_seen_where")
    assert [one.settled for one in world.deliver(RCMP)] == [2]
