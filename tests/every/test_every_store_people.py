"""Accounts, sessions and failed attempts to sign in, on every store."""

from dataclasses import replace

import pytest

from entente.store import BrokenRule, Store, UnstorableValue
from every.given import NOON, account, attempt, later, session


class TestAccounts:
    def test_an_account_comes_out_as_it_went_in_and_a_later_one_replaces_it(self, store: Store) -> None:
        invited = account(
            person="Zoë\0\udce9", password="", must_change=True, language="fr", officer="ca.cbsa/liaison-1"
        )
        settled = replace(invited, roles="", password="$argon2id$2", must_change=False, password_at=later(5))
        with store.writing() as tx:
            tx.put_account(invited)
            assert tx.account("analyst-1") == invited
            tx.put_account(settled)
        with store.reading() as tx:
            assert tx.account("analyst-1") == settled
            assert tx.account("Analyst-1") is None

    def test_accounts_come_in_order_of_name_whether_they_are_active_or_not(self, store: Store) -> None:
        with store.writing() as tx:
            for name in ("é", "b", "B", "a"):
                tx.put_account(account(name, is_active=name != "b"))
        with store.reading() as tx:
            assert [(row.name, row.is_active) for row in tx.accounts()] == [
                ("B", True),
                ("a", True),
                ("b", False),
                ("é", True),
            ]


class TestSessions:
    def test_a_session_is_found_by_its_token_alone(self, store: Store) -> None:
        stated = session(purpose="statistics", why="monthly trend", told="Kept.\ud800", seen_at=later(3))
        with store.writing() as tx:
            tx.put_account(account())
            tx.put_session(session())
            tx.put_session(stated)
        with store.reading() as tx:
            assert (tx.session("t1"), tx.session("t2"), tx.session("")) == (stated, None, None)

    def test_nobody_without_an_account_gets_a_session(self, store: Store) -> None:
        with pytest.raises(BrokenRule), store.writing() as tx:
            tx.put_session(session(account="nobody"))

    def test_leaving_ends_one_session_and_a_new_password_ends_all_of_that_person(self, store: Store) -> None:
        with store.writing() as tx:
            for name in ("analyst-1", "analyst-2"):
                tx.put_account(account(name))
                for number in range(3):
                    tx.put_session(session(f"{name}/{number}", name))
            tx.end_session("analyst-1/0")
            tx.end_session("never there")
            assert tx.session("analyst-1/0") is None
            assert tx.end_sessions("analyst-1") == 2
            assert tx.end_sessions("analyst-1") == 0
        with store.reading() as tx:
            assert tx.session("analyst-1/1") is None
            assert tx.session("analyst-2/1") == session("analyst-2/1", "analyst-2")

    def test_sessions_that_nobody_used_for_long_are_dropped(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_account(account())
            for number in range(4):
                tx.put_session(session(f"t{number}", seen_at=later(number)))
            assert tx.drop_sessions(later(2)) == 2
            assert [tx.session(f"t{number}") is None for number in range(4)] == [True, True, False, False]


class TestAttempts:
    def test_failures_are_counted_by_name_and_forgotten_when_one_succeeds(self, store: Store) -> None:
        locked = attempt("nobody", failures=5, last_at=later(9), locked_until=later(99))
        with store.writing() as tx:
            tx.put_attempt(attempt("nobody"))
            tx.put_attempt(locked)
            tx.put_attempt(attempt())
        with store.writing() as tx:
            assert (tx.attempt("nobody"), tx.attempt("analyst-1"), tx.attempt("x")) == (locked, attempt(), None)
            tx.drop_attempt("nobody")
            assert (tx.attempt("nobody"), tx.attempt("analyst-1")) == (None, attempt())

    def test_old_failures_are_dropped_but_no_lock_is_lifted(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_attempt(attempt("old"))
            tx.put_attempt(attempt("was locked", locked_until=later(5)))
            tx.put_attempt(attempt("is locked", locked_until=later(10)))
            tx.put_attempt(attempt("new", last_at=later(10)))
            assert tx.drop_attempts(NOON) == 0
            assert tx.drop_attempts(later(10)) == 2
            kept = [name for name in ("old", "was locked", "is locked", "new") if tx.attempt(name)]
        assert kept == ["is locked", "new"]

    def test_a_name_that_no_database_could_keep_is_refused(self, store: Store) -> None:
        with store.writing() as tx:
            with pytest.raises(UnstorableValue):
                tx.put_attempt(attempt("a\0"))
            with pytest.raises(UnstorableValue):
                tx.attempt("a\ud800")
