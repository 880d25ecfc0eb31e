"""Once a day both streams are compared with each partner; what heals is sent again, and what stays says why."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from entente.cli.staging import build
from entente.node import comparing
from entente.node.calling import PartnerSilent
from entente.node.comparing import AGAIN, EVERY, Compared, compare_when_due, compared
from entente.node.doubts import doubts
from entente.node.outgoing import Outgoing
from entente.node.work import Node, utc_now
from story.world import CBP, CBSA, World, world_of


class Hands:
    """A clock that tests move."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staged") / "stage"
    build(folder)
    return folder


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(staged: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", clock=clock) as world:
        world.settle()
        yield world


def last(node: Node) -> Compared:
    (found,) = compared(node)
    return found


def test_a_new_partner_is_compared_after_a_day_and_then_daily(world: World, clock: Hands) -> None:
    ours = world.nodes[CBP]
    assert compare_when_due(ours) == ()
    assert last(ours).at is None
    clock.ahead += EVERY
    assert compare_when_due(ours) == [CBSA]
    found = last(ours)
    assert (found.fault, found.gaps, found.sent > 0) == ("", (), True)
    assert compare_when_due(ours) == ()
    clock.ahead += EVERY
    assert compare_when_due(ours) == [CBSA]
    assert len(world.entries(CBP, "reconciled")) == 2


def test_what_never_arrived_is_sent_again_and_is_no_gap_afterwards(world: World, clock: Hands) -> None:
    ours = world.nodes[CBP]
    with ours.writing() as work:
        outgoing = Outgoing(ours, work, CBSA)
        outgoing.send("agreement-proposal", b'{"source":"x"}', agreement="sha256:" + "a" * 64)
        outgoing.close()
        rows = work.tx.claim(CBSA, "gone", work.now, work.now + timedelta(days=9), 5)  # handed to a wire that was cut
    assert rows
    clock.ahead += EVERY
    compare_when_due(ours)
    assert [(gap.way, gap.why) for gap in last(ours).gaps] == [("sent", "heals")]
    assert last(ours).for_people == 0
    world.settle()
    clock.ahead += EVERY
    compare_when_due(ours)
    assert last(ours).gaps == ()


def test_a_partner_that_cannot_be_asked_is_asked_again_within_the_hour(
    world: World, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = world.nodes[CBP]

    def silent(*_: object, **__: object) -> None:
        raise PartnerSilent(party=CBSA, url="", why="nothing")

    clock.ahead += EVERY
    with monkeypatch.context() as patched:
        patched.setattr(comparing, "reconcile", silent)
        compare_when_due(ours)
    assert last(ours).fault == "PartnerSilent"
    assert compare_when_due(ours) == ()
    clock.ahead += AGAIN
    assert compare_when_due(ours) == [CBSA]
    assert last(ours).fault == ""


def test_what_the_partner_confirmed_and_lost_is_for_people(world: World, clock: Hands) -> None:
    ours, theirs = world.nodes[CBP], world.nodes[CBSA]
    with theirs.store.reading() as tx:
        number = tx.position(CBP).received_seq
    _forget(theirs, number)
    clock.ahead += EVERY
    compare_when_due(ours)
    assert {gap.why for gap in last(ours).gaps} == {"denied"}
    assert [doubt.values["number"] for doubt in doubts(ours) if doubt.code == "gaps"] == [1]
    shown = world.run(CBP, "exchange", "gaps")
    assert shown.code == 1
    assert "ask its operator" in shown.out


def _forget(node: Node, number: int) -> None:
    with closing(sqlite3.connect(node.config.store_url.removeprefix("sqlite:"))) as connection, connection:
        connection.execute("DELETE FROM inbox WHERE partner = ? AND seq = ?", (CBP, number))
        connection.execute(
            "UPDATE position SET received_seq = ? WHERE party = ?",
            (number - 1, CBP),
        )
