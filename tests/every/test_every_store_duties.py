"""What is owed about messages and what findings rest on, on every store."""

from dataclasses import replace

import pytest

from entente.store import Store, UnstorableValue
from every.given import CBSA, DEA, NOON, behind, duty, later, record

TO_US = "owed-to-us"


class TestDuties:
    def test_a_duty_comes_out_as_it_went_in_and_a_later_one_replaces_it(self, store: Store) -> None:
        told = duty("m2", TO_US, DEA, due=None, is_simulated=True, note="é\n")
        answered = replace(
            told, state="answered", outcome="used", acknowledged_at=later(1), answered_at=later(2), due=later(9)
        )
        with store.writing() as tx:
            tx.put_duty(told)
            assert tx.duty(TO_US, DEA, "m2") == told
            tx.put_duty(answered)
        with store.reading() as tx:
            assert tx.duty(TO_US, DEA, "m2") == answered
            assert list(tx.duties()) == [answered]

    def test_what_we_owe_is_not_what_we_are_owed_nor_is_it_owed_to_another(self, store: Store) -> None:
        with store.writing() as tx:
            for row in (duty(), duty(direction=TO_US, note="theirs"), duty(partner=DEA)):
                tx.put_duty(row)
        with store.reading() as tx:
            assert tx.duty("owed-by-us", CBSA, "m1") == duty()
            assert tx.duty(TO_US, CBSA, "m1") == duty(direction=TO_US, note="theirs")
            assert tx.duty(TO_US, DEA, "m1") is None
            assert list(tx.duties("owed-by-us")) == [duty(), duty(partner=DEA)]

    def test_duties_are_chosen_by_what_is_open_and_by_record(self, store: Store) -> None:
        states = {"a": "owed", "b": "acknowledged", "c": "answered", "d": "void"}
        with store.writing() as tx:
            for about, state in states.items():
                tx.put_duty(duty(about, state=state, record_id=f"r-{about}"))
        with store.reading() as tx:
            assert [row.about for row in tx.duties(is_open=True)] == ["a", "b"]
            assert [row.about for row in tx.duties("owed-by-us", is_open=False)] == ["c", "d"]
            assert list(tx.duties(TO_US)) == []
            assert [row.about for row in tx.duties(record_id="r-c")] == ["c"]
            assert list(tx.duties(record_id="r-c", is_open=True)) == []

    def test_many_duties_stream_in_order(self, store: Store) -> None:
        names = [f"m{number:03}" for number in range(450)]
        with store.writing() as tx:
            for about in reversed(names):
                tx.put_duty(duty(about))
        with store.reading() as tx:
            assert [row.about for row in tx.duties()] == names

    def test_what_is_overdue_depends_on_the_moment_that_is_asked_about(self, store: Store) -> None:
        with store.writing() as tx:
            for about, due in {"a": later(10), "b": later(20), "c": None}.items():
                tx.put_duty(duty(about, due=due))
            tx.put_duty(duty("d", due=later(1), state="answered"))
            tx.put_duty(duty("a", TO_US, DEA, due=later(10)))
        with store.reading() as tx:
            assert tx.duty_counts(NOON) == [("owed-by-us", CBSA, 3, 0), (TO_US, DEA, 1, 0)]
            assert tx.duty_counts(later(10)) == [("owed-by-us", CBSA, 3, 0), (TO_US, DEA, 1, 0)]
            assert tx.duty_counts(later(10.000001)) == [("owed-by-us", CBSA, 3, 1), (TO_US, DEA, 1, 1)]
            assert tx.duty_counts(later(99))[0] == ("owed-by-us", CBSA, 3, 2)

    def test_what_no_database_could_keep_is_refused(self, store: Store) -> None:
        with store.writing() as tx, pytest.raises(UnstorableValue):
            tx.put_duty(duty(note="\0"))


class TestEvidence:
    def test_evidence_belongs_to_one_version_of_a_finding(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_evidence([behind("b"), behind("a", 3), behind("a", 4, finding_version=2)])
            tx.add_evidence([])
        with store.reading() as tx:
            assert tx.evidence("f1", 1) == [behind("a", 3), behind("b")]
            assert tx.evidence("f1", 2) == [behind("a", 4, finding_version=2)]
            assert tx.evidence("f1", 3) == []

    def test_evidence_is_stale_where_a_newer_version_is_current(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a"), record("b"), record("c", 2)])
            tx.add_evidence([behind("a"), behind("b"), behind("c", 2), behind("gone")])
            assert tx.stale_evidence("f1", 1) == []
            tx.add_records([record("a", 2), record("a", 3), record("c", 1)])
            assert tx.stale_evidence("f1", 1) == [("a", 1, 3)]
            tx.add_evidence([behind("a", 3)])  # looked again, with the newer version
            assert tx.stale_evidence("f1", 1) == []

    def test_a_record_tells_which_findings_rest_on_it(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_evidence([behind("a"), behind("a", finding="f0"), behind("a", 2, finding_version=2), behind("b")])
        with store.reading() as tx:
            assert tx.findings_resting_on("a") == [("f0", 1), ("f1", 1), ("f1", 2)]
            assert tx.findings_resting_on("c") == []
