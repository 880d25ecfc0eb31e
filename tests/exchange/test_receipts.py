"""A receipt is checked against what was sent: nobody can confirm what never left, or leave out what did."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from entente.errors import EntenteError
from entente.exchange import (
    IncompleteReceipt,
    PartnerIsAhead,
    Receipt,
    ReceiptForAnother,
    ReceiptForNothing,
    UnknownVersion,
    UnreadableReceipt,
    read_receipt,
    sign_receipt,
    verify_receipt,
)
from entente.signing import BadSignature, canonical
from exchange.parts import CBSA, DEA, KEYS, batch_of, receipt_for, stream

MESSAGES = list(stream(8))
SENT = batch_of(MESSAGES[2:6], 3)
GOOD = receipt_for(SENT)
KEY = KEYS[CBSA]


def check(receipt: Receipt, last_seq: int = 8) -> Receipt:
    return verify_receipt(read_receipt(sign_receipt(receipt, KEY).to_wire()), KEY.public, SENT, last_seq)


def test_a_true_receipt_reads_as_it_was_written() -> None:
    assert check(GOOD) == GOOD


def test_less_than_everything_may_be_confirmed_and_says_what_is_expected() -> None:
    partial = replace(GOOD, items=GOOD.items[:2], expected_seq=5)
    assert check(partial).expected_seq == 5
    hole = replace(GOOD, items=(), expected_seq=2)
    assert check(hole).items == ()


def test_a_receiver_may_be_further_than_this_batch() -> None:
    assert check(replace(GOOD, expected_seq=9)).expected_seq == 9


def changed(position: int, **changes: Any) -> Receipt:
    items = list(GOOD.items)
    items[position] = replace(items[position], **changes)
    return replace(GOOD, items=tuple(items))


@pytest.mark.parametrize(
    ("receipt", "error"),
    [
        (changed(1, id="sha256:" + "0" * 64), ReceiptForNothing),
        (changed(1, seq=99), ReceiptForNothing),
        (changed(3, seq=7, id=MESSAGES[6].id), ReceiptForNothing),  # written, but not in this batch
        (replace(GOOD, items=GOOD.items[:3]), IncompleteReceipt),
        (replace(GOOD, items=GOOD.items[1:]), IncompleteReceipt),
        (replace(GOOD, items=(GOOD.items[1], GOOD.items[0], *GOOD.items[2:])), IncompleteReceipt),
        (replace(GOOD, items=(*GOOD.items, GOOD.items[-1])), IncompleteReceipt),
        (replace(GOOD, expected_seq=5), IncompleteReceipt),  # confirms number 5 and says it expects it
        (replace(GOOD, root="00" * 32), ReceiptForAnother),
        (replace(GOOD, origin=DEA), ReceiptForAnother),
        (replace(GOOD, recipient=DEA), ReceiptForAnother),
        (replace(GOOD, expected_seq=10), PartnerIsAhead),  # last_seq is 8: this node was restored from a backup
    ],
)
def test_a_receipt_that_does_not_fit_what_was_sent_is_a_fault(receipt: Receipt, error: type[EntenteError]) -> None:
    with pytest.raises(error) as caught:
        check(receipt)
    assert type(caught.value) is error


def test_a_receipt_is_its_signer_s_and_cannot_be_changed() -> None:
    signed = sign_receipt(GOOD, KEY)
    with pytest.raises(BadSignature):
        verify_receipt(signed, KEYS[DEA].public, SENT, 8)
    better = signed.data.replace(b'"state":"accepted"', b'"state":"refused"', 1)
    wire = canonical({"receipt": better.decode(), "signature": signed.signature.to_json()})
    with pytest.raises(BadSignature):
        verify_receipt(read_receipt(wire), KEY.public, SENT, 8)


def inside(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """The good receipt with its members changed, signed anew."""
    members = GOOD.to_json()
    change(members)
    data = canonical(members)
    return canonical({"receipt": data.decode(), "signature": KEY.sign("receipt-v1", data).to_json()})


def item(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda members: members["items"][0].update(changes)


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"{}",
        canonical({"receipt": "{}", "signature": KEY.sign("receipt-v1", b"{}").to_json()}),
        sign_receipt(GOOD, KEY).to_wire()[:-1],
        json.dumps(json.loads(sign_receipt(GOOD, KEY).to_wire())).encode(),
        inside(item(state="lost")),
        inside(item(state="queued")),
        inside(item(seq=0)),
        inside(item(ledger_index=-1)),
        inside(item(leaf_hash="AB" * 32)),
        inside(item(reason="Because!")),
        inside(item(why="x")),
        inside(lambda members: members.pop("checkpoint")),
        inside(lambda members: members.update(expected_seq=0)),
        inside(lambda members: members.update(items=[members["items"][0]] * 1001)),
        inside(lambda members: members.update(v="1")),
    ],
    ids=range(16),
)
def test_what_has_not_the_form_of_a_receipt_is_unreadable(wire: bytes) -> None:
    with pytest.raises(UnreadableReceipt):
        read_receipt(wire)


def test_a_receipt_of_a_later_version_says_so() -> None:
    with pytest.raises(UnknownVersion):
        read_receipt(inside(lambda members: members.update(v=2)))
