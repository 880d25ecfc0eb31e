"""What an officer approves is what was shown: nothing that changed since, nothing by a typed name, nothing without a
reason."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from entente.agreements import Limits, model_bytes
from entente.cli.staging import CREDENTIALS, build
from entente.node.agreeing import keep_agreement, sign
from entente.node.desk import NoOfficerOfYours, Sheet, approve_as, desk, refuse_as, sheet
from entente.node.duties import UnfitNote
from entente.node.keeping import keep
from entente.node.limits import limits_body
from entente.node.looking import Look, record_of
from entente.node.people import Person, add_person, change_password, change_roles, disable, set_officer
from entente.node.releases import (
    ApprovedAlready,
    ChangedSinceShown,
    NewerVersion,
    NoRefusalReason,
    NoSuchRelease,
    NotAReleasingOfficer,
    NotForThatPurpose,
    approve,
    waiting,
)
from entente.node.roles import Forbidden
from entente.node.work import Node
from entente.signing import PrivateKey, digest
from story.notices_given import Hands
from story.world import World, world_of

RCMP, DEA = "ca.rcmp", "us.dea"
ONE, TWO = f"{RCMP}/liaison-1", f"{RCMP}/liaison-2"
NAMES = {ONE: "one", TWO: "two", "": "nobody"}
"""Accounts, by the officers they act as."""
MODEL = "seized-drug-samples"
LOOK = Look("the-officer", "the desk", "threat-assessment")
SAMPLES = """\
number,seized_on,received_on,substance_suspected,form,colour,mass_g,place,submitter,exhibit_notes
SIM-1,2026-03-10,2026-03-12,fentanyl,powder,white,4.2,SIM-PLACE,SIM-UNIT,SIM-NOTES
"""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "stage"
    build(folder, (RCMP, DEA), (MODEL,))
    return folder


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(signed, tmp_path / "world", ("rcmp", "dea"), clock) as world:
        world.settle()
        world.import_file(RCMP, "samples.csv", SAMPLES.encode())
        for officer, name in NAMES.items():
            _, once = add_person(world.nodes[RCMP], name, ["releasing-officer"], officer=officer, by="test")
            change_password(world.nodes[RCMP], name, once, "a long walk at the river")
        yield world


@pytest.fixture
def node(world: World) -> Node:
    return world.nodes[RCMP]


def person(officer: str) -> Person:
    """As the session of an account began; what the account is now, the node asks again."""
    return Person(
        name=NAMES[officer],
        person="somebody",
        roles=("releasing-officer",),
        officer=officer,
        language="en",
        must_change=False,
        is_active=True,
    )


def shown(node: Node) -> Sheet:
    return sheet(node, LOOK, waiting(node)[-1].id)


def given(node: Node) -> list[str]:
    (row,) = desk(node).waiting
    return list(row.officers)


def disclosed(world: World) -> int:
    return len(world.entries(RCMP, "disclosed"))


def other_text(world: World, old: bytes, new: bytes) -> None:
    """Both parties sign a version 2 that says `new` where version 1 says `old`."""
    first = model_bytes(MODEL)
    second = first.replace(b"version = 1\n", f'version = 2\npredecessor = "{digest(first)}"\n'.encode())
    assert old in second
    second = second.replace(old, new)
    keys: dict[str, str] = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))
    for party, node in world.nodes.items():
        with node.writing() as work:
            keep_agreement(work, node.agreement(digest(second), second))
        for officer in (f"{party}/liaison-1", f"{party}/liaison-2"):
            sign(node, digest(second), officer, PrivateKey.from_text(keys[officer]))
    world.settle()


def test_two_officers_who_read_the_same_page_both_approve_it_and_it_leaves(world: World, node: Node) -> None:
    found = shown(node)
    assert (found.more, found.is_open, found.decision.outcome) == (2, True, "release")
    assert not approve_as(node, person(ONE), found.pending.number, found.seen)
    assert (given(node), disclosed(world)) == ([ONE], 0)
    assert shown(node).more == 1
    assert approve_as(node, person(TWO), found.pending.number, found.seen)
    assert disclosed(world) == 1
    assert {facts["officer"] for facts in world.entries(RCMP, "released")} == {ONE, TWO}


def test_a_page_that_was_opened_yesterday_is_still_what_was_shown(node: Node, clock: Hands) -> None:
    found = shown(node)
    clock.now = node.clock() + timedelta(days=1)
    assert shown(node).seen == found.seen
    approve_as(node, person(ONE), found.pending.number, found.seen)
    assert given(node) == [ONE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"class:object", "class:quantity"', b'"class:quantity"'),
        (b'caveats = ["no-onward", "not-evidence"]', b'caveats = ["no-onward"]'),
        (b"retain_days = 1825", b"retain_days = 1826"),
    ],
)
def test_nobody_approves_other_fields_caveats_or_duties_than_they_read(
    world: World, node: Node, old: bytes, new: bytes
) -> None:
    found = shown(node)
    other_text(world, old, new)
    entries = len(world.entries(RCMP, "released"))
    with pytest.raises(ChangedSinceShown):
        approve_as(node, person(ONE), found.pending.number, found.seen)
    assert (given(node), len(world.entries(RCMP, "released"))) == ([], entries)
    approve_as(node, person(ONE), found.pending.number, shown(node).seen)
    assert given(node) == [ONE]


def test_an_approval_under_a_text_that_is_replaced_does_not_count_and_can_be_given_anew(
    world: World, node: Node
) -> None:
    number = shown(node).pending.number
    approve(node, number, ONE)
    with pytest.raises(ApprovedAlready):
        approve(node, number, ONE)
    other_text(world, b"retain_days = 1825", b"retain_days = 1826")
    found = shown(node)
    assert ([one.is_counted for one in found.given], found.more) == ([False], 2)
    assert not approve_as(node, person(ONE), number, found.seen)
    assert [one.is_counted for one in shown(node).given] == [True]
    assert approve_as(node, person(TWO), number, found.seen)


def test_nobody_approves_what_has_been_corrected_since(world: World, node: Node) -> None:
    found = shown(node)
    world.import_file(RCMP, "corrected.csv", SAMPLES.replace("white,4.2", "white,4.7").encode())
    with pytest.raises(NewerVersion):
        approve_as(node, person(ONE), found.pending.number, found.seen)
    old = sheet(node, LOOK, found.pending.number)
    assert (old.newest, old.is_open) == (2, False)
    assert shown(node).seen != found.seen


@pytest.mark.parametrize("seen", ["", "sha256:" + "0" * 64])
def test_who_has_not_read_it_approves_nothing(world: World, node: Node, seen: str) -> None:
    with pytest.raises(ChangedSinceShown):
        approve_as(node, person(ONE), shown(node).pending.number, seen)
    assert (given(node), disclosed(world)) == ([], 0)


def test_only_an_officer_of_ours_who_is_in_office_decides(node: Node) -> None:
    found = shown(node)
    number = found.pending.number
    with pytest.raises(NoOfficerOfYours):
        approve_as(node, person(""), number, found.seen)
    with pytest.raises(NoOfficerOfYours):
        refuse_as(node, person(""), number, "an ongoing case")
    for officer in (f"{DEA}/liaison-1", "somebody"):
        with pytest.raises(NotAReleasingOfficer):
            approve(node, number, officer, seen=found.seen)
    assert given(node) == []


def test_who_has_lost_the_role_the_account_or_the_office_decides_nothing_in_a_request_that_runs_already(
    world: World, node: Node
) -> None:
    found, one, two = shown(node), person(ONE), person(TWO)
    number = found.pending.number
    change_roles(node, one.name, ["officer"], by="test")
    disable(node, two.name, by="test")
    for late in (one, two):
        with pytest.raises(Forbidden):
            approve_as(node, late, number, found.seen)
        with pytest.raises(Forbidden):
            refuse_as(node, late, number, "an ongoing case")
    change_roles(node, one.name, ["releasing-officer"], by="test")
    set_officer(node, one.name, "", by="test")
    with pytest.raises(NoOfficerOfYours):
        approve_as(node, one, number, found.seen)
    assert (given(node), desk(node).number_waiting) == ([], 1)


def test_one_account_approves_once_whichever_officers_it_has_been(world: World, node: Node) -> None:
    found = shown(node)
    approve_as(node, person(ONE), found.pending.number, found.seen)
    set_officer(node, NAMES[TWO], "", by="test")
    set_officer(node, NAMES[ONE], TWO, by="test")
    with pytest.raises(ApprovedAlready):
        approve_as(node, person(ONE), found.pending.number, found.seen)
    assert (given(node), disclosed(world)) == ([ONE], 0)
    (written,) = world.entries(RCMP, "released")
    assert (written["officer"], written["by"]) == (ONE, NAMES[ONE])


@pytest.mark.parametrize("why", ["a\u202ecase", "x" * 2001, "two\x00"])
def test_a_reason_that_steers_a_screen_or_never_ends_is_not_written_into_the_ledger(
    world: World, node: Node, why: str
) -> None:
    with pytest.raises(UnfitNote):
        refuse_as(node, person(ONE), shown(node).pending.number, why)
    assert (world.entries(RCMP, "release-refused"), desk(node).number_waiting) == ([], 1)


def test_a_refusal_needs_a_reason_and_the_ledger_keeps_it(world: World, node: Node) -> None:
    number = shown(node).pending.number
    with pytest.raises(NoRefusalReason):
        refuse_as(node, person(ONE), number, " \n")
    assert len(desk(node).waiting) == 1
    refuse_as(node, person(ONE), number, "an ongoing case")
    (written,) = world.entries(RCMP, "release-refused")
    assert (written["officer"], written["why"]) == (ONE, "an ongoing case")
    assert (desk(node).number_waiting, disclosed(world)) == (0, 0)


def test_what_may_not_serve_the_purpose_that_was_stated_is_not_read_on_the_desk(node: Node) -> None:
    with node.writing() as work:
        row = work.tx.record(waiting(node)[0].record_id)
        assert row is not None
        only = Limits(purposes=("threat-assessment", "investigation"))
        keep(node, work, [record_of(node, row)], limits_body(only))
    number = waiting(node)[0].id
    assert sheet(node, LOOK, number).pending.version == 2
    with node.store.reading() as tx:
        before = tx.ledger_head()
    with pytest.raises(NotForThatPurpose):
        sheet(node, Look("the-officer", "curious", "statistics"), number)
    with node.store.reading() as tx:
        assert tx.ledger_head() == before


def test_every_look_at_the_desk_is_in_the_ledger_and_an_unknown_number_is_not_there(world: World, node: Node) -> None:
    before = len(world.entries(RCMP, "read"))
    shown(node)
    (written,) = world.entries(RCMP, "read")[before:]
    assert (written["subject"], written["why"], written["count"]) == (LOOK.who, LOOK.why, 1)
    with pytest.raises(NoSuchRelease):
        sheet(node, LOOK, "0" * 16)
