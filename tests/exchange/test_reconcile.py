"""Two views of one stream: what differs is named with its kind, what heals itself is planned, memory stays small."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from entente.exchange import (
    MAX_RANGE,
    DifferenceKind,
    Plan,
    RangeTooWide,
    StreamItem,
    UnknownVersion,
    UnreadableReconciliation,
    UnsortedItems,
    answer_to,
    ask_about,
    compare,
    read_answer,
    read_view,
    summary,
)
from entente.signing import canonical, digest
from exchange.parts import CBP, CBSA


def item(seq: int, state: str = "accepted", content: str = "") -> StreamItem:
    return StreamItem(seq, digest(f"{seq}{content}".encode()), state)


SENT = [item(seq) for seq in range(1, 9)]


def test_two_equal_views_have_no_difference_and_one_root() -> None:
    found = compare(SENT, SENT)
    assert found.is_clean
    assert (found.compared, found.total, found.plan) == (8, 0, Plan(send_again=(), ask_a_person=()))
    assert summary(SENT) == summary(iter(SENT))
    assert (summary(SENT).first_seq, summary(SENT).last_seq, summary(SENT).count) == (1, 8, 8)


@pytest.mark.parametrize(
    ("sent", "held", "kind", "heals"),
    [
        (item(4), None, DifferenceKind.MISSING_THERE, False),  # it signed that it holds it: a person has to look
        (item(4, "refused"), None, DifferenceKind.MISSING_THERE, False),
        (item(4, "expired"), None, DifferenceKind.MISSING_THERE, False),
        (item(4, "quarantined"), None, DifferenceKind.MISSING_THERE, False),
        (item(4, "sent"), None, DifferenceKind.MISSING_THERE, True),
        (None, item(4), DifferenceKind.MISSING_HERE, False),
        (item(4), item(4, content="x"), DifferenceKind.OTHER_ID, False),
        (item(4, "sent"), item(4), DifferenceKind.OTHER_STATE, True),  # its receipt was lost
        (item(4, "queued"), item(4), DifferenceKind.OTHER_STATE, True),
        (item(4, "quarantined"), item(4), DifferenceKind.OTHER_STATE, True),  # a person there took it in
        (item(4, "accepted"), item(4, "refused"), DifferenceKind.OTHER_STATE, False),  # they signed the opposite
    ],
)
def test_each_difference_is_named_and_told_apart(
    sent: StreamItem | None, held: StreamItem | None, kind: DifferenceKind, *, heals: bool
) -> None:
    def with_number_four(replacement: StreamItem | None) -> list[StreamItem]:
        return [*SENT[:3], *([replacement] if replacement else []), *SENT[4:]]

    found = compare(with_number_four(sent), with_number_four(held))
    assert [(difference.seq, difference.kind) for difference in found.differences] == [(4, kind)]
    assert dict(found.counts) == {kind: 1}
    assert found.plan == Plan(send_again=((4, 4),) if heals else (), ask_a_person=() if heals else ((4, 4),))
    assert summary(with_number_four(sent)).root != summary(with_number_four(held)).root


def test_what_still_waits_at_home_is_no_difference() -> None:
    found = compare([*SENT, item(9, "queued"), item(10, "queued")], SENT)
    assert found.is_clean
    assert found.waiting == 2


def test_a_partner_that_never_got_the_tail_is_sent_one_range() -> None:
    found = compare([*SENT[:2], *(item(seq, "sent") for seq in range(3, 9))], SENT[:2])
    assert found.plan.send_again == ((3, 8),)
    assert not any(difference.was_confirmed for difference in found.differences)


def test_a_partner_that_denies_what_it_confirmed_is_sent_nothing() -> None:
    found = compare(SENT, SENT[:2])
    assert found.plan == Plan(send_again=(), ask_a_person=((3, 8),))
    assert all(difference.was_confirmed for difference in found.differences)


def test_ends_of_both_streams_are_compared() -> None:
    found = compare(SENT[2:5], SENT[4:])
    assert dict(found.counts) == {DifferenceKind.MISSING_THERE: 2, DifferenceKind.MISSING_HERE: 3}


def test_unsorted_views_are_refused_by_number() -> None:
    for wrong in ([item(2), item(1)], [item(1), item(1)], [item(0)]):
        with pytest.raises(UnsortedItems):
            summary(wrong)
        with pytest.raises(UnsortedItems):
            compare(wrong, [])


def test_a_comparison_of_very_different_streams_stays_small() -> None:
    def long(content: str) -> Iterator[StreamItem]:
        return (item(seq, content=content) for seq in range(1, 30_001))

    tracemalloc.start()
    found = compare(long("a"), long("b"), keep=100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.total, len(found.differences), found.is_cut) == (30_000, 100, True)
    assert peak < 1_000_000  # 30,000 items alone would be some 6 MB


def ask(items: list[StreamItem]) -> bytes:
    return ask_about(items, origin=CBP, recipient=CBSA, first_seq=1, last_seq=8).to_wire()


def test_equal_roots_answer_without_items() -> None:
    asked = read_view(ask(SENT))
    answer = read_answer(answer_to(asked, SENT).to_wire(), asked)
    assert answer.agrees_with(asked)
    assert answer.items == ()


def test_unequal_roots_answer_with_every_item() -> None:
    asked = read_view(ask(SENT))
    held = [*SENT[:3], *SENT[4:]]
    answer = read_answer(answer_to(asked, held).to_wire(), asked)
    assert not answer.agrees_with(asked)
    assert compare(SENT, answer.items).plan.ask_a_person == ((4, 4),)


def test_an_empty_view_answers_and_asks_too() -> None:
    asked = read_view(ask(SENT))
    nothing = read_answer(answer_to(asked, []).to_wire(), asked)
    assert compare(SENT, nothing.items).plan.ask_a_person == ((1, 8),)
    assert answer_to(read_view(ask([])), []).agrees_with(read_view(ask([])))


def changed(**changes: Any) -> bytes:
    """The full answer (items and all) with members changed."""
    full = answer_to(read_view(ask([])), SENT).to_wire()
    return canonical(json.loads(full) | changes)


ITEMS: list[list[Any]] = [list(one) for one in SENT]


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        changed(items=ITEMS[:7]),
        changed(items=[*ITEMS[:7], ITEMS[0]]),
        changed(items=[[*ITEMS[0][:2], "gone"], *ITEMS[1:]]),
        changed(items=[ITEMS[0][:2], *ITEMS[1:]]),
        changed(items=[{"seq": 1}]),
        changed(first_seq=2),
        changed(last_seq=7),
        changed(last_seq=0),
        changed(last_seq=MAX_RANGE + 1),
        changed(first_seq=9),
        changed(count=7),
        changed(root="0" * 63),
        changed(origin="cbp"),
        changed(more=1),
    ],
    ids=range(15),
)
def test_a_view_that_contradicts_itself_is_unreadable(wire: bytes) -> None:
    with pytest.raises(UnreadableReconciliation):
        read_view(wire)


def test_an_answer_must_be_to_the_question() -> None:
    asked = read_view(ask(SENT))
    for wire in (
        answer_to(read_view(canonical(json.loads(ask(SENT)) | {"last_seq": 9})), SENT).to_wire(),
        answer_to(read_view(canonical(json.loads(ask(SENT)) | {"origin": "us.dea"})), SENT).to_wire(),
        answer_to(
            read_view(canonical(json.loads(ask([])) | {"origin": "us.dea"})), SENT
        ).to_wire(),  # complete, of another
        canonical(json.loads(ask(SENT[:7]))),  # differs, and keeps its items to itself
    ):
        with pytest.raises(UnreadableReconciliation):
            read_answer(wire, asked)
    with pytest.raises(UnknownVersion):
        read_answer(changed(v=2), asked)


def test_a_range_is_bounded() -> None:
    for first, last in ((1, MAX_RANGE + 1), (5, 4)):
        with pytest.raises(RangeTooWide):
            ask_about([], origin=CBP, recipient=CBSA, first_seq=first, last_seq=last)
    widest = [item(seq) for seq in range(1, MAX_RANGE + 1)]
    asked = ask_about([], origin=CBP, recipient=CBSA, first_seq=1, last_seq=MAX_RANGE)
    assert len(answer_to(asked, widest).to_wire()) < 2 * 1024 * 1024
