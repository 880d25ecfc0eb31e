"""How long records may be held, which are held longer, and which answers are due when, on every store."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entente.store import AnswerTimes, HoldRow, RetainedCount, Store
from every.given import CBSA, DEA, NOON, duty, later, received, record

BY_US, TO_US = "owed-by-us", "owed-to-us"
LONG = later(10**9)
SPRING, SUMMER = date(2031, 3, 31), date(2031, 7, 1)
HANDLING = b'{"agreement":"sha256:a","purposes":["statistics"]}'


def held(record_id: str = "r1", why: str = "a court asked") -> HoldRow:
    return HoldRow(record_id=record_id, who="the-officer", why=why, since=NOON)


class TestRetention:
    def test_a_hold_comes_out_as_it_went_in_and_a_later_one_replaces_it(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_hold(held())
            tx.put_hold(held("r2"))
            tx.put_hold(held(why="an audit"))
            assert tx.hold("r1") == held(why="an audit")
            assert tx.holds(["r2", "r3"]) == [held("r2")]
            tx.drop_hold("r2")
            tx.drop_hold("r2")
        with store.reading() as tx:
            assert tx.holds() == [held(why="an audit")]
            assert tx.hold("r2") is None

    def test_received_records_come_in_the_order_of_their_last_day(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records(
                [
                    received("late", retain_until=SUMMER),
                    received("b", retain_until=SPRING),
                    received("a", retain_until=SPRING),
                    received("theirs", retain_until=SPRING, via=DEA),
                    received("for ever", retain_until=None),
                    received("corrected", retain_until=SPRING),
                    received("corrected", 2, retain_until=date(2040, 1, 1)),
                    received("gone", retain_until=SPRING),
                    record("ours"),
                ]
            )
            tx.erase_record("gone")
            assert [row.id for row in tx.retained(SPRING, limit=9)] == ["a", "b", "theirs"]
            assert [row.id for row in tx.retained(SUMMER, via=CBSA, limit=9)] == ["a", "b", "late"]
            assert [row.id for row in tx.retained(SUMMER, limit=2)] == ["a", "b"]
            assert [row.id for row in tx.retained(SUMMER, after=(SPRING, "b"), limit=2)] == ["theirs", "late"]
            assert tx.retained(date(2031, 3, 30), limit=9) == []

    def test_they_are_counted_by_what_a_preview_names(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records(
                [
                    received("a", retain_until=SPRING, handling=HANDLING),
                    received("b", retain_until=SPRING, handling=HANDLING),
                    received("c", retain_until=SPRING, handling=HANDLING, is_simulated=True),
                    received("d", retain_until=SUMMER, via=DEA, handling=None),
                ]
            )
            tx.put_hold(held("b"))
            whole = {"kind": "seizures.seizure", "number": 1, "is_simulated": False, "is_held": False}
            spring = {**whole, "via": CBSA, "agreement": "sha256:a", "retain_until": SPRING}
            assert tx.retained_counts(SUMMER) == [
                RetainedCount(**spring),  # type: ignore[arg-type]
                RetainedCount(**{**spring, "is_held": True}),  # type: ignore[arg-type]
                RetainedCount(**{**spring, "is_simulated": True}),  # type: ignore[arg-type]
                RetainedCount(**{**whole, "via": DEA, "agreement": "", "retain_until": SUMMER}),  # type: ignore[arg-type]
            ]
            assert len(tx.retained_counts(SPRING)) == 3

    def test_our_own_are_found_by_age(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records(
                [record("a"), record("b", recorded_at=later(9)), record("c", kind="other"), received("theirs")]
            )
            tx.add_records([record("d"), record("d", 2, recorded_at=later(9)), record("gone")])
            tx.erase_record("gone")
            tx.put_hold(held("a"))
            kind = "seizures.seizure"
            assert [row.id for row in tx.own_before(kind, later(1), limit=9)] == ["a"]
            assert [row.id for row in tx.own_before(kind, later(10), after="a", limit=9)] == ["b", "d"]
            assert [row.id for row in tx.own_before(kind, later(10), limit=1)] == ["a"]
            assert tx.own_before(kind, NOON, limit=9) == []
            assert tx.own_counts_before(kind, later(10)) == [(False, False, 2), (False, True, 1)]


class TestAnswersByDay:
    def test_many_duties_are_written_at_once_and_found_by_their_messages(self, store: Store) -> None:
        rows = [duty(f"m{number}", TO_US) for number in range(5)]
        with store.writing() as tx:
            tx.put_duties([])
            tx.put_duties([*rows, duty("m1", TO_US, DEA), replace(rows[0], note="twice")])
            found = tx.duties_about(TO_US, CBSA, ["m0", "m4", "m9"])
            assert found == {"m0": replace(rows[0], note="twice"), "m4": rows[4]}
            assert tx.duties_about(BY_US, CBSA, ["m0"]) == {}
            tx.put_duty(replace(rows[4], state="void"))
            assert set(tx.duties_about(TO_US, CBSA, ["m0", "m4"], is_open=False)) == {"m4"}
            assert set(tx.duties_about(TO_US, CBSA, ["m0", "m4"], is_open=True)) == {"m0"}

    def test_a_duty_is_found_by_the_beginning_of_its_message(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_duties([duty("sha256:ab1"), duty("sha256:ab2", TO_US), duty("sha256:b"), duty("sha256:a")])
            assert [row.about for row in tx.duties_beginning("sha256:ab", 9)] == ["sha256:ab1", "sha256:ab2"]
            assert [row.about for row in tx.duties_beginning("sha256:", 2)] == ["sha256:a", "sha256:ab1"]
            assert tx.duties_beginning("sha256:%", 9) == []

    def test_a_version_counts_as_asked_about_unless_it_never_arrived(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_duties([duty("a", TO_US), duty("b", TO_US, record_version=2), duty("c", TO_US, DEA)])
            tx.put_duties([duty("d", TO_US, record_id="r2", state="void"), duty("e", TO_US, record_id="r3")])
            tx.put_duties([duty("f", TO_US, record_id="r4", state="aside"), duty("g", BY_US, record_id="r5")])
            tx.put_duty(duty("h", TO_US, record_id="r6", state="answered"))
            asked = tx.asked_versions(CBSA, [f"r{number}" for number in (1, 2, 4, 5, 6)])
            assert asked == [("r1", 1), ("r1", 2), ("r6", 1)]
            assert tx.asked_versions(CBSA, []) == []

    def test_open_ones_come_by_their_day_in_pages(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_duties([duty("b", due=later(10)), duty("a", due=later(20)), duty("c", TO_US, DEA, due=later(10))])
            tx.put_duties([duty("d", due=None), duty("e", due=later(5), state="answered"), duty("f", due=later(30))])
            assert [row.about for row in tx.duties_due(later(30), limit=9)] == ["b", "c", "a"]
            (first,) = tx.duties_due(later(30), limit=1)
            assert first.due is not None
            place = (first.due, first.direction, first.partner, first.about)
            assert [row.about for row in tx.duties_due(later(30), after=place, limit=9)] == ["c", "a"]
            assert [row.about for row in tx.duties_due(LONG, direction=BY_US, limit=9)] == ["b", "a", "f"]
            assert [row.about for row in tx.duties_due(LONG, partner=DEA, limit=9)] == ["c"]

    def test_a_reminder_is_due_once_for_each_stage(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_duties([duty("a", due=later(10)), duty("b", due=later(20)), duty("c", due=later(10), state="void")])
            assert [row.about for row in tx.duties_to_remind(NOON, later(20), "soon", 9)] == ["a"]
            tx.put_duty(duty("a", due=later(10), reminded="soon"))
            assert tx.duties_to_remind(NOON, later(20), "soon", 9) == []
            assert [row.about for row in tx.duties_to_remind(NOON, later(99), "late", 1)] == ["a"]
            assert tx.duty(BY_US, CBSA, "a") == duty("a", due=later(10), reminded="soon")


HOUR = 3600.0


class TestAnswerTimes:
    @pytest.fixture
    def asked(self, store: Store) -> Store:
        answered: dict[str, Any] = {"state": "answered", "outcome": "used", "due": later(30 * HOUR)}
        with store.writing() as tx:
            tx.add_records([record("r1"), record("r1", 2, kind="other")])
            tx.put_duties(
                [
                    duty("a", answered_at=later(0.5 * HOUR), **answered),
                    duty("b", answered_at=later(0.5 * HOUR - 1), **answered),
                    duty("c", answered_at=later(30 * HOUR), **answered),
                    duty("d", answered_at=later(30 * HOUR + 0.001), **answered),
                    duty("e", due=later(9)),
                    duty("f", due=None, record_id="unknown"),
                    duty("g", state="void"),
                    duty("h", is_simulated=True, due=None, state="answered", answered_at=later(HOUR)),
                    duty("i", created_at=later(99 * HOUR)),
                ]
            )
        return store

    def test_they_are_counted_by_hours(self, asked: Store) -> None:
        usual = {"direction": BY_US, "partner": CBSA, "agreement": "sha256:a", "kind": "other", "is_simulated": False}

        def group(hours: int | None, number: int, in_time: int, overdue: int, **parts: object) -> AnswerTimes:
            counts = {"hours": hours, "number": number, "in_time": in_time, "overdue": overdue}
            return AnswerTimes(**{**usual, **counts, **parts})  # type: ignore[arg-type]

        with asked.reading() as tx:
            assert tx.answer_times(NOON, later(10 * HOUR)) == [
                group(None, 1, 0, 0, kind=""),
                group(0, 1, 1, 0),
                group(1, 1, 1, 0),
                group(30, 2, 1, 0),
                group(None, 1, 0, 1),
                group(1, 1, 1, 0, is_simulated=True),
            ]
            assert tx.answer_times(NOON, NOON) == []
            assert [found.overdue for found in tx.answer_times(NOON, later(5)) if found.hours is None] == [0, 0]
            assert sum(found.number for found in tx.answer_times(later(1), LONG)) == 1
