"""A change of keys is signed by both keys, closed, and says nothing twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entente.exchange import KeyChange, UnreadableKeyChange, key_change_bytes, read_key_change
from entente.signing import BadSignature, PrivateKey, canonical, parse

OLD, NEW, THIEF = (PrivateKey(bytes([number]) * 32) for number in (1, 2, 3))
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CHANGE = KeyChange(
    party="us.cbp",
    kind="node",
    serial=2,
    old_key=OLD.public,
    new_key=NEW.public,
    valid_from=NOON,
    old_valid_until=NOON + timedelta(days=14),
)
BODY = key_change_bytes(CHANGE, OLD, NEW)


def changed(**members: Any) -> bytes:
    return canonical({**parse(BODY), **members})


def test_it_is_read_as_it_was_written() -> None:
    assert read_key_change(BODY) == CHANGE


@pytest.mark.parametrize("signers", [(THIEF, NEW), (OLD, THIEF), (NEW, OLD)])
def test_both_keys_must_have_signed(signers: tuple[PrivateKey, PrivateKey]) -> None:
    with pytest.raises(BadSignature):
        read_key_change(key_change_bytes(CHANGE, *signers))


@pytest.mark.parametrize(
    "members",
    [
        {"party": "ca.cbsa"},
        {"kind": "ledger"},
        {"serial": 3},
        {"new_key": THIEF.public.to_text()},
        {"old_valid_until": "2027-11-21T12:00:00.000000+00:00"},
    ],
)
def test_nothing_of_it_can_be_changed(members: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        read_key_change(changed(**members))


@pytest.mark.parametrize(
    "members",
    [
        {"more": 1},
        {"form": 2},
        {"form": True},
        {"serial": 0},
        {"kind": "officer"},
        {"new_key": "AA=="},
        {"new_key": OLD.public.to_text()},
        {"valid_from": "2026-11-21"},
        {"old_valid_until": "2026-11-20T12:00:00.000000+00:00"},
        {"by_new": None},
    ],
)
def test_another_form_is_not_read(members: dict[str, Any]) -> None:
    with pytest.raises(UnreadableKeyChange):
        read_key_change(changed(**members))
