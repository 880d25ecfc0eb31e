"""Signing in: nobody learns which names there are, guessing gets slow, and a session ends when it should."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from entente.node import attempts, passwords
from entente.node.attempts import SignInLocked, SignInRefused
from entente.node.passwords import SignInBusy
from entente.node.people import change_password, change_roles, disable, enable, reset_password
from entente.node.signing_in import (
    SessionOver,
    UnfitReason,
    session_of,
    sign_in,
    sign_out,
    state_reason,
    take_told,
    tell,
)
from entente.node.work import Node
from entente.store import AccountRow, SessionRow
from entente.vocabulary import UnknownWord
from every.databases import postgres_schema
from node.people_given import GOOD, Clock, all_bytes, facts, hash_fast, node_at, somebody

WRONG = "three red kettles walk home"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def node(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Node]:
    """A node of each engine, with one person: lee."""
    hash_fast(monkeypatch)
    if request.param == "sqlite":
        with node_at(tmp_path / "cbp", clock) as opened:
            somebody(opened, "lee")
            yield opened
    else:
        with postgres_schema() as address, node_at(tmp_path / "cbp", clock, address) as opened:
            somebody(opened, "lee")
            yield opened


def opened(node: Node, token: str) -> SessionRow:
    found = session_of(node, token)
    assert found is not None
    return found[1]


def account(node: Node, name: str) -> AccountRow:
    with node.store.reading() as tx:
        row = tx.account(name)
    assert row is not None
    return row


def refusal(node: Node, name: str, password: str = WRONG) -> str:
    with pytest.raises((SignInRefused, SignInLocked)) as caught:
        sign_in(node, name, password)
    return f"{type(caught.value).__name__}: {caught.value}"


def test_a_browser_gets_a_token_of_which_the_node_keeps_no_more_than_a_digest(tmp_path: Path, clock: Clock) -> None:
    with node_at(tmp_path / "cbp", clock) as node:
        somebody(node, "lee")
        first, second = sign_in(node, "lee", GOOD), sign_in(node, " LEE ", GOOD)
        kept = all_bytes(node)
        for signed in (first, second):
            assert len(signed.token) >= 43
            assert signed.token.encode() not in kept
            assert sha256(signed.token.encode()).hexdigest().encode() in kept
        assert first.token != second.token
        assert opened(node, first.token).form_token != opened(node, second.token).form_token
        assert GOOD.encode() not in kept


def test_unknown_wrong_disabled_and_impossible_are_one_answer(node: Node) -> None:
    somebody(node, "max")
    disable(node, "max", by="owner")
    said = {
        refusal(node, "lee"),
        refusal(node, "max", GOOD),
        refusal(node, "nobody"),
        refusal(node, "no such\x00name" * 1000),
        refusal(node, "lee", GOOD + " " * 10_000),
        refusal(node, "lee", "\ud800" * 20),
        refusal(node, "lee", ""),
    }
    assert len(said) == 1


def test_an_account_as_it_never_was_lets_nobody_in(node: Node) -> None:
    with node.writing() as work:
        work.tx.put_account(replace(account(node, "lee"), password=""))
    refusal(node, "lee", "")
    refusal(node, "lee", GOOD)


def test_a_name_that_no_account_can_have_is_not_kept(node: Node) -> None:
    refusal(node, "x" * 100_000)
    refusal(node, "")
    with node.store.reading() as tx:
        assert tx.attempt("x" * 100_000) is None
        assert tx.attempt("") is None


@pytest.mark.parametrize("name", ["lee", "nobody"])
def test_a_name_is_locked_after_five_failures_and_longer_after_each_further_one(
    node: Node, clock: Clock, name: str
) -> None:
    assert {refusal(node, name).split(":")[0] for _ in range(5)} == {"SignInRefused"}
    waits = []
    for _ in range(9):
        told = refusal(node, name)
        assert told.startswith("SignInLocked")
        assert name not in told
        minutes = 0
        while refusal(node, name, GOOD if name == "nobody" else WRONG).startswith("SignInLocked"):
            clock.goes_on(minutes=1)
            minutes += 1
        waits.append(minutes)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_lock_keeps_out_even_the_right_password_until_the_time_it_said(node: Node, clock: Clock) -> None:
    for _ in range(5):
        refusal(node, "lee")
    assert "2026-11-22 09:01:00 UTC" in refusal(node, "lee", GOOD)
    clock.goes_on(seconds=59)
    assert refusal(node, "lee", GOOD).startswith("SignInLocked")
    clock.goes_on(seconds=1)
    assert sign_in(node, "lee", GOOD).person.name == "lee"


def test_a_lock_of_a_name_and_of_none_is_told_alike(node: Node) -> None:
    said = {tuple(refusal(node, name) for _ in range(7)) for name in ("lee", "nobody")}
    assert len(said) == 1


def test_a_success_clears_the_count_and_so_does_a_day(node: Node, clock: Clock) -> None:
    for _ in range(4):
        refusal(node, "lee")
        refusal(node, "nobody")
    sign_in(node, "lee", GOOD)
    clock.goes_on(days=1, seconds=1)
    for _ in range(4):
        refusal(node, "lee")
        refusal(node, "nobody")
    sign_in(node, "lee", GOOD)
    with node.store.reading() as tx:
        assert tx.attempt("lee") is None
        left = tx.attempt("nobody")
    assert left is not None
    assert left.failures == 4


def test_many_attempts_at_once_count_as_many(node: Node) -> None:
    with ThreadPoolExecutor(12) as threads:
        said = list(threads.map(lambda _: refusal(node, "lee").split(":")[0], range(12)))
    assert sorted(said) == ["SignInLocked"] * 7 + ["SignInRefused"] * 5


def test_the_lock_of_an_account_is_in_the_ledger_and_that_of_a_stranger_is_not(node: Node) -> None:
    for name in ("lee", "nobody"):
        for _ in range(6):
            refusal(node, name)
    assert [(entry["subject"], entry["failures"]) for entry in facts(node, "account-locked")] == [("lee", 5)]


def test_guessing_the_old_password_from_a_stolen_session_locks_too(node: Node) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            change_password(node, "lee", WRONG, "six green chairs sing")
    with pytest.raises(SignInLocked):
        change_password(node, "lee", GOOD, "six green chairs sing")
    assert refusal(node, "lee", GOOD).startswith("SignInLocked")


def test_an_administrator_ends_a_lock_with_a_new_password(node: Node) -> None:
    for _ in range(5):
        refusal(node, "lee")
    given = reset_password(node, "lee", by="owner")
    signed = sign_in(node, "lee", given)
    assert signed.person.must_change
    refusal(node, "lee", GOOD)


def test_a_password_kept_in_an_older_way_is_kept_anew_at_signing_in(node: Node) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=32, parallelism=1).hash(GOOD)
    with node.writing() as work:
        work.tx.put_account(replace(account(node, "lee"), password=old))
    refusal(node, "lee")
    assert account(node, "lee").password == old
    sign_in(node, "lee", GOOD)
    assert "m=64,t=1,p=1" in account(node, "lee").password
    sign_in(node, "lee", GOOD)


def test_a_flood_waits_for_its_turn_and_then_is_sent_away(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    with passwords._turn(), passwords._turn(), pytest.raises(SignInBusy):
        sign_in(node, "lee", GOOD)
    assert sign_in(node, "lee", GOOD).person.name == "lee"


def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(kept: str, password: str) -> bool:
        reset_password(node, "lee", by="owner")
        return passwords.is_right(kept, password)

    monkeypatch.setattr(attempts, "is_right", slowly)
    refusal(node, "lee", GOOD)


def test_a_session_ends_after_half_an_hour_without_a_visit(node: Node, clock: Clock) -> None:
    token = sign_in(node, "lee", GOOD).token
    for _ in range(3):
        clock.goes_on(minutes=29)
        assert session_of(node, token) is not None
    clock.goes_on(minutes=30)
    assert session_of(node, token) is None


def test_a_session_ends_after_twelve_hours_however_busy(node: Node, clock: Clock) -> None:
    token = sign_in(node, "lee", GOOD).token
    for _ in range(12 * 4 - 1):
        clock.goes_on(minutes=15)
        assert session_of(node, token) is not None
    clock.goes_on(minutes=15)
    assert session_of(node, token) is None


def test_looking_at_pages_writes_at_most_once_a_minute(node: Node, clock: Clock) -> None:
    token = sign_in(node, "lee", GOOD).token
    seen = set()
    for _ in range(12):
        clock.goes_on(seconds=10)
        seen.add(opened(node, token).seen_at)
    assert len(seen) == 3


def test_a_token_that_nobody_has_given_is_nobody(node: Node) -> None:
    token = sign_in(node, "lee", GOOD).token
    for guess in ("", "x", "\ud800", token[:-1], token.upper(), opened(node, token).token):
        assert session_of(node, guess) is None


@pytest.mark.parametrize("change", ["roles", "disabled", "disabled and enabled", "reset", "password"])
def test_sessions_end_with_what_they_rest_on_and_only_theirs(node: Node, change: str) -> None:
    somebody(node, "kim")
    token, other = sign_in(node, "lee", GOOD).token, sign_in(node, "kim", GOOD).token
    session = opened(node, token)
    if change == "roles":
        change_roles(node, "lee", ["analyst"], by="owner")
    elif change == "reset":
        reset_password(node, "lee", by="owner")
    elif change == "password":
        change_password(node, "lee", GOOD, "six green chairs sing")
    else:
        disable(node, "lee", by="owner")
        if change != "disabled":
            enable(node, "lee", by="owner")
    with pytest.raises(SessionOver):
        state_reason(node, session, "statistics", "monthly report")
    tell(node, session, "still here")
    assert session_of(node, token) is None
    assert session_of(node, other) is not None


def test_signing_out_ends_this_session_and_no_other(node: Node) -> None:
    here, there = sign_in(node, "lee", GOOD).token, sign_in(node, "lee", GOOD).token
    sign_out(node, opened(node, here))
    assert session_of(node, here) is None
    assert session_of(node, there) is not None


def test_sessions_long_over_are_forgotten_at_the_next_signing_in(node: Node, clock: Clock) -> None:
    key = opened(node, sign_in(node, "lee", GOOD).token).token
    clock.goes_on(hours=2)
    sign_in(node, "lee", GOOD)
    with node.store.reading() as tx:
        assert tx.session(key) is None


def test_a_reason_is_stated_for_the_session_and_kept_with_it(node: Node) -> None:
    token = sign_in(node, "lee", GOOD).token
    assert opened(node, token).why == ""
    state_reason(node, opened(node, token), "statistics", "  monthly trend meeting ")
    assert (opened(node, token).purpose, opened(node, token).why) == ("statistics", "monthly trend meeting")


@pytest.mark.parametrize("why", ["", "  ", "x" * 501, "a\x1b[31mb", "a\nb", "\u202eabc", "a\x00b"])
def test_a_reason_is_some_plain_words(node: Node, why: str) -> None:
    session = opened(node, sign_in(node, "lee", GOOD).token)
    with pytest.raises(UnfitReason):
        state_reason(node, session, "statistics", why)


def test_a_purpose_is_one_of_the_list(node: Node) -> None:
    session = opened(node, sign_in(node, "lee", GOOD).token)
    with pytest.raises(UnknownWord):
        state_reason(node, session, "curiosity", "monthly report")


def test_what_is_told_is_told_once_and_to_that_session_alone(node: Node) -> None:
    here, there = sign_in(node, "lee", GOOD).token, sign_in(node, "lee", GOOD).token
    tell(node, opened(node, here), "Imported 3 records.")
    assert take_told(node, opened(node, there)) == ""
    session = opened(node, here)
    assert [take_told(node, session) for _ in range(2)] == ["Imported 3 records.", ""]
    assert take_told(node, opened(node, here)) == ""
