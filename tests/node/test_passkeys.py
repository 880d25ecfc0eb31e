"""Passkeys: what is believed of them, and what an attacker tries with them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entente.node import passkeys
from entente.node.config import WAYS_IN
from entente.node.entering import Halfway, PasskeyAloneForbidden, with_passkey, with_passkey_alone, with_password
from entente.node.passkeys import (
    NoPasskeysHere,
    NoSuchPasskey,
    PasskeyRefused,
    TooManyPasskeys,
    UnfitPasskeyName,
    are_possible,
    passkeys_of,
    remove_all,
)
from entente.node.people import Person, change_password, disable, reset_password
from entente.node.signing_in import (
    PasskeyNeeded,
    Session,
    Signed,
    SignInAnew,
    begin_session,
    end_others,
    session_of,
    sessions_of,
    sign_in,
)
from entente.node.steps import StepOver
from entente.node.work import Node
from node.authenticator import PRESENT, Authenticator
from node.people_given import GOOD, Clock, facts, hash_fast, node_at, somebody

SCREENS = "http://localhost:8800"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    hash_fast(monkeypatch)
    with node_at(tmp_path / "cbp", clock) as opened:
        set_up(opened)
        for name in ("lee", "max"):
            somebody(opened, name)
        yield opened


def set_up(node: Node, **settings: Any) -> None:
    object.__setattr__(node, "config", replace(node.config, **{"screens": SCREENS, **settings}))


def session_for(node: Node, name: str) -> tuple[Person, Session]:
    with node.writing() as work:
        row = work.tx.account(name)
        assert row is not None
        token = begin_session(work, row, "password")
    found = session_of(node, token)
    assert found is not None
    return found


def registered(node: Node, name: str, made: Authenticator | None = None, title: str = "telephone") -> Authenticator:
    """A passkey of `name`, made at a session of theirs."""
    made = made or Authenticator(id=name.encode() * 4)
    person, session = session_for(node, name)
    passkeys.register(node, person, session, made.make(passkeys.begin_register(node, person, session, title)))
    return made


def halfway(node: Node, name: str = "lee") -> Halfway:
    found = with_password(node, name, GOOD)
    assert isinstance(found, Halfway)
    return found


def test_without_a_passkey_the_password_is_enough_and_with_one_it_is_not(node: Node) -> None:
    assert isinstance(with_password(node, "lee", GOOD), Signed)
    held = registered(node, "lee")
    with pytest.raises(PasskeyNeeded):
        sign_in(node, "lee", GOOD)
    step = halfway(node)
    assert session_of(node, step.token) is None
    signed = with_passkey(node, step.token, held.show(step.options))
    found = session_of(node, signed.token)
    assert found is not None
    assert (found[0].name, found[1].way) == ("lee", "password-and-passkey")


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://localhost:8801"},
        {"origin": "https://localhost:8800"},
        {"origin": "http://evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"id": b"unknown"},
        {"handle": "c29tZWJvZHkgZWxzZQ"},
    ],
)
def test_an_answer_for_another_place_or_without_its_user_is_refused(node: Node, changed: dict[str, Any]) -> None:
    held = registered(node, "lee")
    step = halfway(node)
    with pytest.raises(PasskeyRefused):
        with_passkey(node, step.token, replace(held, **changed).show(step.options))


@pytest.mark.parametrize("changed", [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}])
def test_no_passkey_is_made_for_another_place_or_without_its_user(node: Node, changed: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        registered(node, "lee", Authenticator(**changed))
    assert passkeys_of(node, "lee") == []


def test_an_answer_counts_once_for_its_own_question_and_not_for_long(node: Node, clock: Clock) -> None:
    held = registered(node, "lee")
    first, second = halfway(node), halfway(node)
    answer = held.show(first.options)
    with pytest.raises(PasskeyRefused):
        with_passkey(node, second.token, answer)
    with pytest.raises(StepOver):  # a wrong answer has ended it
        with_passkey(node, second.token, held.show(second.options))
    with_passkey(node, first.token, answer)
    with pytest.raises(StepOver):
        with_passkey(node, first.token, answer)
    late = halfway(node)
    clock.goes_on(minutes=10)
    with pytest.raises(StepOver):
        with_passkey(node, late.token, held.show(late.options))


def test_a_forged_signature_and_nonsense_are_refused(node: Node) -> None:
    held = registered(node, "lee")
    for answer in (
        replace(held, key=Authenticator().key).show(halfway(node).options),
        "",
        "{}",
        "[" * 10_000,
        '{"id": 1, "response": []}',
        held.show(halfway(node).options).replace("authenticatorData", "nothing"),
    ):
        with pytest.raises(PasskeyRefused):
            with_passkey(node, halfway(node).token, answer)


def test_a_copied_passkey_is_known_by_its_count(node: Node) -> None:
    held = registered(node, "lee", Authenticator(count=5))
    step = halfway(node)
    with pytest.raises(PasskeyRefused):
        with_passkey(node, step.token, held.show(step.options))
    held.count = 6
    step = halfway(node)
    with_passkey(node, step.token, held.show(step.options))
    (row,) = passkeys_of(node, "lee")
    assert (row.sign_count, row.used_at) == (6, node.clock())


def test_a_colleagues_passkey_does_not_complete_my_password(node: Node) -> None:
    registered(node, "lee")
    other = registered(node, "max")
    step = halfway(node, "lee")
    with pytest.raises(PasskeyRefused):
        with_passkey(node, step.token, other.show(step.options))


@pytest.mark.parametrize("happens", ["password", "reset", "disabled", "removed"])
def test_what_changes_between_password_and_passkey_ends_the_step(node: Node, clock: Clock, happens: str) -> None:
    held = registered(node, "lee")
    step = halfway(node)
    clock.goes_on(seconds=1)
    if happens == "password":
        change_password(node, "lee", GOOD, "seven green lamps in a row")
    elif happens == "reset":
        reset_password(node, "lee", by="max")
    elif happens == "disabled":
        disable(node, "lee", by="max")
    else:
        remove_all(node, "lee", by="max")
    with pytest.raises(PasskeyRefused):
        with_passkey(node, step.token, held.show(step.options))


def test_a_passkey_alone_opens_only_where_the_node_says_so(node: Node) -> None:
    held = registered(node, "lee")
    with pytest.raises(PasskeyAloneForbidden):
        with_passkey_alone(node)
    set_up(node, sign_in="passkey")
    step = with_passkey_alone(node)
    signed = with_passkey(node, step.token, held.show(step.options))
    found = session_of(node, signed.token)
    assert found is not None
    assert (found[0].name, found[1].way) == ("lee", "passkey")


@pytest.mark.parametrize("mode", WAYS_IN)
def test_who_has_no_passkey_may_do_nothing_where_everybody_needs_one(node: Node, mode: str) -> None:
    set_up(node, sign_in=mode)
    person, session = session_for(node, "lee")
    assert person.may("import") is (mode == "password")
    passkeys.register(
        node, person, session, Authenticator().make(passkeys.begin_register(node, person, session, "key"))
    )
    assert session_for(node, "lee")[0].may("import")


def test_what_is_made_or_removed_is_in_the_ledger_and_only_ones_own_can_be_removed(node: Node) -> None:
    registered(node, "lee", title="key in the safe")
    (row,) = passkeys_of(node, "lee")
    with pytest.raises(NoSuchPasskey):
        passkeys.remove(node, *session_for(node, "max"), row.id)
    passkeys.remove(node, *session_for(node, "lee"), row.id)
    changes = [(one["by"], one["what"], one["passkey"]) for one in facts(node, "account-changed") if "passkey" in one]
    assert changes == [("lee", "passkey-added", "key in the safe"), ("lee", "passkey-removed", "key in the safe")]
    assert isinstance(with_password(node, "lee", GOOD), Signed)


def test_somebody_else_takes_lost_passkeys_and_the_sessions_with_them(node: Node) -> None:
    registered(node, "lee")
    registered(node, "lee", Authenticator(id=b"second"))
    _, session = session_for(node, "lee")
    assert remove_all(node, "LEE", by="max") == 2
    assert sessions_of(node, "lee") == []
    assert [one["by"] for one in facts(node, "account-changed") if one["what"] == "passkey-removed"] == ["max", "max"]
    assert session.account == "lee"


def test_a_session_that_was_left_open_changes_no_way_in(node: Node, clock: Clock) -> None:
    person, session = session_for(node, "lee")
    registered(node, "lee")
    clock.goes_on(minutes=15)
    with pytest.raises(SignInAnew):
        passkeys.begin_register(node, person, session, "mine")
    with pytest.raises(SignInAnew):
        passkeys.remove(node, person, session, passkeys_of(node, "lee")[0].id)


def test_an_answer_at_another_session_makes_no_passkey(node: Node) -> None:
    person, session = session_for(node, "lee")
    asked = passkeys.begin_register(node, person, session, "mine")
    with pytest.raises(StepOver):
        passkeys.register(node, *session_for(node, "max"), Authenticator().make(asked))
    with pytest.raises(StepOver):
        passkeys.register(node, *session_for(node, "lee"), Authenticator().make(asked))


def test_one_credential_is_one_passkey(node: Node) -> None:
    held = registered(node, "lee")
    with pytest.raises(PasskeyRefused):
        registered(node, "max", held)


@pytest.mark.parametrize("title", ["", " ", "x" * 61, "a\x1b[2J"])
def test_a_passkey_has_a_short_plain_name(node: Node, title: str) -> None:
    with pytest.raises(UnfitPasskeyName):
        passkeys.begin_register(node, *session_for(node, "lee"), title)


def test_passkeys_of_an_account_have_an_end(node: Node) -> None:
    for number in range(20):
        registered(node, "lee", Authenticator(id=b"key %d" % number))
    with pytest.raises(TooManyPasskeys):
        registered(node, "lee", Authenticator(id=b"one more"))


def test_browsers_know_no_passkeys_at_a_number(node: Node) -> None:
    possible = ("https://node.example.gov:8800", "http://localhost:8800")
    impossible = ("http://127.0.0.1:8800", "https://10.0.0.1", "https://[::1]:8800", "http://node.example.gov", "")
    assert [are_possible(url) for url in (*possible, *impossible)] == [True] * 2 + [False] * 5
    set_up(node, screens="http://127.0.0.1:8800")
    with pytest.raises(NoPasskeysHere):
        passkeys.begin_register(node, *session_for(node, "lee"), "telephone")


def test_a_person_sees_the_own_sessions_and_ends_the_others(node: Node, clock: Clock) -> None:
    _, first = session_for(node, "lee")
    clock.goes_on(minutes=1)
    _, here = session_for(node, "lee")
    _, other = session_for(node, "max")
    assert [row.token for row in sessions_of(node, "lee")] == [first.token, here.token]
    assert end_others(node, here) == 1
    assert [row.token for row in sessions_of(node, "lee")] == [here.token]
    assert [row.token for row in sessions_of(node, "max")] == [other.token]
