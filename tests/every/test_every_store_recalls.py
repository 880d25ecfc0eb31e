"""Recalls, what may not come back, and handing on, on every store."""

from dataclasses import replace
from typing import Any

from entente.store import RecalledRow, RecallRow, RedisclosureRow, Store
from every.given import CBSA, DEA, NOON, arrived, behind, later, message, received, record


def recall(about: str = "m1", direction: str = "given", partner: str = CBSA, **parts: Any) -> RecallRow:
    usual: dict[str, Any] = {
        "id": f"recall of {about} at {partner}",
        "record_id": "r1",
        "agreement": "sha256:a",
        "reason": "wrong",
        "note": "é\n",
        "wanted": "erase",
        "due": later(9),
        "state": "asked",
        "cause": "",
        "who": "us.cbp/liaison-1",
        "is_simulated": True,
        "created_at": NOON,
    }
    return RecallRow(direction=direction, partner=partner, about=about, **{**usual, **parts})


def recalled(record_id: str = "r1", held_id: str = "r1", **parts: Any) -> RecalledRow:
    usual: dict[str, Any] = {
        "said_by": DEA,
        "via": DEA,
        "kind": "samples.sample",
        "wanted": "erase",
        "reason": "wrong",
        "recall": "m",
        "mark": "number=00",
        "at": NOON,
    }
    return RecalledRow(record_id=record_id, held_id=held_id, **{**usual, **parts})


def redisclosure(id_: str = "q1", direction: str = "asked", **parts: Any) -> RedisclosureRow:
    usual: dict[str, Any] = {
        "partner": DEA,
        "about": "m1",
        "record_id": "r1",
        "recipient": CBSA,
        "purpose": "statistics",
        "why": "é",
        "agreement": "sha256:a",
        "state": "asked",
        "fields": b"[]",
        "granted_until": None,
        "answer": "",
        "is_simulated": False,
        "created_at": NOON,
    }
    return RedisclosureRow(id=id_, direction=direction, **{**usual, **parts})


class TestRecalls:
    def test_a_recall_comes_out_as_it_went_in_and_a_later_one_replaces_it(self, store: Store) -> None:
        done = recall(state="done", settled_at=later(2), receipt=b"{}", due=None)
        with store.writing() as tx:
            tx.put_recall(recall())
            assert tx.recall(recall().id) == recall()
            tx.put_recall(done)
        with store.reading() as tx:
            assert tx.recalls() == [done]
            assert tx.recall("another") is None

    def test_they_are_chosen_by_direction_record_and_cause(self, store: Store) -> None:
        ours, theirs = recall(), recall("m2", "taken", DEA, record_id="r2", created_at=later(1))
        onward = recall("m3", partner=DEA, cause=theirs.id, created_at=later(2))
        with store.writing() as tx:
            for row in (onward, theirs, ours):
                tx.put_recall(row)
        with store.reading() as tx:
            assert tx.recalls() == [ours, theirs, onward]
            assert tx.recalls("taken") == [theirs]
            assert tx.recalls("given", record_id="r1") == [ours, onward]
            assert tx.passed_on(theirs.id) == [onward]
            assert tx.passed_on("") == []

    def test_who_has_to_give_it_back_is_known_unless_it_refused(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_recall(recall())
            tx.put_recall(recall("m2", record_id="r2", state="refused"))
            tx.put_recall(recall("m3", "taken", record_id="r3"))
        with store.reading() as tx:
            assert tx.recalled_from(CBSA, ["r1", "r2", "r3", "r4"]) == {"r1"}
            assert tx.recalled_from(DEA, ["r1"]) == frozenset()
            assert tx.recalled_from(CBSA, []) == frozenset()

    def test_what_may_not_come_back_is_found_by_both_its_ids_and_by_its_mark(self, store: Store) -> None:
        other = recalled(held_id="h1", mark="", at=later(1))
        with store.writing() as tx:
            tx.put_recalled(recalled(reason="court-order"))
            tx.put_recalled(recalled())
            tx.put_recalled(other)
        with store.reading() as tx:
            assert tx.recalled() == [other, recalled()]
            assert tx.recalled_as("r1") == [other, recalled()]
            assert tx.recalled_as("h1") == [other]
            assert tx.recalled_as("h2") == []
            assert tx.recalled_by_mark(["number=00", "x"]) == [recalled()]
        with store.writing() as tx:
            tx.put_recalled(recalled("r3", mark="number,seen=00"))
            tx.put_recalled(recalled("r4", mark="number,seen=01"))
            tx.put_recalled(recalled("r5", mark=""))
            assert tx.mark_forms() == ["number", "number,seen"]

    def test_a_finding_is_flagged_when_what_it_rests_on_is_erased_or_may_not_be_used(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a"), received("b"), record("c")])
            tx.add_evidence([behind("a"), behind("b"), behind("c")])
            finding = behind("a").finding_id, behind("a").finding_version
            assert tx.unsupported_evidence(*finding) == []
            tx.erase_record("a")
            tx.put_recalled(recalled("told", "b", wanted="mark"))
            assert tx.unsupported_evidence(*finding) == ["a", "b"]
            assert [row.id for row in tx.current_records()] == ["b", "c"]

    def test_what_was_asked_is_answered(self, store: Store) -> None:
        answered = redisclosure(state="granted", fields=b'["a"]', granted_until=NOON.date(), answered_at=later(3))
        asked_of_us = redisclosure(direction="asked-of-us", created_at=later(1))
        with store.writing() as tx:
            tx.put_redisclosure(redisclosure())
            tx.put_redisclosure(asked_of_us)
            tx.put_redisclosure(answered)
        with store.reading() as tx:
            assert tx.redisclosures() == [answered, asked_of_us]
            assert tx.redisclosures("asked-of-us") == [asked_of_us]

    def test_messages_are_found_by_the_record_they_carried_and_erased_with_it(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([received("a")])
            tx.queue([message(1, record_id="a"), message(2, record_id="b")])
            tx.add_inbox([arrived(1, record_id="a"), arrived(2), arrived(3, record_id="a")])
            assert [row.seq for row in tx.sent_of("a")] == [1]
            assert [row.seq for row in tx.received_of("a")] == [1, 3]
            assert tx.received_message(CBSA, arrived(2).id) == arrived(2)
            assert tx.sent_message(CBSA, message(2).id) == message(2, record_id="b")
            assert (tx.received_message(DEA, arrived(2).id), tx.sent_message(DEA, "x")) == (None, None)
            tx.erase_record("a")
            assert [row.sealed for row in tx.inbox(CBSA)] == [b"", b"sealed 2", b""]
            assert [tx.erase_received(CBSA, arrived(2).id) for _ in range(2)] == [1, 0]

    def test_what_a_record_is_held_under_can_be_narrowed(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([received("a"), replace(received("a"), version=2)])
            assert tx.put_handling("a", b'{"purposes":[]}') == 2
            assert {row.handling for row in tx.versions("a")} == {b'{"purposes":[]}'}
