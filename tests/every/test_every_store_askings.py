"""What partners ask each other, on every store."""

from dataclasses import replace
from typing import Any

from entente.store import AskingRow, Store
from every.given import CBSA, DEA, NOON, arrived, later, message, partner

OF_US, BY_US = "asked-of-us", "asked-by-us"
AGREEMENT = "sha256:a"


def asking(about: str = "m1", direction: str = OF_US, partner: str = CBSA, **parts: Any) -> AskingRow:
    usual: dict[str, Any] = {
        "type": "query",
        "agreement": AGREEMENT,
        "purpose": "investigation",
        "kind": "sample",
        "urgency": "normal",
        "due": later(60),
        "state": "asked",
        "body": b"{}",
        "outcome": "",
        "reason": "",
        "note": "",
        "who": "",
        "found": b"[]",
        "approvals": b"[]",
        "is_simulated": True,
        "created_at": NOON,
    }
    return AskingRow(**{"direction": direction, "partner": partner, "about": about, **usual, **parts})


def test_a_question_comes_out_as_it_went_in_and_a_later_row_replaces_it(store: Store) -> None:
    asked = asking(due=None, note="é\n", leaves_at=later(1))
    answered = replace(asked, state="answered", outcome="hit", found=b'[["r1",1]]', settled_at=later(2), due=later(3))
    with store.writing() as tx:
        tx.put_asking(asked)
        assert tx.asking(OF_US, CBSA, "m1") == asked
        tx.put_asking(answered)
    with store.reading() as tx:
        assert tx.asking(OF_US, CBSA, "m1") == answered
        assert list(tx.askings()) == [answered]
        assert tx.asking(BY_US, CBSA, "m1") is tx.asking(OF_US, DEA, "m1") is None


def test_questions_are_chosen_by_direction_and_state_and_stream_in_order(store: Store) -> None:
    names = [f"m{number:03}" for number in range(450)]
    with store.writing() as tx:
        for about in reversed(names):
            tx.put_asking(asking(about))
        tx.put_asking(asking("x", BY_US))
        tx.put_asking(asking("y", state="looked"))
    with store.reading() as tx:
        assert [row.about for row in tx.askings(OF_US, state="asked")] == names
        assert [row.about for row in tx.askings(state="looked")] == ["y"]
        assert [row.about for row in tx.askings(BY_US)] == ["x"]


def test_what_a_partner_asked_today_is_counted_by_agreement_purpose_and_type(store: Store) -> None:
    others = [
        asking("p", purpose="statistics"),
        asking("a", agreement="sha256:b"),
        asking("d", partner=DEA),
        asking("u", BY_US),
        asking("r", type="request"),
    ]
    with store.writing() as tx:
        for row in (*others, *(asking(f"m{hour}", created_at=later(hour)) for hour in range(5))):
            tx.put_asking(row)
    with store.reading() as tx:
        asked = (CBSA, AGREEMENT, "investigation", "query")
        assert tx.asking_number(*asked, NOON) == 5
        assert tx.asking_number(*asked, later(3)) == 2
        assert [row.about for row in tx.latest_askings(*asked, 2)] == ["m4", "m3"]


def test_what_is_open_and_overdue_depends_on_the_moment(store: Store) -> None:
    with store.writing() as tx:
        for about, state in {"a": "asked", "b": "looked", "c": "desk", "d": "answered", "e": "granted"}.items():
            tx.put_asking(asking(about, state=state, due=later(10)))
        tx.put_asking(asking("f", BY_US, DEA, type="request", due=None))
    with store.reading() as tx:
        assert tx.asking_counts(later(10)) == [(BY_US, DEA, "request", 1, 0), (OF_US, CBSA, "query", 3, 0)]
        assert tx.asking_counts(later(11))[1] == (OF_US, CBSA, "query", 3, 3)


def test_what_is_settled_and_not_erased_is_found_once_its_day_is_over(store: Store) -> None:
    with store.writing() as tx:
        tx.put_asking(asking("open"))
        for about, minutes, body in (("a", 1, b"{}"), ("b", 2, b"{}"), ("c", 1, b""), ("d", 1, b"{}")):
            tx.put_asking(asking(about, body=body, state="answered", settled_at=later(minutes)))
    with store.reading() as tx:
        assert [row.about for row in tx.settled_askings(later(2))] == ["a", "d"]


def test_messages_about_questions_stream_until_they_are_emptied(store: Store) -> None:
    types = ["query", "disclosure", "refusal", "answer", "request"]
    with store.writing() as tx:
        tx.put_partner(partner(CBSA))
        tx.queue([message(number, type=type_) for number, type_ in enumerate(types, 1)])
        tx.add_inbox([arrived(number, type=type_) for number, type_ in enumerate(types, 1)])
        tx.replace_sealed(CBSA, 3, b"")
    with store.reading() as tx:
        assert [row.type for row in tx.sent_about_questions()] == ["query", "answer", "request"]
        assert [row.seq for row in tx.received_about_questions()] == [1, 3, 4, 5]
