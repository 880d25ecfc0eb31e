"""Two approvals need two people: accounts of one hand do not count as two."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from entente.node.apart import NotApart, check_apart
from entente.node.passkeys import remove_all
from entente.node.people import add_person, change_password, change_roles, disable, enable, reset_password, set_officer
from entente.node.work import Node
from every.given import passkey
from node.people_given import GOOD, OFFICERS, Clock, hash_fast, node_at, somebody

PAIRS = [("boss", "lee"), ("boss", "max"), ("lee", "max")]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    """With an administrator and two officers whose accounts are old."""
    hash_fast(monkeypatch)
    with node_at(tmp_path / "cbp", clock) as opened:
        somebody(opened, "boss", "administrator", "releasing-officer")
        for name in ("lee", "max"):
            add_person(opened, name, ["releasing-officer"], by="boss")
        clock.goes_on(days=1)
        yield opened


def apart(node: Node, hours_ago: float = 0) -> list[tuple[str, str]]:
    """The pairs of which one may act now where the other acted so long ago, in whichever order."""
    found = []
    with node.writing() as work:
        for one, other in PAIRS:
            told = []
            for who, before in ((one, other), (other, one)):
                try:
                    check_apart(node, work, who, before, work.now - timedelta(hours=hours_ago))
                except NotApart:
                    told.append(who)
            assert len(told) in (0, 2), "the order changes nothing"
            found += [] if told else [(one, other)]
    return found


def test_people_whose_accounts_are_old_are_two(node: Node) -> None:
    assert apart(node) == PAIRS


def give_password(node: Node) -> None:
    change_password(node, "lee", reset_password(node, "lee", by="boss"), GOOD)


def take_passkeys(node: Node) -> None:
    with node.writing() as work:
        work.tx.put_passkey(passkey("k", "lee"))
    remove_all(node, "lee", by="boss")


@pytest.mark.parametrize("gives", [give_password, take_passkeys])
def test_who_has_just_given_a_way_in_does_not_act_beside_that_account(
    node: Node, clock: Clock, gives: Callable[[Node], None]
) -> None:
    gives(node)
    assert apart(node) == [("boss", "max"), ("lee", "max")]
    clock.goes_on(hours=24)
    assert apart(node) == PAIRS
    assert apart(node, hours_ago=1) == [("boss", "max"), ("lee", "max")], "who acted while it could be one person"


def test_two_accounts_of_one_hand_do_not_act_together(node: Node) -> None:
    for name in ("lee", "max"):
        reset_password(node, name, by="boss")
    assert apart(node) == []


def test_a_hand_reaches_through_an_account_that_it_gave(node: Node) -> None:
    add_person(node, "straw", ["administrator"], by="boss")
    reset_password(node, "lee", by="straw")
    assert apart(node) == [("boss", "max"), ("lee", "max")]


def test_a_new_account_counts_as_its_makers(node: Node) -> None:
    add_person(node, "second", ["releasing-officer"], by="lee")
    with node.writing() as work:
        with pytest.raises(NotApart, match="`second` and `lee` may be one person"):
            check_apart(node, work, "second", "lee", work.now)
        check_apart(node, work, "second", "max", work.now)


def test_what_gives_no_way_in_changes_nothing(node: Node) -> None:
    change_roles(node, "lee", ["releasing-officer", "analyst"], by="boss")
    set_officer(node, "lee", OFFICERS[0], by="boss")
    disable(node, "lee", by="boss")
    enable(node, "lee", by="boss")
    assert apart(node) == PAIRS


def test_the_owner_of_the_folder_is_no_account(node: Node) -> None:
    for name in ("lee", "max"):
        reset_password(node, name, by="root")
    assert apart(node) == PAIRS
