"""A partner that does not hold yet what we hold refuses our records: they are offered again, ever less often, and
arrive once it has caught up."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from entente.agreements import Refused
from entente.cli import house
from entente.cli.staging import CREDENTIALS
from entente.node import taking
from entente.node.agreeing import sign
from entente.node.keeping import keep
from entente.node.looking import record_of
from entente.node.owing import BY_US, TO_US
from entente.node.work import open_node
from entente.signing import PrivateKey, digest
from entente.store import OfficerRow
from story import notices_given
from story.notices_given import EVENING, HOMES, TEXT, Hands, found, owed, sent, stage_notices
from story.world import CBP, CBSA, World, world_of

BY_OFFICERS = TEXT.replace(b'release = "automatic"', b'release = "officer"', 1)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def text() -> bytes:
    return TEXT


@pytest.fixture
def world(tmp_path: Path, clock: Hands, text: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(notices_given, "TEXT", text)
    stage_notices(tmp_path)
    with world_of(tmp_path / "signed", tmp_path / "world", HOMES, clock) as world:
        clock.now = EVENING
        monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
        yield world


@pytest.fixture
def behind(world: World) -> OfficerRow:
    """CBP has pinned another key for one officer of CBSA: to it, nobody has signed there. The officer as it was."""
    node = world.nodes[CBP]
    with node.writing() as work:
        officer = next(row for row in work.tx.officers() if row.party == CBSA)
        work.tx.put_officer(replace(officer, public_key=PrivateKey(b"z" * 32).public.to_text()))
    return officer


def catch_up(world: World, officer: OfficerRow) -> None:
    with world.nodes[CBP].writing() as work:
        work.tx.put_officer(officer)


def states(world: World) -> list[str]:
    return [row.state for type_ in ("notification", "correction") for row in sent(world, CBSA, CBP, type_)]


def after(clock: Hands, world: World, minutes: float) -> list[str]:
    """What became of the notices to CBP, so many minutes after the evening."""
    clock.now = EVENING + timedelta(minutes=minutes)
    world.settle()
    return states(world)


def test_what_was_refused_arrives_once_the_partner_has_caught_up(
    world: World, clock: Hands, behind: OfficerRow
) -> None:
    record = found(world)
    assert after(clock, world, 0) == ["refused"]
    assert sent(world, CBSA, CBP, "notification")[0].reason == "no-agreement"
    assert (
        "was not taken in, and will be offered again, by us.cbp"
        in world.run(CBSA, "records", "show", record, "--why", "x").out
    )
    catch_up(world, behind)
    assert after(clock, world, 0.9) == ["refused"]
    assert after(clock, world, 1) == ["refused", "accepted"]
    assert [row.state for row in owed(world, CBP, BY_US, CBSA)] == ["owed"]
    assert sorted(row.state for row in owed(world, CBSA, TO_US, CBP)) == ["owed", "void"]
    assert after(clock, world, 60 * 24 * 30) == ["refused", "accepted"]


def test_a_partner_that_always_refuses_is_sent_ever_less(world: World, clock: Hands, behind: OfficerRow) -> None:
    found(world)
    seen = {minute: len(after(clock, world, minute)) for minute in (0, 0.5, 1, 1.5, 2, 3, 4, 6, 7, 8, 14, 15, 30, 31)}
    assert seen == {0: 1, 0.5: 1, 1: 2, 1.5: 2, 2: 2, 3: 3, 4: 3, 6: 3, 7: 4, 8: 4, 14: 4, 15: 5, 30: 5, 31: 6}
    assert set(states(world)) == {"refused"}
    assert owed(world, CBP, BY_US, CBSA) == []
    assert "us.cbp, not taken in: 6 (The agreement is not in force at the receiver)" in (
        world.run(CBSA, "exchange", "status").out
    )


def test_the_wait_grows_once_for_all_that_was_refused_together(world: World, clock: Hands, behind: OfficerRow) -> None:
    found(world)
    found(world, subject="xylazine")  # a second version, in the same batch
    assert after(clock, world, 0) == ["refused", "refused"]
    assert len(after(clock, world, 1)) == 3, "only what is current is offered again"
    assert len(after(clock, world, 2.5)) == 3
    assert len(after(clock, world, 3)) == 4


def test_a_new_signature_of_the_partner_is_reason_to_try_at_once_but_only_once(
    world: World, clock: Hands, behind: OfficerRow
) -> None:
    found(world)
    assert len(after(clock, world, 0)) == 1
    officer = f"{CBP}/liaison-1"
    key = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))[officer]
    clock.now = EVENING + timedelta(seconds=1)
    sign(world.nodes[CBP], digest(TEXT), officer, PrivateKey.from_text(key))
    world.settle()
    world.settle()
    assert states(world) == ["refused", "refused"]


def test_what_is_taken_in_under_the_same_provisions_brings_the_rest_at_once(
    world: World, clock: Hands, behind: OfficerRow
) -> None:
    found(world)
    after(clock, world, 0)
    after(clock, world, 1)  # refused a second time: two minutes to wait
    catch_up(world, behind)
    node = world.nodes[CBSA]
    with node.writing() as work:
        row = work.tx.record("f" * 32)
        assert row is not None
        keep(node, work, [replace(record_of(node, row), id="7" * 32)])
    after(clock, world, 1.1)
    arrived = [row.record_id for row in owed(world, CBP, BY_US, CBSA)]
    assert sorted(arrived) == ["7" * 32, "f" * 32]


def test_a_person_can_ask_to_try_at_once(world: World, clock: Hands, behind: OfficerRow) -> None:
    found(world)
    after(clock, world, 0)
    catch_up(world, behind)
    assert "us.cbp: 1 messages settled." in world.run(CBSA, "exchange", "retry").out
    assert states(world) == ["refused", "accepted"]


class TestReleasedByAPerson:
    @pytest.fixture
    def text(self) -> bytes:
        return BY_OFFICERS

    def test_what_a_person_released_waits_for_people_again(
        self, world: World, clock: Hands, behind: OfficerRow
    ) -> None:
        """Nothing that needs a person goes a second time without one."""
        found(world)

        def release() -> None:
            (waiting,) = [row for row in world.run(CBSA, "release", "list", "--json").json if row["partner"] == CBP]
            shown = world.run(CBSA, "release", "approve", waiting["release"], "--who", f"{CBSA}/liaison-1")
            assert shown.code == 0, shown.err

        release()
        assert after(clock, world, 0) == ["refused"]
        catch_up(world, behind)
        assert after(clock, world, 5) == ["refused"]
        release()
        assert after(clock, world, 6) == ["refused", "accepted"]


def test_what_is_refused_for_another_reason_is_not_sent_again(
    world: World, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(taking, "accept", lambda *_, **__: Refused(code="not-covered", values={}))
        found(world)
        assert after(clock, world, 0) == ["refused"]
    assert after(clock, world, 60 * 24 * 30) == ["refused"]
