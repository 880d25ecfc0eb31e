"""Passkeys, identities at another service and steps under way, on every store."""

from dataclasses import replace

import pytest

from entente.store import BrokenRule, Store
from every.given import NOON, account, identity, later, passkey, session, step


@pytest.fixture
def kept(store: Store) -> Store:
    with store.writing() as tx:
        for name in ("analyst-1", "analyst-2"):
            tx.put_account(account(name))
    return store


def test_passkeys_are_found_by_id_and_listed_by_account_oldest_first(kept: Store) -> None:
    used = passkey("k1", title="Zoë\0\udce9", sign_count=7, used_at=later(9))
    with kept.writing() as tx:
        for row in (passkey("k2", added_at=later(-1)), passkey("k1"), passkey("k3", "analyst-2"), used):
            tx.put_passkey(row)
        tx.drop_passkey("never there")
        assert (tx.passkey("k1"), tx.passkey("K1")) == (used, None)
        assert [row.id for row in tx.passkeys("analyst-1")] == ["k2", "k1"]
        tx.drop_passkey("k1")
    with kept.reading() as tx:
        assert [row.id for row in tx.passkeys("analyst-1")] == ["k2"]
        assert tx.passkeys("analyst-2") == [passkey("k3", "analyst-2")]


def test_whom_a_service_knows_is_one_account(kept: Store) -> None:
    moved, other = identity(account="analyst-2", linked_by="analyst-2"), identity(issuer="https://other.example.gov")
    with kept.writing() as tx:
        for row in (identity(), moved, other):
            tx.put_identity(row)
        assert tx.identity(moved.issuer, "s1") == moved
        assert tx.identity(moved.issuer, "S1") is None
        assert (tx.identities("analyst-1"), tx.identities("analyst-2")) == ([other], [moved])
        tx.drop_identity(moved.issuer, "s1")
        assert (tx.identities("analyst-1"), tx.identities("analyst-2")) == ([other], [])


@pytest.mark.parametrize("row", ["passkey", "identity"])
def test_nobody_without_an_account_gets_a_way_in(kept: Store, row: str) -> None:
    with pytest.raises(BrokenRule), kept.writing() as tx:
        tx.put_passkey(passkey(account="nobody")) if row == "passkey" else tx.put_identity(identity(account="nobody"))


def test_a_step_is_taken_once_and_by_its_own_kind(kept: Store) -> None:
    again = step(held=b"again", account="", started_at=later(1))
    with kept.writing() as tx:
        tx.put_step(step())
        tx.put_step(again)
        tx.put_step(step(kind="service"))
        assert tx.step_count() == 2
        assert tx.take_step("t2", "passkey") is None
        assert tx.take_step("t1", "passkey") == again
        assert tx.take_step("t1", "passkey") is None
        assert tx.take_step("t1", "service") == step(kind="service")
        assert tx.step_count() == 0


def test_steps_that_nobody_answers_are_dropped(kept: Store) -> None:
    with kept.writing() as tx:
        for number in range(4):
            tx.put_step(step(f"t{number}", started_at=later(number)))
        assert tx.drop_steps(later(2)) == 2
        assert tx.step_count() == 2


def test_the_sessions_of_one_account_are_listed_oldest_first(kept: Store) -> None:
    rows = [session("t2", started_at=later(-5), way="passkey"), session("t1"), session("t3", "analyst-2")]
    with kept.writing() as tx:
        for row in rows:
            tx.put_session(row)
        assert tx.sessions("analyst-1") == rows[:2]
        assert tx.sessions("nobody") == []


def test_who_gave_the_way_in_is_kept(kept: Store) -> None:
    given = replace(account(), given_by="administrator-1", given_at=NOON)
    with kept.writing() as tx:
        tx.put_account(given)
        assert (tx.account("analyst-1"), tx.accounts()) == (given, [given, account("analyst-2")])
