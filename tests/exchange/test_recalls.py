"""The bodies of recalls, erasure receipts and of handing on: read strictly, written only as they would be read."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from entente.exchange import UnsendableMessage
from entente.exchange.recalls import (
    ErasureReceipt,
    Holder,
    Recall,
    UnreadableErasureReceipt,
    UnreadableRecall,
    erasure_receipt_bytes,
    read_erasure_receipt,
    read_recall,
    recall_bytes,
)
from entente.exchange.redisclosures import (
    RedisclosureGrant,
    RedisclosureRequest,
    UnreadableRedisclosure,
    read_redisclosure_grant,
    read_redisclosure_request,
    redisclosure_grant_bytes,
    redisclosure_request_bytes,
)
from entente.signing import canonical
from entente.vocabulary import house_vocabulary
from exchange.parts import NOW

RECALL = Recall(reason="wrong", note="Weighed twice.\nSorry.", wanted="erase")
RECEIPT = ErasureReceipt(
    stage="partly",
    deed="erased",
    versions=2,
    messages=3,
    openings=4,
    findings=1,
    onward=(Holder(party="ca.cbsa", state="asked", due=NOW), Holder(party="us.dea", state="done", due=None)),
    remains=("backups",),
    done_at=NOW,
)
REQUEST = RedisclosureRequest(recipient="us.dea", why="The same mark")
GRANT = RedisclosureGrant(
    is_granted=True, recipient="us.dea", fields=("number",), until=date(2026, 12, 24), why="until the new year"
)
REFUSED = replace(GRANT, is_granted=False, fields=(), until=None)


def test_what_was_said_is_read() -> None:
    assert read_recall(recall_bytes(RECALL)) == RECALL
    assert read_erasure_receipt(erasure_receipt_bytes(RECEIPT)) == RECEIPT
    assert read_redisclosure_request(redisclosure_request_bytes(REQUEST)) == REQUEST
    for grant in (GRANT, REFUSED):
        assert read_redisclosure_grant(redisclosure_grant_bytes(grant)) == grant


@pytest.mark.parametrize(
    "changes",
    [{"form": 2}, {"form": True}, {"wanted": "burn"}, {"reason": "It is wrong"}, {"note": "\x1b[2J"}, {"more": 1}],
)
def test_another_recall_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableRecall, match="corrected message"):
        read_recall(canonical(json.loads(recall_bytes(RECALL)) | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "asked"},
        {"deed": "hidden"},
        {"versions": -1},
        {"versions": True},
        {"onward": [{"party": "ca.cbsa", "state": "gone", "due": None}]},
        {"onward": [{"party": "ca.cbsa", "state": "done"}]},
        {"onward": [{"party": "ca.cbsa", "state": "done", "due": None}] * 257},
        {"remains": ["b"] * 17},
        {"remains": ["A copy"]},
        {"done_at": "2026-11-21"},
        {"more": 1},
    ],
)
def test_another_receipt_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableErasureReceipt, match="corrected message"):
        read_erasure_receipt(canonical(json.loads(erasure_receipt_bytes(RECEIPT)) | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"is_granted": 1},
        {"fields": []},
        {"fields": ["number", "number"]},
        {"fields": ["a"] * 257},
        {"until": None},
        {"until": "2026-13-01"},
        {"until": "20261224"},
        {"is_granted": False},
        {"recipient": "DEA"},
        {"more": 1},
    ],
)
def test_another_grant_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableRedisclosure, match="corrected message"):
        read_redisclosure_grant(canonical(json.loads(redisclosure_grant_bytes(GRANT)) | changes))


def test_nothing_is_written_that_nobody_would_read() -> None:
    with pytest.raises(UnsendableMessage):
        recall_bytes(replace(RECALL, note="x" * 2001))
    with pytest.raises(UnsendableMessage):
        erasure_receipt_bytes(replace(RECEIPT, remains=("b",) * 17))
    with pytest.raises(UnsendableMessage):
        redisclosure_grant_bytes(replace(GRANT, until=None))
    with pytest.raises(UnsendableMessage):
        redisclosure_request_bytes(replace(REQUEST, recipient="somebody"))


def test_every_state_deed_and_wish_has_a_label() -> None:
    from entente.exchange.recalls import DEEDS, WANTED
    from entente.exchange.states import RECALL as MACHINE

    words = house_vocabulary()
    assert set(words.list("recall-state").terms) == set(MACHINE.states)
    assert set(words.list("erasure-deed").terms) == set(DEEDS)
    assert set(words.list("recall-wanted").terms) == set(WANTED)
