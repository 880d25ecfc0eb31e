"""Order: each message once, in order, without a hole; what cannot be read goes aside and the queue goes on."""

from dataclasses import replace

import pytest

from entente.exchange import (
    Accept,
    Again,
    Arrival,
    Batch,
    Fork,
    Gap,
    Judgement,
    Position,
    Sealed,
    Sifted,
    arrivals,
    code_of,
    is_equivocation,
    judge,
    open_message,
    sift,
)
from exchange.parts import CBP, CBSA, DEA, KEYS, batch_of, everybody, sealed_after, stream

MESSAGES = list(stream(6))
IDS = {seq: sealed.id for seq, sealed in enumerate(MESSAGES, 1)}


def arrive(batch: Batch, speaker: str = CBP) -> list[Arrival]:
    directory = everybody()
    return list(arrivals(batch, lambda sealed: open_message(sealed, directory, speaker=speaker, recipient=CBSA)))


def at(seq: int) -> Position:
    return Position(seq=seq, id=IDS.get(seq, ""))


def sifted(position: Position, first: int, messages: list[Sealed]) -> Sifted:
    return sift(position, arrive(batch_of(messages, first)), IDS.get)


@pytest.mark.parametrize(
    ("held", "seq", "answer"),
    [
        (0, 1, Accept()),
        (3, 4, Accept()),
        (3, 3, Again()),
        (3, 1, Again()),
        (3, 5, Gap(4)),
        (0, 2, Gap(1)),
    ],
)
def test_one_message_against_a_position(held: int, seq: int, answer: Judgement) -> None:
    (arrival,) = arrive(batch_of([MESSAGES[seq - 1]], seq))
    assert judge(at(held), arrival, IDS[seq] if seq <= held else None) == answer


def test_another_message_under_a_held_number_is_a_fork() -> None:
    other = sealed_after((2, IDS[2]), b'{"another":"history"}')
    found = sifted(at(4), 3, [other])
    assert isinstance(found.halt, Fork)
    assert (found.halt.seq, found.halt.held_id, found.halt.offered.id) == (3, IDS[3], other.id)
    assert found.fresh == ()


def test_the_next_number_on_another_chain_is_a_fork() -> None:
    """A sender restored from yesterday's backup goes on counting from a message we never held."""
    other = sealed_after((4, sealed_after((3, IDS[3]), b"{}").id), b"{}")
    found = sifted(at(4), 5, [other])
    assert isinstance(found.halt, Fork)
    assert found.halt.held_id == IDS[4]


def test_a_break_in_the_chain_inside_a_batch_takes_nothing_in() -> None:
    other = sealed_after((1, "sha256:" + "0" * 64), b"{}")
    found = sifted(at(0), 1, [MESSAGES[0], other])
    assert isinstance(found.halt, Fork)
    assert (found.again, found.fresh) == ((), ())


def test_a_batch_that_overlaps_is_half_again_half_fresh() -> None:
    found = sifted(at(3), 2, MESSAGES[1:6])
    assert [arrival.seq for arrival in found.again] == [2, 3]
    assert [arrival.seq for arrival in found.fresh] == [4, 5, 6]
    assert found.halt is None


def test_a_batch_after_a_hole_waits_for_what_is_missing() -> None:
    found = sifted(at(1), 4, MESSAGES[3:])
    assert found == Sifted(again=(), fresh=(), halt=Gap(2))


def test_a_poison_message_goes_aside_and_the_queue_goes_on() -> None:
    poison = Sealed(envelope=b"{}", body=b"{}", signature=KEYS[CBP].sign("envelope-v1", b"{}"))
    after = sealed_after((2, poison.id), b"{}")
    first = MESSAGES[0]
    found = sifted(Position(), 1, [first, poison, after])
    assert [arrival.event for arrival in found.fresh] == ["accepted", "quarantined", "accepted"]
    fault = found.fresh[1].fault
    assert fault is not None
    assert code_of(fault) == "unreadable-envelope"


def test_each_fault_has_its_verdict_and_its_reason() -> None:
    forged = replace(MESSAGES[1], signature=replace(MESSAGES[1].signature, value=MESSAGES[0].signature.value))
    swapped = replace(MESSAGES[1], body=b'{"another":"body"}')
    of_dea = sealed_after((1, IDS[1]), origin=DEA)
    for_dea = sealed_after((1, IDS[1]), recipient=DEA)
    elsewhere = sealed_after((2, IDS[1]))
    for sealed, event, reason in [
        (MESSAGES[1].emptied(), "expired", None),
        (forged, "quarantined", "bad-signature"),
        (swapped, "quarantined", "body-changed"),
        (elsewhere, "quarantined", "misplaced"),
        (for_dea, "refused", "wrong-recipient"),
        (of_dea, "refused", "speaks-for-another"),
    ]:
        _, arrival = arrive(batch_of([MESSAGES[0], sealed]))
        assert arrival.event == event
        assert (arrival.fault and code_of(arrival.fault)) == reason


def test_two_signed_histories_convince_anybody_who_has_the_key() -> None:
    other = sealed_after((2, IDS[2]), b'{"another":"history"}')
    key = KEYS[CBP].public
    assert is_equivocation(MESSAGES[2], other, key)
    assert not is_equivocation(MESSAGES[2], MESSAGES[2], key)
    assert not is_equivocation(MESSAGES[2], MESSAGES[2].emptied(), key)
    assert not is_equivocation(MESSAGES[2], MESSAGES[3], key)
    assert not is_equivocation(MESSAGES[2], sealed_after((2, IDS[2]), recipient=DEA), key)
    assert not is_equivocation(MESSAGES[2], other, KEYS[DEA].public)
    forged = replace(other, envelope=other.envelope.replace(b"statistics", b"prosecution"))
    assert not is_equivocation(MESSAGES[2], forged, key)
